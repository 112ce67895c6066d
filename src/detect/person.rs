//! Where are persons named?
//!
//! In: an island of text. Out: spans of full names, with what the words around say of them:
//! named by office, or as somebody in another person's file.
//!
//! Never: single given names, and names of places, streets and schools.

use crate::detect::capital::{Word, capitalized_runs, is_shouted, is_syllable};
use crate::detect::context::last_chars;
use crate::detect::damaged::DamagedPhrases;
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, without_tone};
use crate::detect::name_around::is_field;
use crate::detect::name_before::{AROUND_CHARS, announcing, is_subject};
use crate::detect::name_cell::is_marked;
use crate::detect::name_label::labels_name;
use crate::detect::name_pair::{has_sex, has_third, told_behind_word};
use crate::detect::office::Offices;
use crate::detect::phrase::{Phrases, Spelling};
use crate::detect::small_list::{SmallNames, Telling};
use crate::detect::title::{is_behind_child, is_behind_title};
use crate::detect::title_case::{goes_on_with, has_title, is_sentence};
use crate::detect::unlisted_name::is_marked_or_y;
use crate::detect::words::{self, WordSet};
use crate::model::part::Span;

const NAMES: &str = include_str!("../../patterns/words/names.txt");
const PEOPLE: &str = include_str!("../../patterns/words/people.txt");
const COMMUNES: &str = include_str!("../../patterns/words/communes.txt");

/// The longest names have six words ...
pub(super) const WORDS_MAX: usize = 6;
/// ... and those without a title before them four, or five that are all known.
pub(super) const WORDS_BARE_MAX: usize = 4;

/// A marked name that stands alone is longer than this.
const ONE_NAME_BYTES: usize = 3;

/// What is known of names.
pub(super) struct Names {
    pub(super) surnames: WordSet,
    pub(super) surnames_or_words: WordSet,
    pub(super) surnames_or_words_plain: WordSet,
    /// Surnames that have lost their tone and kept the rest: "trân".
    toneless_surnames: WordSet,
    pub(super) middles: WordSet,
    pub(super) givens: WordSet,
    pub(super) highland: WordSet,
    pub(super) open_surnames: WordSet,
    pub(super) open_surnames_plain: WordSet,
    pub(super) next_fields: WordSet,
    pub(super) not_names: WordSet,
    pub(super) communes: WordSet,
    pub(super) honorifics: Phrases,
    pub(super) labels: DamagedPhrases,
    pub(super) places: Phrases,
    pub(super) offices: Offices,
    pub(super) relations: Phrases,
    pub(super) benefactors: Phrases,
    pub(super) requesters: Phrases,
    pub(super) speaking: Phrases,
    pub(super) speaking_damaged: DamagedPhrases,
    pub(super) asking: Phrases,
    pub(super) praising: Phrases,
    pub(super) praising_damaged: DamagedPhrases,
    pub(super) small: SmallNames,
}

/// How much of a name is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Surname and given name.
    Full,
    /// It ends with an initial: `Nguyễn Văn A` is nobody, or anybody.
    Initial,
    /// A given name behind a title: "chị Lan" is somebody only with a number.
    Given,
}

/// A person's name in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// Where.
    pub span: Span,
    /// Whether the person is named by office.
    pub is_official: bool,
    /// Whether by no other office than a colleague's.
    pub is_colleague: bool,
    /// Whether the person is somebody in another person's file.
    pub is_relation: bool,
    /// How much of the name is told.
    pub form: Form,
}

