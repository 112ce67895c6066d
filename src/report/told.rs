//! How are times and numbers written on a report? As Nghị định 30/2020/NĐ-CP and offices do.

use crate::model::thousands::grouped;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// The time of Việt Nam, which has no summer time.
const HANOI: Offset = Offset::constant(7);

/// A moment: `14 giờ 05 phút, ngày 12/6/2026`.
pub fn moment(millis: i64) -> String {
    let local = Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::fixed(HANOI));
    format!(
        "{:02} giờ {:02} phút, ngày {}",
        local.hour(),
        local.minute(),
        day(local.date())
    )
}

/// A moment in a narrow column: `14:05 12/6/2026`.
pub fn short_moment(millis: i64) -> String {
    let local = Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::fixed(HANOI));
    format!(
        "{:02}:{:02} {}",
        local.hour(),
        local.minute(),
        day(local.date())
    )
}

/// A day: `12/6/2026`, as Nghị định 30/2020/NĐ-CP has it: days below 10 and January, February have
/// a leading zero.
pub fn day(date: jiff::civil::Date) -> String {
    let zero = if date.month() < 3 { "0" } else { "" };
    format!("{:02}/{zero}{}/{}", date.day(), date.month(), date.year())
}

/// A moment that may not be known.
pub fn moment_or_dots(millis: Option<i64>) -> String {
    millis.map_or_else(|| "…………………".to_owned(), moment)
}

/// How a number changed: `tăng 12 (+25,0%)`.
pub fn change(now: u64, before: u64) -> String {
    if now == before {
        return "không đổi".to_owned();
    }
    let (word, sign, by) = if now > before {
        ("tăng", '+', now - before)
    } else {
        ("giảm", '-', before - now)
    };
    match (u128::from(by) * 1000).checked_div(u128::from(before)) {
        Some(permille) => {
            let (whole, tenth) = (permille / 10, permille % 10);
            format!("{word} {} ({sign}{whole},{tenth}%)", grouped(by))
        }
        None => format!("{word} {}", grouped(by)),
    }
}

/// A share: `2,5%`; a dash of nothing.
pub fn percent(part: u64, whole: u64) -> String {
    match (u128::from(part) * 1000).checked_div(u128::from(whole)) {
        Some(permille) => format!("{},{}%", permille / 10, permille % 10),
        None => "-".to_owned(),
    }
}

/// Minutes that something did not exceed: `35 phút`, `4 giờ 10 phút`, `3 ngày 2 giờ`.
pub fn minutes(minutes: u64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) if rest == 0 => "1 phút".to_owned(),
        (0, 0) => format!("{rest} phút"),
        (0, hours) => format!("{hours} giờ {rest} phút"),
        (days, hours) => format!("{days} ngày {hours} giờ"),
    }
}

/// A text with a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_times_and_changes_are_written_as_offices_do() {
        assert_eq!(moment(1_781_247_900_000), "14 giờ 05 phút, ngày 12/6/2026");
        assert_eq!(change(60, 48), "tăng 12 (+25,0%)");
        assert_eq!(change(0, 3), "giảm 3 (-100,0%)");
        assert_eq!(change(3, 0), "tăng 3");
        assert_eq!(change(7, 7), "không đổi");
        assert_eq!(
            (percent(25, 1000), percent(1, 0)),
            ("2,5%".to_owned(), "-".to_owned())
        );
        assert_eq!(minutes(35), "35 phút");
        assert_eq!(minutes(250), "4 giờ 10 phút");
        assert_eq!(minutes(4440), "3 ngày 2 giờ");
    }
}
