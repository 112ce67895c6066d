//! Is somebody known to all, so that books and news tell of the birth and the home: whoever holds a
//! high office, sings or writes?
//!
//! In: what stands before a name and behind it. Out: whether the words tell of a high office or of
//! fame.
//!
//! Never: officials of communes; their births and homes are in files.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::context::last_chars;
use crate::detect::fold::folded;
use crate::detect::prefilter::is_whole_word;
use crate::model::part::Span;

/// An office stands so far before a name, in characters ...
const BEFORE_CHARS: usize = 64;
/// ... and so far behind it, in bytes.
const BEHIND_BYTES: usize = 200;

/// High offices, and games of nations, without diacritics.
const OFFICES: [&str; 32] = [
    "sea games",
    "asiad",
    "v league",
    "doi tuyen quoc gia",
    "tuyen thu quoc gia",
    "uy vien bo chinh tri",
    "uy vien trung uong dang",
    "uy vien tu dang",
    "uy vien tw dang",
    "uy vien du khuyet",
    "bi thu tinh uy",
    "bi thu thanh uy",
    "pho bi thu tinh",
    "tong bi thu",
    "chu tich nuoc",
    "chu tich quoc hoi",
    "pho chu tich quoc hoi",
    "thu tuong",
    "bo truong",
    "dai bieu quoc hoi",
    "dbqh",
    "chu tich ubnd tinh",
    "chu tich ubnd thanh pho",
    "chu tich uy ban nhan dan tinh",
    "chu tich uy ban nhan dan thanh pho",
    "chu tich hdnd tinh",
    "chu tich hoi dong nhan dan tinh",
    "tong thong",
    "dai tuong",
    "thuong tuong",
    "chanh an toa an nhan dan toi cao",
    "vien truong vien kiem sat nhan dan toi cao",
];

/// Whom encyclopaedias tell of: "là một ca sĩ", "nhà thơ".
const FAMOUS: [&str; 43] = [
    "giao su",
    "gs",
    "pgs",
    "gs.ts",
    "pgs.ts",
    "gs. ts",
    "pgs. ts",
    "gs ts",
    "pgs ts",
    "gs.tskh",
    "vien si",
    "ca si",
    "nhac si",
    "dien vien",
    "nghe si",
    "dao dien",
    "nha van",
    "nha tho",
    "thi si",
    "hoa si",
    "hoa hau",
    "a hau",
    "sieu mau",
    "rapper",
    "chinh tri gia",
    "chinh khach",
    "nha cach mang",
    "nha su hoc",
    "nha toan hoc",
    "nha van hoa",
    "cau thu bong da",
    "kinh ngu",
    "xa thu",
    "ky thu",
    "tay vot",
    "hoa khoi",
    "nu tuong",
    "hoang de",
    "danh tuong",
    "vo tuong",
    "tuong linh",
    "giam muc",
    "hoa thuong",
];

/// What leads from a name to the office that is held.
const HELD: [&str; 8] = ["lam", "la", "giu", "chuc", "dac cu", "nguyen", "cuu", "tan"];
static HIGH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(OFFICES).ok());

/// The words of which one at least stands near whoever is renowned.
pub(super) fn words() -> Vec<&'static str> {
    [OFFICES.as_slice(), &FAMOUS].concat()
}

/// Whether words before a name or behind it, in its own sentence, tell of a high office or of fame.
pub(super) fn is_renowned(before: &str, after: &str) -> bool {
    let near = last_chars(before, BEFORE_CHARS);
    let lead = folded(near.rsplit("\n\n").next().unwrap_or_default());
    let lead = lead.trim_end_matches([' ', '\n', '-', '–', '*', '.']);
    let title = lead
        .trim_end_matches("ong")
        .trim_end_matches("ba")
        .trim_end();
    let clause = lead.rsplit(['.', ';', ',']).next().unwrap_or_default();
    if FAMOUS.iter().any(|famous| ends_with_word(title, famous)) || office_in(clause).is_some() {
        return true;
    }
    let behind = after.get(..after.floor_char_boundary(BEHIND_BYTES));
    let behind = folded(behind.unwrap_or_default());
    let behind = behind.split("\n\n").next().unwrap_or_default();
    let clause = behind.split(['.', ';', '\n']).next().unwrap_or_default();
    let holds = office_in(clause).is_some_and(|at| {
        let between = behind_brackets(clause.get(..at).unwrap_or_default());
        let between = between.trim_matches([' ', ',', '-', '–', '*', ':']);
        between.is_empty()
            || !between.contains(',') && HELD.iter().any(|held| ends_with_word(between, held))
    });
    holds || is_famous(behind)
}

/// What stands behind the brackets with which the text begins: "(SN 1961) tái đắc cử".
fn behind_brackets(text: &str) -> &str {
    let told = text.trim_start().strip_prefix('(');
    let behind = told.and_then(|told| told.split_once(')'));
    behind.map_or(text, |(_, behind)| behind)
}

/// Where a high office stands in the text, as words of its own.
fn office_in(text: &str) -> Option<usize> {
    let mut met = HIGH.as_ref()?.find_overlapping_iter(text);
    let whole = met.find(|met| is_whole_word(text, Span::new(met.start(), met.end())))?;
    Some(whole.start())
}

/// Whether the text says right away what somebody famous is: "(sinh năm 1981) là một nữ ca sĩ".
fn is_famous(text: &str) -> bool {
    const LEADS: [&str; 8] = [
        "mot ", "nam ", "nu ", "cuu ", "co ", "nguyen ", "vi ", "tay ",
    ];
    let Some((told, mut what)) = text.split_once(" la ") else {
        return false;
    };
    let told = told.trim_matches([' ', '*']);
    let is_right_away = told.is_empty() || told.starts_with('(') && told.ends_with(')');
    if !is_right_away {
        return false;
    }
    while let Some(rest) = LEADS.iter().find_map(|lead| what.strip_prefix(lead)) {
        what = rest;
    }
    FAMOUS.iter().any(|famous| {
        what.strip_prefix(famous)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_offices_and_fame_are_told_around_a_name() {
        for (before, after) in [
            ("Ông ", " - Bí thư Thành ủy Hà Nội. Sinh ngày"),
            ("Bộ trưởng ", " sinh ngày 12/3/1965"),
            ("Bà ", " (SN 1961) tái đắc cử bí thư Tỉnh ủy Ví Dụ"),
            ("ca sĩ ", " sinh năm 1990"),
            ("GS.TS ", ": người thầy\n\nSinh năm 1978"),
            ("PGS. ", " (sinh năm 1984, quê Nam Định)"),
            ("", " (sinh ngày 1 tháng 2 năm 1990) là một nữ diễn viên"),
        ] {
            assert!(is_renowned(before, after), "{before}#{after}");
        }
        for (before, after) in [
            ("Bí thư chi bộ ", ", sinh ngày 12/3/1965"),
            ("Ông ", ", Bí thư Đảng ủy xã, sinh năm 1965"),
            ("Thủ trưởng ", ", sinh ngày 12/3/1965"),
            ("họp với Bí thư Tỉnh ủy, ông ", ", sinh năm 1965"),
            ("Ông ", ", sinh năm 1965.\nBộ trưởng trả lời"),
        ] {
            assert!(!is_renowned(before, after), "{before}#{after}");
        }
    }
}
