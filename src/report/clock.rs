//! Which legal clocks run once data went out, and when did they end?
//!
//! A stopped request starts none. A clock starts when a person has settled that data went out: from
//! the detection, or from the confirmation. It ends with the first document of its kind that was
//! made here; whether and when that was sent is known to the office alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::deadline::{Holidays, after_working_days};
use crate::model::exchange::UnixMillis;
use crate::report::case::Case;
use crate::report::figures::Clock;
use crate::report::kind::Kind;
use crate::report::period::day_number;

/// Milliseconds of an hour.
const HOUR_MILLIS: i64 = 3600 * 1000;
/// The holidays that lie on the same day every year (Bộ luật Lao động Đ112); those of the lunar
/// calendar, and the day beside the National Day, an office lists.
const HOLIDAYS: [(i8, i8); 4] = [(1, 1), (4, 30), (5, 1), (9, 2)];
/// The years that they are known for.
const YEARS: std::ops::RangeInclusive<i16> = 2020..=2099;

/// When a clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// When it was detected that data went out.
    Detected,
    /// When a person confirmed it.
    Confirmed,
}

/// How long a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Hours(i64),
    WorkingDays(u32),
}

/// When a clock runs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs {
    /// Always when data went out.
    Always,
    /// Only where a person has found that an AI system was at fault, and so made the document.
    WhenMade,
}

/// A legal clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRule {
    /// Its name in figures.
    pub name: &'static str,
    /// What it is about.
    pub label: &'static str,
    /// By which law.
    pub source: &'static str,
    length: Length,
    kind: Kind,
    start: Start,
    runs: Runs,
}

/// The clocks.
pub const CLOCKS: [ClockRule; 4] = [
    ClockRule {
        name: "personal_data_72h",
        label: "Thông báo vi phạm bảo vệ dữ liệu cá nhân (72 giờ từ khi phát hiện)",
        source: "Điều 23 Luật số 91/2025/QH15",
        length: Length::Hours(72),
        kind: Kind::BreachNotice,
        start: Start::Detected,
        runs: Runs::Always,
    },
    ClockRule {
        name: "cyber_72h",
        label: "Báo cáo sự cố an ninh mạng (72 giờ từ khi phát hiện)",
        source: "Điều 31 Nghị định số 331/2026/NĐ-CP",
        length: Length::Hours(72),
        kind: Kind::Incident,
        start: Start::Detected,
        runs: Runs::Always,
    },
    ClockRule {
        name: "ai_72h",
        label: "Báo cáo sơ bộ sự cố nghiêm trọng của hệ thống AI, nếu khẩn cấp (72 giờ từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        length: Length::Hours(72),
        kind: Kind::AiIncident,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
    ClockRule {
        name: "ai_5_working_days",
        label: "Báo cáo sơ bộ sự cố nghiêm trọng của hệ thống AI, trường hợp khác (05 ngày làm việc từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        length: Length::WorkingDays(5),
        kind: Kind::AiIncident,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
];

impl ClockRule {
    /// Counts a case.
    pub fn count(&self, case: &Case, holidays: &Holidays, clocks: &mut BTreeMap<String, Clock>) {
        let made = case.document(self.kind.name()).map(|at| at.0);
        if made.is_none() && self.runs == Runs::WhenMade {
            return;
        }
        let clock = clocks.entry(self.name.to_owned()).or_default();
        clock.count(made.zip(self.due_at(case, holidays)));
    }

    /// When the document of a case is due.
    pub fn due_at(&self, case: &Case, holidays: &Holidays) -> Option<i64> {
        let start = self.start_of(case)?;
        Some(match self.length {
            Length::Hours(hours) => start.saturating_add(hours * HOUR_MILLIS),
            Length::WorkingDays(days) => after_working_days(UnixMillis(start), days, holidays).0,
        })
    }

    fn start_of(&self, case: &Case) -> Option<i64> {
        match self.start {
            Start::Detected => case.detected_at.or(case.confirmed_at),
            Start::Confirmed => case.confirmed_at,
        }
    }
}

/// The days on which nobody works: those of every year, and those that an office lists.
pub fn holidays(listed: &[Date]) -> Holidays {
    let of_every_year = YEARS.flat_map(|year| {
        let days = HOLIDAYS.into_iter();
        days.filter_map(move |(month, day)| Date::new(year, month, day).ok())
    });
    of_every_year
        .chain(listed.iter().copied())
        .map(day_number)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_leave_out_the_holidays_of_the_office() {
        let rule = CLOCKS.iter().find(|rule| rule.name == "ai_5_working_days");
        // 2026-08-28T14:05:00+07:00, a Friday; 2 September is a holiday of every year.
        let confirmed = 1_787_900_700_000;
        let case = Case {
            confirmed_at: Some(confirmed),
            ..Case::default()
        };
        let days = |listed: &[Date]| {
            let due = rule.unwrap().due_at(&case, &holidays(listed)).unwrap();
            (due - confirmed) / (24 * HOUR_MILLIS)
        };
        assert_eq!(days(&[]), 10, "Monday, 7 September");
        assert_eq!(days(&[jiff::civil::date(2026, 9, 1)]), 11);
    }
}
