//! Does a number count something, or begin a range, though a label stands near it?
//!
//! In: text and the place of a number. Out: whether money, things or the end of a range follow.
//!
//! Never: what the label is.

use crate::detect::letter::in_small;
use crate::detect::prefilter::around;
use crate::model::part::Span;

/// What follows is read so far.
const REACH: usize = 28;

/// Words for money: nobody's number goes before them.
const MONEY: [&str; 12] = [
    "đồng", "dong", "vnđ", "vnd", "usd", "triệu", "trieu", "tỷ", "tỉ", "nghìn", "đ", "%",
];
/// Words for things that are counted near words for papers and accounts.
const THINGS: [&str; 36] = [
    "hồ sơ",
    "ho so",
    "thẻ",
    "the bhyt",
    "cuốn",
    "cuon",
    "thuê bao",
    "thue bao",
    "tài khoản",
    "tai khoan",
    "trường hợp",
    "truong hop",
    "lượt",
    "luot",
    "thí sinh",
    "thi sinh",
    "giấy",
    "giay",
    "phôi",
    "phoi",
    "công dân",
    "cong dan",
    "người",
    "nguoi",
    "học sinh",
    "hoc sinh",
    "lao động",
    "lao dong",
    "đơn vị",
    "don vi",
    "chiếc",
    "m2",
    "ha",
    "tấn",
    "kg",
    "xe",
];

/// Words for what is counted near words for passwords and codes.
const UNITS: [&str; 19] = [
    "yêu cầu",
    "yeu cau",
    "tin",
    "ký tự",
    "ky tu",
    "kí tự",
    "chữ số",
    "chu so",
    "lần",
    "lan",
    "phút",
    "phut",
    "giây",
    "ngày",
    "ngay",
    "lượt",
    "tài khoản",
    "tai khoan",
    "người",
];

/// Words for what hospitals count.
const VISITS: [&str; 10] = [
    "ca", "lượt", "luot", "phiếu", "phieu", "bộ", "bo", "lần", "lan", "người",
];

/// Whether an amount of money, or the end of a range, follows the number.
pub(super) fn is_amount(text: &str, span: Span) -> bool {
    let behind = behind(text, span);
    let is_range = ["đến ", "den "].iter().any(|to| {
        behind
            .strip_prefix(to)
            .is_some_and(|end| end.starts_with(|c: char| c.is_ascii_digit()))
    });
    is_range || begins_with(&behind, &MONEY)
}

/// Whether words for things follow the number.
pub(super) fn is_of_things(text: &str, span: Span) -> bool {
    begins_with(&behind(text, span), &THINGS)
}

/// Whether the number counts stays, visits or papers of a hospital.
pub(super) fn is_of_visits(text: &str, span: Span) -> bool {
    is_amount(text, span) || begins_with(&behind(text, span), &VISITS) || is_of_things(text, span)
}

/// Whether a unit, or a word for requests and signs, follows the number.
pub(super) fn is_of_units(text: &str, span: Span) -> bool {
    begins_with(&behind(text, span), &UNITS)
}

/// What follows, in small letters, without the space before it.
fn behind(text: &str, span: Span) -> String {
    let near = around(text, Span::new(span.end, span.end), REACH);
    let behind = Span::new(span.end, near.end.max(span.end)).of(text);
    in_small(behind.strip_prefix(' ').unwrap_or(behind))
}

/// Whether a whole word of the list stands first.
fn begins_with(behind: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        behind.strip_prefix(word).is_some_and(|rest| {
            // "đ/c" is a comrade.
            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        let at = text.find("123456789").unwrap();
        Span::new(at, at + 9)
    }

    #[test]
    fn amounts_and_ranges_are_told_by_what_follows() {
        for text in [
            "123456789 đồng",
            "123456789đ.",
            "123456789 đến 123456999",
            "123456789%",
        ] {
            assert!(is_amount(text, span(text)), "{text}");
        }
        for text in [
            "123456789 đ/c Thử",
            "123456789 đến ngày 1/2",
            "123456789",
            "123456789 Đông",
        ] {
            assert!(!is_amount(text, span(text)), "{text}");
        }
        assert!(is_of_things("123456789 hồ sơ", Span::new(0, 9)));
        assert!(!is_of_things("123456789 hồng", Span::new(0, 9)));
    }
}
