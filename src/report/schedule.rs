//! Which reports does the program draft by itself, and when?
//!
//! A draft is due some days before the report is, once its period is near its end or over. What was
//! missed while the program was down is made at its next start. A period that was over before the
//! log began has no draft: there is nothing to tell about it.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::report::due::due;
use crate::report::kind::Kind;
use crate::report::period::{Period, Span};
use crate::report::settings::ReportSettings;

/// How often a report is drafted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// For each half of a year.
    Half,
    /// For each year.
    Year,
    /// For both.
    #[default]
    HalfAndYear,
}

/// A report that the program drafts by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The kind.
    pub kind: Kind,
    /// Of this unit alone.
    pub unit: Option<String>,
    /// For which periods.
    pub every: Every,
    /// How many days before the report is due; the day after the period where it is not set.
    pub days_before: Option<u16>,
}

/// A scheduled report of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The kind.
    pub kind: Kind,
    /// Of this unit alone.
    pub unit: Option<String>,
    /// The period.
    pub period: Period,
    /// From which day on its draft is made.
    pub from: Date,
    /// The last day on which the report is in time.
    pub on: Date,
    /// How many days are left; below 0 it is late.
    pub days_left: i32,
}

impl Schedule {
    /// One of the whole office after each half and year.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            unit: None,
            every: Every::HalfAndYear,
            days_before: None,
        }
    }
}

impl Every {
    const fn has(self, span: Span) -> bool {
        match span {
            Span::Year(_) => matches!(self, Self::Year | Self::HalfAndYear),
            Span::FirstHalf(_) | Span::SecondHalf(_) => {
                matches!(self, Self::Half | Self::HalfAndYear)
            }
            Span::Days => false,
        }
    }
}

impl Planned {
    /// Whether its draft is to be there on this day.
    pub fn is_begun(&self, today: Date) -> bool {
        self.from <= today
    }
}

/// The scheduled reports of the halves and years around a day that have days in the log, the
/// earliest first. `log_from` is the day on which the log begins.
pub fn planned(today: Date, log_from: Date, settings: &ReportSettings) -> Vec<Planned> {
    let dues = due(today, settings.cut_offs, settings.due_days);
    let mut all = Vec::new();
    for due in dues.into_iter().filter(|due| due.period.last >= log_from) {
        let of_it = settings.schedules.iter();
        for schedule in of_it.filter(|one| one.every.has(due.period.span)) {
            let after_the_period = settings.due_days.saturating_sub(1);
            let days_before = schedule.days_before.unwrap_or(after_the_period);
            let from = due.on.checked_sub(i64::from(days_before).days());
            all.push(Planned {
                kind: schedule.kind,
                unit: schedule.unit.clone(),
                period: due.period,
                from: from.unwrap_or(due.on),
                on: due.on,
                days_left: due.days_left,
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn begun(today: Date, settings: &ReportSettings) -> Vec<String> {
        let planned = planned(today, date(2026, 3, 1), settings).into_iter();
        let begun = planned.filter(|one| one.is_begun(today));
        begun
            .map(|one| format!("{} {}", one.kind.name(), one.period))
            .collect()
    }

    #[test]
    fn a_draft_begins_the_day_after_its_period_unless_set_earlier() {
        let mut settings = ReportSettings::default();
        assert!(begun(date(2026, 6, 14), &settings).is_empty());
        assert_eq!(begun(date(2026, 6, 15), &settings), ["periodic 2026-H1"]);
        settings.schedules = vec![Schedule {
            every: Every::Half,
            days_before: Some(10),
            ..Schedule::of(Kind::Inspection)
        }];
        assert_eq!(begun(date(2026, 6, 6), &settings), ["inspection 2026-H1"]);
        assert!(begun(date(2026, 6, 5), &settings).is_empty());
    }

    #[test]
    fn a_period_before_the_log_has_none() {
        let settings = ReportSettings::default();
        let december = begun(date(2026, 12, 15), &settings);
        assert_eq!(
            december,
            ["periodic 2026-H1", "periodic 2026", "periodic 2026-H2"]
        );
        let young = planned(date(2026, 12, 15), date(2026, 11, 1), &settings);
        assert!(young.iter().all(|one| one.period.last >= date(2026, 11, 1)));
    }
}
