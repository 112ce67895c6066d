//! What clerks report, and who took part in training.
//!
//! A report comes from a workstation's page; a reviewer takes it on, notes what was done, and ends
//! it. That data went out is said by a person, and the time of detection is kept beside: the law
//! counts from it. Lessons signed off make the list that training is proved by.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::Role;
use crate::model::thousands::grouped;
use crate::model::trouble::{Trouble, TroubleStatus};
use crate::store::{Act, Deed, DeedFilter, DeedRecord, StoredDeed, What};

const HERE: &str = "/troubles";
/// How long the law leaves for the notice of a breach (Luật 91/2025/QH15 Đ23.1: 72 hours).
const NOTICE_MILLIS: i64 = 72 * 60 * 60 * 1000;
/// How much a note may hold.
const NOTE_CHARS_MAX: usize = 1500;
/// How many lessons an export holds at most.
const LESSONS_MAX: usize = 10_000;

#[derive(Template)]
#[template(path = "troubles.html")]
struct TroublesPage {
    frame: Frame,
    troubles: Vec<TroubleLine>,
}

struct TroubleLine {
    code: String,
    time: String,
    kind: &'static str,
    from: String,
    status: &'static str,
    mood: &'static str,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    line: TroubleLine,
    facts: Vec<(&'static str, String)>,
    incident: String,
    due: Option<String>,
    steps: Vec<Step>,
    statuses: [TroubleStatus; 3],
    now: TroubleStatus,
    may_handle: bool,
}

impl TroublePage {
    /// The token of the form about this report.
    fn token(&self) -> String {
        self.frame.token(&format!("{HERE}/{}", self.line.code))
    }
}

struct Step {
    time: String,
    by: String,
    status: &'static str,
    exposed: bool,
    note: String,
}

#[derive(Template)]
#[template(path = "lessons.html")]
struct LessonsPage {
    frame: Frame,
    lessons: Vec<LessonLine>,
    by_unit: Vec<(String, String)>,
}

struct LessonLine {
    time: String,
    name: String,
    unit: String,
    title: String,
}

/// `GET /troubles`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let filter = DeedFilter {
        what: Some(What::TroubleReported),
        limit: 200,
        ..DeedFilter::default()
    };
    let handled = desk.reader.last_deeds(&[What::TroubleHandled]).await?;
    let stands: BTreeMap<&str, TroubleStatus> = handled
        .iter()
        .filter_map(|deed| Some((deed.record.subject.as_deref()?, status_of(&deed.record))))
        .collect();
    let reported = desk.reader.deeds(&filter).await?;
    let troubles = reported.iter().map(|deed| {
        let code = deed.record.subject.as_deref().unwrap_or_default();
        let status = stands.get(code).copied().unwrap_or(TroubleStatus::New);
        trouble_line(&deed.record, status)
    });
    page(&TroublesPage {
        frame: Frame::new(&desk, &visit, HERE),
        troubles: troubles.collect(),
    })
}

fn status_of(record: &DeedRecord) -> TroubleStatus {
    let status = record.fact("to").and_then(TroubleStatus::parse);
    status.unwrap_or(TroubleStatus::New)
}

fn trouble_line(record: &DeedRecord, status: TroubleStatus) -> TroubleLine {
    let fact = |name| record.fact(name).unwrap_or_default();
    TroubleLine {
        code: record.subject.clone().unwrap_or_default(),
        time: told::short(record.recorded_at),
        kind: Trouble::parse(fact("kind")).map_or("khác", Trouble::label),
        from: match fact("unit") {
            "" => record.actor.address.clone(),
            unit => format!("{unit} ({})", record.actor.address),
        },
        status: status.label(),
        mood: match status {
            TroubleStatus::New => "care",
            TroubleStatus::InWork => "",
            TroubleStatus::Closed => "good",
        },
    }
}

/// A report and what was done about it, the oldest first.
async fn history(desk: &Desk, code: &str) -> Result<(StoredDeed, Vec<StoredDeed>), Failure> {
    let filter = DeedFilter {
        subject: Some(code.to_owned()),
        ..DeedFilter::default()
    };
    let mut deeds = desk.reader.deeds(&filter).await?;
    deeds.reverse();
    let is = |deed: &StoredDeed, what: What| deed.record.what == what.as_str();
    let report = deeds
        .iter()
        .find(|deed| is(deed, What::TroubleReported))
        .cloned()
        .ok_or(Failure::NotFound)?;
    deeds.retain(|deed| is(deed, What::TroubleHandled));
    Ok((report, deeds))
}

