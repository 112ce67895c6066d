//! Which words of a list stand in a folded text, and how are they written there?
//!
//! Letters may lack their diacritics but not bear others: "mat khau" is "mật khẩu", "mặt" is not
//! "mật". Case is no difference.

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, PatternID};

use crate::detect::fold::folded;
use crate::detect::folded_text::FoldedText;
use crate::detect::letter::Letter;
use crate::model::part::Span;

/// How long all words of a list may be together: the automaton takes some 250 bytes for each.
const WORDS_BYTES_MAX: usize = 256 * 1024;

/// A list of words.
pub(super) struct Lexicon {
    automaton: DFA,
    start: StateID,
    words: Vec<Vec<char>>,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// With its diacritics.
    Fully,
    /// With some of them.
    Partly,
    /// Without any, though it has some.
    Plainly,
}

/// A word met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Its index in the list.
    pub word: usize,
    /// Where, in the text that was folded.
    pub span: Span,
    /// How it is written.
    pub written: Written,
}

/// Where in the folded text a word may stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    /// Its index in the list.
    pub word: usize,
    /// Where, in the folded text.
    pub folded: Span,
    /// Whether a letter stands right before it.
    pub after_letter: bool,
    /// Whether a letter stands right behind it.
    pub before_letter: bool,
}

impl Lexicon {
    /// The list of these words; nothing if they are too many.
    pub(super) fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        let words: Vec<String> = words.into_iter().map(str::to_lowercase).collect();
        if words.iter().map(String::len).sum::<usize>() > WORDS_BYTES_MAX {
            return None;
        }
        let automaton = DFA::new(words.iter().map(|word| folded(word))).ok()?;
        Some(Self {
            start: automaton.start_state(Anchored::No).ok()?,
            automaton,
            words: words.iter().map(|word| word.chars().collect()).collect(),
        })
    }

    /// The words of the list that stand in the text, by their ends. What is not wanted, by what is
    /// seen at a glance, is not looked at.
    pub(super) fn meet<'a>(
        &'a self,
        text: &'a FoldedText<'_>,
        is_wanted: impl Fn(&Near) -> bool + 'a,
    ) -> impl Iterator<Item = Hit> + 'a {
        self.near(text)
            .filter(is_wanted)
            .filter_map(|near| self.hit(text, near))
    }

    /// Where words of the list may stand in the text, by their ends.
    pub(super) fn near<'a>(&'a self, text: &'a FoldedText<'_>) -> impl Iterator<Item = Near> + 'a {
        let bytes = text.bytes();
        let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        self.ends(bytes).filter_map(move |(word, end)| {
            let pattern = PatternID::new(word).ok()?;
            let start = end.checked_sub(self.automaton.pattern_len(pattern))?;
            Some(Near {
                word,
                folded: Span::new(start, end),
                after_letter: start.checked_sub(1).is_some_and(is_letter),
                before_letter: is_letter(end),
            })
        })
    }

    /// The word, if it is what stands there.
    pub(super) fn hit(&self, text: &FoldedText<'_>, near: Near) -> Option<Hit> {
        let span = text.span(near.folded);
        let written = written(span.of(text.text()), self.words.get(near.word)?)?;
        Some(Hit {
            word: near.word,
            span,
            written,
        })
    }

    /// Where words end, in order. Stepping by hand takes a third of the time of the library's own
    /// search for overlapping words.
    fn ends<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut rest = bytes.iter();
        let mut state = self.start;
        let mut waiting = 0..0;
        std::iter::from_fn(move || {
            loop {
                if let Some(index) = waiting.next() {
                    let word = self.automaton.match_pattern(state, index).as_usize();
                    return Some((word, bytes.len() - rest.len()));
                }
                state = loop {
                    state = self
                        .automaton
                        .next_state(Anchored::No, state, *rest.next()?);
                    if self.automaton.is_special(state) {
                        break state;
                    }
                };
                if self.automaton.is_match(state) {
                    waiting = 0..self.automaton.match_len(state);
                }
            }
        })
    }
}

/// How the word is written; nothing if another word is.
fn written(text: &str, word: &[char]) -> Option<Written> {
    let mut lacks = false;
    let mut bears = false;
    let mut after_space = false;
    let mut word = word.iter();
    for c in text.chars() {
        // Spaces in a row are one.
        if c == ' ' && after_space {
            continue;
        }
        after_space = c == ' ';
        let wanted = word.next()?;
        if c.is_ascii() {
            lacks |= !wanted.is_ascii();
        } else if Letter::of(c).small == *wanted {
            bears = true;
        } else {
            return None;
        }
    }
    Some(match (lacks, bears) {
        (false, _) => Written::Fully,
        (true, true) => Written::Partly,
        (true, false) => Written::Plainly,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_words_are_refused() {
        let word = "x".repeat(1024);
        assert!(Lexicon::new(std::iter::repeat_n(word.as_str(), 300)).is_none());
    }

    #[test]
    fn words_are_met_in_every_case_and_without_diacritics() {
        let lexicon = Lexicon::new(["mật khẩu", "@"]).unwrap();
        for (text, wanted) in [
            ("Mật khẩu", Some(Written::Fully)),
            ("MẬT  KHẨU", Some(Written::Fully)),
            ("Mật Khẩu", Some(Written::Fully)),
            ("mat khau", Some(Written::Plainly)),
            ("mât khẩu", None),
            ("mat khẩu", Some(Written::Partly)),
            ("mặt khấu", None),
        ] {
            let text = format!("… {text} …");
            let folded = FoldedText::new(&text);
            let hits: Vec<Hit> = lexicon.meet(&folded, |_| true).collect();
            assert_eq!(hits.first().map(|hit| hit.written), wanted, "{text}");
            assert!(
                hits.iter()
                    .all(|hit| hit.span.of(&text).trim_matches(['…', ' ']).len() >= 8)
            );
        }
    }
}
