//! What may be asked of the store without waiting for its writer? A few counters.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::deed::{Deed, What};
use super::exception::facts;
use super::registry::Registry;
use crate::model::category::Severity;

/// The counters that the writer sets and everybody reads.
#[derive(Debug, Default)]
pub(super) struct Shared {
    broken: AtomicBool,
    pending: AtomicU64,
    chain_seq: AtomicU64,
    registry: ArcSwap<Registry>,
    low: AtomicU64,
    medium: AtomicU64,
    high: AtomicU64,
    critical: AtomicU64,
    deeds: watch::Sender<u64>,
    counts: Mutex<BTreeMap<What, u64>>,
}

impl Shared {
    /// Whether the last write worked.
    pub(super) fn is_writable(&self) -> bool {
        !self.broken.load(Ordering::Acquire)
    }

    /// Notes how the last write went.
    pub(super) fn set_writable(&self, works: bool) {
        self.broken.store(!works, Ordering::Release);
    }

    /// How many drafts wait.
    pub(super) fn pending(&self) -> u64 {
        self.pending.load(Ordering::Relaxed)
    }

    /// Hears of deeds.
    pub(super) fn deeds_seen(&self) -> watch::Receiver<u64> {
        self.deeds.subscribe()
    }

    /// Tells that deeds got into the chain, up to this number.
    pub(super) fn tell_deeds(&self, seq: u64) {
        self.deeds.send_replace(seq);
    }

    /// The last record's number.
    pub(super) fn chain_seq(&self) -> u64 {
        self.chain_seq.load(Ordering::Acquire)
    }

    /// Notes the last record's number.
    pub(super) fn set_chain_seq(&self, seq: u64) {
        self.chain_seq.store(seq, Ordering::Release);
    }

    /// What the office has laid down.
    pub(super) fn registry(&self) -> Arc<Registry> {
        self.registry.load_full()
    }

    /// Notes what the office has laid down.
    pub(super) fn set_registry(&self, registry: Registry) {
        self.registry.store(Arc::new(registry));
    }

    /// How many incidents of a severity were recorded.
    pub(super) fn incidents_recorded(&self, severity: Severity) -> u64 {
        self.severity(severity).load(Ordering::Relaxed)
    }

    /// Counts one recorded incident.
    pub(super) fn count_incident(&self, severity: Severity) {
        self.severity(severity).fetch_add(1, Ordering::Relaxed);
    }

    /// How many deeds of a kind were recorded.
    pub(super) fn deeds_recorded(&self, what: What) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&what).copied().unwrap_or(0)
    }

    /// Counts a recorded deed, or as many as it says it stands for.
    pub(super) fn count_deed(&self, deed: &Deed) {
        let said = deed.facts.iter().find(|(name, _)| name == facts::COUNT);
        let times = said.and_then(|(_, count)| count.parse().ok()).unwrap_or(1);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(deed.what).or_default();
        *count = count.saturating_add(times);
    }

    const fn severity(&self, severity: Severity) -> &AtomicU64 {
        match severity {
            Severity::Low => &self.low,
            Severity::Medium => &self.medium,
            Severity::High => &self.high,
            Severity::Critical => &self.critical,
        }
    }
}

/// One draft that waits: counted from its making to its end, however that comes.
#[derive(Debug)]
pub(super) struct Pending(Arc<Shared>);

impl Pending {
    /// Counts one more.
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        shared.pending.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(shared))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.pending.fetch_sub(1, Ordering::Relaxed);
    }
}
