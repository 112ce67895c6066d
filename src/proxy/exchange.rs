//! The life of one request on an intercepted connection.
//!
//! In: a request as it arrives. Out: the service's answer, streaming, or an answer of ours. Between
//! them: is it for this host, is it whole, what does `inspect` say, is the incident stored; only
//! then does it go up.
//!
//! Never: a byte upstream before the verdict, a field of ours upstream, an answer held back.
//!
//! Read next: `collect` (the body), `judgement` (the inspection), `upstream` (the way up).

use std::sync::Arc;
use std::time::Instant;

use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::Body;
use hyper::body::Incoming;

use super::Core;
use super::answer::{LACHAN_ACTION, LACHAN_INCIDENT};
use super::asker::Asker;
use super::bodies::AnswerBody;
use super::budget::Share;
use super::collect::{self, Collected};
use super::failure::Failure;
use super::fields::onward_answer;
use super::host_kind::SELF_TEST_HOST;
use super::judgement::{self, Counted};
use super::pool::PoolKey;
use super::request_head::{self, Wish};
use super::upgrade::{self, ClientSide};
use crate::inspect::{
    self, Cleared, CollectedRequest, Inspection, Inspector, Route, Sender, Verdict,
};
use crate::model::decision::Action;
use crate::model::incident::Receipt;
use crate::telemetry::{ExchangeOutcome, Stage};

/// The service's label where a request never got as far as being recognized.
const NO_SERVICE: &str = "unknown";

/// One intercepted connection of a client: whose, to which host.
pub(super) struct Interception {
    pub(super) core: Arc<Core>,
    pub(super) sender: Sender,
    pub(super) key: PoolKey,
    /// Set where the upstream failed on first contact: all that the client is told.
    pub(super) failed: Option<Failure>,
}

/// Answers one request.
pub(super) async fn exchange(
    interception: Arc<Interception>,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let asker = Asker::of(request.headers());
    let core = Arc::clone(&interception.core);
    let one = Exchange {
        interception,
        asker: asker.clone(),
        inspector: core.parts.inspector.load_full(),
    };
    match one.run(request).await {
        Ok(response) => response,
        Err(failure) => {
            let outcome = match failure.upstream_kind() {
                Some(_) => ExchangeOutcome::UpstreamFailed,
                None => ExchangeOutcome::Failed,
            };
            core.parts.metrics.exchange(NO_SERVICE, outcome);
            asker.fail(&failure, &core)
        }
    }
}

/// A request that was admitted.
struct Arrived {
    head: http::request::Parts,
    body: Incoming,
    waits_for_go: bool,
    /// The client's side of the socket it wishes for.
    socket: Option<ClientSide>,
}

/// One request with the snapshot of rules that it keeps to its end.
struct Exchange {
    interception: Arc<Interception>,
    asker: Asker,
    inspector: Arc<Inspector>,
}

impl Exchange {
    async fn run(&self, mut request: Request<Incoming>) -> Result<Response<AnswerBody>, Failure> {
        let upgrade = hyper::upgrade::on(&mut request);
        let waits_for_go = request.headers().contains_key(header::EXPECT);
        let (received, body) = request.into_parts();
        let admitted = match &self.interception.failed {
            Some(failure) => Ok(Err(failure)),
            None => request_head::admit(received, self.key(), self.limits()).map(Ok),
        };
        let (head, wish) = match admitted {
            Ok(Ok(admitted)) => admitted,
            Ok(Err(failure)) => {
                self.read_on(body, waits_for_go);
                return Ok(self.asker.fail(failure, self.core()));
            }
            Err(failure) => {
                self.read_on(body, waits_for_go);
                return Err(failure);
            }
        };
        let arrived = Arrived {
            socket: (wish == Wish::WebSocket).then(|| ClientSide::new(upgrade, &head)),
            head,
            body,
            waits_for_go,
        };
        match wish {
            Wish::WebSocket => self.inspected(arrived).await,
            Wish::Answer => match self.inspector.route(&self.key().host, &arrived.head) {
                Route::Inspect => self.inspected(arrived).await,
                Route::Passing(permit) => self.passed(permit, arrived).await,
            },
        }
    }

