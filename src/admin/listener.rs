//! How do browsers reach the pages? TLS on a listener of its own, bounded in number and time.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::admin::access::Peer;
use crate::tls::{Alpn, LeafIssuer};

/// How long a browser may take for handshake and request head.
const HELLO_MAX: Duration = Duration::from_secs(15);
/// Connections at one time: a handful of people.
const CONNECTIONS_MAX: usize = 256;

/// Serves pages, with a leaf for the address asked for, until cancelled.
pub(super) async fn serve(
    listener: TcpListener,
    leaves: LeafIssuer,
    router: Router,
    stop: CancellationToken,
) {
    let places = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (Ok((stream, peer)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned())
        else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (leaves, router, stop) = (leaves.clone(), router.clone(), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve_one(stream, Peer(peer.ip().to_canonical()), leaves, router) => {}
            }
            drop(place);
        });
    }
}

async fn serve_one(stream: TcpStream, peer: Peer, leaves: LeafIssuer, router: Router) {
    // The certificate is for the address that the browser connected to.
    let Ok(address) = stream.local_addr() else {
        return;
    };
    let host = address.ip().to_canonical().to_string();
    let Ok(config) = leaves.server_config(&host, Alpn::Both).await else {
        tracing::error!("no certificate could be made for the back office");
        return;
    };
    let handshake = tokio::time::timeout(HELLO_MAX, TlsAcceptor::from(config).accept(stream));
    let Ok(Ok(stream)) = handshake.await else {
        return;
    };
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HELLO_MAX);
    if let Err(error) = builder
        .serve_connection(TokioIo::new(stream), service)
        .await
    {
        tracing::debug!(%error, "a connection to the back office broke");
    }
}
