//! What does a reviewer do with an incident? Status, assignee, outcome, notes; each is a deed.
//!
//! Only a person says that something went out, and that starts the clocks of the law: so the form
//! asks when it was detected, and takes no time in the future.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::Visit;
use crate::admin::incident_page::visible;
use crate::admin::incident_query::moment_of_field;
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::incident::Outcome;
use crate::model::review::{ReviewStatus, Role};
use crate::store::review::{DETECTED_AT, ReviewState, TO};
use crate::store::{Act, Deed, DeedFilter, Incident, IncidentRecord, StoredDeed, What};

/// What is wrong with a time of detection.
const DETECTED: &str = "Thời điểm phát hiện phải từ lúc ghi nhận sự kiện đến bây giờ. Đề nghị quay \
                        lại và sửa ô “phát hiện lúc”. Chưa có gì thay đổi.";
/// How long a note may be.
const NOTE_CHARS_MAX: usize = 1000;

/// What a reviewer can change.
pub(super) struct Work {
    pub(super) seen: u64,
    pub(super) statuses: Vec<Choice>,
    pub(super) assignees: Vec<Choice>,
    pub(super) outcomes: Vec<Choice>,
    pub(super) detected_at: String,
    /// No earlier time can be entered.
    pub(super) recorded_at: String,
    pub(super) units: Vec<Choice>,
    pub(super) until: String,
}

pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_chosen: value == chosen,
    }
}

/// What the form of an incident offers.
pub(super) async fn work(
    desk: &Desk,
    record: &IncidentRecord,
    state: &ReviewState,
    seen: u64,
) -> Result<Work, Failure> {
    let status = state.status.as_deref().unwrap_or_default();
    let assignee = state.assignee.as_deref().unwrap_or_default();
    let outcome = state.outcome.as_deref().unwrap_or_default();
    let accounts = desk.reader.accounts().await?;
    let reviewers = accounts
        .into_iter()
        .filter(|one| one.role == Role::Reviewer && !one.is_disabled);
    let nobody = std::iter::once(choice("", "chưa phân công", assignee));
    let units = record.unit.iter().map(|unit| choice(unit, unit, unit));
    let everywhere = std::iter::once(choice("", "mọi bộ phận", "-"));
    let now = desk.now();
    Ok(Work {
        seen,
        statuses: ReviewStatus::ALL
            .map(|one| choice(one.as_str(), one.label(), status))
            .into(),
        assignees: nobody
            .chain(reviewers.map(|one| choice(&one.name, &one.full_name, assignee)))
            .collect(),
        outcomes: Outcome::ALL
            .map(|one| choice(one.as_str(), one.label(), outcome))
            .into(),
        detected_at: told::field(state.detected_at.unwrap_or(now)),
        recorded_at: told::field(record.recorded_at),
        units: units.chain(everywhere).collect(),
        until: told::day_field(UnixMillis(now.0.saturating_add(90 * 24 * 3_600_000))),
    })
}

/// The last deed by which the work on an incident moved: a form that saw another is too late.
pub(super) fn last_of_work(deeds: &[StoredDeed]) -> u64 {
    let is_work = |what: &str| {
        matches!(
            What::parse(what),
            Some(What::StatusSet | What::Assigned | What::OutcomeSet)
        )
    };
    let work = deeds.iter().find(|deed| is_work(&deed.record.what));
    work.map_or(0, |deed| deed.seq)
}

/// `POST /incidents/{code}`
pub(super) async fn change(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let incident = visible(&desk, &visit, &code).await?;
    let state = as_seen(&desk, &incident, &form).await?;
    let mut deeds = Vec::new();
    let id = incident.record.id.as_str();
    let deed = |what| Deed::new(visit.actor(), what).incident(id);
    let status = ReviewStatus::parse(form.text("status")).ok_or(Failure::BadForm)?;
    if state.status.as_deref() != Some(status.as_str()) {
        deeds.push(deed(What::StatusSet).fact(TO, status.as_str()));
    }
    let assignee = form.text("assignee");
    if state.assignee.as_deref().unwrap_or_default() != assignee {
        check_assignee(&desk, assignee).await?;
        deeds.push(deed(What::Assigned).fact(TO, assignee));
    }
    let outcome = Outcome::parse(form.text("outcome")).ok_or(Failure::BadForm)?;
    if let Some(facts) = outcome_facts(&state, outcome, &form, &incident, desk.now())? {
        let set = deed(What::OutcomeSet).fact(TO, outcome.as_str());
        deeds.push(match facts {
            Some(detected) => set.fact(DETECTED_AT, &detected.0.to_string()),
            None => set,
        });
    }
    let note: String = form.text("note").chars().take(NOTE_CHARS_MAX).collect();
    if !note.is_empty() {
        deeds.push(deed(What::NoteAdded).fact("note", &note));
    }
    if !deeds.is_empty() {
        let act = deeds.into_iter().fold(Act::default(), Act::deed);
        desk.act(act).await?;
    }
    let place = format!("/incidents/{}?done=saved", incident.record.code);
    Ok(Redirect::to(&place).into_response())
}

/// How the incident stands, if it still stands as the form's page showed it.
async fn as_seen(desk: &Desk, incident: &Incident, form: &Form) -> Result<ReviewState, Failure> {
    let about = DeedFilter {
        incident: Some(incident.record.id.clone()),
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&about).await?;
    if form.text("seen") != last_of_work(&deeds).to_string() {
        return Err(Failure::Conflict);
    }
    let state = desk.reader.review_state(&incident.record.id).await?;
    Ok(state.unwrap_or_default())
}

/// Nobody, or somebody who can work on it.
async fn check_assignee(desk: &Desk, name: &str) -> Result<(), Failure> {
    if name.is_empty() {
        return Ok(());
    }
    let account = desk.reader.account(name).await?;
    let is_good = account.is_some_and(|one| one.role == Role::Reviewer && !one.is_disabled);
    is_good.then_some(()).ok_or(Failure::BadForm)
}

/// Whether the outcome changes, and with it the time of detection.
fn outcome_facts(
    state: &ReviewState,
    outcome: Outcome,
    form: &Form,
    incident: &Incident,
    now: UnixMillis,
) -> Result<Option<Option<UnixMillis>>, Failure> {
    let is_same = state.outcome.as_deref() == Some(outcome.as_str());
    if outcome != Outcome::Exposed {
        return Ok((!is_same).then_some(None));
    }
    let detected = moment_of_field(form.text("detected_at")).ok_or(Failure::BadField(DETECTED))?;
    // A field of date and time has no seconds.
    let minute = |time: UnixMillis| time.0.div_euclid(60_000);
    let is_possible = detected <= now && minute(detected) >= minute(incident.record.recorded_at);
    if !is_possible {
        return Err(Failure::BadField(DETECTED));
    }
    let is_unchanged = is_same && state.detected_at.map(minute) == Some(minute(detected));
    Ok((!is_unchanged).then_some(Some(detected)))
}
