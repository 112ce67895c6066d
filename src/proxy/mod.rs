//! Clients, tunnels, interception, exchanges, refusals.
//!
//! In: listening sockets, the parts that every exchange needs, and a signal to stop. Out: nothing;
//! the proxy serves until it was told to stop and its clients are done.
//!
//! The life of a connection: `listener` (who may come in) → `connect` (what is wanted) → `tunnel`,
//! `forward` or `interception` → `exchange` (one request) → `upstream`, or a refusal.
//!
//! Never: a byte of a request to an AI service that `inspect` has not cleared, a setting that
//! stops the verification of certificates, a connection shared between clients.
//!
//! Read next: `connect`, then `exchange`.

mod answer;
mod asker;
mod bodies;
mod budget;
mod client;
mod collect;
mod connect;
mod descriptors;
mod dial_target;
mod exchange;
mod failure;
mod failure_text;
mod fields;
mod forward;
mod found_text;
mod guide;
mod host_kind;
mod incident_label;
mod interception;
mod judgement;
mod lesson;
mod listener;
mod machine_watch;
mod notice;
mod onward;
mod own_form;
mod own_frame;
mod own_pages;
mod page_style;
mod pool;
mod recent;
mod refusal_text;
mod release_offer;
mod release_page;
mod request_head;
mod selftest_chat;
mod shown_again;
mod staff_forms;
mod staff_pages;
mod target;
mod tunnel;
mod upgrade;
mod uplink;
mod upstream;
mod upstream_settings;
mod verdict;
mod watching;
mod wire_error;
mod wire_socket;
mod wire_stream;

pub mod address_guard;
pub mod dial;
pub mod failure_page;
pub mod hello;
pub mod office;
pub mod pac;
pub mod pages;
pub mod parent_proxy;
pub mod refusal;
#[cfg(test)]
mod refusal_readers;
#[cfg(test)]
mod refusal_tests;
mod restoring;
pub mod rewind;
pub mod selftest;
pub mod settings;
pub mod websocket;
mod websocket_answers;
mod websocket_carry;
mod websocket_deflate;
mod websocket_down;
mod websocket_frame;
#[cfg(test)]
mod websocket_stage;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use answer::{AnswerFormat, OwnAnswer};
pub use descriptors::ConnectionsMax;
pub use own_pages::{OwnPages, StandbyRoot};
pub use shown_again::words_shown;

use crate::inspect::Inspector;
use crate::model::exchange::UnixMillis;
use crate::model::limits::Limits;
use crate::seal::EvidenceSettings;
use crate::store::{Store, StoreReader};
use crate::telemetry::{Metrics, Watch};
use crate::tls::{LeafIssuer, UpstreamTls};
use address_guard::Purpose;
use budget::Budget;
use dial::Dialer;
use failure::Failure;
use office::OfficeTexts;
use own_form::FormCounts;
use recent::Recent;
use settings::{InterceptionSettings, ProxySettings};
use target::Target;
use upstream::Upstream;

/// How long clients may finish what they began after the proxy was told to stop.
const DRAIN_MAX: Duration = Duration::from_secs(30);
/// How often unused upstream connections are looked for.
const EXPIRE_EVERY: Duration = Duration::from_secs(15);
/// Clients that are being told why they are turned away.
const FAREWELLS_MAX: usize = 64;

/// Everything that a reload may change, swapped as one.
pub struct SettingsInForce {
    /// The table `[proxy]`.
    pub proxy: ProxySettings,
    /// The table `[interception]`.
    pub interception: InterceptionSettings,
    /// The office's own words.
    pub office: OfficeTexts,
    /// How servers are reached.
    pub dialer: Dialer,
    /// Which certificates of servers are believed.
    pub upstream_tls: UpstreamTls,
    /// What the pages tell.
    pub pages: OwnPages,
    /// For whom blocked texts are sealed, and for how long.
    pub evidence: EvidenceSettings,
    /// The bounds.
    pub limits: Arc<Limits>,
}

