//! The register of AI tools: what is used, what is known of it, and whether it may be.
//!
//! A tool stands here because somebody entered it, because it was asked for, or because a clerk
//! proposed it. Its entry is the preliminary assessment with its eight fields; that it may be used
//! is said by a person in authority and recorded by an administrator, until a day.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::model::thousands::grouped;
use crate::store::registry::day_of;
use crate::store::tool::{Tool, ToolField};
use crate::store::{DeedFilter, What};

pub(super) const HERE: &str = "/tools";
/// The longest id: a host name.
const ID_CHARS_MAX: usize = 253;
/// Proposals and deeds that are shown.
pub(super) const SHOWN_MAX: u32 = 30;

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
                today: grouped(today),
                last_seen,
                id,
            }
        })
        .collect();
    lines.sort_by_key(|line| (line.mood != "good", line.name.to_lowercase()));
    lines
}

/// How a tool stands, and in which colour.
pub(super) fn state_of(tool: &Tool, day: &str) -> (&'static str, &'static str) {
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

pub(super) fn until_of(tool: &Tool) -> String {
    let until = tool.approval.as_ref().and_then(|one| one.until.as_deref());
    until.map(told::day_written).unwrap_or_default()
}

/// An id as one step of an address.
pub(super) fn in_path(id: &str) -> String {
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
pub(super) fn is_id(id: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    !id.is_empty() && id.len() <= ID_CHARS_MAX && id.chars().all(is_plain) && !id.starts_with('.')
}
