//! Is a number broken by the end of a line, as text from a page or a narrow window is?
//!
//! In: text and a span. Out: the number in one piece, where words stand beside either piece:
//! numbers alone on their lines are a column.
//!
//! Never: what the number means.

use crate::detect::validator::Validator;
use crate::model::part::Span;

/// Shorter beginnings are numbers of lists and of pages.
const HEAD_DIGITS_MIN: usize = 3;
/// A single figure at the beginning of a line counts its lines.
const TAIL_DIGITS_MIN: usize = 2;
/// So far words are looked for on either line, in bytes.
const REACH: usize = 80;

/// The digits of a number that one end of a line broke in two, for a check of its structure.
pub(super) fn joined(validator: Validator, text: &str, span: Span) -> Option<String> {
    if !matches!(validator, Validator::CitizenId | Validator::PhoneVn) {
        return None;
    }
    let (head, tail) = span.of(text).split_once('\n')?;
    let is_hyphened = head.ends_with('-');
    let (head, tail) = (head.trim_end_matches([' ', '-']), tail.trim_start());
    let (first, second) = (digits(head)?, digits(tail)?);
    if first.len() < HEAD_DIGITS_MIN || second.len() < TAIL_DIGITS_MIN {
        return None;
    }
    let lead = text.get(..span.start)?;
    let lead = lead.get(lead.ceil_char_boundary(lead.len().saturating_sub(REACH))..)?;
    let lead = lead.rsplit('\n').next().unwrap_or_default();
    let rest = text.get(span.end..)?;
    let rest = rest.get(..rest.floor_char_boundary(REACH)).unwrap_or(rest);
    let rest = rest.split('\n').next().unwrap_or_default();
    let is_told =
        is_hyphened || lead.contains(char::is_alphabetic) || rest.contains(char::is_alphabetic);
    // "12. " and "12) " open the next line of a list.
    let opens_item = tail.len() <= TAIL_DIGITS_MIN && rest.starts_with(['.', ')', ':']);
    let is_cell = lead.contains(['|', '\t']) && !is_hyphened;
    (is_told && !opens_item && !is_cell).then(|| first + &second)
}

/// The digits of a piece that is nothing but digits, in one run or in groups.
fn digits(piece: &str) -> Option<String> {
    let is_group = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let mut groups = piece.split([' ', '.', '-']);
    groups
        .all(is_group)
        .then(|| piece.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, value: &str) -> Option<String> {
        let at = text.find(value)?;
        joined(Validator::PhoneVn, text, Span::new(at, at + value.len()))
    }

    #[test]
    fn a_number_broken_by_the_end_of_a_line_is_joined() {
        for (text, value) in [
            ("gọi bác Thử 0900\n000001 nhé", "0900\n000001"),
            ("bác Thử 0900-\n000001", "0900-\n000001"),
            ("0900 000 \n001 là số của ai", "0900 000 \n001"),
            ("Thử\n0900-\n000001\n", "0900-\n000001"),
        ] {
            assert_eq!(read(text, value).as_deref(), Some("0900000001"), "{text}");
        }
    }

    #[test]
    fn numbers_below_each_other_are_not() {
        for (text, value) in [
            ("0900\n000001", "0900\n000001"),
            ("tổng 09000000\n01. Thôn Mẫu", "09000000\n01"),
            ("| a | 0900\n000001 |", "0900\n000001"),
            ("tổng 09\n00000001", "09\n00000001"),
            ("tổng 0900\n000\n001", "0900\n000\n001"),
        ] {
            assert_eq!(read(text, value), None, "{text}");
        }
    }
}
