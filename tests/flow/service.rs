//! Stand-ins for an AI service: TLS with a certificate that a test CA signed.

use std::convert::Infallible;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Request, Response, Uri, Version};
use http_body::Frame;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a stand-in received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) version: Version,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

/// A stand-in.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    /// The CA that signed its certificate, PEM.
    pub(crate) ca: String,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<Mutex<usize>>,
    /// Streams of `/events` that were opened and not given up.
    pub(crate) streaming: Arc<AtomicUsize>,
    /// Lets `/events` go on to its next event.
    pub(crate) next_event: Arc<Notify>,
}

impl Service {
    /// Serves `host` with the given protocols (`h2`, `http/1.1`).
    pub(crate) async fn open(host: &str, protocols: &[&str]) -> Self {
        let (service, listener, acceptor) = Self::bind(host, protocols).await;
        let running = service.clone();
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                *running.connections.lock().unwrap() += 1;
                let (acceptor, service) = (acceptor.clone(), running.clone());
                tokio::spawn(async move {
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        service.serve(tls).await;
                    }
                });
            }
        });
        service
    }

    /// Hands every TLS connection to `talk`, raw: for what hyper would hide.
    pub(crate) async fn raw<T, F>(host: &str, talk: T) -> Self
    where
        T: Fn(TlsStream<TcpStream>) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (service, listener, acceptor) = Self::bind(host, &["http/1.1"]).await;
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                if let Ok(tls) = acceptor.accept(tcp).await {
                    tokio::spawn(talk(tls));
                }
            }
        });
        service
    }

    async fn bind(host: &str, protocols: &[&str]) -> (Self, TcpListener, TlsAcceptor) {
        let (acceptor, ca) = certificate(host, protocols);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let service = Self {
            address: listener.local_addr().unwrap(),
            ca,
            received: Arc::default(),
            connections: Arc::default(),
            streaming: Arc::default(),
            next_event: Arc::default(),
        };
        (service, listener, acceptor)
    }

    /// What came so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// What came last.
    pub(crate) fn last(&self) -> Received {
        self.received().pop().expect("nothing was received")
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    async fn serve(self, tls: TlsStream<TcpStream>) {
        let service = service_fn(move |request| {
            let this = self.clone();
            async move { Ok::<_, Infallible>(this.answer(request).await) }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().max_headers(256);
        builder.http2().max_header_list_size(1 << 20);
        let served = builder.serve_connection(TokioIo::new(tls), service);
        drop(served.await);
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<BoxBody<Bytes, Infallible>> {
        let (head, body) = request.into_parts();
        let Ok(collected) = body.collect().await else {
            return Response::new(Full::default().boxed());
        };
        let trailers = collected.trailers().cloned();
        self.received.lock().unwrap().push(Received {
            version: head.version,
            uri: head.uri.clone(),
            headers: head.headers,
            body: collected.to_bytes(),
            trailers,
        });
        let builder = Response::builder()
            .header("alt-svc", "h3=\":443\"")
            .header("x-service", "yes");
        let body = match head.uri.path() {
            "/events" => self.events(),
            "/v1/chat/completions" => return self.echo(&head.uri),
            "/trailers" => {
                let mut fields = HeaderMap::new();
                fields.insert("grpc-status", "0".parse().unwrap());
                let frames = [
                    Frame::data(Bytes::from_static(b"x")),
                    Frame::trailers(fields),
                ];
                BodyExt::boxed(StreamBody::new(stream::iter(frames.map(Ok))))
            }
            "/slow" => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Full::from("slow").boxed()
            }
            _ => Full::from("hello").boxed(),
        };
        builder.body(body).unwrap()
    }

    /// What a model that repeats its prompt would say: event by event, or packed in one piece.
    fn echo(&self, uri: &Uri) -> Response<BoxBody<Bytes, Infallible>> {
        let prompt = String::from_utf8(self.last().body.to_vec()).unwrap();
        let prompt: serde_json::Value = serde_json::from_str(&prompt).unwrap();
        let prompt = prompt["messages"][0]["content"].as_str().unwrap();
        let builder = Response::builder()
            .header("etag", "\"1\"")
            .header("content-digest", "sha-256=:x:");
        if uri.query() == Some("whole") {
            let message = serde_json::json!({"choices": [{"message": {"content": prompt}}]});
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), Default::default());
            packed.write_all(message.to_string().as_bytes()).unwrap();
            return builder
                .header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .body(Full::from(packed.finish().unwrap()).boxed())
                .unwrap();
        }
        let next = Arc::clone(&self.next_event);
        let pieces: Vec<char> = prompt.chars().collect();
        let pieces: Vec<String> = pieces.chunks(5).map(String::from_iter).collect();
        let events = stream::unfold(pieces.into_iter(), move |mut pieces| {
            let next = Arc::clone(&next);
            async move {
                let piece = pieces.next()?;
                next.notified().await;
                let event =
                    serde_json::json!({"choices": [{"index": 0, "delta": {"content": piece}}]});
                let event = Bytes::from(format!("data: {event}\n\n"));
                Some((Ok(Frame::data(event)), pieces))
            }
        });
        builder
            .header("content-type", "text/event-stream")
            .body(BodyExt::boxed(StreamBody::new(SyncStream(Box::pin(
                events,
            )))))
            .unwrap()
    }

    fn events(&self) -> BoxBody<Bytes, Infallible> {
        let next = Arc::clone(&self.next_event);
        let streaming = Arc::new(Streaming::begin(&self.streaming));
        let events = stream::unfold(0, move |count| {
            let next = Arc::clone(&next);
            let streaming = Arc::clone(&streaming);
            async move {
                let _streaming = streaming;
                if count == 3 {
                    return None;
                }
                next.notified().await;
                let event = Bytes::from(format!("data: {count}\n\n"));
                Some((Ok(Frame::data(event)), count + 1))
            }
        });
        BodyExt::boxed(StreamBody::new(SyncStream(Box::pin(events))))
    }
}

/// Counts a stream until it is dropped.
struct Streaming(Arc<AtomicUsize>);

impl Streaming {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A stream behind a lock nobody else takes, so that it may be shared.
struct SyncStream<S>(std::pin::Pin<Box<S>>);

impl<S: futures_util::Stream + Send> futures_util::Stream for SyncStream<S> {
    type Item = S::Item;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<S::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

fn certificate(host: &str, protocols: &[&str]) -> (TlsAcceptor, String) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![host.to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    (TlsAcceptor::from(Arc::new(config)), ca_pem)
}

/// Reads a raw HTTP/1.1 request: its head, and as many bytes of body as it declares.
pub(crate) async fn read_raw(tls: &mut TlsStream<TcpStream>) -> (String, Vec<u8>) {
    let mut read = Vec::new();
    let end = loop {
        if let Some(at) = memchr::memmem::find(&read, b"\r\n\r\n") {
            break at + 4;
        }
        let mut piece = [0; 4096];
        let count = tls.read(&mut piece).await.unwrap();
        assert!(count > 0, "the request broke off");
        read.extend_from_slice(&piece[..count]);
    };
    let head = String::from_utf8(read[..end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse::<usize>().unwrap())
    });
    let mut body = read[end..].to_vec();
    while body.len() < length.unwrap_or(0) {
        let mut piece = [0; 4096];
        let count = tls.read(&mut piece).await.unwrap();
        body.extend_from_slice(&piece[..count]);
    }
    (head, body)
}

pub(crate) async fn write_raw(tls: &mut TlsStream<TcpStream>, text: &str) {
    tls.write_all(text.as_bytes()).await.unwrap();
    tls.flush().await.unwrap();
}
