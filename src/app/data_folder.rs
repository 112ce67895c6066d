//! What is on disk: the CA, the keys, the incident store. Made on the first start, then reused.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::app::node_keys::NodeKeys;
use crate::app::start_error::StartError;
use crate::config::Settings;
use crate::store::{Store, StoreKeys, StoreSettings};
use crate::tls::CertificateAuthority;

/// Everything that the data folder holds, opened.
pub(super) struct DataFolder {
    /// Whether this start made it.
    pub is_new: bool,
    pub authority: Arc<CertificateAuthority>,
    pub keys: NodeKeys,
    pub store: Store,
}

impl DataFolder {
    /// Opens the folder, making what is not there; what is there and broken is never replaced.
    ///
    /// A store that cannot be opened does not stop the start: harmless requests go on without it,
    /// everything else fails closed, and the readiness page says so.
    pub(super) async fn open(settings: &Settings) -> Result<Self, StartError> {
        let path = &settings.data_dir;
        let is_new = !path.join("ca").exists();
        prepare(path).map_err(|source| StartError::DataFolder {
            path: path.clone(),
            source,
        })?;
        let bad_keys = |source| StartError::NodeKeys {
            path: path.clone(),
            source,
        };
        // What is there is read before anything is made, so that a broken key leaves no new CA.
        NodeKeys::load(path).map_err(bad_keys)?;
        StoreKeys::check(path)?;
        let authority = CertificateAuthority::load_or_create(&path.join("ca"), SystemTime::now())?;
        let keys = NodeKeys::load_or_create(path).map_err(bad_keys)?;
        let signing = StoreKeys::load_or_create(path)?;
        let place = StoreSettings {
            path: settings.store_path(),
            node: node_name(),
        };
        let store = Store::open(&place, signing, super::now)
            .await
            .unwrap_or_else(|error| {
                let file = place.path.display();
                let error: &dyn std::error::Error = &error;
                tracing::error!(%file, error, "the incident store cannot be opened");
                Store::unavailable()
            });
        Ok(Self {
            is_new,
            authority: Arc::new(authority),
            keys,
            store,
        })
    }
}

/// Makes the folder, for its owner only, and tries to write in it.
fn prepare(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    // A folder that holds other things, such as /tmp, is not ours to close to others. What is
    // secret in it is closed by itself.
    if path.join("ca").exists() || std::fs::read_dir(path)?.next().is_none() {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    }
    let probe = path.join(".writable");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

/// The machine's name, which incidents carry.
pub fn node_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "lachan".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_new_folder_is_its_owners_only_and_a_shared_one_stays_shared() {
        let dir = tempfile::tempdir().unwrap();
        let new = dir.path().join("a/b");
        prepare(&new).unwrap();
        assert_eq!(mode(&new), 0o700);
        let shared = dir.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        std::fs::write(shared.join("of others"), "").unwrap();
        std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o1777)).unwrap();
        prepare(&shared).unwrap();
        assert_eq!(mode(&shared), 0o1777);
    }

    #[tokio::test]
    async fn a_broken_key_leaves_nothing_half_made() {
        for key in ["node-hash.key", "node-signing.key"] {
            let dir = tempfile::tempdir().unwrap();
            let settings = Settings {
                data_dir: dir.path().to_owned(),
                ..Settings::default()
            };
            std::fs::write(dir.path().join(key), "broken").unwrap();
            assert!(DataFolder::open(&settings).await.is_err());
            let left: Vec<_> = std::fs::read_dir(dir.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            assert_eq!(left, [key]);
        }
    }
}
