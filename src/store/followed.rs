//! What follows from deeds and is asked for again and again? Kept, and brought up to date.
//!
//! Exceptions and wishes are computed from all deeds about them, of which years bring many
//! thousands. A reader keeps what it computed and from then on reads only the deeds that came
//! since: the chain is only ever added to, whoever adds to it.

use std::sync::{Mutex, PoisonError};

use crate::model::exchange::UnixMillis;

use super::deed::What;
use super::deeds_reader::StoredDeed;
use super::error::StoreError;
use super::exception::{self, ExceptionState};
use super::reader::StoreReader;
use super::release::{self, ReleaseState};

/// The deeds that anything here follows from.
const ABOUT: [What; 10] = [
    What::ExceptionProposed,
    What::ExceptionConfirmed,
    What::ExceptionDeclined,
    What::ExceptionEnded,
    What::ExceptionUsed,
    What::ReleaseAsked,
    What::ReleaseGranted,
    What::ReleaseDeclined,
    What::ReleaseUsed,
    What::ReportMade,
];

/// What a reader computed so far.
#[derive(Debug, Default)]
pub(super) struct Followed(Mutex<UpTo>);

#[derive(Debug, Default)]
struct UpTo {
    /// The last deed that is reckoned in.
    seq: u64,
    /// In the order in which they were proposed.
    exceptions: Vec<ExceptionState>,
    /// In the order in which they were asked.
    releases: Vec<ReleaseState>,
    last_report: Option<UnixMillis>,
}

/// What people decided against the rules, and when they last reported.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The wishes that something is wanted of, one per incident, the newest first.
    pub releases: Vec<ReleaseState>,
    /// All exceptions, the newest first.
    pub exceptions: Vec<ExceptionState>,
    /// When the last report was made.
    pub last_report: Option<UnixMillis>,
}

impl UpTo {
    /// Reckons in what came since; two questions at once may bring the same deeds.
    fn follow(&mut self, deeds: &[StoredDeed]) {
        for deed in deeds {
            if deed.seq > self.seq {
                exception::follow(&mut self.exceptions, &deed.record);
                release::follow(&mut self.releases, &deed.record);
                if What::parse(&deed.record.what) == Some(What::ReportMade) {
                    self.last_report = Some(deed.record.recorded_at);
                }
                self.seq = deed.seq;
            }
        }
    }

    fn exceptions(&self) -> Vec<ExceptionState> {
        self.exceptions.iter().rev().cloned().collect()
    }

    fn releases(&self, wanted: impl Fn(&ReleaseState) -> bool) -> Vec<ReleaseState> {
        let newest_first = self.releases.iter().rev();
        newest_first.filter(|one| wanted(one)).cloned().collect()
    }
}

impl StoreReader {
    /// All of it at once.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn decided(
        &self,
        wanted: impl Fn(&ReleaseState) -> bool,
    ) -> Result<Decided, StoreError> {
        self.follow(|now| Decided {
            releases: now.releases(wanted),
            exceptions: now.exceptions(),
            last_report: now.last_report,
        })
        .await
    }

    /// All exceptions, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn exceptions(&self) -> Result<Vec<ExceptionState>, StoreError> {
        self.follow(UpTo::exceptions).await
    }

    /// The wishes that something is wanted of, one per incident, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn releases(
        &self,
        wanted: impl Fn(&ReleaseState) -> bool,
    ) -> Result<Vec<ReleaseState>, StoreError> {
        self.follow(|now| now.releases(wanted)).await
    }

    /// Brings it up to date and takes something from it.
    async fn follow<T>(&self, take: impl FnOnce(&UpTo) -> T) -> Result<T, StoreError> {
        let followed = &self.followed().0;
        loop {
            let seq = followed.lock().unwrap_or_else(PoisonError::into_inner).seq;
            let (deeds, may_go_on) = self.deeds_after(seq, &ABOUT).await?;
            let mut now = followed.lock().unwrap_or_else(PoisonError::into_inner);
            now.follow(&deeds);
            if !may_go_on {
                return Ok(take(&now));
            }
        }
    }
}
