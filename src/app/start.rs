//! From settings to a running guard.

use core::net::SocketAddr;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::admin::{self, Status};
use crate::app::greeting::Greeting;
use crate::app::health::{self, Health};
use crate::app::in_force::settings_in_force;
use crate::app::node_keys::NodeKeys;
use crate::app::reload::Reload;
use crate::app::snapshot::Snapshot;
use crate::app::start_error::StartError;
use crate::config::Settings;
use crate::proxy::{ConnectionsMax, Proxy, ProxyParts};
use crate::store::{Store, StoreKeys, StoreSettings};
use crate::telemetry::Metrics;
use crate::tls::{CertificateAuthority, LeafIssuer};

/// A guard that is ready to run: everything opened, every port bound.
pub struct App {
    proxy: Proxy,
    proxy_listeners: Vec<TcpListener>,
    admin_listener: TcpListener,
    metrics_listener: TcpListener,
    leaves: LeafIssuer,
    health: Arc<Health>,
    status: Arc<dyn Fn() -> Status + Send + Sync>,
    store: Store,
    reload: Reload,
    greeting: String,
}

/// Opens everything that the settings name.
///
/// # Errors
/// One error that names the thing and the remedy; nothing is half-made.
pub async fn start(settings: Settings) -> Result<App, StartError> {
    let snapshot = Snapshot::load(&settings).map_err(StartError::Mistakes)?;
    let listeners = Listeners::bind(&settings).await?;
    let data = DataFolder::open(&settings.data_dir)?;
    let ca_folder = settings.data_dir.join("ca");
    let authority = Arc::new(CertificateAuthority::load_or_create(
        &ca_folder,
        SystemTime::now(),
    )?);
    let keys =
        NodeKeys::load_or_create(&settings.data_dir).map_err(|source| StartError::NodeKeys {
            path: settings.data_dir.clone(),
            source,
        })?;
    let store = open_store(&settings).await?;
    let leaves = LeafIssuer::new(Arc::clone(&authority), Arc::new(SystemTime::now))?;

    let services: Vec<String> = snapshot
        .catalogue
        .services()
        .iter()
        .map(|service| service.id.clone())
        .collect();
    let metrics = Metrics::new(&services)?;
    let in_force = settings_in_force(
        &settings,
        &snapshot,
        &authority,
        listeners.all_addresses(),
        super::now(),
    )?;
    let in_force = Arc::new(ArcSwap::from_pointee(in_force));
    let node = Arc::new(keys.node(&settings.limits));
    let inspector = snapshot.inspector(&settings, Arc::clone(&node));
    let inspector = Arc::new(ArcSwap::from_pointee(inspector));

    let greeting = Greeting {
        is_first_start: data.is_new,
        data_dir: &settings.data_dir,
        proxies: &listeners.proxy_addresses,
        admin: listeners.admin_address,
        metrics: listeners.metrics_address,
        services_count: services.len(),
    }
    .lines();
    let proxy = Proxy::new(ProxyParts {
        inspector: Arc::clone(&inspector),
        settings: Arc::clone(&in_force),
        store: store.clone(),
        metrics: metrics.clone(),
        leaves: leaves.clone(),
        limits: Arc::new(settings.limits.clone()),
        clock: super::now,
    });
    let ca_expires_at_seconds = seconds_of(authority.not_after());
    let health = Arc::new(Health {
        metrics: metrics.clone(),
        store: store.clone(),
        degraded: degraded(proxy.connections_max()),
        ca_expires_at_seconds,
    });
    let status = status_source(
        &health,
        &authority,
        &listeners.proxy_addresses,
        services.len(),
    );
    let reload = Reload {
        own_listeners: listeners.all_addresses(),
        settings,
        authority,
        node,
        inspector,
        in_force,
        metrics,
    };
    Ok(App {
        proxy,
        proxy_listeners: listeners.proxy,
        admin_listener: listeners.admin,
        metrics_listener: listeners.metrics,
        leaves,
        health,
        status,
        store,
        reload,
        greeting,
    })
}

impl App {
    /// What the terminal says: what was made, where things listen, how to try it.
    pub fn greeting(&self) -> &str {
        &self.greeting
    }

