//! Was the marking of state secrecy a false alarm? The auditor says so together with a second
//! person who may see such incidents, for this content only; the auditor alone may take it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page, page_with};
use crate::admin::incident_page::visible;
use crate::admin::incidents_page::HERE;
use crate::admin::second_person::{SecondPerson, reason_of};
use crate::admin::standing::put_lifts_in_force;
use crate::admin::told;
use crate::model::review::Role;
use crate::store::account::Account;
use crate::store::evidence::facts;
use crate::store::{Act, Deed, Incident, What};

const NO_REASON: &str = "Đề nghị ghi rõ vì sao đây là báo nhầm.";

#[derive(Template)]
#[template(path = "lift.html")]
struct LiftPage {
    frame: Frame,
    code: String,
    time: String,
    level: String,
    reason: String,
    second_name: String,
    fault: Option<&'static str>,
}

/// Who may sign with: whoever may see such incidents (Luật 117/2025/QH15).
fn has_part(account: &Account) -> bool {
    account.role == Role::Auditor || account.sees_secrets
}

/// The incident of a code and the digest of its content, if it is one of a state secret.
async fn secret(desk: &Desk, visit: &Visit, code: &str) -> Result<(Incident, String), Failure> {
    let incident = visible(desk, visit, code).await?;
    let secret = incident.record.secret.as_ref().ok_or(Failure::NotFound)?;
    let digest = secret.digest.0.clone();
    Ok((incident, digest))
}

/// `GET /incidents/{code}/lift`
pub(super) async fn ask(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let (incident, _) = secret(&desk, &visit, &code).await?;
    let look = Deed::new(visit.actor(), What::SecretSeen).incident(&incident.record.id);
    desk.act(Act::of(look)).await?;
    page(&lift_page(&desk, &visit, &incident, None, None))
}

fn lift_page(
    desk: &Desk,
    visit: &Visit,
    incident: &Incident,
    typed: Option<&Form>,
    fault: Option<&'static str>,
) -> LiftPage {
    let typed = |name| typed.map_or("", |form| form.text(name)).to_owned();
    let secret = incident.record.secret.as_ref();
    LiftPage {
        frame: Frame::new(desk, visit, HERE),
        code: incident.record.code.clone(),
        time: told::long(incident.record.recorded_at),
        level: secret.map(|one| one.level.clone()).unwrap_or_default(),
        reason: typed("reason"),
        second_name: typed("second_name"),
        fault,
    }
}

/// `POST /incidents/{code}/lift`
pub(super) async fn lift(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let (incident, digest) = secret(&desk, &visit, &code).await?;
    let again = |fault| {
        let page = lift_page(&desk, &visit, &incident, Some(&form), Some(fault));
        page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let reason = match reason_of(&desk, &form, NO_REASON) {
        Ok(reason) => reason,
        Err(fault) => return again(fault),
    };
    let id = incident.record.id.as_str();
    let second = match SecondPerson::of(&desk, &visit, &form, has_part).await? {
        Ok(second) => second,
        Err((unsigned, name)) => {
            let mut deed = Deed::new(visit.actor(), What::SecretNotLifted)
                .incident(id)
                .fact(facts::FAULT, unsigned.as_str());
            if let Some(name) = &name {
                deed = deed.fact(facts::SECOND, name);
            }
            desk.act(Act::of(deed)).await?;
            return again(unsigned.label());
        }
    };
    let deed = Deed::new(visit.actor(), What::SecretLifted)
        .incident(id)
        .subject(&digest)
        .fact(facts::REASON, &reason)
        .fact(facts::SECOND, second.name());
    desk.act(Act::of(deed).change(second.uses_code())).await?;
    done(&desk, &incident).await
}

/// `POST /incidents/{code}/lift/end`: the marking counts again.
pub(super) async fn end(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let (incident, digest) = secret(&desk, &visit, &code).await?;
    if !desk.reader.lifted().await?.contains(&digest) {
        return Err(Failure::Conflict);
    }
    let deed = Deed::new(visit.actor(), What::SecretLiftEnded)
        .incident(&incident.record.id)
        .subject(&digest);
    desk.act(Act::of(deed)).await?;
    done(&desk, &incident).await
}

async fn done(desk: &Desk, incident: &Incident) -> Result<Response, Failure> {
    put_lifts_in_force(&desk.reader, &desk.permits).await?;
    let place = format!("/incidents/{}?done=saved", incident.record.code);
    Ok(Redirect::to(&place).into_response())
}
