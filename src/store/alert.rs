//! What is still to be told elsewhere? A queue that outlives a restart.
//!
//! An alert is queued for one channel, tried, tried again later, and at last given up. The cursor
//! of a channel is the number of the last incident that was looked at for it. Bodies hold what may
//! leave: ids, codes, categories and counts; of a state secret its level alone.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;

use super::chain::Kind;
use super::deed::{DeedRecord, What};
use super::derived::{number, stored};
use super::error::StoreError;
use super::reader::{StoreReader, incident};
use super::record::Incident;

/// How many alerts a page shows.
const SHOWN_MAX: i64 = 100;

/// How far an alert has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// It waits for its time.
    Waiting,
    /// It arrived.
    Sent,
    /// It was tried for too long.
    GivenUp,
}

impl AlertState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sent, Self::GivenUp];

    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "đang chờ gửi",
            Self::Sent => "đã gửi",
            Self::GivenUp => "không gửi được",
        }
    }
}

/// An alert of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// The channel's name.
    pub channel: String,
    /// What is told, as JSON.
    pub body: String,
    /// When it was queued.
    pub made_at: UnixMillis,
    /// When it is tried next.
    pub due_at: Option<UnixMillis>,
    /// How often it was tried.
    pub attempts: u32,
    /// How far it has come.
    pub state: AlertState,
    /// Why the last attempt failed.
    pub fault: Option<String>,
}

/// A change of the queue.
#[derive(Clone, Debug)]
pub enum AlertChange {
    /// Bodies for a channel, and up to which record the chain was looked at.
    Queue {
        /// The channel's name.
        channel: String,
        /// The last record that was looked at, where incidents were.
        looked_at: Option<u64>,
        /// What is to be told.
        bodies: Vec<String>,
        /// When.
        at: UnixMillis,
    },
    /// It arrived.
    Sent(i64),
    /// It did not; it is tried again then.
    Failed(i64, UnixMillis, String),
    /// It did not, and is tried no more.
    GivenUp(i64, String),
    /// Alerts that are done and were queued before this time are forgotten.
    Forget(UnixMillis),
}

/// Makes a change. Gives whether it could be made, as a count.
pub(super) async fn apply(
    change: &AlertChange,
    connection: &mut SqliteConnection,
) -> Result<u64, sqlx::Error> {
    match change {
        AlertChange::Queue {
            channel,
            looked_at,
            bodies,
            at,
        } => {
            for body in bodies {
                sqlx::query(
                    "INSERT INTO alert (channel, body, made_at, due_at, attempts, state) \
                     VALUES (?, ?, ?, ?, 0, 'waiting')",
                )
                .bind(channel)
                .bind(body)
                .bind(at.0)
                .bind(at.0)
                .execute(&mut *connection)
                .await?;
            }
            if let Some(seq) = looked_at {
                sqlx::query(
                    "INSERT INTO alert_cursor (channel, seq) VALUES (?, ?) \
                     ON CONFLICT (channel) DO UPDATE SET seq = excluded.seq",
                )
                .bind(channel)
                .bind(stored(*seq))
                .execute(connection)
                .await?;
            }
        }
        AlertChange::Sent(id) => settle(*id, AlertState::Sent, None, None, connection).await?,
        AlertChange::Failed(id, due, fault) => {
            let due = Some(due.0);
            settle(*id, AlertState::Waiting, due, Some(fault), connection).await?;
        }
        AlertChange::GivenUp(id, fault) => {
            settle(*id, AlertState::GivenUp, None, Some(fault), connection).await?;
        }
        AlertChange::Forget(before) => {
            sqlx::query("DELETE FROM alert WHERE state <> 'waiting' AND made_at < ?")
                .bind(before.0)
                .execute(connection)
                .await?;
        }
    }
    Ok(1)
}

async fn settle(
    id: i64,
    state: AlertState,
    due_at: Option<i64>,
    fault: Option<&str>,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE alert SET state = ?, due_at = ?, fault = ?, attempts = attempts + 1 WHERE id = ?",
    )
    .bind(state.as_str())
    .bind(due_at)
    .bind(fault)
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

