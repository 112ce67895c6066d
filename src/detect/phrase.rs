//! Does one of these phrases stand here? Small sets of words, compared without case.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;

use crate::detect::fold::{folded, has_diacritics};
use crate::detect::letter::in_small;
use crate::detect::words;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// With diacritics: "cho" is not "chợ".
    Full,
    /// Without any.
    Plain,
}

impl Spelling {
    /// How this text is written.
    pub(super) fn of(text: &str) -> Self {
        if has_diacritics(text) {
            Self::Full
        } else {
            Self::Plain
        }
    }
}

/// A set of phrases.
pub(super) struct Phrases {
    full: AhoCorasick,
    plain: AhoCorasick,
}

impl Phrases {
    /// The phrases of one section of a word list.
    pub(super) fn new(list: &'static str, section: &str) -> Option<Self> {
        let phrases = words::section(list, section);
        let automaton = |phrases: Vec<String>| AhoCorasick::new(phrases).ok();
        Some(Self {
            full: automaton(phrases.iter().map(|p| p.to_lowercase()).collect())?,
            plain: automaton(phrases.iter().map(|p| folded(p)).collect())?,
        })
    }

    /// Whether the text has one of the phrases, as whole words.
    pub(super) fn occurs_in(&self, text: &str, spelling: Spelling) -> bool {
        self.any(text, spelling, |_, _, _| true)
    }

    /// Whether the text ends with one of the phrases; signs after it do not count.
    pub(super) fn ends(&self, text: &str, spelling: Spelling) -> bool {
        self.any(text, spelling, |bytes, _, end| {
            bytes
                .get(end..)
                .is_some_and(|rest| !rest.iter().any(is_word))
        })
    }

    /// Whether the text begins with one of the phrases; signs before it do not count.
    pub(super) fn begins(&self, text: &str, spelling: Spelling) -> bool {
        self.any(text, spelling, |bytes, start, _| {
            bytes
                .get(..start)
                .is_some_and(|lead| !lead.iter().any(is_word))
        })
    }

    fn any(
        &self,
        text: &str,
        spelling: Spelling,
        fits: impl Fn(&[u8], usize, usize) -> bool,
    ) -> bool {
        let (automaton, comparable) = match spelling {
            Spelling::Full => (&self.full, in_small(text)),
            Spelling::Plain => (&self.plain, Cow::Owned(folded(text))),
        };
        let bytes = comparable.as_bytes();
        automaton.find_overlapping_iter(bytes).any(|found| {
            let (start, end) = (found.start(), found.end());
            let before = start.checked_sub(1).and_then(|at| bytes.get(at));
            let is_whole = !before.is_some_and(is_word) && !bytes.get(end).is_some_and(is_word);
            is_whole && fits(bytes, start, end)
        })
    }
}

/// Whether the byte belongs to a word; all but the first of a letter's bytes do.
pub(super) fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_met_as_whole_words() {
        let places = Phrases::new("[a]\nthị xã\nxã\nchợ\n", "a").unwrap();
        assert!(places.ends("ở xã ", Spelling::Full));
        assert!(places.ends("Thị xã: ", Spelling::Full));
        assert!(!places.ends("xã hội", Spelling::Full));
        assert!(!places.ends("gửi cho ", Spelling::Full));
        assert!(places.ends("o thi xa ", Spelling::Plain));
        assert!(places.occurs_in("một xã nọ", Spelling::Full));
        assert!(!places.occurs_in("xãng", Spelling::Full));
        assert!(places.begins(" - Xã Ví Dụ", Spelling::Full));
    }
}
