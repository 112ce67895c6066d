//! Who may come in, and how many?
//!
//! In: listening sockets. Out: nothing; each accepted client is served in a task of its own.
//! Access by client network comes first, then the bound on connections; both are refused politely,
//! with a page that says why.
//!
//! Never: a byte read of a client that is not allowed beyond its request's head.
//!
//! Read next: `connect` (what a client wants).

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::Core;
use super::asker::Asker;
use super::client::Client;
use super::connect;
use super::failure::Failure;
use super::machine_watch;
use crate::inspect::Sender;
use crate::model::address::ClientAddr;
use crate::model::limits::Limits;
use crate::service::RefusalShape;

/// After this silence a client is asked whether it is still there.
const PROBE_AFTER: Duration = Duration::from_secs(60);
/// How long a client that is turned away may take to read why.
const FAREWELL_MAX: Duration = Duration::from_secs(5);

/// Accepts clients until the proxy drains.
pub(super) async fn accept(core: Arc<Core>, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = core.draining() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                // A listener for both families sees IPv4 clients in their IPv6 spelling.
                let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
                welcome(&core, stream, ClientAddr(peer));
            }
            Err(error) => {
                // Most often no descriptor is free; a moment later one may be.
                tracing::warn!(%error, "cannot accept a client");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn welcome(core: &Arc<Core>, stream: TcpStream, peer: ClientAddr) {
    // Dead workstations say no goodbye: without probes their tunnels would stay for an hour.
    let probes = TcpKeepalive::new().with_time(PROBE_AFTER);
    let set = stream
        .set_nodelay(true)
        .and_then(|()| SockRef::from(&stream).set_tcp_keepalive(&probes));
    if let Err(error) = set {
        tracing::debug!(%error, "client left at once");
        return;
    }
    let task = Arc::clone(core);
    match admit(core, &stream, peer) {
        Ok(client) => core.spawn(async move { serve(task, stream, client).await }),
        Err(failure) => {
            // Farewells are bounded too: beyond this many the connection is just closed.
            let Ok(farewell) = Arc::clone(&core.farewells).try_acquire_owned() else {
                failure.meet(&core.parts.metrics);
                return;
            };
            core.spawn(async move {
                let told = serve_failure(&task, stream, failure);
                drop(timeout(FAREWELL_MAX, told).await);
                drop(farewell);
            });
        }
    }
}

/// Access first, then the bound on connections.
fn admit(core: &Arc<Core>, stream: &TcpStream, peer: ClientAddr) -> Result<Client, Failure> {
    let settings = core.parts.settings.load();
    if !settings.proxy.allows(peer.ip()) {
        return Err(Failure::ClientNotAllowed);
    }
    let place = Arc::clone(&core.places)
        .try_acquire_owned()
        .map_err(|_| Failure::TooManyConnections)?;
    let at: SocketAddr = stream
        .local_addr()
        .map_err(|_| Failure::Malformed("the client left at once"))?;
    let registry = core.parts.store.registry();
    let unit = settings.proxy.unit_of(peer.ip(), at.port());
    let unit = unit.or_else(|| registry.unit_of(peer.ip()));
    if let Some(machine) = registry.find_machine(peer.ip()) {
        machine_watch::note(core, peer.ip(), machine);
    }
    Ok(Client {
        sender: Sender {
            client: peer,
            unit: unit.map(str::to_owned),
        },
        at: SocketAddr::new(at.ip().to_canonical(), at.port()),
        program: String::new(),
        _place: Arc::new(place),
    })
}

async fn serve(core: Arc<Core>, stream: TcpStream, client: Client) {
    let service = {
        let core = Arc::clone(&core);
        service_fn(move |request: Request<Incoming>| {
            let answer = connect::answer(Arc::clone(&core), client.clone(), request);
            async move { Ok::<_, Infallible>(answer.await) }
        })
    };
    let builder = http1(&core.limits());
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = poll_fn(|cx| connection.as_mut().poll(cx)) => ended,
        () = core.draining() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "client connection ended");
    }
}

/// Answers whatever a client asks with one failure, then closes.
pub(super) async fn serve_failure<S>(core: &Arc<Core>, stream: S, failure: Failure)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let failure = Arc::new(failure);
    let service = {
        let core = Arc::clone(core);
        service_fn(move |request: Request<Incoming>| {
            let answer = Asker::of(request.headers(), RefusalShape::Generic).fail(&failure, &core);
            async move { Ok::<_, Infallible>(answer) }
        })
    };
    let mut builder = http1(&core.limits());
    builder.keep_alive(false);
    if let Err(error) = builder
        .serve_connection(TokioIo::new(stream), service)
        .await
    {
        tracing::debug!(%error, "refused connection ended");
    }
}

/// Ends when a connection is to be wound up: the proxy drains, or the connection is a short one.
pub(super) async fn leaving(core: &Core, is_short: bool) {
    let short = async {
        if is_short {
            sleep(FAREWELL_MAX).await;
        } else {
            std::future::pending().await
        }
    };
    tokio::select! {
        () = core.draining() => {}
        () = short => {}
    }
}

/// How HTTP/1 is served, at the listener and on intercepted connections.
pub(super) fn http1(limits: &Limits) -> http1::Builder {
    const BUFFER_BYTES_MIN: usize = 8 * 1024;
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read_max)
        .auto_date_header(false)
        .preserve_header_case(true)
        .max_headers(limits.header_fields_max)
        .max_header_size(limits.header_bytes_max)
        .max_buf_size(limits.header_bytes_max.max(BUFFER_BYTES_MIN));
    builder
}
