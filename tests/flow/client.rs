//! Workstations to test with: raw bytes, HTTP/1.1 and HTTP/2, trusting the office's root only.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::office::Office;

/// Nothing in these tests takes longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// An answer read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Says something to the proxy and reads the head of its answer.
pub(crate) async fn say(proxy: SocketAddr, text: &str) -> (TcpStream, String) {
    let mut tcp = TcpStream::connect(proxy).await.unwrap();
    tcp.write_all(text.as_bytes()).await.unwrap();
    let head = read_head(&mut tcp).await;
    (tcp, head)
}

/// Reads up to the end of a head, byte by byte.
pub(crate) async fn read_head<R: AsyncRead + Unpin>(from: &mut R) -> String {
    let mut head = Vec::new();
    let reading = async {
        while !head.ends_with(b"\r\n\r\n") {
            match from.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => break,
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    String::from_utf8(head).unwrap()
}

/// Opens a tunnel.
pub(crate) async fn tunnel(proxy: SocketAddr, authority: &str) -> TcpStream {
    let connect = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    let (tcp, head) = say(proxy, &connect).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    tcp
}

/// A handshake that believes one root only.
pub(crate) async fn handshake(
    tcp: TcpStream,
    name: &str,
    root: &str,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, tcp);
    tokio::time::timeout(PATIENCE, connecting).await.unwrap()
}

/// A TLS connection to a host through the office's proxy.
pub(crate) async fn reach(office: &Office, host: &str, protocols: &[&str]) -> TlsStream<TcpStream> {
    let tcp = tunnel(office.address, &format!("{host}:443")).await;
    handshake(tcp, host, &office.root, protocols).await.unwrap()
}

/// An HTTP client on one connection, of the protocol that was agreed.
pub(crate) enum Browser {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

impl Browser {
    pub(crate) async fn open(office: &Office, host: &str, protocols: &[&str]) -> Self {
        Self::over(reach(office, host, protocols).await).await
    }

    pub(crate) async fn over(tls: TlsStream<TcpStream>) -> Self {
        let is_http2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
        let io = TokioIo::new(tls);
        if is_http2 {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
            tokio::spawn(connection);
            Self::Http2(sender)
        } else {
            let (sender, connection) = http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            Self::Http1(sender)
        }
    }

    pub(crate) const fn is_http2(&self) -> bool {
        matches!(self, Self::Http2(_))
    }

    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Http1(sender) => !sender.is_closed(),
            Self::Http2(sender) => !sender.is_closed(),
        }
    }

    /// Sends a request; the answer streams.
    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        let sent = async {
            match self {
                Self::Http1(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
                Self::Http2(sender) => sender.send_request(request).await,
            }
        };
        tokio::time::timeout(PATIENCE, sent).await.unwrap().unwrap()
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn ask(&mut self, request: Request<Full<Bytes>>) -> Answer {
        let (head, body) = self.send(request).await.into_parts();
        let body = tokio::time::timeout(PATIENCE, body.collect())
            .await
            .unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.unwrap().to_bytes().to_vec()).unwrap(),
        }
    }
}

/// A GET of a path on a host.
pub(crate) fn get(browser: &Browser, host: &str, path: &str) -> Request<Full<Bytes>> {
    request(browser, "GET", host, path, "")
}

/// A POST of a body.
pub(crate) fn post(browser: &Browser, host: &str, path: &str, body: &str) -> Request<Full<Bytes>> {
    request(browser, "POST", host, path, body)
}

fn request(
    browser: &Browser,
    method: &str,
    host: &str,
    path: &str,
    body: &str,
) -> Request<Full<Bytes>> {
    let builder = Request::builder().method(method);
    let builder = if browser.is_http2() {
        builder.uri(format!("https://{host}{path}"))
    } else {
        builder.uri(path).header("host", host)
    };
    builder.body(Full::from(body.to_owned())).unwrap()
}
