//! Where do the people of a list live, if each entry names a hamlet without the word for it: "Lò Văn
//! Thử, 1980, Nà Mẫu"?
//!
//! In: the persons of a record. Out: the cell behind the birth of each that reads like the name of a
//! place, if it does in most of the entries.
//!
//! Never: a single person; words that are another's name, a people, an office or a condition.

use crate::detect::capital::is_capitalized;
use crate::detect::fold::folded;
use crate::detect::house::opens_field;
use crate::detect::letter::{in_small, is_letter};
use crate::detect::phrase::Spelling;
use crate::detect::record::{Person, Sources};
use crate::detect::small_list::Casing;
use crate::model::category::Category;
use crate::model::part::Span;

/// An entry is read so far behind its birth, in bytes.
const ENTRY_BYTES_MAX: usize = 80;
/// So many cells are looked at: the sex and the people of a person stand before the hamlet.
const CELLS_MAX: usize = 3;
/// The names of hamlets have so many words at most.
const WORDS_MAX: usize = 4;
/// So many entries name a hamlet at least.
const ENTRIES_MIN: usize = 2;

/// Words of cells that are no places.
const OTHERS: [&str; 48] = [
    "han quoc",
    "nhat ban",
    "dai loan",
    "trung quoc",
    "viet nam",
    "ho ngheo",
    "can ngheo",
    "dang vien",
    "doan vien",
    "hoi vien",
    "khong co",
    "binh thuong",
    "vang mat",
    "co mat",
    "lam ruong",
    "lam nong",
    "lam nuong",
    "lam ray",
    "lam thue",
    "lam vuon",
    "cong nhan",
    "giao vien",
    "hoc sinh",
    "sinh vien",
    "noi tro",
    "buon ban",
    "tu do",
    "huu tri",
    "nong dan",
    "can bo",
    "vien chuc",
    "cong chuc",
    "bo doi",
    "lai xe",
    "tho ho",
    "tho xay",
    "phu ho",
    "kinh doanh",
    "that nghiep",
    "lao dong tu do",
    "o nha",
    "bac si",
    "ke toan",
    "chu ho",
    "con trai",
    "con gai",
    "em trai",
    "con dau",
];

impl Sources<'_> {
    /// The hamlet of each person of a record, in order, if most entries of the list name one.
    pub(super) fn villages(&self, persons: &[Person]) -> Vec<Option<Span>> {
        let lacking = persons.iter().filter(|person| person.counts);
        let lacking = lacking.filter(|person| !self.has_home(person)).count();
        if lacking < ENTRIES_MIN {
            return Vec::new();
        }
        let found: Vec<Option<Span>> = persons
            .iter()
            .map(|person| {
                let is_lacking = person.counts && !self.has_home(person);
                is_lacking.then(|| self.village_behind(person)).flatten()
            })
            .collect();
        let count = found.iter().flatten().count();
        if count >= ENTRIES_MIN && 2 * count >= lacking {
            found
        } else {
            Vec::new()
        }
    }

    fn has_home(&self, person: &Person) -> bool {
        person.values.iter().any(|at| {
            let candidate = self.candidates.get(*at);
            candidate.and_then(|c| self.category(c)) == Some(Category::HomeAddress)
        })
    }

    /// The cell behind the name and the birth that reads like a place's name.
    fn village_behind(&self, person: &Person) -> Option<Span> {
        let births = person.values.iter().filter_map(|at| {
            let candidate = self.candidates.get(*at)?;
            (self.category(candidate) == Some(Category::BirthDate)).then_some(candidate.span)
        });
        let births = births.chain(person.births.iter().copied());
        let told = births.map(|span| span.end).max();
        let from = told.unwrap_or(person.name.span.end);
        let most = self
            .text
            .floor_char_boundary((from + ENTRY_BYTES_MAX).min(self.text.len()));
        let near = self.text.get(from..most)?;
        let entry = near.split('\n').next()?;
        // Words in capitals tell a name from others by what they are alone.
        let is_shouted = self.writing.at(from).casing == Casing::Shouted;
        let is_cut = entry.len() == near.len() && most < self.text.len();
        let mut at = from;
        for cell in entry
            .split([',', ';', '|', '\t', '(', ')'])
            .take(CELLS_MAX + 2)
        {
            for part in cell.split(" - ") {
                let bare = part.trim_matches([' ', '.', '-', '–']);
                let start = at + part.len() - part.trim_start_matches([' ', '.', '-', '–']).len();
                let span = Span::new(start, start + bare.len());
                let may_be =
                    !(is_cut && span.end == most || is_shouted && self.is_of_sentence(bare));
                if start > from && may_be && self.is_village(bare) && !self.is_told(span) {
                    return Some(span);
                }
                at += part.len() + " - ".len();
            }
            at = at - " - ".len() + 1;
        }
        None
    }

    /// Whether a word for a condition stands in a cell.
    fn is_told(&self, cell: Span) -> bool {
        let after = self
            .conditions
            .partition_point(|(told, _)| told.start < cell.end);
        let last = after.checked_sub(1).and_then(|at| self.conditions.get(at));
        last.is_some_and(|(told, _)| told.overlaps(cell))
    }

    /// Whether words in capitals name somebody, or go on with a sentence: "CON ÔNG LÊ VĂN VÍ".
    fn is_of_sentence(&self, words: &str) -> bool {
        let spelling = Spelling::of(words);
        let small = in_small(words);
        let stops = |word: &str| self.names.small.stops(word, spelling);
        self.names.small.titles.begins(words, spelling)
            || self.names.honorifics.begins(words, spelling)
            || self.names.relations.begins(words, spelling)
            || small
                .split(' ')
                .any(|word| stops(word) || matches!(word, "văn" | "thị" | "van" | "thi"))
            || small.split(' ').any(|word| self.places.ends.contains(word))
    }

    /// Whether words read like the name of a place and like nothing else.
    fn is_village(&self, words: &str) -> bool {
        let count = words.split(' ').count();
        let mut all = words.split(' ');
        let first = in_small(all.next().unwrap_or_default());
        let second = in_small(all.next().unwrap_or_default());
        let is_word = |word: &str| {
            is_capitalized(word)
                && word
                    .chars()
                    .all(|c| is_letter(c) || matches!(c, '\'' | '’'))
        };
        let plain = folded(words);
        (2..=WORDS_MAX).contains(&count)
            && words.split(' ').all(is_word)
            && !self.names.is_written_surname(&first)
            && !self.names.middles.contains(&second)
            && !OTHERS.contains(&plain.as_str())
            && !opens_field(words)
            && !self.names.offices.all.begins(words, Spelling::Plain)
    }
}
