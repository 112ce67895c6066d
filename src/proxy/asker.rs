//! How can the one who asked read an answer of ours?
//!
//! In: the head of a request, before it goes anywhere. Out: answers in the form that this client
//! shows to a person: a page, the service's error shape, or text.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::answer::{self, AnswerFormat};
use super::bodies::AnswerBody;
use super::failure::Failure;
use super::failure_page::{self, FailureContext};
use super::refusal::{self, RefusalContext};
use super::{Core, incident_label};
use crate::inspect::RefusalFacts;
use crate::model::incident::Receipt;
use crate::service::RefusalShape;

/// What is kept of a request's head to answer it by ourselves.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    format: AnswerFormat,
    shape: RefusalShape,
    origin: Option<HeaderValue>,
}

impl Asker {
    /// Reads a head. `shape` is how the service asked for prints errors.
    pub(super) fn of(headers: &HeaderMap, shape: RefusalShape) -> Self {
        Self {
            format: AnswerFormat::of(headers),
            shape,
            origin: headers.get(header::ORIGIN).cloned(),
        }
    }

    /// Whether the asker is a page's script of another origin, which sees only exposed fields.
    pub(super) const fn is_cross_origin(&self) -> bool {
        self.origin.is_some()
    }

    /// The answer to a request that met a failure.
    pub(super) fn fail(&self, failure: &Failure, core: &Core) -> Response<AnswerBody> {
        let kind = failure.meet(&core.parts.metrics);
        let office = core.office();
        let context = FailureContext {
            format: self.format,
            shape: self.shape,
            host: failure.host(),
            origin: self.origin.clone(),
            office: &office,
        };
        failure_page::fail(kind, &context).map(AnswerBody::from)
    }

    /// The answer to a request that policy stopped.
    pub(super) fn refuse(
        &self,
        facts: &RefusalFacts,
        receipt: Option<&Receipt>,
        core: &Core,
    ) -> Response<AnswerBody> {
        let office = core.office();
        let now_label = receipt.map(incident_label::recorded).unwrap_or_default();
        let context = RefusalContext {
            format: self.format,
            origin: self.origin.clone(),
            office: &office,
            at: receipt.map_or_else(core.parts.clock, |receipt| receipt.recorded_at),
            now_label: &now_label,
        };
        refusal::refuse(facts, receipt, &context).map(AnswerBody::from)
    }

    /// A harmless answer given here instead of by the service.
    pub(super) fn answer_here(
        &self,
        status: StatusCode,
        content_type: &'static str,
        body: Bytes,
    ) -> Response<AnswerBody> {
        let mut answer = Response::new(body.into());
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        if !content_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer::allow_origin(&mut answer, self.origin.as_ref());
        answer.map(AnswerBody::from)
    }
}
