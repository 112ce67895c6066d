//! Why could the program not start? One error, naming the thing and the remedy.

use core::net::SocketAddr;
use std::path::PathBuf;

use crate::store::StoreError;
use crate::telemetry::TelemetryError;
use crate::tls::TlsError;

/// Why the program could not start. The exit status is 2 and nothing is half-made.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Settings, policy, rules or catalogue have mistakes.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
    /// A port cannot be listened on.
    #[error(
        "cannot listen on {address} ({key}): {source}; \
         stop the program that uses the port, or set another address under {key}"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The setting that names it.
        key: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The data folder cannot be used.
    #[error(
        "cannot use the data folder {}: {source}; \
         make it writable for this user, or set data_dir to another folder", .path.display()
    )]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The node's keys cannot be used.
    #[error(
        "cannot use node-hash.key in {}: {source}; \
         put back a copy of it, or move it away to begin with a new one", .path.display()
    )]
    NodeKeys {
        /// The folder.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The CA or upstream certificates cannot be used.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// The counters cannot be made.
    #[error("{0}")]
    Telemetry(#[from] TelemetryError),
    /// The incident store cannot be used.
    #[error("{0}")]
    Store(#[from] StoreError),
}
