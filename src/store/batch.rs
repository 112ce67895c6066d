//! What did one transaction make, until it is known whether it holds?
//!
//! Never: SQL; the writer fills it, and tells those who wait.

use crate::model::category::Severity;

use super::Receipt;
use super::act::Act;
use super::registry::Registry;
use super::writer::{Answer, Waiter};

/// What one transaction made, until it is known whether it holds.
#[derive(Default)]
pub(super) struct Batch {
    /// Incidents, for the counters.
    pub recorded: Vec<(Severity, Receipt)>,
    /// Who waits for them.
    pub answers: Vec<(Waiter, Receipt)>,
    /// Who could not be served.
    pub unserved: Vec<Waiter>,
    /// What people did, and who waits for it.
    pub acts: Vec<(Act, Answer<Vec<u64>>)>,
    /// One for each act: the numbers of its deeds, or nothing where somebody else was first.
    pub acted: Vec<Option<Vec<u64>>>,
}

impl Batch {
    /// Whether a deed of it changes what the office has laid down.
    pub(super) fn lays_down(&self) -> bool {
        let deeds = self.acts.iter().flat_map(|(act, _)| &act.deeds);
        deeds.map(|deed| deed.what).any(Registry::follows_from)
    }
}
