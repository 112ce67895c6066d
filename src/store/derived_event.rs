//! Which rows follow from an event and from a deed, and what do they change about an incident?

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use super::deed::DeedRecord;
use super::derived::{number, read_state, stored, write_state};
use super::event::{CONTINUED, EventRecord};
use super::totals;

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
}

/// Puts in what follows from an event. A draft that was sent is counted no more.
pub(super) async fn put_event(
    seq: u64,
    record: &EventRecord,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    let row = EventRow::of(record);
    sqlx::query(
        "INSERT INTO event (seq, incident, what, count, recorded_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(stored(seq))
    .bind(&row.incident)
    .bind(row.what)
    .bind(row.count)
    .bind(row.recorded_at)
    .execute(&mut *connection)
    .await?;
    if record.what != CONTINUED {
        return Ok(());
    }
    let keys = totals::keys_on_disk(&record.incident, connection).await?;
    totals::take_away(&keys, connection).await?;
    sqlx::query("UPDATE incident SET is_continued = 1 WHERE id = ?")
        .bind(row.incident)
        .execute(connection)
        .await?;
    Ok(())
}

/// The row of `deed` that follows from a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DeedRow {
    texts: [String; 3],
    incident: Option<String>,
    subject: Option<String>,
    recorded_at: i64,
}

impl DeedRow {
    /// What the row of a record must be.
    pub(super) fn of(record: &DeedRecord) -> Self {
        let actor = &record.actor;
        Self {
            texts: [actor.name.clone(), actor.role.clone(), record.what.clone()],
            incident: record.incident.clone(),
            subject: record.subject.clone(),
            recorded_at: record.recorded_at.0,
        }
    }

    /// What the row is, from a query over `deed`.
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            texts: [
                row.try_get("actor")?,
                row.try_get("role")?,
                row.try_get("what")?,
            ],
            incident: row.try_get("incident")?,
            subject: row.try_get("subject")?,
            recorded_at: row.try_get("recorded_at")?,
        })
    }
}

/// Puts in what follows from a deed: its row, and how its incident stands now.
pub(super) async fn put_deed(
    seq: u64,
    record: &DeedRecord,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    let row = DeedRow::of(record);
    let mut insert = sqlx::query(
        "INSERT INTO deed (seq, recorded_at, incident, subject, actor, role, what) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(stored(seq))
    .bind(row.recorded_at)
    .bind(row.incident)
    .bind(row.subject);
    for text in row.texts {
        insert = insert.bind(text);
    }
    insert.execute(&mut *connection).await?;
    let Some(id) = &record.incident else {
        return Ok(());
    };
    let stands = sqlx::query("SELECT * FROM incident WHERE id = ?")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(stands) = stands else {
        return Ok(());
    };
    let mut state = read_state(&stands)?;
    if state.apply(record) {
        write_state(id, &state, connection).await?;
    }
    Ok(())
}

/// The number of a row, with what was read of it.
pub(super) fn numbered<T>(
    row: &SqliteRow,
    read: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
) -> Result<(u64, Option<T>), sqlx::Error> {
    Ok((number(row, "seq")?, read(row).ok()))
}
