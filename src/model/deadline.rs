//! By when must what went out be reported, and to whom? The clocks of the law.
//!
//! None of them runs until a person has found that data went out. Most run from the moment that it
//! was detected, those of AI incidents from the moment that it was confirmed. Working days leave
//! out Saturdays, Sundays and the holidays that the office lists.

use std::collections::BTreeSet;

use crate::model::exchange::UnixMillis;

const HOUR_MILLIS: i64 = 3_600_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// Việt Nam is seven hours ahead, all year.
const OFFSET_MILLIS: i64 = 7 * HOUR_MILLIS;

/// The days on which nobody works, by their number since 1970-01-01 in Việt Nam; weekends need not
/// be among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<i64>);

impl FromIterator<i64> for Holidays {
    fn from_iter<T: IntoIterator<Item = i64>>(days: T) -> Self {
        Self(days.into_iter().collect())
    }
}

/// What went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WentOut {
    /// Personal data, internal documents, passwords.
    Data,
    /// A state secret.
    StateSecret,
}

/// From when a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunsFrom {
    /// From the detection.
    Detection,
    /// From the confirmation.
    Confirmation,
}

/// One clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What is to be done.
    pub what: &'static str,
    /// Only then; empty for always.
    pub only_if: &'static str,
    /// By which law.
    pub basis: &'static str,
    /// From when it runs.
    pub runs_from: RunsFrom,
    /// By when.
    pub due_at: UnixMillis,
}

/// The clocks that run, the first to end first.
pub fn deadlines(
    went_out: WentOut,
    detected_at: UnixMillis,
    confirmed_at: UnixMillis,
    holidays: &Holidays,
) -> Vec<Deadline> {
    let from_detection = |what, only_if, basis, hours: i64| Deadline {
        what,
        only_if,
        basis,
        runs_from: RunsFrom::Detection,
        due_at: UnixMillis(detected_at.0.saturating_add(hours * HOUR_MILLIS)),
    };
    if went_out == WentOut::StateSecret {
        return vec![from_detection(
            "Báo ngay người đứng đầu cơ quan, cơ quan ban hành tài liệu và Công an",
            "",
            "Luật Bảo vệ bí mật nhà nước số 117/2025/QH15",
            0,
        )];
    }
    let from_confirmation = |what, only_if, due_at| Deadline {
        what,
        only_if,
        basis: "Điều 19 Nghị định số 142/2026/NĐ-CP, Mẫu AI01a",
        runs_from: RunsFrom::Confirmation,
        due_at,
    };
    let mut all = vec![
        from_detection(
            "Thông báo vi phạm quy định về bảo vệ dữ liệu cá nhân",
            "",
            "Điều 23 Luật số 91/2025/QH15; Điều 28 và Mẫu số 08 Nghị định số 356/2025/NĐ-CP",
            72,
        ),
        from_detection(
            "Thông báo ban đầu về sự cố an ninh mạng",
            "sự cố nghiêm trọng",
            "Điều 31 Nghị định số 331/2026/NĐ-CP",
            24,
        ),
        from_detection(
            "Báo cáo sự cố an ninh mạng: nguyên nhân, phạm vi, khắc phục",
            "",
            "Điều 31 Nghị định số 331/2026/NĐ-CP",
            72,
        ),
        from_confirmation(
            "Báo cáo sơ bộ sự cố của hệ thống AI",
            "sự cố do hệ thống AI, khẩn cấp",
            UnixMillis(confirmed_at.0.saturating_add(72 * HOUR_MILLIS)),
        ),
        from_confirmation(
            "Báo cáo sơ bộ sự cố của hệ thống AI",
            "sự cố do hệ thống AI, trường hợp khác",
            after_working_days(confirmed_at, 5, holidays),
        ),
        from_confirmation(
            "Báo cáo kết thúc sự cố của hệ thống AI",
            "sự cố do hệ thống AI",
            UnixMillis(confirmed_at.0.saturating_add(15 * DAY_MILLIS)),
        ),
    ];
    all.sort_by_key(|deadline| deadline.due_at);
    all
}

/// The same time of day, so many working days later.
pub fn after_working_days(from: UnixMillis, count: u32, holidays: &Holidays) -> UnixMillis {
    let mut at = from.0;
    let mut left = count;
    while left > 0 {
        at = at.saturating_add(DAY_MILLIS);
        let day = at.saturating_add(OFFSET_MILLIS).div_euclid(DAY_MILLIS);
        // Day 0 was a Thursday.
        if (day + 3).rem_euclid(7) < 5 && !holidays.0.contains(&day) {
            left -= 1;
        }
    }
    UnixMillis(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Friday, 2026-06-12T14:05:00+07:00.
    const FRIDAY: UnixMillis = UnixMillis(1_781_247_900_000);

    #[test]
    fn personal_data_is_told_within_72_hours_of_detection() {
        let confirmed = UnixMillis(FRIDAY.0 + 10 * HOUR_MILLIS);
        let all = deadlines(WentOut::Data, FRIDAY, confirmed, &Holidays::default());
        assert!(all.is_sorted_by_key(|deadline| deadline.due_at));
        let told = all.iter().find(|one| one.what.starts_with("Thông báo vi"));
        let told = told.unwrap();
        assert_eq!(told.due_at.0 - FRIDAY.0, 72 * HOUR_MILLIS);
        assert!(told.basis.contains("356/2025"));
        let of_ai = all
            .iter()
            .filter(|one| one.runs_from == RunsFrom::Confirmation);
        let due: Vec<i64> = of_ai.map(|one| one.due_at.0 - confirmed.0).collect();
        // Confirmed on Saturday at 00:05: the fifth working day is the Friday after.
        assert_eq!(due, [72 * HOUR_MILLIS, 6 * DAY_MILLIS, 15 * DAY_MILLIS]);
    }

    #[test]
    fn weekends_and_holidays_are_no_working_days() {
        let after = |count, holidays: &[i64]| {
            let holidays = holidays.iter().copied().collect();
            (after_working_days(FRIDAY, count, &holidays).0 - FRIDAY.0) / DAY_MILLIS
        };
        assert_eq!((after(5, &[]), after(1, &[])), (7, 3));
        // Monday, 2026-06-15, is given as a holiday; a Saturday among them changes nothing.
        assert_eq!(after(1, &[20_619, 20_617]), 4);
    }

    #[test]
    fn a_state_secret_is_told_at_once() {
        let all = deadlines(WentOut::StateSecret, FRIDAY, FRIDAY, &Holidays::default());
        assert_eq!((all.len(), all[0].due_at), (1, FRIDAY));
    }
}
