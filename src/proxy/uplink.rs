//! How is a connection to an upstream opened, and which protocol did the upstream choose?
//!
//! In: whose connection, to which host, and what is to be offered. Out: a connection ready to send
//! on. The choice of each host is remembered, so that later handshakes of clients need not wait.
//!
//! Never: a connection whose certificate did not verify, an AI host at a private address.

use std::time::Duration;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address_guard::Purpose;
use super::failure::Failure;
use super::pool::{PoolKey, Sender};
use super::upstream::{Upstream, broken, slow};
use crate::tls::Alpn;

impl Upstream {
    /// What a client that offers several protocols is to be given: the upstream's own choice. On
    /// first contact that means a handshake, whose connection is kept for the first request.
    pub(super) async fn choice(&self, key: &PoolKey) -> Result<Alpn, Failure> {
        if let Some(known) = self.remembered(key).await {
            return Ok(known);
        }
        let settings = self.settings_of_pool();
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
        self.pool.keep(key.clone(), sender, &settings);
        Ok(choice)
    }

    /// A connection for one exchange: a new one, or the one that a parallel exchange just opened.
    pub(super) async fn connection(&self, key: &PoolKey) -> Result<Sender, Failure> {
        let is_exclusive = match key.offer {
            Alpn::Http1 | Alpn::None => true,
            Alpn::Http2 | Alpn::Both => self.remembered(key).await == Some(Alpn::Http1),
        };
        if is_exclusive {
            return self.open(key).await;
        }
        let settings = self.settings_of_pool();
        let opening = self.pool.opening(key);
        let _guard = timeout(self.patience(), opening.lock())
            .await
            .map_err(|_| slow(key))?;
        if let Some(opened) = self.pool.take(key) {
            return Ok(opened);
        }
        let sender = self.open(key).await?;
        if let Sender::Http2(shared) = &sender {
            let shared = Sender::Http2(shared.clone());
            self.pool.keep(key.clone(), shared, &settings);
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

    pub(super) async fn handshake(
        &self,
        key: &PoolKey,
        offer: Alpn,
    ) -> Result<TlsStream<TcpStream>, Failure> {
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
            self.limits().handshake_max,
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
        self.limits().connect_max + self.limits().handshake_max
    }

    pub(super) fn http1(&self) -> http1::Builder {
        let mut builder = http1::Builder::new();
        builder
            .preserve_header_case(true)
            .max_headers(self.limits().header_fields_max)
            .max_header_size(self.limits().header_bytes_max)
            .max_buf_size(self.limits().header_bytes_max.max(64 * 1024));
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
            .max_header_list_size(u32::try_from(self.limits().header_bytes_max).unwrap_or(u32::MAX))
            .keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(15));
        builder
    }
}
