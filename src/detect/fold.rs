//! How are labels and names compared whatever their case and diacritics?
//!
//! Folding gives exactly one ASCII byte for each character, so that a place in the folded text
//! leads back to its character by counting.
//!
//! Never used for secrecy marks: without diacritics MẬT is MẶT and MẤT too.

use crate::detect::letter::{Letter, fold_char, is_of_word, without_tone};

/// The folded text.
pub(super) fn folded(text: &str) -> String {
    let mut folded = Vec::with_capacity(text.len());
    for c in text.chars() {
        folded.push(fold_char(c));
    }
    // All of it is ASCII.
    String::from_utf8(folded).unwrap_or_default()
}

/// Whether the text, folded, begins with folded words.
pub(super) fn begins_folded(text: &str, words: &str) -> bool {
    let mut letters = text.chars().map(fold_char);
    words.bytes().all(|wanted| letters.next() == Some(wanted))
}

/// Whether the text, folded, is one of some folded words.
pub(super) fn is_folded(text: &str, words: &[&str]) -> bool {
    let is = |word: &&str| word.bytes().eq(text.chars().map(fold_char));
    words.iter().any(is)
}

/// Folded text beside the characters it came from, one byte for each (for spaces in a row, one).
#[derive(Default)]
pub(super) struct Folded {
    /// The folded bytes.
    pub bytes: Vec<u8>,
    /// The characters, in lower case.
    pub chars: Vec<char>,
}

impl Folded {
    /// Folds a text and parts the words of keys: `soDienThoai` and `so_dien_thoai` are three
    /// words each; `VNeID`, with two capitals in a row, is one.
    pub(super) fn new(text: &str) -> Self {
        let mut made = Self {
            bytes: Vec::with_capacity(text.len()),
            chars: Vec::with_capacity(text.len()),
        };
        let mut after_small = false;
        let mut capitals = 0;
        let mut is_name = false;
        for c in text.chars() {
            let letter = Letter::of(c);
            capitals = if letter.is_capital { capitals + 1 } else { 0 };
            is_name = capitals >= 2 || is_name && is_of_word(c);
            if letter.is_capital && after_small && !is_name {
                made.push(b' ', ' ');
            }
            after_small = letter.is_small;
            made.push(letter.folded, letter.small);
        }
        made
    }

    /// The folded bytes as text.
    pub(super) fn text(&self) -> String {
        self.bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    /// Spaces in a row are one: labels are typed with two now and then.
    fn push(&mut self, byte: u8, c: char) {
        if byte == b' ' && self.bytes.last() == Some(&b' ') {
            return;
        }
        self.bytes.push(byte);
        self.chars.push(c);
    }

    /// Whether what is written from `start` on can be the word: letters may lack their
    /// diacritics, but not bear others. "Đông" is not "đồng"; in a phrase of several words a tone
    /// may be lost, too: "điên thoại".
    pub(super) fn can_be(&self, start: usize, word: &[char]) -> bool {
        let is_phrase = || word.contains(&' ');
        let written = self.chars.iter().skip(start);
        written.zip(word).all(|(c, wanted)| {
            c.is_ascii() || c == wanted || *c == without_tone(*wanted) && is_phrase()
        })
    }
}

/// Whether the folded byte belongs to a word.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Whether the letter can occur only in Vietnamese (or another) text with diacritics.
pub(super) fn has_diacritics(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_ascii() && fold_char(c).is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_becomes_one_byte() {
        assert_eq!(folded("Số ĐIỆN thoại"), "so dien thoai");
        assert_eq!(folded("Ưứ🙂").len(), 3);
        assert!(is_folded("Năm", &["ngay", "nam"]) && !is_folded("Năm.", &["nam"]));
        assert!(begins_folded("Số tiền", "so t") && !begins_folded("Số", "so t"));
    }

    #[test]
    fn letters_may_lack_diacritics_but_not_bear_others() {
        let word: Vec<char> = "đồng".chars().collect();
        assert!(Folded::new("ĐỒNG").can_be(0, &word));
        assert!(Folded::new("dong").can_be(0, &word));
        assert!(!Folded::new("Đông").can_be(0, &word));
    }

    #[test]
    fn keys_in_camel_and_snake_case_are_words() {
        assert_eq!(Folded::new("soDienThoai").bytes, b"so dien thoai");
        assert_eq!(Folded::new("so_dien_thoai").bytes, b"so dien thoai");
        assert_eq!(Folded::new("VNeID").bytes, b"vneid");
    }
}
