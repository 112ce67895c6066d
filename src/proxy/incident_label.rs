//! When was an incident recorded, as people in the office say it?

use jiff::Timestamp;
use jiff::tz::{self, TimeZone};

use crate::model::exchange::UnixMillis;
use crate::model::incident::Receipt;

/// "14:05 ngày 12/6/2026", in the time of Việt Nam (UTC+7 all year).
pub(super) fn recorded(receipt: &Receipt) -> String {
    at(receipt.recorded_at)
}

/// The same of any moment.
pub(super) fn at(time: UnixMillis) -> String {
    let zone = TimeZone::fixed(tz::offset(7));
    let Ok(at) = Timestamp::from_millisecond(time.0) else {
        return String::new();
    };
    let at = at.to_zoned(zone);
    format!(
        "{:02}:{:02} ngày {}/{}/{}",
        at.hour(),
        at.minute(),
        at.day(),
        at.month(),
        at.year()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_in_local_time() {
        let receipt = Receipt {
            id: String::new(),
            code: String::new(),
            recorded_at: UnixMillis(1_781_247_900_000),
        };
        assert_eq!(recorded(&receipt), "14:05 ngày 12/6/2026");
    }
}
