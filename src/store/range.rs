//! Between which numbers of the chain does a time lie?
//!
//! Numbers grow with time, so a time is looked for once, along its index, and everything else goes
//! by number: what lies long ago costs no more than what is new. A clock that was set back shows
//! its records among their neighbours, so that of two spans of time side by side each record is in
//! exactly one.

use sqlx::SqliteConnection;

use crate::model::exchange::UnixMillis;

use super::derived::number;
use super::error::StoreError;

/// From which number (included) to which (not included) is looked.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) floor: u64,
    pub(super) ceiling: u64,
}

impl Range {
    /// The numbers of the incidents recorded at `since` or later and before `until`.
    pub(super) async fn between(
        since: Option<UnixMillis>,
        until: Option<UnixMillis>,
        connection: &mut SqliteConnection,
    ) -> Result<Self, StoreError> {
        let floor = match since {
            Some(since) => first_at(since, connection).await?,
            None => 0,
        };
        let ceiling = match until {
            Some(until) => first_at(until, connection).await?,
            None => u64::MAX,
        };
        Ok(Self { floor, ceiling })
    }

    /// What of it lies before a number.
    pub(super) fn before(self, seq: Option<u64>) -> Self {
        Self {
            ceiling: self.ceiling.min(seq.unwrap_or(u64::MAX)),
            ..self
        }
    }
}

/// The number of the first incident at a time or later; beyond all where there is none.
async fn first_at(time: UnixMillis, connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "SELECT seq FROM incident WHERE recorded_at >= ? ORDER BY recorded_at, seq LIMIT 1",
    )
    .bind(time.0)
    .fetch_optional(connection)
    .await?;
    Ok(row.map_or(Ok(u64::MAX), |row| number(&row, "seq"))?)
}
