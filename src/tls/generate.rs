//! How does a new CA come to be? Two key pairs, a root, and one issuing certificate under it.
//!
//! In goes the time; out comes PEM text for `ca_folder` to write. Keys come from the provider's
//! random source. Never: files.

use std::time::{Duration, SystemTime};

use aws_lc_rs::rand;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use time::OffsetDateTime;

use super::TlsError;
use super::ca_folder::PemPair;

/// Ten years: a new root means a visit to every workstation.
pub(super) const CA_LIFETIME: Duration = Duration::from_secs(3652 * 86_400);

/// Certificates begin a day early: clocks of old workstations run late.
pub(super) const BACKDATED: Duration = Duration::from_secs(86_400);

/// 2025-01-01: a clock that shows less has lost its battery.
const PLAUSIBLE_FROM: Duration = Duration::from_secs(1_735_689_600);

/// The organization in every certificate of ours.
pub(super) const PRODUCT: &str = "Lá Chắn";

/// The name that the workstation's list of authorities shows.
const COMMON_NAME: &str = "Lá Chắn - chứng chỉ bảo mật của cơ quan";

/// A root and an issuing certificate, with their keys.
pub(super) fn generate(now: SystemTime) -> Result<(PemPair, PemPair), TlsError> {
    if now < SystemTime::UNIX_EPOCH + PLAUSIBLE_FROM {
        return Err(TlsError::Clock);
    }
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

pub(super) fn ca_params(
    common_name: &str,
    label: &str,
    path_length: u8,
    now: SystemTime,
) -> Result<CertificateParams, TlsError> {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, PRODUCT);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ca_is_made_while_the_clock_is_lost() {
        let result = generate(SystemTime::UNIX_EPOCH + Duration::from_secs(60));
        assert!(matches!(result, Err(TlsError::Clock)));
    }

    #[test]
    fn serial_numbers_are_positive_long_and_never_the_same() {
        let (one, two) = (random_serial().unwrap(), random_serial().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 16);
        assert!(one.to_bytes()[0] < 0x80);
    }
}
