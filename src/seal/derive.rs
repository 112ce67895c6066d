//! The key of one file, and the keys that follow from it (HKDF-SHA-256, RFC 5869).

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

/// Bytes of a derived key.
pub(super) const KEY_BYTES: usize = 32;

/// The sixteen random bytes from which the keys of one file follow.
pub(super) struct FileKey(pub(super) Zeroizing<[u8; 16]>);

impl FileKey {
    /// A new one; nothing if the system gives no randomness.
    pub(super) fn make() -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 16]);
        rand::fill(bytes.as_mut_slice()).ok()?;
        Some(Self(bytes))
    }

    /// A key for one purpose.
    pub(super) fn derive(&self, salt: &[u8], purpose: &str) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
        derive(self.0.as_slice(), salt, purpose)
    }
}

/// A key for one purpose from a secret.
pub(super) fn derive(
    secret: &[u8],
    salt: &[u8],
    purpose: &str,
) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
    let purpose = [purpose.as_bytes()];
    let derived = Salt::new(HKDF_SHA256, salt).extract(secret);
    let derived = derived.expand(&purpose, Length).ok()?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    derived.fill(key.as_mut_slice()).ok()?;
    Some(key)
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY_BYTES
    }
}
