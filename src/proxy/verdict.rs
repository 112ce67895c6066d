//! What follows from a verdict: up, down, and in which order?
//!
//! In: an inspection. Out: the answer for the client. The incident is on disk before an audited or
//! redacted request goes up and before a refusal goes down.
//!
//! Never: an id of ours on an answer to a request that was not changed.

use std::time::Instant;

use http::{HeaderValue, Response, StatusCode, header};

use super::answer::{LACHAN_ACTION, LACHAN_INCIDENT};
use super::bodies::AnswerBody;
use super::budget::{Growing, Share};
use super::exchange::Exchange;
use super::failure::Failure;
use super::fields::onward_answer;
use super::host_kind::SELF_TEST_HOST;
use super::judgement::{self, ToRecord};
use super::restoring::restored;
use super::upgrade::{self, ClientSide};
use crate::inspect::{self, Cleared, Inspection, Restoring, Verdict};
use crate::model::incident::Receipt;
use crate::telemetry::ExchangeOutcome;

/// What a judged request still holds.
pub(super) struct Held {
    /// The client's side of the socket it wishes for.
    pub(super) socket: Option<ClientSide>,
    /// The share of the budget that its body takes.
    pub(super) share: Option<Share>,
    /// When the request was here whole.
    pub(super) whole_at: Instant,
}

impl Exchange {
    /// Does what the verdict says, the incident first.
    pub(super) async fn follow(
        &self,
        inspection: Inspection,
        held: Held,
    ) -> Result<Response<AnswerBody>, Failure> {
        let service = inspection.service.clone();
        let (answer, outcome) = self.answer(inspection, held).await?;
        self.core().parts.metrics.exchange(&service, outcome);
        Ok(answer)
    }

    async fn answer(
        &self,
        inspection: Inspection,
        held: Held,
    ) -> Result<(Response<AnswerBody>, ExchangeOutcome), Failure> {
        let endpoint = inspection.endpoint;
        let action = inspection.action.as_str();
        let client = self.interception.sender.client;
        let receipt = judgement::record(
            self.core(),
            client,
            ToRecord {
                incident: inspection.incident,
                released: inspection.released,
                evidence: inspection.evidence,
            },
        )
        .await?;
        if let Some(Receipt { code, .. }) = &receipt {
            let service = inspection.service;
            tracing::info!(service, endpoint, action, code, "incident recorded");
        }
        Ok(match inspection.verdict {
            Verdict::Forward { request, redacted } => {
                let key = self.key();
                let head = &request.as_inner().head;
                let sender = &self.interception.sender;
                let clock = self.core().parts.clock;
                let restoring = self.inspector.restoring(&key.host, head, sender, clock);
                let answer = self.forward(*request, held, restoring.as_ref()).await?;
                let growing = Growing::new(self.core().budget.clone(), client.ip());
                let answer = restored(restoring.as_ref(), answer, growing);
                let outcome = if redacted {
                    ExchangeOutcome::Redacted
                } else {
                    ExchangeOutcome::Forwarded
                };
                let told = receipt.filter(|_| redacted);
                (self.onward(answer, told.as_ref()), outcome)
            }
            Verdict::Refuse(facts) => {
                let answer = self.asker.refuse(&facts, receipt.as_ref(), self.core());
                (answer, ExchangeOutcome::Refused)
            }
            Verdict::AnswerHere {
                status,
                content_type,
                body,
            } => {
                let answer = self.asker.answer_here(status, content_type, body);
                (answer, ExchangeOutcome::AnsweredHere)
            }
        })
    }

    /// Sends a cleared request to whom it is for: the service, its socket, or the self-test.
    async fn forward(
        &self,
        request: Cleared<inspect::Request>,
        held: Held,
        restoring: Option<&Restoring>,
    ) -> Result<Response<AnswerBody>, Failure> {
        let core = self.core();
        core.parts.metrics.added_latency(held.whole_at.elapsed());
        match held.socket {
            Some(socket) => {
                let restorer = restoring.map(Restoring::of_socket);
                upgrade::open(&self.interception, request, socket, restorer).await
            }
            None if self.key().host == SELF_TEST_HOST => {
                Ok(core.self_test(request, &self.interception.sender))
            }
            None => core.upstream.send(self.key(), request, held.share).await,
        }
    }

    /// The service's answer as it goes down: without fields of the connection, and, where values
    /// were replaced, with the incident's id.
    pub(super) fn onward(
        &self,
        mut answer: Response<AnswerBody>,
        redaction: Option<&Receipt>,
    ) -> Response<AnswerBody> {
        *answer.version_mut() = http::Version::HTTP_11;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            *answer.headers_mut() = onward_answer(answer.headers());
        }
        let Some(receipt) = redaction else {
            return answer;
        };
        let headers = answer.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&receipt.id) {
            headers.insert(LACHAN_INCIDENT, id);
        }
        headers.insert(LACHAN_ACTION, HeaderValue::from_static("redact"));
        if self.asker.is_cross_origin() {
            headers.append(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("Lachan-Incident, Lachan-Action"),
            );
        }
        answer
    }
}
