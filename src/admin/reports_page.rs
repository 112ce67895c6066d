//! Which reports were made, which are due, and the form to make one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page_with};
use crate::admin::report_desk::{Version, is_secret, texts_before, versions};
use crate::admin::report_reminders::{DueLine, dues};
use crate::report::{Asked, Kind, MakeError, Period, Written, deeds, make};
use crate::store::Act;

pub(super) const HERE: &str = "/reports";
/// The longest name of a unit that is read from a form.
const UNIT_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    frame: Frame,
    dues: Vec<DueLine>,
    kinds: Vec<KindChoice>,
    versions: Vec<Version>,
    typed: Typed,
    fault: Option<String>,
}

struct KindChoice {
    name: &'static str,
    label: String,
    is_chosen: bool,
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    kind: String,
    period: String,
    unit: String,
    incident: String,
    tool: String,
}

/// `GET /reports`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    show(&desk, &visit, Typed::default(), None).await
}

/// `POST /reports`
pub(super) async fn add(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed {
        kind: form.text("kind").to_owned(),
        period: form.text("period").to_owned(),
        unit: form.text("unit").chars().take(UNIT_CHARS_MAX).collect(),
        incident: form.text("incident").to_owned(),
        tool: form.text("tool").chars().take(UNIT_CHARS_MAX).collect(),
    };
    let asked = match asked(&desk, &typed) {
        Ok(asked) => asked,
        Err(fault) => return show(&desk, &visit, typed, Some(fault)).await,
    };
    if is_secret(asked.kind) && !visit.sees_secrets() {
        return Err(Failure::Forbidden);
    }
    match made(&desk, &visit, asked).await? {
        Ok(written) => Ok(to_report(&written, "")),
        Err(fault) => show(&desk, &visit, typed, Some(fault)).await,
    }
}

/// Makes a report, keeps it and records it; or says why it cannot be made.
pub(super) async fn made(
    desk: &Desk,
    visit: &Visit,
    mut asked: Asked,
) -> Result<Result<Written, String>, Failure> {
    if asked.texts.is_empty() {
        let versions = versions(desk).await?;
        let subject = deeds::subject_of(asked.kind, asked.period, asked.unit.as_deref());
        asked.texts = texts_before(desk, &versions, asked.kind, &subject);
    }
    let written = match make(&desk.reader, &asked).await {
        Ok(made) => made.written,
        Err(MakeError::Store(error)) => return Err(error.into()),
        Err(MakeError::NoIncident(code)) => {
            return Ok(Err(format!(
                "Không có sự kiện {code} cho loại báo cáo này."
            )));
        }
        Err(MakeError::NoTool(id)) => {
            return Ok(Err(format!("Danh mục không có công cụ có mã {id}.")));
        }
        Err(MakeError::Secret(code)) => {
            return Ok(Err(format!(
                "Sự kiện {code} có dấu chỉ độ mật: chỉ lập được thông báo về sự kiện có dấu chỉ độ mật."
            )));
        }
        Err(MakeError::NotAboutIncidents(_)) => {
            return Ok(Err(
                "Loại báo cáo này không lập cho một sự kiện: để trống ô mã sự kiện.".to_owned(),
            ));
        }
        Err(MakeError::LongText(_)) => return Ok(Err("Nội dung một ô quá dài.".to_owned())),
    };
    desk.reports.shelf.put(&written).map_err(Failure::Shelf)?;
    let deeds = deeds::made(&visit.actor(), &written, "page");
    desk.act(deeds.into_iter().fold(Act::default(), Act::deed))
        .await?;
    Ok(Ok(written))
}

/// To the page of a report.
pub(super) fn to_report(written: &Written, tail: &str) -> Response {
    let id = written.digest.strip_prefix("sha256:").unwrap_or_default();
    Redirect::to(&format!("{HERE}/{id}{tail}")).into_response()
}

fn asked(desk: &Desk, typed: &Typed) -> Result<Asked, String> {
    let around = desk.reports.around.load();
    let settings = &around.settings;
    let kind = Kind::parse(&typed.kind).ok_or("Chọn loại báo cáo.")?;
    let period = Period::parse(&typed.period, settings.cut_offs).map_err(|_what| {
        "Ghi kỳ báo cáo dạng 2026, 2026-H1 (6 tháng đầu), 2026-H2 hoặc 2026-03-01..2026-05-31."
    })?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Asked {
        kind,
        period,
        cut_offs: settings.cut_offs,
        holidays: settings.holidays.clone(),
        unit: some(&typed.unit),
        incident: some(&typed.incident),
        tool: some(&typed.tool),
        node: desk.reports.node.clone(),
        office: settings.office.clone(),
        texts: std::collections::BTreeMap::new(),
    })
}

async fn show(
    desk: &Desk,
    visit: &Visit,
    typed: Typed,
    fault: Option<String>,
) -> Result<Response, Failure> {
    let mut versions = versions(desk).await?;
    versions.retain(|version| visit.sees_secrets() || !is_secret(version.kind));
    let status = match &fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let kinds = Kind::all().filter(|kind| visit.sees_secrets() || !is_secret(*kind));
    let reports = ReportsPage {
        frame: Frame::new(desk, visit, HERE),
        dues: dues(desk, &versions).await?,
        kinds: kinds
            .map(|kind| KindChoice {
                name: kind.name(),
                label: kind.told(),
                is_chosen: typed.kind == kind.name(),
            })
            .collect(),
        versions,
        typed,
        fault,
    };
    page_with(status, &reports)
}
