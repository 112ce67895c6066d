//! What must speak for a name in a text without diacritics that no capitals tell?
//!
//! More than in others, and for two words more than for three. Each row has an example for which no
//! other row does.
//!
//! Never: the words around; `said` and `small_name` read those.

use crate::detect::phrase::Spelling::Plain;
use crate::detect::said::Row;
use crate::detect::said::Speaks::{
    Announced, Born, Closed, Common, Entry, Hard, Introduced, Known, Labelled, Mark, MarkSure,
    Middle, Strong, Surely, Told,
};
use crate::detect::said_rows::MOST;

/// The rows beside those of all texts.
pub(super) const PLAIN_ROWS: &[Row] = &[
    Row {
        spelling: Some(Plain),
        listed: Some(false),
        words: 3..=MOST,
        speak: &[Strong, Born],
        why: "only people are born",
        example: "hoi pham thang boong, sinh nam 1970",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Strong, Labelled],
        why: "a label names whoever follows",
        example: "ho ten: tran an xin nop don",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Hard, Told, Announced],
        why: "a title and a birth name whoever stands between",
        example: "gui ong doan an, 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Announced, Surely],
        why: "a title and a birth or number name whoever stands between",
        example: "gui ong cao thang, 0912345678",
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
        speak: &[Strong, Surely],
        why: "a surname that is hardly anything else and a birth or number",
        example: "hoi pham an, 0912345678",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Born],
        why: "only people are born",
        example: "hoi cao thang, sinh nam 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Announced, Strong, Closed],
        why: "a title and a surname that is hardly anything else",
        example: "gui ong tran an.",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Hard, Entry, Told],
        why: "a birth or number behind the first words of an entry is theirs",
        example: "1. doan an - 1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 2..=2,
        speak: &[Entry, Surely],
        why: "an entry opens with a name and a birth or number",
        example: "1. cao thang - 12/03/1980",
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
        example: "gui ong doan van thang da nop",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Labelled, Hard],
        why: "a label names whoever follows",
        example: "ho ten: doan thang loi xin nop don",
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
        speak: &[Introduced, Hard, Closed],
        why: "somebody says the own name",
        example: "chao anh, em la doan thang loi, can hoi",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Introduced, Middle, Closed],
        why: "somebody says the own name, and it has a middle name",
        example: "chao anh, em la cao ngoc loi, can hoi",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Announced, Common],
        why: "a title and a surname that is nothing else",
        example: "gap ong nguyen thang loi da nop",
    },
    Row {
        spelling: Some(Plain),
        listed: None,
        words: 3..=MOST,
        speak: &[Announced, Mark, Closed],
        why: "a title and van or thi, and nothing goes on",
        example: "gui ong cao van boong.",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Announced, Strong, Closed],
        why: "a title and a surname that is hardly anything else",
        example: "gui ong pham thang loi.",
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
        speak: &[Hard, Surely],
        why: "a surname and a birth or number",
        example: "hoi doan thang loi - 12/03/1980",
    },
    Row {
        spelling: Some(Plain),
        listed: Some(true),
        words: 3..=MOST,
        speak: &[Strong, Entry],
        why: "an entry opens with a surname and given names",
        example: "1. pham thang loi, vang",
    },
];
