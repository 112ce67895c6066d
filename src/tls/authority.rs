//! Who signs our leaves? The office's root, which workstations trust, through issuing
//! certificates, so that the root's key can be sealed away.
//!
//! In goes the CA's folder and the time; out comes a CA that was checked as a whole: every file
//! parses, every key belongs to its certificate, every issuing certificate was signed by the root,
//! and the one in use has not expired. Files that do not fit are reported, never replaced: a new
//! root means a visit to every workstation.
//!
//! Never: a key in `Debug`, a log or an error.

use std::fmt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_lc_rs::{digest, rand};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::TlsError;
use super::ca_folder::{CaFolder, PemPair, read_key, read_text};

/// Ten years: a new root means a visit to every workstation.
const CA_LIFETIME: Duration = Duration::from_secs(3652 * 86_400);

/// Certificates begin a day early: clocks of old workstations run late.
pub(super) const BACKDATED: Duration = Duration::from_secs(86_400);

/// The name that the workstation's list of authorities shows.
const COMMON_NAME: &str = "Lá Chắn - chứng chỉ bảo mật của cơ quan";

/// The office's certificate authority.
pub struct CertificateAuthority {
    root_pem: String,
    root_der: CertificateDer<'static>,
    root_subject: String,
    root_not_after: SystemTime,
    root_key: RootKey,
    /// Ascending; the last one signs.
    issuing: Vec<IssuingCertificate>,
}

/// Where the root's key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RootKey {
    Present,
    SealedAway,
}

/// A certificate under the root, with the key that signs leaves.
pub(super) struct IssuingCertificate {
    pub(super) issuer: Issuer<'static, KeyPair>,
    pub(super) der: CertificateDer<'static>,
    pub(super) not_before: SystemTime,
    pub(super) not_after: SystemTime,
}

impl CertificateAuthority {
    /// Loads the CA from its own folder (`<data_dir>/ca`), or makes one if the folder is empty or
    /// not there.
    ///
    /// # Errors
    /// Names the file that is missing, does not parse, does not fit the others or has expired, and
    /// what to do about it. Nothing is ever overwritten.
    pub fn load_or_create(folder: &Path, now: SystemTime) -> Result<Self, TlsError> {
        let folder = CaFolder::new(folder);
        if folder.is_empty()? {
            let (root, issuing) = generate(now)?;
            if folder.create(&root, &issuing)? {
                tracing::info!(file = %folder.root_certificate().display(), "made a new CA");
            }
        }
        load(&folder, now)
    }

    /// The root certificate, for workstations.
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The root certificate in binary form, for workstations.
    pub fn root_der(&self) -> &[u8] {
        &self.root_der
    }

    /// The root's SHA-256 fingerprint, as certificate viewers show it: `AB:CD:...`.
    pub fn fingerprint_sha256(&self) -> String {
        let hash = digest::digest(&digest::SHA256, &self.root_der);
        let pairs: Vec<String> = hash.as_ref().iter().map(|b| format!("{b:02X}")).collect();
        pairs.join(":")
    }

    /// When interception ends unless something is done: the earlier of the root's end and the
    /// issuing certificate's.
    pub fn not_after(&self) -> SystemTime {
        self.signer().map_or(self.root_not_after, |issuing| {
            issuing.not_after.min(self.root_not_after)
        })
    }

    /// The CA in a few lines for a person.
    pub fn describe(&self) -> String {
        let root_key = match self.root_key {
            RootKey::Present => "on this machine",
            RootKey::SealedAway => "sealed away",
        };
        format!(
            "subject:      {}\nSHA-256:      {}\nvalid until:  {}\nroot key:     {root_key}\nissuing:      {}",
            self.root_subject,
            self.fingerprint_sha256(),
            day(self.not_after()),
            self.issuing.len(),
        )
    }

    /// The certificate that signs leaves.
    pub(super) fn signer(&self) -> Option<&IssuingCertificate> {
        self.issuing.last()
    }
}

impl fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateAuthority")
            .field("fingerprint_sha256", &self.fingerprint_sha256())
            .finish_non_exhaustive()
    }
}

/// A positive 16-byte serial number from a random source, as the CA/Browser Forum asks (>= 64
/// random bits).
pub(super) fn random_serial() -> Result<SerialNumber, TlsError> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes).map_err(|_| TlsError::Random)?;
    if let Some(first) = bytes.first_mut() {
        // The first bit would make it negative; the second keeps the length the same for all.
        *first = (*first & 0x7f) | 0x40;
    }
    Ok(SerialNumber::from_slice(&bytes))
}

fn generate(now: SystemTime) -> Result<(PemPair, PemPair), TlsError> {
    let label = office_label()?;
    let root_key = KeyPair::generate()?;
    let root_params = ca_params(COMMON_NAME, &label, 1, now)?;
    let root = root_params.self_signed(&root_key)?;
    let issuing_key = KeyPair::generate()?;
    let mut issuing_params = ca_params(&format!("{COMMON_NAME} 1"), &label, 0, now)?;
    issuing_params.use_authority_key_identifier_extension = true;
    let issuer = Issuer::from_params(&root_params, &root_key);
    let issuing = issuing_params.signed_by(&issuing_key, &issuer)?;
    Ok((pem_pair(&root, &root_key), pem_pair(&issuing, &issuing_key)))
}

