//! Whose signature is on the checkpoints? The node's own Ed25519 key, in a file beside the CA.
//!
//! The file `node-signing.key` holds PKCS#8, mode 0600. A file that is there but broken is never
//! replaced: a new key would make the old checkpoints look forged.

use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::error::StoreError;
use super::folder::{folder_of, make_folder};

/// The name of the key file in the data folder.
pub const KEY_FILE: &str = "node-signing.key";

/// The largest key file that is read, in bytes: PKCS#8 of Ed25519 has 83.
const KEY_FILE_BYTES_MAX: u64 = 4096;

/// The node's signing key. Cheap to clone; never printed.
#[derive(Clone)]
pub struct StoreKeys(Arc<Ed25519KeyPair>);

impl StoreKeys {
    /// Reads the key from its file in `dir`, or makes both.
    ///
    /// # Errors
    /// When the file cannot be read or made, or is broken.
    pub fn load_or_create(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(KEY_FILE);
        match read(&path) {
            Ok(pkcs8) => Self::from_pkcs8(&pkcs8).ok_or(StoreError::BrokenKey(path)),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(&path),
            Err(source) => Err(StoreError::File { path, source }),
        }
    }

    /// Reads the key from its file in `dir`, which must be there.
    ///
    /// # Errors
    /// When the file cannot be read or is broken.
    pub fn load(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(KEY_FILE);
        match read(&path) {
            Ok(pkcs8) => Self::from_pkcs8(&pkcs8).ok_or(StoreError::BrokenKey(path)),
            Err(source) => Err(StoreError::File { path, source }),
        }
    }

    /// Whether the key in `dir` can be used, where there is one.
    ///
    /// # Errors
    /// When its file is there and cannot be read or is broken.
    pub fn check(dir: &Path) -> Result<(), StoreError> {
        if dir.join(KEY_FILE).exists() {
            Self::load(dir)?;
        }
        Ok(())
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key().as_ref().to_vec())
    }

    /// Signs a message.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, StoreError> {
        let signature = self.0.try_sign(message);
        let signature = signature.map_err(|_unspecified| StoreError::Key)?;
        Ok(signature.as_ref().to_vec())
    }

    fn create(path: &Path) -> Result<Self, StoreError> {
        let pair = Ed25519KeyPair::generate().map_err(|_unspecified| StoreError::Key)?;
        let pkcs8 = pair.to_pkcs8().map_err(|_unspecified| StoreError::Key)?;
        write_new(path, pkcs8.as_ref()).map_err(|source| StoreError::File {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self(Arc::new(pair)))
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        Some(Self(Arc::new(pair)))
    }
}

/// The public half of a node's signing key: 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(pub Vec<u8>);

impl PublicKey {
    /// Whether a signature over a message is this key's.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .is_ok()
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let file = OpenOptions::new().read(true).open(path)?;
    let mut bytes = Vec::new();
    file.take(KEY_FILE_BYTES_MAX).read_to_end(&mut bytes)?;
    // A copy put back by hand often comes with wider permissions.
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    }
    Ok(bytes)
}

/// Writes beside the path and renames, so that a power cut leaves no half key.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = folder_of(path);
    make_folder(folder)?;
    let beside: PathBuf = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let made = StoreKeys::load_or_create(dir.path()).unwrap();
        let read = StoreKeys::load_or_create(dir.path()).unwrap();
        assert_eq!(made.public_key(), read.public_key());
        let signature = read.sign(b"message").unwrap();
        assert!(made.public_key().verifies(b"message", &signature));
        assert!(!made.public_key().verifies(b"massage", &signature));
        let mode = std::fs::metadata(dir.path().join(KEY_FILE)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_broken_key_file_is_refused_and_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(KEY_FILE);
        std::fs::write(&path, b"broken").unwrap();
        let refused = StoreKeys::load_or_create(dir.path());
        assert!(matches!(refused, Err(StoreError::BrokenKey(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"broken");
    }
}
