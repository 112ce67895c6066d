//! Does a year near a citizen number agree with the year of birth in its digits?
//!
//! Never: a look further than [`REACH`].

use crate::detect::prefilter::around;
use crate::model::part::Span;

/// Forms put the birth date on a line next to the number, in bytes.
const REACH: usize = 160;

/// Whether the number's year of birth stands nearby, as a number of four digits.
pub(super) fn agrees(text: &str, span: Span) -> bool {
    let digits: Vec<u8> = span.of(text).bytes().filter(u8::is_ascii_digit).collect();
    let Some([century, tens, ones]) = digits.get(3..6).and_then(|d| <[u8; 3]>::try_from(d).ok())
    else {
        return false;
    };
    let lead: &[u8] = match century {
        b'0' | b'1' => b"19",
        b'2' | b'3' => b"20",
        _ => return false,
    };
    let year = [lead, &[tens, ones]].concat();
    let near = around(text, span, REACH);
    let before = Span::new(near.start, span.start).of(text);
    let after = Span::new(span.end, near.end).of(text);
    has_number(before, &year) || has_number(after, &year)
}

fn has_number(text: &str, number: &[u8]) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    memchr::memmem::find_iter(bytes, number)
        .any(|at| !is_digit(at.checked_sub(1)) && !is_digit(Some(at + number.len())))
}

/// Whether the value tells years or a day: "2021-2026", "2026-11-30".
pub(super) fn is_time(value: &str) -> bool {
    let is_year = |part: &str| part.len() == 4 && part.starts_with(['1', '2']);
    let mut parts = value.split(['-', '.', ' ']);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(from), Some(to), None, None) => is_year(from) && is_year(to),
        (Some(year), Some(month), Some(day), None) => {
            is_year(year) && month.len() == 2 && day.len() == 2
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_birth_nearby_agrees_with_the_digits() {
        let agrees = |text: &str| agrees(text, Span::new(0, 12));
        assert!(agrees("001099000001, sinh ngày 01/01/1999"));
        assert!(agrees("001299000001 sinh 2099"));
        assert!(!agrees("001099000001, sinh năm 1998"));
        assert!(!agrees("001099000001, mã 199912"));
    }
}
