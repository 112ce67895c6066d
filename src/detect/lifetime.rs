//! Is somebody a figure of history? Books tell lives by their two dates: "(1940 - 1964)", "(25/8/1911 – 4/10/2013)"?
//!
//! Never: whose life it is.

use crate::detect::context::last_chars;
use crate::detect::fold::folded;

/// Who died no more than so many years ago has just died.
const LATE_YEARS: i32 = 1;
/// A title is not longer, in characters.
const TITLE_CHARS: usize = 24;

/// Titles that only figures of history bear.
const TITLES: [&str; 8] = [
    "nu anh hung",
    "anh hung liet si",
    "anh hung liet sy",
    "liet si anh hung",
    "anh hung dan toc",
    "nha cach mang",
    "danh nhan",
    "lanh tu",
];

/// The words of which one stands before the name of a hero.
pub(super) fn words() -> Vec<&'static str> {
    TITLES.to_vec()
}

/// Whether the text begins with two dates and a dash between, of which the second is not of this year
/// or the last: who has just died is no figure of history.
pub(super) fn is_life(text: &str, year_now: i32) -> bool {
    let birth = leading_date(text);
    has_year(birth) && is_until(text.get(birth.len()..).unwrap_or_default(), year_now)
}

/// Whether another date follows behind a dash: "(1940 - 1964)" tells a life that books tell.
pub(super) fn is_until(after: &str, year_now: i32) -> bool {
    let bare = after.trim_start_matches(' ');
    let until = bare.trim_start_matches(['-', '–']);
    let date = leading_date(until.trim_start_matches(' '));
    let is_late = |date: &str| {
        let year = date
            .rsplit(['/', '.'])
            .next()
            .and_then(|year| year.parse().ok());
        year.is_some_and(|year: i32| year >= year_now - LATE_YEARS)
    };
    until.len() < bare.len() && has_year(date) && !is_late(date)
}

/// Whether a title that only figures of history bear ends the text: their births are in books.
pub(super) fn is_hero(before: &str) -> bool {
    let near = folded(last_chars(before, TITLE_CHARS).trim_end_matches([' ', '"']));
    TITLES.iter().any(|title| near.ends_with(title))
}

/// The year or date with which a text begins.
fn leading_date(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '/' | '.');
    let rest = text.trim_start_matches(is_part);
    text.strip_suffix(rest).unwrap_or_default()
}

/// Whether a year ends the date.
fn has_year(date: &str) -> bool {
    let year = date.rsplit(['/', '.']).next();
    // "0912 345 678" is a telephone.
    year.is_some_and(|year| year.len() == 4 && year.starts_with(['1', '2']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dates_are_a_life_and_a_telephone_is_none() {
        for life in ["1940 - 1964)", "25/8/1911 – 4/10/2013", "1912-1982"] {
            assert!(is_life(life, 2026), "{life}");
        }
        for other in [
            "1940",
            "1940 - 0912 345 678",
            "1940, 1964",
            "1931 - 2026)",
            "12/3 - 15/3/2026",
        ] {
            assert!(!is_life(other, 2026), "{other}");
        }
    }
}
