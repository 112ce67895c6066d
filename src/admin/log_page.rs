//! What people did, newest first, and whether nobody changed the log since. For the auditor.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::store::{self, Act, Deed, DeedFilter, StoredDeed, Trust, What};

const HERE: &str = "/log";
/// Deeds on one page.
const PAGE_DEEDS: u32 = 100;

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    frame: Frame,
    deeds: Vec<DeedLine>,
    older: Option<u64>,
    verified: Option<Verified>,
}

struct Verified {
    is_intact: bool,
    line: String,
}

/// A deed in a list.
pub(super) struct DeedLine {
    pub(super) seq: u64,
    pub(super) time: String,
    pub(super) actor: String,
    pub(super) label: String,
    pub(super) about: String,
}

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Wanted {
    before: Option<u64>,
}

/// `GET /log`
pub(super) async fn list(
    State(desk): State<Desk>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Failure> {
    log_page(&desk, &visit, wanted.before, None).await
}

/// `POST /log/verify`
pub(super) async fn verify(
    State(desk): State<Desk>,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let report = store::verify(&desk.reader, &Trust::default()).await?;
    let result = if report.is_intact() {
        "intact"
    } else {
        "broken"
    };
    let deed = Deed::new(visit.actor(), What::ChainVerified)
        .fact("result", result)
        .fact("records", &report.records.to_string());
    desk.act(Act::of(deed)).await?;
    let verified = Verified {
        is_intact: report.is_intact(),
        line: report.to_line(),
    };
    log_page(&desk, &visit, None, Some(verified)).await
}

async fn log_page(
    desk: &Desk,
    visit: &Visit,
    before: Option<u64>,
    verified: Option<Verified>,
) -> Result<Response, Failure> {
    let filter = DeedFilter {
        before_seq: before,
        limit: PAGE_DEEDS,
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&filter).await?;
    let is_full = deeds.len() == usize::try_from(PAGE_DEEDS).unwrap_or(usize::MAX);
    let older = deeds.last().map(|deed| deed.seq).filter(|_| is_full);
    page(&LogPage {
        frame: Frame::new(desk, visit, HERE),
        deeds: deeds.into_iter().map(line).collect(),
        older,
        verified,
    })
}

/// A deed as a line. Facts are told by name and value, as recorded.
pub(super) fn line(deed: StoredDeed) -> DeedLine {
    let record = deed.record;
    let mut about: Vec<String> = record.subject.iter().cloned().collect();
    let facts = record.facts.iter();
    about.extend(facts.map(|(name, value)| format!("{name}: {value}")));
    let actor = match record.actor.name.as_str() {
        "" => "chưa đăng nhập".to_owned(),
        "terminal" => "dòng lệnh tại máy chủ".to_owned(),
        "guard" => "phần mềm Lá Chắn".to_owned(),
        name => name.to_owned(),
    };
    DeedLine {
        seq: deed.seq,
        time: told::short(record.recorded_at),
        actor: match record.actor.address.as_str() {
            "" => actor,
            address => format!("{actor} ({address})"),
        },
        label: record.label().to_owned(),
        about: about.join("; "),
    }
}
