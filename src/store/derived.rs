//! Which rows follow from an incident? Those of the tables for lists, recomputable at any time.
//!
//! `incident` has one row per incident: what was recorded, and how it stands now. `finding` has one
//! row per category and value, so that incidents about the same value are found. A state secret has
//! one, with the keyed digest of its content.

use std::collections::BTreeSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::category::Category;
use crate::model::exchange::UnixMillis;
use crate::model::review::ReviewStatus;

use super::record::IncidentRecord;
use super::review::ReviewState;
use super::totals;

/// The columns of `incident` that are texts, in the order of [`IncidentRow`].
const TEXTS: &str = "id, code, client, service, endpoint, carries, action, policy_rule, severity, \
                     outcome, categories";

/// What of a row of `incident` follows from the record alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IncidentRow {
    texts: [String; 11],
    unit: Option<String>,
    uninspectable: Option<String>,
    recorded_at: i64,
    day: i64,
    subjects: i64,
    is_secret: i64,
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
                record.endpoint.clone(),
                record.carries.clone(),
                record.action.clone(),
                record.policy_rule.clone(),
                record.severity.clone(),
                record.outcome.clone(),
                record.categories().join(" "),
            ],
            unit: record.unit.clone(),
            uninspectable: record.uninspectable.clone(),
            recorded_at: record.recorded_at.0,
            day: totals::day_of(record.recorded_at),
            subjects: stored(record.subjects),
            is_secret: i64::from(record.secret.is_some()),
        }
    }

    /// What the row is, from a query over `incident`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let mut texts: [String; 11] = Default::default();
        for (text, column) in texts.iter_mut().zip(TEXTS.split(", ")) {
            *text = row.try_get(column)?;
        }
        Ok(Self {
            texts,
            unit: row.try_get("unit")?,
            uninspectable: row.try_get("uninspectable")?,
            recorded_at: row.try_get("recorded_at")?,
            day: row.try_get("day")?,
            subjects: row.try_get("subjects")?,
            is_secret: row.try_get("is_secret")?,
        })
    }

    async fn insert(self, seq: u64, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let outcome = self.texts.get(9).cloned().unwrap_or_default();
        let mut insert = sqlx::query(
            "INSERT INTO incident (seq, unit, uninspectable, recorded_at, day, subjects, \
             is_secret, status, outcome_now, is_continued, id, code, client, service, endpoint, \
             carries, action, policy_rule, severity, outcome, categories) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stored(seq))
        .bind(self.unit)
        .bind(self.uninspectable)
        .bind(self.recorded_at)
        .bind(self.day)
        .bind(self.subjects)
        .bind(self.is_secret)
        .bind(ReviewStatus::New.as_str())
        .bind(outcome);
        for text in self.texts {
            insert = insert.bind(text);
        }
        insert.execute(connection).await?;
        Ok(())
    }
}

/// The rows of `finding` of one incident: category, fingerprint, rule.
pub(super) type FindingRows = BTreeSet<(String, String, String)>;

/// What the rows of a record must be.
pub(super) fn finding_rows(record: &IncidentRecord) -> FindingRows {
    let findings = record.findings.iter().map(|finding| {
        (
            finding.category.clone(),
            finding.fingerprint.0.clone(),
            finding.rule.clone(),
        )
    });
    let secret = record.secret.iter().map(|secret| {
        (
            Category::StateSecret.as_str().to_owned(),
            secret.digest.0.clone(),
            secret.rule.clone(),
        )
    });
    findings.chain(secret).collect()
}

/// A row of `finding`, with the incident's number.
pub(super) fn read_finding(
    row: &SqliteRow,
) -> Result<(u64, (String, String, String)), sqlx::Error> {
    let texts = (
        row.try_get("category")?,
        row.try_get("fingerprint")?,
        row.try_get("rule")?,
    );
    Ok((number(row, "seq")?, texts))
}

/// Puts in all rows that follow from an incident.
pub(super) async fn put_incident(
    seq: u64,
    record: &IncidentRecord,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    IncidentRow::of(record).insert(seq, connection).await?;
    for (category, fingerprint, rule) in finding_rows(record) {
        sqlx::query("INSERT INTO finding (seq, category, fingerprint, rule) VALUES (?, ?, ?, ?)")
            .bind(stored(seq))
            .bind(category)
            .bind(fingerprint)
            .bind(rule)
            .execute(&mut *connection)
            .await?;
    }
    totals::add(&totals::keys(record), connection).await
}

/// How an incident stands, from a query over `incident`. Outcome and status are always there.
pub(super) fn read_state(row: &SqliteRow) -> Result<ReviewState, sqlx::Error> {
    let detected: Option<i64> = row.try_get("detected_at")?;
    let confirmed: Option<i64> = row.try_get("confirmed_at")?;
    Ok(ReviewState {
        status: Some(row.try_get("status")?),
        assignee: row.try_get("assignee")?,
        outcome: Some(row.try_get("outcome_now")?),
        detected_at: detected.map(UnixMillis),
        confirmed_at: confirmed.map(UnixMillis),
    })
}

/// Writes how an incident stands.
pub(super) async fn write_state(
    id: &str,
    state: &ReviewState,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE incident SET status = coalesce(?, status), assignee = ?, \
         outcome_now = coalesce(?, outcome_now), detected_at = ?, confirmed_at = ? WHERE id = ?",
    )
    .bind(state.status.as_deref())
    .bind(state.assignee.as_deref())
    .bind(state.outcome.as_deref())
    .bind(state.detected_at.map(|time| time.0))
    .bind(state.confirmed_at.map(|time| time.0))
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
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
