//! Does one of these phrases stand here? Small sets of words, compared without case.

use std::borrow::Cow;

use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{AhoCorasick, Anchored, MatchKind};

use crate::detect::fold::{folded, has_diacritics};
use crate::detect::letter::{Letter, fold_char, in_small};
use crate::detect::words;
use crate::model::part::Span;

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
    full: Spelled,
    plain: Spelled,
}

/// The phrases as they are written in one way.
struct Spelled {
    spelling: Spelling,
    anywhere: AhoCorasick,
    forward: NFA,
    /// Each from its last byte to its first.
    backward: NFA,
}

impl Phrases {
    /// The phrases of one section of a word list.
    pub(super) fn new(list: &'static str, section: &str) -> Option<Self> {
        let phrases = words::section(list, section);
        let small = phrases.iter().map(|phrase| phrase.to_lowercase());
        let plain = phrases.iter().map(|phrase| folded(phrase));
        Some(Self {
            full: Spelled::new(&small.collect::<Vec<_>>(), Spelling::Full)?,
            plain: Spelled::new(&plain.collect::<Vec<_>>(), Spelling::Plain)?,
        })
    }

    /// Whether the text has one of the phrases, as whole words.
    pub(super) fn occurs_in(&self, text: &str, spelling: Spelling) -> bool {
        let comparable = match spelling {
            Spelling::Full => in_small(text),
            Spelling::Plain => Cow::Owned(folded(text)),
        };
        let bytes = comparable.as_bytes();
        let mut found = self.spelled(spelling).anywhere.find_overlapping_iter(bytes);
        found.any(|found| {
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
            !before.is_some_and(is_word) && !bytes.get(found.end()).is_some_and(is_word)
        })
    }

    /// Whether the text ends with one of the phrases; signs after it do not count.
    pub(super) fn ends(&self, text: &str, spelling: Spelling) -> bool {
        self.spelled(spelling).end(text)
    }

    /// Whether the text begins with one of the phrases; signs before it do not count.
    pub(super) fn begins(&self, text: &str, spelling: Spelling) -> bool {
        self.spelled(spelling).begin(text)
    }

    const fn spelled(&self, spelling: Spelling) -> &Spelled {
        match spelling {
            Spelling::Full => &self.full,
            Spelling::Plain => &self.plain,
        }
    }
}

impl Spelled {
    fn new(phrases: &[String], spelling: Spelling) -> Option<Self> {
        let reversed = phrases.iter().map(|phrase| phrase.bytes().rev());
        let reversed: Vec<Vec<u8>> = reversed.map(Iterator::collect).collect();
        Some(Self {
            spelling,
            anywhere: AhoCorasick::new(phrases).ok()?,
            forward: NFA::new(phrases).ok()?,
            backward: NFA::new(reversed).ok()?,
        })
    }

    fn begin(&self, text: &str) -> bool {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let letters = rest
                .chars()
                .flat_map(|c| self.bytes(c).into_iter().flatten());
            if first != ' ' && leads(&self.forward, letters) {
                return true;
            }
            if self.is_of_word(first) {
                break;
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
        false
    }

    fn end(&self, text: &str) -> bool {
        let mut rest = text;
        while let Some(last) = rest.chars().next_back() {
            let letters = rest.chars().rev();
            let letters = letters.flat_map(|c| self.bytes(c).into_iter().rev().flatten());
            if last != ' ' && leads(&self.backward, letters) {
                return true;
            }
            if self.is_of_word(last) {
                break;
            }
            rest = rest.get(..rest.len() - last.len_utf8()).unwrap_or_default();
        }
        false
    }

    /// The bytes by which the character is compared.
    fn bytes(&self, c: char) -> [Option<u8>; 4] {
        match self.spelling {
            Spelling::Full => {
                let mut bytes = [0; 4];
                let small = Letter::of(c).small.encode_utf8(&mut bytes).len();
                let mut left = small;
                bytes.map(|byte| {
                    let is_its = left > 0;
                    left = left.saturating_sub(1);
                    is_its.then_some(byte)
                })
            }
            Spelling::Plain => [Some(fold_char(c)), None, None, None],
        }
    }

    fn is_of_word(&self, c: char) -> bool {
        self.bytes(c).iter().flatten().any(is_word)
    }
}

/// Words as they are written in one way, each with what it tells; the longest counts.
pub(super) struct Glossary<T> {
    words: AhoCorasick,
    told: Vec<T>,
}

impl<T: Copy> Glossary<T> {
    /// These words; the first of two that are the same counts.
    pub(super) fn new(words: impl IntoIterator<Item = (String, T)>) -> Option<Self> {
        let (words, told): (Vec<String>, Vec<T>) = words.into_iter().unzip();
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words);
        Some(Self {
            words: words.ok()?,
            told,
        })
    }

    /// Where whole words stand in a text written in that way, and what each tells.
    pub(super) fn find<'g>(&'g self, text: &'g [u8]) -> impl Iterator<Item = (Span, T)> + 'g {
        let whole = self.words.find_iter(text).filter(|found| {
            let before = found.start().checked_sub(1).and_then(|at| text.get(at));
            !before.is_some_and(is_word) && !text.get(found.end()).is_some_and(is_word)
        });
        whole.filter_map(|found| {
            let told = self.told.get(found.pattern().as_usize())?;
            Some((Span::new(found.start(), found.end()), *told))
        })
    }
}

/// Folded words with which a text may open.
pub(super) struct Openings(NFA);

impl Openings {
    /// These words.
    pub(super) fn new(words: &[&str]) -> Option<Self> {
        NFA::new(words).ok().map(Self)
    }

    /// Whether the text, folded, begins with one of them, as whole words.
    pub(super) fn begin(&self, text: &str) -> bool {
        leads(&self.0, text.chars().map(fold_char))
    }
}

/// Whether one of the phrases stands first, as whole words.
fn leads(phrases: &NFA, bytes: impl Iterator<Item = u8>) -> bool {
    let Ok(mut state) = phrases.start_state(Anchored::Yes) else {
        return false;
    };
    let mut has_ended = false;
    for (walked, byte) in (1..).zip(bytes) {
        if has_ended && !is_word(&byte) {
            return true;
        }
        state = phrases.next_state(Anchored::Yes, state, byte);
        if phrases.is_dead(state) {
            return false;
        }
        has_ended = phrases.is_match(state)
            && (0..phrases.match_len(state))
                .any(|index| phrases.pattern_len(phrases.match_pattern(state, index)) == walked);
    }
    has_ended
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
        assert!(!places.begins("xãng", Spelling::Full));
        let titles = Phrases::new("[a]\nô.\n", "a").unwrap();
        assert!(titles.ends("gửi Ô. ", Spelling::Full));
        assert!(!titles.ends("gửi cô. ", Spelling::Full));
    }
}
