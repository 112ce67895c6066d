//! What does a whole text say, whatever its case and diacritics?
//!
//! In: comparable text. Out: one ASCII byte for each character (for spaces in a row, one), and the
//! way back to the place of each.

use crate::detect::fold::fold_char;
use crate::detect::letter::{Letter, fold_ascii};
use crate::model::part::Span;

/// The place of every so many folded bytes is kept; those between are counted from there.
const STEP: usize = 16;

/// The folded text.
pub(super) struct FoldedText<'t> {
    text: &'t str,
    bytes: Vec<u8>,
    places: Vec<usize>,
    capitals: Vec<usize>,
}

impl<'t> FoldedText<'t> {
    /// Folds a text.
    pub(super) fn new(text: &'t str) -> Self {
        let mut bytes = vec![0; text.len()];
        let mut length = 0;
        let mut places = Vec::with_capacity(text.len() / STEP + 1);
        let mut capitals = Vec::new();
        let mut before = 0;
        let mut at = 0;
        while let Some(lead) = text.as_bytes().get(at) {
            let (byte, width, is_capital) = if lead.is_ascii() {
                (fold_ascii(*lead), 1, lead.is_ascii_uppercase())
            } else {
                let c = text.get(at..).and_then(|rest| rest.chars().next());
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                let letter = Letter::of(c);
                (letter.folded, c.len_utf8(), letter.is_capital)
            };
            if before != b' ' || byte != b' ' {
                if is_capital && before == b' ' {
                    capitals.push(at);
                }
                if length % STEP == 0 {
                    places.push(at);
                }
                if let Some(place) = bytes.get_mut(length) {
                    *place = byte;
                }
                length += 1;
                before = byte;
            }
            at += width;
        }
        bytes.truncate(length);
        Self {
            text,
            bytes,
            places,
            capitals,
        }
    }

    /// Where capitals stand behind a space.
    pub(super) fn capitals(&self) -> &[usize] {
        &self.capitals
    }

    /// The folded bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text that was folded.
    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// Where a folded byte stands in the text.
    pub(super) fn place(&self, folded: usize) -> usize {
        let Some(known) = self.places.get(folded / STEP) else {
            return self.text.len();
        };
        let mut left = folded % STEP;
        let mut before = 0;
        for (at, c) in self.text.get(*known..).unwrap_or_default().char_indices() {
            let byte = fold_char(c);
            let is_kept = at == 0 || byte != b' ' || before != b' ';
            if is_kept && left == 0 {
                return known + at;
            }
            left -= usize::from(is_kept);
            before = byte;
        }
        self.text.len()
    }

    /// The span of folded bytes as a span of the text; at least one byte long.
    pub(super) fn span(&self, folded: Span) -> Span {
        let start = self.place(folded.start);
        let rest = self.text.get(start..).unwrap_or_default();
        let mut left = folded.len();
        let mut before = 0;
        for (at, c) in rest.char_indices() {
            let byte = fold_char(c);
            let is_kept = at == 0 || byte != b' ' || before != b' ';
            if is_kept && left == 0 {
                return Span::new(start, start + at);
            }
            left -= usize::from(is_kept);
            before = byte;
        }
        Span::new(start, self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folded_byte_leads_back_to_its_character() {
        let text = "Số  ĐIỆN   thoại_bàn của bà Ưng Thị Ẩn: 0900  000 001\n\n  ".repeat(3);
        let folded = FoldedText::new(&text);
        assert!(
            folded
                .bytes()
                .starts_with(b"so dien thoai ban cua ba ung thi an: 0900 000 001\n\n so")
        );
        let mut last = None;
        for (at, byte) in folded.bytes().iter().enumerate() {
            let place = folded.place(at);
            let c = text
                .get(place..)
                .and_then(|rest| rest.chars().next())
                .unwrap();
            assert_eq!(fold_char(c), *byte);
            assert!(last.is_none_or(|last| last < place));
            last = Some(place);
        }
    }

    #[test]
    fn a_folded_span_is_the_characters_it_was_made_of() {
        let text = "gọi  Số   Điện thoại";
        let folded = FoldedText::new(text);
        assert_eq!(folded.span(Span::new(4, 11)).of(text), "Số   Điện");
        assert_eq!(folded.span(Span::new(12, 17)).of(text), "thoại");
    }
}
