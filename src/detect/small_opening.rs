//! At which words may a name in small letters begin? At few of a text's.
//!
//! In: the words of an island. Out: those of which a reading by `small_name` is worth its time.
//!
//! Never: "no" where `small_name` reads a name; "yes" may be wrong, and costs time only.

use std::borrow::Cow;

use crate::detect::capital::Word;
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::name_cell::is_marked;
use crate::detect::name_signs::{is_behind_sign, is_entry, is_line_start};
use crate::detect::person::{Names, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::unlisted_name::is_foreign;

impl Names {
    /// The places among the words at which a name may begin: with a surname or a mark, before a sex,
    /// behind a sign, or where words stand that are unlike those of the language.
    pub(super) fn small_openings(
        &self,
        text: &str,
        words: &[Word<'_>],
        spelling: Spelling,
    ) -> Vec<usize> {
        let is_surname = |word: &str| match spelling {
            Spelling::Full => self.is_written_surname(word),
            Spelling::Plain => self.is_surname(word),
        };
        let title = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| words.get(at));
            before.map_or("", |word| word.text)
        };
        let mut openings = Vec::new();
        let mut next: Option<Cow<'_, str>> = None;
        let mut unlike = usize::MAX;
        for (at, word) in words.iter().enumerate().rev() {
            if is_foreign(word.text) {
                unlike = at;
            }
            let opener = in_small(word.text);
            if unlike.saturating_sub(at) < WORDS_MAX
                || next.is_some_and(|next| is_sex(&next) || is_royal(&next))
                || may_open(&opener)
                || is_surname(&opener)
                || self.may_be_given(title(at), &opener)
                || is_behind_sign(text.get(..word.span.start).unwrap_or_default())
            {
                openings.push(at);
            }
            next = Some(opener);
        }
        openings.reverse();
        openings
    }
}

/// Whether the word stands between surnames and given names.
fn is_sex(word: &str) -> bool {
    matches!(word, "văn" | "thị" | "van" | "thi")
}

/// Whether the word stands second in names of the house of Nguyễn: "công tằng".
fn is_royal(word: &str) -> bool {
    matches!(word, "tằng" | "tang" | "huyền" | "huyen")
}

/// Whether names of the highlands begin with the word.
fn may_open(word: &str) -> bool {
    matches!(word, "y" | "h" | "k" | "a") || is_marked(word)
}

/// Whether a title that is no other word without its diacritics opens the line, or an entry.
pub(super) fn leads_line(before: &str) -> bool {
    const TITLES: [&str; 9] = ["em", "ong", "ba", "anh", "be", "chau", "cu", "hs", "bn"];
    let before = before.trim_end_matches(' ');
    let lead = before.trim_end_matches(is_of_word);
    let title = before.get(lead.len()..).unwrap_or_default();
    TITLES.contains(&folded(title).as_str()) && (is_entry(lead) || is_line_start(lead))
}
