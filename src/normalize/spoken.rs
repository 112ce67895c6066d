//! Which numbers are spelled out digit by digit, in Vietnamese words?
//!
//! In: composed text. Out: runs such as `không chín một hai ...` to be read as digits.
//!
//! Never: fewer than nine in a row; people count to five in prose.

use std::sync::LazyLock;

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

/// The words for digits, with and without diacritics.
const WORDS: [(&str, char); 25] = [
    ("không", '0'),
    ("khong", '0'),
    ("hông", '0'),
    ("một", '1'),
    ("mot", '1'),
    ("mốt", '1'),
    ("hai", '2'),
    ("ba", '3'),
    ("bốn", '4'),
    ("bon", '4'),
    ("tư", '4'),
    ("tu", '4'),
    ("năm", '5'),
    ("nam", '5'),
    ("lăm", '5'),
    ("lam", '5'),
    ("sáu", '6'),
    ("sau", '6'),
    ("bảy", '7'),
    ("bay", '7'),
    ("bẩy", '7'),
    ("tám", '8'),
    ("tam", '8'),
    ("chín", '9'),
    ("chin", '9'),
];

/// Which bytes may follow one another in a spelled number, in any case: prose soon has two that
/// may not.
static PAIRS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut pairs = vec![false; 1 << 16];
    let mut may_follow = |before: &str, after: &str| {
        let bytes = [before, after].concat().into_bytes();
        for pair in bytes.windows(2) {
            if let Some(may) = pairs.get_mut(place(pair)) {
                *may = true;
            }
        }
    };
    let gaps: Vec<String> = (' '..='/')
        .filter(|c| is_gap(*c))
        .chain(['\n', '\t'])
        .map(String::from)
        .collect();
    let cased = |c: char| [c.to_string(), c.to_uppercase().to_string()];
    for (word, figure) in WORDS {
        let letters: Vec<char> = word.chars().collect();
        for pair in letters.windows(2) {
            if let [first, second] = pair {
                for (first, second) in cased(*first)
                    .iter()
                    .flat_map(|f| cased(*second).map(|s| (f.clone(), s)))
                {
                    may_follow(&first, &second);
                }
            }
        }
        let ends = [letters.first(), letters.last()].into_iter().flatten();
        let ends: Vec<String> = ends
            .flat_map(|c| cased(*c))
            .chain([figure.to_string()])
            .collect();
        for gap in &gaps {
            for end in &ends {
                may_follow(gap, end);
                may_follow(end, gap);
            }
            for other in &gaps {
                may_follow(gap, other);
            }
        }
    }
    pairs
});

/// The place of two bytes in the table.
fn place(pair: &[u8]) -> usize {
    pair.iter()
        .fold(0, |place, byte| place << 8 | usize::from(*byte))
}

/// The spelled numbers.
pub(super) fn numbers(text: &str) -> Vec<Replacement> {
    let pairs = PAIRS.as_slice();
    let follow = |pair: &&[u8]| pairs.get(place(pair)) == Some(&true);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(block) = bytes.get(at..at + BLOCK_BYTES) {
        if !block.windows(2).all(|pair| follow(&pair)) {
            at += BLOCK_BYTES;
            continue;
        }
        let behind = bytes.get(..=at).unwrap_or_default();
        let ahead = bytes.get(at..).unwrap_or_default();
        let start = at - behind.windows(2).rev().take_while(follow).count();
        let end = at + 1 + ahead.windows(2).take_while(follow).count();
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
        if opens_item(text, span) {
            std::mem::take(&mut run).finish(found);
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

/// Whether a figure at the beginning of a line counts the lines of a list: "4. ".
fn opens_item(text: &str, word: Span) -> bool {
    let lead = text.get(..word.start).unwrap_or_default();
    let rest = text.get(word.end..).unwrap_or_default();
    word.len() == 1
        && lead.trim_end_matches([' ', '\t', '-']).ends_with('\n')
        && rest.starts_with([')', '.'])
        && !rest
            .get(1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))
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
    let small = word.to_lowercase();
    let known = WORDS.iter().find(|(spelled, _)| *spelled == small);
    known.map(|(_, figure)| *figure)
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
            (
                "SĐT: không chín một hai ba bốn năm sáu bảy tám\n4. Địa chỉ",
                "SĐT: 0912345678\n4. Địa chỉ",
            ),
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
