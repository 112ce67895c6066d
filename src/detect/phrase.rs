//! Does one of these phrases stand here? Small sets of words, compared folded.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::detect::fold::{fold, is_word};
use crate::detect::words;

/// A set of phrases.
pub(super) struct Phrases {
    automaton: AhoCorasick,
}

impl Phrases {
    /// The phrases of one section of a word list.
    pub(super) fn new(list: &'static str, section: &str) -> Option<Self> {
        let phrases = words::section(list, section).into_iter().map(fold);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(phrases)
            .ok()?;
        Some(Self { automaton })
    }

    /// Whether the text has one of the phrases, as whole words.
    pub(super) fn occurs_in(&self, text: &str) -> bool {
        self.spans(&fold(text)).next().is_some()
    }

    /// Whether the text ends with one of the phrases; signs after it do not count.
    pub(super) fn ends(&self, text: &str) -> bool {
        let folded = fold(text);
        let end = folded
            .iter()
            .rposition(|byte| is_word(*byte))
            .map_or(0, |at| at + 1);
        self.spans(&folded).any(|(_, found)| found == end)
    }

    /// Whether the text begins with one of the phrases; signs before it do not count.
    pub(super) fn begins(&self, text: &str) -> bool {
        let folded = fold(text);
        let start = folded.iter().position(|byte| is_word(*byte)).unwrap_or(0);
        self.spans(&folded).any(|(found, _)| found == start)
    }

    fn spans<'f>(&'f self, folded: &'f [u8]) -> impl Iterator<Item = (usize, usize)> + 'f {
        self.automaton
            .find_iter(folded)
            .map(|found| (found.start(), found.end()))
            .filter(|(start, end)| {
                let before = start.checked_sub(1).and_then(|at| folded.get(at));
                let after = folded.get(*end);
                !before.is_some_and(|byte| is_word(*byte))
                    && !after.is_some_and(|byte| is_word(*byte))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_met_as_whole_words() {
        let places = Phrases::new("[a]\nthị xã\nxã\n", "a").unwrap();
        assert!(places.ends("ở xã "));
        assert!(places.ends("Thị xã: "));
        assert!(!places.ends("xã hội"));
        assert!(places.occurs_in("một xã nọ"));
        assert!(!places.occurs_in("xãng"));
        assert!(places.begins(" - Xã Ví Dụ"));
    }
}
