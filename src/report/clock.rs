//! Which legal clocks run once data went out, and when did they end?
//!
//! A stopped request starts none. A clock starts when a person has settled that data went out: from
//! the detection, or from the confirmation. It ends with the first document of its kind that was
//! made here; whether and when that was sent is known to the office alone.

use std::collections::BTreeMap;

use crate::report::case::Case;
use crate::report::figures::Clock;
use crate::report::kind::Kind;

/// Milliseconds of an hour.
const HOUR_MILLIS: i64 = 3600 * 1000;

/// When a clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// When it was detected that data went out.
    Detected,
    /// When a person confirmed it.
    Confirmed,
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
    /// How long it runs, in hours.
    pub hours: i64,
    kind: Kind,
    start: Start,
    runs: Runs,
}

/// The clocks.
pub const CLOCKS: [ClockRule; 3] = [
    ClockRule {
        name: "personal_data_72h",
        label: "Thông báo vi phạm bảo vệ dữ liệu cá nhân (72 giờ từ khi phát hiện)",
        source: "Điều 23 Luật số 91/2025/QH15",
        hours: 72,
        kind: Kind::BreachNotice,
        start: Start::Detected,
        runs: Runs::Always,
    },
    ClockRule {
        name: "cyber_72h",
        label: "Báo cáo sự cố an ninh mạng (72 giờ từ khi phát hiện)",
        source: "Điều 31 Nghị định số 331/2026/NĐ-CP",
        hours: 72,
        kind: Kind::Incident,
        start: Start::Detected,
        runs: Runs::Always,
    },
    ClockRule {
        name: "ai_72h",
        label: "Báo cáo sơ bộ sự cố nghiêm trọng của hệ thống AI (72 giờ từ khi xác nhận)",
        source: "Điều 19 Nghị định số 142/2026/NĐ-CP",
        hours: 72,
        kind: Kind::AiIncident,
        start: Start::Confirmed,
        runs: Runs::WhenMade,
    },
];

impl ClockRule {
    /// Counts a case.
    pub fn count(&self, case: &Case, clocks: &mut BTreeMap<String, Clock>) {
        let made = case.document(self.kind.name()).map(|at| at.0);
        if made.is_none() && self.runs == Runs::WhenMade {
            return;
        }
        let took = made.zip(self.start_of(case)).map(|(at, from)| at - from);
        let clock = clocks.entry(self.name.to_owned()).or_default();
        clock.count(took, self.hours * HOUR_MILLIS);
    }

    /// When the document of a case is due.
    pub fn due_at(&self, case: &Case) -> Option<i64> {
        Some(self.start_of(case)? + self.hours * HOUR_MILLIS)
    }

    fn start_of(&self, case: &Case) -> Option<i64> {
        match self.start {
            Start::Detected => case.detected_at.or(case.confirmed_at),
            Start::Confirmed => case.confirmed_at,
        }
    }
}
