//! How does a WebSocket on an intercepted host come to be, and who reads its messages?
//!
//! In: an inspected upgrade request and the client's side of the connection. Out: the upstream's
//! own answer, with the subprotocol it chose; after a 101 the messages are relayed, each inspected
//! on its way up by the rules in force at that moment.
//!
//! Never: a message up before its verdict and its incident; on either leg an extension other than
//! compression, or that where the office does not allow it.
//!
//! Read next: `websocket` (the relay).

use std::sync::Arc;

use http::{Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use super::bodies::{AnswerBody, Streamed};
use super::budget::Growing;
use super::exchange::Interception;
use super::failure::Failure;
use super::fields::without;
use super::judgement::{self, ToRecord};
use super::websocket::{self, MessageOutcome, Side};
use super::websocket_deflate::{Agreement, Offered};
use super::websocket_down::Turning;
use super::wire_socket::{self, Then};
use super::{Core, incident_label, refusal, tunnel};
use crate::answer::Restorer;
use crate::inspect::{self, Cleared, Message, MessageVerdict, Passing, RefusalFacts};
use crate::model::incident::Receipt;

/// The client's side of a socket to be.
pub(super) struct ClientSide {
    upgraded: OnUpgrade,
    path: String,
    /// How it would compress, where the office allows it.
    offered: Option<Offered>,
}

impl ClientSide {
    pub(super) fn new(
        upgraded: OnUpgrade,
        head: &http::request::Parts,
        offered: Option<Offered>,
    ) -> Self {
        Self {
            upgraded,
            path: head.uri.path().to_owned(),
            offered,
        }
    }
}

/// Opens the upstream's side and gives back its answer; after a 101 the relay runs on its own.
pub(super) async fn open(
    interception: &Arc<Interception>,
    request: Cleared<inspect::Request>,
    client: ClientSide,
    restorer: Option<Box<Restorer>>,
) -> Result<Response<AnswerBody>, Failure> {
    let upstream = &interception.core.upstream;
    let offer = client.offered.map(Offered::onward);
    let answer = upstream.upgrade(&interception.key, request, offer).await?;
    let reading = Reading::Messages(restorer);
    Ok(take_up(interception, answer, client, reading))
}

/// The same on a shared host outside the paths of its rows: what follows passes unread.
pub(super) async fn open_passing(
    interception: &Arc<Interception>,
    permit: Cleared<Passing>,
    head: &http::request::Parts,
    client: ClientSide,
) -> Result<Response<AnswerBody>, Failure> {
    let upstream = &interception.core.upstream;
    let key = &interception.key;
    let answer = upstream.upgrade_passing(key, permit, head).await?;
    Ok(take_up(interception, answer, client, Reading::Nothing))
}

/// What is read of a socket.
enum Reading {
    /// Each message on its way up; those on their way down go through this.
    Messages(Option<Box<Restorer>>),
    /// Nothing.
    Nothing,
}

fn take_up(
    interception: &Arc<Interception>,
    mut answer: Response<Incoming>,
    client: ClientSide,
    reading: Reading,
) -> Response<AnswerBody> {
    let core = &interception.core;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        let idle_max = core.parts.limits.answer_idle_max;
        return answer.map(|body| AnswerBody::Upstream(Streamed::new(body, idle_max)));
    }
    let upstream = hyper::upgrade::on(&mut answer);
    // The client's leg is compressed where the upstream's is.
    let compression = client.offered.and_then(|offered| {
        let upstream = Agreement::read(answer.headers())?;
        Some((offered, upstream))
    });
    *answer.headers_mut() = without(answer.headers(), |name| {
        name == header::SEC_WEBSOCKET_EXTENSIONS
    });
    match reading {
        Reading::Messages(restorer) => {
            if let Some((offered, _)) = compression {
                let headers = answer.headers_mut();
                headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, offered.answer());
            }
            let socket = Socket {
                client,
                upstream,
                compression: compression.map(|(offered, own)| (offered.agreement(), own)),
            };
            core.spawn(relay(Arc::clone(interception), socket, restorer));
        }
        Reading::Nothing => core.spawn(pass(Arc::clone(core), client, upstream)),
    }
    answer.map(|_| AnswerBody::empty())
}

