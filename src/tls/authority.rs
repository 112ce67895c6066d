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
use std::time::SystemTime;

use aws_lc_rs::digest;
use rcgen::{Issuer, KeyPair};
use rustls_pki_types::CertificateDer;
use time::OffsetDateTime;
use x509_parser::prelude::X509Certificate;

use super::TlsError;
use super::ca_check::{
    certificate_der, check_validity, load_key, not_after, not_before, outdated, parse, unfit,
};
use super::ca_folder::{CaFolder, read_certificate};
use super::generate::generate;

/// The office's certificate authority.
pub struct CertificateAuthority {
    root_pem: String,
    root_der: CertificateDer<'static>,
    root_subject: String,
    root_not_before: SystemTime,
    root_not_after: SystemTime,
    root_key: RootKey,
    /// Ascending; the last one signs.
    issuing: Vec<IssuingCertificate>,
    /// The CA that workstations are to trust besides, while the office changes its root.
    standby: Option<Box<Self>>,
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
        load_with_standby(&folder, now)
    }

    /// Loads the CA from its own folder and never makes one.
    ///
    /// # Errors
    /// As [`Self::load_or_create`], and when there is no CA.
    pub fn load(folder: &Path, now: SystemTime) -> Result<Self, TlsError> {
        let own = CaFolder::new(folder);
        if own.is_empty()? {
            let path = folder.to_owned();
            return Err(TlsError::NoneYet { path });
        }
        load_with_standby(&own, now)
    }

    /// Loads the CA that stands by, where one does.
    ///
    /// # Errors
    /// As [`Self::load_or_create`].
    pub fn load_standby(folder: &Path, now: SystemTime) -> Result<Option<Self>, TlsError> {
        let standby = CaFolder::new(folder).standby();
        if standby.is_empty()? {
            return Ok(None);
        }
        load(&standby, now).map(Some)
    }

    /// The CA that stands by: workstations are to trust it too, and it signs nothing.
    pub fn standby(&self) -> Option<&Self> {
        self.standby.as_deref()
    }

    /// The root certificates that workstations are to trust, the one in use first.
    pub fn roots_pem(&self) -> String {
        let standby = self.standby().map_or("", Self::root_pem);
        format!("{}{standby}", self.root_pem)
    }

    /// From when on the root is valid.
    pub(super) const fn root_begins(&self) -> SystemTime {
        self.root_not_before
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
        let standby = self.standby().map_or_else(String::new, |standby| {
            format!(
                "\n\nstanding by (trusted besides, signs nothing):\n{}",
                standby.describe()
            )
        });
        format!(
            "subject:      {}\nSHA-256:      {}\nvalid until:  {}\nroot key:     {root_key}\nissuing:      {}{standby}",
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

/// A second CA that cannot be used must not stop the one in use: it is logged.
fn load_with_standby(folder: &CaFolder, now: SystemTime) -> Result<CertificateAuthority, TlsError> {
    let mut authority = load(folder, now)?;
    let standby = folder.standby();
    if !standby.is_empty()? {
        authority.standby = load(&standby, now)
            .inspect_err(|error| tracing::warn!(%error, "the CA that stands by cannot be used"))
            .ok()
            .map(Box::new);
    }
    Ok(authority)
}

fn load(folder: &CaFolder, now: SystemTime) -> Result<CertificateAuthority, TlsError> {
    let root_path = folder.root_certificate();
    let root_pem = read_certificate(&root_path)?;
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
    let (root_not_before, root_not_after) = (not_before(&root), not_after(&root));
    Ok(CertificateAuthority {
        root_pem,
        root_der,
        root_subject,
        root_not_before,
        root_not_after,
        root_key,
        issuing,
        standby: None,
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
    let der = certificate_der(&path, &read_certificate(&path)?)?;
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

/// A moment as a day, for people.
fn day(moment: SystemTime) -> String {
    OffsetDateTime::from(moment).date().to_string()
}
