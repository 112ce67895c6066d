//! What people allowed, from the chain into the traffic path, and what was used of it back.
//!
//! The chain is the truth: after a start and after each decision the exceptions in force and the
//! grants that are not used up are read from it and handed to [`Permits`].

use std::net::IpAddr;

use crate::inspect::{Content, Grant, Permits};
use crate::model::exchange::UnixMillis;
use crate::model::incident::Fingerprint;
use crate::policy::{Excepted, Exception, Exceptions};
use crate::store::exception::{ExceptionState, Scope, facts};
use crate::store::release::ReleaseState;
use crate::store::{Act, Actor, Deed, Incident, Store, StoreError, StoreReader, What};

/// Puts everything in force that the chain tells of.
///
/// # Errors
/// When the store cannot be read.
pub async fn put_in_force(
    reader: &StoreReader,
    permits: &Permits,
    now: UnixMillis,
) -> Result<(), StoreError> {
    put_exceptions_in_force(reader, permits, now).await?;
    put_lifts_in_force(reader, permits).await?;
    let is_granted = |release: &ReleaseState| release.granted_until(now).is_some();
    for release in reader.releases(is_granted).await? {
        if let Some(until) = release.granted_until(now)
            && let Some(incident) = reader.find(&release.incident).await?
            && let Some(grant) = grant_of(&incident, until)
        {
            permits.grant(grant);
        }
    }
    Ok(())
}

/// Puts the exceptions in force that the chain tells of, and no others.
pub(super) async fn put_exceptions_in_force(
    reader: &StoreReader,
    permits: &Permits,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let all = reader.exceptions().await?;
    let holding = all.into_iter().filter(|one| one.holds_at(now));
    permits.set_exceptions(Exceptions::new(holding.map(exception).collect()));
    Ok(())
}

/// Puts the lifted false alarms of state secrecy in force that the chain tells of, and no others.
pub(super) async fn put_lifts_in_force(
    reader: &StoreReader,
    permits: &Permits,
) -> Result<(), StoreError> {
    let lifted = reader.lifted().await?.into_iter().map(Fingerprint);
    permits.set_lifted(lifted.collect());
    Ok(())
}

fn exception(state: ExceptionState) -> Exception {
    Exception {
        id: state.id,
        about: match state.scope {
            Scope::Value => Excepted::Value(Fingerprint(state.fingerprint)),
            Scope::Rule => Excepted::Rule(state.rule),
        },
        unit: state.unit,
        until: state.until,
    }
}

/// Leave to send the content of an incident again.
pub(super) fn grant_of(incident: &Incident, until: UnixMillis) -> Option<Grant> {
    let record = &incident.record;
    let client: IpAddr = record.client_address.parse().ok()?;
    Some(Grant {
        incident: record.id.clone(),
        client,
        service: record.service.clone(),
        content: Content::of(record)?,
        until,
    })
}

/// Writes into the chain how often exceptions were used since this was done last.
///
/// # Errors
/// When it could not be written; the counts are then lost.
pub async fn record_uses(store: &Store, permits: &Permits) -> Result<(), StoreError> {
    let uses = permits.take_uses();
    if uses.is_empty() {
        return Ok(());
    }
    let mut act = Act::default();
    for (id, count) in uses {
        let deed = Deed::new(Actor::guard(), What::ExceptionUsed).subject(&id);
        act = act.deed(deed.fact(facts::COUNT, &count.to_string()));
    }
    store.act(act).await.map(drop)
}
