//! Is every sealed text there that the chain tells of, unchanged, and no other?

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqliteConnection};

use super::chain::Hash;
use super::deed::{DeedRecord, What};
use super::derived::number;
use super::evidence::facts;

/// What must be there, by the id of its incident, as of the records read so far.
#[derive(Default)]
pub(super) struct Sealed {
    expected: HashMap<String, Expected>,
}

#[derive(PartialEq, Eq)]
struct Expected {
    seq: u64,
    sha256: String,
    bytes: String,
    until: String,
    recipient: String,
    sealed_at: i64,
}

/// A row that is not what the chain tells, or the record that tells of a row that is not there.
pub(super) struct NotThere(pub(super) Option<u64>);

impl Sealed {
    /// Takes a deed into account.
    pub(super) fn deed(&mut self, seq: u64, deed: &DeedRecord) {
        let Some(incident) = &deed.incident else {
            return;
        };
        match What::parse(&deed.what) {
            Some(What::EvidenceSealed) => {
                let fact = |name| deed.fact(name).unwrap_or_default().to_owned();
                let expected = Expected {
                    seq,
                    sha256: fact(facts::SHA256),
                    bytes: fact(facts::BYTES),
                    until: fact(facts::UNTIL),
                    recipient: fact(facts::RECIPIENT),
                    sealed_at: deed.recorded_at.0,
                };
                self.expected.insert(incident.clone(), expected);
            }
            Some(What::EvidenceExpired | What::EvidenceDestroyed) => {
                self.expected.remove(incident);
            }
            Some(_) | None => {}
        }
    }

    /// Compares with the rows, one at a time: together they may be large.
    pub(super) async fn compare(
        mut self,
        connection: &mut SqliteConnection,
    ) -> Result<Result<(), NotThere>, sqlx::Error> {
        let mut rows = sqlx::query("SELECT * FROM evidence").fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let incident: &str = row.try_get("incident")?;
            let sealed: &[u8] = row.try_get("sealed")?;
            let Some(expected) = self.expected.remove(incident) else {
                return Ok(Err(NotThere(None)));
            };
            let found = Expected {
                seq: expected.seq,
                sha256: Hash::of(sealed).to_string(),
                bytes: number(&row, "bytes")?.to_string(),
                until: row.try_get::<i64, _>("ends_at")?.to_string(),
                recipient: row.try_get("recipient")?,
                sealed_at: row.try_get("sealed_at")?,
            };
            if found != expected {
                return Ok(Err(NotThere(Some(expected.seq))));
            }
        }
        let missing = self.expected.values().map(|one| one.seq).min();
        Ok(missing.map_or(Ok(()), |seq| Err(NotThere(Some(seq)))))
    }
}
