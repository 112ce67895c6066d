//! How are times and numbers written for people here? `14:05 12/6/2026`, `1.234`.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::model::exchange::UnixMillis;

/// The time of Việt Nam, which has no summer time.
const HANOI: Offset = Offset::constant(7);

/// A moment in a table: `14:05 12/06/2026`.
pub(crate) fn short(time: UnixMillis) -> String {
    strftime(time, "%H:%M %d/%m/%Y")
}

/// A moment in a sentence: `14:05 ngày 12/6/2026`.
pub(crate) fn long(time: UnixMillis) -> String {
    strftime(time, "%H:%M ngày %-d/%-m/%Y")
}

/// A moment as a field of date and time holds it: `2026-06-12T14:05`.
pub(crate) fn field(time: UnixMillis) -> String {
    strftime(time, "%Y-%m-%dT%H:%M")
}

/// A day as a date field holds it: `2026-06-12`.
pub(crate) fn day_field(time: UnixMillis) -> String {
    strftime(time, "%Y-%m-%d")
}

/// A day as people write it: `12/06`.
pub(crate) fn day(time: UnixMillis) -> String {
    strftime(time, "%d/%m")
}

/// The day of a date field, numbered from 1970-01-01.
pub(crate) fn day_of_field(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let midnight = date.to_zoned(TimeZone::fixed(HANOI)).ok()?.timestamp();
    Some(crate::store::totals::day_of(UnixMillis(
        midnight.as_millisecond(),
    )))
}

/// How long it is until a moment, or how long ago it was.
pub(crate) fn left(due: UnixMillis, now: UnixMillis) -> String {
    let minutes = due.0.saturating_sub(now.0) / 60_000;
    let span = span(minutes.unsigned_abs());
    if minutes < 0 {
        format!("quá hạn {span}")
    } else {
        format!("còn {span}")
    }
}

fn span(minutes: u64) -> String {
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match hours {
        0 => format!("{minutes} phút"),
        1..100 => format!("{hours} giờ {minutes} phút"),
        _ => format!("{} ngày", hours / 24),
    }
}

/// A day `2026-12-31` as people write it: `31/12/2026`.
pub(crate) fn day_written(day: &str) -> String {
    let mut parts = day.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(date)) => format!("{date}/{month}/{year}"),
        _ => day.to_owned(),
    }
}

fn strftime(time: UnixMillis, format: &str) -> String {
    let local = stamp(time).to_zoned(TimeZone::fixed(HANOI));
    local.strftime(format).to_string()
}

fn stamp(time: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_here_do() {
        let noon = UnixMillis(1_781_247_900_000);
        assert_eq!(short(noon), "14:05 12/06/2026");
        assert_eq!(long(noon), "14:05 ngày 12/6/2026");
        assert_eq!(field(noon), "2026-06-12T14:05");
        assert_eq!(day_of_field("2026-06-12"), Some(20616));
        let later = UnixMillis(noon.0 + 72 * 3_600_000);
        assert_eq!(left(later, noon), "còn 72 giờ 0 phút");
        assert_eq!(left(noon, later), "quá hạn 72 giờ 0 phút");
    }
}
