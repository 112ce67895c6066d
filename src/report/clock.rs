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
use crate::report::stage::Stage;

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
    Days(i64),
    WorkingDays(u32),
    /// At once: the law gives no number, so nothing that was made is called late.
    AtOnce,
}

/// When a clock runs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs {
    /// Whenever data went out.
    OfData,
    /// Whenever a state secret went out.
    OfSecrets,
    /// Only where a person has found that an AI system was at fault, and so made a document.
    WhenMade,
}

/// Which of several documents of a kind ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndsWith {
    Any,
    /// Any but the first word.
    Full,
    Final,
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
    ends_with: EndsWith,
    start: Start,
    runs: Runs,
}

/// The clocks.
pub const CLOCKS: [ClockRule; 7] = [
    ClockRule {
        name: "personal_data_72h",
        label: "Thông báo vi phạm bảo vệ dữ liệu cá nhân (72 giờ từ khi phát hiện)",
        source: "Điều 23 Luật số 91/2025/QH15; Điều 28 Nghị định số 356/2025/NĐ-CP",
        length: Length::Hours(72),
        kind: Kind::BreachNotice,
        ends_with: EndsWith::Any,
        start: Start::Detected,
        runs: Runs::OfData,
    },
    ClockRule {
        name: "cyber_24h",
        label: "Thông báo ban đầu về sự cố an ninh mạng, chỉ bắt buộc nếu nghiêm trọng (24 giờ từ khi phát hiện)",
        source: "Điều 31 Nghị định số 331/2026/NĐ-CP",
        length: Length::Hours(24),
        kind: Kind::Incident,
        ends_with: EndsWith::Any,
        start: Start::Detected,
        runs: Runs::OfData,
    },
    ClockRule {
        name: "cyber_72h",
        label: "Báo cáo sự cố an ninh mạng: nguyên nhân, phạm vi, khắc phục (72 giờ từ khi phát hiện)",
        source: "Điều 31 Nghị định số 331/2026/NĐ-CP",
        length: Length::Hours(72),
        kind: Kind::Incident,
        ends_with: EndsWith::Full,
        start: Start::Detected,
        runs: Runs::OfData,
    },
    ClockRule {
        name: "ai_72h",
        label: "Báo cáo sơ bộ sự cố nghiêm trọng của hệ thống AI, nếu khẩn cấp (72 giờ từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        length: Length::Hours(72),
        kind: Kind::AiIncident,
        ends_with: EndsWith::Any,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
    ClockRule {
        name: "ai_5_working_days",
        label: "Báo cáo sơ bộ sự cố nghiêm trọng của hệ thống AI, trường hợp khác (05 ngày làm việc từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        length: Length::WorkingDays(5),
        kind: Kind::AiIncident,
        ends_with: EndsWith::Any,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
    ClockRule {
        name: "ai_final_15d",
        label: "Báo cáo chính thức sự cố nghiêm trọng của hệ thống AI (15 ngày từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        length: Length::Days(15),
        kind: Kind::AiIncident,
        ends_with: EndsWith::Final,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
    ClockRule {
        name: "secret_at_once",
        label: "Báo người đứng đầu cơ quan, cơ quan ban hành tài liệu và Công an về bí mật nhà nước đã ra ngoài (báo ngay)",
        source: "Luật số 117/2025/QH15",
        length: Length::AtOnce,
        kind: Kind::SecrecyNotice,
        ends_with: EndsWith::Any,
        start: Start::Detected,
        runs: Runs::OfSecrets,
    },
];

impl ClockRule {
    /// Counts a case, of a state secret or of other data.
    pub fn count(
        &self,
        (case, is_secret): (&Case, bool),
        holidays: &Holidays,
        clocks: &mut BTreeMap<String, Clock>,
    ) {
        let runs = match self.runs {
            Runs::OfData => !is_secret,
            Runs::OfSecrets => is_secret,
            Runs::WhenMade => !is_secret && case.document(self.kind.name()).is_some(),
        };
        if !runs {
            return;
        }
        let clock = clocks.entry(self.name.to_owned()).or_default();
        let due = self.due_at(case, holidays);
        clock.count(self.made_at(case).zip(due));
    }

    /// When the document that ends it was made.
    fn made_at(&self, case: &Case) -> Option<i64> {
        let fits = |stage: Option<&str>| match self.ends_with {
            EndsWith::Any => true,
            EndsWith::Full => stage != Some(Stage::First.name()),
            EndsWith::Final => stage == Some(Stage::Final.name()),
        };
        let made = case.document_where(self.kind.name(), fits);
        made.map(|at| at.0)
    }

    /// When the document of a case is due.
    pub fn due_at(&self, case: &Case, holidays: &Holidays) -> Option<i64> {
        let start = self.start_of(case)?;
        Some(match self.length {
            Length::Hours(hours) => start.saturating_add(hours * HOUR_MILLIS),
            Length::Days(days) => start.saturating_add(days * 24 * HOUR_MILLIS),
            Length::WorkingDays(days) => after_working_days(UnixMillis(start), days, holidays).0,
            Length::AtOnce => i64::MAX,
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

    fn counted(documents: &[(&str, i64)], is_secret: bool) -> BTreeMap<String, Clock> {
        let documents = documents.iter();
        let case = Case {
            detected_at: Some(0),
            confirmed_at: Some(HOUR_MILLIS),
            documents: documents
                .map(|(name, hour)| ((*name).to_owned(), hour * HOUR_MILLIS))
                .collect(),
            ..Case::default()
        };
        let mut clocks = BTreeMap::new();
        for rule in &CLOCKS {
            rule.count((&case, is_secret), &holidays(&[]), &mut clocks);
        }
        clocks
    }

    fn ended(clock: Clock) -> (u64, u64, u64) {
        (clock.in_time, clock.late, clock.not_made)
    }

    #[test]
    fn a_first_word_does_not_stand_for_the_full_report() {
        let of = |documents: &[(&str, i64)]| {
            let clocks = counted(documents, false);
            (ended(clocks["cyber_24h"]), ended(clocks["cyber_72h"]))
        };
        assert_eq!(of(&[]), ((0, 0, 1), (0, 0, 1)));
        assert_eq!(of(&[("incident/first", 20)]), ((1, 0, 0), (0, 0, 1)));
        let both = [("incident/first", 20), ("incident", 80)];
        assert_eq!(of(&both), ((1, 0, 0), (0, 1, 0)));
        assert_eq!(of(&[("incident", 30)]), ((0, 1, 0), (1, 0, 0)));
    }

    #[test]
    fn clocks_of_ai_run_once_there_is_a_report_and_the_last_one_ends_the_last() {
        let names = ["ai_72h", "ai_5_working_days", "ai_final_15d"];
        let none = counted(&[("incident", 1)], false);
        assert!(names.iter().all(|name| !none.contains_key(*name)));
        let days = |days: i64| days * 24;
        let first = counted(&[("ai-incident/first", days(4))], false);
        let of = |clocks: &BTreeMap<String, Clock>| names.map(|name| ended(clocks[name]));
        assert_eq!(of(&first), [(0, 1, 0), (1, 0, 0), (0, 0, 1)]);
        let both = [("ai-incident/first", 10), ("ai-incident/final", days(16))];
        let both = counted(&both, false);
        assert_eq!(of(&both), [(1, 0, 0), (1, 0, 0), (0, 1, 0)]);
    }

    #[test]
    fn a_state_secret_has_its_own_clock_and_no_other() {
        let clocks = counted(&[("secrecy-notice", 999)], true);
        assert_eq!(clocks.keys().collect::<Vec<_>>(), ["secret_at_once"]);
        assert_eq!(ended(clocks["secret_at_once"]), (1, 0, 0));
    }

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
