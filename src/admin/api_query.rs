//! What does the address of a program's question ask for? Each parameter read, or named as bad.

use http::Uri;
use percent_encoding::percent_decode_str;

use crate::admin::api_failure::ApiFailure;
use crate::model::exchange::UnixMillis;
use crate::store::totals::{self};

/// The parameters of a question.
pub(super) struct Asked(Vec<(&'static str, String)>);

impl Asked {
    /// Reads the address. A parameter that is not known is an error: a typing mistake in `since`
    /// must not fetch everything.
    pub(super) fn of(uri: &Uri, known: &[&'static str]) -> Result<Self, ApiFailure> {
        let mut asked = Vec::new();
        let pairs = uri.query().unwrap_or_default().split('&');
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let known = known.iter().find(|one| **one == name);
            let name = known.ok_or(ApiFailure::Parameter("unknown"))?;
            if asked.iter().any(|(other, _)| other == name) {
                return Err(ApiFailure::Parameter(name));
            }
            // A plus stands for itself: times carry one (`+07:00`).
            let value = percent_decode_str(value).decode_utf8();
            let value = value.map_err(|_| ApiFailure::Parameter(name))?;
            asked.push((*name, value.into_owned()));
        }
        Ok(Self(asked))
    }

    fn find(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A whole number that a signed one of 64 bits holds.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, ApiFailure> {
        let bad = |_| ApiFailure::Parameter(name);
        let is_plain = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
        match self.find(name) {
            None => Ok(None),
            Some(text) if is_plain(&text) => {
                let number: i64 = text.parse().map_err(bad)?;
                Ok(Some(number.unsigned_abs()))
            }
            Some(_) => Err(ApiFailure::Parameter(name)),
        }
    }

    /// A moment, RFC 3339.
    pub(super) fn time(&self, name: &'static str) -> Result<Option<UnixMillis>, ApiFailure> {
        let Some(text) = self.find(name) else {
            return Ok(None);
        };
        let time: jiff::Timestamp = text.parse().map_err(|_| ApiFailure::Parameter(name))?;
        Ok(Some(UnixMillis(time.as_millisecond())))
    }

    /// A day, `2026-06-12`, numbered from 1970-01-01.
    pub(super) fn day(&self, name: &'static str) -> Result<Option<i64>, ApiFailure> {
        let Some(text) = self.find(name) else {
            return Ok(None);
        };
        let bad = || ApiFailure::Parameter(name);
        let is_plain = text.len() == 10 && text.is_ascii();
        let date: jiff::civil::Date = text.parse().ok().filter(|_| is_plain).ok_or_else(bad)?;
        let noon = date.at(12, 0, 0, 0).in_tz("Asia/Ho_Chi_Minh");
        let noon = noon.map_err(|_| bad())?.timestamp().as_millisecond();
        Ok(Some(totals::day_of(UnixMillis(noon))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &'static str) -> Result<Asked, ApiFailure> {
        let uri = Uri::builder().path_and_query(query).build().unwrap();
        Asked::of(&uri, &["since", "limit", "to"])
    }

    #[test]
    fn parameters_are_read_or_named() {
        let good = asked("/?since=2026-06-12T14:05:00%2B07:00&limit=7&to=2026-06-12").unwrap();
        let noon = UnixMillis(1_781_247_900_000);
        assert_eq!(good.time("since").unwrap(), Some(noon));
        assert_eq!(good.number("limit").unwrap(), Some(7));
        assert_eq!(good.day("to").unwrap(), Some(totals::day_of(noon)));
        assert!(good.number("before").unwrap().is_none());
        for bad in ["/?sinse=1", "/?limit=1&limit=2", "/?limit=%ff"] {
            assert!(asked(bad).is_err(), "{bad}");
        }
        let bad = asked("/?since=yesterday&limit=-1&to=12.6.2026").unwrap();
        assert!(bad.time("since").is_err());
        assert!(bad.number("limit").is_err());
        let huge = asked("/?limit=9223372036854775808").unwrap();
        assert!(huge.number("limit").is_err());
        assert!(bad.day("to").is_err());
    }
}
