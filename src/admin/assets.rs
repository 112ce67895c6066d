//! The style and the little script, from the binary.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};

use crate::admin::failure::Failure;

/// Name, media type, text.
const ASSETS: [(&str, &str, &str); 2] = [
    (
        "office.css",
        "text/css; charset=utf-8",
        include_str!("static/office.css"),
    ),
    (
        "office.js",
        "text/javascript; charset=utf-8",
        include_str!("static/office.js"),
    ),
];

/// Changes with each version, so that a browser asks again after an upgrade.
const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");

/// `GET /static/{name}`
pub(super) async fn serve(
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let found = ASSETS.iter().find(|(known, _, _)| *known == name);
    let (_, kind, text) = found.ok_or(Failure::NotFound)?;
    let fixed = [
        (CONTENT_TYPE, *kind),
        (CACHE_CONTROL, "no-cache"),
        (ETAG, TAG),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|tag| tag == TAG) && !cfg!(debug_assertions) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    Ok((fixed, *text).into_response())
}