    /// Serves until `stop` completes, then drains and closes the store.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let token = CancellationToken::new();
        let health = tokio::spawn(health::serve(
            self.metrics_listener,
            self.health,
            token.child_token(),
        ));
        let admin = tokio::spawn(admin::serve(
            self.admin_listener,
            self.leaves,
            self.status,
            token.child_token(),
        ));
        let reload = tokio::spawn(self.reload.on_signal(token.child_token()));
        self.proxy.serve(self.proxy_listeners, stop).await;
        token.cancel();
        for task in [health, admin, reload] {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task ended badly");
            }
        }
        if let Err(error) = self.store.close().await {
            tracing::error!(%error, "the incident store did not close cleanly");
        }
    }
}

/// Every port, bound before anything is written.
struct Listeners {
    proxy: Vec<TcpListener>,
    proxy_addresses: Vec<SocketAddr>,
    admin: TcpListener,
    admin_address: SocketAddr,
    metrics: TcpListener,
    metrics_address: SocketAddr,
}

impl Listeners {
    async fn bind(settings: &Settings) -> Result<Self, StartError> {
        let mut proxy = Vec::new();
        let mut proxy_addresses = Vec::new();
        for address in &settings.proxy.listen {
            let (listener, bound) = bind(*address, "proxy.listen").await?;
            proxy.push(listener);
            proxy_addresses.push(bound);
        }
        let (admin, admin_address) = bind(settings.admin_listen, "admin.listen").await?;
        let (metrics, metrics_address) = bind(settings.metrics_listen, "metrics.listen").await?;
        Ok(Self {
            proxy,
            proxy_addresses,
            admin,
            admin_address,
            metrics,
            metrics_address,
        })
    }

    fn all_addresses(&self) -> Vec<SocketAddr> {
        let mut all = self.proxy_addresses.clone();
        all.extend([self.admin_address, self.metrics_address]);
        all
    }
}

async fn bind(
    address: SocketAddr,
    key: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen {
        address,
        key,
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// The data folder, readable by its owner only.
struct DataFolder {
    is_new: bool,
}

impl DataFolder {
    fn open(path: &Path) -> Result<Self, StartError> {
        use std::os::unix::fs::PermissionsExt;
        let failed = |source| StartError::DataFolder {
            path: path.to_owned(),
            source,
        };
        let is_new = !path.join("ca").exists();
        std::fs::create_dir_all(path).map_err(failed)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
        let probe = path.join(".writable");
        std::fs::write(&probe, b"")
            .and_then(|()| std::fs::remove_file(&probe))
            .map_err(failed)?;
        Ok(Self { is_new })
    }
}

async fn open_store(settings: &Settings) -> Result<Store, StartError> {
    let keys = StoreKeys::load_or_create(&settings.data_dir)?;
    let store = StoreSettings {
        path: settings.store_path(),
        node: node_name(),
    };
    Ok(Store::open(&store, keys, super::now).await?)
}

/// What the start found that lowers what the program can do.
fn degraded(connections: ConnectionsMax) -> Vec<String> {
    connections
        .lowered_from
        .map(|wanted| {
            format!(
                "only {} connections at a time instead of {wanted}: the system grants too few \
                 file descriptors; raise LimitNOFILE of the service",
                connections.in_force
            )
        })
        .into_iter()
        .collect()
}

/// The machine's name, which incidents carry.
fn node_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "lachan".to_owned())
}

fn status_source(
    health: &Arc<Health>,
    authority: &Arc<CertificateAuthority>,
    proxies: &[SocketAddr],
    services_count: usize,
) -> Arc<dyn Fn() -> Status + Send + Sync> {
    let health = Arc::clone(health);
    let ca_fingerprint = authority.fingerprint_sha256();
    let proxies: Vec<String> = proxies.iter().map(ToString::to_string).collect();
    Arc::new(move || Status {
        version: env!("CARGO_PKG_VERSION"),
        proxies: proxies.clone(),
        is_store_writable: health.store.is_writable(),
        chain_seq: health.store.chain_seq(),
        services_count,
        ca_fingerprint: ca_fingerprint.clone(),
        ca_days_left: (health.ca_expires_at_seconds - super::now().0 / 1000) / 86_400,
        complaints: health.complaints(),
    })
}

fn seconds_of(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
