//! How do the tables look, and how is the file opened?
//!
//! The statements are in `tables`. `PRAGMA user_version` is the format; a newer one is refused, an
//! older one is brought up to date by the writer (`migrate`).
//!
//! WAL lets readers work beside the writer; `synchronous = FULL` makes a commit survive a power
//! cut.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::error::StoreError;
use super::folder::{folder_of, make_folder};
use super::keys::PublicKey;
use super::migrate;
use super::tables::statements;

/// The format that this program reads and writes.
pub(super) const FORMAT: i64 = 4;

/// Marks the file as ours (`LCHN`).
const APPLICATION_ID: i64 = 0x4C43_484E;

/// How much of the file a reader keeps in memory at most: 32 MB, so that a list over a large store
/// does not read the same pages again and again.
const READER_CACHE: &str = "-32000";

/// How long a statement waits for another process that holds the lock.
const BUSY_MAX: Duration = Duration::from_secs(5);

/// The triggers alone, for tests that lift them and put them back.
#[cfg(test)]
pub(super) fn trigger_statements() -> Vec<&'static str> {
    let is_trigger = |statement: &&str| statement.starts_with("CREATE TRIGGER");
    statements().filter(is_trigger).collect()
}

/// Makes the folder and an empty file if they are not there, for this user alone.
pub(super) fn make_file(path: &Path) -> Result<(), StoreError> {
    let made = || {
        make_folder(folder_of(path))?;
        // SQLite gives the files beside it (-wal, -shm) the same mode.
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)?;
        file.set_permissions(Permissions::from_mode(0o600))
    };
    made().map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

/// Opens the file for the writer, making or checking the schema.
pub(super) async fn open_writable(
    path: &Path,
    key: &PublicKey,
) -> Result<SqliteConnection, StoreError> {
    let mut connection = options(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // What expires is overwritten, sealed as it is.
        .pragma("secure_delete", "ON")
        .connect()
        .await?;
    if is_empty(&mut connection).await? {
        create(&mut connection, key).await?;
    }
    if is_older(&mut connection).await? {
        migrate::bring_up_to_date(&mut connection).await?;
    }
    check_format(&mut connection, path).await?;
    if public_key(&mut connection).await?.as_ref() != Some(key) {
        return Err(StoreError::OtherKey);
    }
    Ok(connection)
}

/// Opens the file for a reader, which cannot change it.
pub(super) async fn open_read_only(path: &Path) -> Result<SqliteConnection, StoreError> {
    let mut connection = options(path)
        .read_only(true)
        .pragma("cache_size", READER_CACHE)
        .connect()
        .await?;
    check_format(&mut connection, path).await?;
    Ok(connection)
}

/// The public key that the store names as its own.
pub(super) async fn public_key(
    connection: &mut SqliteConnection,
) -> Result<Option<PublicKey>, sqlx::Error> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = 'public_key'")
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.try_get(0).map(PublicKey)).transpose()
}

/// Whether the tables, indexes and triggers are exactly those of this format.
pub(super) async fn is_intact(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let mut fresh = SqliteConnectOptions::new()
        .in_memory(true)
        .disable_statement_logging()
        .connect()
        .await?;
    for statement in statements() {
        sqlx::query(statement).execute(&mut fresh).await?;
    }
    Ok(objects(&mut fresh).await? == objects(connection).await?)
}

async fn objects(connection: &mut SqliteConnection) -> Result<Vec<[String; 4]>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok([
                row.try_get(0)?,
                row.try_get(1)?,
                row.try_get(2)?,
                row.try_get(3)?,
            ])
        })
        .collect()
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_MAX)
        .disable_statement_logging()
}

async fn is_empty(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT count(*) FROM sqlite_schema")
        .fetch_one(connection)
        .await?;
    Ok(row.try_get::<i64, _>(0)? == 0)
}

async fn create(connection: &mut SqliteConnection, key: &PublicKey) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for statement in statements() {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    sqlx::query("INSERT INTO meta (name, value) VALUES ('public_key', ?)")
        .bind(key.0.as_slice())
        .execute(&mut *transaction)
        .await?;
    let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(marks))
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

async fn check_format(connection: &mut SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let id: i64 = pragma(connection, "PRAGMA application_id").await?;
    if id != APPLICATION_ID {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    let found: i64 = pragma(connection, "PRAGMA user_version").await?;
    match found {
        FORMAT => Ok(()),
        found if found > FORMAT => Err(StoreError::Newer {
            found,
            known: FORMAT,
        }),
        found if found > 0 => Err(StoreError::Older(path.to_owned())),
        _ => Err(StoreError::NotAStore(path.to_owned())),
    }
}

/// Whether an older program of ours wrote the file.
async fn is_older(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let id = pragma(connection, "PRAGMA application_id").await?;
    let format = pragma(connection, "PRAGMA user_version").await?;
    Ok(id == APPLICATION_ID && (1..FORMAT).contains(&format))
}

async fn pragma(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    row.try_get(0)
}
