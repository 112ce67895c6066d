//! What the back office is given of the other parts: names, words, room on the disk, permits.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::admin::{
    self, BackOfficeParts, ChannelView, DiskSpace, ReportDesk, RulesInForce, ServiceName,
    SetupLink, WordsShown,
};
use crate::alert::Routes;
use crate::app::data_folder::DataFolder;
use crate::app::reload::Reload;
use crate::app::start::StatusSource;
use crate::inspect::{Inspector, Permits};
use crate::model::exchange::UnixMillis;
use crate::proxy::{SettingsInForce, words_shown};
use crate::report::draft::Drafts;
use crate::report::shelf::Shelf;
use crate::store::account::Change;
use crate::store::{Act, Actor, Deed, Store, StoreError, StoreReader, What};

/// How often sealed texts are looked for that are over.
const EXPIRE_EVIDENCE_EVERY: std::time::Duration = std::time::Duration::from_secs(600);
/// How often uses of exceptions are written into the chain.
const RECORD_USES_EVERY: std::time::Duration = std::time::Duration::from_secs(600);

/// What the back office is made of.
pub(super) fn back_office(
    data: &DataFolder,
    reload: &Reload,
    permits: &Arc<Permits>,
    (store_path, status, setup): (PathBuf, StatusSource, Option<SetupLink>),
) -> BackOfficeParts {
    BackOfficeParts {
        store: data.store.clone(),
        store_path,
        clock: Arc::new(super::now),
        status,
        service_name: service_names(&reload.inspector),
        words_shown: shown_words(&reload.inspector, &reload.in_force),
        permits: Arc::clone(permits),
        seal_key: data.keys.key_for("second factors"),
        rules: rules_source(reload),
        in_force: in_force_source(reload),
        channels: channels_source(&reload.alert_routes),
        setup,
        reports: ReportDesk {
            shelf: Shelf::in_data_folder(&reload.started_with.data_dir),
            around: Arc::clone(&reload.around_reports),
            node: super::node_name(),
        },
    }
}

/// What scheduled reports are drafted with.
pub(super) fn drafts(data: &DataFolder, reload: &Reload, store_path: &Path) -> Drafts {
    Drafts {
        store: data.store.clone(),
        reader: StoreReader::at(store_path),
        shelf: Shelf::in_data_folder(&reload.started_with.data_dir),
        node: super::node_name(),
    }
}

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

/// What a clerk saw, by the catalogue and the office's texts in force.
pub(super) fn shown_words(
    inspector: &Arc<ArcSwap<Inspector>>,
    in_force: &Arc<ArcSwap<SettingsInForce>>,
) -> WordsShown {
    let inspector = Arc::clone(inspector);
    let in_force = Arc::clone(in_force);
    Arc::new(move |record| {
        let inspector = inspector.load();
        let mut services = inspector.catalogue().services().iter();
        let service = services.find(|service| service.id == record.service);
        words_shown(record, service, &in_force.load().office)
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

/// Deletes sealed texts on their day, each with a deed.
pub(super) async fn keep_evidence_within_time(
    store: Store,
    reader: StoreReader,
    stop: CancellationToken,
) {
    loop {
        if let Err(error) = expire_evidence(&store, &reader, super::now()).await {
            tracing::error!(%error, "sealed texts that are over could not be deleted");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EXPIRE_EVIDENCE_EVERY) => {}
        }
    }
}

async fn expire_evidence(
    store: &Store,
    reader: &StoreReader,
    now: UnixMillis,
) -> Result<(), StoreError> {
    for incident in reader.evidence_over(now).await? {
        let deed = Deed::new(Actor::guard(), What::EvidenceExpired).incident(&incident);
        let act = Act::of(deed).change(Change::EndEvidence(incident));
        match store.act(act).await {
            // It went in the same moment for another reason.
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The rules in force, for the pages.
fn rules_source(reload: &Reload) -> Arc<dyn Fn() -> Arc<Inspector> + Send + Sync> {
    let inspector = Arc::clone(&reload.inspector);
    Arc::new(move || inspector.load_full())
}

/// The files they came from, for the pages.
fn in_force_source(reload: &Reload) -> Arc<dyn Fn() -> RulesInForce + Send + Sync> {
    let rules = Arc::clone(&reload.rules);
    Arc::new(move || RulesInForce::clone(&rules.load()))
}

/// Where alerts go, for the pages.
fn channels_source(
    routes: &Arc<ArcSwap<Routes>>,
) -> Arc<dyn Fn() -> Vec<ChannelView> + Send + Sync> {
    let routes = Arc::clone(routes);
    Arc::new(move || {
        let routes = routes.load();
        let views = routes.channels.iter().map(|channel| ChannelView {
            name: channel.name.clone(),
            about: channel.about(),
            severity_min: channel.severity_min().label(),
        });
        views.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::million::one;
    use crate::store::{DeedFilter, Evidence, SealedText, StoreKeys, StoreSettings, Trust, verify};

    const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

    #[tokio::test]
    async fn a_sealed_text_goes_on_its_day_and_a_deed_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let keys = StoreKeys::load_or_create(folder.path()).unwrap();
        let path = folder.path().join("incidents.db");
        let place = StoreSettings {
            path: path.clone(),
            node: "xa-thu".to_owned(),
        };
        let store = Store::open(&place, keys, || UnixMillis(0)).await.unwrap();
        let reader = StoreReader::at(&path);
        let sealed = Evidence::Sealed(SealedText {
            file: b"niem phong".to_vec(),
            recipient: "age1mau".to_owned(),
            days: 2,
            total_bytes_max: 100,
        });
        let receipt = store.record_with(one(1), Some(sealed)).await.unwrap();
        for (days, is_kept) in [(1, true), (2, false), (3, false)] {
            let now = UnixMillis(days * DAY_MILLIS);
            expire_evidence(&store, &reader, now).await.unwrap();
            let kept = reader.evidence(&receipt.id).await.unwrap();
            assert_eq!(kept.is_some(), is_kept, "after {days} days");
        }
        let filter = DeedFilter {
            what: Some(What::EvidenceExpired),
            ..DeedFilter::default()
        };
        assert_eq!(reader.deeds(&filter).await.unwrap().len(), 1);
        let report = verify(&reader, &Trust::default()).await.unwrap();
        assert!(report.is_intact());
    }
}
