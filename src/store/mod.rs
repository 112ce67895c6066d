//! What happened, kept so that nobody can change it unnoticed: incidents, append-only, chained.
//!
//! In goes an [`IncidentDraft`]; out comes a [`Receipt`], and only once the incident is on disk.
//! What people do goes in as an [`Act`]: deeds for the chain, and changes of accounts and sessions.
//! The store is one SQLite file with one writer task behind a bounded queue; readers open it
//! read-only beside it. `chain` is the truth, every other table is derived from it.
//!
//! It must never hold a prompt in the open, forget a receipt it gave, change a record, or fork the chain. It
//! never panics: when the disk fails, [`Store::is_writable`] says so and decisions fail closed.
//!
//! What the chain shows: any change to a record that is still there. What it cannot show alone: a
//! tail cut off, or records after the last checkpoint rewritten by someone who can write the file.
//! A checkpoint kept elsewhere shows the first; checkpoints come often because of the second.
//!
//! Read next: [`canonical`] (the bytes), [`chain`] (the hashes), `writer` (the one task),
//! [`deed`] and [`review`] (what people do), [`mod@evidence`] (what is kept sealed), `tables`, [`mod@verify`] (the proof), [`reader`] (lists).

pub mod account;
pub mod alert;
pub mod canonical;
pub mod chain;
pub mod checkpoint;
pub mod deed;
pub mod event;
pub mod evidence;
pub mod exception;
pub mod finding_record;
pub mod incident_filter;
pub mod incident_json;
pub mod incident_line;
pub mod incident_list;
pub mod keys;
pub mod pressing;
pub mod reader;
pub mod record;
pub mod registry;
pub mod release;
pub mod requests_counted;
pub mod review;
pub mod token;
pub mod tool;
pub mod totals;
pub mod verify;
pub mod verify_report;

mod accounts_reader;
mod act;
mod append;
mod batch;
mod code;
mod composed;
mod deeds_reader;
mod derived;
mod derived_event;
mod error;
mod folder;
mod followed;
mod lift;
mod migrate;
mod period_reader;
mod range;
mod repeat;
mod schema;
mod shared;
mod tables;
mod totals_reader;
mod verify_derived;
mod verify_evidence;
mod version;
mod welfare;
mod whole;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::model::category::Severity;
use crate::model::exchange::UnixMillis;
use crate::model::incident::{IncidentDraft, Receipt};

pub use act::Act;
pub use checkpoint::Checkpoint;
pub use deed::{Actor, Deed, DeedRecord, What};
pub use deeds_reader::{DeedFilter, Secrets, StoredDeed};
pub use error::StoreError;
pub use evidence::{Evidence, KeptEvidence, NotKept, SealedText};
pub use followed::Decided;
pub use incident_filter::{IncidentFilter, Narrow};
pub use incident_line::IncidentLine;
pub use incident_list::IncidentPage;
pub use keys::StoreKeys;
pub use period_reader::{Alike, Mark, PeriodQuery, REPORT_KIND, REPORT_STAGE, Relevant, Reviewed};
pub use pressing::Pressing;
pub use reader::{Filter, StoreReader};
pub use record::{Incident, IncidentRecord};
pub use registry::Registry;
pub use requests_counted::{RequestsCounted, requests_counted};
pub use totals_reader::{Sum, Total};
pub use verify::{Trust, verify};
pub use verify_report::VerifyReport;
pub use version::Version;
pub use welfare::Welfare;
pub use whole::{InCommon, WholeIncident};

use shared::Shared;
use writer::{Command, Writer};

/// How many commands may wait for the writer before `record` itself waits.
const QUEUE_COMMANDS_MAX: usize = 1024;

/// Where the store is and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreSettings {
    /// The database file, `incidents.db` in the data folder.
    pub path: PathBuf,
    /// The name of this node, written into every record and checkpoint.
    pub node: String,
}

/// Tells the time. Handed in, so that tests can set it.
pub type Clock = fn() -> UnixMillis;

/// The incident store. Cheap to clone; one writer task behind it.
#[derive(Clone)]
pub struct Store {
    commands: mpsc::Sender<Command>,
    shared: Arc<Shared>,
}

