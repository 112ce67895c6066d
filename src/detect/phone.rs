//! Is this a Vietnamese telephone number, and of which kind?
//!
//! Never: whether it is a person's; the words around decide that.

use crate::detect::validator::{is_one_digit, refuse_if};
use crate::model::finding::Validation;

/// The mobile prefixes in use since the change of 15/9/2018 (Bộ TT&TT). Prefixes before it and
/// unusual groups are Unknown: service prices are written `03.3106.0403`.
pub(super) fn mobile(value: &str, digits: &[u8]) -> Validation {
    let national = national(digits);
    let is_current = matches!(
        national,
        [b'3', b'2'..=b'9', ..]
            | [b'5', b'2' | b'5' | b'6' | b'8' | b'9', ..]
            | [b'7', b'0' | b'6'..=b'9', ..]
            | [b'8', b'1'..=b'9', ..]
            | [b'9', b'0'..=b'4' | b'6'..=b'9', ..]
    ) && national.len() == 9;
    let is_former = matches!(national, [b'3' | b'5' | b'9', ..] if national.len() == 9)
        || matches!(
            national,
            [b'1', b'2' | b'6', ..] | [b'1', b'8', b'6' | b'8', ..] | [b'1', b'9', b'9', ..]
        ) && national.len() == 10;
    let is_whole = digits.len() > national.len();
    match (
        is_one_digit(national),
        is_whole && is_current && is_usual(value),
        is_current || is_former,
    ) {
        (false, true, _) => Validation::Valid,
        (false, false, true) => Validation::Unknown,
        (true, ..) | (false, false, false) => Validation::Invalid,
    }
}

/// Whether a telephone number is written in groups as people do.
fn is_usual(value: &str) -> bool {
    let groups: Vec<usize> = value
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    // With dots, two, four and four are the groups of a service's price code.
    let is_spaced = groups.as_slice() == [2, 4, 4] && !value.contains('.');
    // Slashes part numbers of documents as well, and lines part numbers of a list.
    if value.contains(['/', '\n', '|', ',', '*', '~']) {
        return false;
    }
    // Decimals in a row may begin with 84.
    let is_decimal = value.contains('.') && value.contains(' ');
    let is_abroad = value.contains('+')
        || value.starts_with("(84)")
        || value.starts_with("84") && !is_decimal
        || value.starts_with("00");
    let is_spelled = groups.iter().all(|length| *length == 1);
    // Five and five are drawn in lotteries, too.
    let is_halved = groups.as_slice() == [5, 5] && !value.contains(['.', '-']);
    is_abroad
        || is_spelled
        || is_halved
        || is_spaced
        || matches!(
            groups.as_slice(),
            [10] | [4, 3, 3]
                | [3, 3, 4]
                | [4, 6]
                | [3, 7]
                | [4, 2, 2, 2]
                | [3, 3, 2, 2]
                | [2, 2, 2, 2, 2]
                | [4, 4, 2]
                | [3, 4, 3]
                | [4, 2, 4]
                | [5, 2, 3]
                | [5, 3, 2]
        )
}

/// Landlines: 024 and 028 with 8 digits, other areas 02xx with 7 (Bộ TT&TT, 2017).
pub(super) fn landline(digits: &[u8]) -> Validation {
    let national = national(digits);
    let is_area = matches!(national, [b'2', b'0'..=b'9', ..]) && national.len() == 10;
    refuse_if(!is_area || is_one_digit(national))
}

/// The digits behind the trunk 0 or the country's 84.
fn national(digits: &[u8]) -> &[u8] {
    let rest = match digits {
        [b'0', b'0', b'8', b'4', rest @ ..] => rest,
        [b'8', b'4', rest @ ..] if rest.len() >= 9 => rest,
        rest => rest,
    };
    // "+84 (0) 912 ..." keeps its trunk 0.
    rest.strip_prefix(b"0").unwrap_or(rest)
}
