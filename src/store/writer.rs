//! Who writes? One task, which commits all that waits in one transaction, then answers everyone.
//!
//! The database is touched only here and never inside a `select!` or a timeout: a transaction that
//! is dropped half-way would stay open on its connection. Only the wait for the queue is selected.
//!
//! After a failed write the connection is thrown away and the next draft tries a new one; without
//! drafts a probe (a checkpoint, which is wanted after an outage anyway) is written every few
//! seconds until it works.

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::MissedTickBehavior;

use crate::model::exchange::UnixMillis;
use crate::model::incident::{IncidentDraft, Receipt};

use super::act::Act;
use super::append::{Append, Head};
use super::batch::Batch;
use super::checkpoint::Checkpoint;
use super::error::StoreError;
use super::event::EventRecord;
use super::evidence::Evidence;
use super::keys::StoreKeys;
use super::reader::StoreReader;
use super::registry::Registry;
use super::repeat::Repeats;
use super::schema;
use super::shared::{Pending, Shared};
use super::{Clock, StoreSettings};

/// How many commands one transaction takes at most.
const BATCH_COMMANDS_MAX: usize = 256;
/// How often counts that are over, due checkpoints and a broken store are looked at.
const TICK: Duration = Duration::from_secs(2);
/// How long a record may be without a checkpoint after it.
const UNSIGNED_MILLIS_MAX: u64 = 10 * 60 * 1000;

pub(super) type Answer<T> = oneshot::Sender<Result<T, StoreError>>;
type Waiting = (Entry, Waiter);
/// An incident, with the sealed text that came along with it.
pub(super) type Entry = (IncidentDraft, Option<Evidence>);

/// What is asked of the writer.
pub(super) enum Command {
    /// Store this.
    Record(Box<Entry>, Waiter),
    /// Do this; gives the numbers of its deeds.
    Act(Box<Act>, Answer<Vec<u64>>),
    /// Sign the chain.
    Checkpoint(Answer<Checkpoint>),
    /// Finish.
    Close(Answer<()>),
}

/// Who waits for a receipt; counted until answered.
pub(super) struct Waiter {
    answer: Answer<Receipt>,
    _counted: Pending,
}

impl Waiter {
    /// Answers. Whoever asked may be gone by now, which changes nothing for the store.
    fn answer(self, receipt: Result<Receipt, StoreError>) {
        self.answer.send(receipt).ok();
    }
}

impl Command {
    /// Asks for a record.
    pub(super) fn record(entry: Entry, answer: Answer<Receipt>, shared: &Arc<Shared>) -> Self {
        let waiter = Waiter {
            answer,
            _counted: Pending::new(shared),
        };
        Self::Record(Box::new(entry), waiter)
    }
}

/// The writer and all it knows.
pub(super) struct Writer {
    path: PathBuf,
    /// Device and inode of the file, to notice that it was replaced.
    identity: (u64, u64),
    node: String,
    keys: StoreKeys,
    clock: Clock,
    shared: Arc<Shared>,
    connection: Option<SqliteConnection>,
    head: Head,
    repeats: Repeats,
    /// Counts that are over and not yet on disk.
    events: Vec<EventRecord>,
}

/// Whether a transaction must end with a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signing {
    IfDue,
    Always,
}

impl Writer {
    /// Opens the file and finds the end of its chain.
    pub(super) async fn open(
        settings: &StoreSettings,
        keys: StoreKeys,
        clock: Clock,
        shared: Arc<Shared>,
    ) -> Result<Self, StoreError> {
        let path = settings.path.clone();
        schema::make_file(&path)?;
        let mut connection = schema::open_writable(&path, &keys.public_key()).await?;
        let head = Head::load(&mut connection).await?;
        shared.set_chain_seq(head.seq);
        let writer = Self {
            identity: identity(&path)?,
            path,
            node: settings.node.clone(),
            keys,
            clock,
            shared,
            connection: Some(connection),
            head,
            repeats: Repeats::default(),
            events: Vec::new(),
        };
        writer.read_registry().await;
        Ok(writer)
    }

