//! Which signs of quotation stand within a number that mail cut in two?
//!
//! In: raw text. Out: the signs to be read as nothing: `0912\n> 345678` is `0912\n345678`.
//!
//! Never: signs between two numbers; together the halves are as long as one number of a person.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// The numbers of people have so many digits.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=12;
/// Quoted so often, and no further.
const SIGNS_BYTES_MAX: usize = 12;

/// The signs within numbers.
pub(super) fn within_numbers(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for end in memchr::memmem::find_iter(bytes, b"\n>") {
        let signs = bytes.get(end + 1..).unwrap_or_default();
        let signs = signs
            .iter()
            .take(SIGNS_BYTES_MAX)
            .take_while(|byte| matches!(byte, b'>' | b' '))
            .count();
        let begin = end + 1 + signs;
        let lead = bytes.get(..end).unwrap_or_default().iter().rev();
        let tail = bytes.get(begin..).unwrap_or_default().iter();
        let (before, after) = (digits(lead), digits(tail));
        if before > 0 && after > 0 && DIGITS.contains(&(before + after)) {
            found.push(Replacement::new(Span::new(end + 1, begin), ""));
        }
    }
    found
}

/// How many digits a half of a number has, walking away from the cut.
fn digits<'b>(away: impl Iterator<Item = &'b u8>) -> usize {
    away.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'.' | b'-'))
        .take(2 * DIGITS.end())
        .filter(|byte| byte.is_ascii_digit())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn signs_within_a_number_are_nothing() {
        for (written, meant) in [
            ("> gọi 0912\n> 345678 nhé", "> gọi 0912\n345678 nhé"),
            (">> 0912 345 \n>> 678", ">> 0912 345 \n678"),
            (
                "> 1. năm 1980\n> 2. năm 1981",
                "> 1. năm 1980\n> 2. năm 1981",
            ),
            ("> 0900000001\n> 0900000002", "> 0900000001\n> 0900000002"),
            ("a > b\n> c", "a > b\n> c"),
        ] {
            assert_eq!(apply(written, &within_numbers(written)).0, meant);
        }
    }
}
