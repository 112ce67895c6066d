//! How do figures become pictures? Bars drawn as SVG by the server, with every number as text.

use std::collections::BTreeMap;

use crate::admin::told;
use crate::model::decision::Action;
use crate::model::thousands::grouped;
use crate::store::Total;
use crate::store::totals::start_of_day;

/// The width of a day's place, in units of the picture.
const DAY_WIDTH: u64 = 24;
/// The height of the tallest bar.
const HEIGHT: u64 = 160;
/// What is drawn, from the ground up, with its class.
const STACKED: [(Action, &str); 3] = [
    (Action::Block, "seg-block"),
    (Action::Redact, "seg-redact"),
    (Action::Audit, "seg-audit"),
];

/// The bars of some days.
pub(super) struct Chart {
    pub(super) width: u64,
    pub(super) days: Vec<Day>,
    pub(super) highest: String,
    pub(super) middle: String,
    pub(super) is_empty: bool,
}

/// One day.
pub(super) struct Day {
    pub(super) x: u64,
    pub(super) label: String,
    /// Whether its label stands below it: not every label has room.
    pub(super) is_labelled: bool,
    pub(super) segments: Vec<Segment>,
    /// By what was done, in the order of the legend.
    pub(super) counts: [String; 3],
    pub(super) total: String,
}

/// A piece of a bar.
pub(super) struct Segment {
    pub(super) y: u64,
    pub(super) height: u64,
    pub(super) class: &'static str,
}

impl Chart {
    /// The bars of the totals from one day to another, both included.
    pub(super) fn of(totals: &[Total], (first, last): (i64, i64)) -> Self {
        let mut by_day: BTreeMap<i64, [u64; 3]> = (first..=last).map(|day| (day, [0; 3])).collect();
        for total in totals {
            let place = STACKED
                .iter()
                .position(|(action, _)| action.as_str() == total.action);
            let counts = by_day.get_mut(&total.day);
            if let Some(count) = counts
                .zip(place)
                .and_then(|(counts, place)| counts.get_mut(place))
            {
                *count = count.saturating_add(total.count);
            }
        }
        let sums = by_day.values().map(|counts| counts.iter().sum::<u64>());
        let highest = round_up(sums.max().unwrap_or(0));
        let days = by_day.iter().zip(0_u64..);
        Self {
            width: DAY_WIDTH * u64::try_from(by_day.len()).unwrap_or(1),
            days: days
                .map(|((day, counts), place)| bar(*day, place, *counts, highest, last))
                .collect(),
            highest: grouped(highest),
            middle: grouped(highest / 2),
            is_empty: by_day.values().flatten().all(|count| *count == 0),
        }
    }
}

fn bar(day: i64, place: u64, counts: [u64; 3], highest: u64, last: i64) -> Day {
    let mut top = HEIGHT;
    let mut segments = Vec::new();
    for (count, (_, class)) in counts.into_iter().zip(STACKED) {
        if count == 0 {
            continue;
        }
        // What is there is seen, however little it is.
        let height = (count * HEIGHT / highest.max(1)).max(1).min(top);
        top -= height;
        segments.push(Segment {
            y: top,
            height,
            class,
        });
    }
    Day {
        x: place * DAY_WIDTH,
        label: told::day(start_of_day(day)),
        is_labelled: (last - day) % 7 == 0,
        segments,
        counts: counts.map(grouped),
        total: grouped(counts.iter().sum()),
    }
}

/// The next number that people count in, and whose half is whole: 2, 4 or 10 with zeros.
fn round_up(number: u64) -> u64 {
    let mut step: u64 = 2;
    loop {
        for times in [1, 2, 5] {
            if number <= step.saturating_mul(times) {
                return step.saturating_mul(times);
            }
        }
        step = step.saturating_mul(10);
    }
}

/// A line of a table with its bar.
pub(super) struct Share {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) count: String,
    /// Of a hundred, against the longest.
    pub(super) percent: u64,
}

/// The first of the sums by name, the most of which come first.
pub(super) fn shares(
    sums: &[(String, u64)],
    lines_max: usize,
    label: &dyn Fn(&str) -> (String, String),
) -> Vec<Share> {
    let longest = sums.first().map_or(1, |(_, count)| (*count).max(1));
    sums.iter()
        .take(lines_max)
        .map(|(name, count)| {
            let (label, path) = label(name);
            Share {
                label,
                path,
                count: grouped(*count),
                percent: (count.saturating_mul(100) / longest).clamp(1, 100),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(day: i64, name: &str, action: &str, count: u64) -> Total {
        Total {
            day,
            name: name.to_owned(),
            action: action.to_owned(),
            count,
        }
    }

    #[test]
    fn every_day_has_a_place_and_bars_are_stacked() {
        let totals = [
            total(11, "", "block", 30),
            total(11, "", "redact", 60),
            total(99, "", "block", 5),
        ];
        let chart = Chart::of(&totals, (10, 12));
        assert_eq!((chart.days.len(), chart.highest.as_str()), (3, "100"));
        let segments = &chart.days[1].segments;
        assert_eq!((segments[0].y, segments[0].height), (112, 48));
        assert_eq!((segments[1].y, segments[1].height), (16, 96));
        assert!(chart.days[0].segments.is_empty() && !chart.is_empty);
    }

    #[test]
    fn scales_end_at_numbers_that_people_count_in() {
        let rounded = [0, 3, 11, 90, 101, 480_000].map(round_up);
        assert_eq!(rounded, [2, 4, 20, 100, 200, 1_000_000]);
    }

    #[test]
    fn shares_are_measured_by_the_longest() {
        let sums = [
            ("b".to_owned(), 4),
            ("a".to_owned(), 1),
            ("c".to_owned(), 1),
        ];
        let name = |name: &str| (name.to_owned(), String::new());
        let shares = shares(&sums, 2, &name);
        let told: Vec<_> = shares
            .iter()
            .map(|s| (s.label.as_str(), s.percent))
            .collect();
        assert_eq!(told, [("b", 100), ("a", 25)]);
    }
}