    /// Serves the queue until it is closed.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut commands = Vec::new();
            tokio::select! {
                count = queue.recv_many(&mut commands, BATCH_COMMANDS_MAX) => {
                    if count == 0 {
                        self.finish().await.ok();
                        return;
                    }
                }
                _ = ticks.tick() => {}
            }
            if let Some(closer) = self.serve(commands).await {
                queue.close();
                // Nobody may wait for an answer to this.
                closer.send(self.finish().await).ok();
                return;
            }
        }
    }

    /// Serves one batch; gives who asked to close, if anyone did.
    async fn serve(&mut self, commands: Vec<Command>) -> Option<Answer<()>> {
        let mut drafts = Vec::new();
        let mut batch = Batch::default();
        let mut checkpoints = Vec::new();
        let mut closer = None;
        for command in commands {
            match command {
                Command::Record(entry, waiter) => drafts.push((*entry, waiter)),
                Command::Act(act, answer) => batch.acts.push((*act, answer)),
                Command::Checkpoint(answer) => checkpoints.push(answer),
                Command::Close(answer) => closer = Some(answer),
            }
        }
        let now = (self.clock)();
        let signing = if checkpoints.is_empty() {
            Signing::IfDue
        } else {
            Signing::Always
        };
        let wrote = self.write(drafts, batch, signing, now).await;
        for answer in checkpoints {
            let checkpoint = self.head.checkpoint.clone().filter(|_| wrote.is_ok());
            answer.send(checkpoint.ok_or(StoreError::Unwritable)).ok();
        }
        closer
    }

    /// Writes the drafts that need a record, and what is due, in one transaction.
    async fn write(
        &mut self,
        drafts: Vec<Waiting>,
        mut batch: Batch,
        signing: Signing,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        // What stands for these drafts is on disk already, whatever becomes of this batch.
        let mut fresh = Vec::new();
        for (entry, waiter) in drafts {
            match self.repeats.stand_in(&entry.0, now) {
                Some(receipt) => waiter.answer(Ok(receipt)),
                None => fresh.push((entry, waiter)),
            }
        }
        self.events.extend(self.repeats.take_over(now));
        let sign = self.must_sign(signing, now);
        if fresh.is_empty() && batch.acts.is_empty() && self.events.is_empty() && !sign {
            return Ok(());
        }
        let wrote = self.commit(fresh, sign, now, &mut batch).await;
        if wrote.is_ok() && batch.lays_down() {
            self.read_registry().await;
        }
        self.settle(&wrote, batch);
        wrote
    }

    /// Reads again what the office has laid down.
    async fn read_registry(&self) {
        match Registry::load(&StoreReader::at(&self.path)).await {
            Ok(registry) => self.shared.set_registry(registry),
            Err(error) => tracing::error!(%error, "what the office laid down cannot be read"),
        }
    }

    fn must_sign(&self, signing: Signing, now: UnixMillis) -> bool {
        let since = self.head.unsigned_since;
        let is_old = |since: UnixMillis| now.0.abs_diff(since.0) >= UNSIGNED_MILLIS_MAX;
        match signing {
            Signing::Always => self.head.unsigned > 0 || self.head.checkpoint.is_none(),
            Signing::IfDue => since.is_some_and(is_old) || !self.shared.is_writable(),
        }
    }

    async fn commit(
        &mut self,
        fresh: Vec<Waiting>,
        sign: bool,
        now: UnixMillis,
        batch: &mut Batch,
    ) -> Result<(), StoreError> {
        let mut fresh = fresh.into_iter();
        let wrote = self.append(&mut fresh, sign, now, batch).await;
        // Those that a failure left behind fail with the rest.
        batch.unserved.extend(fresh.map(|(_, waiter)| waiter));
        let (connection, head) = wrote?;
        self.connection = Some(connection);
        self.head = head;
        self.events.clear();
        Ok(())
    }

    /// One transaction. On an error the connection is dropped, and with it the transaction.
    async fn append(
        &mut self,
        fresh: &mut std::vec::IntoIter<Waiting>,
        sign: bool,
        now: UnixMillis,
        batch: &mut Batch,
    ) -> Result<(SqliteConnection, Head), StoreError> {
        let mut connection = self.connect().await?;
        let head = self.head.clone();
        let begun = Append::begin(&mut connection, head, &self.node, &self.keys, now);
        let mut append = begun.await?;
        for ((draft, evidence), waiter) in fresh {
            // An earlier draft of this batch may stand for it.
            if let Some(receipt) = self.repeats.stand_in(&draft, now) {
                batch.answers.push((waiter, receipt));
                continue;
            }
            let receipt = match append.incident(draft.clone(), evidence).await {
                Ok(receipt) => receipt,
                Err(error) => {
                    batch.unserved.push(waiter);
                    return Err(error);
                }
            };
            let belonging = self.repeats.remember(&draft, &receipt);
            batch.recorded.push((draft.severity, receipt.clone()));
            batch.answers.push((waiter, receipt));
            if let Some(event) = belonging {
                append.event(&event).await?;
            }
        }
        for event in &self.events {
            append.event(event).await?;
        }
        for (act, _) in &batch.acts {
            // An act that came too late stands in nobody's way.
            match append.act(act).await {
                Err(StoreError::Conflict) => batch.acted.push(None),
                acted => batch.acted.push(Some(acted?)),
            }
        }
        if sign {
            append.checkpoint().await?;
        }
        let head = append.commit().await?;
        Ok((connection, head))
    }

    /// The connection, opened anew after a failure.
    async fn connect(&mut self) -> Result<SqliteConnection, StoreError> {
        let replaced = || StoreError::Replaced(self.path.clone());
        if identity(&self.path).ok() != Some(self.identity) {
            return Err(replaced());
        }
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let mut connection = schema::open_writable(&self.path, &self.keys.public_key()).await?;
        let head = Head::load(&mut connection).await?;
        // Another process may have added to the chain, but nothing may have been taken away.
        if head.seq < self.head.seq || (head.seq == self.head.seq && head.hash != self.head.hash) {
            return Err(replaced());
        }
        self.head = head;
        Ok(connection)
    }

    /// Tells everyone how it went, and remembers it.
    fn settle(&mut self, wrote: &Result<(), StoreError>, batch: Batch) {
        let was_writable = self.shared.is_writable();
        self.shared.set_writable(wrote.is_ok());
        match wrote {
            Ok(()) => {
                if !was_writable {
                    tracing::info!("the incident store can be written again");
                }
                self.shared.set_chain_seq(self.head.seq);
                for (severity, _) in &batch.recorded {
                    self.shared.count_incident(*severity);
                }
                for (waiter, receipt) in batch.answers {
                    waiter.answer(Ok(receipt));
                }
                if batch.acts.iter().any(|(act, _)| !act.deeds.is_empty()) {
                    self.shared.tell_deeds(self.head.seq);
                }
                for ((act, answer), acted) in batch.acts.into_iter().zip(batch.acted) {
                    for deed in act.deeds.iter().filter(|_| acted.is_some()) {
                        self.shared.count_deed(deed);
                    }
                    // Whoever asked may be gone by now.
                    answer.send(acted.ok_or(StoreError::Conflict)).ok();
                }
            }
            Err(error) => {
                if was_writable {
                    let cause = std::error::Error::source(error).map(ToString::to_string);
                    tracing::error!(%error, cause, "the incident store cannot be written");
                }
                let lost: Vec<Receipt> = batch.recorded.into_iter().map(|(_, r)| r).collect();
                self.repeats.forget(&lost);
                let answers = batch.answers.into_iter().map(|(waiter, _)| waiter);
                for waiter in answers.chain(batch.unserved) {
                    waiter.answer(Err(StoreError::Unwritable));
                }
                for (_, answer) in batch.acts {
                    answer.send(Err(StoreError::Unwritable)).ok();
                }
            }
        }
    }

    /// Writes all counts, signs, closes.
    async fn finish(&mut self) -> Result<(), StoreError> {
        self.events.extend(self.repeats.take_all());
        let now = (self.clock)();
        self.write(Vec::new(), Batch::default(), Signing::Always, now)
            .await?;
        if let Some(connection) = self.connection.take() {
            connection.close().await?;
        }
        Ok(())
    }
}

fn identity(path: &std::path::Path) -> Result<(u64, u64), StoreError> {
    let metadata = std::fs::metadata(path).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    Ok((metadata.dev(), metadata.ino()))
}
