//! Our CA, leaf certificates, both handshakes. (Skeleton.)

use std::sync::Arc;

/// Why a leaf or a configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate could not be made.
    #[error("cannot make a certificate")]
    Certificate,
}

/// Which application protocols a handshake offers or accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alpn {
    /// `h2` and `http/1.1`.
    Both,
    /// `h2` only.
    Http2,
    /// `http/1.1` only.
    Http1,
    /// None at all: the client offered none.
    None,
}

/// Leaves for intercepted hosts, cached with single flight.
#[derive(Clone)]
pub struct LeafIssuer;

impl LeafIssuer {
    /// The server side of a handshake for one host (DNS name or IP address).
    ///
    /// # Errors
    /// When the leaf cannot be made; a failure is never cached.
    pub async fn server_config(
        &self,
        _host: &str,
        _alpn: Alpn,
    ) -> Result<Arc<rustls::ServerConfig>, TlsError> {
        Err(TlsError::Certificate)
    }
}

/// The client side of handshakes with upstreams. Certificates are always verified.
#[derive(Clone)]
pub struct UpstreamTls;

impl UpstreamTls {
    /// The client configuration for what is to be offered.
    pub fn client_config(&self, _alpn: Alpn) -> Arc<rustls::ClientConfig> {
        unreachable!("skeleton")
    }
}
