//! Which certificate does a workstation see for an intercepted host? A leaf that names that host
//! alone, so that browsers never send another host's requests on the same connection.
//!
//! In go a host and what the client offered; out comes a rustls server configuration, cached. One
//! handshake makes a leaf, all others for the same host wait for it; a failure is never cached.
//! Leaves share one key per process, which is not the CA's and never on disk.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use moka::future::Cache;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::server::ServerSessionMemoryCache;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;

use super::generate::{BACKDATED, PRODUCT, random_serial};
use super::host::Host;
use super::{Alpn, CertificateAuthority, Clock, TlsError, provider};

/// How long a leaf is valid: well under the 398 days that browsers accept.
const LEAF_LIFETIME: Duration = Duration::from_secs(90 * 86_400);

/// How long a leaf is used: far from its end, whatever the clock does meanwhile.
const LEAF_USE: Duration = Duration::from_secs(7 * 86_400);

/// Leaves held. The catalogue has some hundred hosts; an office sees a few dozen.
const LEAVES_MAX: u64 = 2048;

/// Sessions of TLS 1.2 clients without tickets, per host and set of protocols.
const SESSIONS_MAX: usize = 64;

/// Leaves for intercepted hosts, cached with single flight. Cheap to clone.
#[derive(Clone)]
pub struct LeafIssuer {
    inner: Arc<Inner>,
}

struct Inner {
    authority: Arc<CertificateAuthority>,
    clock: Clock,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
    leaves: Cache<(Host, Alpn), Leaf>,
}

#[derive(Clone)]
struct Leaf {
    config: Arc<ServerConfig>,
    not_before: SystemTime,
    renew_at: SystemTime,
}

impl LeafIssuer {
    /// Issues under `authority`, with a fresh key for the leaves of this process.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn new(authority: Arc<CertificateAuthority>, clock: Clock) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing_key = provider().key_provider.load_private_key(der)?;
        Ok(Self {
            inner: Arc::new(Inner {
                authority,
                clock,
                key,
                signing_key,
                leaves: Cache::builder()
                    .max_capacity(LEAVES_MAX)
                    .time_to_live(LEAF_USE)
                    .build(),
            }),
        })
    }

    /// The server side of a handshake for one host (DNS name or IP address).
    ///
    /// # Errors
    /// When the leaf cannot be made; a failure is never cached.
    pub async fn server_config(
        &self,
        host: &str,
        alpn: Alpn,
    ) -> Result<Arc<ServerConfig>, TlsError> {
        let now = (self.inner.clock)();
        let key = (Host::parse(host)?, alpn);
        if let Some(leaf) = self.inner.leaves.get(&key).await {
            if leaf.fits(now) {
                return Ok(leaf.config);
            }
            // The clock was set since: a cache's own clock does not see that.
            self.inner.leaves.invalidate(&key).await;
        }
        let made = self
            .inner
            .leaves
            .try_get_with_by_ref(&key, async { self.inner.make(&key.0, alpn, now) });
        Ok(made.await?.config)
    }
}

impl Inner {
    fn make(&self, host: &Host, alpn: Alpn, now: SystemTime) -> Result<Leaf, TlsError> {
        let signer = self.authority.signer().ok_or(TlsError::IssuerExpired)?;
        if now > signer.not_after {
            return Err(TlsError::IssuerExpired);
        }
        let not_before = (now - BACKDATED).max(signer.not_before);
        let not_after = (now + LEAF_LIFETIME).min(signer.not_after);
        let certificate = leaf_params(host, not_before, not_after)?
            .signed_by(&self.key, &signer.issuer)?
            .der()
            .clone();
        let chain = vec![certificate, signer.der.clone()];
        let certified = CertifiedKey::new(chain, Arc::clone(&self.signing_key));
        Ok(Leaf {
            config: server_config(certified, alpn)?,
            not_before,
            renew_at: (now + LEAF_USE).min(not_after),
        })
    }
}

impl Leaf {
    fn fits(&self, now: SystemTime) -> bool {
        now >= self.not_before && now < self.renew_at
    }
}

