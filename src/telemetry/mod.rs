//! What can be seen of the running program? Logs and figures; never prompt text.
//!
//! In go counts, durations and log events from every layer above; out come a page for Prometheus
//! and lines on standard error. Labels come from closed sets only, so that no client, host or text
//! can become one, and the number of series is bounded.
//!
//! Besides figures there are tables of what we do not see ([`watch`]): hosts, masked paths and
//! names of fields, kept in small files of the data folder.
//!
//! Read next: [`labels`] (the closed sets), [`metrics`] (the figures), [`logging`] (the lines),
//! [`watch`] (the tables).

mod coverage;
mod discovered;
mod distrust;
pub mod labels;
pub mod logging;
pub mod machines_seen;
mod maker;
pub mod metrics;
mod tally;
mod unknown_path;
pub mod watch;
mod watch_file;

pub use coverage::{Counts, CoverageTable, ServiceCoverage};
pub use discovered::{Discovered, DiscoveredHosts, Seen};
pub use distrust::{Distrust, Pair, Standing};
pub use labels::{
    ExceptionStep, ExchangeOutcome, ReleaseStep, ReloadResult, Stage, TunnelReason,
    UpstreamErrorKind,
};
pub use logging::{LogFormat, init_logging};
pub use machines_seen::MachinesSeen;
pub use metrics::Metrics;
pub use tally::{SetAside, TallyOfDay};
pub use unknown_path::{UnknownPath, UnknownPaths};
pub use watch::Watch;

/// Why telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// A metric could not be registered.
    #[error("a metric could not be registered")]
    Metric(#[from] prometheus::Error),
    /// The log filter is malformed.
    #[error("the log filter is malformed")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Another logger was installed before.
    #[error("logging was set up before")]
    AlreadySet(#[from] tracing_subscriber::util::TryInitError),
}
