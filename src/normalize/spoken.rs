//! Which numbers are spelled out digit by digit, in Vietnamese words?
//!
//! In: composed text. Out: runs such as `không chín một hai ...` to be read as digits.
//!
//! Never: fewer than nine in a row; people count to five in prose.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// No identifier has fewer digits.
const DIGITS_MIN: usize = 9;
/// So many digits of a run are spelled out, at least.
const SPELLED_MIN: usize = 3;
/// The shortest run is three words of two letters, six figures, and the gaps between.
const RUN_BYTES_MIN: usize = 20;
/// Wherever a run begins, it covers one of the blocks that follow one another.
const BLOCK_BYTES: usize = 8;

/// The spelled numbers.
pub(super) fn numbers(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let spells = |byte: &&u8| CAN_SPELL.get(usize::from(**byte)) == Some(&true);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK_BYTES) {
        if !block.iter().all(|byte| spells(&byte)) {
            at += BLOCK_BYTES;
            continue;
        }
        let behind = bytes.get(..at).unwrap_or_default().iter().rev();
        let ahead = bytes.get(at..).unwrap_or_default().iter();
        let start = at - behind.take_while(spells).count();
        let end = at + ahead.take_while(spells).count();
        let stretch = bytes.get(start..end).unwrap_or_default();
        let gaps = stretch.iter().filter(|b| is_gap(char::from(**b))).count();
        if stretch.len() >= RUN_BYTES_MIN && gaps + 1 >= DIGITS_MIN {
            let start = text.ceil_char_boundary(start);
            let end = text.floor_char_boundary(end);
            numbers_within(text, Span::new(start, end.max(start)), &mut found);
        }
        at = end;
    }
    found
}

/// The bytes of words for digits in any case, of figures and of gaps. A word of prose soon has
/// another one.
static CAN_SPELL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let is_letter = matches!(
            (byte as u8).to_ascii_lowercase(),
            b'k' | b'h'
                | b'o'
                | b'n'
                | b'g'
                | b'm'
                | b't'
                | b'a'
                | b'i'
                | b'b'
                | b'u'
                | b'l'
                | b's'
                | b'y'
                | b'c'
        );
        // Of ô ộ ố ư ă á ả ẩ í, and of their capitals.
        let is_marked = matches!(
            byte,
            0xc3 | 0xc4 | 0xc6 | 0xe1 | 0xba | 0xbb | 0x80..=0x83 | 0x8d | 0x90 | 0x91 | 0x94
                | 0x98 | 0x99 | 0xa1..=0xa3 | 0xa8 | 0xa9 | 0xad | 0xaf | 0xb0 | 0xb4
        );
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let is_other = (byte as u8).is_ascii_digit() || is_gap(byte as u8 as char);
        #[expect(clippy::indexing_slicing, reason = "it is below 256")]
        {
            table[byte] = is_letter || is_marked || is_other;
        }
        byte += 1;
    }
    table
};

/// Adds the runs of a stretch that has nothing but what words for digits are made of.
fn numbers_within(text: &str, stretch: Span, found: &mut Vec<Replacement>) {
    let mut run = Run::default();
    let mut at = stretch.start;
    for piece in stretch.of(text).split_inclusive(is_gap) {
        let word = piece.trim_end_matches(is_gap);
        let span = Span::new(at, at + word.len());
        at += piece.len();
        if word.is_empty() {
            continue;
        }
        match digit(word).filter(|_| is_whole(text, span)) {
            Some(value) => run.push(span, value),
            None => std::mem::take(&mut run).finish(found),
        }
    }
    run.finish(found);
}

/// Digits that follow one another.
#[derive(Default)]
struct Run {
    span: Option<Span>,
    digits: String,
    spelled: usize,
}

impl Run {
    fn push(&mut self, word: Span, value: char) {
        let start = self.span.map_or(word.start, |span| span.start);
        self.span = Some(Span::new(start, word.end));
        self.digits.push(value);
        self.spelled += usize::from(word.len() > 1);
    }

    /// A number, where enough of its digits are spelled out; the rest may be figures.
    fn finish(self, found: &mut Vec<Replacement>) {
        if let Some(span) = self.span
            && self.digits.len() >= DIGITS_MIN
            && self.spelled >= SPELLED_MIN
        {
            found.push(Replacement::new(span, self.digits));
        }
    }
}

/// Whether no letter or digit touches the word.
fn is_whole(text: &str, word: Span) -> bool {
    let before = text.get(..word.start).and_then(|t| t.chars().next_back());
    let after = text.get(word.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

const fn is_gap(c: char) -> bool {
    matches!(c, ' ' | ',' | '.' | '-' | '\n' | '\t' | '/')
}

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
