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

/// A day `2026-12-31` as people write it: `31/12/2026`.
pub(crate) fn day(day: &str) -> String {
    let mut parts = day.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(date)) => format!("{date}/{month}/{year}"),
        _ => day.to_owned(),
    }
}

/// A number with dots between thousands.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push('.');
        }
        told.push(digit);
    }
    told
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
    fn times_and_numbers_are_written_as_people_here_do() {
        let noon = UnixMillis(1_781_247_900_000);
        assert_eq!(short(noon), "14:05 12/06/2026");
        assert_eq!(number(1_234_567), "1.234.567");
        assert_eq!(number(12), "12");
    }
}
