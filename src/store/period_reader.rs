//! What happened in a period, and what did people do about it, as of a record of the chain?
//!
//! Reports count what these questions give. Every answer is as of a record, the *head*: what came
//! after it does not change it, so that a report can be checked years later. Rows are given one by
//! one and never held together: a year may have a million.

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::model::exchange::UnixMillis;

use super::chain::Hash;
use super::deed::{DeedRecord, What};
use super::derived::{number, stored};
use super::error::StoreError;
use super::reader::StoreReader;
use super::review::ReviewState;
use super::welfare::{Welfare, welfare, welfare_sql};

/// The name of the fact that tells which kind of report was made.
pub const REPORT_KIND: &str = "kind";
/// The name of the fact that tells which of several reports about an incident it was.
pub const REPORT_STAGE: &str = "stage";

/// The deeds that change the register of tools.
const TOOLS: [What; 3] = [What::ToolEntered, What::ToolApproved, What::ToolWithdrawn];

/// Which incidents are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodQuery {
    /// Recorded at this time or later.
    pub since: UnixMillis,
    /// Recorded before this time.
    pub until: UnixMillis,
    /// Of this unit alone.
    pub unit: Option<String>,
    /// As of this record.
    pub head: u64,
}

/// Which records move the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relevant {
    /// Incidents, what people decide about them, and counts of requests.
    Decisions,
    /// The same, the notices that were made about them, and the register of tools.
    NoticesAndTools,
}

/// A record's number, hash and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its number; 0 before the first record.
    pub seq: u64,
    /// Its hash.
    pub hash: Hash,
    /// When it was recorded.
    pub at: UnixMillis,
}

/// Incidents that are alike in everything but their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The month in Việt Nam, like `2026-06`.
    pub month: String,
    /// The unit; empty where none is known.
    pub unit: String,
    /// The service's id.
    pub service: String,
    /// What the requests carried.
    pub carries: String,
    /// What was done.
    pub action: String,
    /// The gravest severity.
    pub severity: String,
    /// Whether anything reached the service, as recorded.
    pub outcome: String,
    /// The categories, with blanks between.
    pub categories: String,
    /// Why something could not be inspected; empty where nothing.
    pub uninspectable: String,
    /// Whom records of social policy among them are about.
    pub welfare: Welfare,
    /// How many incidents.
    pub count: u64,
    /// How many people they told about.
    pub subjects: u64,
}

/// An incident that people did something about, as it stood at the head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// The id.
    pub id: String,
    /// The code.
    pub code: String,
    /// Its unit; empty where none is known.
    pub unit: String,
    /// The service's id.
    pub service: String,
    /// The outcome as recorded.
    pub outcome: String,
    /// The categories, with blanks between.
    pub categories: String,
    /// Whom records of social policy in it are about.
    pub welfare: Welfare,
    /// Whether it is of a state secret.
    pub is_secret: bool,
    /// When it was recorded, in milliseconds.
    pub recorded_at: i64,
    /// How it stood.
    pub state: ReviewState,
    /// When a person first did something about it, in milliseconds.
    pub first_deed_at: Option<i64>,
    /// The reports made or approved about it: kind, with its stage after a slash where it has one,
    /// and time.
    pub reports: Vec<(String, UnixMillis)>,
}

/// The rows of `incident` that count: those of a period as of a head. A draft that was sent counts
/// as long as the record that says so lies after the head.
const COUNTED: &str = "i.recorded_at >= ? AND i.recorded_at < ? AND i.seq <= ? \
    AND (?4 IS NULL OR i.unit = ?4) \
    AND (i.is_continued = 0 OR NOT EXISTS (SELECT 1 FROM event AS e WHERE e.incident = i.id \
    AND e.what = 'continued' AND e.seq <= ?3))";