impl Names {
    /// Reads the word lists.
    pub(super) fn new() -> Option<Self> {
        let folded_syllables = |section| -> WordSet {
            let syllables = words::syllables(NAMES, section);
            syllables.iter().map(folded).collect()
        };
        Some(Self {
            surnames: both_spellings(words::syllables(NAMES, "surname"))
                .without(&words::syllables(NAMES, "not_plain")),
            surnames_or_words: words::syllables(NAMES, "surname_or_word"),
            surnames_or_words_plain: folded_syllables("surname_or_word")
                .into_iter()
                .chain(folded_syllables("not_plain"))
                .collect(),
            toneless_surnames: words::syllables(NAMES, "surname")
                .iter()
                .map(|surname| surname.chars().map(without_tone).collect())
                .collect(),
            middles: both_spellings(words::syllables(NAMES, "middle")),
            givens: folded_syllables("given"),
            highland: both_spellings(words::syllables(NAMES, "highland")),
            open_surnames: words::syllables(NAMES, "open_surname"),
            open_surnames_plain: folded_syllables("open_surname"),
            next_fields: both_spellings(words::syllables(NAMES, "next_field")),
            not_names: words::folded_set(NAMES, "not_name"),
            communes: words::folded_set(COMMUNES, "commune"),
            honorifics: Phrases::new(PEOPLE, "honorific")?,
            labels: DamagedPhrases::new(PEOPLE, "honorific")?,
            places: Phrases::new(PEOPLE, "place")?,
            offices: Offices::new(PEOPLE)?,
            relations: Phrases::new(PEOPLE, "relation")?,
            benefactors: Phrases::new(PEOPLE, "benefactor")?,
            requesters: Phrases::new(PEOPLE, "no_place")?,
            speaking: Phrases::new(PEOPLE, "speaking")?,
            speaking_damaged: DamagedPhrases::new(PEOPLE, "speaking")?,
            asking: Phrases::new(PEOPLE, "asking")?,
            praising: Phrases::new(PEOPLE, "praising")?,
            praising_damaged: DamagedPhrases::new(PEOPLE, "praising")?,
            small: SmallNames::new()?,
        })
    }

    /// Adds the names on an island.
    pub(super) fn find(&self, text: &str, island: Span, spelling: Spelling, found: &mut Vec<Name>) {
        for run in capitalized_runs(text, island) {
            if let Some(one) = self.alone(text, &run, spelling) {
                found.extend(self.of_one_word(text, *one, spelling));
                continue;
            }
            let may_open = run.windows(2).any(|pair| match pair {
                [first, second] => {
                    self.may_open(text, first, second.text, spelling) || is_marked(second.text)
                }
                _ => false,
            });
            let may_open = may_open || has_title(&run);
            let (mut run, mut at) = (run.as_slice(), 0);
            while may_open && at < run.len() {
                // "Bác Ba Châu Văn Thử" is named in full.
                let rest = run.get(at..).unwrap_or_default();
                if self.is_ordered_title(rest) {
                    (run, at) = (rest.get(2..).unwrap_or_default(), 0);
                    continue;
                }
                if self.is_named_place(text, run, at, spelling) {
                    // "đường Trần Phú": what follows a place belongs to the place's name too.
                    if !is_sentence(run) {
                        break;
                    }
                    at += 1;
                    continue;
                }
                match self.name_at(text, run, at, spelling) {
                    Some(taken) => {
                        found.extend(self.described(text, run, (at, taken), spelling));
                        at += taken;
                    }
                    None => {
                        let taken = self.given_words(text, run, at, spelling);
                        found.extend(self.given_of(text, run, (at, taken), spelling));
                        at += taken.max(1);
                    }
                }
            }
        }
    }

