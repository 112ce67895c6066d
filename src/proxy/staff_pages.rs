//! What does a clerk read, learn, report and ask for? The pages beside the set-up page.
//!
//! In: a path and what is known of the asking workstation. Out: a page. What a form says comes back
//! into its page only where something is to be corrected; it is judged in `staff_forms`.
//!
//! Never: anything about another workstation.

use std::net::IpAddr;

use askama::Template;
use http::StatusCode;

use super::answer::{self, OwnAnswer, PageRights};
use super::lesson::{self, LESSONS, Lesson};
use super::office::OfficeTexts;
use super::own_frame::OwnFrame;
use crate::inspect::Inspector;
use crate::model::exchange::UnixMillis;
use crate::model::trouble::Trouble;
use crate::seal::EvidenceSettings;
use crate::store::Registry;
use crate::store::registry::{Machine, MachineStanding, day_of};
use crate::store::tool::{Tool, ToolField};

/// What the pages know.
pub(super) struct Staff<'a> {
    /// The office's words.
    pub(super) office: &'a OfficeTexts,
    /// The workstation.
    pub(super) client: IpAddr,
    /// Its unit, where one is known.
    pub(super) unit: Option<&'a str>,
    /// Whether the unit is the clerk's to choose: no setting and no network says it.
    pub(super) may_choose: bool,
    /// The units that can be chosen.
    pub(super) units: Vec<String>,
    /// What the office has laid down.
    pub(super) registry: &'a Registry,
    /// Reads what was typed, so that no value gets into the log.
    pub(super) inspector: &'a Inspector,
    /// For how many days incidents are kept.
    pub(super) retention_days: u32,
    /// Whether blocked texts are kept sealed, and for how long.
    pub(super) evidence: &'a EvidenceSettings,
    /// The time.
    pub(super) now: UnixMillis,
}

/// What was wrong with a form, and what was typed, to be corrected.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) fault: Option<String>,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) kind: String,
    pub(super) when: String,
    pub(super) tool: String,
    pub(super) what: String,
    pub(super) done: String,
    pub(super) code: String,
    pub(super) purpose: String,
    pub(super) data: String,
    pub(super) machine: String,
}

/// The page of a path, where there is one. `told` is what the address says was just done.
pub(super) fn show(path: &str, told: &str, staff: &Staff<'_>) -> Option<OwnAnswer> {
    let typed = Typed::default();
    Some(match path {
        "/hoi-an-toan" => staff.lessons(),
        "/bao-su-co" => staff.trouble(&typed, is_code(told).then_some(told)),
        "/bo-phan" => staff.unit(&typed),
        "/cong-cu" => staff.tools(&typed, told == "roi"),
        "/giam-sat" => staff.notice(),
        _ => {
            let lesson = lesson::find(path.strip_prefix("/hoi-an-toan/")?)?;
            staff.lesson(lesson, &typed, told == "roi")
        }
    })
}

/// Whether a text can be the code of a report: nothing else is shown back from an address.
fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.len() <= 16 && text.bytes().all(is_plain)
}

#[derive(Template)]
#[template(path = "own_lessons.html")]
struct LessonsPage<'a> {
    frame: OwnFrame<'a>,
    lessons: &'static [Lesson],
}

#[derive(Template)]
#[template(path = "own_lesson.html")]
struct LessonPage<'a> {
    frame: OwnFrame<'a>,
    lesson: &'static Lesson,
    next: Option<&'static Lesson>,
    done: Option<&'static str>,
    fault: Option<&'a str>,
    typed: &'a Typed,
    units: &'a [String],
}

#[derive(Template)]
#[template(path = "own_trouble.html")]
struct TroublePage<'a> {
    frame: OwnFrame<'a>,
    kinds: [Trouble; 4],
    sent: Option<&'a str>,
    fault: Option<&'a str>,
    typed: &'a Typed,
}

#[derive(Template)]
#[template(path = "own_unit.html")]
struct UnitPage<'a> {
    frame: OwnFrame<'a>,
    address: IpAddr,
    unit: Option<&'a str>,
    waiting: Option<&'a Machine>,
    confirmed: Option<&'a Machine>,
    is_doubted: bool,
    may_choose: bool,
    units: &'a [String],
    fault: Option<&'a str>,
    typed: &'a str,
}

