//! How is a text kept so that only one person's key opens it? As an age file.
//!
//! In: a recipient (the public half of an auditor's key) and a text. Out: the bytes of a file in the
//! format age v1 (<https://age-encryption.org/v1>) with one X25519 stanza, which `age -d` opens; and
//! back again, with the secret half.
//!
//! Built from the primitives of aws-lc-rs (X25519, HKDF, HMAC, ChaCha20-Poly1305): the crate age
//! would bring sixty-four more crates, among them a second implementation of every one of these.
//!
//! Never: a secret key or an opened text in an error, in `Debug`, or in memory after its use; IO.
//!
//! Read next: [`key`] (how keys are written), `header`, `stream`.

mod bech32;
mod derive;
mod header;
pub mod key;
mod settings;
mod stream;

use zeroize::Zeroizing;

pub use key::{Identity, NotAKey, Recipient};
pub use settings::{EvidenceSettings, NotDays};

use derive::FileKey;

/// How many bytes a sealed text has more than the text, at most: the header, and a tag for each
/// 64 KiB.
pub const OVERHEAD_BYTES_MAX: usize = 1024;

/// Why something cannot be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text cannot be sealed: the system gives no randomness, or the key cannot be used")]
pub struct NotSealed;

/// Why a file cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// It is no file of this format.
    #[error("it is not an age file")]
    NotAge,
    /// It is sealed for somebody else.
    #[error("the key is not the one that it is sealed for")]
    OtherKey,
    /// It was changed since.
    #[error("it was changed since it was sealed")]
    Changed,
}

/// Seals a text for a recipient.
///
/// # Errors
/// When there is no randomness, or the recipient's key is a weak point of the curve.
pub fn seal(recipient: &Recipient, text: &[u8]) -> Result<Vec<u8>, NotSealed> {
    let file_key = FileKey::make().ok_or(NotSealed)?;
    let mut file = header::write(recipient, &file_key).ok_or(NotSealed)?;
    stream::seal(&file_key, text, &mut file).ok_or(NotSealed)?;
    Ok(file)
}

/// Opens a file with the recipient's own key. The text is wiped from memory when it is dropped.
///
/// # Errors
/// When it is no such file, is for another key, or was changed.
pub fn open(identity: &Identity, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let (file_key, sealed) = header::read(identity, file)?;
    stream::open(&file_key, sealed).ok_or(NotOpened::Changed)
}

#[cfg(test)]
mod tests;