impl StoreReader {
    /// The last record that can change what a report says; number 0 for an empty store.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn head(&self, relevant: Relevant) -> Result<Mark, StoreError> {
        let notices = match relevant {
            Relevant::Decisions => "AND what NOT IN ('report_made', 'approved')",
            Relevant::NoticesAndTools => "",
        };
        let mut without_incident = vec![What::RequestsCounted.as_str()];
        if relevant == Relevant::NoticesAndTools {
            without_incident.extend(TOOLS.map(What::as_str));
        }
        let without_incident = without_incident.join("', '");
        let wanted = format!(
            "SELECT max(coalesce((SELECT max(seq) FROM incident), 0), \
             coalesce((SELECT max(seq) FROM event), 0), \
             coalesce((SELECT max(seq) FROM deed WHERE incident IS NOT NULL {notices}), 0), \
             coalesce((SELECT max(seq) FROM deed WHERE what IN ('{without_incident}')), 0)) AS seq"
        );
        let mut connection = self.borrow().await?;
        let row = sqlx::query(AssertSqlSafe(wanted))
            .fetch_one(connection.get())
            .await?;
        connection.give_back();
        let none = Mark {
            seq: 0,
            hash: Hash::ZERO,
            at: UnixMillis(0),
        };
        Ok(self.mark(number(&row, "seq")?).await?.unwrap_or(none))
    }

    /// A record's number, hash and time, if there is such a record.
    ///
    /// # Errors
    /// When the file cannot be read, or the record is damaged.
    pub async fn mark(&self, seq: u64) -> Result<Option<Mark>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT hash, recorded_at FROM chain WHERE seq = ?")
            .bind(stored(seq))
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        let Some(row) = row else {
            return Ok(None);
        };
        let hash = Hash::from_bytes(row.try_get("hash")?);
        Ok(Some(Mark {
            seq,
            hash: hash.ok_or(StoreError::Damaged { seq })?,
            at: UnixMillis(row.try_get("recorded_at")?),
        }))
    }

    /// The first and the last incident of a period.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn ends(&self, query: &PeriodQuery) -> Result<Option<(Mark, Mark)>, StoreError> {
        let wanted = format!("SELECT min(i.seq), max(i.seq) FROM incident AS i WHERE {COUNTED}");
        let mut connection = self.borrow().await?;
        let row = bound(&wanted, query).fetch_one(connection.get()).await?;
        connection.give_back();
        let first: Option<i64> = row.try_get(0)?;
        let last: Option<i64> = row.try_get(1)?;
        let marks = (self.mark_of(first).await?, self.mark_of(last).await?);
        Ok(marks.0.zip(marks.1))
    }

    async fn mark_of(&self, seq: Option<i64>) -> Result<Option<Mark>, StoreError> {
        match seq.and_then(|seq| u64::try_from(seq).ok()) {
            Some(seq) => self.mark(seq).await,
            None => Ok(None),
        }
    }

    /// The incidents of a period, those that are alike counted together.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn alike(
        &self,
        query: &PeriodQuery,
        mut each: impl FnMut(Alike),
    ) -> Result<(), StoreError> {
        let wanted = format!(
            "SELECT strftime('%Y-%m', (i.recorded_at + 25200000) / 1000, 'unixepoch') AS month, \
             coalesce(i.unit, '') AS unit, i.service, i.carries, i.action, i.severity, \
             i.outcome, i.categories, coalesce(i.uninspectable, '') AS uninspectable, \
             {}, count(*) AS count, sum(i.subjects) AS subjects \
             FROM incident AS i WHERE {COUNTED} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
            welfare_sql()
        );
        let mut connection = self.borrow().await?;
        let mut rows = bound(&wanted, query).fetch(connection.get());
        while let Some(row) = rows.try_next().await? {
            each(alike(&row)?);
        }
        drop(rows);
        connection.give_back();
        Ok(())
    }

    /// How often the incidents of a period were repeated in it, and how many requests went over a
    /// client's rate.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn repeats_in(&self, query: &PeriodQuery) -> Result<(u64, u64), StoreError> {
        let wanted = "SELECT coalesce(sum(CASE e.what WHEN 'repeats' THEN e.count END), 0) AS a, \
             coalesce(sum(CASE e.what WHEN 'over_rate' THEN e.count END), 0) AS b \
             FROM event AS e JOIN incident AS i ON i.id = e.incident \
             WHERE e.recorded_at >= ? AND e.recorded_at < ? AND e.seq <= ? \
             AND (?4 IS NULL OR i.unit = ?4) AND i.service <> 'self-test'";
        let mut connection = self.borrow().await?;
        let row = bound(wanted, query).fetch_one(connection.get()).await?;
        connection.give_back();
        Ok((number(&row, "a")?, number(&row, "b")?))
    }

    /// How often people did what in a period: the names of [`What`] and their counts. With a unit,
    /// only what was done about its incidents.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn deeds_in(&self, query: &PeriodQuery) -> Result<Vec<(String, u64)>, StoreError> {
        let wanted = "SELECT d.what, count(*) AS count FROM deed AS d \
             LEFT JOIN incident AS i ON i.id = d.incident \
             WHERE d.recorded_at >= ? AND d.recorded_at < ? AND d.seq <= ? \
             AND (?4 IS NULL OR i.unit = ?4) AND d.incident IS NOT NULL \
             GROUP BY d.what ORDER BY d.what";
        let mut connection = self.borrow().await?;
        let rows = bound(wanted, query).fetch_all(connection.get()).await?;
        connection.give_back();
        rows.iter()
            .map(|row| Ok((row.try_get("what")?, number(row, "count")?)))
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::from)
    }

    /// The codes of the state-secret incidents of a period, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn secret_codes(
        &self,
        query: &PeriodQuery,
        count_max: usize,
    ) -> Result<Vec<String>, StoreError> {
        let wanted = format!(
            "SELECT i.code FROM incident AS i WHERE {COUNTED} AND i.is_secret = 1 \
             ORDER BY i.seq LIMIT ?5"
        );
        let count_max = i64::try_from(count_max).unwrap_or(i64::MAX);
        let mut connection = self.borrow().await?;
        let rows = bound(&wanted, query)
            .bind(count_max)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let codes: Result<_, sqlx::Error> = rows.iter().map(|row| row.try_get("code")).collect();
        Ok(codes?)
    }

    /// The incidents of a period about which people did something, one by one.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed is damaged.
    pub async fn reviewed(
        &self,
        query: &PeriodQuery,
        mut each: impl FnMut(Reviewed),
    ) -> Result<(), StoreError> {
        let wanted = format!(
            "SELECT d.seq, c.body, i.id, i.code, coalesce(i.unit, '') AS unit, i.service, \
             i.outcome, i.categories, i.is_secret, i.recorded_at, {} \
             FROM deed AS d JOIN incident AS i ON i.id = d.incident \
             JOIN chain AS c ON c.seq = d.seq \
             WHERE {COUNTED} AND d.seq <= ?3 ORDER BY d.incident, d.seq",
            welfare_sql()
        );
        let mut connection = self.borrow().await?;
        let mut rows = bound(&wanted, query).fetch(connection.get());
        let mut open: Option<Reviewed> = None;
        while let Some(row) = rows.try_next().await? {
            let id: &str = row.try_get("id")?;
            if open.as_ref().is_none_or(|incident| incident.id != id) {
                let next = reviewed(&row)?;
                open.replace(next).into_iter().for_each(&mut each);
            }
            let deed = deed(&row)?;
            if let Some(incident) = &mut open {
                incident.take_in(&deed);
            }
        }
        drop(rows);
        connection.give_back();
        open.into_iter().for_each(each);
        Ok(())
    }
}

