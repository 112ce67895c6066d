//! Why could the program not start? One error, naming the thing and the remedy.

use core::net::SocketAddr;
use std::error::Error;
use std::path::PathBuf;

use crate::admin::NoRandomness;
use crate::store::StoreError;
use crate::telemetry::TelemetryError;
use crate::tls::TlsError;

/// Why the program could not start. The exit status is 2 and nothing is half-made.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Settings, policy, rules, catalogue or certificate files have mistakes, one line each.
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
    #[error("{}", with_causes(.0))]
    Tls(#[from] TlsError),
    /// The counters cannot be made.
    #[error("{}", with_causes(.0))]
    Telemetry(#[from] TelemetryError),
    /// The back office cannot be set up.
    #[error("the back office cannot be set up: {0}")]
    BackOffice(#[from] NoRandomness),
    /// The incident store cannot be used.
    #[error("{}", with_causes(.0))]
    Store(#[from] StoreError),
}

/// An error with its causes, on one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        // Some errors repeat their cause in their own text.
        if !line.ends_with(&inner_text) {
            line.push_str(": ");
            line.push_str(&inner_text);
        }
        cause = inner.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_behind_their_error_once() {
        let error = TlsError::File {
            action: "read",
            path: PathBuf::from("ca/root.pem"),
            source: std::io::Error::other("it is gone"),
        };
        let told = StartError::Tls(error).to_string();
        assert!(told.starts_with("cannot read ca/root.pem"), "{told}");
        assert_eq!(told.matches("it is gone").count(), 1, "{told}");
    }
}
