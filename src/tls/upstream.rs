//! Whom do we believe to be an AI service? The public roots and those the office added.
//!
//! In go files with extra CAs; out come rustls client configurations, one per set of protocols.
//! Verification is always on and there is no setting to stop it. Revocation is not checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::ca_folder::read_text;
use super::{Alpn, TlsError, provider};

/// Upstream sessions remembered for resumption, per set of protocols.
const SESSIONS_MAX: usize = 512;

/// The client side of handshakes with upstreams. Certificates are always verified.
#[derive(Clone)]
pub struct UpstreamTls {
    both: Arc<ClientConfig>,
    http2: Arc<ClientConfig>,
    http1: Arc<ClientConfig>,
    none: Arc<ClientConfig>,
}

impl UpstreamTls {
    /// Trusts the system's roots (the built-in public ones where the system has none) and those in
    /// the PEM files.
    ///
    /// # Errors
    /// Names the extra file that cannot be read or holds no usable certificate.
    pub fn new(extra_ca_files: &[PathBuf]) -> Result<Self, TlsError> {
        let mut roots = public_roots();
        for file in extra_ca_files {
            add_extra(&mut roots, file)?;
        }
        let roots = Arc::new(roots);
        Ok(Self {
            both: configuration(&roots, Alpn::Both)?,
            http2: configuration(&roots, Alpn::Http2)?,
            http1: configuration(&roots, Alpn::Http1)?,
            none: configuration(&roots, Alpn::None)?,
        })
    }

    /// The client configuration for what is to be offered.
    pub fn client_config(&self, alpn: Alpn) -> Arc<ClientConfig> {
        Arc::clone(match alpn {
            Alpn::Both => &self.both,
            Alpn::Http2 => &self.http2,
            Alpn::Http1 => &self.http1,
            Alpn::None => &self.none,
        })
    }
}

/// One unreadable file in the system's store must not stop the program: it is logged.
fn public_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    for error in &native.errors {
        tracing::warn!(%error, "part of the system's root certificates cannot be read");
    }
    let (_added, ignored) = roots.add_parsable_certificates(native.certs);
    if ignored > 0 {
        tracing::debug!(ignored, "system root certificates of an unknown form");
    }
    if roots.is_empty() {
        tracing::warn!("the system has no root certificates: the built-in public ones are used");
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

fn add_extra(roots: &mut RootCertStore, file: &Path) -> Result<(), TlsError> {
    let unfit = |problem| TlsError::Unfit {
        path: file.to_path_buf(),
        problem,
        remedy: "upstream.extra_ca_files takes PEM files with CA certificates",
    };
    let text = read_text(file)?;
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        let certificate = certificate.map_err(|_| unfit("is not a PEM file"))?;
        roots
            .add(certificate)
            .map_err(|_| unfit("holds a certificate that cannot be used"))?;
    }
    if roots.len() == before {
        return Err(unfit("holds no certificate"));
    }
    Ok(())
}

fn configuration(roots: &Arc<RootCertStore>, alpn: Alpn) -> Result<Arc<ClientConfig>, TlsError> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(Arc::clone(roots))
        .with_no_client_auth();
    config.alpn_protocols = alpn.protocols();
    config.resumption = Resumption::in_memory_sessions(SESSIONS_MAX);
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(content: Option<&str>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("extra.pem");
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let Err(error) = UpstreamTls::new(&[file]) else {
            return String::new();
        };
        error.to_string()
    }

    #[test]
    fn an_extra_ca_file_that_cannot_be_used_is_named() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        for content in [None, Some(""), Some("no PEM"), Some(broken), Some(cut)] {
            let text = failure(content);
            assert!(text.contains("extra.pem"), "{content:?}: {text}");
        }
    }

    #[test]
    fn each_configuration_offers_its_protocols_and_no_early_data() {
        let upstream = UpstreamTls::new(&[]).unwrap();
        for alpn in Alpn::ALL {
            let config = upstream.client_config(alpn);
            assert_eq!(config.alpn_protocols, alpn.protocols());
            assert!(!config.enable_early_data);
        }
    }
}
