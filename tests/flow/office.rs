//! An office to test in: a proxy on port 0, its CA and store in a folder that goes away.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use lachan::detect::Detector;
use lachan::inspect::{Inspector, InspectorParts, Node};
use lachan::model::exchange::UnixMillis;
use lachan::model::limits::Limits;
use lachan::policy::Policy;
use lachan::proxy::address_guard::AddressGuard;
use lachan::proxy::dial::{ConnectTo, DialSettings, Dialer};
use lachan::proxy::office::OfficeTexts;
use lachan::proxy::settings::{InterceptionSettings, ProxySettings};
use lachan::proxy::{OwnPages, Proxy, ProxyParts, SettingsInForce};
use lachan::seal::EvidenceSettings;
use lachan::service::Catalogue;
use lachan::store::{Store, StoreKeys, StoreReader, StoreSettings};
use lachan::telemetry::{Metrics, Watch};
use lachan::tls::{CertificateAuthority, LeafIssuer, UpstreamTls};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The AI host of the tests.
pub(crate) const AI: &str = "chatgpt.com";
/// Another one.
pub(crate) const OTHER_AI: &str = "claude.ai";
/// A host that an AI service shares with others.
pub(crate) const SHARED: &str = "github.com";
/// A host that is no AI service.
pub(crate) const PLAIN: &str = "intranet.example";

/// What a test wants to be different.
#[derive(Default)]
pub(crate) struct Wishes {
    pub(crate) proxy: ProxySettings,
    pub(crate) interception: InterceptionSettings,
    pub(crate) limits: Limits,
    /// Hosts and where they really are; port 443 unless named.
    pub(crate) hosts: Vec<(&'static str, SocketAddr)>,
    /// Hosts at port 80.
    pub(crate) plain_hosts: Vec<(&'static str, SocketAddr)>,
    /// The CA of the stand-ins, PEM.
    pub(crate) service_ca: String,
    pub(crate) store_is_down: bool,
}

pub(crate) struct Office {
    pub(crate) address: SocketAddr,
    /// The root that workstations trust, PEM.
    pub(crate) root: String,
    pub(crate) metrics: Metrics,
    pub(crate) store: Store,
    pub(crate) watch: Watch,
    settings: Arc<ArcSwap<SettingsInForce>>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    _folder: TempDir,
}

impl Office {
    pub(crate) async fn open(wishes: Wishes) -> Self {
        let folder = TempDir::new().unwrap();
        let ca = CertificateAuthority::load_or_create(&folder.path().join("ca"), SystemTime::now());
        let ca = Arc::new(ca.unwrap());
        let store = open_store(&folder).await;
        if wishes.store_is_down {
            store.close().await.unwrap();
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Arc::new(wishes.limits.clone());
        let metrics = Metrics::new(&["openai-chatgpt-web".to_owned(), "unknown-ai".to_owned()]);
        let metrics = metrics.unwrap();
        let watch = Watch::in_memory();
        let pages = OwnPages {
            ca_pem: ca.root_pem().to_owned(),
            ca_der: ca.root_der().to_owned(),
            ..OwnPages::default()
        };
        let settings = settings(wishes, &folder, address, pages);
        let settings = Arc::new(ArcSwap::from_pointee(settings));
        let parts = ProxyParts {
            reader: StoreReader::at(&folder.path().join("incidents.db")),
            inspector: Arc::new(ArcSwap::from_pointee(inspector(&limits))),
            settings: Arc::clone(&settings),
            store: store.clone(),
            metrics: metrics.clone(),
            watch: watch.clone(),
            leaves: LeafIssuer::new(Arc::clone(&ca), Arc::new(SystemTime::now)).unwrap(),
            limits,
            clock: || UnixMillis(1_781_247_900_000),
        };
        let (stop, stopped) = oneshot::channel();
        let running = Proxy::new(parts).serve(vec![listener], async move {
            drop(stopped.await);
        });
        Self {
            address,
            root: ca.root_pem().to_owned(),
            metrics,
            store,
            watch,
            settings,
            stop: Some(stop),
            running: tokio::spawn(running),
            _folder: folder,
        }
    }

    /// Takes every host off the bypass list, as a reload would.
    pub(crate) fn bypass_nothing(&self) {
        let now = self.settings.load();
        self.settings.store(Arc::new(SettingsInForce {
            proxy: now.proxy.clone(),
            interception: InterceptionSettings::default(),
            office: now.office.clone(),
            dialer: now.dialer.clone(),
            upstream_tls: now.upstream_tls.clone(),
            pages: now.pages.clone(),
            evidence: now.evidence.clone(),
            limits: Arc::clone(&now.limits),
        }));
    }

    /// Tells the proxy to stop and waits until it did.
    pub(crate) async fn close(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(40), self.running)
            .await
            .unwrap()
            .unwrap();
    }
}

async fn open_store(folder: &TempDir) -> Store {
    let keys = StoreKeys::load_or_create(folder.path()).unwrap();
    let settings = StoreSettings {
        path: folder.path().join("incidents.db"),
        node: "test".to_owned(),
    };
    Store::open(&settings, keys, || UnixMillis(1_781_247_900_000))
        .await
        .unwrap()
}

fn settings(
    wishes: Wishes,
    folder: &TempDir,
    address: SocketAddr,
    pages: OwnPages,
) -> SettingsInForce {
    let at_port = |port: u16| {
        move |(host, address): (&str, SocketAddr)| ConnectTo {
            host: host.to_owned(),
            port,
            address,
        }
    };
    let connect_to = wishes
        .hosts
        .into_iter()
        .map(at_port(443))
        .chain(wishes.plain_hosts.into_iter().map(at_port(80)))
        .collect();
    let dial = DialSettings {
        connect_to,
        parent_proxy: None,
        connect_max: Duration::from_secs(5),
    };
    let mut extra = Vec::new();
    if !wishes.service_ca.is_empty() {
        let file = folder.path().join("services.pem");
        std::fs::write(&file, &wishes.service_ca).unwrap();
        extra.push(file);
    }
    SettingsInForce {
        dialer: Dialer::new(
            dial,
            AddressGuard::new(wishes.proxy.private_networks.clone(), vec![address]),
        ),
        proxy: wishes.proxy,
        interception: wishes.interception,
        office: OfficeTexts::default(),
        upstream_tls: UpstreamTls::new(&extra).unwrap(),
        pages,
        evidence: EvidenceSettings::default(),
        limits: Arc::new(wishes.limits),
    }
}

/// Where nobody listens.
pub(crate) fn nowhere() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9)
}

/// The inspection as it is built in, with keys of this test.
fn inspector(limits: &Arc<Limits>) -> Inspector {
    Inspector::new(InspectorParts {
        catalogue: Arc::new(Catalogue::builtin().unwrap()),
        detector: Arc::new(Detector::builtin().unwrap()),
        policy: Arc::new(Policy::builtin().unwrap()),
        limits: Arc::clone(limits),
        node: Arc::new(Node::new([1; 32], [2; 32], limits)),
    })
}
