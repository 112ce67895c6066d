//! From settings to a running guard.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::admin::{BackOffice, CoverageRow, SetupLink, Status};
use crate::alert::{Alerts, Volume};
use crate::app::data_folder::{self, DataFolder};
use crate::app::draft_keeper;
use crate::app::greeting::Greeting;
use crate::app::health::{self, Health};
use crate::app::in_force::settings_in_force;
use crate::app::listeners::Listeners;
use crate::app::office_parts;
use crate::app::reload::{Pending, Reload, alert_routes};
use crate::app::rule_files;
use crate::app::service_manager;
use crate::app::snapshot::{Snapshot, read_all};
use crate::app::start_error::StartError;
use crate::app::tally_keeper;
use crate::app::watch_keeper;
use crate::config::Settings;
use crate::inspect::Permits;
use crate::model::exchange::UnixMillis;
use crate::proxy::{ConnectionsMax, Proxy, ProxyParts};
use crate::report::draft::Drafts;
use crate::store::{Registry, StoreReader};
use crate::telemetry::{Metrics, Watch};
use crate::tls::{LeafIssuer, UpstreamTls};

/// Tells how the parts are.
pub(super) type StatusSource = Arc<dyn Fn() -> Status + Send + Sync>;

/// When to begin with a new root, in days before the end: every workstation has to be visited.
const CA_NOTICE_DAYS: i64 = 90;

/// A guard that is ready to run: everything opened, every port bound.
pub struct App {
    proxy: Proxy,
    listeners: Listeners,
    leaves: LeafIssuer,
    health: Arc<Health>,
    office: BackOffice,
    alerts: Alerts,
    reload: Reload,
    watch: Watch,
    permits: Arc<Permits>,
    drafts: Drafts,
    greeting: String,
}

/// Opens everything that the settings name: rules are checked and ports bound before anything is
/// written.
///
/// # Errors
/// One error that names the thing and the remedy; nothing is half-made.
pub async fn start(settings: Settings) -> Result<App, StartError> {
    let (snapshot, roots) = read_all(&settings).map_err(StartError::Mistakes)?;
    let listeners = Listeners::bind(&settings).await?;
    let data = DataFolder::open(&settings).await?;
    let services = service_ids(&snapshot);
    let metrics = Metrics::new(&services)?;
    let leaves = LeafIssuer::new(Arc::clone(&data.authority), Arc::new(SystemTime::now))?;
    let watch = Watch::open(&settings.data_dir, super::now());
    let (setup, setup_path) = setup_link(&settings).await.unzip();
    let greeting = greeting(
        &settings,
        &listeners,
        &data,
        (services.len(), setup_path.as_deref()),
    );

    let store_path = settings.store_path();
    let reload = reload(
        settings,
        (snapshot, roots),
        &listeners,
        &data,
        metrics.clone(),
    );
    let proxy = Proxy::new(ProxyParts {
        inspector: Arc::clone(&reload.inspector),
        settings: Arc::clone(&reload.in_force),
        store: data.store.clone(),
        reader: StoreReader::at(&store_path),
        metrics: metrics.clone(),
        watch: watch.clone(),
        leaves: leaves.clone(),
        limits: Arc::new(reload.started_with.limits.clone()),
        clock: super::now,
    });
    let health = Arc::new(Health {
        metrics,
        store: data.store.clone(),
        degraded: degraded(proxy.connections_max()),
        pending: Arc::clone(&reload.pending),
        ca_expires_at_seconds: seconds_of(data.authority.not_after()),
    });
    let disk_of = reload.started_with.data_dir.clone();
    let status = status_source(
        &health,
        &watch,
        &data,
        (&listeners, disk_of),
        services.len(),
    );
    let drafts = office_parts::drafts(&data, &reload, &store_path);
    let permits = office_parts::permits_of(&store_path, reload.node.permits()).await;
    let alerts = alerts(&reload.started_with, &reload, watch.clone());
    let rest = (store_path, status, setup);
    let office = BackOffice::new(office_parts::back_office(&data, &reload, &permits, rest))?;
    Ok(App {
        proxy,
        listeners,
        leaves,
        health,
        office,
        alerts,
        reload,
        watch,
        permits,
        drafts,
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
        let Listeners {
            proxy,
            admin,
            metrics,
            ..
        } = self.listeners;
        let store = self.health.store.clone();
        let reader = StoreReader::at(&self.reload.started_with.store_path());
        let tasks = [
            tokio::spawn(health::serve(metrics, self.health, token.child_token())),
            tokio::spawn(self.office.serve(admin, self.leaves, token.child_token())),
            tokio::spawn(self.alerts.run(token.child_token())),
            tokio::spawn(draft_keeper::keep(
                self.drafts.clone(),
                Arc::clone(&self.reload.around_reports),
                token.child_token(),
            )),
            tokio::spawn(self.reload.on_change(token.child_token())),
            tokio::spawn(tally_keeper::keep(
                store.clone(),
                self.drafts.reader.clone(),
                self.watch.clone(),
                token.child_token(),
            )),
            tokio::spawn(watch_keeper::keep(self.watch, token.child_token())),
            tokio::spawn(office_parts::keep_uses(
                store.clone(),
                self.permits,
                token.child_token(),
            )),
            tokio::spawn(office_parts::keep_evidence_within_time(
                store.clone(),
                reader,
                token.child_token(),
            )),
            tokio::spawn(service_manager::keep_alive(token.child_token())),
        ];
        service_manager::ready();
        self.proxy
            .serve(proxy, service_manager::stopping(stop))
            .await;
        token.cancel();
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task ended badly");
            }
        }
        if let Err(error) = store.close().await {
            tracing::error!(%error, "the incident store did not close cleanly");
        }
    }
}

