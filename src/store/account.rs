//! Who may sign in to the back office, and who is signed in?
//!
//! Accounts and sessions are the store's only rows that change without a record of their own; each
//! change comes in an [`Act`](super::Act) whose deeds tell of it, in the same transaction.
//!
//! A password is kept as its argon2id hash, a recovery code and a session's token as their SHA-256;
//! the second factor's secret is kept sealed by the back office. None of them ever stands in a deed.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;
use crate::model::review::Role;

use super::alert::{self, AlertChange};
use super::chain::Hash;
use super::error::StoreError;
use super::evidence;
use super::token::{self, TokenChange};

/// An account of the back office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with: lower-case ASCII.
    pub name: String,
    /// The person's name, for pages and reports.
    pub full_name: String,
    /// What it may do.
    pub role: Role,
    /// The argon2id hash of the password, in PHC form.
    pub password_hash: String,
    /// The sealed secret of the second factor, once it is set up.
    pub second_factor: Option<Vec<u8>>,
    /// The last time step whose code was used: none is used twice.
    pub second_factor_step: i64,
    /// The hashes of the recovery codes that are left.
    pub recovery_codes: Vec<Hash>,
    /// Whether the person was named to see incidents of state secrets.
    pub sees_secrets: bool,
    /// Whether it may not sign in.
    pub is_disabled: bool,
    /// Whether the password was set by somebody else and must be changed first.
    pub must_change_password: bool,
    /// When it was made.
    pub created_at: UnixMillis,
    /// Counts its changes, so that two at once do not both succeed.
    pub version: i64,
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStage {
    /// The password was right; the second factor is still asked for.
    Password,
    /// Signed in.
    Full,
}

impl SessionStage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Full => "full",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Password, Self::Full]
            .into_iter()
            .find(|stage| stage.as_str() == name)
    }
}

/// A session of the back office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of the token in the cookie.
    pub token_hash: Hash,
    /// Whose.
    pub account: String,
    /// How far it has come.
    pub stage: SessionStage,
    /// The address it was opened from.
    pub address: String,
    /// The browser, in a few words.
    pub agent: String,
    /// When it was opened.
    pub created_at: UnixMillis,
    /// When it was last used, to the minute.
    pub seen_at: UnixMillis,
}

/// A change of accounts or sessions.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new account; a conflict if the name is taken.
    AddAccount(Account),
    /// The first account of all; a conflict if there is one.
    AddFirstAccount(Account),
    /// An account as it shall be; a conflict if its version is not the one on disk.
    PutAccount(Account),
    /// A new session.
    OpenSession(Session),
    /// A session was used.
    TouchSession(Hash, UnixMillis),
    /// A session ends.
    EndSession(Hash),
    /// All sessions of an account end, but for one.
    EndSessions {
        /// Whose.
        account: String,
        /// Which goes on.
        except: Option<Hash>,
    },
    /// Sessions opened before the first time, or last used before the second, are forgotten.
    ForgetSessions {
        /// The absolute bound.
        created_before: UnixMillis,
        /// The idle bound.
        seen_before: UnixMillis,
    },
    /// A program may ask the API, or may no longer.
    Token(TokenChange),
    /// The queue of alerts changes.
    Alert(AlertChange),
    /// The sealed text of an incident goes; a conflict if there is none.
    EndEvidence(String),
}

/// Makes a change.
pub(super) async fn apply(
    change: &Change,
    connection: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let done = match change {
        Change::AddAccount(account) => insert(account, connection).await?,
        Change::AddFirstAccount(account) => {
            let any = sqlx::query("SELECT 1 FROM account LIMIT 1")
                .fetch_optional(&mut *connection)
                .await?;
            if any.is_some() {
                return Err(StoreError::Conflict);
            }
            insert(account, connection).await?
        }
        Change::PutAccount(account) => update(account, connection).await?,
        Change::OpenSession(session) => open(session, connection).await?,
        Change::TouchSession(token, at) => {
            let touch = sqlx::query("UPDATE session SET seen_at = ? WHERE token_hash = ?");
            let touch = touch.bind(at.0).bind(token.as_bytes().as_slice());
            touch.execute(connection).await?;
            1
        }
        Change::EndSession(token) => {
            let end = sqlx::query("DELETE FROM session WHERE token_hash = ?");
            let end = end.bind(token.as_bytes().as_slice());
            end.execute(connection).await?;
            1
        }
        Change::EndSessions { account, except } => {
            let except = except.unwrap_or(Hash::ZERO);
            let end = sqlx::query("DELETE FROM session WHERE account = ? AND token_hash <> ?");
            let end = end.bind(account).bind(except.as_bytes().as_slice());
            end.execute(connection).await?;
            1
        }
        Change::ForgetSessions {
            created_before,
            seen_before,
        } => {
            let forget = sqlx::query("DELETE FROM session WHERE created_at < ? OR seen_at < ?");
            let forget = forget.bind(created_before.0).bind(seen_before.0);
            forget.execute(connection).await?;
            1
        }
        Change::Token(change) => token::apply(change, connection).await?,
        Change::Alert(change) => alert::apply(change, connection).await?,
        Change::EndEvidence(incident) => evidence::end(incident, connection).await?,
    };
    if done == 0 {
        return Err(StoreError::Conflict);
    }
    Ok(())
}

