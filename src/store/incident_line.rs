//! What does a list show of an incident? What was recorded of it, and how it stands.

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::exchange::UnixMillis;

use super::derived::number;

/// An incident in a list: what was recorded, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentLine {
    /// Its place in the chain.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    /// The workstation.
    pub client: String,
    /// Its unit.
    pub unit: Option<String>,
    /// The service's id.
    pub service: String,
    /// What the request carried.
    pub carries: String,
    /// What was done.
    pub action: String,
    /// The gravest severity.
    pub severity: String,
    /// How many people it told about.
    pub subjects: u64,
    /// The categories found.
    pub categories: Vec<String>,
    /// Why something could not be inspected.
    pub uninspectable: Option<String>,
    /// Whether it is a state secret.
    pub is_secret: bool,
    /// How far the review has come.
    pub status: String,
    /// Who is on it.
    pub assignee: Option<String>,
    /// The outcome as it stands now.
    pub outcome: String,
    /// When what went out was detected.
    pub detected_at: Option<UnixMillis>,
}

/// The columns of `incident` that a line is made of, in a query that calls it `it`: each one that is
/// not asked for saves a copy.
pub(super) const COLUMNS: &str = "it.seq, it.id, it.code, it.recorded_at, it.client, it.unit, \
    it.service, it.carries, it.action, it.severity, it.subjects, it.categories, it.uninspectable, \
    it.is_secret, it.status, it.assignee, it.outcome_now, it.detected_at";

/// Reads a row with these columns.
pub(super) fn read_line(row: &SqliteRow) -> Result<IncidentLine, sqlx::Error> {
    let categories: String = row.try_get("categories")?;
    let recorded: i64 = row.try_get("recorded_at")?;
    let detected: Option<i64> = row.try_get("detected_at")?;
    Ok(IncidentLine {
        seq: number(row, "seq")?,
        id: row.try_get("id")?,
        code: row.try_get("code")?,
        recorded_at: UnixMillis(recorded),
        client: row.try_get("client")?,
        unit: row.try_get("unit")?,
        service: row.try_get("service")?,
        carries: row.try_get("carries")?,
        action: row.try_get("action")?,
        severity: row.try_get("severity")?,
        subjects: number(row, "subjects")?,
        categories: categories.split_whitespace().map(str::to_owned).collect(),
        uninspectable: row.try_get("uninspectable")?,
        is_secret: row.try_get::<i64, _>("is_secret")? != 0,
        status: row.try_get("status")?,
        assignee: row.try_get("assignee")?,
        outcome: row.try_get("outcome_now")?,
        detected_at: detected.map(UnixMillis),
    })
}