fn service_ids(snapshot: &Snapshot) -> Vec<String> {
    let services = snapshot.catalogue.services().iter();
    services.map(|service| service.id.clone()).collect()
}

/// The link by which the first administrator is made, while there is none.
async fn setup_link(settings: &Settings) -> Option<(SetupLink, String)> {
    let reader = StoreReader::at(&settings.store_path());
    match reader.has_accounts().await {
        Ok(false) => SetupLink::make(super::now()),
        Ok(true) | Err(_) => None,
    }
}

fn greeting(
    settings: &Settings,
    listeners: &Listeners,
    data: &DataFolder,
    (services_count, setup_path): (usize, Option<&str>),
) -> String {
    Greeting {
        setup_path,
        is_first_start: data.is_new,
        data_dir: &settings.data_dir,
        proxies: &listeners.proxy_addresses,
        admin: listeners.admin_address,
        metrics: listeners.metrics_address,
        services_count,
    }
    .lines()
}

/// Makes the inspector and the settings in force, as every later reload will.
fn reload(
    settings: Settings,
    (snapshot, roots): (Snapshot, UpstreamTls),
    listeners: &Listeners,
    data: &DataFolder,
    metrics: Metrics,
) -> Reload {
    let own_listeners = listeners.all_addresses();
    let authority = Arc::clone(&data.authority);
    let own = own_listeners.clone();
    let alert_routes = alert_routes(&settings, roots.clone());
    let in_force = settings_in_force(&settings, &snapshot, roots, &authority, own, super::now());
    let node = Arc::new(data.keys.node(&settings.limits));
    let files = snapshot.files.clone();
    let rules = rule_files::rules_in_force(files, &settings, super::now());
    let around_reports = Arc::new(ArcSwap::from_pointee(snapshot.around_reports(&settings)));
    let inspector = snapshot.inspector(&settings, Arc::clone(&node));
    Reload {
        rules: Arc::new(ArcSwap::from_pointee(rules)),
        store: data.store.clone(),
        started_with: settings,
        own_listeners,
        authority,
        node,
        inspector: Arc::new(ArcSwap::from_pointee(inspector)),
        in_force: Arc::new(ArcSwap::from_pointee(in_force)),
        pending: Pending::default(),
        around_reports,
        alert_routes: Arc::new(ArcSwap::from_pointee(alert_routes)),
        metrics,
    }
}

