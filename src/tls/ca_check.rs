//! Is this file what it should be? Certificates and keys of the CA, each checked against the others.
//!
//! In go paths and PEM text; out come parsed certificates and keys, or an error that names the file
//! and the remedy. Signatures and X.509 are x509-parser's.

use std::path::Path;
use std::time::SystemTime;

use rcgen::KeyPair;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::TlsError;
use super::ca_folder::read_key;

/// A private key that belongs to `certificate`.
pub(super) fn load_key(
    path: &Path,
    certificate: &X509Certificate<'_>,
) -> Result<KeyPair, TlsError> {
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

pub(super) fn certificate_der(path: &Path, pem: &str) -> Result<CertificateDer<'static>, TlsError> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| unfit(path, "does not hold a certificate"))
}

pub(super) fn parse<'a>(
    path: &Path,
    der: &'a CertificateDer<'static>,
) -> Result<X509Certificate<'a>, TlsError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) | Err(_) => Err(unfit(path, "does not hold a certificate")),
    }
}

pub(super) fn check_validity(
    path: &Path,
    certificate: &X509Certificate<'_>,
    now: SystemTime,
) -> Result<(), TlsError> {
    if now < not_before(certificate) || now > not_after(certificate) {
        return Err(outdated(path));
    }
    Ok(())
}

pub(super) fn not_before(certificate: &X509Certificate<'_>) -> SystemTime {
    certificate.validity().not_before.to_datetime().into()
}

pub(super) fn not_after(certificate: &X509Certificate<'_>) -> SystemTime {
    certificate.validity().not_after.to_datetime().into()
}

pub(super) fn unfit(path: &Path, problem: &'static str) -> TlsError {
    TlsError::Unfit {
        path: path.to_path_buf(),
        problem,
        remedy: "restore the whole folder from one backup, or move it away to make a new CA \
                 (every workstation must then trust it anew)",
    }
}

pub(super) fn outdated(path: &Path) -> TlsError {
    TlsError::Unfit {
        path: path.to_path_buf(),
        problem: "has expired or is not valid yet",
        remedy: "check this machine's clock; if it is right, move the folder away to make a new \
                 CA (every workstation must then trust it anew)",
    }
}
