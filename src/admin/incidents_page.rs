//! Which incidents are there? The list with its filters, and what is done with several at once.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::admin::choices::choices;
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_query::{IncidentQuery, NONE, code_as_written};
use crate::admin::incident_words::{self, Chip};
use crate::admin::told;
use crate::model::category::{Category, Severity};
use crate::model::decision::Action;
use crate::model::incident::Outcome;
use crate::model::review::{ReviewStatus, Role};
use crate::store::review::TO;
use crate::store::{Act, Deed, Incident, IncidentLine, Narrow, What};

pub(super) const HERE: &str = "/incidents";
/// Incidents on one page.
const PAGE_INCIDENTS: u32 = 30;
/// How many are changed at once.
const BULK_MAX: usize = 100;

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    frame: Frame,
    query: IncidentQuery,
    selects: Vec<Select>,
    lines: Vec<Line>,
    next: Option<String>,
    is_cut: bool,
    is_later: bool,
    fault: Option<String>,
    role: Role,
    here: String,
}

/// One filter with its choices.
struct Select {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// An incident in a list.
pub(super) struct Line {
    pub(super) code: String,
    pub(super) time: String,
    pub(super) action: Chip,
    pub(super) content: String,
    pub(super) service: String,
    pub(super) unit: String,
    pub(super) client: String,
    pub(super) severity: Chip,
    pub(super) status: Chip,
    pub(super) is_exposed: bool,
    pub(super) assignee: String,
}

/// An incident as a line of a list.
pub(super) fn line(desk: &Desk, line: IncidentLine) -> Line {
    Line {
        time: told::short(line.recorded_at),
        action: incident_words::action(&line.action),
        content: incident_words::content(&line.categories, line.uninspectable.as_deref()),
        service: desk.service_name(&line.service),
        unit: line.unit.unwrap_or_default(),
        client: line.client,
        severity: incident_words::severity(&line.severity),
        status: incident_words::status(&line.status),
        is_exposed: line.outcome == Outcome::Exposed.as_str(),
        assignee: line.assignee.unwrap_or_default(),
        code: line.code,
    }
}

/// `GET /incidents`
pub(super) async fn list(
    State(desk): State<Desk>,
    Query(pairs): Query<Vec<(String, String)>>,
    visit: Visit,
) -> Result<Response, Failure> {
    let pairs = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    let query = IncidentQuery::read(pairs);
    let mut fault = None;
    if !query.code.is_empty() {
        let code = code_as_written(&query.code);
        let found = desk.reader.find(&code).await?;
        let is_visible = |found: &Incident| found.record.secret.is_none() || visit.sees_secrets();
        match found.filter(is_visible) {
            Some(found) => {
                let place = format!("{HERE}/{}", found.record.code);
                return Ok(Redirect::to(&place).into_response());
            }
            None => fault = Some(format!("Không có sự kiện mã {code}.")),
        }
    }
    let filter = query.filter(visit.sees_secrets(), PAGE_INCIDENTS);
    let found = desk.reader.incidents(&filter).await?;
    note_secrets_seen(&desk, &visit, &found.lines).await?;
    page(&IncidentsPage {
        frame: Frame::new(&desk, &visit, HERE),
        selects: selects(&desk, &visit, &query).await?,
        next: found.next.map(|before| query.address(Some(before))),
        is_cut: found.is_cut,
        is_later: query.before.is_some(),
        here: query.address(query.before),
        lines: found
            .lines
            .into_iter()
            .map(|one| line(&desk, one))
            .collect(),
        query,
        fault,
        role: visit.role(),
    })
}

/// Whoever looks at state secrets leaves a deed, in a list as well (Luật 117/2025/QH15).
pub(super) async fn note_secrets_seen(
    desk: &Desk,
    visit: &Visit,
    lines: &[IncidentLine],
) -> Result<(), Failure> {
    let secrets = lines.iter().filter(|line| line.is_secret);
    let codes: Vec<&str> = secrets.map(|line| line.code.as_str()).collect();
    if codes.is_empty() {
        return Ok(());
    }
    let deed = Deed::new(visit.actor(), What::SecretSeen).fact("listed", &codes.join(" "));
    desk.act(Act::of(deed)).await
}

async fn selects(
    desk: &Desk,
    visit: &Visit,
    query: &IncidentQuery,
) -> Result<Vec<Select>, Failure> {
    let statuses = ReviewStatus::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    let severities = Severity::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    let outcomes = Outcome::ALL.map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    let actions = [Action::Block, Action::Redact, Action::Audit].map(|one| {
        (
            one.as_str().to_owned(),
            incident_words::action(one.as_str()).label,
        )
    });
    let categories = Category::ALL
        .iter()
        .filter(|one| **one != Category::StateSecret || visit.sees_secrets())
        .map(|one| (one.as_str().to_owned(), one.label().to_owned()));
    let known = choices(desk).await?;
    let services = known.services.iter().cloned();
    let services: BTreeMap<String, String> =
        services.map(|id| (desk.service_name(&id), id)).collect();
    let services = services.into_iter().map(|(name, id)| (id, name));
    let units = known.units.iter().map(|unit| (unit.clone(), unit.clone()));
    let units = units.chain([(NONE.to_owned(), "chưa rõ bộ phận".to_owned())]);
    let assignees = known.assignees.iter();
    let assignees = assignees.map(|name| (name.clone(), name.clone()));
    let select = |narrow: Narrow, label, choices: Vec<(String, String)>| {
        let chosen = query.value(narrow);
        Select {
            name: narrow.as_str(),
            label,
            choices: choices
                .into_iter()
                .map(|(value, label)| Choice {
                    is_chosen: value == chosen,
                    value,
                    label,
                })
                .collect(),
        }
    };
    Ok(vec![
        select(Narrow::Status, "Trạng thái", statuses.into()),
        select(Narrow::Action, "Việc đã làm", actions.into()),
        select(Narrow::Severity, "Mức", severities.into()),
        select(Narrow::Category, "Loại thông tin", categories.collect()),
        select(Narrow::Service, "Công cụ AI", services.collect()),
        select(Narrow::Unit, "Bộ phận", units.collect()),
        select(Narrow::Outcome, "Kết quả", outcomes.into()),
        select(Narrow::Assignee, "Người phụ trách", assignees.collect()),
    ])
}

/// `POST /incidents/bulk`: the same for all that are ticked.
pub(super) async fn bulk(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let is_assigning = form.text("bulk") == "assign";
    let (what, to) = if is_assigning {
        (What::Assigned, visit.person.account.name.clone())
    } else {
        let status = ReviewStatus::parse(form.text("bulk")).ok_or(Failure::BadForm)?;
        (What::StatusSet, status.as_str().to_owned())
    };
    let mut act = Act::default();
    for code in form.all("code").take(BULK_MAX) {
        let found = desk.reader.whole(code).await?.ok_or(Failure::NotFound)?;
        let record = found.incident.record;
        if record.secret.is_some() && !visit.sees_secrets() {
            return Err(Failure::NotFound);
        }
        let now = if is_assigning {
            found.state.assignee
        } else {
            found.state.status
        };
        if now.as_deref() != Some(to.as_str()) {
            let deed = Deed::new(visit.actor(), what).incident(&record.id);
            act = act.deed(deed.fact(TO, &to));
        }
    }
    if !act.deeds.is_empty() {
        desk.act(act).await?;
    }
    Ok(Redirect::to(&back(form.text("back"))).into_response())
}

/// The list from which the form came: an address of ours, whatever the form says.
fn back(wanted: &str) -> String {
    let query = wanted.strip_prefix(HERE).unwrap_or_default();
    let is_query = query.is_empty() || query.starts_with('?');
    let is_plain = query.bytes().all(|byte| byte.is_ascii_graphic());
    let query = if is_query && is_plain { query } else { "" };
    let joint = if query.is_empty() { "?" } else { "&" };
    format!("{HERE}{query}{joint}done=saved")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_back_to_the_list_and_nowhere_else() {
        assert_eq!(back("/incidents"), "/incidents?done=saved");
        assert_eq!(
            back("/incidents?unit=a&before=5"),
            "/incidents?unit=a&before=5&done=saved"
        );
        for evil in ["//evil.example", "/incidents.evil", "/incidents?a\r\nb", ""] {
            assert_eq!(back(evil), "/incidents?done=saved");
        }
    }
}
