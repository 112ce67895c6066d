//! Is a given name told in small letters behind a title: "anh kiên bị hiv", "chị hoa 0912 345 678"?
//!
//! In: words, and what stands around them. Out: whether the first is a given name: a title before
//! it, and a number, a birth, a home or an illness behind it.
//!
//! Never: texts without diacritics, in which most given names are words.

use crate::detect::capital::Word;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::person::Names;
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;

/// Titles before a given name.
const TITLES: [&str; 16] = [
    "anh", "chị", "ông", "bà", "cô", "chú", "bác", "em", "cháu", "cụ", "thầy", "dì", "cậu", "mợ",
    "bé", "bạn",
];
/// Words behind a title that say who somebody is, and are no name.
const KIN: [&str; 27] = [
    "anh", "chị", "em", "cô", "bà", "ông", "con", "cháu", "bé", "trai", "gái", "nội", "ngoại",
    "họ", "hai", "ba", "tư", "năm", "sáu", "bảy", "út", "cả", "ta", "ấy", "giáo", "dâu", "rể",
];
/// How it goes on where an illness or a misfortune is told.
const FATES: [&str; 5] = [" bị ", " mắc ", " nghiện ", " đang bị ", " chết "];

impl Names {
    /// Whether the first word may be a given name by the title before it.
    pub(super) fn may_be_given(&self, title: &str, word: &str) -> bool {
        let is_title = TITLES.contains(&&*in_small(title));
        is_title && !KIN.contains(&word) && self.small.knows(word, Spelling::Full)
    }

    /// How many words at the beginning of the run are a given name: one.
    pub(super) fn small_given(
        &self,
        text: &str,
        run: &[Word<'_>],
        spelling: Spelling,
    ) -> Option<usize> {
        let word = run.first()?;
        let before = text.get(..word.span.start)?.strip_suffix(' ')?;
        let title = before.rsplit(|c| !is_letter(c)).next()?;
        let behind = text.get(word.span.end..)?;
        let is_told = || {
            FATES.iter().any(|fate| behind.starts_with(fate))
                || self.small.told_behind(behind, spelling) > Telling::Nothing
        };
        let is_given = spelling == Spelling::Full
            && self.may_be_given(title, &in_small(word.text))
            && is_told();
        is_given.then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::capital::words_of;
    use crate::model::part::Span;

    fn given(text: &str) -> Option<&str> {
        let names = Names::new().unwrap();
        let words: Vec<Word<'_>> = words_of(text, Span::new(0, text.len())).collect();
        let mut runs = (0..words.len()).map(|at| &words[at..]);
        let run = runs.find(|run| names.small_given(text, run, Spelling::Full).is_some())?;
        run.first().map(|word| word.text)
    }

    #[test]
    fn given_names_stand_between_a_title_and_what_is_told() {
        for (text, wanted) in [
            ("hàng xóm là anh kiên bị hiv", Some("kiên")),
            ("chị hoa 0912 345 678 gọi lại", Some("hoa")),
            ("chị hạnh sn 1994", Some("hạnh")),
            ("anh em 2 xã họp", None),
            ("cô giáo bị ốm", None),
            ("chị hoa gọi lại", None),
        ] {
            assert_eq!(given(text), wanted, "{text}");
        }
    }
}