async fn pass(core: Arc<Core>, client: ClientSide, upstream: OnUpgrade) {
    if let (Ok(client), Ok(upstream)) = (client.upgraded.await, upstream.await) {
        let idle_max = core.parts.limits.tunnel_idle_max;
        tunnel::copy(TokioIo::new(client), TokioIo::new(upstream), idle_max).await;
    }
}

/// Both sides of a socket to be, and how the legs are compressed: the client's, the upstream's.
struct Socket {
    client: ClientSide,
    upstream: OnUpgrade,
    compression: Option<(Agreement, Agreement)>,
}

async fn relay(interception: Arc<Interception>, socket: Socket, restorer: Option<Box<Restorer>>) {
    let Socket {
        client,
        upstream,
        compression,
    } = socket;
    let path: Arc<str> = client.path.into();
    let (Ok(client), Ok(upstream)) = (client.upgraded.await, upstream.await) else {
        tracing::debug!(host = interception.key.host, "websocket was not taken up");
        return;
    };
    let limits = Arc::clone(&interception.core.parts.limits);
    let share = Growing::new(interception.core.budget.clone(), interception.key.client);
    let turning = restorer.map(|restorer| Turning { restorer, share });
    let host = interception.key.host.clone();
    let judge = |message| {
        let interception = Arc::clone(&interception);
        let path = Arc::clone(&path);
        async move {
            match verdict(&interception, path, message).await {
                Ok(outcome) => outcome,
                Err(failure) => {
                    failure.meet(&interception.core.parts.metrics);
                    MessageOutcome::Close(Vec::new(), wire_socket::close_reason(None))
                }
            }
        }
    };
    let end = websocket::relay(
        Side {
            io: TokioIo::new(client),
            compression: compression.map(|(client, _)| client),
        },
        Side {
            io: TokioIo::new(upstream),
            compression: compression.map(|(_, upstream)| upstream),
        },
        judge,
        turning,
        &limits,
    )
    .await;
    tracing::debug!(host, ?end, "websocket ended");
}

/// Inspects one message and stores its incident. The rules are those in force now: a socket may
/// outlive many reloads.
async fn verdict(
    interception: &Interception,
    path: Arc<str>,
    message: Message,
) -> Result<MessageOutcome, Failure> {
    let core = &interception.core;
    let bytes = message.payload.len();
    let _share = core
        .budget
        .share(bytes, interception.key.client)
        .await
        .map_err(|_| Failure::BudgetExhausted)?;
    let inspector = core.parts.inspector.load_full();
    let sender = interception.sender.clone();
    let host = interception.key.host.clone();
    let at = (core.parts.clock)();
    let inspection = judgement::judge(core, bytes, move || {
        inspector.inspect_message(&host, &path, message, &sender, at)
    })
    .await?;
    judgement::count(core, &interception.sender, &inspection);
    let receipt = judgement::record(
        core,
        interception.sender.client,
        ToRecord {
            incident: inspection.incident,
            released: inspection.released,
            evidence: inspection.evidence,
        },
    )
    .await?;
    Ok(match inspection.verdict {
        MessageVerdict::Forward(cleared) => MessageOutcome::Forward(cleared),
        MessageVerdict::Refuse(facts) => refused(core, &facts, receipt.as_ref()),
    })
}

/// What the client is told, in the service's own messages where it has them.
fn refused(core: &Core, facts: &RefusalFacts, receipt: Option<&Receipt>) -> MessageOutcome {
    let now_label = receipt.map(incident_label::recorded).unwrap_or_default();
    let at = receipt.map_or_else(core.parts.clock, |receipt| receipt.recorded_at);
    let office = &core.office();
    let refusal = refusal::refuse_message(facts, receipt, office, at, &now_label);
    match refusal.then {
        Then::LivesOn => MessageOutcome::Answer(refusal.messages),
        Then::Closes => {
            let code = receipt.map(|receipt| receipt.code.as_str());
            MessageOutcome::Close(refusal.messages, wire_socket::close_reason(code))
        }
    }
}
