//! How do settings, policy, patterns and catalogue take effect without a restart?
//!
//! SIGHUP or a changed file reads all of them again and swaps them in one step, or, when any file
//! has a mistake, keeps the old ones and logs every mistake. An exchange keeps the snapshot that it
//! began with. What is bound at start (`data_dir`, `store.url`, `listen`, the sizes of the pools)
//! waits for a restart, and the readiness page and the back office say so.

use core::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::admin::RulesInForce;
use crate::alert::Routes;
use crate::app::in_force::settings_in_force;
use crate::app::rule_files;
use crate::app::snapshot::{Snapshot, read_all};
use crate::app::watch::Watch;
use crate::config::{self, Settings};
use crate::inspect::{Inspector, Node};
use crate::proxy::SettingsInForce;
use crate::report::surroundings::Surroundings;
use crate::store::{Store, StoreReader};
use crate::telemetry::{Metrics, ReloadResult};
use crate::tls::{CertificateAuthority, UpstreamTls};

/// Where alerts go, by these settings.
pub(super) fn alert_routes(settings: &Settings, tls: UpstreamTls) -> Routes {
    Routes {
        channels: settings.alerts.clone(),
        tls,
    }
}

/// Changed settings that wait for a restart, by key.
pub(super) type Pending = Arc<Mutex<Vec<&'static str>>>;

/// What a reload needs to make a new inspector.
pub(super) struct Reload {
    /// The settings with which the program started.
    pub started_with: Settings,
    pub own_listeners: Vec<SocketAddr>,
    pub authority: Arc<CertificateAuthority>,
    pub node: Arc<Node>,
    pub inspector: Arc<ArcSwap<Inspector>>,
    pub in_force: Arc<ArcSwap<SettingsInForce>>,
    /// Which files the rules in force came from.
    pub rules: Arc<ArcSwap<RulesInForce>>,
    pub store: Store,
    pub pending: Pending,
    /// What stands around the figures of reports.
    pub around_reports: Arc<ArcSwap<Surroundings>>,
    /// Where alerts go.
    pub alert_routes: Arc<ArcSwap<Routes>>,
    pub metrics: Metrics,
}

impl Reload {
    /// Reloads at every SIGHUP and every change until cancelled. Both are listened for from the
    /// call on, not only from the first poll: what happens in between counts.
    pub(super) fn on_change(self, stop: CancellationToken) -> impl Future<Output = ()> {
        let hangups = signal(SignalKind::hangup())
            .inspect_err(|error| tracing::warn!(%error, "SIGHUP cannot be received"))
            .ok();
        let watch = Watch::new(&self.started_with);
        self.follow(watch, hangups, stop)
    }

    async fn follow(self, mut watch: Watch, mut hangups: Option<Signal>, stop: CancellationToken) {
        let reader = StoreReader::at(&self.started_with.store_path());
        loop {
            rule_files::record(&self.rules.load(), &self.store, &reader).await;
            let hangup = async {
                match &mut hangups {
                    Some(hangups) => hangups.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                _ = hangup => {}
                () = watch.change() => {}
            }
            if let Some(settings) = self.reload() {
                watch.follow(&settings);
            }
        }
    }

    /// All or nothing. The new settings, where they are good.
    fn reload(&self) -> Option<Settings> {
        match self.read() {
            Ok((settings, snapshot, in_force)) => {
                let files = snapshot.files.clone();
                let rules = rule_files::rules_in_force(files, &settings, super::now());
                self.rules.store(Arc::new(rules));
                let around = snapshot.around_reports(&settings);
                let inspector = snapshot.inspector(&settings, Arc::clone(&self.node));
                self.inspector.store(Arc::new(inspector));
                let routes = alert_routes(&settings, in_force.upstream_tls.clone());
                self.alert_routes.store(Arc::new(routes));
                self.in_force.store(Arc::new(in_force));
                self.around_reports.store(Arc::new(around));
                self.note_pending(&settings);
                self.metrics.config_reload(ReloadResult::Applied);
                tracing::info!("settings, policy, patterns and catalogue were read again");
                Some(settings)
            }
            Err(mistakes) => {
                self.metrics.config_reload(ReloadResult::Refused);
                for mistake in mistakes {
                    tracing::error!(%mistake, "a reload was refused; the old settings stay");
                }
                None
            }
        }
    }

    fn read(&self) -> Result<(Settings, Snapshot, SettingsInForce), Vec<String>> {
        let settings = config::load(self.started_with.file.as_deref())
            .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let (snapshot, roots) = read_all(&settings)?;
        let own = self.own_listeners.clone();
        let in_force = settings_in_force(
            &settings,
            &snapshot,
            roots,
            &self.authority,
            own,
            super::now(),
        );
        Ok((settings, snapshot, in_force))
    }

    /// Notes which changed settings wait for a restart.
    fn note_pending(&self, new: &Settings) {
        let old = &self.started_with;
        let keys = [
            ("data_dir", old.data_dir != new.data_dir),
            ("store.url", old.store.url != new.store.url),
            ("proxy.listen", old.proxy.listen != new.proxy.listen),
            (
                "proxy.connections_max",
                old.limits.connections_max != new.limits.connections_max,
            ),
            (
                "limits.held_bytes_max",
                old.limits.held_bytes_max != new.limits.held_bytes_max,
            ),
            ("admin.listen", old.admin_listen != new.admin_listen),
            ("metrics.listen", old.metrics_listen != new.metrics_listen),
        ];
        let waiting: Vec<&'static str> = keys
            .into_iter()
            .filter_map(|(key, has_changed)| has_changed.then_some(key))
            .collect();
        for key in &waiting {
            tracing::warn!(key, "a changed setting waits for a restart");
        }
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = waiting;
    }
}
