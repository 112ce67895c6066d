//! How does a cleared request reach its service, and the answer come back?
//!
//! In: `Cleared` requests only, so a path that forgets to inspect does not compile. Out: the
//! answer, streaming. Connections are opened, kept in the pool and translated for here; which
//! protocol a host chose is remembered, so that later handshakes of clients need not wait for it.
//!
//! Never: anything that is not `Cleared`, a field of ours, a second attempt at a request of which
//! a byte was written.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use moka::future::Cache;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::SettingsInForce;
use super::address_guard::Purpose;
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
    settings: Arc<ArcSwap<SettingsInForce>>,
    limits: Arc<Limits>,
    pool: Pool,
    choices: Cache<(String, u16, Alpn), Alpn>,
}

/// A request with its body, not yet shaped for a protocol.
struct Ready {
    head: http::request::Parts,
    body: UpstreamBody,
}

impl Upstream {
    pub(super) fn new(settings: Arc<ArcSwap<SettingsInForce>>, limits: Arc<Limits>) -> Self {
        Self {
            settings,
            limits,
            pool: Pool::default(),
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

    /// Sends an inspected upgrade request on a connection of its own.
    pub(super) async fn upgrade(
        &self,
        key: &PoolKey,
        request: Cleared<inspect::Request>,
    ) -> Result<Response<Incoming>, Failure> {
        let tls = self.handshake(key, Alpn::Http1).await?;
        let (mut sender, connection) = self
            .http1()
            .handshake(TokioIo::new(tls))
            .await
            .map_err(|cause| broken(key, cause))?;
        tokio::spawn(connection.with_upgrades());
        let body = UpstreamBody::empty();
        let head = request.into_inner().head;
        let request = Request::from_parts(for_http1(&head, &body, &authority(key)), body);
        timeout(self.limits.answer_idle_max, sender.send_request(request))
            .await
            .map_err(|_| slow(key))?
            .map_err(|cause| broken(key, cause))
    }

    /// What a client that offers several protocols is to be given: the upstream's own choice. On
    /// first contact that means a handshake, whose connection is kept for the first request.
    pub(super) async fn choice(&self, key: &PoolKey) -> Result<Alpn, Failure> {
        match key.offer {
            Alpn::Http1 | Alpn::Http2 | Alpn::None => return Ok(key.offer),
            Alpn::Both => {}
        }
        if let Some(known) = self.remembered(key).await {
            return Ok(known);
        }
        let opening = self.pool.opening(key);
        let _guard = timeout(self.patience(), opening.lock())
            .await
            .map_err(|_| slow(key))?;
        if let Some(known) = self.remembered(key).await {
            return Ok(known);
        }
        let sender = self.open(key).await?;
        let choice = match sender {
            Sender::Http1(_) => Alpn::Http1,
            Sender::Http2(_) => Alpn::Http2,
        };
        self.pool.keep(key.clone(), sender);
        Ok(choice)
    }

    /// Drops connections that were not used for long.
    pub(super) fn expire(&self) {
        self.pool.expire();
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
        for _ in 0..STALE_MAX {
            let Some(sender) = self.pool.take(key) else {
                break;
            };
            match self.send_on(key, sender, &head, body).await {
                Ok(response) => return Ok(response),
                Err((_, Some(unsent))) => body = unsent,
                Err((failure, None)) => return Err(failure),
            }
        }
        let sender = self.connection(key).await?;
        self.send_on(key, sender, &head, body)
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
    ) -> Result<Response<AnswerBody>, (Failure, Option<UpstreamBody>)> {
        let patience = self.limits.answer_idle_max;
        let authority = authority(key);
        let sent = match sender {
            Sender::Http1(mut sender) => {
                let head = for_http1(head, &body, &authority);
                let request = Request::from_parts(head, body);
                let sent = timeout(patience, sender.try_send_request(request)).await;
                if matches!(sent, Ok(Ok(_))) {
                    self.keep_when_free(key, sender);
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
            Ok(Ok(response)) => Ok(response.map(|body| {
                AnswerBody::Upstream(Streamed::new(body, self.limits.answer_idle_max))
            })),
            Ok(Err(mut unsent)) => {
                let body = unsent.take_message().map(Request::into_body);
                Err((broken(key, unsent.into_error()), body))
            }
            Err(_) => Err((slow(key), None)),
        }
    }

    /// An HTTP/1.1 connection is free again once the answer on it was read to its end.
    fn keep_when_free(&self, key: &PoolKey, mut sender: http1::SendRequest<UpstreamBody>) {
        let pool = self.pool.clone();
        let key = key.clone();
        tokio::spawn(async move {
            if sender.ready().await.is_ok() {
                pool.keep(key, Sender::Http1(sender));
            }
        });
    }

    /// A connection for one exchange: a new one, or the one that a parallel exchange just opened.
    async fn connection(&self, key: &PoolKey) -> Result<Sender, Failure> {
        let is_exclusive = match key.offer {
            Alpn::Http1 | Alpn::None => true,
            Alpn::Http2 | Alpn::Both => self.remembered(key).await == Some(Alpn::Http1),
        };
        if is_exclusive {
            return self.open(key).await;
        }
        let opening = self.pool.opening(key);
        let _guard = timeout(self.patience(), opening.lock())
            .await
            .map_err(|_| slow(key))?;
        if let Some(opened) = self.pool.take(key) {
            return Ok(opened);
        }
        let sender = self.open(key).await?;
        if let Sender::Http2(shared) = &sender {
            self.pool.keep(key.clone(), Sender::Http2(shared.clone()));
        }
        Ok(sender)
    }

    async fn open(&self, key: &PoolKey) -> Result<Sender, Failure> {
        let tls = self.handshake(key, key.offer).await?;
        let chosen = match tls.get_ref().1.alpn_protocol() {
            Some(b"h2") => Alpn::Http2,
            Some(_) | None => Alpn::Http1,
        };
        self.choices
            .insert((key.host.clone(), key.port, key.offer), chosen)
            .await;
        let io = TokioIo::new(tls);
        if chosen == Alpn::Http2 {
            let (sender, connection) = self
                .http2()
                .handshake(io)
                .await
                .map_err(|cause| broken(key, cause))?;
            tokio::spawn(connection);
            return Ok(Sender::Http2(sender));
        }
        let (sender, connection) = self
            .http1()
            .handshake(io)
            .await
            .map_err(|cause| broken(key, cause))?;
        tokio::spawn(connection);
        Ok(Sender::Http1(sender))
    }

    async fn handshake(&self, key: &PoolKey, offer: Alpn) -> Result<TlsStream<TcpStream>, Failure> {
        let host = || key.host.clone();
        let settings = self.settings.load_full();
        let dialled = settings
            .dialer
            .dial(&key.host, key.port, Purpose::AiHost)
            .await
            .map_err(|cause| Failure::Dial {
                host: host(),
                cause,
            })?;
        let name = ServerName::try_from(host())
            .map_err(|_| Failure::Malformed("the host is no server name"))?;
        let connector = TlsConnector::from(settings.upstream_tls.client_config(offer));
        timeout(
            self.limits.handshake_max,
            connector.connect(name, dialled.stream),
        )
        .await
        .map_err(|_| slow(key))?
        .map_err(|cause| Failure::Handshake {
            host: host(),
            cause,
        })
    }

    async fn remembered(&self, key: &PoolKey) -> Option<Alpn> {
        self.choices
            .get(&(key.host.clone(), key.port, key.offer))
            .await
    }

    /// How long an exchange waits for another one to open the connection that both can use.
    fn patience(&self) -> Duration {
        self.limits.connect_max + self.limits.handshake_max
    }

    fn http1(&self) -> http1::Builder {
        let mut builder = http1::Builder::new();
        builder
            .preserve_header_case(true)
            .max_headers(self.limits.header_fields_max)
            .max_header_size(self.limits.header_bytes_max)
            .max_buf_size(self.limits.header_bytes_max.max(64 * 1024));
        builder
    }

    fn http2(&self) -> http2::Builder<TokioExecutor> {
        // Windows bound what one slow client can make us hold of an answer.
        const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
        const CONNECTION_WINDOW_BYTES: u32 = 4 * 1024 * 1024;
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .max_header_list_size(u32::try_from(self.limits.header_bytes_max).unwrap_or(u32::MAX))
            .keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(20));
        builder
    }
}

fn authority(key: &PoolKey) -> Authority {
    Authority::new(&key.host, key.port)
}

fn slow(key: &PoolKey) -> Failure {
    Failure::UpstreamTimeout {
        host: key.host.clone(),
    }
}

fn broken(key: &PoolKey, cause: hyper::Error) -> Failure {
    Failure::UpstreamBroken {
        host: key.host.clone(),
        cause,
    }
}
