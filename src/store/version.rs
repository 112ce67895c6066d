//! Was anything added to the store, or changed in it, since somebody last looked?
//!
//! What is asked again and again is kept by its readers as long as the version stays the same,
//! whoever writes: this program or another one.

use sqlx::{Row as _, SqliteConnection};
use tokio::sync::Mutex;

use super::error::StoreError;
use super::reader::StoreReader;

/// How the store was at some time; another one where anything was written since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which connection was asked: each counts for itself.
    connection: u64,
    count: i64,
}

/// The one connection that is asked.
#[derive(Debug, Default)]
pub(super) struct Watched(Mutex<(u64, Option<SqliteConnection>)>);

impl StoreReader {
    /// The version of the store now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn version(&self) -> Result<Version, StoreError> {
        let mut watched = self.watched().0.lock().await;
        let (number, kept) = &mut *watched;
        // One that failed, or was given up, is not asked again.
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => {
                *number += 1;
                self.connect().await?
            }
        };
        let row = sqlx::query("PRAGMA data_version")
            .fetch_one(&mut connection)
            .await?;
        *kept = Some(connection);
        Ok(Version {
            connection: *number,
            count: row.try_get(0)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::store::tests::{many, open, reader};

    #[tokio::test]
    async fn the_version_changes_when_something_is_written_and_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await;
        let reader = reader(dir.path()).await;
        let first = reader.version().await.unwrap();
        assert_eq!(reader.version().await.unwrap(), first);
        store.record(many("v", 1)).await.unwrap();
        let second = reader.version().await.unwrap();
        assert_ne!(second, first);
        assert_eq!(reader.version().await.unwrap(), second);
    }
}
