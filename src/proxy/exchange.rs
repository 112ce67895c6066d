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

use bytes::Bytes;
use http::{Request, Response, header};
use http_body::Body;
use hyper::body::Incoming;

use super::Core;
use super::asker::Asker;
use super::bodies::AnswerBody;
use super::collect::{self, Collected};
use super::failure::Failure;
use super::judgement;
use super::pool::PoolKey;
use super::request_head::{self, Wish};
use super::upgrade::{self, ClientSide};
use super::verdict::Held;
use super::websocket_deflate::Offered;
use crate::inspect::{CollectedRequest, HeadVerdict, Inspection, Inspector, Route, Sender};
use crate::model::coverage::Coverage;
use crate::model::limits::Limits;
use crate::model::request_counts::RequestCounts;
use crate::service::RefusalShape;
use crate::telemetry::{ExchangeOutcome, Stage};

/// One intercepted connection of a client: whose, to which host.
pub(super) struct Interception {
    pub(super) core: Arc<Core>,
    pub(super) sender: Sender,
    pub(super) key: PoolKey,
    /// Set where the upstream failed on first contact: all that the client is told.
    pub(super) failed: Option<Failure>,
    /// Cloned by every exchange until its answer was read: alone, the connection is idle.
    pub(super) in_use: Arc<()>,
}

