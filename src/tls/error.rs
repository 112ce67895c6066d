//! What can go wrong with keys and certificates? Every failure names its file and the remedy.
//!
//! Key material never stands in an error.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a CA, a leaf or a configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file or folder could not be read or written.
    #[error(
        "cannot {action} {} (check its permissions, or restore it from a backup)", path.display()
    )]
    File {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The CA folder holds files, but not this one.
    #[error(
        "{} is missing while other CA files are there: restore it from a backup, \
         or move the folder away to make a new CA (every workstation must then trust it anew)",
        path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Nothing has made a CA yet.
    #[error("there is no CA in {} yet: start `lachan run` once, which makes it", path.display())]
    NoneYet {
        /// The CA's folder.
        path: PathBuf,
    },
    /// A file is there and is not what it should be.
    #[error("{} {problem}: {remedy}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, to be read after its name.
        problem: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A CA is there already and is never overwritten.
    #[error(
        "there is a CA in {} already, which is never overwritten: \
         stop the service and move the folder away first", path.display()
    )]
    Exists {
        /// The CA's folder.
        path: PathBuf,
    },
    /// The root cannot be changed in this way now.
    #[error("{problem}: {remedy}")]
    Rotation {
        /// Why not.
        problem: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A backup of a CA cannot be written or read back.
    #[error("{problem}: {remedy}")]
    Backup {
        /// What is wrong.
        problem: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A CA made now would have expired when the clock is set.
    #[error("this machine's clock shows a time long past: set it before a CA is made")]
    Clock,
    /// The host is neither a DNS name nor an IP address.
    #[error("not a host name or address")]
    Host,
    /// The certificate that signs leaves has expired while the program ran.
    #[error("the issuing certificate has expired")]
    IssuerExpired,
    /// Random numbers could not be had.
    #[error("no random numbers")]
    Random,
    /// The certificate could not be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The handshake configuration could not be made.
    #[error("cannot make a handshake configuration")]
    Configuration(#[from] rustls::Error),
    /// A failure shared by all who waited for the same leaf.
    #[error(transparent)]
    Shared(#[from] Arc<Self>),
}