fn leaf_params(
    host: &Host,
    not_before: SystemTime,
    not_after: SystemTime,
) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    // No common name: it holds 64 characters, hosts may have 253, and clients read only the
    // alternative name (RFC 9525 section 2). People who look see who reads along.
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, PRODUCT);
    params.subject_alt_names = vec![host.alternative_name()?];
    params.serial_number = Some(random_serial()?);
    // Written out, so that the subject key identifier is too.
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = OffsetDateTime::from(not_before);
    params.not_after = OffsetDateTime::from(not_after);
    Ok(params)
}

fn server_config(certified: CertifiedKey, alpn: Alpn) -> Result<Arc<ServerConfig>, TlsError> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = alpn.protocols();
    config.ticketer = Ticketer::new()?;
    config.session_storage = ServerSessionMemoryCache::new(SESSIONS_MAX);
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use rustls_pki_types::{CertificateDer, ServerName};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_rustls::{TlsAcceptor, TlsConnector};
    use x509_parser::prelude::{FromDer, X509Certificate};

    use super::*;
    use crate::tls::UpstreamTls;

    /// An issuer whose clock the test holds, and a client that trusts its root.
    struct Stage {
        _folder: tempfile::TempDir,
        issuer: LeafIssuer,
        client: UpstreamTls,
        clock: Arc<Mutex<SystemTime>>,
    }

    fn stage() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let ca = folder.path().join("ca");
        let authority = Arc::new(CertificateAuthority::load_or_create(&ca, now).unwrap());
        let clock = Arc::new(Mutex::new(now));
        let shown = Arc::clone(&clock);
        Stage {
            client: UpstreamTls::new(&[ca.join("root.pem")]).unwrap(),
            _folder: folder,
            issuer: LeafIssuer::new(authority, Arc::new(move || *shown.lock().unwrap())).unwrap(),
            clock,
        }
    }

    /// A whole handshake; gives the chain that the client saw and the protocol agreed on.
    async fn handshake(
        stage: &Stage,
        asked: &str,
        issued: &str,
        offered: Alpn,
        accepted: Alpn,
    ) -> Result<(Vec<CertificateDer<'static>>, Option<Vec<u8>>), std::io::Error> {
        let config = stage.issuer.server_config(issued, accepted).await.unwrap();
        let (near, far) = tokio::io::duplex(64 * 1024);
        let server = tokio::spawn(async move {
            let mut tls = TlsAcceptor::from(config).accept(far).await?;
            tls.write_all(b"ok").await?;
            tls.shutdown().await
        });
        let name = ServerName::try_from(asked.to_owned()).unwrap();
        let connector = TlsConnector::from(stage.client.client_config(offered));
        let mut tls = connector.connect(name, near).await?;
        let mut said = String::new();
        tls.read_to_string(&mut said).await?;
        assert_eq!(said, "ok");
        server.await.unwrap()?;
        let (_, connection) = tls.get_ref();
        let chain = connection.peer_certificates().unwrap().to_vec();
        Ok((chain, connection.alpn_protocol().map(<[u8]>::to_vec)))
    }

    #[tokio::test]
    async fn names_and_addresses_are_served_and_verified() {
        let stage = stage();
        for host in [
            "chatgpt.com",
            "test.lachan.internal",
            "192.0.2.7",
            "2001:db8::7",
        ] {
            let (chain, protocol) = handshake(&stage, host, host, Alpn::Both, Alpn::Both)
                .await
                .unwrap();
            assert_eq!(chain.len(), 2, "{host}");
            assert_eq!(protocol.as_deref(), Some(&b"h2"[..]));
        }
    }

    #[tokio::test]
    async fn a_leaf_serves_its_own_host_only() {
        let stage = stage();
        for (asked, issued) in [
            ("claude.ai", "chatgpt.com"),
            ("a.chatgpt.com", "chatgpt.com"),
            ("192.0.2.8", "192.0.2.7"),
        ] {
            let result = handshake(&stage, asked, issued, Alpn::None, Alpn::None).await;
            assert!(result.is_err(), "{asked}");
        }
    }

    #[tokio::test]
    async fn the_protocol_given_is_the_one_spoken() {
        let stage = stage();
        for (accepted, spoken) in [
            (Alpn::Http1, Some(&b"http/1.1"[..])),
            (Alpn::Http2, Some(&b"h2"[..])),
            (Alpn::None, None),
        ] {
            let (_, protocol) = handshake(&stage, "claude.ai", "claude.ai", Alpn::Both, accepted)
                .await
                .unwrap();
            assert_eq!(protocol.as_deref(), spoken);
        }
    }

    #[tokio::test]
    async fn a_leaf_names_one_host_is_short_lived_and_names_its_issuer() {
        let stage = stage();
        let (chain, _) = handshake(&stage, "claude.ai", "Claude.AI.", Alpn::None, Alpn::None)
            .await
            .unwrap();
        let (_, leaf) = X509Certificate::from_der(&chain[0]).unwrap();
        let (_, issuing) = X509Certificate::from_der(&chain[1]).unwrap();
        let names = leaf.subject_alternative_name().unwrap().unwrap();
        assert_eq!(names.value.general_names.len(), 1);
        assert_eq!(leaf.issuer(), issuing.subject());
        assert!(
            leaf.extended_key_usage()
                .unwrap()
                .unwrap()
                .value
                .server_auth
        );
        assert!(!leaf.is_ca());
        let days = leaf.validity().time_to_expiration().unwrap().whole_days();
        assert!((88..=90).contains(&days), "{days}");
        let serial = leaf.raw_serial();
        assert_eq!(serial.len(), 16);
        assert!(serial[0] < 0x80);
        assert_ne!(
            leaf.public_key().raw,
            issuing.public_key().raw,
            "leaves have a key of their own"
        );
        for wanted in [
            x509_parser::oid_registry::OID_X509_EXT_SUBJECT_KEY_IDENTIFIER,
            x509_parser::oid_registry::OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER,
        ] {
            assert!(leaf.get_extension_unique(&wanted).unwrap().is_some());
        }
    }

    #[tokio::test]
    async fn a_hundred_handshakes_at_once_make_one_leaf() {
        let stage = stage();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let issuer = stage.issuer.clone();
            waiting.spawn(async move {
                issuer
                    .server_config("chatgpt.com", Alpn::Both)
                    .await
                    .unwrap()
            });
        }
        let configs = waiting.join_all().await;
        let first = &configs[0];
        assert!(configs.iter().all(|config| Arc::ptr_eq(config, first)));
        let other = stage.issuer.server_config("chatgpt.com", Alpn::Http1);
        assert!(!Arc::ptr_eq(&other.await.unwrap(), first));
    }

    #[tokio::test]
    async fn a_leaf_is_made_anew_long_before_its_end_and_when_the_clock_was_set_back() {
        let stage = stage();
        let start = *stage.clock.lock().unwrap();
        let first = stage.issuer.server_config("claude.ai", Alpn::Both);
        let first = first.await.unwrap();
        for now in [start + LEAF_USE, start - BACKDATED * 2] {
            *stage.clock.lock().unwrap() = now;
            let next = stage.issuer.server_config("claude.ai", Alpn::Both);
            assert!(!Arc::ptr_eq(&next.await.unwrap(), &first));
        }
    }

    #[tokio::test]
    async fn an_issuer_that_has_expired_issues_nothing_and_the_failure_is_not_kept() {
        let stage = stage();
        let start = *stage.clock.lock().unwrap();
        *stage.clock.lock().unwrap() = start + Duration::from_secs(20 * 365 * 86_400);
        let refused = stage.issuer.server_config("claude.ai", Alpn::Both).await;
        assert!(refused.unwrap_err().to_string().contains("expired"));
        *stage.clock.lock().unwrap() = start;
        stage
            .issuer
            .server_config("claude.ai", Alpn::Both)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn sessions_are_resumed() {
        let stage = stage();
        for expected in [rustls::HandshakeKind::Full, rustls::HandshakeKind::Resumed] {
            let config = stage
                .issuer
                .server_config("claude.ai", Alpn::Http1)
                .await
                .unwrap();
            let (near, far) = tokio::io::duplex(64 * 1024);
            let server = tokio::spawn(async move {
                let mut tls = TlsAcceptor::from(config).accept(far).await.unwrap();
                tls.write_all(b"ok").await.unwrap();
                tls.shutdown().await.unwrap();
            });
            let connector = TlsConnector::from(stage.client.client_config(Alpn::Http1));
            let name = ServerName::try_from("claude.ai").unwrap();
            let mut tls = connector.connect(name, near).await.unwrap();
            let mut said = Vec::new();
            tls.read_to_end(&mut said).await.unwrap();
            server.await.unwrap();
            assert_eq!(tls.get_ref().1.handshake_kind(), Some(expected));
        }
    }
}
