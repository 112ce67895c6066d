//! Which keys make this node's fingerprints and placeholders?
//!
//! 64 random bytes in `node-hash.key` beside the store, mode 0600: one half keys fingerprints and
//! digests, the other placeholders. They stay on the node: in no report, no message, no backup of
//! the store. A file that is there but broken is never replaced: new keys would make known values
//! look new.

use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use aws_lc_rs::{hmac, rand};

use crate::inspect::Node;
use crate::model::limits::Limits;

/// The name of the key file in the data folder.
const KEY_FILE: &str = "node-hash.key";
/// Its length.
const KEY_BYTES: usize = 64;

/// The two secret keys of a node.
pub struct NodeKeys {
    /// For fingerprints and digests.
    hash: [u8; 32],
    /// For placeholders.
    placeholders: [u8; 32],
}

impl NodeKeys {
    /// Keys for one run, kept nowhere: for `lachan scan`.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn ephemeral() -> std::io::Result<Self> {
        let mut bytes = [0; KEY_BYTES];
        rand::fill(&mut bytes).map_err(|_unspecified| std::io::Error::other("no randomness"))?;
        Ok(Self::from_bytes(&bytes))
    }

    /// Reads the keys from their file in `dir`, or makes both.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not have 64 bytes.
    pub fn load_or_create(dir: &Path) -> std::io::Result<Self> {
        match Self::load(dir)? {
            Some(keys) => Ok(keys),
            None => Self::create(&dir.join(KEY_FILE)),
        }
    }

    /// Reads the keys from their file in `dir`, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or does not have 64 bytes.
    pub fn load(dir: &Path) -> std::io::Result<Option<Self>> {
        let file = match OpenOptions::new().read(true).open(dir.join(KEY_FILE)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // A copy put back by hand often comes with wider permissions.
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        let mut bytes = Vec::new();
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_length| {
            std::io::Error::new(ErrorKind::InvalidData, "it does not have 64 bytes")
        })?;
        Ok(Some(Self::from_bytes(&bytes)))
    }

    /// Writes beside the path and renames, so that a power cut leaves no half key.
    fn create(path: &Path) -> std::io::Result<Self> {
        let mut bytes = [0; KEY_BYTES];
        rand::fill(&mut bytes).map_err(|_unspecified| std::io::Error::other("no randomness"))?;
        let beside = path.with_extension("new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        Ok(Self::from_bytes(&bytes))
    }

    /// The node with these keys.
    pub fn node(&self, limits: &Limits) -> Node {
        Node::new(self.hash, self.placeholders, limits)
    }

    /// A key for another purpose, which tells nothing about these.
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.hash);
        let tag = hmac::sign(&key, purpose.as_bytes());
        tag.as_ref().try_into().unwrap_or_default()
    }

    fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let (hash, placeholders) = bytes.split_at(32);
        Self {
            hash: hash.try_into().unwrap_or_default(),
            placeholders: placeholders.try_into().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let made = NodeKeys::load_or_create(dir.path()).unwrap();
        let read = NodeKeys::load_or_create(dir.path()).unwrap();
        assert_eq!(made.hash, read.hash);
        assert_ne!(made.hash, made.placeholders);
    }

    #[test]
    fn a_broken_file_is_refused_and_left() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(KEY_FILE), b"short").unwrap();
        assert!(NodeKeys::load_or_create(dir.path()).is_err());
        assert_eq!(std::fs::read(dir.path().join(KEY_FILE)).unwrap(), b"short");
    }
}
