//! The register of AI tools: what is used, what is known of it, and whether it may be.
//!
//! A tool stands here because somebody entered it, because it was asked for, or because a clerk
//! proposed it. Its entry is the preliminary assessment with its eight fields; that it may be used
//! is said by a person in authority and recorded by an administrator, until a day.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::log_page::{self, DeedLine};
use crate::admin::told;
use crate::model::review::Role;
use crate::store::registry::day_of;
use crate::store::tool::{Tool, ToolField};
use crate::store::{Act, Deed, DeedFilter, What};

const HERE: &str = "/tools";
/// The longest id: a host name.
const ID_CHARS_MAX: usize = 253;
/// How much one field may hold.
const FIELD_CHARS_MAX: usize = 1500;
/// Proposals and deeds that are shown.
const SHOWN_MAX: u32 = 30;
/// Levels of risk that are offered.
const RISKS: [&str; 3] = ["thấp", "trung bình", "cao"];
/// Ways to reach a tool that are offered.
const REACHES: [&str; 4] = [
    "trang web",
    "API",
    "ứng dụng cài trên máy",
    "kết nối từ phần mềm khác",
];

#[derive(Template)]
#[template(path = "tools.html")]
struct ToolsPage {
    frame: Frame,
    only_approved: bool,
    tools: Vec<ToolLine>,
    proposals: Vec<Proposal>,
}

struct ToolLine {
    id: String,
    /// The id as it stands in an address.
    path: String,
    name: String,
    state: &'static str,
    mood: &'static str,
    until: String,
    risk: String,
    today: String,
    last_seen: String,
}

struct Proposal {
    time: String,
    tool: String,
    purpose: String,
    data: String,
    name: String,
}

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

/// `GET /tools`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let filter = DeedFilter {
        what: Some(What::ToolProposed),
        limit: SHOWN_MAX,
        ..DeedFilter::default()
    };
    let proposals = desk.reader.deeds(&filter).await?;
    let proposals = proposals.into_iter().map(|deed| {
        let fact = |name| deed.record.fact(name).unwrap_or_default().to_owned();
        Proposal {
            time: told::short(deed.record.recorded_at),
            tool: deed.record.subject.clone().unwrap_or_default(),
            purpose: fact("purpose"),
            data: fact("data"),
            name: fact("name"),
        }
    });
    page(&ToolsPage {
        frame: Frame::new(&desk, &visit, HERE),
        only_approved: desk.only_approved_tools(),
        tools: lines(&desk),
        proposals: proposals.collect(),
    })
}

/// Every tool that is entered, was asked for, or looks like one.
fn lines(desk: &Desk) -> Vec<ToolLine> {
    let registry = desk.store.registry();
    let status = (desk.status)();
    let mut seen: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for row in &status.coverage {
        let last = told::short(row.last_seen);
        seen.insert(row.service.clone(), (row.today, last));
    }
    for host in &status.discovered {
        seen.entry(host.clone()).or_default();
    }
    for tool in registry.tools() {
        seen.entry(tool.id.clone()).or_default();
    }
    seen.remove("self-test");
    seen.remove("unknown-ai");
    let now = desk.now();
    let inspector = (desk.rules)();
    let mut lines: Vec<ToolLine> = seen
        .into_iter()
        .map(|(id, (today, last_seen))| {
            let entered = registry.find_tool(&id).cloned();
            let tool = entered.unwrap_or_else(|| Tool {
                id: id.clone(),
                ..Tool::default()
            });
            let services = inspector.catalogue().services();
            let row = services.iter().find(|service| service.id == id);
            let (state, mood) = state_of(&tool, &day_of(now));
            ToolLine {
                path: in_path(&id),
                name: match (tool.field(ToolField::Name), row) {
                    ("", Some(row)) => row.name.clone(),
                    _ => tool.name().to_owned(),
                },
                state,
                mood,
                until: until_of(&tool),
                risk: tool.field(ToolField::Risk).to_owned(),
                today: told::number(today),
                last_seen,
                id,
            }
        })
        .collect();
    lines.sort_by_key(|line| (line.mood != "good", line.name.to_lowercase()));
    lines
}

/// How a tool stands, and in which colour.
fn state_of(tool: &Tool, day: &str) -> (&'static str, &'static str) {
    if tool.is_approved(day) {
        ("được phép sử dụng", "good")
    } else if tool.approval.is_some() {
        ("hết thời hạn được phép", "care")
    } else if tool.is_assessed() {
        ("đã đánh giá, chưa được phép sử dụng", "care")
    } else {
        ("chưa được phép sử dụng", "care")
    }
}

fn until_of(tool: &Tool) -> String {
    let until = tool.approval.as_ref().and_then(|one| one.until.as_deref());
    until.map(told::day_written).unwrap_or_default()
}

/// An id as one step of an address.
fn in_path(id: &str) -> String {
    utf8_percent_encode(id, NON_ALPHANUMERIC)
        .to_string()
        .replace("%2D", "-")
        .replace("%2E", ".")
}

/// What the form for another tool says.
#[derive(Deserialize)]
pub(super) struct Named {
    id: String,
}

/// `GET /tools/find?id=`
pub(super) async fn find(Query(named): Query<Named>, _visit: Visit) -> Result<Response, Failure> {
    let id = named.id.trim().to_lowercase();
    if !is_id(&id) {
        return Err(Failure::BadForm);
    }
    Ok(Redirect::to(&format!("{HERE}/{}", in_path(&id))).into_response())
}

/// An id of the catalogue, or a host name.
fn is_id(id: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    !id.is_empty() && id.len() <= ID_CHARS_MAX && id.chars().all(is_plain) && !id.starts_with('.')
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
        today: told::number(asked.map_or(0, |row| row.today)),
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
    FieldLine {
        key: field.as_str(),
        label: field.label(),
        value: tool.field(field).to_owned(),
        offers: match field {
            ToolField::Risk => &RISKS,
            ToolField::Reach => &REACHES,
            _ => &[],
        },
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
