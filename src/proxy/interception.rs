//! How is a connection to an AI service ended here, so that its requests can be read?
//!
//! In: the client's stream with its `ClientHello` put back. Out: nothing; the requests inside are
//! served until the client leaves. The client is given a leaf for exactly one host, and the
//! protocol that the upstream chose.
//!
//! Never: a leaf for a host that is not intercepted, an answer of an upstream whose certificate
//! did not verify.
//!
//! Read next: `exchange` (one request), `upstream` (who chooses the protocol).

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::client::Client;
use super::exchange::{Interception, exchange};
use super::failure::Failure;
use super::host_kind::{HostKind, SELF_TEST_HOST, kind_of};
use super::pool::PoolKey;
use super::target::Target;
use super::{Core, listener};
use crate::tls::Alpn;

/// Serves one connection to an intercepted host. `failed` is what the client is told whatever it
/// asks, where that is already known.
pub(super) async fn intercept<S>(
    core: &Arc<Core>,
    client: &Client,
    target: Target,
    stream: S,
    alpn: &[Vec<u8>],
    failed: Option<Failure>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    if let Err(failure) = core.refuse_distrusting(client, &target.host) {
        failure.meet(&core.parts.metrics);
        return;
    }
    let started = Instant::now();
    let offer = offered(alpn);
    let failed = failed.or_else(|| not_approved(core, &target.host));
    let key = PoolKey {
        client: client.sender.client.ip(),
        host: target.host,
        port: target.port,
        offer: offer_upstream(offer),
    };
    let (choice, failed) = first_contact(core, &key, offer, failed).await;
    match shake_hands(core, &key, choice, stream).await {
        Ok(stream) => {
            core.trusted(client, &key.host);
            let interception = Arc::new(Interception {
                core: Arc::clone(core),
                sender: client.sender.clone(),
                key,
                failed,
                in_use: Arc::default(),
            });
            serve(interception, stream).await;
        }
        Err(failure) => {
            if let Failure::ClientHandshake { cause, .. } = &failure {
                core.distrusted(client, &key.host, cause, started.elapsed());
            }
            failure.meet(&core.parts.metrics);
        }
    }
}

/// What is told of a host that looks like an AI service, where the office wants them refused.
fn not_approved(core: &Core, host: &str) -> Option<Failure> {
    let host = host.to_owned();
    (kind_of(&host, core) == HostKind::Refused).then_some(Failure::ToolNotApproved { host })
}

/// The upstream is offered what the client offered. Only a client that speaks nothing but HTTP/2 is
/// spoken for: it can be translated for an upstream that does not.
const fn offer_upstream(offer: Alpn) -> Alpn {
    match offer {
        Alpn::Both | Alpn::Http2 => Alpn::Both,
        Alpn::Http1 => Alpn::Http1,
        Alpn::None => Alpn::None,
    }
}

/// What the client offered.
fn offered(alpn: &[Vec<u8>]) -> Alpn {
    let offers = |protocol: &[u8]| alpn.iter().any(|offer| offer == protocol);
    match (offers(b"h2"), offers(b"http/1.1")) {
        (true, true) => Alpn::Both,
        (true, false) => Alpn::Http2,
        (false, true) => Alpn::Http1,
        (false, false) => Alpn::None,
    }
}

/// What the client is given: the upstream's choice, where the client leaves one. Where the upstream
/// fails, the client's handshake is completed all the same, so that it can be told why.
async fn first_contact(
    core: &Core,
    key: &PoolKey,
    offer: Alpn,
    failed: Option<Failure>,
) -> (Alpn, Option<Failure>) {
    if failed.is_some() || offer != Alpn::Both || key.host == SELF_TEST_HOST {
        return (offer, failed);
    }
    match core.upstream.choice(key).await {
        Ok(choice) => (choice, None),
        Err(failure) => (offer, Some(failure)),
    }
}

async fn shake_hands<S>(
    core: &Core,
    key: &PoolKey,
    choice: Alpn,
    stream: S,
) -> Result<TlsStream<S>, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let leaf = core.parts.leaves.server_config(&key.host, choice).await;
    let leaf = leaf.map_err(|cause| Failure::Leaf {
        host: key.host.clone(),
        cause,
    })?;
    let accepting = TlsAcceptor::from(leaf).accept(stream);
    timeout(core.limits().handshake_max, accepting)
        .await
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
        .map_err(|cause| Failure::ClientHandshake {
            host: key.host.clone(),
            cause,
        })
}

async fn serve<S>(interception: Arc<Interception>, stream: TlsStream<S>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let core = Arc::clone(&interception.core);
    // A failed first contact is told once; the next try makes a connection of its own.
    let is_short = interception.failed.is_some();
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let in_use = Arc::clone(&interception.in_use);
    let io = TokioIo::new(stream);
    let service = service_fn(move |request| {
        let interception = Arc::clone(&interception);
        async move { Ok::<_, Infallible>(exchange(interception, request).await) }
    });
    let ended = if is_http2 {
        let mut connection = pin!(http2(&core).serve_connection(io, service));
        let leaving = listener::leaving(&core, is_short);
        tokio::select! {
            ended = poll_fn(|cx| connection.as_mut().poll(cx)) => ended,
            () = async { tokio::select! { () = leaving => {} () = idle(&in_use) => {} } } => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    } else {
        let mut builder = listener::http1(&core.limits());
        builder.keep_alive(!is_short);
        let mut connection = pin!(builder.serve_connection(io, service).with_upgrades());
        tokio::select! {
            ended = poll_fn(|cx| connection.as_mut().poll(cx)) => ended,
            () = listener::leaving(&core, false) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "intercepted connection ended");
    }
}

/// Ends when no exchange was on a connection for long. HTTP/1 needs none of this: there the time
/// for the next head is bounded.
async fn idle(in_use: &Arc<()>) {
    const LOOK_EVERY: Duration = Duration::from_secs(30);
    const LOOKS_MAX: u32 = 20;
    let mut quiet = 0;
    while quiet < LOOKS_MAX {
        sleep(LOOK_EVERY).await;
        // One is the connection's own, the other the one that is looking.
        quiet = if Arc::strong_count(in_use) <= 2 {
            quiet + 1
        } else {
            0
        };
    }
}

fn http2(core: &Core) -> http2::Builder<TokioExecutor> {
    // What one client can make us hold of bodies that are not being read yet.
    const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
    const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
    let limits = &core.limits();
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_concurrent_streams(limits.h2_streams_max)
        .max_header_list_size(u32::try_from(limits.header_bytes_max).unwrap_or(u32::MAX))
        .keep_alive_interval(Duration::from_secs(60))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}
