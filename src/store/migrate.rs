//! How does a store of an older program become one of this? Its derived tables are made anew.
//!
//! The chain is never touched: what follows from it is dropped and derived again, in one
//! transaction, so that a power cut leaves the old store. What the back office keeps of its own
//! stays. Records that cannot be read are left to `verify`, which names them.

use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use super::chain::Kind;
use super::deed::DeedRecord;
use super::derived::{number, put_incident, stored};
use super::derived_event::{put_deed, put_event};
use super::error::StoreError;
use super::event::EventRecord;
use super::record::IncidentRecord;
use super::schema::FORMAT;
use super::tables::{DERIVED, DERIVED_TABLES, OFFICE};

/// How many records are held in memory at a time.
const PAGE_RECORDS: i64 = 1000;

/// Makes the derived tables of this format, and the back office's where there are none.
pub(super) async fn bring_up_to_date(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    tracing::info!("the incident store is brought up to date; this may take a minute");
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for table in DERIVED_TABLES {
        let drop_it = format!("DROP TABLE IF EXISTS {table}");
        sqlx::query(AssertSqlSafe(drop_it))
            .execute(&mut *transaction)
            .await?;
    }
    for statement in DERIVED {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    for statement in OFFICE {
        // `CREATE TABLE name …`, `CREATE INDEX name …`
        let name = statement.split_whitespace().nth(2).unwrap_or_default();
        let there = sqlx::query("SELECT 1 FROM sqlite_schema WHERE name = ?")
            .bind(name)
            .fetch_optional(&mut *transaction)
            .await?;
        if there.is_none() {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
    }
    derive_all(&mut transaction).await?;
    let mark = format!("PRAGMA user_version = {FORMAT}");
    sqlx::raw_sql(AssertSqlSafe(mark))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}

/// Puts in every row that follows from the chain.
async fn derive_all(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page =
            sqlx::query("SELECT seq, kind, body FROM chain WHERE seq > ? ORDER BY seq LIMIT ?")
                .bind(stored(after))
                .bind(PAGE_RECORDS)
                .fetch_all(&mut *connection)
                .await?;
        if page.is_empty() {
            return Ok(());
        }
        for row in &page {
            after = number(row, "seq")?;
            let body: Option<&[u8]> = row.try_get("body")?;
            let body = body.unwrap_or_default();
            match Kind::parse(row.try_get("kind")?) {
                Some(Kind::Incident) => {
                    if let Ok(record) = IncidentRecord::from_canonical(body) {
                        put_incident(after, &record, connection).await?;
                    }
                }
                Some(Kind::Event) => {
                    if let Ok(record) = EventRecord::from_canonical(body) {
                        put_event(after, &record, connection).await?;
                    }
                }
                Some(Kind::Deed) => {
                    if let Ok(record) = DeedRecord::from_canonical(body) {
                        put_deed(after, &record, connection).await?;
                    }
                }
                Some(Kind::Checkpoint) | None => {}
            }
        }
    }
}
