//! Which words of the lists stand in a text, and how are they written there?
//!
//! Letters may lack their diacritics but not bear others: "mat khau" is "mật khẩu", "mặt" is not
//! "mật". Case is no difference, and tones may be lost alone. All lists are one automaton, so that one walk meets them all.

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, PatternID};

use crate::detect::fold::folded;
use crate::detect::letter::{Letter, fold_char, without_tone};
use crate::detect::offset::Offset;
use crate::model::part::Span;

/// How long all words may be together: the automaton takes some 250 bytes for each byte.
const WORDS_BYTES_MAX: usize = 256 * 1024;

/// What words are looked for, each list for a question of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Near which of them is a rule's pattern worth trying?
    Keywords,
    /// Which rules that want a label could find one?
    Labels,
    /// Which conditions of people are told?
    Conditions,
    /// Could a table of people or of passwords stand there?
    Heads,
    /// Could a name in small letters stand there, by its middle name, or one that no surname opens?
    OfNames,
    /// Could somebody known to all, a firm or a work be named there?
    Public,
}

impl List {
    /// How many lists there are.
    pub(super) const COUNT: usize = Self::Public as usize + 1;
}

/// The words of all lists.
pub(super) struct Lexicon {
    automaton: DFA,
    start: StateID,
    words: Vec<Word>,
}

struct Word {
    list: List,
    /// Its index in the list.
    index: usize,
    chars: Vec<char>,
}

/// Where a word ends that may stand in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pattern: PatternID,
    at: Offset,
}

/// Where words of each list end.
pub(super) type Ends = [Vec<End>; List::COUNT];

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

/// A word that may stand in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near<'t> {
    text: &'t str,
    end: End,
    folded_length: usize,
    /// Its index in the list.
    pub word: usize,
}

impl Near<'_> {
    /// Where it ends.
    pub(super) const fn end(&self) -> usize {
        self.end.at.get()
    }

    /// Where it stands; at least one character.
    pub(super) fn span(&self) -> Span {
        let end = self.end.at.get();
        Span::new(start_of(self.text, end, self.folded_length), end)
    }

    /// Whether a letter stands right before it.
    pub(super) fn is_after_letter(&self) -> bool {
        let before = self.text.get(..self.span().start);
        before.is_some_and(|before| before.ends_with(is_latin))
    }

    /// Whether a letter stands right behind it.
    pub(super) fn is_before_letter(&self) -> bool {
        let behind = self.text.get(self.end.at.get()..);
        behind.is_some_and(|behind| behind.starts_with(is_latin))
    }
}

impl Lexicon {
    /// The words of each list; nothing if they are too many.
    pub(super) fn new(lists: &[(List, Vec<&str>)]) -> Option<Self> {
        let mut words = Vec::new();
        let mut spelled = Vec::new();
        for (list, entries) in lists {
            for (index, entry) in entries.iter().enumerate() {
                let small = entry.to_lowercase();
                spelled.push(folded(&small));
                words.push(Word {
                    list: *list,
                    index,
                    chars: small.chars().collect(),
                });
            }
        }
        if spelled.iter().map(String::len).sum::<usize>() > WORDS_BYTES_MAX {
            return None;
        }
        let automaton = DFA::new(spelled).ok()?;
        Some(Self {
            start: automaton.start_state(Anchored::No).ok()?,
            automaton,
            words,
        })
    }

    /// The state of a walk before any character.
    pub(super) const fn start(&self) -> StateID {
        self.start
    }

    /// The state behind one more folded character. Stepping by hand takes a third of the time of the
    /// library's own search for overlapping words.
    #[inline]
    pub(super) fn next(&self, state: StateID, folded: u8) -> StateID {
        self.automaton.next_state(Anchored::No, state, folded)
    }

    /// Whether a word may end with this state.
    #[inline]
    pub(super) fn may_tell(&self, state: StateID) -> bool {
        self.automaton.is_special(state)
    }

    /// Adds the words that end there, each to its list.
    #[inline(never)]
    pub(super) fn words_at(&self, state: StateID, at: usize, ends: &mut Ends) {
        if !self.automaton.is_match(state) {
            return;
        }
        for index in 0..self.automaton.match_len(state) {
            let pattern = self.automaton.match_pattern(state, index);
            let list = self.word(pattern).map(|word| word.list as usize);
            if let Some(ends) = list.and_then(|list| ends.get_mut(list)) {
                let at = Offset::of(at);
                ends.push(End { pattern, at });
            }
        }
    }

