//! Which days does a report tell about? A year, half of one, or from day to day.
//!
//! A reporting year does not begin on 1 January: figures are closed some days before its end, so
//! that the report is there in time. Nghị định 09/2019/NĐ-CP Đ12 closes the year on 14 December and
//! the first half on 14 June; an office that reports otherwise sets other days.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::model::exchange::UnixMillis;
use crate::report::told::day;
use crate::store::totals::start_of_day;

/// A day of any year: month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// Reads `12-15`.
    ///
    /// # Errors
    /// When there is no such day in every year.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const REMEDY: &str = "write month and day like 12-15";
        let (month, day) = text.trim().split_once('-').ok_or(REMEDY)?;
        let month = month.parse().map_err(|_not_a_number| REMEDY)?;
        let day = day.parse().map_err(|_not_a_number| REMEDY)?;
        // 2026 is no leap year, so that 29 February is refused.
        Date::new(2026, month, day).map_err(|_no_such_day| REMEDY)?;
        Ok(Self { month, day })
    }

    fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

/// The days on which the halves of a reporting year begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOffs {
    /// The first day of the year. From July on it lies in the calendar year before.
    pub year: MonthDay,
    /// The first day of the second half.
    pub half: MonthDay,
}

impl Default for CutOffs {
    /// Those of Nghị định 09/2019/NĐ-CP Đ12: 15 December and 15 June.
    fn default() -> Self {
        Self {
            year: MonthDay { month: 12, day: 15 },
            half: MonthDay { month: 6, day: 15 },
        }
    }
}

impl CutOffs {
    fn first_day(self, year: i16) -> Option<Date> {
        let lies_before = self.year.month >= 7;
        self.year.in_year(year.checked_sub(i16::from(lies_before))?)
    }

    fn second_half(self, year: i16) -> Option<Date> {
        self.half.in_year(year)
    }
}

/// What a period is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A whole reporting year.
    Year(i16),
    /// The first half of one.
    FirstHalf(i16),
    /// The second half.
    SecondHalf(i16),
    /// From day to day.
    Days,
}

/// The days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// What it is called.
    pub span: Span,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Period {
    /// Reads `2026-H1`, `2026` or `2026-03-01..2026-05-31`.
    ///
    /// # Errors
    /// When it is none of these; the text says what to write.
    pub fn parse(text: &str, cut_offs: CutOffs) -> Result<Self, &'static str> {
        const REMEDY: &str = "write a year like 2026, a half like 2026-H1, or days like \
                              2026-03-01..2026-05-31, both included";
        if let Some((first, last)) = text.split_once("..") {
            let first: Date = first.trim().parse().map_err(|_no_day| REMEDY)?;
            let last: Date = last.trim().parse().map_err(|_no_day| REMEDY)?;
            if last < first {
                return Err("the last day lies before the first");
            }
            return Ok(Self {
                span: Span::Days,
                first,
                last,
            });
        }
        let (year, half) = match text.trim().split_once('-') {
            Some((year, half)) => (year, Some(half)),
            None => (text.trim(), None),
        };
        let year: i16 = year.parse().map_err(|_no_year| REMEDY)?;
        if !(2000..=2999).contains(&year) {
            return Err(REMEDY);
        }
        let span = match half {
            None => Span::Year(year),
            Some("H1" | "h1") => Span::FirstHalf(year),
            Some("H2" | "h2") => Span::SecondHalf(year),
            Some(_) => return Err(REMEDY),
        };
        Self::of(span, cut_offs).ok_or(REMEDY)
    }

    fn of(span: Span, cut_offs: CutOffs) -> Option<Self> {
        let (first, after) = match span {
            Span::Year(year) => (cut_offs.first_day(year)?, cut_offs.first_day(year + 1)?),
            Span::FirstHalf(year) => (cut_offs.first_day(year)?, cut_offs.second_half(year)?),
            Span::SecondHalf(year) => (cut_offs.second_half(year)?, cut_offs.first_day(year + 1)?),
            Span::Days => return None,
        };
        let last = after.yesterday().ok()?;
        (first <= last).then_some(Self { span, first, last })
    }

    /// The period before: the same part of a year before it, or as many days just before.
    pub fn before(self, cut_offs: CutOffs) -> Option<Self> {
        let span = match self.span {
            Span::Year(year) => Span::Year(year - 1),
            Span::FirstHalf(year) => Span::SecondHalf(year - 1),
            Span::SecondHalf(year) => Span::FirstHalf(year),
            Span::Days => {
                let days = self.first.until(self.last).ok()?.get_days();
                let last = self.first.yesterday().ok()?;
                let first = last.checked_sub(days.days()).ok()?;
                return Some(Self {
                    span: Span::Days,
                    first,
                    last,
                });
            }
        };
        Self::of(span, cut_offs)
    }

    /// When it begins.
    pub fn since(self) -> UnixMillis {
        start_of_day(day_number(self.first))
    }

    /// When it is over.
    pub fn until(self) -> UnixMillis {
        start_of_day(day_number(self.last).saturating_add(1))
    }

    /// As people call it: `6 tháng đầu năm 2026`.
    pub fn label(self) -> String {
        match self.span {
            Span::Year(year) => format!("năm {year}"),
            Span::FirstHalf(year) => format!("6 tháng đầu năm {year}"),
            Span::SecondHalf(year) => format!("6 tháng cuối năm {year}"),
            Span::Days => self.days(),
        }
    }

    /// The days: `từ ngày 15/12/2025 đến ngày 14/6/2026`, or the one.
    pub fn days(self) -> String {
        if self.first == self.last {
            return format!("ngày {}", day(self.first));
        }
        format!("từ ngày {} đến ngày {}", day(self.first), day(self.last))
    }
}

