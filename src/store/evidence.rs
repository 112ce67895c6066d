//! Which blocked texts are kept sealed, until when, and is each still the one that was sealed?
//!
//! A row of `evidence` holds what only an auditor's own key opens; the deed that tells of it holds
//! the digest of these bytes, so that `verify` notices a row that was changed or taken away. A row
//! goes on its day, or when its machine sends a state secret within the hour; each time a deed says
//! so.
//!
//! Never: a text in the open, or a row of a state secret or beside one.
//!
//! Read next: [`Evidence`], then `put`.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::exchange::UnixMillis;

use super::chain::Hash;
use super::deed::{Actor, Deed, What};
use super::derived::{number, stored};
use super::error::StoreError;
use super::reader::StoreReader;

/// How long around a state secret nothing of the same machine is kept: one sitting.
const BESIDE_SECRET_MILLIS: i64 = 60 * 60 * 1000;
/// How many texts are kept at most, so that counting them stays quick.
const ROWS_MAX: u64 = 20_000;
/// How many rows are told of at a time.
const LISTED_MAX: u32 = 1000;

/// The names of the facts of a deed about evidence.
pub mod facts {
    /// SHA-256 of the sealed bytes.
    pub const SHA256: &str = "sha256";
    /// How many bytes there are.
    pub const BYTES: &str = "bytes";
    /// Until when they are kept, in milliseconds since 1970.
    pub const UNTIL: &str = "until";
    /// The public key that they are sealed for.
    pub const RECIPIENT: &str = "recipient";
    /// Why: in a person's words, or why a text was not kept.
    pub const REASON: &str = "reason";
    /// What went wrong: a name of a closed set.
    pub const FAULT: &str = "fault";
    /// The second person of a deed of two.
    pub const SECOND: &str = "second";
}

/// What comes along with a blocked request, where the office keeps evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Its text, sealed.
    Sealed(SealedText),
    /// Nothing, and why.
    NotKept(NotKept),
}

/// A sealed text on its way into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedText {
    /// The bytes of the file.
    pub file: Vec<u8>,
    /// The public key that it is sealed for.
    pub recipient: String,
    /// For how many days it is kept.
    pub days: u16,
    /// How many bytes all sealed texts may have together.
    pub total_bytes_max: u64,
}

/// Why a text was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// It is too large.
    TooLarge,
    /// There is no room for more.
    Full,
    /// It could not be sealed.
    Failed,
    /// It is none of the cases that are kept.
    OtherCase,
}

impl NotKept {
    const ALL: [Self; 4] = [Self::TooLarge, Self::Full, Self::Failed, Self::OtherCase];

    /// The name in the chain.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Full => "full",
            Self::Failed => "failed",
            Self::OtherCase => "other_case",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "nội dung dài quá mức được niêm phong",
            Self::Full => "nơi lưu nội dung niêm phong đã đầy",
            Self::Failed => "niêm phong không thành công; việc chặn vẫn giữ nguyên",
            Self::OtherCase => "không thuộc trường hợp được niêm phong",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// A sealed text that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvidence {
    /// The id of its incident.
    pub incident: String,
    /// When it was sealed.
    pub sealed_at: UnixMillis,
    /// Until when it is kept.
    pub ends_at: UnixMillis,
    /// How many bytes the file has.
    pub bytes: u64,
    /// The public key that it is sealed for.
    pub recipient: String,
}

