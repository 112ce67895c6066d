//! Who may hold how much memory for request bodies?
//!
//! All bodies held at one time share three quarters of one budget, and one client gets at most a
//! quarter of it, so that one workstation cannot starve the others. An exchange waits for its share
//! for a bounded time; then it is refused. What is held of answers counts too, but does not wait.
//! The last quarter is for what reading large bodies takes beside them (decoded texts, comparable
//! texts); who needs it waits for its turn, which always comes, since nothing else is waited for
//! while it is held.
//!
//! Never: a share given out without both bounds being met.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::model::limits::Limits;

/// Reading a text takes about so many times its size: its parts, and what they are compared as.
const READING_FACTOR: usize = 4;
/// Less than this is held of nearly every answer, for a moment, and is not counted.
const UNCOUNTED_BYTES: usize = 16 * 1024;

/// The budget for bodies held. Counted in KiB. Cheap to clone.
#[derive(Clone)]
pub(super) struct Budget {
    all: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    reading_kib_max: usize,
    clients: Arc<Mutex<HashMap<IpAddr, Weak<Semaphore>>>>,
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
        let reading_kib_max = kib(limits.held_bytes_max / 4);
        Self {
            all: Arc::new(Semaphore::new(kib(limits.held_bytes_max) - reading_kib_max)),
            reading: Arc::new(Semaphore::new(reading_kib_max)),
            reading_kib_max,
            clients: Arc::default(),
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

    /// The same without waiting.
    fn share_at_once(&self, bytes: usize, client: IpAddr) -> Result<Share, BudgetExhausted> {
        let amount = u32::try_from(kib(bytes)).map_err(|_| BudgetExhausted)?;
        let of_client = self.client_semaphore(client);
        let client = of_client.try_acquire_many_owned(amount);
        let all = Arc::clone(&self.all).try_acquire_many_owned(amount);
        match (client, all) {
            (Ok(client), Ok(all)) => Ok(Share { client, all }),
            (Err(_), _) | (_, Err(_)) => Err(BudgetExhausted),
        }
    }

    /// Waits until a body of this size can be read; drop it when it was.
    pub(super) async fn turn_to_read(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let wanted = kib(bytes)
            .saturating_mul(READING_FACTOR)
            .min(self.reading_kib_max);
        let amount = u32::try_from(wanted).ok()?;
        // It is closed never, so this waits and does not fail.
        let turn = Arc::clone(&self.reading).acquire_many_owned(amount).await;
        turn.ok()
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

/// The share of what is held of one answer, as it grows and goes.
pub(super) struct Growing {
    budget: Budget,
    client: IpAddr,
    counted: usize,
    share: Option<Share>,
}

impl Growing {
    /// Nothing is held yet.
    pub(super) const fn new(budget: Budget, client: IpAddr) -> Self {
        Self {
            budget,
            client,
            counted: 0,
            share: None,
        }
    }

    /// So much is held now; over the budget, nothing of it may be.
    pub(super) fn follow(&mut self, bytes: usize) -> Result<(), BudgetExhausted> {
        if bytes <= UNCOUNTED_BYTES {
            self.counted = 0;
            self.share = None;
            return Ok(());
        }
        if bytes <= self.counted {
            return Ok(());
        }
        let wanted = bytes.next_power_of_two();
        let further = self
            .budget
            .share_at_once(wanted - self.counted, self.client)?;
        self.counted = wanted;
        match &mut self.share {
            Some(share) => share.join(further),
            None => self.share = Some(further),
        }
        Ok(())
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
        for last in 1..=3 {
            let client = IpAddr::from([10, 0, 0, last]);
            held.push(budget.share(4 * 1024, client).await.unwrap());
        }
        let fourth = IpAddr::from([10, 0, 0, 4]);
        assert!(budget.share(1024, fourth).await.is_err());
    }

    #[tokio::test]
    async fn large_bodies_are_read_in_turn_and_the_largest_alone() {
        let budget = budget();
        let largest = budget.turn_to_read(1024 * 1024).await;
        let waiting = timeout(Duration::from_millis(5), budget.turn_to_read(1024));
        assert!(waiting.await.is_err());
        drop(largest);
        assert!(budget.turn_to_read(1024).await.is_some());
    }

    #[tokio::test]
    async fn what_is_held_of_an_answer_counts_while_it_is_held() {
        let budget = Budget::new(&Limits {
            held_bytes_max: 1024 * 1024,
            budget_wait_max: Duration::from_millis(5),
            ..Limits::default()
        });
        let client = IpAddr::from([10, 0, 0, 1]);
        let mut answer = Growing::new(budget.clone(), client);
        assert_eq!(answer.follow(UNCOUNTED_BYTES), Ok(()));
        assert_eq!(answer.follow(200 * 1024), Ok(()));
        assert!(budget.share(64 * 1024, client).await.is_err());
        assert_eq!(answer.follow(300 * 1024), Err(BudgetExhausted));
        assert_eq!(answer.follow(0), Ok(()));
        assert!(budget.share(64 * 1024, client).await.is_ok());
    }
}
