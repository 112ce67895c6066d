//! What does a client want of the proxy: a tunnel, a page from the net, or a page of ours?
//!
//! In: a request at the listener. Out: its answer; a tunnel or interception runs on afterwards.
//! One connection, one host: if the CONNECT name or the server name in the handshake is an AI
//! host, that host is intercepted; if they differ, the connection is refused; an AI host without
//! TLS is refused.
//!
//! Never: a tunnel to an AI host, for whatever the first bytes are.
//!
//! Read next: `tunnel`, `interception`, `forward`.

use std::sync::Arc;

use http::uri::Scheme;
use http::{Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::asker::Asker;
use super::bodies::AnswerBody;
use super::client::Client;
use super::failure::Failure;
use super::hello::{Hello, read_hello};
use super::host_kind::{HostKind, is_own, kind_of};
use super::interception::intercept;
use super::rewind::Rewind;
use super::target::{Target, normal_host};
use super::tunnel::{self, Turned};
use super::watching::program_of;
use super::{Core, forward, listener, release_page};
use crate::service::RefusalShape;
use crate::telemetry::TunnelReason;

/// The client's stream after CONNECT, with what it sent too early put back.
type ClientStream = Rewind<TcpStream>;

/// Answers a request at the listener.
pub(super) async fn answer(
    core: Arc<Core>,
    client: Client,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let asker = Asker::of(request.headers(), RefusalShape::Generic);
    let answered = if request.method() == Method::CONNECT {
        connect(&core, client, request).await
    } else {
        ask(&core, &client, request).await
    };
    answered.unwrap_or_else(|failure| asker.fail(&failure, &core))
}

/// A request in absolute form, or one for the proxy itself (RFC 9112 section 3.2).
async fn ask(
    core: &Core,
    client: &Client,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Failure> {
    let Some(authority) = request.uri().authority() else {
        return own_page(core, client, request).await;
    };
    if request.uri().scheme() != Some(&Scheme::HTTP) {
        return Err(Failure::Malformed("only http:// can be asked for openly"));
    }
    let target =
        Target::of(authority, Some(80)).ok_or(Failure::Malformed("unreadable authority"))?;
    if is_own(&target, client.at, core) {
        return own_page(core, client, request).await;
    }
    core.discover(&target.host);
    match kind_of(&target.host, core) {
        HostKind::Intercepted => Err(Failure::WithoutTls { host: target.host }),
        HostKind::Refused => Err(Failure::ToolNotApproved { host: target.host }),
        HostKind::Own | HostKind::Tunnelled(_) => {
            core.passes_unread(&target.host, &client.sender);
            forward::forward(core, &target, request).await
        }
    }
}

/// A page of ours.
async fn own_page(
    core: &Core,
    client: &Client,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Failure> {
    match release_page::code_of(request.uri().path()).map(str::to_owned) {
        Some(code) => Ok(release_page::serve(core, client, code, request).await),
        None => core.pages(request, client).await,
    }
}

/// A CONNECT: the answer, while what follows runs on.
async fn connect(
    core: &Arc<Core>,
    mut client: Client,
    mut request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Failure> {
    let authority = request.uri().authority();
    let target = authority
        .and_then(|authority| Target::of(authority, None))
        .ok_or(Failure::Malformed("CONNECT names no host and port"))?;
    let ports = &core.parts.settings.load().proxy.connect_ports;
    if !ports.contains(&target.port) {
        return Err(Failure::PortNotAllowed(target.port));
    }
    client.program = program_of(request.headers().get(header::USER_AGENT));
    core.discover(&target.host);
    let upgrade = hyper::upgrade::on(&mut request);
    let core = Arc::clone(core);
    let tracker = Arc::clone(&core);
    match kind_of(&target.host, &core) {
        HostKind::Own => return Err(Failure::PortNotAllowed(target.port)),
        HostKind::Intercepted | HostKind::Refused => {
            core.refuse_distrusting(&client, &target.host)?;
            tracker.spawn(async move {
                if let Some(stream) = client_stream(upgrade).await {
                    look_and_intercept(&core, &client, target, stream).await;
                }
            });
        }
        HostKind::Tunnelled(reason) => {
            let server = core.dial(&target).await?;
            tracker.spawn(async move {
                if let Some(stream) = client_stream(upgrade).await {
                    tunnelled(&core, &client, target, reason, stream, server).await;
                }
            });
        }
    }
    Ok(Response::new(AnswerBody::empty()))
}

async fn client_stream(upgrade: OnUpgrade) -> Option<ClientStream> {
    let upgraded: Upgraded = upgrade.await.ok()?;
    let parts = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some(Rewind::new(parts.read_buf, parts.io.into_inner()))
}

/// A tunnel whose CONNECT named an AI host.
async fn look_and_intercept(
    core: &Arc<Core>,
    client: &Client,
    target: Target,
    mut stream: ClientStream,
) {
    let limits = &core.limits();
    let looked = timeout(limits.header_read_max, read_hello(&mut stream, limits))
        .await
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
    let (hello, bytes) = match looked {
        Ok(looked) => looked,
        Err(cause) => {
            let host = target.host;
            Failure::HelloUnreadable { host, cause }.meet(&core.parts.metrics);
            return;
        }
    };
    let stream = Rewind::new(bytes, stream);
    match hello {
        Hello::Closed => {}
        Hello::NotTls => {
            let failure = Failure::WithoutTls { host: target.host };
            listener::serve_failure(core, stream, failure).await;
        }
        Hello::Tls { server_name, alpn } => {
            let name = server_name.map(|name| normal_host(&name));
            match name.filter(|name| *name != target.host) {
                None => intercept(core, client, target, stream, &alpn, None).await,
                Some(handshake) => {
                    names_differ(core, client, target, handshake, stream, &alpn).await
                }
            }
        }
    }
}

/// The handshake is for another host than the tunnel. The client is told where its handshake can be
/// completed without a leaf for a host that is not intercepted.
async fn names_differ(
    core: &Arc<Core>,
    client: &Client,
    target: Target,
    handshake: String,
    stream: Rewind<ClientStream>,
    alpn: &[Vec<u8>],
) {
    let failure = Failure::NamesDiffer {
        tunnel: target.host,
        handshake: handshake.clone(),
    };
    if !kind_of(&handshake, core).ends_here() {
        failure.meet(&core.parts.metrics);
        return;
    }
    let named = Target {
        host: handshake,
        port: target.port,
    };
    intercept(core, client, named, stream, alpn, Some(failure)).await;
}

/// A tunnel whose CONNECT named no AI host.
async fn tunnelled(
    core: &Arc<Core>,
    client: &Client,
    target: Target,
    reason: TunnelReason,
    stream: ClientStream,
    server: TcpStream,
) {
    match tunnel::pass(core, &client.sender, &target, reason, (stream, server)).await {
        Ok(None) => {}
        Ok(Some(Turned { host, alpn, stream })) => {
            let port = target.port;
            intercept(core, client, Target { host, port }, stream, &alpn, None).await;
        }
        Err(failure) => {
            failure.meet(&core.parts.metrics);
        }
    }
}
