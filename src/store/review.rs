//! How does an incident stand? Computed from what people did about it, in the chain's order.
//!
//! The state is derived: the lists keep it beside the incident, and `verify` computes it again.
//! Only a person can say that something went out, and only that starts the clocks of the law;
//! so the state keeps both times, when it was detected and when it was confirmed.

use crate::model::exchange::UnixMillis;
use crate::model::incident::Outcome;
use crate::model::review::ReviewStatus;

use super::deed::{DeedRecord, What};

/// The name of the fact that carries what a deed sets.
pub const TO: &str = "to";
/// The name of the fact with the time of detection, in milliseconds since 1970.
pub const DETECTED_AT: &str = "detected_at";

/// How an incident stands. The outcome is that of the record until a person sets another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewState {
    /// How far the review has come: a name of [`ReviewStatus`].
    pub status: Option<String>,
    /// Who is on it.
    pub assignee: Option<String>,
    /// What a person set: a name of [`Outcome`].
    pub outcome: Option<String>,
    /// When what went out was detected.
    pub detected_at: Option<UnixMillis>,
    /// When a person first confirmed that it went out.
    pub confirmed_at: Option<UnixMillis>,
}

impl ReviewState {
    /// Takes a deed into account. Gives whether it changed anything.
    pub(super) fn apply(&mut self, deed: &DeedRecord) -> bool {
        let before = self.clone();
        let to = deed.fact(TO);
        match What::parse(&deed.what) {
            Some(What::StatusSet) => {
                if let Some(status) = to.and_then(ReviewStatus::parse) {
                    self.status = Some(status.as_str().to_owned());
                }
            }
            Some(What::Assigned) => {
                self.assignee = to.filter(|name| !name.is_empty()).map(str::to_owned);
            }
            Some(What::OutcomeSet) => self.set_outcome(deed, to.and_then(Outcome::parse)),
            Some(_) | None => {}
        }
        *self != before
    }

    fn set_outcome(&mut self, deed: &DeedRecord, outcome: Option<Outcome>) {
        let Some(outcome) = outcome else {
            return;
        };
        self.outcome = Some(outcome.as_str().to_owned());
        match outcome {
            Outcome::Exposed => {
                let detected = deed.fact(DETECTED_AT).and_then(|time| time.parse().ok());
                self.detected_at = detected.map(UnixMillis).or(self.detected_at);
                self.confirmed_at.get_or_insert(deed.recorded_at);
            }
            Outcome::Prevented | Outcome::Unknown => {
                self.detected_at = None;
                self.confirmed_at = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::deed::{Actor, Deed};
    use super::*;

    fn after(deeds: &[(What, &str, i64)]) -> ReviewState {
        let mut state = ReviewState::default();
        for (what, to, at) in deeds {
            let deed = Deed::new(Actor::terminal(), *what)
                .fact(TO, to)
                .fact(DETECTED_AT, "7");
            state.apply(&DeedRecord::new(deed, UnixMillis(*at), "xa-thu"));
        }
        state
    }

    #[test]
    fn the_last_word_counts_and_unknown_words_do_not() {
        let state = after(&[
            (What::StatusSet, "in_review", 1),
            (What::StatusSet, "confirmed", 2),
            (What::StatusSet, "nonsense", 3),
            (What::Assigned, "lan", 4),
        ]);
        assert_eq!(state.status.as_deref(), Some("confirmed"));
        assert_eq!(state.assignee.as_deref(), Some("lan"));
        assert_eq!(after(&[(What::Assigned, "", 1)]), ReviewState::default());
    }

    #[test]
    fn only_exposed_starts_the_clocks_and_the_first_confirmation_stays() {
        let state = after(&[
            (What::OutcomeSet, "exposed", 10),
            (What::OutcomeSet, "exposed", 20),
        ]);
        assert_eq!(state.confirmed_at, Some(UnixMillis(10)));
        assert_eq!(state.detected_at, Some(UnixMillis(7)));
        let taken_back = after(&[
            (What::OutcomeSet, "exposed", 10),
            (What::OutcomeSet, "prevented", 20),
        ]);
        assert_eq!(
            (taken_back.detected_at, taken_back.confirmed_at),
            (None, None)
        );
    }
}
