//! Which report is due when? The one of the half that is over, and of the one that runs.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::report::period::{CutOffs, Period};

/// A report that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The period.
    pub period: Period,
    /// The last day on which it is in time.
    pub on: Date,
    /// How many days are left; below 0 it is late.
    pub days_left: i32,
}

/// The reports of the halves and years that ended last or end next, the earliest first.
pub fn due(today: Date, cut_offs: CutOffs, days: u16) -> Vec<Due> {
    let year = today.year();
    let names = (year - 1..=year + 1).flat_map(|year| {
        [
            format!("{year}-H1"),
            format!("{year}-H2"),
            format!("{year}"),
        ]
    });
    let mut all: Vec<Due> = names
        .filter_map(|name| {
            let period = Period::parse(&name, cut_offs).ok()?;
            let on = period.last.checked_add(i64::from(days).days()).ok()?;
            let days_left = today.until(on).ok()?.get_days();
            Some(Due {
                period,
                on,
                days_left,
            })
        })
        .collect();
    all.sort_by_key(|due| (due.on, due.period.first));
    // Of the last half year and of the next: what was due before is past, what comes later is far.
    all.retain(|due| (-183..=183).contains(&due.days_left));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_that_ended_and_the_one_that_runs_are_told() {
        let today = jiff::civil::date(2026, 6, 15);
        let told: Vec<(String, i32)> = due(today, CutOffs::default(), 2)
            .into_iter()
            .map(|due| (due.period.to_string(), due.days_left))
            .collect();
        assert_eq!(
            told,
            [
                ("2025".to_owned(), -181),
                ("2025-H2".to_owned(), -181),
                ("2026-H1".to_owned(), 1)
            ]
        );
    }
}
