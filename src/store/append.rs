//! How does a record get into the chain? At its end, with its derived row, in one transaction.
//!
//! An [`Append`] is one transaction of the writer. It knows the end of the chain, moves it with
//! each record, and puts a signed checkpoint after every [`UNSIGNED_RECORDS_MAX`] records.

use sqlx::{Connection as _, Row as _, Sqlite, SqliteConnection, Transaction};

use crate::model::exchange::UnixMillis;
use crate::model::incident::{IncidentDraft, Receipt};

use super::account;
use super::act::Act;
use super::chain::{Hash, Kind, link};
use super::checkpoint::Checkpoint;
use super::code::code;
use super::deed::{Deed, DeedRecord};
use super::derived::{number, put_incident, stored};
use super::derived_event::{put_deed, put_event};
use super::error::StoreError;
use super::event::EventRecord;
use super::evidence::{self, Evidence};
use super::keys::StoreKeys;
use super::record::IncidentRecord;

/// How many records may follow one another without a checkpoint. `verify` holds the chain to it.
pub(super) const UNSIGNED_RECORDS_MAX: u64 = 256;

/// How many codes are tried for one incident: of 64 million codes nearly all are free.
const CODE_ATTEMPTS_MAX: u32 = 64;

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The last record's number; 0 for an empty chain.
    pub(super) seq: u64,
    /// Its hash.
    pub(super) hash: Hash,
    /// The last checkpoint.
    pub(super) checkpoint: Option<Checkpoint>,
    /// How many records came after it.
    pub(super) unsigned: u64,
    /// When the first of those was written.
    pub(super) unsigned_since: Option<UnixMillis>,
}

impl Head {
    /// Reads the end of the chain from the file.
    pub(super) async fn load(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let mut head = Self {
            seq: 0,
            hash: Hash::ZERO,
            checkpoint: None,
            unsigned: 0,
            unsigned_since: None,
        };
        let last =
            sqlx::query("SELECT seq, hash, recorded_at FROM chain ORDER BY seq DESC LIMIT 1")
                .fetch_optional(&mut *connection)
                .await?;
        let Some(last) = last else {
            return Ok(head);
        };
        head.seq = number(&last, "seq")?;
        let damaged = || StoreError::Damaged { seq: head.seq };
        head.hash = Hash::from_bytes(last.try_get("hash")?).ok_or_else(damaged)?;
        let signed = sqlx::query(
            "SELECT seq, body FROM chain WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1",
        )
        .fetch_optional(connection)
        .await?;
        let mut signed_seq = 0;
        if let Some(signed) = signed {
            signed_seq = number(&signed, "seq")?;
            let body: &[u8] = signed.try_get("body")?;
            let checkpoint = Checkpoint::from_canonical(body);
            head.checkpoint =
                Some(checkpoint.map_err(|_| StoreError::Damaged { seq: signed_seq })?);
        }
        head.unsigned = head.seq.saturating_sub(signed_seq);
        if head.unsigned > 0 {
            head.unsigned_since = Some(UnixMillis(last.try_get("recorded_at")?));
        }
        Ok(head)
    }

    /// The end of the chain now: another process (`lachan user add`) may have added to it, but
    /// nothing may have been taken away.
    async fn caught_up(self, connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let row = sqlx::query("SELECT hash FROM chain WHERE seq = ?")
            .bind(stored(self.seq))
            .fetch_optional(&mut *connection)
            .await?;
        let hash = row.as_ref().map(|row| row.try_get("hash")).transpose()?;
        let still_there = self.seq == 0 || hash.and_then(Hash::from_bytes) == Some(self.hash);
        if !still_there {
            return Err(StoreError::Damaged { seq: self.seq });
        }
        let last = sqlx::query("SELECT coalesce(max(seq), 0) AS seq FROM chain")
            .fetch_one(&mut *connection)
            .await?;
        if number(&last, "seq")? == self.seq {
            return Ok(self);
        }
        Self::load(connection).await
    }
}

/// One transaction that appends.
pub(super) struct Append<'a> {
    transaction: Transaction<'a, Sqlite>,
    head: Head,
    node: &'a str,
    keys: &'a StoreKeys,
    now: UnixMillis,
}

impl<'a> Append<'a> {
    /// Takes the write lock.
    pub(super) async fn begin(
        connection: &'a mut SqliteConnection,
        head: Head,
        node: &'a str,
        keys: &'a StoreKeys,
        now: UnixMillis,
    ) -> Result<Self, StoreError> {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let head = head.caught_up(&mut transaction).await?;
        Ok(Self {
            transaction,
            head,
            node,
            keys,
            now,
        })
    }

    /// Appends an incident under an id and a free code.
    pub(super) async fn incident(
        &mut self,
        draft: IncidentDraft,
        evidence: Option<Evidence>,
    ) -> Result<Receipt, StoreError> {
        let id = new_id(self.now);
        let code = self.free_code(&id).await?;
        let record = IncidentRecord::new(draft, id, code, self.now, self.node);
        let seq = self.chain(Kind::Incident, &record.to_canonical()).await?;
        put_incident(seq, &record, &mut self.transaction).await?;
        self.sign_if_due().await?;
        self.evidence(&record, evidence).await?;
        Ok(Receipt {
            id: record.id,
            code: record.code,
            recorded_at: self.now,
        })
    }

