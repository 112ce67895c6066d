//! Does a number count something, or begin a range, though a label stands near it?
//!
//! In: text and the place of a number. Out: whether money, things or the end of a range follow.
//!
//! Never: what the label is.

use std::borrow::Cow;

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

/// The accounts of bookkeeping (TT 200/2014/TT-BTC and TT 107/2017/TT-BTC), of three digits.
const BOOKKEEPING: [u16; 77] = [
    111, 112, 113, 121, 128, 131, 133, 136, 137, 138, 141, 151, 152, 153, 154, 155, 156, 157, 158,
    161, 171, 211, 212, 213, 214, 217, 221, 222, 228, 229, 241, 242, 243, 244, 331, 332, 333, 334,
    335, 336, 337, 338, 341, 343, 344, 347, 348, 352, 353, 356, 357, 366, 411, 412, 413, 414, 417,
    418, 419, 421, 431, 441, 461, 466, 468, 511, 515, 611, 621, 622, 623, 627, 632, 635, 641, 642,
    911,
];

/// Whether the number is a row of accounts of bookkeeping: "TK 621 622 627".
pub(super) fn are_accounts(value: &str) -> bool {
    let is_account = |group: &str| {
        let account = group.parse().ok().filter(|_| group.len() == 3);
        account.is_some_and(|account: u16| BOOKKEEPING.contains(&account))
    };
    value
        .split([' ', '.', '-', '|', '/', '\t', '_'])
        .filter(|group| !group.is_empty())
        .all(is_account)
}

/// Whether the number is written as a round sum: "750.000".
pub(super) fn is_round_sum(value: &str) -> bool {
    const BYTES_MAX: usize = "7.500.000".len();
    value.len() <= BYTES_MAX
        && value.ends_with(".000")
        && value.split('.').skip(1).all(|group| group.len() == 3)
}

/// Words for what hospitals count.
const VISITS: [&str; 10] = [
    "ca", "lượt", "luot", "phiếu", "phieu", "bộ", "bo", "lần", "lan", "người",
];

/// Whether an amount of money, or the end of a range, follows the number.
pub(super) fn is_amount(text: &str, span: Span) -> bool {
    let behind = behind(text, span);
    let series: String = span
        .of(text)
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    let is_range = ["đến ", "den "].iter().any(|to| {
        let end = behind.strip_prefix(to);
        end.and_then(|end| end.strip_prefix(&*in_small(&series)))
            .is_some_and(|end| end.trim_start().starts_with(|c: char| c.is_ascii_digit()))
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
fn behind(text: &str, span: Span) -> Cow<'_, str> {
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
        Span::new(0, at + 9)
    }

    #[test]
    fn amounts_and_ranges_are_told_by_what_follows() {
        for text in [
            "123456789 đồng",
            "123456789đ.",
            "123456789 đến 123456999",
            "123456789%",
            "AA 123456789 đến AA 123456999",
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
        assert!(are_accounts("621 622 627 154"));
        assert!(are_accounts("621 | 622 | 627"));
        assert!(!are_accounts("621 622 600"));
        assert!(!are_accounts("6216 226"));
    }
}
