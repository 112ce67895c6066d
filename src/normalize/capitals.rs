//! Which lines of TCVN3 are in capitals, though their letters do not tell?
//!
//! In: raw text and the readings of a line's words. Out: the readings in capitals where the line,
//! or its cell, is.
//!
//! Never: other encodings; they have capitals of their own.

use crate::model::part::Span;
use crate::normalize::charset::words;
use crate::normalize::edits::Replacement;
use crate::normalize::legacy::Charset;

/// TCVN3 has no capitals with marks, so that the case is lost: fonts show them, `N¦íC` is NƯỚC, and
/// a capital font shows all letters so, `tuyÖt mËt` is TUYỆT MẬT in .VnTimeH. All words of such a
/// line or cell are in capitals, those without signs too.
pub(super) fn raise(text: &str, line: Span, made: &mut Vec<Replacement>, first: usize) {
    let mut read = made.split_off(first).into_iter().peekable();
    let mut start = line.start;
    for cell in line.of(text).split(['|', '\t', '<', '>']) {
        let end = start + cell.len();
        let is_read = read.peek().is_some_and(|read| read.span.end <= end);
        let in_capitals = is_read && (is_in_capital_font(cell) || is_shouted(cell));
        for word in words(Charset::Tcvn3, text, Span::new(start, end)) {
            match read.next_if(|read| read.span == word) {
                Some(mut read) => {
                    if in_capitals {
                        read.read = read.read.to_uppercase();
                    }
                    made.push(read);
                }
                None if in_capitals => {
                    made.push(Replacement::new(word, word.of(text).to_uppercase()));
                }
                None => {}
            }
        }
        start = end + 1;
    }
}

/// Whether a word of the cell shows that all are in capitals: `MËT` does, `Sè` does not.
fn is_shouted(cell: &str) -> bool {
    let whole = Span::new(0, cell.len());
    let mut words = words(Charset::Tcvn3, cell, whole).into_iter();
    !cell.bytes().any(|byte| byte.is_ascii_lowercase())
        && words.any(|word| is_in_capitals(word.of(cell)))
}

/// Whether a cell looks like one in a capital font: a short one of its own without any capital;
/// sentences begin with capitals.
fn is_in_capital_font(cell: &str) -> bool {
    let has_capital = cell
        .chars()
        .any(|c| c.is_ascii_uppercase() || ('\u{a1}'..='\u{a7}').contains(&c));
    let has_digit = cell.bytes().any(|byte| byte.is_ascii_digit());
    let ends_sentence = cell.trim_end().ends_with(['.', ',', ';', ':', '?']);
    let is_short = cell.chars().count() <= CAPITAL_LINE_CHARS_MAX;
    is_short && !has_capital && !has_digit && !ends_sentence
}

/// Titles and stamps are no longer than this.
const CAPITAL_LINE_CHARS_MAX: usize = 60;

/// Whether the word has signs beyond ASCII, two capitals, and no small letters of ASCII.
pub(super) fn is_in_capitals(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    !word.is_ascii() && capitals >= 2 && !word.bytes().any(|b| b.is_ascii_lowercase())
}