    /// A request whose body is collected and read.
    async fn inspected(&self, arrived: Arrived) -> Result<Response<AnswerBody>, Failure> {
        let Arrived {
            head,
            mut body,
            waits_for_go,
            socket,
        } = arrived;
        let started = Instant::now();
        let client = self.interception.sender.client.ip();
        let collected =
            collect::collect(&mut body, client, &self.core().budget, self.limits()).await;
        let collected = match collected {
            Ok(collected) => collected,
            Err(failure) => {
                self.read_on(body, waits_for_go);
                return Err(failure);
            }
        };
        let metrics = &self.core().parts.metrics;
        metrics.inspection(Stage::Collect, started.elapsed());
        let whole_at = Instant::now();
        let Collected {
            bytes,
            trailers,
            share,
        } = collected;
        let request = CollectedRequest {
            head,
            host: self.key().host.clone(),
            body: bytes,
            trailers,
        };
        let inspection = inspect_request(
            self.core(),
            &self.inspector,
            &self.interception.sender,
            request,
        )
        .await?;
        self.follow(inspection, socket, share, whole_at).await
    }

    /// Does what the verdict says, the incident first.
    async fn follow(
        &self,
        inspection: Inspection,
        socket: Option<ClientSide>,
        share: Option<Share>,
        whole_at: Instant,
    ) -> Result<Response<AnswerBody>, Failure> {
        let metrics = &self.core().parts.metrics;
        let Inspection {
            verdict,
            service,
            incident,
            ..
        } = inspection;
        let receipt = judgement::record(self.core(), incident).await?;
        match verdict {
            Verdict::Forward { request, redacted } => {
                metrics.added_latency(whole_at.elapsed());
                let upstream = &self.core().upstream;
                let answer = match socket {
                    None if self.key().host == SELF_TEST_HOST => {
                        self.core().self_test(*request, &self.interception.sender)
                    }
                    None => upstream.send(self.key(), *request, share).await?,
                    Some(socket) => upgrade::open(&self.interception, *request, socket).await?,
                };
                let outcome = if redacted {
                    ExchangeOutcome::Redacted
                } else {
                    ExchangeOutcome::Forwarded
                };
                metrics.exchange(&service, outcome);
                let told = receipt.filter(|_| redacted);
                Ok(self.onward(answer, told.as_ref()))
            }
            Verdict::Refuse(facts) => {
                metrics.exchange(&service, ExchangeOutcome::Refused);
                Ok(self.asker.refuse(&facts, receipt.as_ref(), self.core()))
            }
            Verdict::AnswerHere {
                status,
                content_type,
                body,
            } => {
                metrics.exchange(&service, ExchangeOutcome::AnsweredHere);
                Ok(answer_here(status, content_type, body))
            }
        }
    }

    /// A request on a shared host outside the paths of its rows.
    async fn passed(
        &self,
        permit: Cleared<inspect::Passing>,
        arrived: Arrived,
    ) -> Result<Response<AnswerBody>, Failure> {
        let answer = self
            .core()
            .upstream
            .send_passing(self.key(), permit, arrived.head, arrived.body)
            .await?;
        let metrics = &self.core().parts.metrics;
        metrics.exchange(NO_SERVICE, ExchangeOutcome::Passed);
        Ok(self.onward(answer, None))
    }

    /// The service's answer as it goes down: without fields of the connection, and, where values
    /// were replaced, with the incident's id.
    fn onward(
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

    /// Reads on after an early answer, while that answer goes down. A client that still waits for
    /// `100 Continue` has sent nothing.
    fn read_on(&self, body: Incoming, waits_for_go: bool) {
        if !waits_for_go && !body.is_end_stream() {
            let limits = Arc::clone(&self.core().parts.limits);
            self.core()
                .spawn(async move { collect::drain(body, &limits).await });
        }
    }

    fn core(&self) -> &Core {
        &self.interception.core
    }

    fn key(&self) -> &PoolKey {
        &self.interception.key
    }

    fn limits(&self) -> &crate::model::limits::Limits {
        &self.interception.core.parts.limits
    }
}

/// Inspects one request with a snapshot of the rules, and counts what came of it.
pub(super) async fn inspect_request(
    core: &Core,
    inspector: &Arc<Inspector>,
    sender: &Sender,
    request: CollectedRequest,
) -> Result<Inspection, Failure> {
    let bytes = request.body.len();
    let inspector = Arc::clone(inspector);
    let sender = sender.clone();
    let at = (core.parts.clock)();
    let inspection =
        judgement::judge(core, bytes, move || inspector.inspect(request, &sender, at)).await?;
    let otherwise = match &inspection.verdict {
        Verdict::Forward { .. } => Action::Allow,
        Verdict::Refuse(_) | Verdict::AnswerHere { .. } => Action::Block,
    };
    Counted::request(&inspection, otherwise).count(core);
    Ok(inspection)
}

fn answer_here(
    status: StatusCode,
    content_type: &'static str,
    body: bytes::Bytes,
) -> Response<AnswerBody> {
    let mut answer = Response::new(AnswerBody::Own(body.into()));
    *answer.status_mut() = status;
    if !content_type.is_empty() {
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    answer
}
