//! Which services, units and people can a list be narrowed to? Asked of the store once a minute.
//!
//! Such a list changes when a service or a unit is met for the first time; that is seen within the
//! minute. What a person changes here is seen at once: each act forgets what was asked.

use std::sync::{Arc, Mutex, PoisonError};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::model::exchange::UnixMillis;
use crate::store::Narrow;

/// After so long they are asked anew.
const KEPT_MILLIS: i64 = 60 * 1000;

/// What lists can be narrowed to, each in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choices {
    /// The ids of services.
    pub(super) services: Vec<String>,
    /// The units.
    pub(super) units: Vec<String>,
    /// The accounts that incidents are assigned to.
    pub(super) assignees: Vec<String>,
}

/// The choices that were asked last.
#[derive(Debug, Default)]
pub(super) struct KeptChoices(Mutex<Option<(UnixMillis, Arc<Choices>)>>);

impl KeptChoices {
    /// Asks anew the next time.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn at(&self, now: UnixMillis) -> Option<Arc<Choices>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked_at, choices) = kept.as_ref()?;
        let is_fresh = now.0.abs_diff(asked_at.0) < KEPT_MILLIS.unsigned_abs();
        is_fresh.then(|| Arc::clone(choices))
    }

    fn keep(&self, now: UnixMillis, choices: &Arc<Choices>) {
        let kept = Some((now, Arc::clone(choices)));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

/// What lists can be narrowed to.
pub(super) async fn choices(desk: &Desk) -> Result<Arc<Choices>, Failure> {
    let now = desk.now();
    if let Some(kept) = desk.choices.at(now) {
        return Ok(kept);
    }
    let columns = [Narrow::Service, Narrow::Unit, Narrow::Assignee];
    let mut values = desk.reader.values_of(&columns).await?.into_iter();
    let mut next = || values.next().unwrap_or_default();
    let choices = Arc::new(Choices {
        services: next(),
        units: next(),
        assignees: next(),
    });
    desk.choices.keep(now, &choices);
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::browser::TestOffice;
    use crate::store::Act;

    #[tokio::test]
    async fn a_new_service_is_offered_after_a_minute_or_when_somebody_acts() {
        let office = TestOffice::open().await;
        let count = async || choices(&office.desk).await.unwrap().services.len();
        assert_eq!(count().await, 0);
        office.incident("aa", false).await;
        assert_eq!(count().await, 0);
        office.pass(KEPT_MILLIS);
        assert_eq!(count().await, 1);
        office.desk.choices.keep(office.desk.now(), &Arc::default());
        office.desk.act(Act::default()).await.unwrap();
        assert_eq!(count().await, 1);
    }
}