    /// Keeps what came along with an incident; of a state secret nothing is kept, and nothing of
    /// what the same machine sent just before.
    async fn evidence(
        &mut self,
        record: &IncidentRecord,
        evidence: Option<Evidence>,
    ) -> Result<(), StoreError> {
        let client = &record.client_address;
        let connection = &mut self.transaction;
        let deeds = match evidence {
            _ if record.secret.is_some() => {
                evidence::destroy_beside_secret(connection, client, self.now).await?
            }
            Some(evidence) => {
                vec![evidence::put(connection, &record.id, client, evidence, self.now).await?]
            }
            None => Vec::new(),
        };
        for deed in deeds {
            self.deed(deed).await?;
        }
        Ok(())
    }

    /// Appends an event.
    pub(super) async fn event(&mut self, event: &EventRecord) -> Result<(), StoreError> {
        let event = EventRecord {
            recorded_at: self.now,
            ..event.clone()
        };
        let seq = self.chain(Kind::Event, &event.to_canonical()).await?;
        put_event(seq, &event, &mut self.transaction).await?;
        self.sign_if_due().await
    }

    /// Makes the changes of an act and appends its deeds, all or nothing. Gives the deeds' numbers.
    pub(super) async fn act(&mut self, act: &Act) -> Result<Vec<u64>, StoreError> {
        let head = self.head.clone();
        sqlx::query("SAVEPOINT act")
            .execute(&mut *self.transaction)
            .await?;
        let acted = self.changes_and_deeds(act).await;
        let end = if acted.is_ok() {
            "RELEASE act"
        } else {
            self.head = head;
            "ROLLBACK TO act; RELEASE act"
        };
        sqlx::raw_sql(end).execute(&mut *self.transaction).await?;
        acted
    }

    async fn changes_and_deeds(&mut self, act: &Act) -> Result<Vec<u64>, StoreError> {
        for change in &act.changes {
            account::apply(change, &mut self.transaction).await?;
        }
        let mut seqs = Vec::new();
        for deed in &act.deeds {
            seqs.push(self.deed(deed.clone()).await?);
        }
        Ok(seqs)
    }

    async fn deed(&mut self, deed: Deed) -> Result<u64, StoreError> {
        let record = DeedRecord::new(deed, self.now, self.node);
        let seq = self.chain(Kind::Deed, &record.to_canonical()).await?;
        put_deed(seq, &record, &mut self.transaction).await?;
        self.sign_if_due().await?;
        Ok(seq)
    }

    /// Appends a signature over the chain so far.
    pub(super) async fn checkpoint(&mut self) -> Result<(), StoreError> {
        let Head { seq, hash, .. } = self.head;
        let checkpoint = Checkpoint::sign(self.keys, self.node, seq, hash, self.now)?;
        self.chain(Kind::Checkpoint, &checkpoint.to_canonical())
            .await?;
        self.head.checkpoint = Some(checkpoint);
        self.head.unsigned = 0;
        self.head.unsigned_since = None;
        Ok(())
    }

    /// Makes it all durable and gives the new end of the chain.
    pub(super) async fn commit(self) -> Result<Head, StoreError> {
        self.transaction.commit().await?;
        Ok(self.head)
    }

    async fn sign_if_due(&mut self) -> Result<(), StoreError> {
        if self.head.unsigned >= UNSIGNED_RECORDS_MAX {
            self.checkpoint().await?;
        }
        Ok(())
    }

    async fn chain(&mut self, kind: Kind, body: &[u8]) -> Result<u64, StoreError> {
        let seq = self.head.seq + 1;
        let body_hash = Hash::of(body);
        let hash = link(self.head.hash, seq, kind.as_str(), body_hash);
        sqlx::query(
            "INSERT INTO chain (seq, kind, body, body_hash, prev, hash, recorded_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(stored(seq))
        .bind(kind.as_str())
        .bind(body)
        .bind(body_hash.as_bytes().as_slice())
        .bind(self.head.hash.as_bytes().as_slice())
        .bind(hash.as_bytes().as_slice())
        .bind(self.now.0)
        .execute(&mut *self.transaction)
        .await?;
        self.head.seq = seq;
        self.head.hash = hash;
        self.head.unsigned += 1;
        self.head.unsigned_since.get_or_insert(self.now);
        Ok(seq)
    }

    async fn free_code(&mut self, id: &str) -> Result<String, StoreError> {
        for attempt in 0..CODE_ATTEMPTS_MAX {
            let code = code(id, attempt);
            let taken = sqlx::query("SELECT 1 FROM incident WHERE code = ?")
                .bind(code.as_str())
                .fetch_optional(&mut *self.transaction)
                .await?;
            if taken.is_none() {
                return Ok(code);
            }
        }
        Err(StoreError::Unwritable)
    }
}

/// A `UUIDv7` of this time (RFC 9562 §5.7).
fn new_id(now: UnixMillis) -> String {
    let millis = u64::try_from(now.0).unwrap_or(0);
    let nanos = u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000;
    let time = uuid::Timestamp::from_unix(uuid::NoContext, millis / 1000, nanos);
    uuid::Uuid::new_v7(time).to_string()
}