async fn insert(account: &Account, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let insert = sqlx::query(
        "INSERT INTO account (full_name, role, password_hash, second_factor, second_factor_step, \
         recovery_codes, sees_secrets, is_disabled, must_change_password, name, created_at, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (name) DO NOTHING",
    );
    let done = bound(insert, account)
        .bind(&account.name)
        .bind(account.created_at.0)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

async fn update(account: &Account, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let update = sqlx::query(
        "UPDATE account SET full_name = ?, role = ?, password_hash = ?, second_factor = ?, \
         second_factor_step = ?, recovery_codes = ?, sees_secrets = ?, is_disabled = ?, \
         must_change_password = ?, version = version + 1 WHERE name = ? AND version = ?",
    );
    let done = bound(update, account)
        .bind(&account.name)
        .bind(account.version)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// The values that inserting and updating have in common, in the same order.
fn bound<'q>(query: Query<'q>, account: &'q Account) -> Query<'q> {
    let codes: Vec<String> = account.recovery_codes.iter().map(Hash::to_string).collect();
    query
        .bind(&account.full_name)
        .bind(account.role.as_str())
        .bind(&account.password_hash)
        .bind(account.second_factor.as_deref())
        .bind(account.second_factor_step)
        .bind(codes.join(" "))
        .bind(i64::from(account.sees_secrets))
        .bind(i64::from(account.is_disabled))
        .bind(i64::from(account.must_change_password))
}

async fn open(session: &Session, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO session (token_hash, account, stage, address, agent, created_at, seen_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(session.token_hash.as_bytes().as_slice())
    .bind(&session.account)
    .bind(session.stage.as_str())
    .bind(&session.address)
    .bind(&session.agent)
    .bind(session.created_at.0)
    .bind(session.seen_at.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// An account, from a query over `account`.
pub(super) fn read_account(row: &SqliteRow) -> Result<Account, sqlx::Error> {
    let role: String = row.try_get("role")?;
    let codes: String = row.try_get("recovery_codes")?;
    let is = |column: &str| row.try_get::<i64, _>(column).map(|value| value != 0);
    Ok(Account {
        name: row.try_get("name")?,
        full_name: row.try_get("full_name")?,
        // A role that this program does not know may only read.
        role: Role::parse(&role).unwrap_or(Role::Auditor),
        password_hash: row.try_get("password_hash")?,
        second_factor: row.try_get("second_factor")?,
        second_factor_step: row.try_get("second_factor_step")?,
        recovery_codes: codes
            .split_whitespace()
            .filter_map(Hash::from_hex)
            .collect(),
        sees_secrets: is("sees_secrets")?,
        is_disabled: is("is_disabled")?,
        must_change_password: is("must_change_password")?,
        created_at: UnixMillis(row.try_get("created_at")?),
        version: row.try_get("version")?,
    })
}

/// A session, from a query over `session`. One that cannot be read is none.
pub(super) fn read_session(row: &SqliteRow) -> Result<Option<Session>, sqlx::Error> {
    let stage: String = row.try_get("stage")?;
    let hash: &[u8] = row.try_get("token_hash")?;
    let (Some(stage), Some(token_hash)) = (SessionStage::parse(&stage), Hash::from_bytes(hash))
    else {
        return Ok(None);
    };
    Ok(Some(Session {
        token_hash,
        account: row.try_get("account")?,
        stage,
        address: row.try_get("address")?,
        agent: row.try_get("agent")?,
        created_at: UnixMillis(row.try_get("created_at")?),
        seen_at: UnixMillis(row.try_get("seen_at")?),
    }))
}
