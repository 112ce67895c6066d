//! What the back office is given of the other parts: names, words, room on the disk, permits.

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::admin::{self, DiskSpace, ServiceName, WordsShown};
use crate::inspect::{Inspector, Permits};
use crate::proxy::{SettingsInForce, words_shown};
use crate::store::{Store, StoreReader};

/// How often uses of exceptions are written into the chain.
const RECORD_USES_EVERY: std::time::Duration = std::time::Duration::from_secs(600);

/// The name of a service for people, by the catalogue in force.
pub(super) fn service_names(inspector: &Arc<ArcSwap<Inspector>>) -> ServiceName {
    let inspector = Arc::clone(inspector);
    Arc::new(move |id| {
        let inspector = inspector.load();
        let mut services = inspector.catalogue().services().iter();
        let service = services.find(|service| service.id == id);
        service.map(|service| service.name.clone())
    })
}

/// The words of a refusal, by the office's texts in force.
pub(super) fn shown_words(
    inspector: &Arc<ArcSwap<Inspector>>,
    in_force: &Arc<ArcSwap<SettingsInForce>>,
) -> WordsShown {
    let names = service_names(inspector);
    let in_force = Arc::clone(in_force);
    Arc::new(move |record| {
        let name = names(&record.service).unwrap_or_else(|| record.service.clone());
        words_shown(record, &name, &in_force.load().office)
    })
}

/// How much room the disk of a folder has.
pub(super) fn disk_space(folder: &Path) -> Option<DiskSpace> {
    let room = nix::sys::statvfs::statvfs(folder).ok()?;
    let block = room.fragment_size();
    Some(DiskSpace {
        free_bytes: room.blocks_available().saturating_mul(block),
        total_bytes: room.blocks().saturating_mul(block),
    })
}

/// Puts in force what people allowed before this start.
pub(super) async fn permits_of(store_path: &Path, permits: Arc<Permits>) -> Arc<Permits> {
    let reader = StoreReader::at(store_path);
    if let Err(error) = admin::put_in_force(&reader, &permits, super::now()).await {
        tracing::error!(%error, "exceptions and releases cannot be read; none is in force");
    }
    permits
}

/// Writes uses of exceptions into the chain now and then, and at the end.
pub(super) async fn keep_uses(store: Store, permits: Arc<Permits>, stop: CancellationToken) {
    loop {
        let is_end = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(RECORD_USES_EVERY) => false,
        };
        if let Err(error) = admin::record_uses(&store, &permits).await {
            tracing::error!(%error, "uses of exceptions could not be recorded");
        }
        if is_end {
            return;
        }
    }
}
