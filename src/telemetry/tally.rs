//! How many requests were there on which day, to which service, from which unit?
//!
//! What is counted waits here until it is written into the chain. It is then *set aside* under a
//! number, so that after an end without warning the chain tells whether it got there: nothing is
//! written twice, nothing but the last seconds is lost. No workstation and no person is counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::exchange::UnixMillis;
use crate::model::request_counts::RequestCounts;

/// Lines of one day at most: services times units. What comes beyond counts as [`OTHER`].
const LINES_OF_A_DAY_MAX: usize = 500;
/// The service of what comes beyond.
const OTHER: &str = "other";
/// Days that wait at most; the chain is written several times a day.
const DAYS_MAX: usize = 400;
/// Việt Nam is seven hours ahead, all year.
const OFFSET_MILLIS: i64 = 7 * 3600 * 1000;
const DAY_MILLIS: i64 = 24 * 3600 * 1000;

/// The counts of a day: by service, then by unit (empty where none is known).
pub type TallyOfDay = BTreeMap<String, BTreeMap<String, RequestCounts>>;

/// What is counted and not in the chain yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TallyTable {
    /// By day, numbered from 1970-01-01 in Việt Nam.
    open: BTreeMap<i64, TallyOfDay>,
    set_aside: Option<SetAside>,
}

/// What is being written into the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Its number, greater than all before.
    pub number: i64,
    /// The days.
    pub days: BTreeMap<i64, TallyOfDay>,
}

impl TallyTable {
    pub(super) fn add(
        &mut self,
        service: &str,
        unit: &str,
        counts: &RequestCounts,
        at: UnixMillis,
    ) {
        let day = at.0.saturating_add(OFFSET_MILLIS).div_euclid(DAY_MILLIS);
        let of_day = self.open.entry(day).or_default();
        let is_known = of_day
            .get(service)
            .is_some_and(|units| units.contains_key(unit));
        let lines: usize = of_day.values().map(BTreeMap::len).sum();
        let (service, unit) = if is_known || lines < LINES_OF_A_DAY_MAX {
            (service, unit)
        } else {
            (OTHER, "")
        };
        let units = of_day.entry(service.to_owned()).or_default();
        units.entry(unit.to_owned()).or_default().add(counts);
        while self.open.len() > DAYS_MAX {
            self.open.pop_first();
        }
    }

    /// Sets aside what waits, and gives it; what was set aside before comes first.
    pub(super) fn set_aside(&mut self, now: UnixMillis) -> Option<SetAside> {
        if self.set_aside.is_none() && !self.open.is_empty() {
            self.set_aside = Some(SetAside {
                number: now.0,
                days: std::mem::take(&mut self.open),
            });
        }
        self.set_aside.clone()
    }

    /// Forgets what was set aside: it is in the chain.
    pub(super) fn is_told(&mut self, number: i64) {
        self.set_aside
            .take_if(|set_aside| set_aside.number == number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_aside_stays_until_it_is_told_and_the_rest_is_counted_on() {
        let mut table = TallyTable::default();
        let one = RequestCounts::one_tunnel();
        table.add("s", "", &one, UnixMillis(1));
        let first = table.set_aside(UnixMillis(5)).unwrap();
        table.add("s", "u", &one, UnixMillis(6));
        assert_eq!(table.set_aside(UnixMillis(7)), Some(first.clone()));
        table.is_told(first.number);
        let second = table.set_aside(UnixMillis(8)).unwrap();
        assert_eq!(second.days[&0]["s"]["u"], one);
        assert_eq!(second.days[&0]["s"].len(), 1);
        table.is_told(second.number);
        assert_eq!(table, TallyTable::default());
    }

    #[test]
    fn the_lines_of_a_day_are_bounded_and_nothing_is_lost() {
        let mut table = TallyTable::default();
        for n in 0..LINES_OF_A_DAY_MAX + 7 {
            table.add(
                &format!("s{n}"),
                "u",
                &RequestCounts::one_tunnel(),
                UnixMillis(1),
            );
        }
        let day = &table.open[&0];
        assert_eq!(day.len(), LINES_OF_A_DAY_MAX + 1);
        assert_eq!(day[OTHER][""].tunnelled, 7);
    }
}
