//! Is the chain what the node wrote? Recomputed from record 1, and compared with what is known.
//!
//! Every number, hash, body, derived row and signature is recomputed; then the tables are checked
//! for rows that no record stands behind, for changed table definitions, and for damage that
//! SQLite itself knows. The first broken record is named and what is wrong with it.
//!
//! The reader may have been handed a whole forged store, so what it is compared with comes from
//! elsewhere: [`Trust`]. It reads only, in one snapshot, while the proxy may be writing.

use std::collections::HashSet;

use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use super::append::UNSIGNED_RECORDS_MAX;
use super::chain::{Hash, Kind, link};
use super::checkpoint::Checkpoint;
use super::deed::DeedRecord;
use super::derived::{number, stored};
use super::error::StoreError;
use super::event::{CONTINUED, EventRecord};
use super::keys::PublicKey;
use super::reader::StoreReader;
use super::record::IncidentRecord;
use super::schema;
use super::totals;
use super::verify_derived::{Derived, Stands};
use super::verify_evidence::{NotThere, Sealed};
use super::verify_report::{Broken, Fault, VerifyReport};

/// How many records are held in memory at a time.
const PAGE_RECORDS: u64 = 500;

/// What is known from outside the store.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The node's public key, from its key file.
    pub public_key: Option<PublicKey>,
    /// A checkpoint that was kept elsewhere.
    pub checkpoint: Option<Checkpoint>,
}

