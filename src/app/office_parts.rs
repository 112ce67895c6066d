//! What the back office is given of the other parts: names, words, room on the disk, permits.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::admin::{
    self, BackOfficeParts, ChannelView, DiskSpace, ReportDesk, RulesInForce, ServiceName,
    SetupLink, WordsShown,
};
use crate::app::data_folder::DataFolder;
use crate::app::reload::Reload;
use crate::app::start::StatusSource;
use crate::config::Settings;
use crate::inspect::{Inspector, Permits};
use crate::proxy::{SettingsInForce, words_shown};
use crate::report::draft::Drafts;
use crate::report::shelf::Shelf;
use crate::store::{Store, StoreReader};

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
        channels: channels_source(&reload.started_with),
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
fn channels_source(settings: &Settings) -> Arc<dyn Fn() -> Vec<ChannelView> + Send + Sync> {
    let views = settings.alerts.iter().map(|channel| ChannelView {
        name: channel.name.clone(),
        about: channel.about(),
        severity_min: channel.severity_min().label(),
    });
    let views: Vec<ChannelView> = views.collect();
    Arc::new(move || views.clone())
}