/// Answers one request.
pub(super) async fn exchange(
    interception: Arc<Interception>,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let core = Arc::clone(&interception.core);
    let in_use = Arc::clone(&interception.in_use);
    let sender = interception.sender.clone();
    let inspector = core.parts.inspector.load_full();
    let service = inspector.service_of(&interception.key.host);
    let shape = service.map_or(RefusalShape::Generic, |service| service.refusal);
    let asker = Asker::of(request.headers(), shape);
    let one = Exchange {
        asker: asker.clone(),
        inspector: Arc::clone(&inspector),
        interception,
    };
    let ran = judgement::caught(Box::pin(one.run(request))).await;
    match ran.unwrap_or_else(Err) {
        Ok(response) => response.map(|body| body.holding(in_use)),
        Err(failure) => {
            let outcome = match failure.upstream_kind() {
                Some(_) => ExchangeOutcome::UpstreamFailed,
                None => ExchangeOutcome::Failed,
            };
            let service = service.map_or("unknown", |service| service.id.as_str());
            core.parts.metrics.exchange(service, outcome);
            if failure.leaves_unread() {
                core.cover(service, Coverage::Uninspectable);
                core.tally(service, &sender, &RequestCounts::refused_unread());
            }
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
pub(super) struct Exchange {
    pub(super) interception: Arc<Interception>,
    pub(super) asker: Asker,
    pub(super) inspector: Arc<Inspector>,
}

impl Exchange {
    async fn run(&self, mut request: Request<Incoming>) -> Result<Response<AnswerBody>, Failure> {
        let upgrade = hyper::upgrade::on(&mut request);
        let waits_for_go = request.headers().contains_key(header::EXPECT);
        let (received, body) = request.into_parts();
        let offered = self.offered(&received);
        let admitted = match &self.interception.failed {
            Some(failure) => Ok(Err(failure)),
            None => request_head::admit(received, self.key(), &self.limits()).map(Ok),
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
            socket: (wish == Wish::WebSocket).then(|| ClientSide::new(upgrade, &head, offered)),
            head,
            body,
            waits_for_go,
        };
        match self.inspector.route(&self.key().host, &arrived.head) {
            Route::Inspect if !self.is_tool_allowed(&arrived.head) => {
                self.read_on(arrived.body, arrived.waits_for_go);
                let host = self.key().host.clone();
                Err(Failure::ToolNotApproved { host })
            }
            Route::Inspect => self.inspected(arrived).await,
            Route::Passing => self.passed(arrived).await,
        }
    }

    /// Whether the office lets the tool be used that a request is for.
    fn is_tool_allowed(&self, head: &http::request::Parts) -> bool {
        let host = &self.key().host;
        let tool = self.inspector.tool_of(host, head);
        tool.is_none_or(|tool| self.core().allows_tool(&self.inspector, &tool.id, host))
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
            collect::collect(&mut body, client, &self.core().budget, &self.limits()).await;
        let collected = match collected {
            Ok(collected) => collected,
            Err(failure) => {
                self.read_on(body, waits_for_go);
                return Err(failure);
            }
        };
        let metrics = &self.core().parts.metrics;
        metrics.inspection(Stage::Collect, started.elapsed());
        let Collected {
            bytes,
            trailers,
            share,
        } = collected;
        let held = Held {
            socket,
            share,
            whole_at: Instant::now(),
        };
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
        self.follow(inspection, held).await
    }

    /// A request on a shared host outside the paths of its rows.
    async fn passed(&self, arrived: Arrived) -> Result<Response<AnswerBody>, Failure> {
        let Arrived {
            head,
            body,
            waits_for_go,
            socket,
        } = arrived;
        let permit = match self.look_at(&head).await? {
            HeadVerdict::Pass(permit) => permit,
            HeadVerdict::Refuse(inspection) => {
                judgement::count(self.core(), &self.interception.sender, &inspection);
                self.read_on(body, waits_for_go);
                let held = Held {
                    socket: None,
                    share: None,
                    whole_at: Instant::now(),
                };
                return self.follow(*inspection, held).await;
            }
        };
        let answer = match socket {
            Some(socket) => {
                upgrade::open_passing(&self.interception, permit, &head, socket).await?
            }
            None => {
                let upstream = &self.core().upstream;
                upstream
                    .send_passing(self.key(), permit, head, body)
                    .await?
            }
        };
        let service = self.inspector.catalogue().service_of(&self.key().host);
        let service = service.map_or("unknown", |service| service.id.as_str());
        let metrics = &self.core().parts.metrics;
        metrics.exchange(service, ExchangeOutcome::Passed);
        Ok(self.onward(answer, None))
    }

    /// Inspects a head alone.
    async fn look_at(&self, head: &http::request::Parts) -> Result<HeadVerdict, Failure> {
        let bytes = head_bytes(head);
        let request = CollectedRequest {
            head: head.clone(),
            host: self.key().host.clone(),
            body: Bytes::new(),
            trailers: None,
        };
        let inspector = Arc::clone(&self.inspector);
        let sender = self.interception.sender.clone();
        let at = (self.core().parts.clock)();
        let look = move || inspector.inspect_head(&request, &sender, at);
        judgement::judge(self.core(), bytes, look).await
    }

    /// Reads on after an early answer, while that answer goes down. A client that still waits for
    /// `100 Continue` has sent nothing.
    fn read_on(&self, body: Incoming, waits_for_go: bool) {
        if !waits_for_go && !body.is_end_stream() {
            let limits = self.core().limits();
            self.core()
                .spawn(async move { collect::drain(body, &limits).await });
        }
    }

    pub(super) fn core(&self) -> &Core {
        &self.interception.core
    }

    pub(super) fn key(&self) -> &PoolKey {
        &self.interception.key
    }

    fn limits(&self) -> Arc<Limits> {
        self.core().limits()
    }

    /// How the client would compress a socket's messages, where the office allows it.
    fn offered(&self, head: &http::request::Parts) -> Option<Offered> {
        let settings = self.core().parts.settings.load();
        let is_allowed = settings.interception.compress_websockets;
        is_allowed.then(|| Offered::read(&head.headers)).flatten()
    }
}

/// About how much of a head is read.
fn head_bytes(head: &http::request::Parts) -> usize {
    let address = head
        .uri
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    let fields = head.headers.values().map(http::HeaderValue::len);
    address + fields.sum::<usize>()
}

/// Inspects one request with a snapshot of the rules, and counts what came of it.
pub(super) async fn inspect_request(
    core: &Core,
    inspector: &Arc<Inspector>,
    sender: &Sender,
    request: CollectedRequest,
) -> Result<Inspection, Failure> {
    let bytes = request.body.len() + head_bytes(&request.head);
    let inspector = Arc::clone(inspector);
    let asking = sender.clone();
    let at = (core.parts.clock)();
    let inspection = judgement::judge(core, bytes, move || {
        inspector.inspect(&request, &asking, at)
    })
    .await?;
    judgement::count(core, sender, &inspection);
    Ok(inspection)
}
