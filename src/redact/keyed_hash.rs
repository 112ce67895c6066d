//! How are repeats counted without keeping the value? By a hash that needs the node's key: all
//! numbers of a province can be tried in seconds, so a plain hash would hide nothing.

use std::fmt;

use aws_lc_rs::hmac;

use crate::model::category::Category;
use crate::model::incident::Fingerprint;
use crate::redact::comparable::comparable;

/// Bytes of a fingerprint: 16 hexadecimal digits.
const FINGERPRINT_BYTES: usize = 8;

/// HMAC-SHA-256 with the node's fingerprint key.
#[derive(Clone)]
pub struct KeyedHash(hmac::Key);

impl KeyedHash {
    /// A hash with this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    /// What counts the repeats of a value, however it is spelled.
    pub fn fingerprint(&self, category: Category, value: &str) -> Fingerprint {
        let value = comparable(category, value);
        self.hashed(&[b"value", category.as_str().as_bytes(), value.as_bytes()])
    }

    /// What knows a content again.
    pub fn digest(&self, bytes: &[u8]) -> Fingerprint {
        self.hashed(&[b"content", bytes])
    }

    /// A short hash of a piece of a content, for comparing contents piece by piece.
    pub fn shingle(&self, bytes: &[u8]) -> u64 {
        let tag = tag_of(&self.0, &[b"shingle", bytes]);
        tag.as_ref()
            .iter()
            .take(8)
            .fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
    }

    fn hashed(&self, fields: &[&[u8]]) -> Fingerprint {
        let tag = tag_of(&self.0, fields);
        let hex = tag.as_ref().iter().take(FINGERPRINT_BYTES);
        Fingerprint(hex.map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash")
    }
}

/// The tag over several fields; each is preceded by its length, so that no two lists of fields
/// give the same bytes.
pub(super) fn tag_of(key: &hmac::Key, fields: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for field in fields {
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(field);
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_one_fingerprint_and_another_key_another() {
        let hash = KeyedHash::new([7; 32]);
        let print = hash.fingerprint(Category::CitizenId, "001099000001");
        assert_eq!(print.0.len(), 16);
        assert_eq!(
            print,
            hash.fingerprint(Category::CitizenId, "001 099 000 001")
        );
        assert_ne!(print, hash.fingerprint(Category::CitizenId, "001099000002"));
        assert_ne!(print, hash.fingerprint(Category::TaxCode, "001099000001"));
        assert_ne!(
            print,
            KeyedHash::new([8; 32]).fingerprint(Category::CitizenId, "001099000001")
        );
    }

    #[test]
    fn a_digest_is_not_a_fingerprint_and_debug_shows_no_key() {
        let hash = KeyedHash::new([7; 32]);
        assert_ne!(hash.digest(b"a"), hash.digest(b"b"));
        assert_eq!(format!("{hash:?}"), "KeyedHash");
    }
}
