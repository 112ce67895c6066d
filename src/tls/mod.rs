//! How do both handshakes of an interception happen? Our CA, leaf certificates, upstream trust.
//!
//! In goes a folder with keys, a host and what a client offered; out come rustls configurations.
//! [`CertificateAuthority`] owns the office's root and its issuing certificates, [`LeafIssuer`]
//! makes and caches one leaf per host, [`UpstreamTls`] verifies the services.
//!
//! Never: a setting or a path that skips verification of an upstream, a CA key in a log or an
//! error, a CA file overwritten, a leaf that names two hosts.
//!
//! Read next: `authority` (who signs; with `generate`, `ca_check`, `ca_folder`), `rotation` and
//! `backup` (what happens to it over the years), `leaf` (what workstations see), `upstream` (whom
//! we believe).

mod authority;
#[cfg(test)]
mod authority_tests;
pub mod backup;
mod ca_check;
mod ca_folder;
mod error;
mod generate;
mod host;
mod leaf;
pub mod rotation;
mod upstream;

use std::sync::Arc;
use std::time::SystemTime;

use rustls::crypto::CryptoProvider;

pub use authority::CertificateAuthority;
pub use error::TlsError;
pub use leaf::LeafIssuer;
pub use upstream::UpstreamTls;

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

impl Alpn {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Both, Self::Http2, Self::Http1, Self::None];

    /// The protocol ids of RFC 7301, most wanted first.
    fn protocols(self) -> Vec<Vec<u8>> {
        match self {
            Self::Both => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Self::Http2 => vec![b"h2".to_vec()],
            Self::Http1 => vec![b"http/1.1".to_vec()],
            Self::None => Vec::new(),
        }
    }
}

/// Where the time of day comes from: handed in, so that tests can set it.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The one cryptographic provider of the program, passed explicitly: no process-wide default.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}
