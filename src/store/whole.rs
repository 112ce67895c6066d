//! All that is known of one incident, in one question, and what it is related to, in another.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::model::exchange::UnixMillis;

use super::derived::{number, read_state, stored};
use super::error::StoreError;
use super::incident_filter::Narrow;
use super::incident_line::{COLUMNS, IncidentLine, read_line};
use super::reader::{StoreReader, incident};
use super::record::Incident;
use super::review::ReviewState;

/// An incident, and what was added to it since.
#[derive(Clone, Debug)]
pub struct WholeIncident {
    /// What was recorded.
    pub incident: Incident,
    /// How it stands.
    pub state: ReviewState,
    /// How often it was repeated, as far as counted on disk.
    pub repeats: u64,
    /// Until when its sealed text is kept, if one is.
    pub sealed_until: Option<UnixMillis>,
}

/// Other incidents that have something in common.
#[derive(Clone, Debug)]
pub struct InCommon {
    /// What.
    pub by: Narrow,
    /// Its value.
    pub value: String,
    /// Only those with a smaller number than this.
    pub before_seq: Option<u64>,
}

impl StoreReader {
    /// All about the incident of an id or a code (capitals or not), if there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or the record is damaged.
    pub async fn whole(&self, id_or_code: &str) -> Result<Option<WholeIncident>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query(
            "SELECT incident.*, chain.body, chain.prev, chain.hash, \
             (SELECT coalesce(sum(event.count), 0) FROM event \
              WHERE event.incident = incident.id AND event.what <> 'continued') AS repeats, \
             (SELECT ends_at FROM evidence WHERE evidence.incident = incident.id) AS sealed_until \
             FROM incident JOIN chain ON chain.seq = incident.seq \
             WHERE incident.id = ? OR incident.code = ?",
        )
        .bind(id_or_code.to_ascii_lowercase())
        .bind(id_or_code.to_ascii_uppercase())
        .fetch_optional(connection.get())
        .await?;
        connection.give_back();
        row.as_ref().map(whole).transpose()
    }

    /// The newest incidents that have each of these in common, so many of each: a list for each.
    /// State secrets are not among them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn in_common(
        &self,
        wanted: &[InCommon],
        limit: u32,
    ) -> Result<Vec<Vec<IncidentLine>>, StoreError> {
        let mut lists = vec![Vec::new(); wanted.len()];
        if wanted.is_empty() {
            return Ok(lists);
        }
        let each: Vec<String> = wanted.iter().enumerate().map(with_place).collect();
        let mut query = sqlx::query(AssertSqlSafe(each.join(" UNION ALL ")));
        for one in wanted {
            query = query
                .bind(&one.value)
                .bind(one.before_seq.map_or(i64::MAX, stored))
                .bind(limit);
        }
        let mut connection = self.borrow().await?;
        let rows = query.fetch_all(connection.get()).await?;
        connection.give_back();
        for row in &rows {
            let place = usize::try_from(number(row, "place")?).unwrap_or(usize::MAX);
            if let Some(list) = lists.get_mut(place) {
                list.push(read_line(row)?);
            }
        }
        Ok(lists)
    }
}

/// The question for one of several lists, which are told apart by their place. An incident with
/// several findings of one value is one.
fn with_place((place, one): (usize, &InCommon)) -> String {
    let (table, _) = one.by.index();
    let column = one.by.column();
    format!(
        "SELECT * FROM (SELECT DISTINCT {place} AS place, {COLUMNS} FROM {table} AS near \
         CROSS JOIN incident AS it ON it.seq = near.seq WHERE near.{column} = ? AND near.seq < ? \
         AND it.is_continued = 0 AND it.is_secret = 0 ORDER BY near.seq DESC LIMIT ?)"
    )
}

fn whole(row: &SqliteRow) -> Result<WholeIncident, StoreError> {
    let sealed_until: Option<i64> = row.try_get("sealed_until")?;
    Ok(WholeIncident {
        incident: incident(row)?,
        state: read_state(row)?,
        repeats: number(row, "repeats")?,
        sealed_until: sealed_until.map(UnixMillis),
    })
}
