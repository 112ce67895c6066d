//! How do settings, policy, patterns and catalogue take effect without a restart?
//!
//! SIGHUP reads all of them again and swaps the inspector in one step, or, when any file has a
//! mistake, keeps the old one and logs every mistake. An exchange keeps the snapshot that it began
//! with. What is bound at start (`data_dir`, `store.url`, `listen`) waits for a restart.

use core::net::SocketAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::in_force::settings_in_force;
use crate::app::snapshot::Snapshot;
use crate::config::{self, Settings};
use crate::inspect::{Inspector, Node};
use crate::proxy::SettingsInForce;
use crate::telemetry::{Metrics, ReloadResult};
use crate::tls::CertificateAuthority;

/// What a reload needs to make a new inspector.
pub(super) struct Reload {
    pub settings: Settings,
    pub own_listeners: Vec<SocketAddr>,
    pub authority: Arc<CertificateAuthority>,
    pub node: Arc<Node>,
    pub inspector: Arc<ArcSwap<Inspector>>,
    pub in_force: Arc<ArcSwap<SettingsInForce>>,
    pub metrics: Metrics,
}

impl Reload {
    /// Reloads at every SIGHUP until cancelled.
    pub(super) async fn on_signal(mut self, stop: CancellationToken) {
        let mut hangups = match signal(SignalKind::hangup()) {
            Ok(hangups) => hangups,
            Err(error) => {
                tracing::error!(%error, "SIGHUP cannot be received: settings need a restart");
                return;
            }
        };
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = hangups.recv() => self.reload(),
            }
        }
    }

    /// All or nothing.
    fn reload(&mut self) {
        match self.read() {
            Ok((settings, snapshot, in_force)) => {
                let inspector = snapshot.inspector(&settings, Arc::clone(&self.node));
                self.inspector.store(Arc::new(inspector));
                self.in_force.store(Arc::new(in_force));
                self.tell_pending(&settings);
                self.settings = settings;
                self.metrics.config_reload(ReloadResult::Applied);
                tracing::info!("settings, policy, patterns and catalogue were read again");
            }
            Err(mistakes) => {
                self.metrics.config_reload(ReloadResult::Refused);
                for mistake in mistakes {
                    tracing::error!(%mistake, "a reload was refused; the old settings stay");
                }
            }
        }
    }

    fn read(&self) -> Result<(Settings, Snapshot, SettingsInForce), Vec<String>> {
        let settings = config::load(self.settings.file.as_deref())
            .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let snapshot = Snapshot::load(&settings)?;
        let own = self.own_listeners.clone();
        let in_force = settings_in_force(&settings, &snapshot, &self.authority, own, super::now())
            .map_err(|error| vec![error.to_string()])?;
        Ok((settings, snapshot, in_force))
    }

    /// Says which changed settings wait for a restart.
    fn tell_pending(&self, new: &Settings) {
        let old = &self.settings;
        let pending = [
            ("data_dir", old.data_dir != new.data_dir),
            ("store.url", old.store != new.store),
            ("proxy.listen", old.proxy.listen != new.proxy.listen),
            ("admin.listen", old.admin_listen != new.admin_listen),
            ("metrics.listen", old.metrics_listen != new.metrics_listen),
        ];
        for (key, has_changed) in pending {
            if has_changed {
                tracing::warn!(key, "a changed setting waits for a restart");
            }
        }
    }
}
