//! Does the check digit of a number hold?
//!
//! In: digits. Out: what the check digit says of them.
//!
//! Never: context.

use crate::detect::validator::{citizen_id, is_one_digit};
use crate::model::finding::Validation;

/// TT 86/2024/TT-BTC: a citizen's 12 digits, or 10 digits with a check digit.
pub(super) fn tax_code(digits: &[u8], year_now: i32) -> Validation {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    if digits.len() == 12 {
        let written = String::from_utf8_lossy(digits);
        return match citizen_id(&written, digits, year_now) {
            Validation::Valid => Validation::Valid,
            Validation::Invalid => Validation::Invalid,
            Validation::Unknown => Validation::Unknown,
        };
    }
    // A household's branch has three more.
    let own = match digits {
        [b'8', ..] if digits.len() == 13 => digits.get(..10).unwrap_or(digits),
        _ => digits,
    };
    let Some((check, body)) = own.split_last() else {
        return Validation::Invalid;
    };
    let sum: u32 = body
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    match (own.len(), own.first()) {
        (10, _) if 10 - sum % 11 == u32::from(check - b'0') => Validation::Valid,
        // A person's; with a label beside it a wrong check digit is a slip of the pen.
        (10, Some(b'8')) => Validation::Unknown,
        _ => Validation::Invalid,
    }
}

/// Whether the check digit by Luhn's formula holds.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10) && !is_one_digit(digits)
}

/// Numbers that makers of cards publish for tests of programs: nobody's, but beside a label somebody
/// means them.
const TESTED: [&[u8]; 12] = [
    b"4111111111111111",
    b"4242424242424242",
    b"4012888888881881",
    b"4000056655665556",
    b"4000000000000002",
    b"4444333322221111",
    b"5555555555554444",
    b"5105105105105100",
    b"5200828282828210",
    b"3530111333300000",
    b"3566002020360505",
    b"9704198526191432198",
];

/// What the check digit says of a card's number.
pub(super) fn card(digits: &[u8]) -> Validation {
    if !luhn(digits) {
        Validation::Invalid
    } else if TESTED.contains(&digits) {
        Validation::Unknown
    } else {
        Validation::Valid
    }
}

/// Whether the digits are those of a bank card: a known beginning, its length, its check digit.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let is_known = digits.starts_with(b"9704") && matches!(digits.len(), 16 | 19)
        || digits.len() == 16
            && (digits.starts_with(b"4")
                || matches!(digits, [b'5', b'1'..=b'5', ..] | [b'3', b'5', ..]));
    is_known && luhn(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_computed() {
        assert_eq!(tax_code(b"0100233488", 2026), Validation::Valid);
        assert_eq!(tax_code(b"0100233489", 2026), Validation::Invalid);
        assert_eq!(tax_code(b"8000000012", 2026), Validation::Unknown);
        assert_eq!(card(b"4111111111111111"), Validation::Unknown);
        assert!(luhn(b"4111111111111111") && !luhn(b"9704050000000008"));
    }
}
