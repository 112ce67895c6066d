//! How does a cleared request reach its service, and the answer come back?
//!
//! In: `Cleared` requests only, so a path that forgets to inspect does not compile. Out: the
//! answer, streaming. A kept connection is used where one is left, else a new one is opened.
//!
//! Never: anything that is not `Cleared`, a field of ours, a second attempt at a request of which
//! a byte was written.
//!
//! Read next: `uplink` (how a connection is opened), `onward` (how a request looks there).

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use moka::future::Cache;
use tokio::time::timeout;

use super::SettingsInForce;
use super::bodies::{AnswerBody, Streamed, UpstreamBody};
use super::budget::Share;
use super::failure::Failure;
use super::onward::{Authority, for_http1, for_http2};
use super::pool::{Pool, PoolKey, Sender};
use crate::inspect::{self, Cleared, Passing};
use crate::model::limits::Limits;
use crate::tls::Alpn;

/// Hosts whose choice of protocol is remembered.
const CHOICES_MAX: u64 = 4096;
/// For how long.
const CHOICE_MAX_AGE: Duration = Duration::from_secs(3600);

/// The way up.
pub(super) struct Upstream {
    pub(super) settings: Arc<ArcSwap<SettingsInForce>>,
    pub(super) pool: Pool,
    pub(super) choices: Cache<(String, u16, Alpn), Alpn>,
}

/// A request with its body, not yet shaped for a protocol.
struct Ready {
    head: http::request::Parts,
    body: UpstreamBody,
}

impl Upstream {
    pub(super) fn new(settings: Arc<ArcSwap<SettingsInForce>>) -> Self {
        Self {
            pool: Pool::new(settings.load_full()),
            settings,
            choices: Cache::builder()
                .max_capacity(CHOICES_MAX)
                .time_to_live(CHOICE_MAX_AGE)
                .build(),
        }
    }

    /// Sends a whole, inspected request.
    pub(super) async fn send(
        &self,
        key: &PoolKey,
        request: Cleared<inspect::Request>,
        share: Option<Share>,
    ) -> Result<Response<AnswerBody>, Failure> {
        let inspect::Request {
            head,
            body,
            trailers,
        } = request.into_inner();
        let body = UpstreamBody::Whole {
            bytes: Some(body),
            trailers,
            share,
        };
        self.exchange(key, Ready { head, body }).await
    }

    /// Sends a request whose head was inspected and whose body is passed on unread.
    pub(super) async fn send_passing(
        &self,
        key: &PoolKey,
        _permit: Cleared<Passing>,
        head: http::request::Parts,
        body: Incoming,
    ) -> Result<Response<AnswerBody>, Failure> {
        let body = UpstreamBody::Passing(body);
        self.exchange(key, Ready { head, body }).await
    }