impl Store {
    /// Opens the store, making it if it is not there, and starts its writer on this runtime.
    ///
    /// # Errors
    /// When the file cannot be opened or made, is no incident store, was written by a newer
    /// version, or is signed by another key than `keys`.
    pub async fn open(
        settings: &StoreSettings,
        keys: StoreKeys,
        clock: Clock,
    ) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let writer = Writer::open(settings, keys, clock, Arc::clone(&shared)).await?;
        let (commands, queue) = mpsc::channel(QUEUE_COMMANDS_MAX);
        drop(tokio::spawn(writer.run(queue)));
        Ok(Self { commands, shared })
    }

    /// A store that could not be opened: nothing can be recorded, so decisions other than allow
    /// fail closed.
    pub fn unavailable() -> Self {
        let (commands, _nobody) = mpsc::channel(1);
        let shared = Arc::new(Shared::default());
        shared.set_writable(false);
        Self { commands, shared }
    }

    /// Stores an incident and returns once it is safely on disk.
    ///
    /// A repeat, and what exceeds a client's rate, makes no record of its own: the receipt is that
    /// of the incident that stands for it, which is on disk already.
    ///
    /// # Errors
    /// When it could not be written; the exchange then fails closed.
    pub async fn record(&self, draft: IncidentDraft) -> Result<Receipt, StoreError> {
        self.record_with(draft, None).await
    }

    /// The same, with the sealed text of a request that was blocked. A repeat keeps none.
    ///
    /// # Errors
    /// When it could not be written; the exchange then fails closed.
    pub async fn record_with(
        &self,
        draft: IncidentDraft,
        evidence: Option<Evidence>,
    ) -> Result<Receipt, StoreError> {
        let (answer, receipt) = oneshot::channel();
        let command = Command::record((draft, evidence), answer, &self.shared);
        self.send(command).await?;
        receipt.await.map_err(|_closed| StoreError::Unwritable)?
    }

    /// Does what an act says, all or nothing, and returns once it is safely on disk. Gives the
    /// numbers of its deeds in the chain.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else was first; anything else when it could not be
    /// written.
    pub async fn act(&self, act: Act) -> Result<Vec<u64>, StoreError> {
        let (answer, acted) = oneshot::channel();
        self.send(Command::Act(Box::new(act), answer)).await?;
        acted.await.map_err(|_closed| StoreError::Unwritable)?
    }

    /// Tells of every deed that got into the chain, by the last number of the chain.
    pub fn deeds_seen(&self) -> watch::Receiver<u64> {
        self.shared.deeds_seen()
    }

    /// Whether the last write worked (or none was tried).
    pub fn is_writable(&self) -> bool {
        self.shared.is_writable()
    }

    /// How many drafts wait for their receipt now.
    pub fn pending(&self) -> u64 {
        self.shared.pending()
    }

    /// The number of the last record on disk; 0 for an empty store.
    pub fn chain_seq(&self) -> u64 {
        self.shared.chain_seq()
    }

    /// What the office has laid down, as of the last deed.
    pub fn registry(&self) -> Arc<Registry> {
        self.shared.registry()
    }

    /// How many incidents of a severity were recorded since the start of the program.
    pub fn incidents_recorded(&self, severity: Severity) -> u64 {
        self.shared.incidents_recorded(severity)
    }

    /// How many deeds of a kind were recorded since the start of the program; a deed that tells of
    /// several uses counts as many.
    pub fn deeds_recorded(&self, what: What) -> u64 {
        self.shared.deeds_recorded(what)
    }

    /// Signs the chain as it stands and gives the checkpoint, to be kept elsewhere.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        let (answer, checkpoint) = oneshot::channel();
        self.send(Command::Checkpoint(answer)).await?;
        checkpoint.await.map_err(|_closed| StoreError::Unwritable)?
    }

    /// Writes what waits, counts what is open, signs the chain and closes the file.
    ///
    /// # Errors
    /// When the last writes failed; what had its receipt is on disk all the same.
    pub async fn close(&self) -> Result<(), StoreError> {
        let (answer, closed) = oneshot::channel();
        self.send(Command::Close(answer)).await?;
        closed.await.map_err(|_closed| StoreError::Unwritable)?
    }

    async fn send(&self, command: Command) -> Result<(), StoreError> {
        let sent = self.commands.send(command).await;
        sent.map_err(|_closed| {
            // Without its writer nothing will ever be written again.
            self.shared.set_writable(false);
            StoreError::Unwritable
        })
    }
}

#[cfg(test)]
mod act_tests;
#[cfg(test)]
mod evidence_tests;
#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod incident_list_tests;
#[cfg(test)]
pub(crate) mod million;
#[cfg(test)]
mod registry_tests;
#[cfg(test)]
mod tamper_tests;
#[cfg(test)]
mod tests;