    /// The word that ends there.
    pub(super) fn near<'t>(&self, text: &'t str, end: End) -> Near<'t> {
        Near {
            text,
            end,
            folded_length: self.automaton.pattern_len(end.pattern),
            word: self.word(end.pattern).map_or(0, |word| word.index),
        }
    }

    fn word(&self, pattern: PatternID) -> Option<&Word> {
        self.words.get(pattern.as_usize())
    }

    /// The word, if it is what stands there.
    pub(super) fn hit(&self, text: &str, near: &Near<'_>) -> Option<Hit> {
        let word = self.word(near.end.pattern)?;
        let span = near.span();
        Some(Hit {
            word: near.word,
            span,
            written: written(span.of(text), &word.chars)?,
        })
    }
}

fn is_latin(c: char) -> bool {
    fold_char(c).is_ascii_lowercase()
}

/// Where so many folded characters begin that end at a place; spaces in a row are one.
fn start_of(text: &str, end: usize, folded: usize) -> usize {
    let mut left = folded;
    let mut behind = 0;
    let mut start = end;
    let before = text.get(..end).unwrap_or_default();
    for (at, c) in before.char_indices().rev() {
        let byte = fold_char(c);
        if byte != b' ' || behind != b' ' {
            if left == 0 {
                break;
            }
            left -= 1;
        }
        behind = byte;
        start = at;
    }
    start
}

/// How the word is written; nothing if another word is.
fn written(text: &str, word: &[char]) -> Option<Written> {
    let mut lacks = false;
    let mut bears = false;
    let (mut has_tone, mut lacks_tone) = (false, false);
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
            has_tone |= without_tone(*wanted) != *wanted;
        } else if Letter::of(c).small == without_tone(*wanted) {
            lacks_tone = true;
        } else {
            return None;
        }
    }
    // "chuyên viên" has lost no tone: where one is lost, others are there.
    if lacks_tone && !has_tone {
        return None;
    }
    Some(match (lacks || lacks_tone, bears || lacks_tone) {
        (false, _) => Written::Fully,
        (true, true) => Written::Partly,
        (true, false) => Written::Plainly,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::glance::Glance;

    #[test]
    fn too_many_words_are_refused() {
        let word = "x".repeat(1024);
        assert!(Lexicon::new(&[(List::Labels, vec![word.as_str(); 300])]).is_none());
    }

    #[test]
    fn words_are_met_in_every_case_and_without_diacritics() {
        let lexicon = Lexicon::new(&[(List::Keywords, vec!["mật khẩu", "@"])]).unwrap();
        for (text, wanted) in [
            ("Mật khẩu", Some(Written::Fully)),
            ("MẬT  KHẨU", Some(Written::Fully)),
            ("Mật Khẩu", Some(Written::Fully)),
            ("mat khau", Some(Written::Plainly)),
            ("mât khẩu", Some(Written::Partly)),
            ("mat khẩu", Some(Written::Partly)),
            ("mặt khấu", None),
        ] {
            let text = format!("…  {text}  …");
            let glance = Glance::at(&text, &lexicon);
            let hits: Vec<Hit> = glance.hits(List::Keywords, |_| true).collect();
            assert_eq!(hits.first().map(|hit| hit.written), wanted, "{text}");
            let inside = text.trim_matches(['…', ' ']);
            assert!(hits.iter().all(|hit| hit.span.of(&text) == inside));
        }
    }

    #[test]
    fn each_word_is_told_in_its_list_by_its_place_there() {
        let lists = [
            (List::Keywords, vec!["số ", "thôn"]),
            (List::Labels, vec!["điện thoại", "số điện thoại"]),
        ];
        let lexicon = Lexicon::new(&lists).unwrap();
        let text = "gọi  Số   Điện_thoại ở thôn";
        let glance = Glance::at(text, &lexicon);
        let of = |list| {
            let hits = glance.hits(list, |_| true);
            hits.map(|hit| (hit.word, hit.span.of(text)))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(List::Keywords), [(0, "Số "), (1, "thôn")]);
        assert_eq!(
            of(List::Labels),
            [(1, "Số   Điện_thoại"), (0, "Điện_thoại")]
        );
        assert!(of(List::Heads).is_empty());
        let mut near = glance.near(List::Labels);
        assert!(near.all(|near| !near.is_after_letter() && !near.is_before_letter()));
    }
}