/// The parts that every exchange needs.
pub struct ProxyParts {
    /// The rules in force; an exchange keeps its snapshot.
    pub inspector: Arc<ArcSwap<Inspector>>,
    /// The settings in force.
    pub settings: Arc<ArcSwap<SettingsInForce>>,
    /// Where incidents go.
    pub store: Store,
    /// The same, to be read.
    pub reader: StoreReader,
    /// The counters.
    pub metrics: Metrics,
    /// The tables of what is not seen.
    pub watch: Watch,
    /// Leaves for intercepted hosts.
    pub leaves: LeafIssuer,
    /// The bounds at start, for what is sized once.
    pub limits: Arc<Limits>,
    /// The time, for what the pages show.
    pub clock: fn() -> UnixMillis,
}

/// The proxy, ready to serve.
pub struct Proxy {
    core: Arc<Core>,
    connections_max: ConnectionsMax,
}

impl Proxy {
    /// Makes a proxy. Raises the soft descriptor limit of the process as far as needed.
    pub fn new(parts: ProxyParts) -> Self {
        let wanted = parts.settings.load().proxy.connections_max;
        let wanted = wanted.unwrap_or(parts.limits.connections_max);
        let connections_max = descriptors::raise_descriptor_limit(wanted);
        let core = Core {
            upstream: Upstream::new(Arc::clone(&parts.settings)),
            budget: Budget::new(&parts.limits),
            recent: Recent::default(),
            forms: FormCounts::default(),
            places: Arc::new(Semaphore::new(connections_max.in_force)),
            farewells: Arc::new(Semaphore::new(FAREWELLS_MAX)),
            tasks: TaskTracker::new(),
            drain: CancellationToken::new(),
            abort: CancellationToken::new(),
            parts,
        };
        Self {
            core: Arc::new(core),
            connections_max,
        }
    }

    /// How many clients are served at once, for the readiness page.
    pub const fn connections_max(&self) -> ConnectionsMax {
        self.connections_max
    }

    /// Serves until `shutdown` is done, then lets clients finish within a bounded time.
    pub async fn serve(self, listeners: Vec<TcpListener>, shutdown: impl Future<Output = ()>) {
        let core = self.core;
        for listener in listeners {
            core.tasks
                .spawn(listener::accept(Arc::clone(&core), listener));
        }
        tokio::select! {
            () = shutdown => {}
            () = expire(&core) => {}
        }
        core.drain.cancel();
        core.tasks.close();
        if timeout(DRAIN_MAX, core.tasks.wait()).await.is_err() {
            tracing::warn!("clients did not finish in time; their connections are cut");
        }
        core.abort.cancel();
        core.tasks.wait().await;
    }
}

async fn expire(core: &Core) {
    loop {
        sleep(EXPIRE_EVERY).await;
        core.upstream.expire();
    }
}

/// What all connections share.
struct Core {
    parts: ProxyParts,
    upstream: Upstream,
    budget: Budget,
    recent: Recent,
    forms: FormCounts,
    places: Arc<Semaphore>,
    farewells: Arc<Semaphore>,
    tasks: TaskTracker,
    drain: CancellationToken,
    abort: CancellationToken,
}

impl Core {
    /// Runs a task that is waited for when the proxy stops, and cut off when it takes too long.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let abort = self.abort.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = task => {}
                () = abort.cancelled() => {}
            }
        });
    }

    /// The bounds in force.
    fn limits(&self) -> Arc<Limits> {
        Arc::clone(&self.parts.settings.load().limits)
    }

    /// The office's words: those of the settings, and over them what the back office's pages set.
    fn office(&self) -> OfficeTexts {
        let registry = self.parts.store.registry();
        let now = (self.parts.clock)();
        self.parts.settings.load().office.overlaid(&registry, now)
    }

    /// Done once the proxy was told to stop.
    async fn draining(&self) {
        self.drain.cancelled().await;
    }

    /// Connects to a server that is no AI service.
    async fn dial(&self, target: &Target) -> Result<TcpStream, Failure> {
        let settings = self.parts.settings.load_full();
        let dialled = settings
            .dialer
            .dial(&target.host, target.port, Purpose::Tunnel);
        match dialled.await {
            Ok(dialled) => Ok(dialled.stream),
            Err(cause) => Err(Failure::TunnelDial {
                host: target.host.clone(),
                cause,
            }),
        }
    }
}
