//! Which programs may ask the API? A name, the hash of a token, and until when.
//!
//! The token itself is shown once, when it is made; only its SHA-256 is kept.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;

use super::chain::Hash;
use super::error::StoreError;
use super::reader::StoreReader;

/// How many tokens a list has at most.
const TOKENS_MAX: i64 = 200;

/// What is known of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for: a name that people gave it.
    pub name: String,
    /// The SHA-256 of the token.
    pub token_hash: Hash,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: UnixMillis,
    /// When it ends by itself.
    pub ends_at: Option<UnixMillis>,
    /// When it was last used, to the minute.
    pub seen_at: Option<UnixMillis>,
}

/// A change of tokens.
#[derive(Clone, Debug)]
pub enum TokenChange {
    /// A new one; a conflict if the name is taken.
    Add(Token),
    /// It was used.
    Touch(String, UnixMillis),
    /// It ends.
    End(String),
}

/// Makes a change. Gives how many rows it changed.
pub(super) async fn apply(
    change: &TokenChange,
    connection: &mut SqliteConnection,
) -> Result<u64, sqlx::Error> {
    let query = match change {
        TokenChange::Add(token) => sqlx::query(
            "INSERT INTO token (name, token_hash, made_by, made_at, ends_at) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&token.name)
        .bind(token.token_hash.as_bytes().as_slice())
        .bind(&token.made_by)
        .bind(token.made_at.0)
        .bind(token.ends_at.map(|at| at.0)),
        TokenChange::Touch(name, at) => sqlx::query("UPDATE token SET seen_at = ? WHERE name = ?")
            .bind(at.0)
            .bind(name),
        TokenChange::End(name) => sqlx::query("DELETE FROM token WHERE name = ?").bind(name),
    };
    Ok(query.execute(connection).await?.rows_affected())
}

impl StoreReader {
    /// All tokens, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query("SELECT * FROM token ORDER BY name LIMIT ?")
            .bind(TOKENS_MAX)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let tokens: Result<Vec<_>, sqlx::Error> = rows.iter().map(token).collect();
        Ok(tokens?.into_iter().flatten().collect())
    }

    /// The token of a hash.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn token(&self, hash: Hash) -> Result<Option<Token>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT * FROM token WHERE token_hash = ?")
            .bind(hash.as_bytes().as_slice())
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        Ok(row.as_ref().map(token).transpose()?.flatten())
    }
}

fn token(row: &SqliteRow) -> Result<Option<Token>, sqlx::Error> {
    let time = |column: &str| row.try_get::<Option<i64>, _>(column);
    let Some(token_hash) = Hash::from_bytes(row.try_get("token_hash")?) else {
        return Ok(None);
    };
    Ok(Some(Token {
        name: row.try_get("name")?,
        token_hash,
        made_by: row.try_get("made_by")?,
        made_at: UnixMillis(row.try_get("made_at")?),
        ends_at: time("ends_at")?.map(UnixMillis),
        seen_at: time("seen_at")?.map(UnixMillis),
    }))
}