impl fmt::Display for Period {
    /// As it is typed and kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Span::Year(year) => write!(f, "{year}"),
            Span::FirstHalf(year) => write!(f, "{year}-H1"),
            Span::SecondHalf(year) => write!(f, "{year}-H2"),
            Span::Days => write!(f, "{}..{}", self.first, self.last),
        }
    }
}

/// The number of a day, from 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch
        .until(date)
        .map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> String {
        let period = Period::parse(text, CutOffs::default()).unwrap();
        format!("{}..{}", period.first, period.last)
    }

    #[test]
    fn halves_and_years_end_on_the_fourteenth_unless_set_otherwise() {
        assert_eq!(days("2026-H1"), "2025-12-15..2026-06-14");
        assert_eq!(days("2026-H2"), "2026-06-15..2026-12-14");
        assert_eq!(days("2026"), "2025-12-15..2026-12-14");
        let calendar = CutOffs {
            year: MonthDay::parse("01-01").unwrap(),
            half: MonthDay::parse("07-01").unwrap(),
        };
        let half = Period::parse("2026-H1", calendar).unwrap();
        assert_eq!(
            half.days(),
            "từ ngày 01/01/2026 đến ngày 30/6/2026",
            "the calendar's own half"
        );
        assert!(MonthDay::parse("02-29").is_err());
    }

    #[test]
    fn days_are_both_included_and_begin_at_midnight_in_viet_nam() {
        let day = Period::parse("2026-06-05..2026-06-05", CutOffs::default()).unwrap();
        assert_eq!(day.until().0 - day.since().0, 24 * 3600 * 1000);
        assert_eq!(
            crate::store::incident_json::rfc3339(day.since()),
            "2026-06-05T00:00:00.000+07:00"
        );
        for bad in ["", "26", "2026-H3", "2026-06-05..2026-06-01", "x..y"] {
            assert!(Period::parse(bad, CutOffs::default()).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_period_before_ends_on_the_day_before() {
        for text in ["2026", "2026-H1", "2026-H2", "2026-03-01..2026-05-31"] {
            let cut_offs = CutOffs::default();
            let period = Period::parse(text, cut_offs).unwrap();
            let before = period.before(cut_offs).unwrap();
            assert_eq!(before.until(), period.since(), "{text}");
            assert_eq!(Period::parse(&period.to_string(), cut_offs), Ok(period));
        }
    }
}
