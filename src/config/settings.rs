//! All settings of one program run, read and checked.

use core::net::SocketAddr;
use std::path::PathBuf;

use crate::alert::Channel;
use crate::model::limits::Limits;
use crate::proxy::office::OfficeTexts;
use crate::proxy::settings::{InterceptionSettings, ProxySettings, UpstreamSettings};
use crate::report::ReportSettings;
use crate::seal::EvidenceSettings;

/// What `lachan.toml` says, defaults filled in. Each part's settings live with the part.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the settings came from; `None` for the built-in defaults.
    pub file: Option<PathBuf>,
    /// The folder for CA, keys and store.
    pub data_dir: PathBuf,
    /// Clients and listeners.
    pub proxy: ProxySettings,
    /// What is opened and what is not.
    pub interception: InterceptionSettings,
    /// The way out.
    pub upstream: UpstreamSettings,
    /// The back office's address.
    pub admin_listen: SocketAddr,
    /// The address of metrics and health.
    pub metrics_listen: SocketAddr,
    /// The incident store.
    pub store: StoreLocation,
    /// The office's policy file, instead of the built-in one.
    pub policy_file: Option<PathBuf>,
    /// Folders with rule packs and services of the office.
    pub pattern_dirs: Vec<PathBuf>,
    /// The bounds.
    pub limits: Limits,
    /// What refusals and pages say about this office.
    pub office: OfficeTexts,
    /// Where alerts go.
    pub alerts: Vec<Channel>,
    /// What reports say about it.
    pub report: ReportSettings,
    /// For whom blocked texts are sealed, and for how long.
    pub evidence: EvidenceSettings,
}

/// Where incidents are kept, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLocation {
    /// `sqlite:` with an optional path; the file is in the data folder by default.
    pub url: Option<String>,
    /// Days after which the bodies of closed incidents are deleted.
    pub retention_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            file: None,
            data_dir: PathBuf::from("lachan-data"),
            proxy: ProxySettings::default(),
            interception: InterceptionSettings::default(),
            upstream: UpstreamSettings::default(),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            metrics_listen: SocketAddr::from(([127, 0, 0, 1], 9464)),
            store: StoreLocation {
                url: None,
                retention_days: 730,
            },
            policy_file: None,
            pattern_dirs: Vec::new(),
            limits: Limits::default(),
            office: OfficeTexts::default(),
            alerts: Vec::new(),
            report: ReportSettings::default(),
            evidence: EvidenceSettings::default(),
        }
    }
}

impl Settings {
    /// The incident database.
    pub fn store_path(&self) -> PathBuf {
        self.store
            .path()
            .unwrap_or_else(|| self.data_dir.join("incidents.db"))
    }
}

impl StoreLocation {
    /// The database file that `url` names, if it names one.
    pub(super) fn path(&self) -> Option<PathBuf> {
        let path = self.url.as_deref()?.strip_prefix("sqlite:")?;
        // `sqlite:a.db`, `sqlite:/a.db` and `sqlite:///a.db` are all written.
        let path = path.strip_prefix("//").unwrap_or(path);
        (!path.is_empty()).then(|| PathBuf::from(path))
    }
}
