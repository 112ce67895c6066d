//! Which incidents are there? A read-only view, beside the running proxy.
//!
//! A [`StoreReader`] sees what was committed when it is asked and holds no lock between questions.
//! Connections that answered are kept for the next question, a few of them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;

use super::chain::Hash;
use super::checkpoint::Checkpoint;
use super::derived::{number, read_state, stored};
use super::error::StoreError;
use super::followed::Followed;
use super::range::Range;
use super::record::{Incident, IncidentRecord};
use super::review::ReviewState;
use super::schema;
use super::version::Watched;

/// How many incidents one page has at most.
const PAGE_INCIDENTS_MAX: u32 = 10_000;

/// How many connections are kept for the next question.
const IDLE_CONNECTIONS_MAX: usize = 8;

/// Reads a store that another process may be writing.
#[derive(Clone, Debug)]
pub struct StoreReader {
    path: PathBuf,
    idle: Arc<Mutex<Vec<SqliteConnection>>>,
    followed: Arc<Followed>,
    begun: Arc<OnceLock<UnixMillis>>,
    watched: Arc<Watched>,
}

/// Which incidents are wanted. Everything that is not set does not restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Recorded at this time or later.
    pub since: Option<UnixMillis>,
    /// Recorded before this time.
    pub until: Option<UnixMillis>,
    /// With a smaller number than this: the last `seq` of a page asks for the next page.
    pub before_seq: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            since: None,
            until: None,
            before_seq: None,
            limit: 1000,
        }
    }
}

impl StoreReader {
    /// Opens the store at a path.
    ///
    /// # Errors
    /// When it is not there, is no incident store, or was written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        std::fs::metadata(path).map_err(|source| {
            let path = path.to_owned();
            if source.kind() == std::io::ErrorKind::NotFound {
                return StoreError::NoneYet(path);
            }
            StoreError::File { path, source }
        })?;
        let reader = Self::at(path);
        reader.connect().await?.close().await?;
        Ok(reader)
    }

    /// A reader of the store at a path, whether there is one yet or not: each question finds out.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Arc::default(),
            followed: Arc::default(),
            begun: Arc::default(),
            watched: Arc::default(),
        }
    }

    /// The incidents that a filter lets through, newest first. A draft that was sent is not among
    /// them: the incident of its message stands for it.
    ///
    /// # Errors
    /// When the file cannot be read, or a record among them is damaged.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Incident>, StoreError> {
        let listed = self.list_with_states(filter).await?;
        Ok(listed.into_iter().map(|(incident, _)| incident).collect())
    }

    /// The same, each with how it stands.
    ///
    /// # Errors
    /// When the file cannot be read, or a record among them is damaged.
    pub async fn list_with_states(
        &self,
        filter: &Filter,
    ) -> Result<Vec<(Incident, ReviewState)>, StoreError> {
        let mut connection = self.borrow().await?;
        let range = Range::between(filter.since, filter.until, connection.get()).await?;
        let rows = sqlx::query(
            "SELECT chain.seq, chain.body, chain.prev, chain.hash, incident.status, \
             incident.assignee, incident.outcome_now, incident.detected_at, incident.confirmed_at \
             FROM incident CROSS JOIN chain ON chain.seq = incident.seq \
             WHERE incident.seq >= ? AND incident.seq < ? AND incident.is_continued = 0 \
             ORDER BY incident.seq DESC LIMIT ?",
        )
        .bind(stored(range.floor))
        .bind(stored(range.before(filter.before_seq).ceiling))
        .bind(filter.limit.min(PAGE_INCIDENTS_MAX))
        .fetch_all(connection.get())
        .await?;
        connection.give_back();
        let with_state = |row: &SqliteRow| Ok((incident(row)?, read_state(row)?));
        rows.iter().map(with_state).collect()
    }

    /// The incident of an id or a code (capitals or not), if there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or the record is damaged.
    pub async fn find(&self, id_or_code: &str) -> Result<Option<Incident>, StoreError> {
        let whole = self.whole(id_or_code).await?;
        Ok(whole.map(|whole| whole.incident))
    }

    /// The newest checkpoint in the chain.
    ///
    /// # Errors
    /// When the file cannot be read, or the checkpoint is damaged.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query(
            "SELECT seq, body FROM chain WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1",
        )
        .fetch_optional(connection.get())
        .await?;
        connection.give_back();
        let Some(row) = row else {
            return Ok(None);
        };
        let seq = number(&row, "seq")?;
        let body: Option<&[u8]> = row.try_get("body")?;
        let checkpoint = Checkpoint::from_canonical(body.unwrap_or_default());
        checkpoint
            .map(Some)
            .map_err(|_| StoreError::Damaged { seq })
    }

    /// When the log begins; it never changes.
    ///
    /// # Errors
    /// When the file cannot be read, or the record is damaged.
    pub async fn begun_at(&self) -> Result<Option<UnixMillis>, StoreError> {
        if let Some(known) = self.begun.get() {
            return Ok(Some(*known));
        }
        let first = self.mark(1).await?;
        Ok(first.map(|mark| *self.begun.get_or_init(|| mark.at)))
    }

    /// A connection that cannot write.
    pub(super) async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        schema::open_read_only(&self.path).await
    }

    /// A connection for one question, to be given back after it.
    pub(super) async fn borrow(&self) -> Result<Borrowed, StoreError> {
        let idle = self.idle();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(Borrowed {
            connection,
            lender: Arc::clone(&self.idle),
        })
    }

    /// What follows from the deeds read so far.
    pub(super) fn followed(&self) -> &Followed {
        &self.followed
    }

    /// The connection that tells whether anything was written.
    pub(super) fn watched(&self) -> &Watched {
        &self.watched
    }

    fn idle(&self) -> Option<SqliteConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.pop()
    }
}

/// A connection that is lent. One that is not given back (a question that failed or was given up)
/// is closed.
pub(super) struct Borrowed {
    connection: SqliteConnection,
    lender: Arc<Mutex<Vec<SqliteConnection>>>,
}

impl Borrowed {
    /// The connection.
    pub(super) const fn get(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Keeps it for the next question.
    pub(super) fn give_back(self) {
        let mut idle = self.lender.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_CONNECTIONS_MAX {
            idle.push(self.connection);
        }
    }
}

pub(super) fn incident(row: &SqliteRow) -> Result<Incident, StoreError> {
    let seq = number(row, "seq")?;
    let damaged = || StoreError::Damaged { seq };
    let body: Option<&[u8]> = row.try_get("body")?;
    let record = IncidentRecord::from_canonical(body.unwrap_or_default());
    Ok(Incident {
        seq,
        prev: Hash::from_bytes(row.try_get("prev")?).ok_or_else(damaged)?,
        hash: Hash::from_bytes(row.try_get("hash")?).ok_or_else(damaged)?,
        record: record.map_err(|_| damaged())?,
    })
}
