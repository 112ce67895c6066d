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
use crate::inspect::{Inspection, Sender};
use crate::model::address::ClientAddr;
use crate::model::incident::{IncidentDraft, Receipt};
use crate::model::request_counts::RequestCounts;
use crate::store::{Act, Actor, Deed, What};
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

/// Stores the incident and waits until it is on disk. The store down makes everything that has an
/// incident fail closed.
pub(super) async fn record(
    core: &Core,
    client: ClientAddr,
    incident: Option<IncidentDraft>,
    released: Option<String>,
) -> Result<Option<Receipt>, Failure> {
    let Some(draft) = incident else {
        return Ok(None);
    };
    let event = recent_event(core, &draft);
    let started = Instant::now();
    let recorded = core.parts.store.record(draft).await;
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
