//! Which certificate does a workstation see for an intercepted host? A leaf that names that host
//! alone, so that browsers never send another host's requests on the same connection.
//!
//! In go a host and what the client offered; out comes a rustls server configuration, cached. One
//! handshake makes a leaf, all others for the same host wait for it; a failure is never cached.
//! Leaves share one key per process, which is not the CA's and never on disk.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use moka::future::Cache;
use rcgen::string::Ia5String;
use rcgen::{
    CertificateParams, DistinguishedName, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::server::ServerSessionMemoryCache;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls_pki_types::{DnsName, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;

use super::authority::{BACKDATED, random_serial};
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

/// What a leaf names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Host {
    /// Lower case, no dot at the end.
    Dns(String),
    Ip(IpAddr),
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
        let made = self.inner.leaves.try_get_with_by_ref(&key, async {
            self.inner.make(&key.0, alpn, now)
        });
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

impl Host {
    fn parse(text: &str) -> Result<Self, TlsError> {
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Ip(address.to_canonical()));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        match DnsName::try_from(name.as_str()) {
            Ok(_) => Ok(Self::Dns(name)),
            Err(_) => Err(TlsError::Host),
        }
    }

    fn alternative_name(&self) -> Result<SanType, TlsError> {
        Ok(match self {
            Self::Dns(name) => SanType::DnsName(Ia5String::try_from(name.as_str())?),
            Self::Ip(address) => SanType::IpAddress(*address),
        })
    }
}

fn leaf_params(
    host: &Host,
    not_before: SystemTime,
    not_after: SystemTime,
) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::default();
    // No common name: it holds 64 characters, hosts may have 253, and clients read only the
    // alternative name (RFC 9525 section 2).
    params.distinguished_name = DistinguishedName::new();
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
