//! What became of a clerk's wish to send a stopped content? Computed from the deeds about it.
//!
//! A clerk asks with a reason; a person grants it once, for a quarter of an hour, or declines it
//! with a reason; the content that is then sent uses it up. One wish stands per incident: asking
//! again after a refusal begins anew.

use crate::model::exchange::UnixMillis;

use super::deed::{DeedRecord, What};
use super::deeds_reader::{DeedFilter, StoredDeed};
use super::error::StoreError;
use super::reader::StoreReader;

/// How long a grant holds.
pub const GRANTED_MILLIS: i64 = 15 * 60 * 1000;
/// How long a wish waits for an answer before it lapses.
pub const WAITING_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The name of the fact with the reason of a wish or of a refusal.
pub const REASON: &str = "reason";
/// The name of the fact with the code of the incident.
pub const CODE: &str = "code";

/// A clerk's wish and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseState {
    /// The id of the incident.
    pub incident: String,
    /// Its code.
    pub code: String,
    /// Why the clerk needs it.
    pub reason: String,
    /// When it was asked.
    pub asked_at: UnixMillis,
    /// The answer.
    pub answer: ReleaseAnswer,
}

/// The answer to a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseAnswer {
    /// None yet.
    Waiting,
    /// Granted once.
    Granted {
        /// By whom.
        by: String,
        /// When; it holds for [`GRANTED_MILLIS`].
        at: UnixMillis,
    },
    /// Declined.
    Declined {
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
    /// Granted and used.
    Used {
        /// When.
        at: UnixMillis,
    },
}

impl ReleaseState {
    /// Whether it still waits for an answer.
    pub fn waits_at(&self, now: UnixMillis) -> bool {
        self.answer == ReleaseAnswer::Waiting
            && now.0.saturating_sub(self.asked_at.0) < WAITING_MILLIS
    }

    /// Until when a grant that is not used yet holds.
    pub fn granted_until(&self, now: UnixMillis) -> Option<UnixMillis> {
        let ReleaseAnswer::Granted { at, .. } = &self.answer else {
            return None;
        };
        let until = UnixMillis(at.0.saturating_add(GRANTED_MILLIS));
        (now < until).then_some(until)
    }
}

/// Reckons in a deed; of the wishes about one incident the last stands. Deeds come in the chain's
/// order.
pub(super) fn follow(all: &mut Vec<ReleaseState>, record: &DeedRecord) {
    let Some(incident) = &record.incident else {
        return;
    };
    let by = record.actor.name.clone();
    let reason = record.fact(REASON).unwrap_or_default().to_owned();
    let answer = match What::parse(&record.what) {
        Some(What::ReleaseAsked) => {
            all.retain(|known| known.incident != *incident);
            all.push(ReleaseState {
                incident: incident.clone(),
                code: record.fact(CODE).unwrap_or_default().to_owned(),
                reason,
                asked_at: record.recorded_at,
                answer: ReleaseAnswer::Waiting,
            });
            return;
        }
        Some(What::ReleaseGranted) => ReleaseAnswer::Granted {
            by,
            at: record.recorded_at,
        },
        Some(What::ReleaseDeclined) => ReleaseAnswer::Declined { by, reason },
        Some(What::ReleaseUsed) => ReleaseAnswer::Used {
            at: record.recorded_at,
        },
        Some(_) | None => return,
    };
    // The newest are asked for, and answered.
    let mut newest_first = all.iter_mut().rev();
    if let Some(known) = newest_first.find(|known| known.incident == *incident) {
        known.answer = answer;
    }
}

/// What became of the wish that the deeds about one incident tell of. The newest deed comes first.
pub fn wish_of(deeds: &[StoredDeed]) -> Option<ReleaseState> {
    let mut all = Vec::new();
    for deed in deeds.iter().rev() {
        follow(&mut all, &deed.record);
    }
    all.pop()
}

impl StoreReader {
    /// The wish about an incident, by its id, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn release(&self, incident: &str) -> Result<Option<ReleaseState>, StoreError> {
        let filter = DeedFilter {
            incident: Some(incident.to_owned()),
            ..DeedFilter::default()
        };
        Ok(wish_of(&self.deeds(&filter).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::deed::{Actor, Deed};
    use super::*;

    fn fold(deeds: &[DeedRecord]) -> Vec<ReleaseState> {
        let mut all = Vec::new();
        for deed in deeds {
            follow(&mut all, deed);
        }
        all
    }

    fn deed(what: What, at: i64, reason: &str) -> DeedRecord {
        let deed = Deed::new(Actor::terminal(), what)
            .incident("i")
            .fact(REASON, reason);
        DeedRecord::new(deed, UnixMillis(at), "xa-thu")
    }

    #[test]
    fn a_grant_holds_a_quarter_of_an_hour_and_is_used_once() {
        let mut deeds = vec![
            deed(What::ReleaseAsked, 0, "cần gấp"),
            deed(What::ReleaseGranted, 10, ""),
        ];
        let granted = fold(&deeds).remove(0);
        assert_eq!(granted.reason, "cần gấp");
        assert!(!granted.waits_at(UnixMillis(11)));
        assert!(granted.granted_until(UnixMillis(11)).is_some());
        let over = UnixMillis(10 + GRANTED_MILLIS);
        assert_eq!(granted.granted_until(over), None);
        deeds.push(deed(What::ReleaseUsed, 20, ""));
        assert_eq!(fold(&deeds)[0].granted_until(UnixMillis(21)), None);
    }

    #[test]
    fn after_a_refusal_one_may_ask_again() {
        let deeds = [
            deed(What::ReleaseAsked, 0, "a"),
            deed(What::ReleaseDeclined, 1, "chưa rõ"),
            deed(What::ReleaseAsked, 2, "b"),
        ];
        let [now] = fold(&deeds).try_into().unwrap();
        assert_eq!((now.reason.as_str(), now.asked_at), ("b", UnixMillis(2)));
        assert!(now.waits_at(UnixMillis(3)));
        assert!(!now.waits_at(UnixMillis(2 + WAITING_MILLIS)));
    }
}
