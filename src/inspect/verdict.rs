//! Act three: what becomes of what was judged?
//!
//! A request goes up as it came or with placeholders, is refused, or is answered here. An edit
//! that cannot be made is a refusal, never a pass.

use std::sync::PoisonError;

use bytes::Bytes;

use crate::inspect::cleared::{Cleared, Message, Request};
use crate::inspect::inspection::{CollectedRequest, MessageVerdict, Verdict};
use crate::inspect::judge::{self, Edits, Judgement};
use crate::inspect::{Case, Node, draft};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::note::Note;
use crate::redact::Scope;

/// What becomes of a request. Where redaction turns out to be impossible, the judgement becomes a
/// block, so that the incident tells what was done.
pub(super) fn of_request(
    node: &Node,
    case: Case<'_>,
    judgement: &mut Judgement,
    request: &CollectedRequest,
) -> Verdict {
    match judgement.decision.action {
        Action::Allow | Action::Audit => Verdict::Forward {
            request: cleared(request, request.body.clone(), None),
            redacted: false,
        },
        // A draft with gaps helps nobody: its client gets the harmless answer.
        Action::Redact if is_answered_here(case) => {
            block(judgement);
            stop(case, judgement)
        }
        Action::Redact => match redacted(node, case, judgement, request) {
            Some(cleared) => Verdict::Forward {
                request: cleared,
                redacted: true,
            },
            None => {
                block_sealed(judgement);
                stop(case, judgement)
            }
        },
        Action::Block => stop(case, judgement),
    }
}

/// What becomes of a WebSocket message. Its frame is made anew, so only its text must fit.
pub(super) fn of_message(
    node: &Node,
    case: Case<'_>,
    judgement: &mut Judgement,
    message: Message,
) -> MessageVerdict {
    let payload = match judgement.decision.action {
        Action::Allow | Action::Audit => Some(message.payload),
        Action::Redact => {
            let edits = plan(node, case, judgement);
            judge::rewrite_body(case.opening, &edits.body, &message.payload)
        }
        Action::Block => None,
    };
    let Some(payload) = payload else {
        match judgement.decision.action {
            Action::Redact => block_sealed(judgement),
            Action::Allow | Action::Audit | Action::Block => block(judgement),
        }
        return MessageVerdict::Refuse(Box::new(draft::refusal(case, judgement)));
    };
    let kind = message.kind;
    MessageVerdict::Forward(Cleared::new(Message { kind, payload }))
}

/// The request with placeholders for values; the way back is remembered.
fn redacted(
    node: &Node,
    case: Case<'_>,
    judgement: &Judgement,
    request: &CollectedRequest,
) -> Option<Box<Cleared<Request>>> {
    let edits = plan(node, case, judgement);
    let body = judge::rewrite_body(case.opening, &edits.body, &request.body)?;
    let uri = match &case.opening.query {
        Some(query) if !edits.query.is_empty() => Some(with_query(
            &request.head.uri,
            &query.rewrite(&edits.query).ok()?,
        )?),
        Some(_) | None => None,
    };
    Some(cleared(request, body, uri))
}

fn plan(node: &Node, case: Case<'_>, judgement: &Judgement) -> Edits {
    let client = case.sender.client.to_string();
    let service = case.opening.service;
    let scope = Scope {
        client: &client,
        service,
    };
    let mut memory = node.way_back.lock().unwrap_or_else(PoisonError::into_inner);
    let knows = |code: &str| memory.knows(&client, service, code, case.at);
    let (edits, way_back) =
        judge::plan_edits(&node.placeholders, &scope, case.readings, judgement, knows);
    memory.remember(&client, service, way_back, case.at);
    edits
}

/// Clears the request with its (perhaps rewritten) body and URI.
fn cleared(
    request: &CollectedRequest,
    body: Bytes,
    uri: Option<http::Uri>,
) -> Box<Cleared<Request>> {
    let mut head = request.head.clone();
    if let Some(uri) = uri {
        head.uri = uri;
    }
    if head.headers.contains_key(http::header::CONTENT_LENGTH) {
        head.headers
            .insert(http::header::CONTENT_LENGTH, body.len().into());
    }
    Box::new(Cleared::new(Request {
        head,
        body,
        trailers: request.trailers.clone(),
    }))
}

fn with_query(uri: &http::Uri, query: &[u8]) -> Option<http::Uri> {
    let query = std::str::from_utf8(query).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{}?{query}", uri.path()).parse().ok()?);
    http::Uri::from_parts(parts).ok()
}

/// Stops the request: telemetry and drafts get a harmless answer, everything else a refusal.
fn stop(case: Case<'_>, judgement: &Judgement) -> Verdict {
    if case.opening.carries == Carries::Telemetry {
        return Verdict::AnswerHere {
            status: http::StatusCode::NO_CONTENT,
            content_type: "",
            body: Bytes::new(),
        };
    }
    match case
        .opening
        .endpoint
        .and_then(|endpoint| endpoint.local_answer())
    {
        Some(answer) => Verdict::AnswerHere {
            status: http::StatusCode::OK,
            content_type: answer.content_type,
            body: Bytes::from(answer.body.to_owned()),
        },
        None => Verdict::Refuse(Box::new(draft::refusal(case, judgement))),
    }
}

/// Whether the request is a draft whose client takes a harmless answer.
fn is_answered_here(case: Case<'_>) -> bool {
    let endpoint = case.opening.endpoint;
    case.opening.carries == Carries::Draft
        && endpoint.is_some_and(|endpoint| endpoint.local_answer().is_some())
}

/// The same, because what hangs on the text could not follow it.
fn block_sealed(judgement: &mut Judgement) {
    block(judgement);
    if !judgement.notes.contains(&Note::SignedBody) {
        judgement.notes.push(Note::SignedBody);
    }
}

/// What would have been redacted is blocked instead.
fn block(judgement: &mut Judgement) {
    let decision = &mut judgement.decision;
    decision.action = Action::Block;
    for own in &mut decision.per_finding {
        if *own == Action::Redact {
            *own = Action::Block;
        }
    }
}
