//! How does the CA survive the machine? As one file that only a passphrase opens.
//!
//! ```text
//! lachan-ca-backup 1 argon2id(64 MiB, 3, 1) aes-256-gcm
//! sha256 <of the sealed bytes: tells a damaged file from a wrong passphrase>
//! <base64 of: 16 bytes salt, 12 bytes nonce, sealed files>
//! ```
//!
//! In goes the CA's folder and a passphrase; out comes the text, and back. Key derivation and
//! encryption are those of argon2 (RFC 9106) and aws-lc-rs; the figures are fixed by the version,
//! so that a hostile file cannot ask for all memory. The incident store and the node's other keys
//! are no part of it.
//!
//! Never: a CA overwritten, half a CA put back, a passphrase in an error.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ca_folder::CaFolder;
use super::{CertificateAuthority, TlsError};
use crate::model::sensitive::Sensitive;

/// The first line; bound to the sealed bytes.
const HEAD: &str = "lachan-ca-backup 1 argon2id(64 MiB, 3, 1) aes-256-gcm";
/// The shortest passphrase taken, in characters: a stolen file can be tried for years.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
/// The largest backup read, in bytes: a CA has a few kilobytes.
pub const BACKUP_BYTES_MAX: u64 = 4 * 1024 * 1024;

const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 32;
/// 64 MiB, three passes, one lane: the second recommendation of RFC 9106 with one lane, which a
/// small machine computes within a second or two.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// Base64 in lines that a printer and a mail program leave alone.
const LINE_CHARS: usize = 76;

/// The CA in one text, sealed with the passphrase.
///
/// # Errors
/// When the CA cannot be used as it is, or the passphrase is too short.
pub fn seal(
    folder: &Path,
    now: SystemTime,
    passphrase: &Sensitive<String>,
) -> Result<String, TlsError> {
    if passphrase.expose().chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(TlsError::Backup {
            problem: "the passphrase is shorter than 12 characters",
            remedy: "take a sentence of four words or more, and keep it apart from the backup",
        });
    }
    // A backup of something that does not fit would be found out too late.
    CertificateAuthority::load(folder, now)?;
    let files = CaFolder::new(folder).read_all()?;
    let mut sealed = serde_json::to_vec(&files).map_err(|_never| BROKEN)?;
    let mut salt = [0; SALT_BYTES];
    rand::fill(&mut salt).map_err(|_unspecified| TlsError::Random)?;
    let nonce = key_of(passphrase, &salt)?
        .seal_in_place_append_tag(Aad::from(HEAD.as_bytes()), &mut sealed)
        .map_err(|_unspecified| TlsError::Random)?;
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(nonce.as_ref());
    bytes.append(&mut sealed);
    let mut text = format!("{HEAD}\nsha256 {}\n", hex_digest(&bytes));
    for line in STANDARD.encode(&bytes).as_bytes().chunks(LINE_CHARS) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    Ok(text)
}

/// Puts a sealed CA back where none is.
///
/// # Errors
/// When a CA is there, the text is no backup or damaged, the passphrase is another one, or what
/// was sealed does not fit together: then nothing is written.
pub fn restore(
    folder: &Path,
    now: SystemTime,
    text: &str,
    passphrase: &Sensitive<String>,
) -> Result<CertificateAuthority, TlsError> {
    let own = CaFolder::new(folder);
    if !own.is_empty()? {
        let path = folder.to_owned();
        return Err(TlsError::Exists { path });
    }
    let files = open(text, passphrase)?;
    own.put_back(&files, |staging| {
        CertificateAuthority::load(staging, now).map(drop)
    })?;
    CertificateAuthority::load(folder, now)
}

fn open(text: &str, passphrase: &Sensitive<String>) -> Result<BTreeMap<String, String>, TlsError> {
    let mut lines = text.lines().map(str::trim);
    if lines.next() != Some(HEAD) {
        return Err(NOT_A_BACKUP);
    }
    let stated = lines.next().and_then(|line| line.strip_prefix("sha256 "));
    let encoded: String = lines.collect();
    let bytes = STANDARD.decode(encoded).map_err(|_damaged| BROKEN)?;
    if stated != Some(hex_digest(&bytes).as_str()) {
        return Err(BROKEN);
    }
    let (salt, rest) = bytes.split_at_checked(SALT_BYTES).ok_or(BROKEN)?;
    let (nonce, sealed) = rest.split_at_checked(NONCE_LEN).ok_or(BROKEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_length| BROKEN)?;
    let mut sealed = sealed.to_vec();
    let opened = key_of(passphrase, salt)?
        .open_in_place(nonce, Aad::from(HEAD.as_bytes()), &mut sealed)
        .map_err(|_unspecified| WRONG_PASSPHRASE)?;
    serde_json::from_slice(opened).map_err(|_never| BROKEN)
}

fn key_of(passphrase: &Sensitive<String>, salt: &[u8]) -> Result<RandomizedNonceKey, TlsError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(KEY_BYTES)).map_err(|_never| BROKEN)?;
    let mut key = [0; KEY_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut key)
        .map_err(|_never| BROKEN)?;
    RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_unspecified| TlsError::Random)
}

fn hex_digest(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

const NOT_A_BACKUP: TlsError = TlsError::Backup {
    problem: "this file is no backup of a CA made by this program",
    remedy: "name the file that `lachan ca backup` wrote",
};

const BROKEN: TlsError = TlsError::Backup {
    problem: "the backup is damaged",
    remedy: "take another copy of it",
};

const WRONG_PASSPHRASE: TlsError = TlsError::Backup {
    problem: "the passphrase does not open this backup",
    remedy: "try again; mind capitals and the Vietnamese keyboard",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Sensitive<String> {
        Sensitive::new(text.to_owned())
    }

    #[test]
    fn a_ca_comes_back_with_its_passphrase_and_with_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let (ca, again) = (dir.path().join("ca"), dir.path().join("new/ca"));
        let now = SystemTime::now();
        let made = CertificateAuthority::load_or_create(&ca, now).unwrap();
        super::super::rotation::prepare(&ca, now).unwrap();
        assert!(seal(&ca, now, &words("quá ngắn")).is_err());
        let secret = words("bốn từ dễ nhớ thử");
        let text = seal(&ca, now, &secret).unwrap();
        assert!(!text.contains("PRIVATE KEY"));

        let told = |text: &str, secret: &str| {
            let result = restore(&again, now, text, &words(secret));
            assert!(!again.exists(), "nothing is left behind");
            result.unwrap_err().to_string()
        };
        assert!(told(&text, "bốn từ dễ nhớ sai").contains("passphrase"));
        assert!(told("xin chào", "bốn từ dễ nhớ thử").contains("no backup"));
        let cut: String = text.chars().take(text.len() - 100).collect();
        assert!(told(&cut, "bốn từ dễ nhớ thử").contains("damaged"));

        let back = restore(&again, now, &text, &secret).unwrap();
        assert_eq!(back.fingerprint_sha256(), made.fingerprint_sha256());
        assert!(back.standby().is_some());
        let over = restore(&ca, now, &text, &secret).unwrap_err();
        assert!(matches!(over, TlsError::Exists { .. }), "{over}");
    }
}
