//! The back office, on its own listener; never on the traffic path.
//!
//! For now a plain status page: what runs, whether it is well. It shows conditions and figures,
//! never content. If it fails, the proxy goes on.

mod status_page;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

pub use status_page::{CoverageRow, Status};

use crate::tls::{Alpn, LeafIssuer};

/// How long a browser may take for handshake and request head.
const HELLO_MAX: Duration = Duration::from_secs(15);
/// Connections at one time: a handful of administrators.
const CONNECTIONS_MAX: usize = 256;

/// Serves the status page over TLS, with a leaf for the address asked for, until cancelled.
pub async fn serve(
    listener: TcpListener,
    leaves: LeafIssuer,
    status: Arc<dyn Fn() -> Status + Send + Sync>,
    stop: CancellationToken,
) {
    let places = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (Ok((stream, _peer)), Ok(place)) = (accepted, Arc::clone(&places).try_acquire_owned())
        else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (leaves, status, stop) = (leaves.clone(), Arc::clone(&status), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = serve_one(stream, leaves, status) => {}
            }
            drop(place);
        });
    }
}

async fn serve_one(
    stream: TcpStream,
    leaves: LeafIssuer,
    status: Arc<dyn Fn() -> Status + Send + Sync>,
) {
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
    let service = service_fn(|request: Request<Incoming>| {
        let response = status_page::answer(request.method(), request.uri().path(), &status());
        async move { Ok::<_, Infallible>(response) }
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