/// Tells one office's CA from another's where a workstation trusts two.
fn office_label() -> Result<String, TlsError> {
    let mut bytes = [0_u8; 4];
    rand::fill(&mut bytes).map_err(|_| TlsError::Random)?;
    Ok(format!("{:08X}", u32::from_be_bytes(bytes)))
}

fn ca_params(
    common_name: &str,
    label: &str,
    path_length: u8,
    now: SystemTime,
) -> Result<CertificateParams, TlsError> {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Lá Chắn");
    name.push(DnType::OrganizationalUnitName, label);
    name.push(DnType::CommonName, common_name);
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.serial_number = Some(random_serial()?);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(path_length));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = OffsetDateTime::from(now - BACKDATED);
    params.not_after = OffsetDateTime::from(now + CA_LIFETIME);
    Ok(params)
}

fn pem_pair(certificate: &Certificate, key: &KeyPair) -> PemPair {
    PemPair {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    }
}

fn load(folder: &CaFolder, now: SystemTime) -> Result<CertificateAuthority, TlsError> {
    let root_path = folder.root_certificate();
    let root_pem = read_text(&root_path)?;
    let root_der = certificate_der(&root_path, &root_pem)?;
    let root = parse(&root_path, &root_der)?;
    if !root.is_ca() || root.verify_signature(None).is_err() {
        return Err(unfit(&root_path, "is not a self-signed CA certificate"));
    }
    check_validity(&root_path, &root, now)?;
    let root_key = load_root_key(folder, &root)?;
    let mut issuing = Vec::new();
    let mut expired = None;
    for number in folder.issuing_numbers() {
        let candidate = load_issuing(folder, number, &root)?;
        if now < candidate.not_before || now > candidate.not_after {
            expired = Some(folder.issuing_certificate(number));
        } else {
            issuing.push(candidate);
        }
    }
    if issuing.is_empty() {
        return Err(match expired {
            Some(path) => outdated(&path),
            None => TlsError::Missing {
                path: folder.issuing_certificate(1),
            },
        });
    }
    let root_subject = root.subject().to_string();
    let root_not_after = not_after(&root);
    Ok(CertificateAuthority {
        root_pem,
        root_der,
        root_subject,
        root_not_after,
        root_key,
        issuing,
    })
}

fn load_root_key(folder: &CaFolder, root: &X509Certificate<'_>) -> Result<RootKey, TlsError> {
    let path = folder.root_key();
    if !path.exists() {
        return Ok(RootKey::SealedAway);
    }
    load_key(&path, root).map(|_key| RootKey::Present)
}

fn load_issuing(
    folder: &CaFolder,
    number: usize,
    root: &X509Certificate<'_>,
) -> Result<IssuingCertificate, TlsError> {
    let path = folder.issuing_certificate(number);
    let der = certificate_der(&path, &read_text(&path)?)?;
    let certificate = parse(&path, &der)?;
    if !certificate.is_ca() {
        return Err(unfit(&path, "is not a CA certificate"));
    }
    if certificate.issuer() != root.subject()
        || certificate
            .verify_signature(Some(root.public_key()))
            .is_err()
    {
        return Err(unfit(&path, "was not signed by root.pem"));
    }
    let key = load_key(&folder.issuing_key(number), &certificate)?;
    let (not_before, not_after) = (not_before(&certificate), not_after(&certificate));
    Ok(IssuingCertificate {
        issuer: Issuer::from_ca_cert_der(&der, key)?,
        der,
        not_before,
        not_after,
    })
}

fn load_key(path: &Path, certificate: &X509Certificate<'_>) -> Result<KeyPair, TlsError> {
    let key = KeyPair::from_pem(&read_key(path)?)
        .map_err(|_| unfit(path, "does not hold a private key"))?;
    if key.public_key_raw() != certificate.public_key().subject_public_key.data.as_ref() {
        return Err(unfit(
            path,
            "is not the key of the certificate of the same name",
        ));
    }
    Ok(key)
}

fn certificate_der(path: &Path, pem: &str) -> Result<CertificateDer<'static>, TlsError> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| unfit(path, "does not hold a certificate"))
}

fn parse<'a>(
    path: &Path,
    der: &'a CertificateDer<'static>,
) -> Result<X509Certificate<'a>, TlsError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) | Err(_) => Err(unfit(path, "does not hold a certificate")),
    }
}

fn check_validity(
    path: &Path,
    certificate: &X509Certificate<'_>,
    now: SystemTime,
) -> Result<(), TlsError> {
    if now < not_before(certificate) || now > not_after(certificate) {
        return Err(outdated(path));
    }
    Ok(())
}

fn not_before(certificate: &X509Certificate<'_>) -> SystemTime {
    certificate.validity().not_before.to_datetime().into()
}

fn not_after(certificate: &X509Certificate<'_>) -> SystemTime {
    certificate.validity().not_after.to_datetime().into()
}

fn unfit(path: &Path, problem: &'static str) -> TlsError {
    TlsError::Unfit {
        path: path.to_path_buf(),
        problem,
        remedy: "restore the whole folder from one backup, or move it away to make a new CA \
                 (every workstation must then trust it anew)",
    }
}

fn outdated(path: &Path) -> TlsError {
    TlsError::Unfit {
        path: path.to_path_buf(),
        problem: "has expired or is not valid yet",
        remedy: "check this machine's clock; if it is right, move the folder away to make a new \
                 CA (every workstation must then trust it anew)",
    }
}

/// A moment as a day, for people.
fn day(moment: SystemTime) -> String {
    OffsetDateTime::from(moment).date().to_string()
}
