//! Is somebody known to all, so that books and news tell of the birth and the home: whoever holds a
//! high office, sings or writes?
//!
//! In: what stands before a name and behind it. Out: whether the words tell of a high office or of
//! fame.
//!
//! Never: officials of communes; their births and homes are in files.

use crate::detect::context::last_chars;
use crate::detect::fold::folded;

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
    "tuyen thu",
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
const FAMOUS: [&str; 38] = [
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
    "hoang de",
    "vua",
    "danh tuong",
    "vo tuong",
    "tuong linh",
    "giam muc",
    "hoa thuong",
];

/// Whether words before a name or behind it, in its own sentence, tell of a high office or of fame.
pub(super) fn is_renowned(before: &str, after: &str) -> bool {
    let near = last_chars(before, BEFORE_CHARS);
    let lead = folded(near.rsplit("\n\n").next().unwrap_or_default());
    let lead = lead.trim_end_matches([' ', '\n', '-', '–', '*', '.']);
    let title = lead
        .trim_end_matches("ong")
        .trim_end_matches("ba")
        .trim_end();
    let is_titled = FAMOUS.iter().any(|famous| ends_with_word(title, famous))
        || has_office(lead.rsplit(['.', ';', ',']).next().unwrap_or_default());
    is_titled || {
        let behind = after.get(..after.floor_char_boundary(BEHIND_BYTES));
        let behind = folded(behind.unwrap_or_default());
        let behind = behind.split("\n\n").next().unwrap_or_default();
        let mut clauses = behind.split(['.', ';', '\n']);
        has_office(clauses.next().unwrap_or_default()) || is_famous(behind)
    }
}

/// Whether a high office stands in the text, as words of its own.
fn has_office(text: &str) -> bool {
    OFFICES.iter().any(|office| {
        text.match_indices(office).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + office.len()..).unwrap_or_default();
            !before.ends_with(|c: char| c.is_ascii_alphanumeric())
                && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    })
}

/// Whether the text says what somebody famous is: "là một nữ ca sĩ".
fn is_famous(text: &str) -> bool {
    const LEADS: [&str; 8] = [
        "mot ", "nam ", "nu ", "cuu ", "co ", "nguyen ", "vi ", "tay ",
    ];
    text.match_indices(" la ").any(|(at, is)| {
        let mut told = text.get(at + is.len()..).unwrap_or_default();
        while let Some(rest) = LEADS.iter().find_map(|lead| told.strip_prefix(lead)) {
            told = rest;
        }
        FAMOUS.iter().any(|famous| {
            told.strip_prefix(famous)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        })
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
