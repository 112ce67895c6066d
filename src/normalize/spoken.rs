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
            // The run is as long as it can be: no place in it need be looked at again.
            next = next.max(span.end);
            if digits.len() >= DIGITS_MIN && is_spelled(span.of(text)) {
                found.push(Replacement::new(span, digits));
            }
        }
        at = next;
    }
    found
}

/// Whether words make up a good part of the run; the rest may be digits.
fn is_spelled(run: &str) -> bool {
    let words = run.split(is_gap).filter(|word| word.len() > 1).count();
    words >= SPELLED_MIN
}

/// So many digits of a run are spelled out, at least.
const SPELLED_MIN: usize = 3;

/// The first whole word from a place on, where it can name a digit by its ends. By bytes, which is
/// quick: all but the first of a letter's bytes count as the word's.
fn word_at(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let belongs = |at: usize| {
        let byte = bytes.get(at);
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
    };
    let ahead = |from: usize, reach: usize| from..from + reach;
    let mut start = at;
    if at.checked_sub(1).is_some_and(belongs) {
        start = ahead(at, WORD_BYTES_MAX).find(|at| !belongs(*at))?;
    }
    let start = ahead(start, GAP_CHARS_MAX).find(|at| belongs(*at))?;
    // Figures are no beginning: three of the run are words.
    let is_figure = bytes.get(start)?.is_ascii_digit() && !belongs(start + 1);
    let start = if is_figure {
        ahead(start + 1, GAP_CHARS_MAX).find(|at| belongs(*at))?
    } else {
        start
    };
    let end = ahead(start, WORD_BYTES_MAX).find(|at| !belongs(*at))?;
    let first = bytes.get(start)?.to_ascii_lowercase();
    let last = bytes.get(end - 1)?.to_ascii_lowercase();
    let can_be = matches!(
        (first, last),
        (b'k' | b'h', b'g')
            | (b'm', b't')
            | (b'h', b'i')
            | (b'b', b'a' | b'n' | b'y')
            | (b't', b'u' | 0xb0 | 0xaf | b'm')
            | (b'n' | b'l', b'm')
            | (b's', b'u')
            | (b'c', b'n')
    );
    can_be.then(|| Span::new(start, end))
}

/// More bytes than the longest word for a digit has.
const WORD_BYTES_MAX: usize = 12;

/// How long the word is with which the text begins; none names a digit that is longer than
/// [`WORD_CHARS_MAX`] by much.
fn word_end(text: &str) -> Option<usize> {
    let mut ends = text.char_indices().take(4 * WORD_CHARS_MAX);
    match ends.find(|(_, c)| !c.is_alphanumeric()) {
        Some((at, _)) => Some(at),
        None => Some(text.len()).filter(|length| *length < 4 * WORD_CHARS_MAX),
    }
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
    let length = word_end(trimmed)?;
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
    if let Some(figure) = word
        .chars()
        .next()
        .filter(|c| word.len() == 1 && c.is_ascii_digit())
    {
        return Some(figure);
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
            ("SĐT khong 9 mot 2 ba 4 nam 6 bay 8", "SĐT 0912345678"),
            ("1 2 3 4 5 6 7 8 9 0", "1 2 3 4 5 6 7 8 9 0"),
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
