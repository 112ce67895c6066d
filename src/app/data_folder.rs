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
        make_private(path).map_err(|source| StartError::DataFolder {
            path: path.clone(),
            source,
        })?;
        let authority = CertificateAuthority::load_or_create(&path.join("ca"), SystemTime::now())?;
        let keys = NodeKeys::load_or_create(path).map_err(|source| StartError::NodeKeys {
            path: path.clone(),
            source,
        })?;
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

/// Makes the folder its owner's only, and tries to write in it.
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    let probe = path.join(".writable");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

/// The machine's name, which incidents carry.
fn node_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "lachan".to_owned())
}