#[derive(Template)]
#[template(path = "own_tools.html")]
struct ToolsPage<'a> {
    frame: OwnFrame<'a>,
    tools: Vec<ToolLine<'a>>,
    sent: bool,
    fault: Option<&'a str>,
    typed: &'a Typed,
}

struct ToolLine<'a> {
    name: &'a str,
    until: String,
    purpose: &'a str,
    data_allowed: &'a str,
}

#[derive(Template)]
#[template(path = "own_notice.html")]
struct NoticePage<'a> {
    frame: OwnFrame<'a>,
    retention_days: u32,
    sealed_days: Option<u16>,
}

impl Staff<'_> {
    const fn frame(&self, here: &'static str) -> OwnFrame<'_> {
        OwnFrame {
            here,
            office: self.office,
        }
    }

    fn lessons(&self) -> OwnAnswer {
        page(&LessonsPage {
            frame: self.frame("/hoi-an-toan"),
            lessons: &LESSONS,
        })
    }

    pub(super) fn lesson(
        &self,
        lesson: &'static Lesson,
        typed: &Typed,
        is_done: bool,
    ) -> OwnAnswer {
        let mut after = LESSONS.iter().skip_while(|one| one.id != lesson.id);
        corrected(
            &LessonPage {
                frame: self.frame("/hoi-an-toan"),
                lesson,
                next: after.nth(1),
                done: is_done.then_some("Đã ghi tên anh/chị vào danh sách đã học bài này."),
                fault: typed.fault.as_deref(),
                typed,
                units: &self.units,
            },
            typed,
        )
    }

    pub(super) fn trouble(&self, typed: &Typed, sent: Option<&str>) -> OwnAnswer {
        corrected(
            &TroublePage {
                frame: self.frame("/bao-su-co"),
                kinds: Trouble::ALL,
                sent,
                fault: typed.fault.as_deref(),
                typed,
            },
            typed,
        )
    }

    pub(super) fn unit(&self, typed: &Typed) -> OwnAnswer {
        let machine = self.registry.find_machine(self.client);
        corrected(
            &UnitPage {
                frame: self.frame("/"),
                address: self.client,
                unit: self.unit,
                waiting: machine.filter(|machine| machine.standing != MachineStanding::Confirmed),
                confirmed: machine.filter(|machine| machine.standing == MachineStanding::Confirmed),
                is_doubted: machine
                    .is_some_and(|machine| machine.standing == MachineStanding::Doubted),
                may_choose: self.may_choose,
                units: &self.units,
                fault: typed.fault.as_deref(),
                typed: &typed.machine,
            },
            typed,
        )
    }

    pub(super) fn tools(&self, typed: &Typed, sent: bool) -> OwnAnswer {
        let day = day_of(self.now);
        let approved = self.registry.tools().filter(|tool| tool.is_approved(&day));
        corrected(
            &ToolsPage {
                frame: self.frame("/cong-cu"),
                tools: approved.map(tool_line).collect(),
                sent,
                fault: typed.fault.as_deref(),
                typed,
            },
            typed,
        )
    }

    fn notice(&self) -> OwnAnswer {
        page(&NoticePage {
            frame: self.frame("/giam-sat"),
            retention_days: self.retention_days,
            sealed_days: self.evidence.recipient.as_ref().map(|_| self.evidence.days),
        })
    }
}

fn tool_line(tool: &Tool) -> ToolLine<'_> {
    let until = tool.approval.as_ref().and_then(|one| one.until.as_deref());
    ToolLine {
        name: tool.name(),
        until: until.map(told_day).unwrap_or_default(),
        purpose: tool.field(ToolField::Purpose),
        data_allowed: tool.field(ToolField::DataAllowed),
    }
}

/// `2026-12-31` as people write it.
fn told_day(day: &str) -> String {
    let mut parts = day.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(date)) => format!("{date}/{month}/{year}"),
        _ => day.to_owned(),
    }
}

fn page(template: &impl Template) -> OwnAnswer {
    answer::rendered(StatusCode::OK, template, PageRights::OwnPage)
}

/// A page whose form may be there to be corrected.
fn corrected(template: &impl Template, typed: &Typed) -> OwnAnswer {
    let status = match typed.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    answer::rendered(status, template, PageRights::OwnPage)
}