/// Recomputes the whole chain.
///
/// # Errors
/// When the file could not be read at all. What is wrong with its contents is in the report.
pub async fn verify(reader: &StoreReader, trust: &Trust) -> Result<VerifyReport, StoreError> {
    let mut connection = reader.connect().await?;
    let mut walk = Walk::new(trust);
    let verified = walk.whole(&mut connection).await;
    connection.close().await.ok();
    match verified {
        Ok(()) => {}
        Err(Stop::Broken(broken)) => walk.report.broken = Some(broken),
        Err(Stop::Failed(StoreError::Database(error))) if is_damage(&error) => {
            walk.report.broken = Some(Broken {
                seq: Some(walk.report.records + 1),
                fault: Fault::Storage,
            });
        }
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(walk.report)
}

/// Why a walk ends early.
enum Stop {
    Broken(Broken),
    Failed(StoreError),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// The walk along the chain.
struct Walk<'a> {
    trust: &'a Trust,
    key: Option<PublicKey>,
    /// Drafts that went on as another incident.
    drafts: HashSet<String>,
    report: VerifyReport,
    stands: Stands,
    sealed: Sealed,
}

/// A record as it stands in the file.
struct Stored {
    seq: u64,
    kind: Kind,
    body: Vec<u8>,
    body_hash: Hash,
    prev: Hash,
    hash: Hash,
    recorded_at: i64,
}

impl<'a> Walk<'a> {
    fn new(trust: &'a Trust) -> Self {
        Self {
            trust,
            key: None,
            drafts: HashSet::new(),
            report: VerifyReport {
                records: 0,
                incidents: 0,
                continued: 0,
                checkpoints: 0,
                unsigned: 0,
                head: Hash::ZERO,
                broken: None,
            },
            stands: Stands::default(),
            sealed: Sealed::default(),
        }
    }

    async fn whole(&mut self, connection: &mut SqliteConnection) -> Result<(), Stop> {
        let mut snapshot = connection.begin().await?;
        self.key = schema::public_key(&mut snapshot).await?;
        loop {
            let page = page(&mut snapshot, self.report.records).await?;
            if page.is_empty() {
                break;
            }
            let from = self.report.records;
            let derived = Derived::load(&mut snapshot, from, from + PAGE_RECORDS).await?;
            for row in &page {
                self.step(row, &derived)?;
            }
        }
        self.compare_with_trust()?;
        self.tables(&mut snapshot).await
    }

    /// One record.
    fn step(&mut self, row: &SqliteRow, derived: &Derived) -> Result<(), Stop> {
        let seq = self.report.records + 1;
        let broken = |fault| {
            Stop::Broken(Broken {
                seq: Some(seq),
                fault,
            })
        };
        if number(row, "seq").ok() != Some(seq) {
            return Err(broken(Fault::Missing));
        }
        let record = Stored::read(row, seq).map_err(broken)?;
        let found = self.check_links(&record);
        let found = found.and_then(|()| self.check_body(&record, derived));
        found.map_err(broken)?;
        self.report.records = seq;
        self.report.head = record.hash;
        self.compare_with_kept_checkpoint()
    }

    fn check_links(&self, record: &Stored) -> Result<(), Fault> {
        let hash = link(
            record.prev,
            record.seq,
            record.kind.as_str(),
            record.body_hash,
        );
        if Hash::of(&record.body) != record.body_hash {
            Err(Fault::Body)
        } else if record.prev != self.report.head {
            Err(Fault::Prev)
        } else if record.hash != hash {
            Err(Fault::Hash)
        } else {
            Ok(())
        }
    }

    fn check_body(&mut self, record: &Stored, derived: &Derived) -> Result<(), Fault> {
        let not_canonical = |_| Fault::NotCanonical;
        let seq = record.seq;
        let time = match record.kind {
            Kind::Incident => {
                let body = IncidentRecord::from_canonical(&record.body).map_err(not_canonical)?;
                derived.check_incident(seq, &body)?;
                self.report.incidents += 1;
                body.recorded_at
            }
            Kind::Event => {
                let body = EventRecord::from_canonical(&record.body).map_err(not_canonical)?;
                derived.check_event(seq, &body)?;
                self.stands.event(&body);
                if body.what == CONTINUED && self.drafts.insert(body.incident) {
                    self.report.continued += 1;
                }
                body.recorded_at
            }
            Kind::Deed => {
                let body = DeedRecord::from_canonical(&record.body).map_err(not_canonical)?;
                derived.check_deed(seq, &body)?;
                self.stands.deed(&body);
                self.sealed.deed(seq, &body);
                body.recorded_at
            }
            Kind::Checkpoint => {
                let body = Checkpoint::from_canonical(&record.body).map_err(not_canonical)?;
                derived.check_nothing(seq)?;
                self.check_signature(&body)?;
                body.signed_at
            }
        };
        if time.0 != record.recorded_at {
            return Err(Fault::Time);
        }
        self.count_unsigned(record.kind)
    }

    fn check_signature(&self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        if Some(&checkpoint.public_key) != self.key.as_ref() || !checkpoint.is_signed() {
            Err(Fault::Signature)
        } else if (checkpoint.seq, checkpoint.hash) != (self.report.records, self.report.head) {
            Err(Fault::CheckpointPlace)
        } else {
            Ok(())
        }
    }

    fn count_unsigned(&mut self, kind: Kind) -> Result<(), Fault> {
        match kind {
            Kind::Checkpoint => {
                self.report.checkpoints += 1;
                self.report.unsigned = 0;
            }
            Kind::Incident | Kind::Event | Kind::Deed => self.report.unsigned += 1,
        }
        if self.report.unsigned > UNSIGNED_RECORDS_MAX {
            return Err(Fault::NoCheckpoint);
        }
        Ok(())
    }

    /// At the record that the checkpoint kept elsewhere signs.
    fn compare_with_kept_checkpoint(&self) -> Result<(), Stop> {
        match &self.trust.checkpoint {
            Some(kept) if kept.seq == self.report.records && kept.hash != self.report.head => {
                Err(Stop::Broken(Broken {
                    seq: Some(kept.seq),
                    fault: Fault::OtherRecord,
                }))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// At the end of the chain.
    fn compare_with_trust(&self) -> Result<(), Stop> {
        let kept = self.trust.checkpoint.as_ref();
        let expected = self.trust.public_key.iter();
        let mut expected = expected.chain(kept.map(|kept| &kept.public_key));
        if self.key.is_none() || expected.any(|key| Some(key) != self.key.as_ref()) {
            return Err(whole_store(Fault::OtherKey));
        }
        match kept {
            Some(kept) if kept.seq > self.report.records => Err(Stop::Broken(Broken {
                seq: Some(self.report.records + 1),
                fault: Fault::Truncated,
            })),
            Some(_) | None => Ok(()),
        }
    }

    /// What no walk along the chain can see.
    async fn tables(&mut self, connection: &mut SqliteConnection) -> Result<(), Stop> {
        if !self.stands.hold(connection).await? || !totals::hold(connection).await? {
            return Err(whole_store(Fault::Stands));
        }
        if !schema::is_intact(connection).await? {
            return Err(whole_store(Fault::Schema));
        }
        let orphan = sqlx::query(
            "SELECT seq FROM incident WHERE seq NOT IN (SELECT seq FROM chain) \
             UNION ALL SELECT seq FROM finding WHERE seq NOT IN (SELECT seq FROM chain) \
             UNION ALL SELECT seq FROM event WHERE seq NOT IN (SELECT seq FROM chain) \
             UNION ALL SELECT seq FROM deed WHERE seq NOT IN (SELECT seq FROM chain) \
             UNION ALL SELECT 0 FROM meta WHERE name <> 'public_key' LIMIT 1",
        )
        .fetch_optional(&mut *connection)
        .await?;
        if orphan.is_some() {
            return Err(whole_store(Fault::NoRecord));
        }
        let sealed = std::mem::take(&mut self.sealed);
        if let Err(NotThere(seq)) = sealed.compare(connection).await? {
            let fault = Fault::Evidence;
            return Err(Stop::Broken(Broken { seq, fault }));
        }
        let verdict = sqlx::query("PRAGMA integrity_check(1)")
            .fetch_one(connection)
            .await?;
        match verdict.try_get::<&str, _>(0) {
            Ok("ok") => Ok(()),
            Ok(_) | Err(_) => Err(whole_store(Fault::Storage)),
        }
    }
}

impl Stored {
    fn read(row: &SqliteRow, seq: u64) -> Result<Self, Fault> {
        let unreadable = |_error| Fault::Unreadable;
        let hash = |column| {
            let bytes: &[u8] = row.try_get(column).map_err(unreadable)?;
            Hash::from_bytes(bytes).ok_or(Fault::Unreadable)
        };
        let kind: &str = row.try_get("kind").map_err(unreadable)?;
        let body: Option<Vec<u8>> = row.try_get("body").map_err(unreadable)?;
        Ok(Self {
            seq,
            kind: Kind::parse(kind).ok_or(Fault::Unreadable)?,
            body: body.ok_or(Fault::NoBody)?,
            body_hash: hash("body_hash")?,
            prev: hash("prev")?,
            hash: hash("hash")?,
            recorded_at: row.try_get("recorded_at").map_err(unreadable)?,
        })
    }
}

const fn whole_store(fault: Fault) -> Stop {
    Stop::Broken(Broken { seq: None, fault })
}

/// The next records after one.
async fn page(
    connection: &mut SqliteConnection,
    after: u64,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    // The first page takes everything up to its end: a record before number 1 is found, too.
    let from = if after == 0 {
        i64::MIN
    } else {
        stored(after) + 1
    };
    sqlx::query("SELECT * FROM chain WHERE seq >= ? ORDER BY seq LIMIT ?")
        .bind(from)
        .bind(stored(PAGE_RECORDS))
        .fetch_all(connection)
        .await
}

/// Whether SQLite says that the file itself is damaged (`SQLITE_CORRUPT`, `SQLITE_NOTADB`).
fn is_damage(error: &sqlx::Error) -> bool {
    const CORRUPT: i64 = 11;
    const NOT_A_DATABASE: i64 = 26;
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<i64>().ok());
    // The low byte of an extended code is the primary one.
    matches!(code.map(|code| code & 0xFF), Some(CORRUPT | NOT_A_DATABASE))
}
