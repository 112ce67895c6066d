//! What do other programs read? `/api/v1`: incidents, figures, tools, the state of the node.
//!
//! For the province and for a SIEM, by a token that an administrator made; read-only. Of a state
//! secret a program gets the id, the time and the level, nothing else (Luật 117/2025/QH15). The
//! shapes are in `api_shape`, their description for programs in `api_doc`.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::Uri;
use http::header::CONTENT_TYPE;

use crate::admin::api_doc;
use crate::admin::api_failure::ApiFailure;
use crate::admin::api_query::Asked;
use crate::admin::api_shape::{
    ApiIncident, ApiIncidents, ApiStatus, ApiSummary, ApiTool, ApiTools, SummaryLine,
};
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::past_days::{BY, Figures};
use crate::store::totals;
use crate::store::{Filter, Secrets};

/// Incidents on one page unless asked otherwise.
const PAGE_INCIDENTS: u32 = 50;
/// The most that can be asked for.
const PAGE_INCIDENTS_MAX: u32 = 1000;

/// What another method than GET gets.
pub(super) async fn other_method(uri: Uri) -> Response {
    if uri.path().starts_with("/api/") {
        ApiFailure::Method.into_response()
    } else {
        Failure::NotFound.into_response()
    }
}

/// `GET /api/v1/openapi.json`
pub(super) async fn document() -> Response {
    ([(CONTENT_TYPE, "application/json")], api_doc::document()).into_response()
}

/// `GET /api/v1/incidents`
#[utoipa::path(
    get, path = "/api/v1/incidents",
    params(
        ("since" = Option<String>, Query, format = DateTime, description = "Recorded at this time or later, RFC 3339"),
        ("until" = Option<String>, Query, format = DateTime, description = "Recorded before this time, RFC 3339"),
        ("before" = Option<u64>, Query, description = "With a smaller number: `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000, description = "At most so many; 50 unless said"),
    ),
    responses(
        (status = 200, body = ApiIncidents),
        (status = 400, body = crate::admin::api_failure::ApiProblem),
        (status = 401, body = crate::admin::api_failure::ApiProblem),
        (status = 503, body = crate::admin::api_failure::ApiProblem),
    ),
    security(("token" = []))
)]
pub(super) async fn incidents(State(desk): State<Desk>, uri: Uri) -> Result<Response, ApiFailure> {
    let asked = Asked::of(&uri, &["since", "until", "before", "limit"])?;
    let limit = asked.number("limit")?.unwrap_or(PAGE_INCIDENTS.into());
    let limit = u32::try_from(limit)
        .ok()
        .filter(|limit| (1..=PAGE_INCIDENTS_MAX).contains(limit))
        .ok_or(ApiFailure::Parameter("limit"))?;
    let filter = Filter {
        since: asked.time("since")?,
        until: asked.time("until")?,
        before_seq: asked.number("before")?,
        limit,
    };
    let found = desk.reader.list_with_states(&filter).await?;
    let is_full = found.len() == usize::try_from(limit).unwrap_or(usize::MAX);
    let last = found.last().map(|(incident, _)| incident.seq);
    let next = last.filter(|_| is_full);
    let incidents = found
        .iter()
        .map(|(incident, state)| ApiIncident::of(incident, Some(state)))
        .collect();
    Ok(axum::Json(ApiIncidents { incidents, next }).into_response())
}

/// `GET /api/v1/incidents/{id}`
#[utoipa::path(
    get, path = "/api/v1/incidents/{id}",
    params(("id" = String, Path, description = "The id, or the code that is read out by telephone")),
    responses(
        (status = 200, body = ApiIncident),
        (status = 401, body = crate::admin::api_failure::ApiProblem),
        (status = 404, body = crate::admin::api_failure::ApiProblem),
        (status = 503, body = crate::admin::api_failure::ApiProblem),
    ),
    security(("token" = []))
)]
pub(super) async fn incident(
    State(desk): State<Desk>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiFailure> {
    let Path(id) = id.map_err(|_unreadable| ApiFailure::NotFound)?;
    let found = desk.reader.whole(&id).await?.ok_or(ApiFailure::NotFound)?;
    Ok(axum::Json(ApiIncident::of(&found.incident, Some(&found.state))).into_response())
}

/// `GET /api/v1/summary`
#[utoipa::path(
    get, path = "/api/v1/summary",
    params(
        ("from" = Option<String>, Query, format = Date, description = "The first day; thirty days ago unless said"),
        ("to" = Option<String>, Query, format = Date, description = "The last day; today unless said"),
    ),
    responses(
        (status = 200, body = ApiSummary),
        (status = 400, body = crate::admin::api_failure::ApiProblem),
        (status = 401, body = crate::admin::api_failure::ApiProblem),
        (status = 503, body = crate::admin::api_failure::ApiProblem),
    ),
    security(("token" = []))
)]
pub(super) async fn summary(State(desk): State<Desk>, uri: Uri) -> Result<Response, ApiFailure> {
    let asked = Asked::of(&uri, &["from", "to"])?;
    let today = totals::day_of(desk.now());
    let last = asked.day("to")?.unwrap_or(today);
    let first = asked.day("from")?.unwrap_or(last - 29);
    // How many state secrets there were is for those who may see them.
    let figures = Figures::of(&desk, (first, last), Secrets::Hidden).await?;
    let lines = BY
        .into_iter()
        .flat_map(|by| SummaryLine::of(by, figures.sums(by)))
        .collect();
    let summary = ApiSummary::new((first, last), lines);
    Ok(axum::Json(summary).into_response())
}

/// `GET /api/v1/tools`
#[utoipa::path(
    get, path = "/api/v1/tools",
    responses(
        (status = 200, body = ApiTools),
        (status = 401, body = crate::admin::api_failure::ApiProblem),
        (status = 503, body = crate::admin::api_failure::ApiProblem),
    ),
    security(("token" = []))
)]
pub(super) async fn tools(State(desk): State<Desk>) -> Result<Response, ApiFailure> {
    let registry = desk.store.registry();
    let now = desk.now();
    let tools = registry
        .tools()
        .map(|tool| ApiTool::of(tool, now))
        .collect();
    Ok(axum::Json(ApiTools { tools }).into_response())
}

/// `GET /api/v1/status`
#[utoipa::path(
    get, path = "/api/v1/status",
    responses(
        (status = 200, body = ApiStatus),
        (status = 401, body = crate::admin::api_failure::ApiProblem),
        (status = 503, body = crate::admin::api_failure::ApiProblem),
    ),
    security(("token" = []))
)]
pub(super) async fn status(State(desk): State<Desk>) -> Result<Response, ApiFailure> {
    Ok(axum::Json(ApiStatus::of(&(desk.status)())).into_response())
}
