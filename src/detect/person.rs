//! Where are persons named?
//!
//! In: an island of text. Out: spans of full names, with what the words around say of them:
//! named by office, or as somebody in another person's file.
//!
//! Never: single given names, and names of places, streets and schools.

use std::collections::HashSet;

use crate::detect::context::last_chars;
use crate::detect::fold::{folded, has_diacritics};
use crate::detect::phrase::{Phrases, Spelling};
use crate::detect::words;
use crate::model::part::Span;

const NAMES: &str = include_str!("../../patterns/words/names.txt");
const PEOPLE: &str = include_str!("../../patterns/words/people.txt");

/// The longest names have six words.
const WORDS_MAX: usize = 6;
/// How far words around a name are read, in characters.
const AROUND_CHARS: usize = 48;

/// What is known of names.
pub(super) struct Names {
    surnames: HashSet<String>,
    surnames_or_words: HashSet<String>,
    middles: HashSet<String>,
    givens: HashSet<String>,
    highland: HashSet<String>,
    open_surnames: HashSet<String>,
    next_fields: HashSet<String>,
    not_names: HashSet<String>,
    honorifics: Phrases,
    places: Phrases,
    offices: Phrases,
    relations: Phrases,
    benefactors: Phrases,
}

/// A person's name in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// Where.
    pub span: Span,
    /// Whether the person is named by office.
    pub is_official: bool,
    /// Whether the person is somebody in another person's file.
    pub is_relation: bool,
    /// Whether the name ends with an initial: `Nguyễn Văn A` is nobody, or anybody.
    pub is_initial: bool,
}

/// A capitalized word.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    span: Span,
    text: &'t str,
}

impl Names {
    /// Reads the word lists.
    pub(super) fn new() -> Option<Self> {
        let folded_syllables = |section| {
            words::syllables(NAMES, section)
                .iter()
                .map(|s| folded(s))
                .collect()
        };
        Some(Self {
            surnames: both_spellings(words::syllables(NAMES, "surname")),
            surnames_or_words: words::syllables(NAMES, "surname_or_word"),
            middles: both_spellings(words::syllables(NAMES, "middle")),
            givens: folded_syllables("given"),
            highland: words::syllables(NAMES, "highland"),
            open_surnames: words::syllables(NAMES, "open_surname"),
            next_fields: words::syllables(NAMES, "next_field"),
            not_names: words::folded_set(NAMES, "not_name"),
            honorifics: Phrases::new(PEOPLE, "honorific")?,
            places: Phrases::new(PEOPLE, "place")?,
            offices: Phrases::new(PEOPLE, "office")?,
            relations: Phrases::new(PEOPLE, "relation")?,
            benefactors: Phrases::new(PEOPLE, "benefactor")?,
        })
    }

    /// Adds the names on an island.
    pub(super) fn find(&self, text: &str, island: Span, spelling: Spelling, found: &mut Vec<Name>) {
        for run in capitalized_runs(text, island) {
            let mut at = 0;
            while at < run.len() {
                match self.name_at(text, &run, at, spelling) {
                    Some(taken) => {
                        found.extend(self.described(text, &run, (at, taken), spelling));
                        at += taken;
                    }
                    None => at += 1,
                }
            }
        }
    }

    /// Whether a table cell holds a name and nothing else.
    pub(super) fn is_name_cell(&self, cell: &str) -> bool {
        let words: Vec<&str> = cell.split_whitespace().collect();
        (2..=WORDS_MAX).contains(&words.len())
            && cell.chars().count() <= 50
            && words
                .iter()
                .all(|word| is_capitalized(word) && is_syllable(word))
            && !self.not_names.contains(&folded(cell))
            && !self.places.begins(cell, Spelling::Full)
    }

    /// Whether the words say that somebody does something for somebody.
    pub(super) fn is_benefactor(&self, between: &str) -> bool {
        self.benefactors.occurs_in(between, Spelling::Full)
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
        let before = last_chars(text.get(..first.span.start)?, AROUND_CHARS);
        if self.places.ends(before, spelling) {
            return None;
        }
        let is_announced = self.honorifics.ends(before, spelling);
        let lower = first.text.to_lowercase();
        let second = rest.get(1)?.text.to_lowercase();
        let is_surname = self.surnames.contains(&lower)
            || self.surnames_or_words.contains(&lower)
                && (is_announced || self.middles.contains(&second) && rest.len() >= 3);
        let is_highland = self.is_highland(rest, &lower);
        let is_labelled = before.trim_end().ends_with(':') && is_announced;
        if !is_surname && !is_highland && !is_labelled {
            return None;
        }
        let is_open = is_announced || is_highland || self.open_surnames.contains(&lower);
        let more = self.words_that_fit(rest, is_open);
        let taken = 1 + more;
        let whole = Span::new(first.span.start, rest.get(more)?.span.end).of(text);
        (taken >= 2 && !self.not_names.contains(&folded(whole))).then_some(taken)
    }

