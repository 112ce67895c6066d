//! Does enough speak for a name that no capitals tell?
//!
//! In: what the words around say. Out: whether it holds. [`ROWS`] and
//! [`PLAIN_ROWS`] say what must speak for
//! a name, by how the text is written and how many words the name has.
//!
//! Never: where it stands; `small_name` looks.

use std::ops::RangeInclusive;

use crate::detect::phrase::Spelling;
use crate::detect::said_rows::ROWS;
use crate::detect::said_rows_plain::PLAIN_ROWS;

/// What may speak for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Its first word is a surname and hardly anything else.
    Strong,
    /// Its first word is a surname.
    Hard,
    /// Its first word is a surname of peoples whose other names are in no list.
    Open,
    /// Its first word is built as no Vietnamese word is.
    Unlike,
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
    /// Somebody says the own name: "tôi là".
    Introduced,
    /// A word that goes before people stands before it: "của", "chồng là".
    Whose,
    /// A birth, a number or a home stands behind it.
    Told,
    /// A birth or a number stands behind it, and not only a year.
    Surely,
    /// A word for birth and a year or a date stand behind it.
    Born,
    /// A sign stands behind it.
    Closed,
    /// It opens an entry of a list.
    Entry,
    /// It opens a line.
    Line,
    /// A sign stands before it.
    Apart,
    /// A title before it opens a line or an entry.
    Leads,
    /// Its first word is a common surname, even without diacritics.
    Common,
}

/// What speaks for a name in small letters.
pub(super) struct Said {
    /// How the text is written.
    pub spelling: Spelling,
    /// How many words the name has.
    pub words: usize,
    /// Whether each of them is in the lists of names' syllables.
    pub is_listed: bool,
    /// All that does.
    pub speaks: AllSpeaking,
}

/// All that speaks for a name, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AllSpeaking(u32);

impl AllSpeaking {
    /// Whether this does.
    pub(super) const fn has(self, what: Speaks) -> bool {
        self.0 & (1 << what as u32) != 0
    }
}

impl FromIterator<Speaks> for AllSpeaking {
    fn from_iter<I: IntoIterator<Item = Speaks>>(speaks: I) -> Self {
        let bits = speaks.into_iter().map(|what| 1 << what as u32);
        Self(bits.fold(0, |all, bit: u32| all | bit))
    }
}

/// What must speak for names of every kind.
fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(PLAIN_ROWS)
}

impl Said {
    /// Whether enough speaks for the name.
    pub(super) fn holds(&self) -> bool {
        rows().any(|row| row.fits(self))
    }
}

/// What must speak for names of a kind.
pub(super) struct Row {
    /// How the text is written; either way if nothing is said.
    pub(super) spelling: Option<Spelling>,
    /// Whether each word is in the lists; either way if nothing is said.
    pub(super) listed: Option<bool>,
    /// How many words.
    pub(super) words: RangeInclusive<usize>,
    /// All that must speak for it.
    pub(super) speak: &'static [Speaks],
    /// Why that is enough.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for readers, and the test that names a row")
    )]
    pub(super) why: &'static str,
    /// A text with a name for which this row speaks, and no other.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads it"))]
    pub(super) example: &'static str,
}

impl Row {
    fn fits(&self, said: &Said) -> bool {
        self.spelling
            .is_none_or(|spelling| spelling == said.spelling)
            && self.listed.is_none_or(|listed| listed == said.is_listed)
            && self.words.contains(&said.words)
            && self.speak.iter().all(|what| said.speaks.has(*what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::person::Names;

    #[test]
    fn every_row_is_needed_by_its_example() {
        let names = Names::new().unwrap();
        let mut idle = Vec::new();
        for row in rows() {
            let said = names.all_said(row.example, Spelling::of(row.example));
            let is_needed = said.iter().any(|said| {
                let fitting = rows().filter(|other| other.fits(said)).count();
                row.fits(said) && fitting == 1
            });
            if !is_needed {
                let said: Vec<_> = said
                    .iter()
                    .map(|said| (said.words, said.is_listed, &said.speaks))
                    .collect();
                idle.push(format!("{}: {:?}: {said:?}", row.why, row.example));
            }
        }
        assert!(idle.is_empty(), "{}", idle.join("\n"));
    }
}
