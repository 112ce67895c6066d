//! Why could the store not do what was asked? Never with a word from a request.

use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be written now; decisions other than allow fail closed.
    #[error("the incident store cannot be written")]
    Unwritable,
    /// A file or folder could not be made, read or protected.
    #[error("cannot use {} (check its path and permissions)", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Nothing has made a store yet.
    #[error("there is no incident store at {} yet: start `lachan run` once, which makes it", .0.display())]
    NoneYet(PathBuf),
    /// The database refused.
    #[error("the incident store's database refused")]
    Database(#[from] sqlx::Error),
    /// The file is a database, but none of ours.
    #[error("{} is not an incident store", .0.display())]
    NotAStore(PathBuf),
    /// A newer program wrote it.
    #[error(
        "the incident store has format {found}, this program knows {known}: use the newer program"
    )]
    Newer {
        /// The format of the file.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// An older program wrote it, and only a writer brings it up to date.
    #[error(
        "{} was written by an older program: start `lachan run` once, which brings it up to date",
        .0.display()
    )]
    Older(PathBuf),
    /// Something is no longer as the change expected it: somebody else was first.
    #[error("somebody else changed this first")]
    Conflict,
    /// The file was replaced or removed while it was open.
    #[error("{} was removed or replaced while it was open", .0.display())]
    Replaced(PathBuf),
    /// The store is signed by another key.
    #[error(
        "the incident store is signed by another key: put back its node-signing.key, or move the \
         store away to begin a new one"
    )]
    OtherKey,
    /// The signing key's file is broken.
    #[error("{} is not a signing key: put back a copy, or remove it together with the incident store", .0.display())]
    BrokenKey(PathBuf),
    /// No key could be made or used.
    #[error("the signing key does not work")]
    Key,
    /// A record cannot be read.
    #[error("record {seq} is damaged: run `lachan incidents verify`")]
    Damaged {
        /// Its place in the chain.
        seq: u64,
    },
    /// A checkpoint file is not one.
    #[error("this is not a checkpoint: {0}")]
    NotACheckpoint(&'static str),
}
