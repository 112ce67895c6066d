//! Is what stands alone, in a cell or in capitals, a name and nothing else?
//!
//! Never: names in sentences; `person` finds those.

use crate::detect::capital::{Word, is_capitalized, is_syllable};
use crate::detect::fold::folded;
use crate::detect::letter::is_letter;
use crate::detect::person::{Names, WORDS_BARE_MAX, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::split_name::without_kin;
use crate::model::part::Span;

/// A cell longer than this holds more than a name.
const CELL_CHARS_MAX: usize = 50;

impl Names {
    /// The name in a table's cell that holds a name and nothing else but its number, a title
    /// before it and a remark behind it.
    pub(super) fn in_cell(&self, text: &str, cell: Span) -> Option<Span> {
        let kept = Self::kept(text, cell);
        self.is_name_cell(kept.of(text)).then_some(kept)
    }

    /// What a cell holds but its number, a title and a remark.
    pub(super) fn kept(text: &str, cell: Span) -> Span {
        let written = cell.of(text);
        let bare = written.trim_start_matches(|c: char| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    '.' | '(' | ')' | '/' | '-' | '+' | '*' | ' ' | '\'' | '"'
                )
        });
        let bare = without_kin(without_title(bare));
        let kept = bare
            .split(['(', ',', ';', '–', '/', ':'])
            .next()
            .unwrap_or_default();
        let kept = kept.split(" - ").next().unwrap_or_default().trim();
        let start = cell.start + (kept.as_ptr().addr() - written.as_ptr().addr());
        Span::new(start, start + kept.len())
    }

    /// Whether a name and nothing else, beyond doubt: it opens with a surname.
    pub(super) fn is_surely_name(&self, cell: &str) -> bool {
        let first = cell.split_whitespace().next().unwrap_or_default();
        let is_sure = is_capitalized(first) || is_marked(first) || self.opens_small_name(cell);
        is_sure
            && self.is_name_cell(cell)
            && (self.is_surname(&first.to_lowercase()) || is_marked(first))
    }

    /// Whether a cell in small letters may hold a name: it opens with a surname and ends with a
    /// given name. A column of such cells holds names.
    pub(super) fn may_be_small_name(&self, cell: &str) -> bool {
        let cell =
            cell.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' '));
        let mut words = cell.split_whitespace();
        let opens = words.next().is_some_and(|word| self.is_surname(word));
        let ends = words
            .last()
            .is_some_and(|word| self.givens.contains(&folded(word)));
        opens && ends && self.is_name_cell(cell)
    }

    /// Whether two words could be a place too, for their first is no surname alone.
    pub(super) fn may_be_place(&self, name: &str) -> bool {
        let mut words = name.split_whitespace();
        let first = words.next().unwrap_or_default().to_lowercase();
        words.count() == 1 && !self.surnames.contains(&first)
    }

    /// Whether the first word is a surname and hardly anything else.
    pub(super) fn opens_with_common(&self, cell: &str) -> bool {
        let first = cell
            .split_whitespace()
            .find(|word| word.starts_with(is_letter));
        first.is_some_and(|word| {
            self.small
                .is_surname(&word.to_lowercase(), Spelling::of(cell))
        })
    }

    /// Whether the words are an office that somebody holds.
    pub(super) fn is_office(&self, cell: &str) -> bool {
        self.offices.all.begins(cell, Spelling::of(cell))
    }

    /// Whether the word, in lower case and with its diacritics, can open a name.
    pub(super) fn is_written_surname(&self, lower: &str) -> bool {
        self.surnames.contains(lower)
            || self.surnames_or_words.contains(lower)
            || self.highland.contains(lower)
    }

    /// Whether the word, in lower case, can open a name.
    pub(super) fn is_surname(&self, lower: &str) -> bool {
        self.surnames.contains(lower)
            || self.surnames_or_words.contains(lower)
            || self.surnames_or_words_plain.contains(lower)
            || self.highland.contains(lower)
    }

    pub(super) fn is_name_cell(&self, cell: &str) -> bool {
        let words: Vec<&str> = cell.split_whitespace().collect();
        let opens_surname = words
            .first()
            .is_some_and(|word| self.is_surname(&word.to_lowercase()));
        let is_small = words.iter().all(|word| !is_capitalized(word))
            && self.is_small_name(&words, opens_surname);
        if let [word] = words.as_slice() {
            // Some peoples of the highlands have one name: `K'Brêu`.
            return is_marked(word) && word.chars().count() >= 4;
        }
        (2..=WORDS_MAX).contains(&words.len())
            && cell.chars().count() <= CELL_CHARS_MAX
            && words
                .iter()
                .all(|word| is_syllable(word) && (is_capitalized(word) || is_small))
            && !self.not_names.contains(&folded(cell))
            && (opens_surname || !self.places.begins(cell, Spelling::Full))
    }

    /// Whether words in small letters are those of a name: a surname, and syllables of names.
    fn is_small_name(&self, words: &[&str], opens_surname: bool) -> bool {
        let others = words.get(1..).unwrap_or_default();
        let has_mark = matches!(others.first(), Some(&("văn" | "thị" | "van" | "thi")));
        let is_open = words
            .first()
            .is_some_and(|word| self.open_surnames.contains(word));
        let knows = |word: &&str| {
            is_open
                || self.small.knows(word, Spelling::of(word))
                || others.len() >= 2 && others.last() == Some(word)
                || !self.next_fields.contains(word) && !self.small.stops(word, Spelling::of(word))
        };
        let is_marked = words.first().is_some_and(|word| is_marked(word));
        let has_clan = others
            .last()
            .is_some_and(|word| self.highland.contains(word));
        opens_surname && (has_mark || others.iter().all(knows)) || is_marked || has_clan
    }

    /// Whether the words, all in capitals, are those of a name to their end.
    pub(super) fn is_known_name(&self, text: &str, words: &[Word<'_>]) -> bool {
        let is_name = |word: &Word<'_>| {
            let lower = word.text.to_lowercase();
            self.givens.contains(&folded(&lower)) || self.middles.contains(&lower)
        };
        let has_middle = words
            .get(1)
            .is_some_and(|w| matches!(folded(w.text).as_str(), "van" | "thi"));
        let fields = words.iter().enumerate().skip(2).find(|(at, word)| {
            self.next_fields.contains(&word.text.to_lowercase())
                && !is_name(word)
                && self.goes_on(text, **word, words.get(at + 1))
        });
        let fields = fields.map(|(at, _)| at - 2);
        let name = words
            .get(1..fields.map_or(words.len(), |at| at + 2))
            .unwrap_or_default();
        let opens_with_middle = name
            .first()
            .is_some_and(|w| self.middles.contains(&w.text.to_lowercase()));
        name.len() < WORDS_BARE_MAX
            && (has_middle
                || name.len() >= 2 && name.iter().all(is_name)
                || name.len() == 2 && opens_with_middle)
    }
}

/// Whether the word bears the mark of a highland name: `H'Hen`, `K'`.
pub(super) fn is_marked(word: &str) -> bool {
    let mut chars = word.chars();
    matches!(chars.next(), Some('h' | 'k' | 'H' | 'K')) && matches!(chars.next(), Some('\'' | '’'))
}

/// A cell without the title before its name.
fn without_title(cell: &str) -> &str {
    const TITLES: [&str; 14] = [
        "hộ ông",
        "hộ bà",
        "ông",
        "bà",
        "anh",
        "chị",
        "em",
        "cháu",
        "cụ",
        "hộ",
        "ong",
        "ba",
        "ô.",
        "b.",
    ];
    let lower: String = cell.chars().take(8).collect::<String>().to_lowercase();
    let title = TITLES.into_iter().find(|title| {
        lower
            .strip_prefix(title)
            .is_some_and(|rest| rest.starts_with([' ', ':']))
    });
    title
        .and_then(|title| cell.get(title.len()..))
        .map_or(cell, |rest| rest.trim_start_matches([' ', ':']))
}
