//! Who may hold how much memory for request bodies?
//!
//! All bodies held at one time share one budget, and one client gets at most a quarter of it, so
//! that one workstation cannot starve the others. An exchange waits for its share for a bounded
//! time; then it is refused.
//!
//! Never: a share given out without both bounds being met.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::model::limits::Limits;

/// The budget for bodies held. Counted in KiB.
pub(super) struct Budget {
    all: Arc<Semaphore>,
    clients: Mutex<HashMap<IpAddr, Weak<Semaphore>>>,
    client_kib_max: usize,
    wait_max: std::time::Duration,
}

/// A part of the budget, given back when dropped.
#[derive(Debug)]
pub(super) struct Share {
    client: OwnedSemaphorePermit,
    all: OwnedSemaphorePermit,
}

/// The share did not become free in time, or is more than one client may hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BudgetExhausted;

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(kib(limits.held_bytes_max))),
            clients: Mutex::new(HashMap::new()),
            client_kib_max: kib(limits.client_held_bytes_max()),
            wait_max: limits.budget_wait_max,
        }
    }

    /// Waits for a share of the given size.
    pub(super) async fn share(
        &self,
        bytes: usize,
        client: IpAddr,
    ) -> Result<Share, BudgetExhausted> {
        let amount = u32::try_from(kib(bytes)).map_err(|_| BudgetExhausted)?;
        if kib(bytes) > self.client_kib_max {
            return Err(BudgetExhausted);
        }
        let of_client = self.client_semaphore(client);
        let wait = async {
            let client = of_client.acquire_many_owned(amount).await;
            let all = Arc::clone(&self.all).acquire_many_owned(amount).await;
            match (client, all) {
                (Ok(client), Ok(all)) => Ok(Share { client, all }),
                (Err(_), _) | (_, Err(_)) => Err(BudgetExhausted),
            }
        };
        timeout(self.wait_max, wait)
            .await
            .unwrap_or(Err(BudgetExhausted))
    }

    fn client_semaphore(&self, client: IpAddr) -> Arc<Semaphore> {
        // Beyond this many entries those of clients without a share are dropped.
        const CLIENTS_KEPT: usize = 1024;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(&client).and_then(Weak::upgrade) {
            return known;
        }
        if clients.len() >= CLIENTS_KEPT {
            clients.retain(|_, semaphore| semaphore.strong_count() > 0);
        }
        let fresh = Arc::new(Semaphore::new(self.client_kib_max));
        clients.insert(client, Arc::downgrade(&fresh));
        fresh
    }
}

impl Share {
    /// Joins a further share of the same client to this one.
    pub(super) fn join(&mut self, further: Self) {
        let Self { client, all } = further;
        self.client.merge(client);
        self.all.merge(all);
    }
}

const fn kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn budget() -> Budget {
        Budget::new(&Limits {
            held_bytes_max: 16 * 1024,
            budget_wait_max: Duration::from_millis(5),
            ..Limits::default()
        })
    }

    #[tokio::test]
    async fn one_client_gets_at_most_a_quarter() {
        let budget = budget();
        let one = IpAddr::from([10, 0, 0, 1]);
        let other = IpAddr::from([10, 0, 0, 2]);
        let held = budget.share(4 * 1024, one).await.unwrap();
        assert_eq!(budget.share(1, one).await.unwrap_err(), BudgetExhausted);
        assert!(budget.share(1, other).await.is_ok());
        drop(held);
        assert!(budget.share(1, one).await.is_ok());
        assert!(budget.share(5 * 1024, one).await.is_err());
    }

    #[tokio::test]
    async fn all_clients_together_stay_within_the_budget() {
        let budget = budget();
        let mut held = Vec::new();
        for last in 1..=4 {
            let client = IpAddr::from([10, 0, 0, last]);
            held.push(budget.share(4 * 1024, client).await.unwrap());
        }
        let fifth = IpAddr::from([10, 0, 0, 5]);
        assert!(budget.share(1024, fifth).await.is_err());
    }
}
