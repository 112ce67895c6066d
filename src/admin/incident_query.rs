//! Which incidents does an address ask for? The filters of the list, as they stand in its address.
//!
//! Everything comes from outside: unknown names are ignored, values are bounded, and what is not a
//! date is no date. The same words make the links to other pages and to exports.

use percent_encoding::utf8_percent_encode;

use crate::admin::access::IN_QUERY;
use crate::admin::told;
use crate::model::category::Category;
use crate::model::exchange::UnixMillis;
use crate::store::{IncidentFilter, Narrow};

/// How long a value may be.
const VALUE_CHARS_MAX: usize = 200;
/// What stands in an address for "no unit" and "nobody".
pub(super) const NONE: &str = "-";

/// The filters of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IncidentQuery {
    /// The first day, as a date field writes it.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    /// What the list is narrowed by.
    pub(super) values: Vec<(Narrow, String)>,
    /// A code that is looked for.
    pub(super) code: String,
    /// Where the page goes on.
    pub(super) before: Option<u64>,
}

impl IncidentQuery {
    /// Reads the pairs of an address or a form.
    pub(super) fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            let value: String = value.trim().chars().take(VALUE_CHARS_MAX).collect();
            if value.is_empty() {
                continue;
            }
            match name {
                "from" if told::day_of_field(&value).is_some() => query.from = value,
                "to" if told::day_of_field(&value).is_some() => query.to = value,
                "q" => query.code = value,
                "before" => query.before = value.parse().ok(),
                name => {
                    let narrow = Narrow::ALL.into_iter().find(|one| one.as_str() == name);
                    if let Some(narrow) = narrow.filter(|narrow| query.value(*narrow).is_empty()) {
                        query.values.push((narrow, value));
                    }
                }
            }
        }
        query
    }

    /// The value by which the list is narrowed; empty where it is not.
    pub(super) fn value(&self, narrow: Narrow) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == narrow);
        found.map_or("", |(_, value)| value)
    }

    /// Whether nothing narrows the list.
    pub(super) fn is_open(&self) -> bool {
        self.values.is_empty() && self.from.is_empty() && self.to.is_empty()
    }

    /// Whether state secrets are asked for by name: they are never shown by the way.
    pub(super) fn asks_for_secrets(&self) -> bool {
        self.value(Narrow::Category) == Category::StateSecret.as_str()
    }

    /// As the store understands it.
    pub(super) fn filter(&self, sees_secrets: bool, limit: u32) -> IncidentFilter {
        let day = |text: &str| told::day_of_field(text);
        IncidentFilter {
            since: day(&self.from).map(crate::store::totals::start_of_day),
            until: day(&self.to).map(|day| crate::store::totals::start_of_day(day + 1)),
            narrowings: self
                .values
                .iter()
                .map(|(narrow, value)| match (narrow, value.as_str()) {
                    (Narrow::Unit, NONE) => (*narrow, String::new()),
                    _ => (*narrow, value.clone()),
                })
                .collect(),
            with_secrets: sees_secrets && self.asks_for_secrets(),
            before_seq: self.before,
            limit,
        }
    }

    /// The pairs that ask for the same list from its beginning.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<_> = self
            .values
            .iter()
            .map(|(narrow, value)| (narrow.as_str(), value.clone()))
            .collect();
        for (name, value) in [("from", &self.from), ("to", &self.to)] {
            if !value.is_empty() {
                pairs.push((name, value.clone()));
            }
        }
        pairs
    }

    /// The address of the same list, going on before a number.
    pub(super) fn address(&self, before: Option<u64>) -> String {
        let mut pairs = self.pairs();
        pairs.extend(before.map(|before| ("before", before.to_string())));
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, IN_QUERY)))
            .collect();
        if pairs.is_empty() {
            "/incidents".to_owned()
        } else {
            format!("/incidents?{}", pairs.join("&"))
        }
    }
}

/// The address of the list narrowed by one value.
pub(super) fn address_of(narrow: Narrow, value: &str) -> String {
    let query = IncidentQuery {
        values: vec![(narrow, value.to_owned())],
        ..IncidentQuery::default()
    };
    query.address(None)
}

/// A code as it is written, however it was typed: `k7m 2f4` is `K7M-2F4`.
pub(super) fn code_as_written(typed: &str) -> String {
    let symbols: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|symbol| symbol.to_ascii_uppercase())
        .collect();
    match symbols.split_at_checked(3) {
        Some((first, second)) if symbols.len() == 6 => format!("{first}-{second}"),
        Some(_) | None => typed.trim().to_owned(),
    }
}

/// The moment of a field of date and time, in Việt Nam.
pub(super) fn moment_of_field(text: &str) -> Option<UnixMillis> {
    let time: jiff::civil::DateTime = text.parse().ok()?;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(7));
    let stamp = time.to_zoned(zone).ok()?.timestamp();
    Some(UnixMillis(stamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_and_nonsense_is_ignored() {
        let pairs = [
            ("unit", "Một cửa & \"x\""),
            ("from", "2026-06-01"),
            ("to", "yesterday"),
            ("evil", "1"),
            ("status", ""),
            ("unit", "other"),
            ("before", "17"),
        ];
        let query = IncidentQuery::read(pairs.into_iter());
        assert_eq!(query.value(Narrow::Unit), "Một cửa & \"x\"");
        assert_eq!((query.to.as_str(), query.before), ("", Some(17)));
        let address = query.address(Some(5));
        assert!(address.ends_with("&from=2026-06-01&before=5"), "{address}");
        assert!(!address.contains('"') && !address.contains(' '));
        let filter = query.filter(false, 50);
        assert_eq!(filter.since, Some(UnixMillis(1_780_246_800_000)));
        assert!(!filter.with_secrets);
    }

    #[test]
    fn codes_are_found_however_they_were_typed() {
        for typed in ["k7m-2f4", "K7M2F4", " k7m 2f4 "] {
            assert_eq!(code_as_written(typed), "K7M-2F4");
        }
        assert_eq!(code_as_written("0193fd00"), "0193fd00");
    }

    #[test]
    fn a_moment_is_one_of_viet_nam() {
        let noon = moment_of_field("2026-06-12T14:05").unwrap();
        assert_eq!(noon, UnixMillis(1_781_247_900_000));
        assert_eq!(moment_of_field("soon"), None);
    }
}
