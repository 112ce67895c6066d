//! Does a phrase stand in a text that has lost a part of its diacritics: "Ho và tên", "chu tịch"?
//!
//! Letters may lack their marks but not bear others: "văn thử" is not "văn thư". Phrases of one word
//! are others too easily.

use aho_corasick::AhoCorasick;

use crate::detect::fold::folded;
use crate::detect::letter::{Letter, fold_char, without_tone};
use crate::detect::phrase::is_word;
use crate::detect::words;

/// A set of phrases of several words.
pub(super) struct DamagedPhrases {
    automaton: AhoCorasick,
    /// Their letters as they are written.
    written: Vec<Vec<char>>,
    /// How many letters the longest has.
    longest: usize,
}

impl DamagedPhrases {
    /// Those phrases of a section of a word list that have several words.
    pub(super) fn new(list: &'static str, section: &str) -> Option<Self> {
        let mut phrases = words::section(list, section);
        phrases.retain(|phrase| phrase.contains([' ', '_']));
        let plain: Vec<String> = phrases.iter().map(|phrase| folded(phrase)).collect();
        let small = phrases.iter().map(|phrase| phrase.to_lowercase());
        let written: Vec<Vec<char>> = small.map(|phrase| phrase.chars().collect()).collect();
        Some(Self {
            automaton: AhoCorasick::new(plain).ok()?,
            longest: written.iter().map(Vec::len).max().unwrap_or(0),
            written,
        })
    }

    /// Whether the text has one of the phrases, as whole words.
    pub(super) fn occurs_in(&self, text: &str) -> bool {
        self.any(text, |_, _, _| true)
    }

    /// Whether the text ends with one of the phrases; signs after it do not count.
    pub(super) fn ends(&self, text: &str) -> bool {
        self.any(text, |bytes, _, end| {
            let rest = bytes.get(end..);
            rest.is_some_and(|rest| !rest.iter().any(is_word))
        })
    }

    /// Whether the text begins with one of the phrases; signs before it do not count.
    pub(super) fn begins(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c| !is_word(&fold_char(c)));
        let end = bare.char_indices().nth(self.longest + 1);
        let near = end.and_then(|(end, _)| bare.get(..end)).unwrap_or(bare);
        self.any(near, |_, start, _| start == 0)
    }

    fn any(&self, text: &str, fits: impl Fn(&[u8], usize, usize) -> bool) -> bool {
        let plain = folded(text);
        let bytes = plain.as_bytes();
        self.automaton.find_overlapping_iter(bytes).any(|found| {
            let (start, end) = (found.start(), found.end());
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            let is_whole = !before.is_some_and(is_word) && !bytes.get(end).is_some_and(is_word);
            let phrase = self.written.get(found.pattern().as_usize());
            is_whole
                && fits(bytes, start, end)
                && phrase.is_some_and(|phrase| has_lost_only(text, start, phrase))
        })
    }
}

/// Whether the letters from one on are those of a phrase, or have lost their marks. A folded text has
/// a byte for each character.
fn has_lost_only(text: &str, from: usize, phrase: &[char]) -> bool {
    let letters = text.chars().skip(from);
    letters.zip(phrase).all(|(letter, wanted)| {
        let small = Letter::of(letter).small;
        small.is_ascii() || small == *wanted || small == without_tone(*wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_may_be_lost_but_not_be_others() {
        let phrases = DamagedPhrases::new("[a]\nvăn thư\nchủ tịch\nông\n", "a").unwrap();
        for text in ["Van thư xã", "chu tịch", "chủ tich", "CHỦ TICH"] {
            assert!(phrases.occurs_in(text), "{text}");
        }
        for text in ["Nguyễn Văn Thử", "chú tịch", "ong"] {
            assert!(!phrases.occurs_in(text), "{text}");
        }
        assert!(phrases.ends("là chu tịch ") && !phrases.ends("chu tịch xã"));
        assert!(phrases.begins(", chu tịch xã") && !phrases.begins("là chu tịch"));
    }
}
