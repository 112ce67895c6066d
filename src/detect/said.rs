//! Does enough speak for a name that no capitals tell?
//!
//! In: what the words around say. Out: whether it holds, by how many words it has and how the text
//! is written: without diacritics more must speak for it.
//!
//! Never: where it stands; `small_name` looks.

use crate::detect::fold::folded;
use crate::detect::phrase::Spelling;

/// What the words around a name in small letters say for it.
pub(super) struct Said {
    /// How the text is written.
    pub spelling: Spelling,
    /// Its first word is a surname and hardly anything else.
    pub is_strong: bool,
    /// Its first word is a surname.
    pub is_hard: bool,
    /// Its first word is a surname of peoples whose other names are in no list.
    pub is_open: bool,
    /// "văn" or "thị" stands behind it.
    pub has_mark: bool,
    /// It is not "thì" without its diacritics.
    pub is_mark_sure: bool,
    /// A middle name stands behind it.
    pub has_middle: bool,
    /// Its last word is one of names.
    pub is_known: bool,
    /// A title stands before it.
    pub is_announced: bool,
    /// A label stands before it.
    pub is_labelled: bool,
    /// A birth or a number stands behind it.
    pub is_told: bool,
    /// A sign stands behind it.
    pub is_closed: bool,
    /// It opens an entry of a list.
    pub is_entry: bool,
    /// Its first word is a common surname, even without diacritics.
    pub is_common: bool,
}

impl Said {
    /// Whether enough speaks for a name of so many words; of those `is_listed` says that each is in
    /// the lists of names' syllables.
    pub(super) const fn holds(&self, words: usize, is_listed: bool) -> bool {
        match (words, self.spelling) {
            (0 | 1, _) => false,
            (2.., _) if self.is_open && (self.is_labelled || self.is_announced && self.is_told) => {
                true
            }
            (_, _) if !is_listed => {
                words >= 3 && self.is_told && (self.is_announced || self.is_entry)
                    || self.is_labelled && self.is_closed
            }
            (2, Spelling::Full) => {
                self.is_hard && (self.is_labelled || self.is_told && self.is_announced)
                    || self.is_common && (self.is_told || self.is_announced && self.is_closed)
                    || self.is_entry && self.is_told
            }
            (2, Spelling::Plain) => {
                self.is_strong && (self.is_labelled || self.is_told && self.is_announced)
                    || self.is_common && self.is_told
                    || self.is_hard && self.is_entry && self.is_told
            }
            (_, Spelling::Full) => {
                self.is_told
                    || self.has_mark
                        && self.is_known
                        && (self.is_strong || self.is_hard && self.is_closed)
                    || self.is_announced && (self.is_hard || self.has_middle)
                    || self.is_hard && self.has_middle && self.is_entry
            }
            (_, Spelling::Plain) => self.holds_plainly(),
        }
    }

    /// The same for three words or more without diacritics.
    const fn holds_plainly(&self) -> bool {
        self.has_mark
            && (self.is_strong && self.is_known && (self.is_mark_sure || self.is_entry)
                || self.is_told
                || self.is_hard && self.is_announced)
            || self.is_labelled && self.is_hard
            || self.is_announced
                && (self.is_told || self.is_hard && self.has_middle && self.is_closed)
            || self.is_strong && (self.is_told || self.has_middle && self.is_entry)
            || self.is_hard && self.is_told && self.has_middle
            || self.is_entry && self.is_told
    }
}

/// Whether the text begins with a year, a date, an age or a long number.
pub(super) fn is_number_of_person(text: &str) -> bool {
    let number: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.'))
        .take(16)
        .collect();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.get(number.len()..).unwrap_or_default();
    let is_year =
        digits == 4 && number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    let is_date = number.matches(['/', '-', '.']).count() >= 2 && (6..=8).contains(&digits);
    let is_age = (1..=3).contains(&digits)
        && folded(rest.get(..rest.floor_char_boundary(8)).unwrap_or_default()).starts_with(" tuoi");
    // Money has points between its thousands; telephones begin with zero.
    let is_long = digits >= 9 && (number.len() == digits || number.starts_with('0'));
    is_year || is_date || is_age || is_long
}
