//! Which numbers are spelled out digit by digit, in Vietnamese words?
//!
//! In: composed text. Out: runs such as `không chín một hai ...` to be read as digits.
//!
//! Never: fewer than nine in a row; people count to five in prose.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// No identifier has fewer digits.
const DIGITS_MIN: usize = 9;
/// A run of nine words and the gaps between is longer than twice that, so that it covers a place
/// looked at with a whole word behind it.
const STRIDE: usize = 12;

/// The spelled numbers.
pub(super) fn numbers(text: &str) -> Vec<Replacement> {
    let mut found: Vec<Replacement> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let probe = text.ceil_char_boundary(at);
        let start = found.last().map_or(0, |last| last.span.end);
        let mut next = at + STRIDE;
        if let Some(word) = word_at(text, probe)
            && digit(word.of(text)).is_some()
        {
            let (span, digits) = run_around(text, word, start);
            if digits.len() >= DIGITS_MIN {
                next = next.max(span.end);
                found.push(Replacement::new(span, digits));
            }
        }
        at = next;
    }
    found
}

/// The first whole word from a place on.
fn word_at(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let is_inside = text
        .get(..at)
        .and_then(|before| before.chars().next_back())
        .is_some_and(char::is_alphanumeric);
    let skipped = if is_inside {
        rest.find(|c: char| !c.is_alphanumeric())?
    } else {
        0
    };
    let rest = rest.get(skipped..)?;
    let lead = rest
        .char_indices()
        .take(GAP_CHARS_MAX)
        .find(|(_, c)| c.is_alphanumeric())?
        .0;
    let word = rest.get(lead..)?;
    let length = word
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(word.len());
    let start = at + skipped + lead;
    Some(Span::new(start, start + length))
}

const GAP_CHARS_MAX: usize = 4;

/// The run of spelled digits around a word, not reaching before `start`.
fn run_around(text: &str, word: Span, start: usize) -> (Span, String) {
    let mut span = word;
    let mut digits: String = digit(word.of(text)).into_iter().collect();
    while let Some((before, value)) = neighbour_before(text, span, start) {
        span.start = before.start;
        digits.insert(0, value);
    }
    while let Some((after, value)) = neighbour_after(text, span) {
        span.end = after.end;
        digits.push(value);
    }
    (span, digits)
}

fn neighbour_before(text: &str, span: Span, start: usize) -> Option<(Span, char)> {
    let before = text.get(start..span.start)?;
    let trimmed = before.trim_end_matches(is_gap);
    if trimmed.len() == before.len() {
        return None;
    }
    let from = trimmed
        .char_indices()
        .rev()
        .take(WORD_CHARS_MAX + 1)
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()?
        .0;
    let word = Span::new(start + from, start + trimmed.len());
    Some((word, digit(word.of(text))?))
}

fn neighbour_after(text: &str, span: Span) -> Option<(Span, char)> {
    let after = text.get(span.end..)?;
    let trimmed = after.trim_start_matches(is_gap);
    let gap = after.len() - trimmed.len();
    let length = trimmed
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(trimmed.len());
    let from = span.end + gap;
    let word = Span::new(from, from + length);
    Some((word, digit(word.of(text)).filter(|_| gap > 0)?))
}

const fn is_gap(c: char) -> bool {
    matches!(c, ' ' | ',' | '.' | '-' | '\n' | '\t' | '/')
}

/// The longest word for a digit has five letters.
const WORD_CHARS_MAX: usize = 5;

/// The digit that a word names, with or without diacritics.
fn digit(word: &str) -> Option<char> {
    if word.len() > 12 {
        return None;
    }
    let value = match word.to_lowercase().as_str() {
        "không" | "khong" | "hông" => '0',
        "một" | "mot" | "mốt" => '1',
        "hai" => '2',
        "ba" => '3',
        "bốn" | "bon" | "tư" | "tu" => '4',
        "năm" | "nam" | "lăm" | "lam" => '5',
        "sáu" | "sau" => '6',
        "bảy" | "bay" | "bẩy" => '7',
        "tám" | "tam" => '8',
        "chín" | "chin" => '9',
        _ => return None,
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn spelled_numbers_are_read_as_digits() {
        for (written, meant) in [
            (
                "CCCD: không không một không chín chín không không không không không một.",
                "CCCD: 001099000001.",
            ),
            (
                "so la Khong chin mot hai ba bon nam sau bay tam nhe",
                "so la 0912345678 nhe",
            ),
            ("một hai ba, bốn năm!", "một hai ba, bốn năm!"),
            ("năm năm không hai ba tám", "năm năm không hai ba tám"),
        ] {
            assert_eq!(apply(written, &numbers(written)).0, meant);
        }
        for lead in 0..30 {
            let written = format!("{}{}", "x ".repeat(lead), "ba ".repeat(9));
            let meant = format!("{}333333333 ", "x ".repeat(lead));
            assert_eq!(apply(&written, &numbers(&written)).0, meant);
        }
    }
}
