//! How many incidents were there each day? Totals by service, unit and so on, kept up to date.
//!
//! `total` is derived twice: from `incident` and `finding`, which are derived from the chain. It is
//! what the overview reads instead of a million rows. A draft that was sent is not counted; state
//! secrets are counted apart, for those who may see them.
//!
//! A day is one of Việt Nam, numbered from 1970-01-01.

use std::collections::BTreeSet;

use sqlx::{Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;

use super::record::IncidentRecord;

/// Milliseconds of a day.
const DAY_MILLIS: i64 = 24 * 3600 * 1000;
/// Việt Nam is seven hours ahead, all year.
const OFFSET_MILLIS: i64 = 7 * 3600 * 1000;

/// What incidents are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// All of them together; the name is empty.
    All,
    /// The service's id.
    Service,
    /// The unit; empty where none is known.
    Unit,
    /// The category of a finding; an incident counts once for each.
    Category,
    /// The severity.
    Severity,
    /// Why something could not be inspected.
    Uninspectable,
}

impl Dimension {
    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Service => "service",
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Severity => "severity",
            Self::Uninspectable => "uninspectable",
        }
    }
}

/// The day of a time, in Việt Nam, numbered from 1970-01-01.
pub const fn day_of(time: UnixMillis) -> i64 {
    time.0.saturating_add(OFFSET_MILLIS).div_euclid(DAY_MILLIS)
}

/// When a day begins.
pub const fn start_of_day(day: i64) -> UnixMillis {
    UnixMillis(day.saturating_mul(DAY_MILLIS).saturating_sub(OFFSET_MILLIS))
}

/// Where one incident is counted.
#[derive(Debug)]
pub(super) struct TotalKeys {
    day: i64,
    action: String,
    is_secret: i64,
    names: Vec<(Dimension, String)>,
}

/// Where a record is counted.
pub(super) fn keys(record: &IncidentRecord) -> TotalKeys {
    let categories: BTreeSet<&str> = record.categories().into_iter().collect();
    let mut names = vec![
        (Dimension::All, String::new()),
        (Dimension::Service, record.service.clone()),
        (Dimension::Unit, record.unit.clone().unwrap_or_default()),
        (Dimension::Severity, record.severity.clone()),
    ];
    let reasons = record.uninspectable.iter().cloned();
    names.extend(reasons.map(|reason| (Dimension::Uninspectable, reason)));
    let categories = categories.into_iter().map(str::to_owned);
    names.extend(categories.map(|category| (Dimension::Category, category)));
    TotalKeys {
        day: day_of(record.recorded_at),
        action: record.action.clone(),
        is_secret: i64::from(record.secret.is_some()),
        names,
    }
}

/// Where an incident of the table is counted; nowhere if it is not there or counted no more.
pub(super) async fn keys_on_disk(
    id: &str,
    connection: &mut SqliteConnection,
) -> Result<TotalKeys, sqlx::Error> {
    let row = sqlx::query("SELECT * FROM incident WHERE id = ? AND is_continued = 0")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else {
        return Ok(TotalKeys {
            day: 0,
            action: String::new(),
            is_secret: 0,
            names: Vec::new(),
        });
    };
    let unit: Option<String> = row.try_get("unit")?;
    let reason: Option<String> = row.try_get("uninspectable")?;
    let categories: String = row.try_get("categories")?;
    let mut names = vec![
        (Dimension::All, String::new()),
        (Dimension::Service, row.try_get("service")?),
        (Dimension::Unit, unit.unwrap_or_default()),
        (Dimension::Severity, row.try_get("severity")?),
    ];
    names.extend(reason.map(|reason| (Dimension::Uninspectable, reason)));
    let categories = categories.split_whitespace().map(str::to_owned);
    names.extend(categories.map(|category| (Dimension::Category, category)));
    Ok(TotalKeys {
        day: row.try_get("day")?,
        action: row.try_get("action")?,
        is_secret: row.try_get("is_secret")?,
        names,
    })
}

/// Counts an incident.
pub(super) async fn add(
    keys: &TotalKeys,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    const ADD: &str = "INSERT INTO total (day, dimension, name, action, is_secret, count) \
                       VALUES (?, ?, ?, ?, ?, 1) \
                       ON CONFLICT (day, dimension, name, action, is_secret) \
                       DO UPDATE SET count = total.count + 1";
    each(keys, ADD, connection).await
}

/// Takes an incident out of the counts.
pub(super) async fn take_away(
    keys: &TotalKeys,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    const TAKE: &str = "UPDATE total SET count = count - 1 WHERE day = ? AND dimension = ? \
                        AND name = ? AND action = ? AND is_secret = ?";
    each(keys, TAKE, connection).await?;
    sqlx::query("DELETE FROM total WHERE day = ? AND count <= 0")
        .bind(keys.day)
        .execute(connection)
        .await?;
    Ok(())
}

async fn each(
    keys: &TotalKeys,
    statement: &'static str,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    for (dimension, name) in &keys.names {
        sqlx::query(statement)
            .bind(keys.day)
            .bind(dimension.as_str())
            .bind(name)
            .bind(&keys.action)
            .bind(keys.is_secret)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Whether the totals are those of the incidents in the table.
pub(super) async fn hold(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    const COUNTED: &str = "\
        SELECT day, 'all' AS dimension, '' AS name, action, is_secret, count(*) AS count \
        FROM incident WHERE is_continued = 0 GROUP BY day, action, is_secret \
        UNION ALL SELECT day, 'service', service, action, is_secret, count(*) \
        FROM incident WHERE is_continued = 0 GROUP BY day, service, action, is_secret \
        UNION ALL SELECT day, 'unit', coalesce(unit, ''), action, is_secret, count(*) \
        FROM incident WHERE is_continued = 0 GROUP BY day, coalesce(unit, ''), action, is_secret \
        UNION ALL SELECT day, 'severity', severity, action, is_secret, count(*) \
        FROM incident WHERE is_continued = 0 GROUP BY day, severity, action, is_secret \
        UNION ALL SELECT day, 'uninspectable', uninspectable, action, is_secret, count(*) \
        FROM incident WHERE is_continued = 0 AND uninspectable IS NOT NULL \
        GROUP BY day, uninspectable, action, is_secret \
        UNION ALL SELECT day, 'category', category, action, is_secret, \
        count(DISTINCT incident.seq) \
        FROM incident JOIN finding ON finding.seq = incident.seq WHERE is_continued = 0 \
        GROUP BY day, category, action, is_secret";
    const KEPT: &str = "SELECT day, dimension, name, action, is_secret, count FROM total";
    for (these, those) in [(COUNTED, KEPT), (KEPT, COUNTED)] {
        let differing =
            format!("SELECT * FROM ({these}) AS a EXCEPT SELECT * FROM ({those}) AS b LIMIT 1");
        let row = sqlx::query(sqlx::AssertSqlSafe(differing))
            .fetch_optional(&mut *connection)
            .await?;
        if row.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