    /// How many words behind the first belong to the name. Where the list of syllables does not
    /// decide, a name ends before a word that opens the next field of a form.
    fn words_that_fit(&self, words: &[Word<'_>], is_open: bool) -> usize {
        let mut fitting = 0;
        let mut after_middle = false;
        for word in words.iter().skip(1).take(WORDS_MAX - 1) {
            let lower = word.text.to_lowercase();
            let is_known = self.givens.contains(&folded(&lower))
                || self.middles.contains(&lower)
                || self.highland.contains(&lower);
            let is_next_field = self.next_fields.contains(&lower) && (fitting >= 2 || !is_known);
            if !is_syllable(word.text) || is_next_field || !(is_open || is_known || after_middle) {
                break;
            }
            after_middle = matches!(lower.as_str(), "văn" | "thị" | "van" | "thi");
            fitting += 1;
        }
        fitting
    }

    /// Whether the words are a name of the highlands: the clan last after Y or H, or first.
    fn is_highland(&self, words: &[Word<'_>], first: &str) -> bool {
        let marked =
            matches!(first, "y" | "h" | "k") || first.starts_with("h'") || first.starts_with("k'");
        let last = words
            .iter()
            .take(WORDS_MAX)
            .any(|word| self.highland.contains(&word.text.to_lowercase()));
        marked && last || self.highland.contains(first) && first.chars().count() > 2
    }

    fn described(
        &self,
        text: &str,
        run: &[Word<'_>],
        (at, taken): (usize, usize),
        spelling: Spelling,
    ) -> Option<Name> {
        let first = run.get(at)?;
        let last = run.get(at + taken - 1)?;
        let span = Span::new(first.span.start, last.span.end);
        let before = last_chars(text.get(..span.start)?, AROUND_CHARS);
        let rest = text.get(span.end..)?;
        let end = rest
            .char_indices()
            .nth(AROUND_CHARS)
            .map_or(rest.len(), |(at, _)| at);
        let after = rest.get(..end)?;
        Some(Name {
            span,
            is_initial: is_initial(last.text) || is_initial(after),
            is_official: self.offices.occurs_in(before, spelling)
                || self.offices.begins(after, spelling),
            is_relation: self.relations.ends(before, spelling)
                || self.relations.ends(without_last_word(before), spelling),
        })
    }
}

/// Whether the text is or begins with a letter that stands for a name, or is a middle name with
/// nothing behind it.
fn is_initial(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '/');
    let first = match text.starts_with(' ') {
        true => words.nth(1),
        false => words.next(),
    };
    first.is_some_and(|word| word.chars().count() == 1 && is_shouted(word) && is_capitalized(word))
}

/// The words as they are and without diacritics.
fn both_spellings(words: HashSet<String>) -> HashSet<String> {
    let plain: Vec<String> = words.iter().map(|word| folded(word)).collect();
    words.into_iter().chain(plain).collect()
}

/// The text without its last word: "con ông" is a relation before "ông" is a title.
fn without_last_word(text: &str) -> &str {
    let trimmed = text.trim_end();
    trimmed
        .rfind(' ')
        .and_then(|at| trimmed.get(..at))
        .unwrap_or_default()
}

/// Runs of capitalized words with single spaces between, all capitals or not.
fn capitalized_runs(text: &str, island: Span) -> Vec<Vec<Word<'_>>> {
    let mut runs: Vec<Vec<Word<'_>>> = Vec::new();
    let mut run: Vec<Word<'_>> = Vec::new();
    for word in words_of(text, island) {
        let continues = run.last().is_some_and(|last| {
            let gap = Span::new(last.span.end, word.span.start).of(text);
            let is_alike = is_shouted(last.text) == is_shouted(word.text);
            let is_letter = last.text.chars().count() == 1 || word.text.chars().count() == 1;
            matches!(gap, " " | "  ") && (is_alike || is_letter)
        });
        if !continues && !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
        if is_capitalized(word.text) {
            run.push(word);
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// The words of an island; one cut at its edge is left out.
fn words_of(text: &str, island: Span) -> impl Iterator<Item = Word<'_>> {
    let inside = island.of(text);
    let is_part = |c: char| c.is_alphabetic() || c == '\'' || c == '’';
    inside
        .split(move |c| !is_part(c))
        .filter(|word| !word.is_empty())
        .filter_map(move |word| {
            let start = island.start + (word.as_ptr().addr() - inside.as_ptr().addr());
            let span = Span::new(start, start + word.len());
            let before = text.get(..start)?.chars().next_back();
            let after = text.get(span.end..)?.chars().next();
            let is_whole = ![before, after]
                .into_iter()
                .flatten()
                .any(char::is_alphanumeric);
            is_whole.then_some(Word { span, text: word })
        })
}

/// Whether the word is written in capitals; single letters are both.
fn is_shouted(word: &str) -> bool {
    word.chars()
        .filter(|c| c.is_alphabetic())
        .all(char::is_uppercase)
}

fn is_capitalized(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether the word can be a Vietnamese syllable: short, with a vowel. `CCCD` cannot.
fn is_syllable(word: &str) -> bool {
    let plain = folded(word);
    word.chars().count() <= 8
        && word
            .chars()
            .all(|c| c.is_alphabetic() || c == '\'' || c == '’' || c == '.')
        && plain.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && (has_diacritics(word) || plain.len() <= 7)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(all("bị can Nguyễn Văn T.")[0].is_initial);
    }
}
