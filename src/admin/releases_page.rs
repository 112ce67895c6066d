//! Which clerks ask that a stopped content may be sent all the same? A reviewer sees it live and
//! grants it once, for a quarter of an hour, or declines it with a reason.
//!
//! Never: a state secret, and never the text: who wants to read it goes to the clerk.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Redirect, Response};
use futures_util::stream;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_page::visible;
use crate::admin::incident_words;
use crate::admin::standing::grant_of;
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::Role;
use crate::model::thousands::grouped;
use crate::store::release::{GRANTED_MILLIS, REASON, ReleaseAnswer, ReleaseState, WAITING_MILLIS};
use crate::store::{Act, Deed, IncidentRecord, What};

const HERE: &str = "/releases";
/// How long answered wishes are shown.
const SHOWN_MILLIS: i64 = 7 * WAITING_MILLIS;
/// How long a reason may be.
const REASON_CHARS_MAX: usize = 500;
/// How long one stream lasts: the browser asks again, and is asked again who it is.
const STREAM_MAX: Duration = Duration::from_secs(600);
/// How often a quiet stream says that it is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(20);

#[derive(Template)]
#[template(path = "releases.html")]
struct ReleasesPage {
    frame: Frame,
    waiting: Vec<Wish>,
    answered: Vec<Answered>,
    may_decide: bool,
}

/// A wish that waits, with what its incident tells.
struct Wish {
    code: String,
    reason: String,
    asked: String,
    service: String,
    unit: String,
    client: String,
    carries: String,
    found: Vec<String>,
    file: Option<String>,
    subjects: u64,
}

struct Answered {
    code: String,
    reason: String,
    asked: String,
    answer: String,
    tone: &'static str,
}

/// `GET /releases`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let now = desk.now();
    let since = UnixMillis(now.0.saturating_sub(SHOWN_MILLIS));
    let mut waiting = Vec::new();
    let mut answered = Vec::new();
    let is_shown = |release: &ReleaseState| release.asked_at >= since;
    for release in desk.reader.releases(is_shown).await? {
        if !release.waits_at(now) {
            answered.push(answer(release, now));
        } else if let Some(incident) = desk.reader.find(&release.incident).await? {
            waiting.push(wish(&desk, release, &incident.record));
        }
    }
    // Who waits longest comes first.
    waiting.reverse();
    page(&ReleasesPage {
        frame: Frame::new(&desk, &visit, HERE),
        waiting,
        answered,
        may_decide: visit.role() == Role::Reviewer,
    })
}

fn wish(desk: &Desk, release: ReleaseState, record: &IncidentRecord) -> Wish {
    Wish {
        code: record.code.clone(),
        reason: release.reason,
        asked: told::short(release.asked_at),
        service: desk.service_name(&record.service),
        unit: record.unit.clone().unwrap_or_default(),
        client: record.client_address.clone(),
        carries: incident_words::carries(&record.carries),
        found: incident_words::found(record),
        file: record
            .file
            .as_ref()
            .map(|file| format!("{}, {} byte", file.name_masked, grouped(file.bytes))),
        subjects: record.subjects,
    }
}

fn answer(release: ReleaseState, now: UnixMillis) -> Answered {
    let until = release.granted_until(now);
    let (answer, tone) = match (&release.answer, until) {
        (ReleaseAnswer::Granted { by, .. }, Some(until)) => {
            let until = told::short(until);
            (format!("{by} đồng ý, gửi được đến {until}"), "care")
        }
        (ReleaseAnswer::Granted { by, .. }, None) => {
            (format!("{by} đồng ý, hết hạn mà chưa gửi"), "")
        }
        (ReleaseAnswer::Declined { by, reason }, _) => (format!("{by} không đồng ý: {reason}"), ""),
        (ReleaseAnswer::Used { at }, _) => (format!("đã gửi lúc {}", told::short(*at)), "grave"),
        (ReleaseAnswer::Waiting, _) => ("hết hạn, chưa ai trả lời".to_owned(), ""),
    };
    Answered {
        code: release.code,
        reason: release.reason,
        asked: told::short(release.asked_at),
        answer,
        tone,
    }
}

/// `POST /releases/{code}`: granted or declined, once.
pub(super) async fn decide(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let incident = visible(&desk, &visit, &code).await?;
    let id = incident.record.id.as_str();
    let now = desk.now();
    let release = desk.reader.release(id).await?.ok_or(Failure::NotFound)?;
    if !release.waits_at(now) {
        return Err(Failure::Conflict);
    }
    let reason: String = form.text("reason").chars().take(REASON_CHARS_MAX).collect();
    match form.text("decision") {
        "grant" => {
            let until = UnixMillis(now.0.saturating_add(GRANTED_MILLIS));
            let grant = grant_of(&incident, until).ok_or(Failure::BadForm)?;
            let deed = Deed::new(visit.actor(), What::ReleaseGranted).incident(id);
            desk.act(Act::of(deed)).await?;
            desk.permits.grant(grant);
        }
        "decline" if !reason.is_empty() => {
            let deed = Deed::new(visit.actor(), What::ReleaseDeclined).incident(id);
            desk.act(Act::of(deed.fact(REASON, &reason))).await?;
        }
        _ => return Err(Failure::BadForm),
    }
    Ok(Redirect::to("/releases?done=saved").into_response())
}

/// How many wishes wait.
pub(super) async fn waiting(desk: &Desk) -> Result<usize, Failure> {
    let now = desk.now();
    let waiting = desk.reader.releases(|release| release.waits_at(now));
    Ok(waiting.await?.len())
}

/// `GET /releases/stream`: how many wishes wait, told again whenever that changes. The page asks
/// again for itself; no content goes this way.
pub(super) async fn stream(State(desk): State<Desk>) -> Result<Response, Failure> {
    let first = waiting(&desk).await?;
    let deeds = desk.store.deeds_seen();
    let end = tokio::time::Instant::now() + STREAM_MAX;
    let told = stream::unfold(
        (desk, deeds, None),
        move |(desk, mut deeds, last)| async move {
            let now = match last {
                None => first,
                Some(last) => loop {
                    let changed = tokio::time::timeout_at(end, deeds.changed());
                    changed.await.ok()?.ok()?;
                    let now = waiting(&desk).await.ok()?;
                    if now != last {
                        break now;
                    }
                },
            };
            let event = Event::default().event("waiting").data(now.to_string());
            Some((Ok::<_, Infallible>(event), (desk, deeds, Some(now))))
        },
    );
    let alive = KeepAlive::new().interval(ALIVE_EVERY);
    Ok(Sse::new(told).keep_alive(alive).into_response())
}
