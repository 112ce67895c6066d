//! Who is told of by a title and a name, without diacritics, in small letters or all in capitals: "chi hoa
//! to 4 bi ung thu"?
//!
//! In: the words behind a title in a short message. Out: how many of them are a name.
//!
//! Never: longer texts; there too much else reads so: "co nguyen vong", "chi phi".

use crate::detect::capital::{Word, is_syllable};
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::person::{Form, Names};
use crate::detect::phrase::Spelling;
use crate::detect::small_given::PLAIN_KIN;

/// A message in which names are read so is not longer, in bytes.
const TEXT_BYTES_MAX: usize = 600;
/// A name has so many words at most.
const WORDS_MAX: usize = 4;
/// ... and one without its surname so many.
const GIVEN_MAX: usize = 2;
/// Titles that are hardly other words ...
const TITLES: [&str; 8] = ["anh", "chi", "ong", "ba", "em", "bac", "thim", "chau"];
/// ... and those that are titles where a sentence begins: elsewhere "co" is "có", "thay" "thấy".
const FIRST_TITLES: [&str; 4] = ["co", "chu", "cu", "thay"];
/// Words behind a title with which a sentence goes on, or a number.
const GOES_ON: [&str; 15] = [
    "chu", "bac", "me", "bo", "giao", "tich", "toi", "oi", "ngoan", "trieu", "tram", "nghin",
    "xin", "bi", "la",
];

impl Names {
    /// How many of the words behind a title are a name, and what it is.
    pub(super) fn plain_behind(
        &self,
        text: &str,
        title: &Word<'_>,
        begins: bool,
        run: &[Word<'_>],
    ) -> Option<(usize, Form)> {
        let first = run.first()?;
        // "Chi hoa" begins a sentence.
        let title_word = &*in_small(title.text);
        let is_title = TITLES.contains(&title_word) || begins && FIRST_TITLES.contains(&title_word);
        let before = text.get(..title.span.start).unwrap_or_default();
        if !is_title
            || title_word == "chi" && ends_address_label(before)
            || text.len() > TEXT_BYTES_MAX
            || PLAIN_KIN.contains(&&*in_small(first.text))
            || GOES_ON.contains(&&*in_small(first.text))
            || self.is_trade(text, first, Spelling::Plain)
        {
            return None;
        }
        let follows = |(at, word): &(usize, &Word<'_>)| {
            let before = at.checked_sub(1).map_or(Some(title), |at| run.get(at));
            before.is_some_and(|before| word.span.start == before.span.end + 1)
                && (*at == 0 || !self.small.stops(&in_small(word.text), Spelling::Plain))
                && is_syllable(word.text)
                && self.small.knows(&in_small(word.text), Spelling::Plain)
                && !self.joins(text, word)
                && (*at == 0 || !is_unit(text, word))
        };
        let may_be_full = self.is_surname(&in_small(first.text));
        let words_max = if may_be_full { WORDS_MAX } else { GIVEN_MAX };
        let known = run.iter().enumerate().take(words_max);
        let taken = known.take_while(follows).count();
        // "tran thi b" and "b" are nobody.
        let mut behind = run.iter().skip(taken).take(2);
        let is_nobody = behind.any(|word| word.text.len() == 1 && !matches!(word.text, "o" | "O"));
        let begins_word = || run.get(taken).is_some_and(|next| self.joins(text, next));
        // "ba dang dieu tri" is under treatment.
        let is_at = || {
            let is_treated = run
                .get(1)
                .is_some_and(|word| &*in_small(word.text) == "dieu");
            &*in_small(first.text) == "dang" && (taken < WORDS_MAX - 1 || is_treated)
        };
        let form = match may_be_full && taken > 1 {
            true => Form::Full,
            false => Form::Given,
        };
        (taken > 0 && !is_nobody && !begins_word() && !is_at()).then_some((taken, form))
    }

    /// Whether a word ends one that the word before it begins.
    fn joins(&self, text: &str, word: &Word<'_>) -> bool {
        let before = text.get(..word.span.start).unwrap_or_default();
        let compounds = &self.small.compounds;
        compounds.ends_word(before, word.text, Spelling::Plain)
    }
}

/// Whether "dia" ends the text, which makes an address of "chi".
fn ends_address_label(before: &str) -> bool {
    let word = before.trim_end().rsplit(|c: char| !is_of_word(c)).next();
    word.is_some_and(|word| &*in_small(word) == "dia")
}

/// Whether the word names a unit by its number: "chi hoa to 4".
fn is_unit(text: &str, word: &Word<'_>) -> bool {
    const UNITS: [&str; 6] = ["to", "thon", "xom", "khu", "ap", "doi"];
    let behind = text.get(word.span.end..).unwrap_or_default().as_bytes();
    UNITS.contains(&&*in_small(word.text))
        && matches!(behind, [b' ', digit, ..] if digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::capital::words_of;
    use crate::model::part::Span;

    fn name(text: &str) -> Option<(&str, Form)> {
        let names = Names::new().unwrap();
        let words: Vec<Word<'_>> = words_of(text, Span::new(0, text.len())).collect();
        let (title, run) = words.split_first()?;
        let (taken, form) = names.plain_behind(text, title, true, run)?;
        let last = run.get(taken - 1)?;
        Some((
            Span::new(run.first()?.span.start, last.span.end).of(text),
            form,
        ))
    }

    #[test]
    fn names_stand_behind_titles_and_words_of_the_language_do_not() {
        for (text, wanted) in [
            ("chi hoa bi om", Some(("hoa", Form::Given))),
            (
                "anh tran quoc tuan bi phat",
                Some(("tran quoc tuan", Form::Full)),
            ),
            ("co thu ha bi om", Some(("thu ha", Form::Given))),
            ("chi phi bi phat", None),
            ("anh trach nhiem cao", None),
            ("ong tran thi b bi phat", None),
            ("lop hoa bi nghi", None),
            ("Chi hoa bi om", Some(("hoa", Form::Given))),
            ("ba dang dieu tri", None),
            ("ba trieu dong", None),
            ("CHI HOA BI OM", Some(("HOA", Form::Given))),
            ("chi hoa to 4 bi ung thu", Some(("hoa", Form::Given))),
            ("ANH TRACH NHIEM CAO", None),
        ] {
            assert_eq!(name(text), wanted, "{text}");
        }
        assert!(ends_address_label("O DIA ") && !ends_address_label("gap "));
        let long = format!("chi hoa bi om. {}", "viet giup em nhe ".repeat(40));
        assert_eq!(name(&long), None);
    }
}
