//! One AI tool of the register: its assessment, its approval, its history.
//!
//! Whoever prepares it fills in the eight fields; that a person in authority agreed is recorded by
//! an administrator, and only for an entry that is whole.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::log_page::{self, DeedLine};
use crate::admin::told;
use crate::admin::tools_page::{HERE, SHOWN_MAX, in_path, is_id, state_of, until_of};
use crate::model::review::Role;
use crate::model::thousands::grouped;
use crate::store::registry::day_of;
use crate::store::tool::{Tool, ToolField};
use crate::store::{Act, Deed, DeedFilter, What};

/// How much one field may hold.
const FIELD_CHARS_MAX: usize = 1500;
/// The words that are offered for a field.
const OFFERS: [(ToolField, &[&str]); 2] = [
    (ToolField::Risk, &["thấp", "trung bình", "cao"]),
    (
        ToolField::Reach,
        &[
            "trang web",
            "API",
            "ứng dụng cài trên máy",
            "kết nối từ phần mềm khác",
        ],
    ),
];

#[derive(Template)]
#[template(path = "tool.html")]
struct ToolPage {
    frame: Frame,
    path: String,
    tool: Tool,
    state: &'static str,
    mood: &'static str,
    until: String,
    approved_at: String,
    today: String,
    assessment: Vec<FieldLine>,
    others: Vec<FieldLine>,
    may_enter: bool,
    may_approve: bool,
    fault: Option<&'static str>,
    deeds: Vec<DeedLine>,
}

struct FieldLine {
    key: &'static str,
    label: &'static str,
    value: String,
    /// What is offered, where only some words fit.
    offers: &'static [&'static str],
    is_short: bool,
}

impl ToolPage {
    fn action(&self, tail: &str) -> String {
        format!("{HERE}/{}{tail}", self.path)
    }

    fn token(&self, tail: &str) -> String {
        self.frame.token(&self.action(tail))
    }
}

/// `GET /tools/{id}`
pub(super) async fn one(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let tool = tool_of(&desk, &id)?;
    tool_page(&desk, &visit, tool, None).await
}

/// The tool as it is entered, or as the catalogue knows it.
fn tool_of(desk: &Desk, id: &str) -> Result<Tool, Failure> {
    if !is_id(id) {
        return Err(Failure::NotFound);
    }
    if let Some(tool) = desk.store.registry().find_tool(id) {
        return Ok(tool.clone());
    }
    let mut tool = Tool {
        id: id.to_owned(),
        ..Tool::default()
    };
    let inspector = (desk.rules)();
    let services = inspector.catalogue().services();
    if let Some(row) = services.iter().find(|service| service.id == id) {
        tool.fields.insert(ToolField::Name, row.name.clone());
        tool.fields.insert(ToolField::Vendor, row.vendor.clone());
    }
    Ok(tool)
}

async fn tool_page(
    desk: &Desk,
    visit: &Visit,
    tool: Tool,
    fault: Option<&'static str>,
) -> Result<Response, Failure> {
    let filter = DeedFilter {
        subject: Some(tool.id.clone()),
        limit: SHOWN_MAX,
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&filter).await?;
    let (state, mood) = state_of(&tool, &day_of(desk.now()));
    let status = (desk.status)();
    let asked = status.coverage.iter().find(|row| row.service == tool.id);
    let line = |field: &ToolField| field_line(*field, &tool);
    let is_other = |field: &&ToolField| !ToolField::ASSESSMENT.contains(field);
    let approved_at = tool.approval.as_ref().map(|one| told::short(one.at));
    page(&ToolPage {
        frame: Frame::new(desk, visit, HERE),
        path: in_path(&tool.id),
        state,
        mood,
        until: until_of(&tool),
        approved_at: approved_at.unwrap_or_default(),
        today: grouped(asked.map_or(0, |row| row.today)),
        assessment: ToolField::ASSESSMENT.iter().map(line).collect(),
        others: ToolField::ALL.iter().filter(is_other).map(line).collect(),
        may_enter: visit.role() != Role::Auditor,
        may_approve: visit.role() == Role::Admin,
        fault,
        deeds: deeds.into_iter().map(log_page::line).collect(),
        tool,
    })
}

fn field_line(field: ToolField, tool: &Tool) -> FieldLine {
    const SHORT: [ToolField; 6] = [
        ToolField::Name,
        ToolField::Vendor,
        ToolField::ImpactNumber,
        ToolField::ImpactDate,
        ToolField::ImpactPlace,
        ToolField::AlarmPerDay,
    ];
    let mut offers = OFFERS.iter();
    let offered = offers.find(|(offered, _)| *offered == field);
    FieldLine {
        key: field.as_str(),
        label: field.label(),
        value: tool.field(field).to_owned(),
        offers: offered.map_or(&[], |(_, words)| words),
        is_short: SHORT.contains(&field),
    }
}

/// `POST /tools/{id}`
pub(super) async fn enter(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let tool = unchanged(&desk, &id, &form)?;
    let mut deed = Deed::new(visit.actor(), What::ToolEntered).subject(&tool.id);
    for field in ToolField::ALL {
        let value: String = form
            .text(field.as_str())
            .chars()
            .take(FIELD_CHARS_MAX)
            .collect();
        if *field == ToolField::AlarmPerDay && !value.is_empty() && value.parse::<u64>().is_err() {
            let fault = "Mức báo động là một số nguyên, hoặc để trống.";
            return tool_page(&desk, &visit, tool, Some(fault)).await;
        }
        if !value.is_empty() {
            deed = deed.fact(field.as_str(), &value);
        }
    }
    desk.act(Act::of(deed)).await?;
    Ok(back(&id))
}

/// `POST /tools/{id}/approve`
pub(super) async fn approve(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let tool = unchanged(&desk, &id, &form)?;
    let approver: String = form.text("approver").chars().take(200).collect();
    let until = form.text("until");
    let is_day = until.is_empty() || until.parse::<jiff::civil::Date>().is_ok();
    let fault = if !tool.is_assessed() {
        Some("Cần điền đủ tám mục của Bản đánh giá sơ bộ trước khi cho phép sử dụng.")
    } else if approver.is_empty() || !is_day {
        Some("Đề nghị ghi người có thẩm quyền cho phép, và ngày hết hạn nếu có.")
    } else {
        None
    };
    if fault.is_some() {
        return tool_page(&desk, &visit, tool, fault).await;
    }
    let deed = Deed::new(visit.actor(), What::ToolApproved)
        .subject(&tool.id)
        .fact("approver", &approver)
        .fact("until", until);
    desk.act(Act::of(deed)).await?;
    Ok(back(&id))
}

/// `POST /tools/{id}/withdraw`
pub(super) async fn withdraw(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let tool = unchanged(&desk, &id, &form)?;
    let deed = Deed::new(visit.actor(), What::ToolWithdrawn).subject(&tool.id);
    desk.act(Act::of(deed)).await?;
    Ok(back(&id))
}

/// The tool, if nobody changed it since the form was shown.
fn unchanged(desk: &Desk, id: &str, form: &Form) -> Result<Tool, Failure> {
    let tool = tool_of(desk, id)?;
    if form.text("seq") == tool.seq.to_string() {
        Ok(tool)
    } else {
        Err(Failure::Conflict)
    }
}

fn back(id: &str) -> Response {
    Redirect::to(&format!("{HERE}/{}?done=saved", in_path(id))).into_response()
}