/// Keeps what came along with an incident, and gives the deed that tells of it.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    incident: &str,
    client: &str,
    evidence: Evidence,
    now: UnixMillis,
) -> Result<Deed, StoreError> {
    let sealed = match evidence {
        Evidence::NotKept(reason) => return Ok(not_kept(incident, reason)),
        Evidence::Sealed(sealed) => sealed,
    };
    if is_beside_secret(connection, client, now).await? {
        return Ok(not_kept(incident, NotKept::OtherCase));
    }
    let bytes = u64::try_from(sealed.file.len()).unwrap_or(u64::MAX);
    let (rows, held) = held(connection).await?;
    if rows >= ROWS_MAX || held.saturating_add(bytes) > sealed.total_bytes_max {
        return Ok(not_kept(incident, NotKept::Full));
    }
    let day_millis = 24 * 60 * 60 * 1000;
    let ends_at = now.0.saturating_add(i64::from(sealed.days) * day_millis);
    sqlx::query(
        "INSERT INTO evidence (incident, sealed_at, ends_at, bytes, recipient, sealed) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(incident)
    .bind(now.0)
    .bind(ends_at)
    .bind(stored(bytes))
    .bind(&sealed.recipient)
    .bind(&sealed.file)
    .execute(connection)
    .await?;
    Ok(Deed::new(Actor::guard(), What::EvidenceSealed)
        .incident(incident)
        .fact(facts::SHA256, &Hash::of(&sealed.file).to_string())
        .fact(facts::BYTES, &bytes.to_string())
        .fact(facts::UNTIL, &ends_at.to_string())
        .fact(facts::RECIPIENT, &sealed.recipient))
}

fn not_kept(incident: &str, reason: NotKept) -> Deed {
    Deed::new(Actor::guard(), What::EvidenceNotKept)
        .incident(incident)
        .fact(facts::REASON, reason.as_str())
}

/// Whether the same machine sent a state secret within the hour: what it sends now may be a piece
/// of the same document.
async fn is_beside_secret(
    connection: &mut SqliteConnection,
    client: &str,
    now: UnixMillis,
) -> Result<bool, sqlx::Error> {
    // The hour has fewer rows than the machine, so its index is not to be used.
    let row = sqlx::query(
        "SELECT 1 FROM incident WHERE recorded_at > ? AND +client = ? AND +is_secret = 1 LIMIT 1",
    )
    .bind(now.0.saturating_sub(BESIDE_SECRET_MILLIS))
    .bind(client)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

/// How many texts are kept, and how many bytes they have together.
async fn held(connection: &mut SqliteConnection) -> Result<(u64, u64), sqlx::Error> {
    let row = sqlx::query("SELECT count(*) AS n, coalesce(sum(bytes), 0) AS held FROM evidence")
        .fetch_one(connection)
        .await?;
    Ok((number(&row, "n")?, number(&row, "held")?))
}

/// Destroys what was kept of a machine that now sent a state secret: it may be a piece of it. Gives
/// the deeds that tell of it, which do not say why: who may not know of state secrets reads them.
pub(super) async fn destroy_beside_secret(
    connection: &mut SqliteConnection,
    client: &str,
    now: UnixMillis,
) -> Result<Vec<Deed>, sqlx::Error> {
    let rows = sqlx::query(
        "DELETE FROM evidence WHERE sealed_at > ? AND incident IN \
         (SELECT id FROM incident WHERE recorded_at > ? AND +client = ?) RETURNING incident",
    )
    .bind(now.0.saturating_sub(BESIDE_SECRET_MILLIS))
    .bind(now.0.saturating_sub(BESIDE_SECRET_MILLIS))
    .bind(client)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let incident: &str = row.try_get("incident")?;
            Ok(Deed::new(Actor::guard(), What::EvidenceDestroyed).incident(incident))
        })
        .collect()
}

/// Takes a row away; the deed stands in the same act. Gives how many rows went.
pub(super) async fn end(
    incident: &str,
    connection: &mut SqliteConnection,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM evidence WHERE incident = ?")
        .bind(incident)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

fn kept(row: &SqliteRow) -> Result<KeptEvidence, sqlx::Error> {
    Ok(KeptEvidence {
        incident: row.try_get("incident")?,
        sealed_at: UnixMillis(row.try_get("sealed_at")?),
        ends_at: UnixMillis(row.try_get("ends_at")?),
        bytes: number(row, "bytes")?,
        recipient: row.try_get("recipient")?,
    })
}

impl StoreReader {
    /// What is kept of an incident, by its id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn evidence(&self, incident: &str) -> Result<Option<KeptEvidence>, StoreError> {
        let mut connection = self.borrow().await?;
        let row = sqlx::query(
            "SELECT incident, sealed_at, ends_at, bytes, recipient FROM evidence WHERE incident = ?",
        )
        .bind(incident)
        .fetch_optional(connection.get())
        .await?;
        connection.give_back();
        Ok(row.as_ref().map(kept).transpose()?)
    }

    /// The sealed bytes of an incident, where they are the ones of which the chain tells.
    ///
    /// # Errors
    /// When the file cannot be read, or the bytes were changed.
    pub async fn sealed_bytes(&self, incident: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let deeds = self
            .deeds(&super::DeedFilter {
                incident: Some(incident.to_owned()),
                what: Some(What::EvidenceSealed),
                limit: 1,
                ..super::DeedFilter::default()
            })
            .await?;
        let mut connection = self.borrow().await?;
        let row = sqlx::query("SELECT sealed FROM evidence WHERE incident = ?")
            .bind(incident)
            .fetch_optional(connection.get())
            .await?;
        connection.give_back();
        let (Some(row), Some(deed)) = (row, deeds.first()) else {
            return Ok(None);
        };
        let sealed: Vec<u8> = row.try_get("sealed")?;
        if deed.record.fact(facts::SHA256) != Some(&Hash::of(&sealed).to_string()) {
            return Err(StoreError::Damaged { seq: deed.seq });
        }
        Ok(Some(sealed))
    }

    /// What is kept, the newest first, some of it where it is much.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn all_evidence(&self) -> Result<Vec<KeptEvidence>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query(
            "SELECT incident, sealed_at, ends_at, bytes, recipient FROM evidence \
             ORDER BY sealed_at DESC LIMIT ?",
        )
        .bind(LISTED_MAX)
        .fetch_all(connection.get())
        .await?;
        connection.give_back();
        let all: Result<_, sqlx::Error> = rows.iter().map(kept).collect();
        Ok(all?)
    }

    /// The ids of incidents whose evidence is to go now, some where there are many.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn evidence_over(&self, now: UnixMillis) -> Result<Vec<String>, StoreError> {
        let mut connection = self.borrow().await?;
        let rows = sqlx::query("SELECT incident FROM evidence WHERE ends_at <= ? LIMIT ?")
            .bind(now.0)
            .bind(LISTED_MAX)
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let ids: Result<_, sqlx::Error> = rows.iter().map(|row| row.try_get("incident")).collect();
        Ok(ids?)
    }
}
