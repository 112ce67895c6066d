//! Is this the one-time code of now? TOTP (RFC 6238), each code once, and recovery codes.
//!
//! The secret is kept sealed (AES-256-GCM, under a key of this node, bound to the account's name):
//! a copy of the store alone gives no codes. A recovery code is kept as its SHA-256 and used once.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use totp_rs::{Builder, Secret, Totp};

use crate::admin::password::readable;
use crate::model::exchange::UnixMillis;
use crate::store::account::Account;
use crate::store::chain::Hash;

/// How the name of the office's entry begins in an authenticator.
const ISSUER: &str = "La Chan";
/// Bytes of a secret (RFC 4226 §4 wants 16 at least).
const SECRET_BYTES: usize = 20;
/// Recovery codes made at a time.
const RECOVERY_CODES: usize = 10;
/// Random bytes of one.
const RECOVERY_BYTES: usize = 10;
/// How many steps of 30 seconds a telephone's clock may be off.
const SKEW_STEPS: u16 = 1;

/// Seals and opens the secrets of second factors.
pub(super) struct Sealer(LessSafeKey);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

/// A secret in the open, for as long as a request takes.
#[derive(Clone)]
pub(super) struct FactorSecret(Vec<u8>);

impl Sealer {
    /// Seals under this key; nothing if the key is none.
    pub(super) fn new(key: &[u8; 32]) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).ok()?;
        Some(Self(LessSafeKey::new(key)))
    }

    /// Seals a secret for an account.
    pub(super) fn seal(&self, secret: &FactorSecret, account: &str) -> Option<Vec<u8>> {
        let mut nonce = [0; 12];
        rand::fill(&mut nonce).ok()?;
        let mut sealed = secret.0.clone();
        let bound = Aad::from(account.as_bytes());
        let place = Nonce::assume_unique_for_key(nonce);
        self.0
            .seal_in_place_append_tag(place, bound, &mut sealed)
            .ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for an account.
    pub(super) fn open(&self, sealed: &[u8], account: &str) -> Option<FactorSecret> {
        let (nonce, rest) = sealed.split_first_chunk::<12>()?;
        let mut rest = rest.to_vec();
        let bound = Aad::from(account.as_bytes());
        let place = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(place, bound, &mut rest).ok()?;
        Some(FactorSecret(opened.to_vec()))
    }
}

impl FactorSecret {
    /// A new one.
    pub(super) fn make() -> Option<Self> {
        let mut bytes = vec![0; SECRET_BYTES];
        rand::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The address that an authenticator reads, as text of a QR code.
    pub(super) fn address(&self, account: &str) -> Option<String> {
        self.totp(account)?.to_url().ok()
    }

    /// The secret to be typed, in groups of four.
    pub(super) fn typed(&self) -> String {
        let base32 = Secret::from(self.0.as_slice()).to_base32();
        let groups = base32.as_bytes().chunks(4);
        let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
        groups.join(" ")
    }

    /// The step whose code this is, if it is one of now and was not used before.
    pub(super) fn step_of(&self, code: &str, last_step: i64, now: UnixMillis) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        let step = self.totp("x")?.check(&digits, seconds)?;
        i64::try_from(step).ok().filter(|step| *step > last_step)
    }

    /// The code of a time, for tests.
    #[cfg(test)]
    pub(super) fn code_at(&self, now: UnixMillis) -> String {
        let seconds = u64::try_from(now.0 / 1000).unwrap();
        self.totp("x").unwrap().generate(seconds).to_string()
    }

    fn totp(&self, account: &str) -> Option<Totp> {
        Builder::new()
            .with_secret(Secret::from(self.0.as_slice()))
            .with_skew(SKEW_STEPS)
            .with_account_name(account)
            .with_issuer(Some(ISSUER))
            .build()
            .ok()
    }
}

/// New recovery codes, as shown once, and their hashes, as kept.
pub(super) fn make_recovery_codes() -> Option<(Vec<String>, Vec<Hash>)> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; RECOVERY_BYTES];
        rand::fill(&mut bytes).ok()?;
        codes.push(readable(&bytes));
    }
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    Some((codes, hashes))
}

/// Takes a recovery code out of an account, if it is one of its own.
pub(super) fn use_recovery_code(account: &mut Account, code: &str) -> bool {
    let hash = recovery_hash(code);
    let before = account.recovery_codes.len();
    account.recovery_codes.retain(|kept| *kept != hash);
    account.recovery_codes.len() < before
}

fn recovery_hash(code: &str) -> Hash {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Hash::of(letters.to_ascii_lowercase().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_781_247_900_000);

    #[test]
    fn a_code_counts_once_and_only_around_its_time() {
        let secret = FactorSecret::make().unwrap();
        let code = secret.code_at(NOW);
        let step = secret.step_of(&code, 0, NOW).unwrap();
        assert_eq!(secret.step_of(&code, step, NOW), None);
        assert!(
            secret
                .step_of(&code, 0, UnixMillis(NOW.0 + 29_000))
                .is_some()
        );
        assert_eq!(secret.step_of(&code, 0, UnixMillis(NOW.0 + 90_000)), None);
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(secret.step_of(wrong, 0, NOW), None);
        }
    }

    #[test]
    fn a_sealed_secret_opens_for_its_account_alone() {
        let sealer = Sealer::new(&[7; 32]).unwrap();
        let secret = FactorSecret::make().unwrap();
        let sealed = sealer.seal(&secret, "lan").unwrap();
        assert_eq!(sealer.open(&sealed, "lan").unwrap().0, secret.0);
        assert!(sealer.open(&sealed, "hoa").is_none());
        assert!(
            Sealer::new(&[8; 32])
                .unwrap()
                .open(&sealed, "lan")
                .is_none()
        );
        assert!(
            secret
                .address("lan")
                .unwrap()
                .starts_with("otpauth://totp/")
        );
    }
}
