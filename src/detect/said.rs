//! Does enough speak for a name that no capitals tell?
//!
//! In: what the words around say. Out: whether it holds. [`ROWS`] says what must speak for a name,
//! by how the text is written and how many words the name has; each row has an example for which
//! no other row does.
//!
//! Never: where it stands; `small_name` looks.

use std::ops::RangeInclusive;

use crate::detect::phrase::Spelling;

use Speaks::{
    Announced, Closed, Common, Entry, Hard, Known, Labelled, Line, Mark, MarkSure, Middle, Open,
    Strong, Told,
};
use Spelling::{Full, Plain};

/// Names have so many words at most.
const MOST: usize = 6;

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
    /// It opens a line.
    Line,
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
    pub speaks: Vec<Speaks>,
}

impl Said {
    /// Whether enough speaks for the name.
    pub(super) fn holds(&self) -> bool {
        ROWS.iter().any(|row| row.fits(self))
    }
}

/// What must speak for names of a kind.
struct Row {
    /// How the text is written; either way if nothing is said.
    spelling: Option<Spelling>,
    /// Whether each word is in the lists; either way if nothing is said.
    listed: Option<bool>,
    /// How many words.
    words: RangeInclusive<usize>,
    /// All that must speak for it.
    speak: &'static [Speaks],
    /// Why that is enough.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for readers, and the test that names a row")
    )]
    why: &'static str,
    /// A text with a name for which this row speaks, and no other.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test reads it"))]
    example: &'static str,
}

impl Row {
    fn fits(&self, said: &Said) -> bool {
        self.spelling
            .is_none_or(|spelling| spelling == said.spelling)
            && self.listed.is_none_or(|listed| listed == said.is_listed)
            && self.words.contains(&said.words)
            && self.speak.iter().all(|what| said.speaks.contains(what))
    }
}

/// Without diacritics more must speak for a name, and for two words more than for three.
const ROWS: &[Row] = &[
    Row {
        spelling: None,
        listed: None,
        words: 2..=MOST,
        speak: &[Open, Labelled],
        why: "a label names whoever follows",
        example: "họ tên: lò pâng và vợ",
    },
    Row {
        spelling: None,
        listed: None,
        words: 2..=MOST,
        speak: &[Open, Announced, Told],
        why: "a title and a birth name whoever stands between",
        example: "anh lò pâng, sinh năm 1970",
    },
    Row {
        spelling: None,
        listed: None,
        words: 2..=MOST,
        speak: &[Open, Entry, Told],
        why: "an entry of a list opens with a name",
        example: "1. siu blơi - 12/03/1980",
    },
    Row {
        spelling: None,
        listed: None,
        words: 2..=MOST,
        speak: &[Open, Line, Told],
        why: "so does a line",
        example: "siu blơi, 1970, buôn",
    },
    Row {
        spelling: None,
        listed: None,
        words: 3..=MOST,
        speak: &[Told, Announced],
        why: "a title and a birth name whoever stands between",
        example: "ông cao thắng lợi, sinh năm 1980",
    },
    Row {
        spelling: None,
        listed: None,
        words: 3..=MOST,
        speak: &[Told, Entry],
        why: "a birth or number behind the first words of an entry is theirs",
        example: "1. cao thắng lợi - 12/03/1980",
    },
    Row {
        spelling: None,
        listed: Some(false),
        words: 2..=MOST,
        speak: &[Labelled, Closed],
        why: "the whole field is the name",
        example: "họ tên: nguyễn quậy\n",
    },
    Row {
        spelling: Some(Full),
        listed: Some(false),
        words: 3..=3,
        speak: &[Announced, Middle, Hard],
        why: "a title, a surname and a middle name leave no other reading",
        example: "gửi ông nguyễn đức quậy.",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Hard, Labelled],
        why: "a label names whoever follows",
        example: "họ tên: nguyễn an và vợ",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Labelled, Closed],
        why: "the whole field is the name",
        example: "họ tên: cao thắng\n",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Announced, Told],
        why: "a title and a birth name whoever stands between",
        example: "chị cao thắng, sinh năm 1980",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Common, Told],
        why: "a common surname and a birth",
        example: "hỏi nguyễn an, 1980",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Common, Announced, Closed],
        why: "a title and a common surname",
        example: "gửi ông nguyễn an.",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 2..=2,
        speak: &[Entry, Told],
        why: "a birth or number behind the first words of an entry is theirs",
        example: "1. cao thắng - 12/03/1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Strong, Labelled],
        why: "a label names whoever follows",
        example: "ho ten: tran an\n",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Strong, Told, Announced],
        why: "a title and a birth name whoever stands between",
        example: "ong pham an, sinh nam 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Common, Told],
        why: "a surname that is nothing else and a birth",
        example: "hoi nguyen an, 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Hard, Entry, Told],
        why: "a birth or number behind the first words of an entry is theirs",
        example: "1. pham an - 12/03/1980",
    },
    Row {
        spelling: None,
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Told, Middle],
        why: "a middle name and a birth",
        example: "hỏi cao đức thắng, 1980",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Told, Hard],
        why: "a surname and a birth",
        example: "hỏi nguyễn thắng lợi, 1980",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Mark, Known, Strong],
        why: "a whole name with văn or thị",
        example: "hỏi nguyễn văn thắng nhé",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Mark, Known, Hard, Closed],
        why: "a whole name, and nothing behind it",
        example: "hỏi đoàn thị mai.",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Announced, Hard],
        why: "a title and a surname",
        example: "gửi ông nguyễn thắng lợi.",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Announced, Middle],
        why: "a title and a middle name",
        example: "gửi ông cao đức thắng.",
    },
    Row {
        spelling: Some(Full),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Hard, Middle, Entry],
        why: "a whole name is an entry",
        example: "1. đoàn đức thắng, tổ 3",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Mark, Strong, Known, MarkSure],
        why: "a whole name with van, which is nothing else",
        example: "hoi pham van thang nhe",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Mark, Hard, Announced],
        why: "a title, a surname and van or thi",
        example: "gui ong doan van thang va con",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Labelled, Hard],
        why: "a label names whoever follows",
        example: "ho ten: doan thang loi\n",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Announced, Hard, Middle, Closed],
        why: "a title and a whole name",
        example: "gui ong doan duc thang.",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Strong, Told],
        why: "a surname that is hardly anything else and a birth",
        example: "hoi pham thang loi, 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Strong, Middle, Entry],
        why: "a whole name is an entry",
        example: "1. pham duc thang, vang",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::person::Names;

    #[test]
    fn every_row_is_needed_by_its_example() {
        let names = Names::new().unwrap();
        let mut idle = Vec::new();
        for row in ROWS {
            let said = names.all_said(row.example, Spelling::of(row.example));
            let is_needed = said.iter().any(|said| {
                let fitting = ROWS.iter().filter(|other| other.fits(said)).count();
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