/// `GET /troubles/{code}`
pub(super) async fn one(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let (report, handled) = history(&desk, &code).await?;
    let now = handled
        .last()
        .map_or(TroubleStatus::New, |deed| status_of(&deed.record));
    let record = &report.record;
    let fact = |name| record.fact(name).unwrap_or_default().to_owned();
    let was_exposed = handled.iter().any(|deed| is_exposed(&deed.record));
    let due = was_exposed.then(|| {
        let due = UnixMillis(record.recorded_at.0.saturating_add(NOTICE_MILLIS));
        told::short(due)
    });
    let steps = handled.iter().map(|deed| Step {
        time: told::short(deed.record.recorded_at),
        by: deed.record.actor.name.clone(),
        status: status_of(&deed.record).label(),
        exposed: is_exposed(&deed.record),
        note: deed.record.fact("note").unwrap_or_default().to_owned(),
    });
    page(&TroublePage {
        frame: Frame::new(&desk, &visit, HERE),
        facts: vec![
            ("Báo lúc", told::short(record.recorded_at)),
            ("Xảy ra hoặc phát hiện lúc", fact("when")),
            ("Công cụ AI", fact("tool")),
            ("Chuyện đã xảy ra", fact("what")),
            ("Người báo đã làm", fact("done")),
            ("Liên hệ lại", fact("name")),
        ],
        incident: fact("code"),
        due,
        steps: steps.collect(),
        statuses: TroubleStatus::ALL,
        now,
        may_handle: visit.role() == Role::Reviewer,
        line: trouble_line(record, now),
    })
}

fn is_exposed(record: &DeedRecord) -> bool {
    record.fact("exposed") == Some("yes")
}

/// `POST /troubles/{code}`
pub(super) async fn handle(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let (report, _) = history(&desk, &code).await?;
    let status = TroubleStatus::parse(form.text("status")).ok_or(Failure::BadForm)?;
    let note: String = form.text("note").chars().take(NOTE_CHARS_MAX).collect();
    let mut deed = Deed::new(visit.actor(), What::TroubleHandled)
        .subject(&code)
        .fact("to", status.as_str())
        .fact("note", &note);
    if form.is_ticked("exposed") {
        let detected = report.record.recorded_at.0.to_string();
        deed = deed.fact("exposed", "yes").fact("detected_at", &detected);
    }
    desk.act(Act::of(deed)).await?;
    Ok(Redirect::to(&format!("{HERE}/{code}?done=saved")).into_response())
}

/// `GET /lessons`
pub(super) async fn lessons(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let lessons = signed(&desk).await?;
    let mut by_unit: BTreeMap<String, u64> = BTreeMap::new();
    for lesson in &lessons {
        let count = by_unit.entry(lesson.unit.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let by_unit = by_unit.into_iter();
    page(&LessonsPage {
        frame: Frame::new(&desk, &visit, "/lessons"),
        by_unit: by_unit.map(|(unit, n)| (unit, grouped(n))).collect(),
        lessons: lessons.into_iter().take(500).collect(),
    })
}

async fn signed(desk: &Desk) -> Result<Vec<LessonLine>, Failure> {
    let mut lines: Vec<LessonLine> = Vec::new();
    let mut before_seq = None;
    loop {
        let filter = DeedFilter {
            what: Some(What::LessonSigned),
            before_seq,
            ..DeedFilter::default()
        };
        let deeds = desk.reader.deeds(&filter).await?;
        before_seq = deeds.last().map(|deed| deed.seq);
        if before_seq.is_none() || lines.len() >= LESSONS_MAX {
            return Ok(lines);
        }
        lines.extend(deeds.into_iter().map(|deed| {
            let fact = |name| deed.record.fact(name).unwrap_or_default().to_owned();
            LessonLine {
                time: told::short(deed.record.recorded_at),
                name: fact("name"),
                unit: fact("unit"),
                title: fact("title"),
            }
        }));
    }
}

/// `POST /lessons/export`
pub(super) async fn export(
    State(desk): State<Desk>,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let lessons = signed(&desk).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["Thời điểm", "Họ và tên", "Bộ phận", "Bài học"];
    let mut wrote = writer.write_record(head);
    for line in &lessons {
        let cells = [&line.time, &line.name, &line.unit, &line.title].map(|cell| safe_cell(cell));
        wrote = wrote.and_then(|()| writer.write_record(&cells));
    }
    let table = writer.into_inner().ok().filter(|_| wrote.is_ok());
    let deed = Deed::new(visit.actor(), What::Exported)
        .subject("lessons")
        .fact("rows", &lessons.len().to_string());
    desk.act(Act::of(deed)).await?;
    // Spreadsheets take a file for UTF-8 only when it opens with this mark.
    let mut body = "\u{feff}".as_bytes().to_vec();
    body.extend(table.ok_or(Failure::BadForm)?);
    let head = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"danh-sach-tap-huan.csv\"",
        ),
    ];
    Ok((head, body).into_response())
}

/// A cell that no spreadsheet takes for a formula.
fn safe_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