impl Reviewed {
    fn take_in(&mut self, deed: &DeedRecord) {
        self.state.apply(deed);
        match What::parse(&deed.what) {
            Some(What::ReportMade | What::Approved) => {
                let kind = deed.fact(REPORT_KIND).unwrap_or_default();
                let kind = match deed.fact(REPORT_STAGE) {
                    Some(stage) => format!("{kind}/{stage}"),
                    None => kind.to_owned(),
                };
                self.reports.push((kind, deed.recorded_at));
            }
            // Looking is not yet doing something about it.
            Some(What::SecretSeen) => {}
            Some(_) | None => {
                self.first_deed_at.get_or_insert(deed.recorded_at.0);
            }
        }
    }
}

type Bound<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A question about a period: since, until, head, unit.
fn bound<'q>(wanted: &str, query: &PeriodQuery) -> Bound<'q> {
    sqlx::query(AssertSqlSafe(wanted.to_owned()))
        .bind(query.since.0)
        .bind(query.until.0)
        .bind(stored(query.head))
        .bind(query.unit.clone())
}

fn alike(row: &SqliteRow) -> Result<Alike, sqlx::Error> {
    Ok(Alike {
        month: row.try_get("month")?,
        unit: row.try_get("unit")?,
        service: row.try_get("service")?,
        carries: row.try_get("carries")?,
        action: row.try_get("action")?,
        severity: row.try_get("severity")?,
        outcome: row.try_get("outcome")?,
        categories: row.try_get("categories")?,
        uninspectable: row.try_get("uninspectable")?,
        welfare: welfare(row)?,
        count: number(row, "count")?,
        subjects: number(row, "subjects")?,
    })
}

fn reviewed(row: &SqliteRow) -> Result<Reviewed, sqlx::Error> {
    Ok(Reviewed {
        id: row.try_get("id")?,
        code: row.try_get("code")?,
        unit: row.try_get("unit")?,
        service: row.try_get("service")?,
        outcome: row.try_get("outcome")?,
        categories: row.try_get("categories")?,
        welfare: welfare(row)?,
        is_secret: row.try_get::<i64, _>("is_secret")? != 0,
        recorded_at: row.try_get("recorded_at")?,
        ..Reviewed::default()
    })
}

fn deed(row: &SqliteRow) -> Result<DeedRecord, StoreError> {
    let seq = number(row, "seq")?;
    let body: Option<&[u8]> = row.try_get("body")?;
    DeedRecord::from_canonical(body.unwrap_or_default()).map_err(|_| StoreError::Damaged { seq })
}
