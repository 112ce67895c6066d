//! How is text made comparable without losing the way back to its original bytes?
//!
//! In goes the text of one part, out comes a [`Normalized`]: composed (NFC), without invisible
//! characters, with one kind of space, dash and digit, with HTML entities decoded and
//! compatibility letters as ASCII. Letters keep their case and their diacritics: a secrecy mark
//! is recognized by both.
//!
//! Never: IO, a decision on what the text means, the folding of case or diacritics.
//!
//! Order matters. The charset is decided first, on the raw text, before anything is stripped:
//! in TCVN3 pasted as windows-1252 the letter `ư` is U+00AD, the soft hyphen. The place for
//! that step is [`normalize`], ahead of [`compose`].
//!
//! Read next: [`character`] (what one character becomes), [`entity`] (HTML references).

mod character;
mod entity;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::normalized::{Normalized, OffsetMap};
use character::{Became, became, is_invisible};

/// How many combining marks are composed with one letter; Vietnamese needs two. What a hostile
/// text piles up beyond that is passed on mark by mark.
const MARKS_MAX: usize = 8;

/// The comparable form of a text, with the map back to it.
pub fn normalize(text: &str) -> Normalized {
    if text.bytes().all(is_settled) {
        return Normalized::new(text.to_owned(), OffsetMap::identity(text.len()));
    }
    compose(text)
}

/// Whether the byte is an ASCII character that normalization leaves as it is.
const fn is_settled(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t' | b' '..=b'%' | b'\''..=b'~')
}

/// Walks over the text once: settled ASCII is copied run by run, the rest letter by letter.
fn compose(text: &str) -> Normalized {
    let mut out = Output::new(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let settled = rest.bytes().take_while(|byte| is_settled(*byte)).count();
        // The last settled character may be the base of a combining mark.
        let copied = if settled == rest.len() {
            settled
        } else {
            settled.saturating_sub(1)
        };
        let (run, tail) = rest.split_at_checked(copied).unwrap_or((rest, ""));
        out.copy(run);
        rest = tail;
        if !rest.is_empty() {
            let taken = next_piece(rest, &mut out);
            rest = rest.get(taken..).unwrap_or_default();
        }
    }
    Normalized::new(out.text, out.map)
}

/// Puts the piece with which the text begins into the output; gives its length in bytes.
fn next_piece(text: &str, out: &mut Output) -> usize {
    if let Some((length, decoded)) = entity::reference_at(text) {
        let replaced: String = decoded.chars().filter_map(single).collect();
        out.replace(text.get(..length).unwrap_or_default(), &replaced);
        return length;
    }
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return 0;
    };
    let length = first.len_utf8();
    if first == '\r' && chars.next() == Some('\n') {
        out.replace("\r", "");
        return length;
    }
    let Some(base) = single(first) else {
        out.replace(text.get(..length).unwrap_or_default(), "");
        return length;
    };
    let (marks, marks_length) = marks_at(text.get(length..).unwrap_or_default());
    let total = length + marks_length;
    let source = text.get(..total).unwrap_or_default();
    if marks.is_empty() {
        let mut buffer = [0; 4];
        out.replace(source, base.encode_utf8(&mut buffer));
    } else {
        let composed: String = std::iter::once(base).chain(marks.chars()).nfc().collect();
        let settled: String = composed.chars().filter_map(single).collect();
        out.replace(source, &settled);
    }
    total
}

/// What a character becomes on its own, if anything.
fn single(c: char) -> Option<char> {
    match became(c) {
        Became::Nothing => None,
        Became::Char(c) => Some(c),
    }
}

/// The combining marks with which the text begins, and the bytes they take. Invisible characters
/// between a letter and its mark are passed over.
fn marks_at(text: &str) -> (String, usize) {
    let mut marks = String::new();
    let mut taken = 0;
    let mut looked = 0;
    for c in text.chars().take(2 * MARKS_MAX) {
        looked += c.len_utf8();
        if is_combining_mark(c) && !is_invisible(c) {
            marks.push(c);
            taken = looked;
        } else if !is_invisible(c) {
            break;
        }
    }
    (marks, taken)
}

/// The text made so far, and its map.
struct Output {
    text: String,
    map: OffsetMap,
}

impl Output {
    fn new(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
            map: OffsetMap::new(),
        }
    }

    fn copy(&mut self, run: &str) {
        self.text.push_str(run);
        self.map.copy(run.len());
    }

    fn replace(&mut self, original: &str, normalized: &str) {
        if original == normalized {
            self.copy(original);
        } else {
            self.text.push_str(normalized);
            self.map.replace(original.len(), normalized.len());
        }
    }
}

#[cfg(test)]
mod tests;
