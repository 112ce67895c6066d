//! Which rows follow from a record? Those of the tables for lists, recomputable at any time.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::event::EventRecord;
use super::record::IncidentRecord;

/// The row of `incident` that follows from a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IncidentRow {
    texts: [String; 10],
    unit: Option<String>,
    recorded_at: i64,
    subjects: i64,
}

impl IncidentRow {
    /// What the row of a record must be.
    pub(super) fn of(record: &IncidentRecord) -> Self {
        Self {
            texts: [
                record.id.clone(),
                record.code.clone(),
                record.client_address.clone(),
                record.service.clone(),
                record.carries.clone(),
                record.action.clone(),
                record.policy_rule.clone(),
                record.severity.clone(),
                record.outcome.clone(),
                record.categories().join(" "),
            ],
            unit: record.unit.clone(),
            recorded_at: record.recorded_at.0,
            subjects: stored(record.subjects),
        }
    }

    /// What the row is, from a query over `incident`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            texts: [
                row.try_get("id")?,
                row.try_get("code")?,
                row.try_get("client")?,
                row.try_get("service")?,
                row.try_get("carries")?,
                row.try_get("action")?,
                row.try_get("policy_rule")?,
                row.try_get("severity")?,
                row.try_get("outcome")?,
                row.try_get("categories")?,
            ],
            unit: row.try_get("unit")?,
            recorded_at: row.try_get("recorded_at")?,
            subjects: row.try_get("subjects")?,
        })
    }

    /// Puts the row in.
    pub(super) async fn insert(
        self,
        seq: u64,
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        let mut insert = sqlx::query(
            "INSERT INTO incident (seq, unit, recorded_at, subjects, id, code, client, service, \
             carries, action, policy_rule, severity, outcome, categories) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stored(seq))
        .bind(self.unit)
        .bind(self.recorded_at)
        .bind(self.subjects);
        for text in self.texts {
            insert = insert.bind(text);
        }
        insert.execute(connection).await?;
        Ok(())
    }
}

/// The row of `event` that follows from a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EventRow {
    incident: String,
    what: String,
    count: i64,
    recorded_at: i64,
}

impl EventRow {
    /// What the row of a record must be.
    pub(super) fn of(record: &EventRecord) -> Self {
        Self {
            incident: record.incident.clone(),
            what: record.what.clone(),
            count: stored(record.count),
            recorded_at: record.recorded_at.0,
        }
    }

    /// What the row is, from a query over `event`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            incident: row.try_get("incident")?,
            what: row.try_get("what")?,
            count: row.try_get("count")?,
            recorded_at: row.try_get("recorded_at")?,
        })
    }

    /// Puts the row in.
    pub(super) async fn insert(
        self,
        seq: u64,
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO event (seq, incident, what, count, recorded_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(stored(seq))
        .bind(self.incident)
        .bind(self.what)
        .bind(self.count)
        .bind(self.recorded_at)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// A number as SQLite keeps it. No count of ours comes near its end.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that is never negative.
pub(super) fn number(row: &SqliteRow, column: &'static str) -> Result<u64, sqlx::Error> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|error| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(error),
    })
}