/// The task that tells others. It starts with the settings and stays with them.
fn alerts(settings: &Settings, reload: &Reload, watch: Watch) -> Alerts {
    let store = reload.store.clone();
    Alerts {
        routes: Arc::clone(&reload.alert_routes),
        store: reload.store.clone(),
        reader: StoreReader::at(&settings.store_path()),
        volumes: Arc::new(move || volumes(&store.registry(), &watch)),
        node: data_folder::node_name(),
        clock: super::now,
    }
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

fn status_source(
    health: &Arc<Health>,
    watch: &Watch,
    data: &DataFolder,
    (listeners, disk_of): (&Listeners, PathBuf),
    services_count: usize,
) -> StatusSource {
    let health = Arc::clone(health);
    let watch = watch.clone();
    let ca_fingerprint = data.authority.fingerprint_sha256();
    let is_rotating = data.authority.standby().is_some();
    let proxies: Vec<String> = listeners
        .proxy_addresses
        .iter()
        .map(ToString::to_string)
        .collect();
    Arc::new(move || Status {
        version: env!("CARGO_PKG_VERSION"),
        proxies: proxies.clone(),
        is_store_writable: health.store.is_writable(),
        chain_seq: health.store.chain_seq(),
        services_count,
        disk: office_parts::disk_space(&disk_of),
        requests_by_day: watch.coverage().days().collect(),
        ca_fingerprint: ca_fingerprint.clone(),
        ca_days_left: (health.ca_expires_at_seconds - super::now().0 / 1000) / 86_400,
        complaints: health
            .complaints()
            .into_iter()
            .chain(health.pending())
            .chain(ca_notice(health.ca_expires_at_seconds, is_rotating))
            .chain(volume_alarms(&health.store.registry(), &watch))
            .collect(),
        discovered: watch
            .discovered_hosts()
            .into_iter()
            .map(|(host, _)| host)
            .collect(),
        not_inspectable: watch
            .distrusting(super::now())
            .into_iter()
            .map(|pair| format!("{} ({}): {}", pair.client, pair.program, pair.host))
            .collect(),
        coverage: coverage_rows(&watch),
        machines_seen: watch.machines_seen().all().collect(),
    })
}

/// What the administrator should do about the CA, if anything.
fn ca_notice(expires_at_seconds: i64, is_rotating: bool) -> Option<String> {
    let days = (expires_at_seconds - super::now().0 / 1000) / 86_400;
    if is_rotating {
        return Some(
            "đang thay chứng chỉ: máy trạm cần cài cả hai chứng chỉ; việc còn lại: \
             lachan ca rotate --activate, sau cùng lachan ca rotate --finish"
                .to_owned(),
        );
    }
    (days < CA_NOTICE_DAYS).then(|| {
        format!("chứng chỉ bảo mật của cơ quan còn {days} ngày: bắt đầu thay bằng lachan ca rotate")
    })
}

/// The tools that were asked more often today than the register says.
fn volumes(registry: &Registry, watch: &Watch) -> Vec<Volume> {
    let table = watch.coverage();
    let volumes = table.rows().filter_map(|(service, row)| {
        let tool = registry.find_tool(service)?;
        let bound = tool.alarm_per_day()?;
        let today = row.asked_on_day_of(super::now());
        (today > bound).then(|| Volume {
            tool: tool.name().to_owned(),
            today,
            bound,
        })
    });
    volumes.collect()
}

/// The same, for the overview.
fn volume_alarms(registry: &Registry, watch: &Watch) -> Vec<String> {
    let told = volumes(registry, watch).into_iter().map(|volume| {
        let Volume { tool, today, bound } = volume;
        format!("{tool}: hôm nay {today} lượt, vượt mức báo động {bound} lượt")
    });
    told.collect()
}

/// Only services that were asked since the data folder was made.
fn coverage_rows(watch: &Watch) -> Vec<CoverageRow> {
    let table = watch.coverage();
    let rows = table.rows().map(|(service, row)| CoverageRow {
        service: service.to_owned(),
        parsed: row.total.parsed,
        generic: row.total.generic,
        uninspectable: row.total.uninspectable,
        tunnelled: row.total.tunnelled,
        today: row.asked_on_day_of(super::now()),
        last_seen: UnixMillis(row.last_seen),
    });
    rows.collect()
}

fn seconds_of(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
