//! Which accounts and sessions are there?

use sqlx::Row as _;

use super::account::{Account, Session, read_account, read_session};
use super::chain::Hash;
use super::error::StoreError;
use super::reader::StoreReader;

/// How many accounts and sessions a list has at most: an office has a handful.
const ROWS_MAX: i64 = 500;

impl StoreReader {
    /// The account of a name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT * FROM account WHERE name = ?")
            .bind(name)
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        Ok(row.as_ref().map(read_account).transpose()?)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query("SELECT * FROM account ORDER BY name LIMIT ?")
            .bind(ROWS_MAX)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let accounts: Result<_, sqlx::Error> = rows.iter().map(read_account).collect();
        Ok(accounts?)
    }

    /// Whether there is any account yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT count(*) FROM account")
            .fetch_one(connection.get())
            .await?;
        connection.give_back();
        Ok(row.try_get::<i64, _>(0)? > 0)
    }

    /// A session and its account, by the hash of its token.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn session(&self, token: Hash) -> Result<Option<(Session, Account)>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query(
            "SELECT session.token_hash, session.account, session.stage, session.address, \
             session.agent, session.created_at, session.seen_at \
             FROM session WHERE token_hash = ?",
        )
        .bind(token.as_bytes().as_slice())
        .fetch_optional(connection.get())
        .await?;
        let Some(session) = row.as_ref().map(read_session).transpose()?.flatten() else {
            connection.give_back();
            return Ok(None);
        };
        let row = sqlx::query("SELECT * FROM account WHERE name = ?")
            .bind(&session.account)
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        let account = row.as_ref().map(read_account).transpose()?;
        Ok(account.map(|account| (session, account)))
    }

    /// The sessions of an account, the last used first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sessions(&self, account: &str) -> Result<Vec<Session>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows =
            sqlx::query("SELECT * FROM session WHERE account = ? ORDER BY seen_at DESC LIMIT ?")
                .bind(account)
                .bind(ROWS_MAX)
                .fetch_all(connection.get())
                .await?;
        connection.give_back();
        let sessions: Result<Vec<_>, sqlx::Error> = rows.iter().map(read_session).collect();
        Ok(sessions?.into_iter().flatten().collect())
    }
}
