//! Is somebody named among years of long ago, or where a book tells a life by its two dates?
//!
//! In: a name's place in the text. Out: whether what is told there is history: "Lê Lợi (1385 - 1433)",
//! "sinh năm 1766", "(28 tháng 2 năm 1939 – 1 tháng 4 năm 2001)".
//!
//! Never: years of papers and numbers of goods; a year has its word or its brackets.

use crate::detect::fold::folded;
use crate::detect::prefilter::around;
use crate::model::part::Span;

/// Years are looked for so far around a name, in bytes ...
const REACH: usize = 320;
/// ... and a life so far before it.
const LIFE_REACH: usize = 700;
/// What comes before is history.
const HISTORY: u32 = 1900;
/// Nobody who was born before lives today.
const BIRTHS: u32 = 1912;
/// The first year that texts tell with four figures.
const FIRST: u32 = 1000;
/// A date in words is not longer, in bytes.
const DATE_BYTES_MAX: usize = 26;

/// Whether anything of long ago is told in the text, or a life.
pub(super) fn tells_history(text: &str) -> bool {
    has_old_year(text) || tells_life(text)
}

/// Whether the name stands among years of long ago or in the telling of a life.
pub(super) fn is_bygone(text: &str, name: Span) -> bool {
    let near = around(text, name, REACH);
    let before = Span::new(near.start, name.start).of(text);
    let after = Span::new(name.end, near.end).of(text);
    let before = before.rsplit("\n\n").next().unwrap_or_default();
    let after = after.split("\n\n").next().unwrap_or_default();
    has_old_year(before) || has_old_year(after) || {
        let far = around(text, name, LIFE_REACH);
        let before = Span::new(far.start, name.start).of(text);
        let paragraph = before.rsplit("\n\n").next().unwrap_or_default();
        tells_life(paragraph)
    }
}

/// Whether a year of long ago stands in the text, behind its word or in brackets.
fn has_old_year(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'1', rest)) {
        let start = at + found;
        let digits = bytes.get(start..).unwrap_or_default();
        let digits = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + digits..).unwrap_or_default();
        if digits != 4 || before.ends_with(|c: char| c.is_alphanumeric()) {
            at = start + digits.max(1);
            continue;
        }
        let year: u32 = text
            .get(start..start + digits)
            .and_then(|year| year.parse().ok())
            .unwrap_or_default();
        if (FIRST..BIRTHS).contains(&year) && is_year(before, after, year) {
            return true;
        }
        at = start + digits;
    }
    false
}

/// Whether four figures are a year, by what stands around them.
fn is_year(before: &str, after: &str, year: u32) -> bool {
    let lead = before.trim_end_matches(' ');
    let near = lead.get(lead.ceil_char_boundary(lead.len().saturating_sub(16))..);
    let near = folded(near.unwrap_or_default());
    let is_born = ["sinh nam", "sinh", "sn"]
        .iter()
        .any(|word| near.ends_with(word));
    let is_told = near.ends_with(" nam") || near == "nam";
    let is_in_brackets = lead.ends_with('(')
        && (after.starts_with(')') || after.trim_start().starts_with(['-', '–']));
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '%'))
        || after.starts_with(['.', ','])
            && after
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !goes_on && (is_born || (is_told || is_in_brackets) && year < HISTORY)
}

/// Whether a life is told in words: "28 tháng 2 năm 1939 – 1 tháng 4 năm 2001".
fn tells_life(text: &str) -> bool {
    memchr::memchr2_iter(b')', b';', text.as_bytes()).any(|end| {
        let before = text.get(..end).unwrap_or_default();
        if !before.ends_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let told =
            before.get(before.ceil_char_boundary(end.saturating_sub(2 * DATE_BYTES_MAX + 8))..);
        let plain = folded(told.unwrap_or_default());
        plain.rsplit_once(" - ").is_some_and(|(birth, death)| {
            ends_with_date(birth) && ends_with_date(death) && death.contains(" thang ")
        })
    })
}

fn ends_with_date(text: &str) -> bool {
    text.rsplit_once(" nam ")
        .is_some_and(|(_, year)| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_of_long_ago_are_told_from_numbers() {
        for text in [
            "Cha là Lê Thử, sinh năm 1708, mất năm 1775",
            "vua Lê Thử (1385 - 1433)",
            "Lê Thử (1385) người làng Mẫu",
            "sinh năm 1903, quê phường Mẫu",
            "Nam 1418, Le Loi xung vuong",
        ] {
            assert!(has_old_year(text), "{text}");
        }
        for text in [
            "1500m nữ, 4 phút 14",
            "công văn số 1234/UBND",
            "sinh năm 1943",
            "xây năm 1905",
            "giá (1500 đồng)",
            "năm 1.250 ha",
        ] {
            assert!(!has_old_year(text), "{text}");
        }
    }

    #[test]
    fn a_life_in_words_is_known() {
        assert!(tells_life(
            "Lê Văn Thử (28 tháng 2 năm 1939 - 1 tháng 4 năm 2001) là nhạc sĩ"
        ));
        assert!(!tells_life("từ 28 tháng 2 năm 2019 - 1 tháng 4 năm"));
        assert!(!tells_life("Lê Văn Thử (sinh 28 tháng 2 năm 1939)"));
    }
}