    /// Whether a name could open with the first of two words; `name_at` looks closer.
    pub(super) fn may_open(
        &self,
        text: &str,
        first: &Word<'_>,
        second: &str,
        spelling: Spelling,
    ) -> bool {
        let lower = in_small(first.text);
        let before = text.get(..first.span.start).unwrap_or_default();
        self.surnames.contains(&lower)
            || self.highland.contains(&lower)
            || matches!(&*lower, "y" | "h" | "k" | "a")
            || is_marked(first.text)
            || before.trim_end().ends_with([':', '"', '=', '>', '\''])
            || labels_name(announcing(before))
            || is_behind_title(before)
            || is_behind_child(before)
            || before.ends_with("tên là ")
            || has_sex(&lower, second) && has_third(text, second)
            || told_behind_word(text, second) == Telling::Born
            || self.can_be_surname(&lower, spelling)
                && (self.middles.contains(&in_small(second))
                    || has_third(text, second)
                    || told_behind_word(text, second) > Telling::Nothing
                    || self
                        .honorifics
                        .ends(last_chars(before, AROUND_CHARS), spelling))
    }

    /// How many words of the run, from `at` on, are a name.
    fn name_at(
        &self,
        text: &str,
        run: &[Word<'_>],
        at: usize,
        spelling: Spelling,
    ) -> Option<usize> {
        let rest = run.get(at..)?;
        let first = rest.first()?;
        let before = announcing(text.get(..first.span.start)?);
        let is_named = labels_name(before);
        // Behind the label of a name "CHAU" is the surname Châu.
        let is_surname_too = is_named && in_small(first.text) == "chau";
        if !is_surname_too && self.is_titled(rest, spelling) {
            return None;
        }
        let is_announced = is_named || self.is_announced(before, spelling);
        let lower = in_small(first.text);
        let second = rest.get(1).map(|word| in_small(word.text));
        let has_middle = second.is_some_and(|second| self.middles.contains(&second));
        let is_told_pair = self.is_told_pair(text, rest, before, spelling);
        let is_woman = rest.len() >= 3 && rest.get(1).is_some_and(|w| has_sex(&lower, w.text));
        let is_surname = self.surnames.contains(&lower)
            || is_woman
            || self.can_be_surname(&lower, spelling)
                && (is_announced
                    || is_told_pair
                    || rest.len() >= 3
                        && (has_middle || self.is_told_behind(text, rest, spelling)));
        let is_letter = matches!(&*lower, "a" | "y") && rest.len() >= 2;
        let is_sure = is_announced || is_letter && self.is_told_behind(text, rest, spelling);
        let is_highland = self.is_highland(rest, &lower, is_sure);
        let is_labelled =
            is_named || before.trim_end().ends_with([':', '"', '=', '>', '\'']) && is_announced;
        let may_begin =
            at == 0 || is_announced || at == 1 && rest.len() >= 3 || self.begins_within(run, at);
        let is_told = self.is_titled_and_told(text, rest, before, spelling)
            || self.is_born(text, rest, before);
        if !is_surname && !is_highland && !is_labelled && !is_told || !may_begin {
            return None;
        }
        // Titles are written in capitals too: each word of a name must be known then.
        let is_doubtful = is_shouted(first.text) && first.text.chars().count() > 1 && !is_labelled;
        let is_trusted = is_highland || is_told_pair || is_announced && spelling == Spelling::Full;
        if is_doubtful
            && !is_trusted
            && (at > 0 && !is_announced || !self.is_known_name(text, rest))
        {
            return None;
        }
        let is_open = is_announced
            || is_highland
            || is_told
            || self.open_surnames.contains(&lower)
            || spelling == Spelling::Plain && self.open_surnames_plain.contains(&lower);
        let more = self.words_that_fit(text, rest, is_open);
        let taken = 1 + more;
        let whole = Span::new(first.span.start, rest.get(more)?.span.end).of(text);
        let is_word = match taken {
            1 => false,
            2 => self.ends_with_field(rest.get(..taken)?),
            _ => !is_announced && self.opens_with_word(rest),
        };
        if is_word {
            return None;
        }
        // Some peoples of the highlands have one name.
        let is_one = is_announced && is_marked(first.text) && first.text.len() > ONE_NAME_BYTES;
        ((taken >= 2 || is_one) && !self.not_names.contains(&folded(whole))).then_some(taken)
    }

    fn can_be_surname(&self, lower: &str, spelling: Spelling) -> bool {
        self.surnames_or_words.contains(lower)
            || spelling == Spelling::Full && self.toneless_surnames.contains(lower)
            || spelling == Spelling::Plain && self.surnames_or_words_plain.contains(lower)
    }

    /// How many words behind the first belong to the name. Where the list of syllables does not
    /// decide, a name ends before a word that opens the next field of a form.
    fn words_that_fit(&self, text: &str, words: &[Word<'_>], is_open: bool) -> usize {
        let most = if is_open {
            WORDS_MAX
        } else {
            WORDS_BARE_MAX + 1
        };
        let mut fitting = 0;
        for (at, word) in words.iter().enumerate().take(most).skip(1) {
            let lower = in_small(word.text);
            let is_known = self.givens.contains(&folded(&lower))
                || self.small.knows(&lower, Spelling::Full)
                || self.middles.contains(&lower)
                || self.highland.contains(&lower);
            let next = words.get(at + 1);
            // The clan of "H'Nhung Buôn Krông" is no village.
            let is_clan = next.is_some() && words.first().is_some_and(|w| is_marked_or_y(w.text));
            let is_next_field = self.next_fields.contains(&lower)
                && !(is_clan && self.highland.contains(&lower))
                && (is_field(text, *word)
                    || (fitting >= 2 || !is_known) && self.goes_on(text, *word, next));
            if !is_syllable(word.text)
                || fitting >= 2 && goes_on_with(word.text, next)
                || is_subject(text, word)
                || is_next_field
                || fitting >= 2 && self.is_place(word, next)
                || !is_open && !is_known && (fitting == 0 || fitting >= WORDS_BARE_MAX - 1)
            {
                break;
            }
            fitting += 1;
        }
        fitting
    }
}

/// The words as they are and without diacritics.
fn both_spellings(words: WordSet) -> WordSet {
    let plain: Vec<String> = words.iter().map(folded).collect();
    words.into_iter().chain(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::fold::has_diacritics;

    fn all(text: &str) -> Vec<Name> {
        let spelling = if has_diacritics(text) {
            Spelling::Full
        } else {
            Spelling::Plain
        };
        let mut found = Vec::new();
        let whole = Span::new(0, text.len());
        Names::new()
            .unwrap()
            .find(text, whole, spelling, &mut found);
        found
    }

    fn names(text: &str) -> Vec<&str> {
        all(text).iter().map(|name| name.span.of(text)).collect()
    }

    #[test]
    fn full_names_are_found_in_every_case() {
        assert_eq!(names("ông Nguyễn Văn Thử, sinh năm"), ["Nguyễn Văn Thử"]);
        assert_eq!(names("bà TRẦN THỊ MẪU CCCD"), ["TRẦN THỊ MẪU"]);
        assert_eq!(names("gui Nguyen Van Thu"), ["Nguyen Van Thu"]);
        assert_eq!(names("Họ và tên: Y Bhăm Niê"), ["Y Bhăm Niê"]);
        assert_eq!(names("Họ tên: Hà Thị Mẫu"), ["Hà Thị Mẫu"]);
    }

    #[test]
    fn places_streets_schools_and_words_are_no_names() {
        for text in [
            "xã Nguyễn Huệ",
            "đường Trần Phú",
            "Trường Nguyễn Trãi",
            "thành phố Hồ Chí Minh",
            "Hà Nội",
            "Ủy ban Nhân dân",
            "Cao Bằng",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn officials_and_relatives_are_told_apart() {
        assert!(all("PHÓ CHỦ TỊCH\n\nPhan Đình Mẫu")[0].is_official);
        assert!(all("con ông Nguyễn Văn Thử")[0].is_relation);
        assert!(!all("gửi cho Nguyễn Văn Thử")[0].is_relation);
        assert_eq!(all("bị can Nguyễn Văn T.")[0].form, Form::Initial);
    }
}
