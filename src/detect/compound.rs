//! Is a syllable that could be a surname the end of a word that begins before it: "quá trình", "xâm
//! phạm"?
//!
//! In: what stands before the syllable. Out: whether both are a word of the language.
//!
//! Never: names told by their capitals.

use rustc_hash::FxHashMap;

use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::person::Names;
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;
use crate::detect::words;
use crate::model::part::Span;

const COMPOUNDS: &str = include_str!("../../patterns/words/compounds.txt");

/// Words of two syllables, by the second.
pub(super) struct Compounds {
    written: FxHashMap<String, Vec<String>>,
    plain: FxHashMap<String, Vec<String>>,
}

impl Compounds {
    /// Reads the word list.
    pub(super) fn new() -> Self {
        let mut written: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let mut plain: FxHashMap<String, Vec<String>> = FxHashMap::default();
        for (first, second) in pairs("compound") {
            let words = written.entry(second.to_owned()).or_default();
            words.push(first.to_owned());
        }
        for (first, second) in pairs("compound").chain(pairs("opening")) {
            let words = plain.entry(folded(second)).or_default();
            words.push(folded(first));
        }
        Self { written, plain }
    }

    /// Whether the syllable ends a word that begins before it.
    pub(super) fn ends_word(&self, before: &str, syllable: &str, spelling: Spelling) -> bool {
        let Some(before) = before.strip_suffix(' ') else {
            return false;
        };
        let first = before.rsplit(|c| !is_letter(c)).next().unwrap_or_default();
        let (words, first, second) = match spelling {
            Spelling::Full => (
                &self.written,
                in_small(first).into_owned(),
                in_small(syllable).into_owned(),
            ),
            Spelling::Plain => (&self.plain, folded(first), folded(syllable)),
        };
        words
            .get(&second)
            .is_some_and(|firsts| firsts.contains(&first))
    }
}

/// The words of two syllables of a section.
fn pairs(section: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = words::section(COMPOUNDS, section).into_iter();
    let lines = lines.filter_map(|line| line.split_once(':'));
    lines.flat_map(|(second, firsts)| firsts.split_whitespace().map(move |first| (first, second)))
}

impl Names {
    /// Whether a name would begin with the second half of a word. "NGƯỜI VI PHẠM THÁI DOÃN THỬ, SINH
    /// NĂM 1999" tells of somebody all the same: only people are born.
    pub(super) fn is_of_compound(
        &self,
        text: &str,
        name: Span,
        opener: &str,
        spelling: Spelling,
    ) -> bool {
        let before = text.get(..name.start).unwrap_or_default();
        let after = text.get(name.end..).unwrap_or_default();
        let is_point = opener.len() == 1 && ends_with_point(before);
        is_point
            || self.small.compounds.ends_word(before, opener, spelling)
                && self.small.told_behind(after, spelling) != Telling::Born
    }
}

/// Whether a word for a part of a paper ends the text, which has a letter: "điểm h khoản này".
fn ends_with_point(before: &str) -> bool {
    let word = before.trim_end_matches(' ').rsplit(' ').next();
    word.is_some_and(|word| {
        matches!(
            folded(word).as_str(),
            "diem" | "khoan" | "muc" | "lop" | "hang" | "loai" | "nhom" | "vitamin"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_syllables_are_known() {
        let compounds = Compounds::new();
        for (before, syllable, spelling) in [
            ("trong quá ", "trình", Spelling::Full),
            ("TỘI XÂM ", "PHẠM", Spelling::Full),
            ("trong qua ", "trinh", Spelling::Plain),
        ] {
            assert!(compounds.ends_word(before, syllable, spelling), "{before}");
        }
        for (before, syllable, spelling) in [
            ("qua", "trình", Spelling::Full),
            ("qua, ", "trịnh", Spelling::Full),
            ("bi cao ", "tran", Spelling::Plain),
        ] {
            assert!(!compounds.ends_word(before, syllable, spelling), "{before}");
        }
    }
}
