//! The two halves of an auditor's key, as `age-keygen` writes them.
//!
//! [`Recipient`] (`age1…`) seals and may be known to everybody; [`Identity`] (`AGE-SECRET-KEY-1…`)
//! opens, belongs to one person, and is never kept by the program.

use std::fmt;

use aws_lc_rs::agreement::UnparsedPublicKey;
use aws_lc_rs::agreement::{PrivateKey, X25519, agree};
use aws_lc_rs::encoding::{AsBigEndian as _, Curve25519SeedBin};
use zeroize::Zeroizing;

use super::bech32;

/// What recipients begin with, before the `1`.
const RECIPIENT: &str = "age";
/// What identities begin with; they are written in capitals.
const IDENTITY: &str = "age-secret-key-";
/// The same as it stands in files.
const IDENTITY_START: &str = "AGE-SECRET-KEY-1";
/// The largest key file read: one line, and comments.
const KEY_TEXT_BYTES_MAX: usize = 4096;

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAKey {
    /// Neither half.
    #[error("it is no public key of age (age1 and 58 letters and digits)")]
    Other,
    /// The secret half, where the public one belongs.
    #[error("it is a secret key, which must stay with its owner")]
    Secret,
}

/// The public half: seals.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// Reads `age1…`.
    ///
    /// # Errors
    /// When it is no such key; a secret key is told apart, so that it can be told what to do.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        match bech32::decode(RECIPIENT, text) {
            Some(bytes) => Some(Self(*bytes))
                .filter(Self::can_be_sealed_for)
                .ok_or(NotAKey::Other),
            None if text.to_ascii_lowercase().starts_with(IDENTITY) => Err(NotAKey::Secret),
            None => Err(NotAKey::Other),
        }
    }

    /// Whether something can be agreed on with it: a weak point would be noticed too late.
    fn can_be_sealed_for(&self) -> bool {
        Identity::make().is_some_and(|sender| sender.shared_with(self).is_some())
    }

    /// The point's bytes.
    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From the point's bytes.
    pub(super) const fn of_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(RECIPIENT, &self.0))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The secret half: opens. Wiped from memory when it is dropped.
pub struct Identity(PrivateKey);

impl Identity {
    /// A new one; nothing if the system gives no randomness.
    pub fn make() -> Option<Self> {
        PrivateKey::generate(&X25519).ok().map(Self)
    }

    /// Reads a key as it is pasted: the line `AGE-SECRET-KEY-1…` alone, or the whole file that
    /// `age-keygen` wrote, with its comments.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > KEY_TEXT_BYTES_MAX {
            return None;
        }
        // A field of one line takes the breaks out of a file, so lines say nothing.
        let mut places = text.match_indices(IDENTITY_START);
        let (start, None) = (places.next()?.0, places.next()) else {
            return None;
        };
        let key = text.get(start..)?;
        let is_of_key = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = key.find(|c| !is_of_key(c)).unwrap_or(key.len());
        let seed = bech32::decode(IDENTITY, key.get(..end)?)?;
        let key = PrivateKey::from_private_key(&X25519, seed.as_slice());
        key.ok().map(Self)
    }

    /// As it is written, for its owner alone.
    pub fn to_text(&self) -> Option<Zeroizing<String>> {
        let seed: Curve25519SeedBin<'_> = self.0.as_be_bytes().ok()?;
        let seed: &[u8; 32] = seed.as_ref().try_into().ok()?;
        let mut text = bech32::encode(IDENTITY, seed);
        text.make_ascii_uppercase();
        Some(text)
    }

    /// The public half.
    pub fn recipient(&self) -> Option<Recipient> {
        let public = self.0.compute_public_key().ok()?;
        public.as_ref().try_into().ok().map(Recipient)
    }

    /// What only the two of them can compute; nothing for a weak point.
    pub(super) fn shared_with(&self, other: &Recipient) -> Option<Zeroizing<[u8; 32]>> {
        let other = UnparsedPublicKey::new(&X25519, other.bytes());
        agree(&self.0, other, (), |shared| {
            let shared: [u8; 32] = shared.try_into().map_err(drop)?;
            Ok(Zeroizing::new(shared))
        })
        .ok()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
