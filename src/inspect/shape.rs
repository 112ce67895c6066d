//! What does a request on an unknown path of an AI host look like?
//!
//! Page loads and pictures send nothing and are left out. What was found to be protected is masked
//! even where it stands in a name.

use std::collections::HashSet;

use crate::inspect::judge::Judgement;
use crate::inspect::{Case, CollectedRequest};
use crate::model::part::{PartKind, Place};
use crate::payload::{self, RequestShape};

/// What stands for a path in which something was found.
const MASKED_PATH: &str = "/{id}";

/// The shape of a request, if it sends something to a path that no row names.
pub(super) fn of_request(
    case: Case<'_>,
    judgement: &Judgement,
    request: &CollectedRequest,
) -> Option<RequestShape> {
    let head = &request.head;
    let sends = !request.body.is_empty() || (head.uri.query().is_some() && !loads_page(head));
    if case.opening.endpoint.is_some() || !sends {
        return None;
    }
    let content_type = head.headers.get(http::header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    Some(RequestShape {
        method: method(&head.method),
        content_type: payload::content_type_shape(content_type),
        ..shape(case, judgement, &request.host, head.uri.path())
    })
}

/// The shape of a WebSocket message, if no row names the socket's path.
pub(super) fn of_message(
    case: Case<'_>,
    judgement: &Judgement,
    host: &str,
    path: &str,
) -> Option<RequestShape> {
    let shape = || shape(case, judgement, host, path);
    case.opening.endpoint.is_none().then(shape)
}

fn shape(case: Case<'_>, judgement: &Judgement, host: &str, path: &str) -> RequestShape {
    let found: Vec<_> = judgement
        .findings
        .iter()
        .filter_map(|finding| case.readings.get(finding.part.0))
        .map(|reading| reading.part)
        .collect();
    let values: HashSet<&str> = found
        .iter()
        .filter(|part| part.kind == PartKind::Key)
        .map(|part| part.text.expose().as_str())
        .collect();
    let is_path_found = found.iter().any(|part| part.locator.place == Place::Path);
    let payloads = case
        .opening
        .query
        .iter()
        .chain(case.opening.body.as_ref().ok());
    let (fields, is_cut) = payload::fields(payloads, |name| values.contains(name));
    RequestShape {
        method: "WS".to_owned(),
        host: host.to_owned(),
        path: if is_path_found {
            MASKED_PATH.to_owned()
        } else {
            payload::path_shape(path)
        },
        content_type: String::new(),
        fields,
        is_cut,
    }
}

/// Browsers say what they load (Fetch Metadata): scripts, styles, pictures, pages carry nothing
/// that a person wrote just now.
fn loads_page(head: &http::request::Parts) -> bool {
    head.method == http::Method::GET
        && head
            .headers
            .get("sec-fetch-dest")
            .is_some_and(|dest| dest.as_bytes() != b"empty")
}

/// A usual method; others are words of the client.
fn method(method: &http::Method) -> String {
    let usual = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"];
    let name = method.as_str();
    if usual.contains(&name) { name } else { "other" }.to_owned()
}
