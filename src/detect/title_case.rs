//! Are names told apart in a text that writes every word with a capital: "Ông Lê Văn Thử Bị Tai Biến"?
//!
//! In: a run of capitalized words that is longer than any name. Out: whether a name may begin within
//! it, whether it ends before a word, whether a word is a given name behind its title.
//!
//! Never: runs that a name may fill.

use crate::detect::capital::{Word, is_shouted};
use crate::detect::fate::opens_fate;
use crate::detect::fold::folded;
use crate::detect::letter::in_small;
use crate::detect::name_before::is_of_shop;
use crate::detect::person::{Form, Name, Names, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;
use crate::detect::title::{is_behind_child, is_behind_title, is_title};

/// So many words of a run tell how it is written.
const SENTENCE_WORDS: usize = 24;

/// Words with which sentences go on behind a name, and hardly any name.
const GOES_ON: [&str; 32] = [
    "bị", "mắc", "đang", "đã", "của", "cho", "xin", "được", "không", "với", "thì", "mà", "nên",
    "đến", "tại", "trú", "ngụ", "có", "ở", "là", "và", "về", "vì", "do", "nợ", "vay", "thuộc",
    "cùng", "mới", "nhà", "hiện", "lớp",
];

/// Whether a run of capitalized words is no name but a sentence.
pub(super) fn is_sentence(run: &[Word<'_>]) -> bool {
    run.len() > WORDS_MAX
        && !run
            .iter()
            .take(SENTENCE_WORDS)
            .any(|word| is_shouted(word.text) && word.text.len() > 2)
}

/// Whether a title stands within the run, with a word before it and one behind.
pub(super) fn has_title(run: &[Word<'_>]) -> bool {
    let within = run.get(1..run.len().saturating_sub(1));
    let mut within = within.unwrap_or_default().iter();
    within.any(|word| is_title(word.text))
}

/// Whether a sentence goes on with the word, of which all words have capitals, and another one
/// stands behind it: the name before it has ended.
pub(super) fn goes_on_with(word: &str, next: Option<&Word<'_>>) -> bool {
    next.is_some() && GOES_ON.contains(&&*in_small(word))
}

impl Names {
    /// Whether a whole name may begin within a sentence of capitals: a surname that is hardly
    /// anything else, and a middle name, or a title before them.
    pub(super) fn begins_within(&self, run: &[Word<'_>], at: usize) -> bool {
        let (Some(surname), Some(second)) = (run.get(at), run.get(at + 1)) else {
            return false;
        };
        is_sentence(run)
            && self.surnames.contains(&in_small(surname.text))
            && self.middles.contains(&in_small(second.text))
            && run
                .get(at + 2)
                .is_some_and(|third| self.knows_given(third.text))
    }

    /// Whether the word is a given name behind its title, of whom something is told: "Ông Thử, 67
    /// Tuổi".
    fn is_given_within(&self, text: &str, run: &[Word<'_>], at: usize, spelling: Spelling) -> bool {
        let title = at.checked_sub(1).and_then(|at| run.get(at));
        let (Some(title), Some(word)) = (title, run.get(at)) else {
            return false;
        };
        let after = text.get(word.span.end..).unwrap_or_default();
        spelling == Spelling::Full
            && is_title(title.text)
            && self.knows_given(word.text)
            && (opens_fate(after, spelling)
                || self.small.told_behind(after, spelling) >= Telling::Surely)
    }

    /// How many words of the run, from `at` on, are a given name behind its title: one within a
    /// sentence of capitals, or two: "chị Thu Hà".
    pub(super) fn given_words(
        &self,
        text: &str,
        run: &[Word<'_>],
        at: usize,
        spelling: Spelling,
    ) -> usize {
        if self.is_given_pair(text, run, at, spelling) {
            2
        } else {
            usize::from(self.is_given_within(text, run, at, spelling))
        }
    }

    /// The given name that so many words are.
    pub(super) fn given_of(
        &self,
        text: &str,
        run: &[Word<'_>],
        (at, taken): (usize, usize),
        spelling: Spelling,
    ) -> Option<Name> {
        if taken == 0 {
            return None;
        }
        let name = self.described(text, run, (at, taken), spelling)?;
        let form = match name.form {
            Form::Full => Form::Given,
            Form::Given | Form::Initial => name.form,
        };
        Some(Name { form, ..name })
    }

    fn is_given_pair(&self, text: &str, run: &[Word<'_>], at: usize, spelling: Spelling) -> bool {
        let Some([first, second]) = run.get(at..) else {
            return false;
        };
        let before = text.get(..first.span.start).unwrap_or_default();
        let both = || format!("{} {}", folded(first.text), folded(second.text));
        spelling == Spelling::Full
            && at <= 1
            && (is_behind_child(before) || is_behind_title(before))
            && !is_of_shop(before)
            && !is_shouted(second.text)
            && self.small.knows(&in_small(first.text), spelling)
            && self.small.knows(&in_small(second.text), spelling)
            && !self.communes.contains(&both())
            && !self.not_names.contains(&both())
    }

    fn knows_given(&self, word: &str) -> bool {
        self.small.knows(&in_small(word), Spelling::Full)
            || word.is_ascii() && self.small.knows(&in_small(word), Spelling::Plain)
    }
}
