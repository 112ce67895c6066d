//! What did people do? For pages and reports.

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::exchange::UnixMillis;

use super::deed::{DeedRecord, What};
use super::derived::{number, read_state, stored};
use super::error::StoreError;
use super::reader::StoreReader;
use super::review::ReviewState;

/// How many deeds one page has at most.
const PAGE_DEEDS_MAX: u32 = 1000;
/// How many deeds are followed at a time: some megabytes.
const FOLLOWED_DEEDS_MAX: u32 = 10_000;
/// How many subjects of one kind are known at most: an office has some hundred machines.
const SUBJECTS_MAX: u32 = 10_000;

/// A deed with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDeed {
    /// Its place.
    pub seq: u64,
    /// What was recorded.
    pub record: DeedRecord,
}

/// Which deeds are wanted. Everything that is not set does not restrict.
#[derive(Clone, Debug, Default)]
pub struct DeedFilter {
    /// About this incident (its id).
    pub incident: Option<String>,
    /// About this account, exception or release.
    pub subject: Option<String>,
    /// Of this kind.
    pub what: Option<What>,
    /// Recorded at this time or later.
    pub since: Option<UnixMillis>,
    /// Recorded before this time.
    pub until: Option<UnixMillis>,
    /// With a smaller number than this: the last of a page asks for the next page.
    pub before_seq: Option<u64>,
    /// At most so many; 0 stands for the most that are given.
    pub limit: u32,
}

/// Whether state secrets are among what is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// They are.
    Shown,
    /// They are not.
    Hidden,
}

impl Secrets {
    /// The highest `is_secret` among what is given.
    pub(super) const fn bound(self) -> i64 {
        match self {
            Self::Shown => 1,
            Self::Hidden => 0,
        }
    }
}

impl StoreReader {
    /// The deeds that a filter lets through, newest first.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn deeds(&self, filter: &DeedFilter) -> Result<Vec<StoredDeed>, StoreError> {
        let limit = match filter.limit {
            0 => PAGE_DEEDS_MAX,
            limit => limit.min(PAGE_DEEDS_MAX),
        };
        let mut wanted = String::from(
            "SELECT chain.seq, chain.body FROM deed JOIN chain ON chain.seq = deed.seq \
             WHERE deed.seq < ? AND deed.recorded_at >= ? AND deed.recorded_at < ?",
        );
        let texts = [
            (" AND deed.incident = ?", filter.incident.as_deref()),
            (" AND deed.subject = ?", filter.subject.as_deref()),
            (" AND deed.what = ?", filter.what.map(What::as_str)),
        ];
        for (condition, _) in texts.iter().filter(|(_, text)| text.is_some()) {
            wanted.push_str(condition);
        }
        wanted.push_str(" ORDER BY deed.seq DESC LIMIT ?");
        let mut query = sqlx::query(sqlx::AssertSqlSafe(wanted))
            .bind(filter.before_seq.map_or(i64::MAX, stored))
            .bind(filter.since.map_or(i64::MIN, |time| time.0))
            .bind(filter.until.map_or(i64::MAX, |time| time.0));
        for text in texts.into_iter().filter_map(|(_, text)| text) {
            query = query.bind(text);
        }
        let mut connection = self.borrow().await?;
        let rows = query.bind(limit).fetch_all(connection.get()).await?;
        connection.give_back();
        rows.iter().map(deed).collect()
    }

    /// The first deeds of these kinds after a number, in the chain's order: a page of them, and
    /// whether there may be more.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub(super) async fn deeds_after(
        &self,
        seq: u64,
        kinds: &[What],
    ) -> Result<(Vec<StoredDeed>, bool), StoreError> {
        let places = vec!["?"; kinds.len()].join(", ");
        let wanted = format!(
            "SELECT seq, body FROM chain WHERE seq IN (SELECT seq FROM deed \
             WHERE what IN ({places}) AND seq > ? ORDER BY seq LIMIT ?) ORDER BY seq"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(wanted));
        for what in kinds {
            query = query.bind(what.as_str());
        }
        let mut connection = self.borrow().await?;
        let rows = query
            .bind(stored(seq))
            .bind(FOLLOWED_DEEDS_MAX)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let is_full = rows.len() >= usize::try_from(FOLLOWED_DEEDS_MAX).unwrap_or(usize::MAX);
        let deeds: Result<_, StoreError> = rows.iter().map(deed).collect();
        Ok((deeds?, is_full))
    }

    /// The last deed about each subject among these kinds, in the order of the chain: what is laid
    /// down by deeds stands as the last of them says.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn last_deeds(&self, whats: &[What]) -> Result<Vec<StoredDeed>, StoreError> {
        self.last_deeds_as_of(whats, u64::MAX).await
    }

    /// The same, as of a record.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub(super) async fn last_deeds_as_of(
        &self,
        whats: &[What],
        head: u64,
    ) -> Result<Vec<StoredDeed>, StoreError> {
        let places = vec!["?"; whats.len()].join(", ");
        let wanted = format!(
            "SELECT seq, body FROM chain WHERE seq IN (SELECT max(seq) FROM deed \
             WHERE what IN ({places}) AND subject IS NOT NULL AND seq <= ? GROUP BY subject) \
             ORDER BY seq LIMIT ?"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(wanted));
        for what in whats {
            query = query.bind(what.as_str());
        }
        let query = query.bind(stored(head));
        let mut connection = self.borrow().await?;
        let rows = query.bind(SUBJECTS_MAX).fetch_all(connection.get()).await?;
        connection.give_back();
        rows.iter().map(deed).collect()
    }

    /// How an incident stands now, by its id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn review_state(&self, id: &str) -> Result<Option<ReviewState>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT * FROM incident WHERE id = ?")
            .bind(id)
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        Ok(row.as_ref().map(read_state).transpose()?)
    }
}

fn deed(row: &SqliteRow) -> Result<StoredDeed, StoreError> {
    let seq = number(row, "seq")?;
    let body: Option<&[u8]> = row.try_get("body")?;
    let record = DeedRecord::from_canonical(body.unwrap_or_default());
    Ok(StoredDeed {
        seq,
        record: record.map_err(|_| StoreError::Damaged { seq })?,
    })
}
