//! Is this the password? argon2id, off the async threads, a few at a time.
//!
//! Passwords are compared in NFKC: the same Vietnamese word typed by two input methods is the same
//! password. Where there is no account, the time of a comparison is spent all the same.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use aws_lc_rs::rand;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use crate::model::sensitive::Sensitive;

/// The fewest characters of a password. Length is what counts (NIST SP 800-63B §3.1.1).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The most bytes that are hashed.
const PASSWORD_BYTES_MAX: usize = 512;
/// Hashes computed at one time: each takes 19 MiB and a core.
const HASHES_AT_ONCE: usize = 2;
/// Random bytes of a password that the program makes.
const MADE_BYTES: usize = 12;

/// Why a password cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("the password has fewer than {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// It is too long.
    #[error("the password is too long")]
    TooLong,
    /// It holds the account's name, or is one character again and again.
    #[error("the password is easily guessed")]
    Guessable,
    /// It could not be hashed.
    #[error("the password could not be hashed")]
    NotHashed,
}

/// Makes and checks hashes.
#[derive(Debug)]
pub(super) struct Passwords {
    places: Semaphore,
    /// The hash that is checked where there is no account.
    nobody: String,
}

impl Passwords {
    /// Ready to hash.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(super) fn new() -> Result<Self, PasswordError> {
        Ok(Self {
            places: Semaphore::new(HASHES_AT_ONCE),
            nobody: hash(&Sensitive::new("nobody".to_owned()))?,
        })
    }

    /// Hashes a password for keeping.
    pub(super) async fn hash(&self, password: Sensitive<String>) -> Result<String, PasswordError> {
        let _place = self.places.acquire().await;
        let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
        hashed.map_err(|_panicked| PasswordError::NotHashed)?
    }

    /// Whether a password is the one behind a hash. Without a hash it is not, after the same time.
    pub(super) async fn is_right(&self, password: Sensitive<String>, kept: Option<&str>) -> bool {
        let is_known = kept.is_some();
        let kept = kept.unwrap_or(&self.nobody).to_owned();
        let _place = self.places.acquire().await;
        let checked = tokio::task::spawn_blocking(move || verify(&password, &kept)).await;
        checked.unwrap_or(false) && is_known
    }
}

/// Whether a password may be used for an account.
///
/// # Errors
/// Why not.
pub fn check_strength(password: &Sensitive<String>, name: &str) -> Result<(), PasswordError> {
    let text = password.expose();
    let folded = text.to_lowercase();
    let mut chars = folded.chars();
    let first = chars.next();
    if text.chars().count() < PASSWORD_CHARS_MIN {
        Err(PasswordError::TooShort)
    } else if text.len() > PASSWORD_BYTES_MAX {
        Err(PasswordError::TooLong)
    } else if folded.contains(name) || chars.all(|c| Some(c) == first) {
        Err(PasswordError::Guessable)
    } else {
        Ok(())
    }
}

/// Hashes a password. Takes some ten milliseconds and 19 MiB.
///
/// # Errors
/// When it is too long, or the system has no randomness.
pub fn hash(password: &Sensitive<String>) -> Result<String, PasswordError> {
    let bytes = comparable(password).ok_or(PasswordError::TooLong)?;
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_unspecified| PasswordError::NotHashed)?;
    let hashed = Argon2::default().hash_password_with_salt(&bytes, &salt);
    hashed
        .map(|hash| hash.to_string())
        .map_err(|_refused| PasswordError::NotHashed)
}

/// A password that the program makes: 20 letters and digits in groups, to be typed once.
///
/// # Errors
/// When the system has no randomness.
pub(super) fn make() -> Result<String, PasswordError> {
    let mut bytes = [0; MADE_BYTES];
    rand::fill(&mut bytes).map_err(|_unspecified| PasswordError::NotHashed)?;
    Ok(readable(&bytes))
}

/// Bytes as groups of four, in Crockford's base 32: no letter looks like a digit.
pub(super) fn readable(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut count = 0;
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let index = usize::try_from((held >> bits) & 31).unwrap_or(0);
            if count > 0 && count % 4 == 0 {
                text.push(' ');
            }
            count += 1;
            text.push(SYMBOLS.get(index).copied().map_or('0', char::from));
        }
    }
    text
}

fn verify(password: &Sensitive<String>, kept: &str) -> bool {
    let (Some(bytes), Ok(kept)) = (comparable(password), PasswordHash::new(kept)) else {
        return false;
    };
    Argon2::default().verify_password(&bytes, &kept).is_ok()
}

fn comparable(password: &Sensitive<String>) -> Option<Vec<u8>> {
    let text = password.expose();
    (text.len() <= PASSWORD_BYTES_MAX).then(|| text.nfkc().collect::<String>().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Sensitive<String> {
        Sensitive::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_right_in_any_unicode_form_and_nobody_has_none() {
        let passwords = Passwords::new().unwrap();
        let kept = passwords.hash(secret("mật khẩu của tôi")).await.unwrap();
        assert!(kept.starts_with("$argon2id$"));
        let decomposed: String = "mật khẩu của tôi".nfd().collect();
        assert!(passwords.is_right(secret(&decomposed), Some(&kept)).await);
        assert!(!passwords.is_right(secret("mat khau"), Some(&kept)).await);
        assert!(!passwords.is_right(secret("nobody"), None).await);
    }

    #[test]
    fn weak_passwords_are_named() {
        let of = |text: &str| check_strength(&secret(text), "lan");
        assert_eq!(of("ngắn"), Err(PasswordError::TooShort));
        assert_eq!(of("aaaaaaaaaaaaaaa"), Err(PasswordError::Guessable));
        assert_eq!(of("xin chao chi LAN"), Err(PasswordError::Guessable));
        assert_eq!(of("bốn con mèo đen"), Ok(()));
        assert_eq!(of(&make().unwrap()), Ok(()));
    }
}
