//! How is the inspection called, so that neither its time nor its failure hurts other exchanges?
//!
//! Large contents go to the blocking pool, in turn, so that what reading them takes stays within
//! the budget; a panic is caught and stops only the exchange that met
//! it (which is refused). What follows from a judgement is counted, and the incident is stored
//! before anything goes up or down.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

use super::Core;
use super::failure::Failure;
use super::recent::RecentEvent;
use crate::inspect::{BlockedText, Inspection, Sender};
use crate::model::address::ClientAddr;
use crate::model::incident::{IncidentDraft, Receipt};
use crate::model::request_counts::RequestCounts;
use crate::seal;
use crate::store::{Act, Actor, Deed, Evidence, NotKept, SealedText, What};
use crate::telemetry::Stage;

/// Calls the inspection of `bytes` bytes.
pub(super) async fn judge<T: Send + 'static>(
    core: &Core,
    bytes: usize,
    inspection: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let started = Instant::now();
    let guarded = move || catch_unwind(AssertUnwindSafe(inspection)).map_err(drop);
    let judged = if bytes > core.limits().inline_judge_bytes_max {
        let _turn = core.budget.turn_to_read(bytes).await;
        tokio::task::spawn_blocking(guarded)
            .await
            .unwrap_or(Err(()))
    } else {
        guarded()
    };
    core.parts
        .metrics
        .inspection(Stage::Inspect, started.elapsed());
    judged.map_err(|()| Failure::Inspection)
}

/// Runs a future; a panic in it is caught and ends only this future.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => Poll::Ready(Err(Failure::Inspection)),
        }
    })
    .await
}

/// What an inspection leaves to be recorded.
pub(super) struct ToRecord {
    pub(super) incident: Option<IncidentDraft>,
    /// The incident for whose content a person gave leave.
    pub(super) released: Option<String>,
    /// The text of a blocked request, to be sealed.
    pub(super) evidence: Option<BlockedText>,
}

/// Stores the incident and waits until it is on disk. The store down makes everything that has an
/// incident fail closed.
pub(super) async fn record(
    core: &Core,
    client: ClientAddr,
    ToRecord {
        incident,
        released,
        evidence,
    }: ToRecord,
) -> Result<Option<Receipt>, Failure> {
    let Some(draft) = incident else {
        return Ok(None);
    };
    let sealed = evidence.and_then(|text| sealed(core, text));
    let event = recent_event(core, &draft);
    let started = Instant::now();
    let recorded = core.parts.store.record_with(draft, sealed).await;
    core.parts
        .metrics
        .inspection(Stage::Store, started.elapsed());
    match recorded {
        Ok(receipt) => {
            if let Some(released) = released {
                use_up(core, client, &released, &receipt).await?;
            }
            core.recent.remember(client.ip(), event, &receipt);
            Ok(Some(receipt))
        }
        Err(_) => Err(Failure::StoreDown),
    }
}

/// The text of a blocked request, sealed for the auditor's key; nothing where the office keeps none.
/// Whatever goes wrong here, the block stands.
fn sealed(core: &Core, text: BlockedText) -> Option<Evidence> {
    let settings = core.parts.settings.load();
    let recipient = settings.evidence.recipient.as_ref()?;
    let text = match text {
        BlockedText::Whole(text) => text,
        BlockedText::TooLarge => return Some(Evidence::NotKept(NotKept::TooLarge)),
    };
    match seal::seal(recipient, text.expose().as_bytes()) {
        Ok(file) => Some(Evidence::Sealed(SealedText {
            file,
            recipient: recipient.to_string(),
            days: settings.evidence.days,
            total_bytes_max: u64::try_from(settings.limits.evidence_total_bytes_max)
                .unwrap_or(u64::MAX),
        })),
        Err(error) => {
            tracing::error!(%error, "the text of a blocked request was not kept");
            Some(Evidence::NotKept(NotKept::Failed))
        }
    }
}

/// A person's leave is used up in the log before anything goes up.
async fn use_up(
    core: &Core,
    client: ClientAddr,
    released: &str,
    receipt: &Receipt,
) -> Result<(), Failure> {
    let address = client.ip().to_string();
    let actor = Actor {
        name: address.clone(),
        role: "clerk".to_owned(),
        address,
    };
    let deed = Deed::new(actor, What::ReleaseUsed)
        .incident(released)
        .fact("sent_as", &receipt.code);
    let acted = core.parts.store.act(Act::of(deed)).await;
    acted.map(drop).map_err(|_| Failure::StoreDown)
}

/// What the workstation's own page tells of it.
fn recent_event(core: &Core, draft: &IncidentDraft) -> RecentEvent {
    let inspector = core.parts.inspector.load();
    let mut services = inspector.catalogue().services().iter();
    let service = services.find(|service| service.id == draft.service);
    RecentEvent::of(draft, service.map_or("công cụ AI", |service| &service.name))
}

/// Counts what came of a judgement.
pub(super) fn count<V>(core: &Core, sender: &Sender, inspection: &Inspection<V>) {
    let metrics = &core.parts.metrics;
    metrics.decision(inspection.action, inspection.carries);
    core.cover(&inspection.service, inspection.coverage);
    let (action, carries) = (inspection.action, inspection.carries);
    let counts = RequestCounts::judged(action, carries, inspection.coverage);
    core.tally(&inspection.service, sender, &counts);
    if let Some(shape) = &inspection.shape {
        let at = (core.parts.clock)();
        let watch = &core.parts.watch;
        watch.unknown_path(&inspection.service, shape.clone(), at);
    }
    for (category, confidence) in &inspection.found {
        metrics.finding(*category, *confidence);
    }
}
