//! Is a name the name of a firm or of a work: "Công ty TNHH Thương mại Lê Văn Thử", "cửa hàng vật liệu
//! xây dựng Trần Thị Mẫu", "Hồ Sen, xây dựng năm 2004"?
//!
//! In: what stands before the name or behind it. Out: whether it is a firm's word, and words of
//! trades; or what is told of works and crops.
//!
//! Never: households in business ("hộ kinh doanh"): they are people.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::context::last_chars;
use crate::detect::fold::folded;

/// A firm's words stand so far before its name, in characters.
const CHARS_MAX: usize = 80;
/// What is told of a work stands so near behind its name, in bytes.
const WORK_BYTES_MAX: usize = 72;
/// So many words may stand between a firm's word and its name.
const TRADES_MAX: usize = 10;

/// What is a firm whatever stands behind it.
const FIRMS: [&str; 10] = [
    "doanh nghiep tu nhan",
    "dntn",
    "hop tac xa",
    "htx",
    "nha thuoc",
    "cua hang",
    "sieu thi",
    "khach san",
    "nha hang",
    "gara",
];
/// What is a firm with words of a trade behind it: whoever works there is named behind "công ty".
const COMPANIES: [&str; 4] = ["cong ty", "cty", "doanh nghiep", "chi nhanh"];
/// Who has or serves a firm is somebody.
const PEOPLE: [&str; 10] = [
    "chu",
    "nhan vien",
    "giam doc",
    "ke toan",
    "dai dien",
    "thu kho",
    "bao ve",
    "lai xe",
    "quan ly",
    "cong nhan",
];
/// Forms of companies and what they trade in, word by word.
const TRADES: [&str; 65] = [
    "tnhh", "co", "phan", "cp", "mtv", "mot", "thanh", "vien", "tu", "nhan", "hop", "danh", "luat",
    "thuong", "mai", "tm", "dich", "vu", "dv", "xay", "dung", "xd", "san", "xuat", "sx", "dau",
    "van", "tai", "vat", "lieu", "kinh", "doanh", "nhap", "khau", "xnk", "va", "thiet", "ke", "du",
    "lich", "nong", "nghiep", "lam", "thuc", "pham", "duoc", "may", "mac", "khi", "dien", "noi",
    "that", "vang", "bac", "in", "quang", "cao", "tap", "hoa", "o", "to", "xe", "sua", "chua",
    "ty",
];

/// Titles that are a part of a firm's name.
const TITLES: [&str; 5] = ["Anh ", "Chị ", "Cô ", "Ông ", "Bà "];
/// What is told of works and crops, in folded text.
const TOLD: [&str; 10] = [
    "xay dung nam",
    "xay nam",
    "khoi cong",
    "dung tich",
    "cong suat",
    "nang suat",
    "trong nam",
    "trong vu",
    "xep hang",
    "nghiem thu",
];
static WORKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(TOLD).ok());

/// The words of which one at least stands near the name of a firm or a work.
pub(super) fn words() -> Vec<&'static str> {
    [FIRMS.as_slice(), &COMPANIES, &TOLD].concat()
}

/// Whether a firm's word, and nothing but words of trades behind it, ends the text.
pub(super) fn names_firm(before: &str) -> bool {
    let parts = |c: char| matches!(c, '\n' | '\t' | '|' | ';' | ':' | ',' | '(' | '"');
    // "Cửa hàng Anh Tuấn"
    let title = TITLES.iter().find_map(|title| before.strip_suffix(title));
    let near = last_chars(title.unwrap_or(before), CHARS_MAX);
    let clause = near.rsplit(parts).next().unwrap_or_default();
    let plain = folded(clause);
    let words: Vec<&str> = plain.split_whitespace().collect();
    for (trades, at) in (0..=words.len()).rev().take(TRADES_MAX + 1).enumerate() {
        let lead = words.get(..at).unwrap_or_default();
        let text = lead.join(" ");
        if ends_with_firm(&text, &FIRMS) || trades > 0 && ends_with_firm(&text, &COMPANIES) {
            return true;
        }
        if !lead.last().is_some_and(|word| TRADES.contains(word)) {
            return false;
        }
    }
    false
}

/// Whether what goes on behind the name is told of a work or a crop.
pub(super) fn tells_work(behind: &str) -> bool {
    let near = behind.get(..behind.floor_char_boundary(WORK_BYTES_MAX));
    let near = near.unwrap_or_default();
    let clause = near.split(['\n', ';', '.']).next().unwrap_or_default();
    let plain = folded(clause);
    // Whoever is born is no work: "(sinh 2021, bố mẹ mất trong vụ sạt lở)".
    let is_born = |before: &str| {
        let mut words = before.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| matches!(word, "sinh" | "sanh" | "sn" | "tuoi"))
    };
    WORKS.as_ref().is_some_and(|works| {
        let mut told = works.find_overlapping_iter(&plain);
        told.any(|told| !is_born(plain.get(..told.start()).unwrap_or_default()))
    })
}

/// Whether one of the words for firms ends the text, and nobody who has or serves it is told.
fn ends_with_firm(text: &str, firms: &[&str]) -> bool {
    let lead = firms.iter().find_map(|word| text.strip_suffix(word));
    lead.is_some_and(|lead| {
        let is_whole = lead.is_empty() || lead.ends_with(' ');
        is_whole && !PEOPLE.iter().any(|who| lead.trim_end().ends_with(who))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_are_told_by_what_goes_on_behind_them() {
        assert!(tells_work(", thôn Bắc, xây dựng năm 2004"));
        assert!(!tells_work(", thôn Bắc; xây dựng năm 2004"));
        assert!(!tells_work(", thôn Bắc, xin xây dựng nhà"));
        assert!(!tells_work(" (sinh 2/9/2021, bố mẹ mất trong vụ sạt lở)"));
    }

    #[test]
    fn firms_are_told_from_whoever_works_there() {
        for firm in [
            "Đơn vị bán: CÔNG TY TNHH THƯƠNG MẠI ",
            "doanh nghiệp tư nhân ",
            "Cửa hàng vật liệu xây dựng ",
            "hợp tác xã ",
            "Cửa hàng vật liệu Anh ",
        ] {
            assert!(names_firm(firm), "{firm}");
        }
        for other in [
            "nhân viên công ty ",
            "chủ cửa hàng ",
            "Công ty TNHH giao ông ",
            "hộ kinh doanh ",
            "Công ty TNHH Mẫu, ",
            "",
        ] {
            assert!(!names_firm(other), "{other}");
        }
    }
}
