//! How is a person told that a request was refused? In the service's own wire shape, so that the
//! text appears where the answer would have; or as a page, where a page was asked for.
//!
//! In: what `inspect` says about the refusal, the store's receipt, the office's words. Out: a
//! complete response. Never: a value that was found, other than masked; for a state secret not
//! even that (Luật 117/2025/QH15).
//!
//! Read next: `refusal_text` (the words), `wire_error` (the shapes).

use http::{HeaderValue, StatusCode};

use super::answer::{
    self, AnswerFormat, LACHAN_ACTION, LACHAN_INCIDENT, OwnAnswer, PageRights, allow_origin,
};
use super::office::OfficeTexts;
use super::refusal_text;
use super::wire_error::wire_error;
use crate::inspect::RefusalFacts;
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
    let status = StatusCode::FORBIDDEN;
    let mut answer = match context.format {
        AnswerFormat::Page => answer::page(status, notice.html(), PageRights::Notice),
        AnswerFormat::Json => {
            let error = wire_error(facts.shape, status, CODE, &notice.plain());
            answer::content(status, "application/json; charset=utf-8", error.to_string())
        }
        AnswerFormat::Text => {
            answer::content(status, "text/plain; charset=utf-8", notice.plain())
        }
    };
    let headers = answer.headers_mut();
    headers.insert(LACHAN_ACTION, HeaderValue::from_static("block"));
    if let Some(id) = receipt.and_then(|receipt| HeaderValue::from_str(&receipt.id).ok()) {
        headers.insert(LACHAN_INCIDENT, id);
    }
    allow_origin(&mut answer, context.origin.as_ref());
    answer
}
