//! How is a person told that a request was refused? In the service's own wire shape, so that the
//! text appears where the answer would have; or as a page, where a page was asked for.
//!
//! In: what `inspect` says about the refusal, the store's receipt, the office's words. Out: a
//! complete response. Never: a value that was found, other than masked; for a state secret not
//! even that (Luật 117/2025/QH15).
//!
//! Read next: `refusal_text` (the words), `wire_error`, `wire_stream`, `wire_socket` (the shapes).

use http::{HeaderValue, StatusCode};

use super::answer::{
    self, AnswerFormat, LACHAN_ACTION, LACHAN_INCIDENT, OwnAnswer, PageRights, allow_origin,
};
use super::notice::Notice;
use super::office::OfficeTexts;
use super::refusal_text;
use super::wire_error::wire_error;
use super::wire_socket::{SocketRefusal, wire_socket};
use super::wire_stream::{Told, wire_stream};
use crate::inspect::RefusalFacts;
use crate::model::exchange::UnixMillis;
use crate::model::incident::Receipt;

/// The `code` that programs see in a refusal.
const CODE: &str = "blocked_by_la_chan";

/// Around what a refusal is made.
pub struct RefusalContext<'a> {
    /// How the one who asked can read it.
    pub format: AnswerFormat,
    /// The request's `Origin`, where it had one.
    pub origin: Option<HeaderValue>,
    /// The office's words.
    pub office: &'a OfficeTexts,
    /// When it was refused.
    pub at: UnixMillis,
    /// The time as people write it: "14:05 ngày 12/6/2026".
    pub now_label: &'a str,
}

/// Makes the answer to a refused request. Without a receipt there is no code to read out.
pub fn refuse(
    facts: &RefusalFacts,
    receipt: Option<&Receipt>,
    context: &RefusalContext<'_>,
) -> OwnAnswer {
    let code = receipt.map(|receipt| receipt.code.as_str());
    let notice = refusal_text::word(facts, code, context.office, context.now_label);
    let mut answer = match context.format {
        AnswerFormat::Page => {
            answer::page(StatusCode::FORBIDDEN, notice.html(), PageRights::Notice)
        }
        AnswerFormat::Json | AnswerFormat::Text => spoken(facts, &notice, context),
    };
    let headers = answer.headers_mut();
    headers.insert(LACHAN_ACTION, HeaderValue::from_static("block"));
    if let Some(id) = receipt.and_then(|receipt| HeaderValue::from_str(&receipt.id).ok()) {
        headers.insert(LACHAN_INCIDENT, id);
    }
    allow_origin(&mut answer, context.origin.as_ref());
    answer
}

/// What the client of a socket is told about a message that does not go up.
pub(super) fn refuse_message(
    facts: &RefusalFacts,
    receipt: Option<&Receipt>,
    office: &OfficeTexts,
    at: UnixMillis,
    now_label: &str,
) -> SocketRefusal {
    let code = receipt.map(|receipt| receipt.code.as_str());
    let text = refusal_text::word(facts, code, office, now_label).plain();
    let told = Told {
        text: &text,
        ids: &facts.ids,
        at,
    };
    wire_socket(facts.shape, CODE, &told)
}

/// The refusal as the service itself speaks: a stream where the row has one, an error elsewhere,
/// plain lines for who accepts neither.
fn spoken(facts: &RefusalFacts, notice: &Notice, context: &RefusalContext<'_>) -> OwnAnswer {
    let text = notice.plain();
    let told = Told {
        text: &text,
        ids: &facts.ids,
        at: context.at,
    };
    if let Some(stream) = wire_stream(facts.shape, &told) {
        return answer::content(StatusCode::OK, stream.content_type, stream.body);
    }
    let status = StatusCode::FORBIDDEN;
    if context.format == AnswerFormat::Text {
        return answer::content(status, "text/plain; charset=utf-8", text);
    }
    let error = wire_error(facts.shape, status, CODE, &text);
    answer::content(status, error.content_type, error.text)
}