    /// Sends an inspected upgrade request on a connection of its own, and with it the offer of an
    /// extension.
    pub(super) async fn upgrade(
        &self,
        key: &PoolKey,
        request: Cleared<inspect::Request>,
        offer: Option<HeaderValue>,
    ) -> Result<Response<Incoming>, Failure> {
        let mut head = request.into_inner().head;
        if let Some(offer) = offer {
            head.headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, offer);
        }
        self.switch(key, &head).await
    }

    /// Sends an upgrade request on a shared host outside the paths of its rows.
    pub(super) async fn upgrade_passing(
        &self,
        key: &PoolKey,
        _permit: Cleared<Passing>,
        head: &http::request::Parts,
    ) -> Result<Response<Incoming>, Failure> {
        self.switch(key, head).await
    }

    /// The bounds in force.
    pub(super) fn limits(&self) -> Arc<Limits> {
        Arc::clone(&self.settings.load().limits)
    }

    /// Drops connections that were not used for long, or were opened under other settings.
    pub(super) fn expire(&self) {
        drop(self.settings_of_pool());
        self.pool.expire();
    }

    /// The settings in force; the pool holds nothing from before them.
    pub(super) fn settings_of_pool(&self) -> Arc<SettingsInForce> {
        let settings = self.settings.load_full();
        self.pool.hold_to(&settings);
        settings
    }

    async fn switch(
        &self,
        key: &PoolKey,
        head: &http::request::Parts,
    ) -> Result<Response<Incoming>, Failure> {
        let tls = self.handshake(key, Alpn::Http1).await?;
        let (mut sender, connection) = self
            .http1()
            .handshake(TokioIo::new(tls))
            .await
            .map_err(|cause| broken(key, cause))?;
        tokio::spawn(connection.with_upgrades());
        let body = UpstreamBody::empty();
        let request = Request::from_parts(for_http1(head, &body, &authority(key)), body);
        timeout(self.limits().answer_idle_max, sender.send_request(request))
            .await
            .map_err(|_| slow(key))?
            .map_err(|cause| broken(key, cause))
    }

    async fn exchange(
        &self,
        key: &PoolKey,
        request: Ready,
    ) -> Result<Response<AnswerBody>, Failure> {
        // A kept connection may have been closed meanwhile. Trying anew is safe only while hyper
        // gives the request back, which it does when no byte of it was written.
        const STALE_MAX: usize = 3;
        let Ready { head, mut body } = request;
        let settings = self.settings_of_pool();
        for _ in 0..STALE_MAX {
            let Some(sender) = self.pool.take(key) else {
                break;
            };
            match self.send_on(key, sender, &head, body, &settings).await {
                Ok(response) => return Ok(response),
                Err((_, Some(unsent))) => body = unsent,
                Err((failure, None)) => return Err(failure),
            }
        }
        let sender = self.connection(key).await?;
        self.send_on(key, sender, &head, body, &settings)
            .await
            .map_err(|(failure, _)| failure)
    }

    /// Sends on one connection; an unwritten body comes back with the failure.
    async fn send_on(
        &self,
        key: &PoolKey,
        sender: Sender,
        head: &http::request::Parts,
        body: UpstreamBody,
        settings: &Arc<SettingsInForce>,
    ) -> Result<Response<AnswerBody>, (Failure, Option<UpstreamBody>)> {
        let patience = self.limits().answer_idle_max;
        let authority = authority(key);
        let sent = match sender {
            Sender::Http1(mut sender) => {
                let head = for_http1(head, &body, &authority);
                let request = Request::from_parts(head, body);
                let sent = timeout(patience, sender.try_send_request(request)).await;
                if matches!(sent, Ok(Ok(_))) {
                    self.keep_when_free(key, sender, settings);
                }
                sent
            }
            Sender::Http2(mut sender) => {
                let head = for_http2(head, &authority);
                let request = Request::from_parts(head, body);
                let sent = timeout(patience, sender.try_send_request(request)).await;
                if matches!(sent, Ok(Err(_))) && sender.is_closed() {
                    self.pool.forget_http2(key);
                }
                sent
            }
        };
        match sent {
            Ok(Ok(response)) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
                let host = key.host.clone();
                Err((Failure::UpstreamSwitched { host }, None))
            }
            Ok(Ok(response)) => Ok(response.map(|body| {
                AnswerBody::Upstream(Streamed::new(body, self.limits().answer_idle_max))
            })),
            Ok(Err(mut unsent)) => {
                let body = unsent.take_message().map(Request::into_body);
                Err((broken(key, unsent.into_error()), body))
            }
            Err(_) => Err((slow(key), None)),
        }
    }

    /// An HTTP/1.1 connection is free again once the answer on it was read to its end.
    fn keep_when_free(
        &self,
        key: &PoolKey,
        mut sender: http1::SendRequest<UpstreamBody>,
        settings: &Arc<SettingsInForce>,
    ) {
        let pool = self.pool.clone();
        let key = key.clone();
        let settings = Arc::clone(settings);
        tokio::spawn(async move {
            if sender.ready().await.is_ok() {
                pool.keep(key, Sender::Http1(sender), &settings);
            }
        });
    }
}

fn authority(key: &PoolKey) -> Authority {
    Authority::new(&key.host, key.port)
}

pub(super) fn slow(key: &PoolKey) -> Failure {
    Failure::UpstreamTimeout {
        host: key.host.clone(),
    }
}

pub(super) fn broken(key: &PoolKey, cause: hyper::Error) -> Failure {
    Failure::UpstreamBroken {
        host: key.host.clone(),
        cause,
    }
}