impl StoreReader {
    /// The alerts whose time has come, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn due_alerts(&self, now: UnixMillis, limit: u32) -> Result<Vec<Alert>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query("SELECT * FROM alert WHERE due_at <= ? ORDER BY due_at LIMIT ?")
            .bind(now.0)
            .bind(limit)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let alerts: Result<_, sqlx::Error> = rows.iter().map(alert).collect();
        Ok(alerts?)
    }

    /// The newest alerts, whatever became of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn alerts(&self) -> Result<Vec<Alert>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query("SELECT * FROM alert ORDER BY id DESC LIMIT ?")
            .bind(SHOWN_MAX)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let alerts: Result<_, sqlx::Error> = rows.iter().map(alert).collect();
        Ok(alerts?)
    }

    /// Up to which record the chain was looked at for a channel.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn alert_cursor(&self, channel: &str) -> Result<Option<u64>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT seq FROM alert_cursor WHERE channel = ?")
            .bind(channel)
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        Ok(row.as_ref().map(|row| number(row, "seq")).transpose()?)
    }
}

/// What was recorded after a place in the chain.
#[derive(Clone, Debug)]
pub struct News {
    /// The incidents, in the order of the chain.
    pub incidents: Vec<Incident>,
    /// The reports of clerks.
    pub reports: Vec<DeedRecord>,
    /// The last of them, where there may be more.
    pub until: Option<u64>,
}

impl StoreReader {
    /// The incidents and clerks' reports after a record, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read, or a record among them is damaged.
    pub async fn news_after(&self, seq: u64, limit: u32) -> Result<News, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query(
            "SELECT chain.seq, chain.kind, chain.body, chain.prev, chain.hash FROM chain \
             LEFT JOIN incident ON incident.seq = chain.seq \
             LEFT JOIN deed ON deed.seq = chain.seq \
             WHERE chain.seq > ? AND chain.body IS NOT NULL \
             AND (incident.is_continued = 0 OR deed.what = ?) ORDER BY chain.seq LIMIT ?",
        )
        .bind(stored(seq))
        .bind(What::TroubleReported.as_str())
        .bind(limit)
        .fetch_all(connection.get())
        .await?;
        connection.give_back();
        let mut news = News {
            incidents: Vec::new(),
            reports: Vec::new(),
            until: None,
        };
        for row in &rows {
            let at = number(row, "seq")?;
            if rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
                news.until = Some(at);
            }
            if row.try_get::<&str, _>("kind")? == Kind::Incident.as_str() {
                news.incidents.push(incident(row)?);
                continue;
            }
            let record = DeedRecord::from_canonical(row.try_get("body")?);
            news.reports
                .push(record.map_err(|_| StoreError::Damaged { seq: at })?);
        }
        Ok(news)
    }

    /// Whether there are alerts that are done and were queued before this time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn has_old_alerts(&self, before: UnixMillis) -> Result<bool, StoreError> {
        let mut connection = self.borrow().await?;
        let row =
            sqlx::query("SELECT 1 FROM alert WHERE state <> 'waiting' AND made_at < ? LIMIT 1")
                .bind(before.0)
                .fetch_optional(connection.get())
                .await?;
        connection.give_back();
        Ok(row.is_some())
    }
}

fn alert(row: &SqliteRow) -> Result<Alert, sqlx::Error> {
    let state: String = row.try_get("state")?;
    let state = AlertState::ALL.into_iter().find(|s| s.as_str() == state);
    Ok(Alert {
        id: row.try_get("id")?,
        channel: row.try_get("channel")?,
        body: row.try_get("body")?,
        made_at: UnixMillis(row.try_get("made_at")?),
        due_at: row.try_get::<Option<i64>, _>("due_at")?.map(UnixMillis),
        attempts: u32::try_from(number(row, "attempts")?).unwrap_or(u32::MAX),
        state: state.unwrap_or(AlertState::GivenUp),
        fault: row.try_get("fault")?,
    })
}
