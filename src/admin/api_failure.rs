//! What is a program told when it cannot be served? A status and a word, as JSON.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::failure::Failure;
use crate::store::StoreError;

/// Why a program cannot be served.
#[derive(Debug)]
pub(super) enum ApiFailure {
    /// No token, or none that holds.
    NoToken,
    /// There is no such thing.
    NotFound,
    /// Only GET is answered.
    Method,
    /// This parameter cannot be understood.
    Parameter(&'static str),
    /// The store could not be read.
    Store(StoreError),
}

/// A problem, for programs.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiProblem {
    /// A word that stays the same.
    error: &'static str,
    /// The parameter it is about.
    parameter: Option<&'static str>,
}

impl From<StoreError> for ApiFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for ApiFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => Self::Store(error),
            Failure::Conflict => Self::Store(StoreError::Conflict),
            Failure::NotFound
            | Failure::Forbidden
            | Failure::SignInFirst(_)
            | Failure::First(_)
            | Failure::ForeignForm
            | Failure::BadForm
            | Failure::BadField(_)
            | Failure::Shelf(_)
            | Failure::Report(_)
            | Failure::ReportForm(_)
            | Failure::Page(_)
            | Failure::Crypto => Self::NotFound,
        }
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let (status, error, parameter) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, "no_token", None),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", None),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "only_get", None),
            Self::Parameter(name) => (StatusCode::BAD_REQUEST, "bad_parameter", Some(name)),
            Self::Store(error) => {
                tracing::error!(%error, "an answer for a program failed");
                (StatusCode::SERVICE_UNAVAILABLE, "store", None)
            }
        };
        let mut answer = (status, axum::Json(ApiProblem { error, parameter })).into_response();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let methods = HeaderValue::from_static("GET, HEAD");
            answer.headers_mut().insert(ALLOW, methods);
        }
        if status == StatusCode::UNAUTHORIZED {
            let how = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(WWW_AUTHENTICATE, how);
        }
        answer
    }
}
