//! How well could the requests to each service be read?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::coverage::Coverage;
use crate::model::exchange::UnixMillis;

/// Services with a row of their own; a catalogue has some dozens.
const SERVICES_MAX: usize = 1000;
/// The row of services beyond [`SERVICES_MAX`].
const OTHER: &str = "other";
/// How many days are remembered.
const DAYS_MAX: usize = 400;
/// Việt Nam is seven hours ahead, all year.
const OFFSET_MILLIS: i64 = 7 * 3600 * 1000;
const DAY_MILLIS: i64 = 24 * 3600 * 1000;

/// Counts for each service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageTable {
    /// When the program started, in milliseconds since 1970.
    started_at: i64,
    services: BTreeMap<String, ServiceCoverage>,
    /// How many requests each of the last days had, by its number since 1970 in Việt Nam.
    #[serde(default)]
    days: BTreeMap<i64, u64>,
}

/// The counts for one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCoverage {
    /// Since the program started.
    pub since_start: Counts,
    /// Since the data folder was made.
    pub total: Counts,
    /// When the service was last asked, in milliseconds since 1970.
    pub last_seen: i64,
    /// The last day it was asked on, numbered from 1970-01-01 in Việt Nam.
    #[serde(default)]
    pub day: i64,
    /// How often it was asked on that day.
    #[serde(default)]
    pub of_day: u64,
}

/// How often each result came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Read by a row of the catalogue.
    pub parsed: u64,
    /// Read without a row.
    pub generic: u64,
    /// Not read, or not all of it.
    pub uninspectable: u64,
    /// Passed unread.
    pub tunnelled: u64,
}

impl Counts {
    fn add(&mut self, coverage: Coverage) {
        let count = match coverage {
            Coverage::Parsed => &mut self.parsed,
            Coverage::Generic => &mut self.generic,
            Coverage::Uninspectable => &mut self.uninspectable,
            Coverage::Tunnelled => &mut self.tunnelled,
        };
        *count = count.saturating_add(1);
    }
}

impl ServiceCoverage {
    /// How often the service was asked on the day of this time.
    pub fn asked_on_day_of(&self, now: UnixMillis) -> u64 {
        if self.day == day_of(now) {
            self.of_day
        } else {
            0
        }
    }
}

/// A day of Việt Nam, counted from 1970-01-01.
const fn day_of(at: UnixMillis) -> i64 {
    at.0.saturating_add(OFFSET_MILLIS).div_euclid(DAY_MILLIS)
}

impl CoverageTable {
    /// The services seen, by id.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &ServiceCoverage)> {
        self.services.iter().map(|(id, row)| (id.as_str(), row))
    }

    /// How many requests each of the last days had, the oldest day first.
    pub fn days(&self) -> impl Iterator<Item = (i64, u64)> {
        self.days.iter().map(|(day, count)| (*day, *count))
    }

    /// When the program that wrote the table started.
    pub const fn started_at(&self) -> UnixMillis {
        UnixMillis(self.started_at)
    }

    /// A new start: what counts from there begins at zero.
    pub(super) fn start(&mut self, now: UnixMillis) {
        self.started_at = now.0;
        for row in self.services.values_mut() {
            row.since_start = Counts::default();
        }
    }

    pub(super) fn count(&mut self, service: &str, coverage: Coverage, at: UnixMillis) {
        let is_known = self.services.contains_key(service);
        let service = if is_known || self.services.len() < SERVICES_MAX {
            service
        } else {
            OTHER
        };
        let row = self.services.entry(service.to_owned()).or_default();
        row.since_start.add(coverage);
        row.total.add(coverage);
        row.last_seen = row.last_seen.max(at.0);
        let day = day_of(at);
        let today = self.days.entry(day).or_default();
        *today = today.saturating_add(1);
        while self.days.len() > DAYS_MAX {
            self.days.pop_first();
        }
        if day != row.day {
            (row.day, row.of_day) = (day, 0);
        }
        row.of_day = row.of_day.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_viet_nam_and_old_days_are_forgotten() {
        let mut table = CoverageTable::default();
        let evening = 17 * 3600 * 1000;
        for at in [evening - 1, evening, evening + 1] {
            table.count("s", Coverage::Parsed, UnixMillis(at));
        }
        assert_eq!(table.days().collect::<Vec<_>>(), [(0, 1), (1, 2)]);
        for day in 0..500 {
            table.count("s", Coverage::Parsed, UnixMillis(day * DAY_MILLIS));
        }
        assert_eq!(table.days().count(), DAYS_MAX);
    }

    #[test]
    fn the_number_of_services_is_bounded() {
        let mut table = CoverageTable::default();
        for n in 0..SERVICES_MAX + 5 {
            table.count(&format!("s{n}"), Coverage::Parsed, UnixMillis(1));
        }
        assert_eq!(table.rows().count(), SERVICES_MAX + 1);
        assert_eq!(table.services[OTHER].total.parsed, 5);
    }
}
