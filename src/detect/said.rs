//! Does enough speak for a name that no capitals tell?
//!
//! In: what the words around say. Out: whether it holds, by how many words it has and how the text
//! is written: without diacritics more must speak for it.
//!
//! Never: where it stands; `small_name` looks.

use crate::detect::fold::folded;
use crate::detect::phrase::Spelling;

/// What may speak for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Its first word is a surname and hardly anything else.
    Strong,
    /// Its first word is a surname.
    Hard,
    /// Its first word is a surname of peoples whose other names are in no list.
    Open,
    /// "văn" or "thị" stands behind it.
    Mark,
    /// It is not "thì" without its diacritics.
    MarkSure,
    /// A middle name stands behind it.
    Middle,
    /// Its last word is one of names.
    Known,
    /// A title stands before it.
    Announced,
    /// A label stands before it.
    Labelled,
    /// A birth or a number stands behind it.
    Told,
    /// A sign stands behind it.
    Closed,
    /// It opens an entry of a list.
    Entry,
    /// Its first word is a common surname, even without diacritics.
    Common,
}

/// What speaks for a name in small letters.
pub(super) struct Said {
    /// How the text is written.
    pub spelling: Spelling,
    /// All that does.
    pub speaks: Vec<Speaks>,
}

impl Said {
    fn has(&self, what: Speaks) -> bool {
        self.speaks.contains(&what)
    }

    /// Whether enough speaks for a name of so many words; of those `is_listed` says that each is in
    /// the lists of names' syllables.
    pub(super) fn holds(&self, words: usize, is_listed: bool) -> bool {
        match (words, self.spelling) {
            (0 | 1, _) => false,
            (2.., _)
                if self.has(Speaks::Open)
                    && (self.has(Speaks::Labelled)
                        || self.has(Speaks::Announced) && self.has(Speaks::Told)) =>
            {
                true
            }
            (_, _) if !is_listed => {
                let is_full = self.spelling == Spelling::Full && words == 3;
                let is_whole = is_full && self.has(Speaks::Announced) && self.has(Speaks::Middle);
                words >= 3
                    && self.has(Speaks::Told)
                    && (self.has(Speaks::Announced) || self.has(Speaks::Entry))
                    || self.has(Speaks::Labelled) && self.has(Speaks::Closed)
                    || is_whole && self.has(Speaks::Hard)
            }
            (2, Spelling::Full) => {
                self.has(Speaks::Hard) && self.has(Speaks::Labelled)
                    || self.has(Speaks::Labelled) && self.has(Speaks::Closed)
                    || self.has(Speaks::Announced) && self.has(Speaks::Told)
                    || self.has(Speaks::Common)
                        && (self.has(Speaks::Told)
                            || self.has(Speaks::Announced) && self.has(Speaks::Closed))
                    || self.has(Speaks::Entry) && self.has(Speaks::Told)
            }
            (2, Spelling::Plain) => {
                self.has(Speaks::Strong)
                    && (self.has(Speaks::Labelled)
                        || self.has(Speaks::Told) && self.has(Speaks::Announced))
                    || self.has(Speaks::Common) && self.has(Speaks::Told)
                    || self.has(Speaks::Hard) && self.has(Speaks::Entry) && self.has(Speaks::Told)
            }
            (_, Spelling::Full) => {
                self.has(Speaks::Told)
                    && (self.has(Speaks::Hard)
                        || self.has(Speaks::Middle)
                        || self.has(Speaks::Announced)
                        || self.has(Speaks::Entry))
                    || self.has(Speaks::Mark)
                        && self.has(Speaks::Known)
                        && (self.has(Speaks::Strong)
                            || self.has(Speaks::Hard) && self.has(Speaks::Closed))
                    || self.has(Speaks::Announced)
                        && (self.has(Speaks::Hard) || self.has(Speaks::Middle))
                    || self.has(Speaks::Hard) && self.has(Speaks::Middle) && self.has(Speaks::Entry)
            }
            (_, Spelling::Plain) => self.holds_plainly(),
        }
    }

    /// The same for three words or more without diacritics.
    fn holds_plainly(&self) -> bool {
        self.has(Speaks::Mark)
            && (self.has(Speaks::Strong)
                && self.has(Speaks::Known)
                && (self.has(Speaks::MarkSure) || self.has(Speaks::Entry))
                || self.has(Speaks::Told)
                || self.has(Speaks::Hard) && self.has(Speaks::Announced))
            || self.has(Speaks::Labelled) && self.has(Speaks::Hard)
            || self.has(Speaks::Announced)
                && (self.has(Speaks::Told)
                    || self.has(Speaks::Hard)
                        && self.has(Speaks::Middle)
                        && self.has(Speaks::Closed))
            || self.has(Speaks::Strong)
                && (self.has(Speaks::Told) || self.has(Speaks::Middle) && self.has(Speaks::Entry))
            || self.has(Speaks::Told) && self.has(Speaks::Middle)
            || self.has(Speaks::Entry) && self.has(Speaks::Told)
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
    let goes_on = rest
        .trim_start_matches(' ')
        .starts_with(|c: char| c.is_ascii_digit());
    let is_year = !goes_on
        && digits == 4
        && number.len() == 4
        && (number.starts_with("19") || number.starts_with("20"));
    let is_date = number.matches(['/', '-', '.']).count() >= 2 && (6..=8).contains(&digits);
    let is_age = (1..=3).contains(&digits)
        && folded(rest.get(..rest.floor_char_boundary(8)).unwrap_or_default()).starts_with(" tuoi");
    // Money has points between its thousands; telephones begin with zero.
    let is_long = digits >= 9 && (number.len() == digits || number.starts_with('0'));
    is_year || is_date || is_age || is_long
}
