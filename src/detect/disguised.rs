//! Can this be an identifier that was damaged or disguised: without zeros, misread, backwards?
//!
//! In: a candidate as written. Out: what its digits, once put right, say. Rules for such shapes
//! need a label beside the value.
//!
//! Never: context.

use std::ops::RangeInclusive;

use crate::detect::check_digit::luhn;
use crate::detect::phone::mobile;
use crate::detect::validator::{citizen_id, is_one_digit, refuse_if};
use crate::model::finding::Validation;

/// A citizen number of 10 or 11 digits, for the first of the codes of provinces begin with zeros.
/// With two zeros lost it must have the structure of one: telephones have 10 digits too.
pub(super) fn citizen_id_short(digits: &[u8], year_now: i32) -> Validation {
    let zeros = 12_usize.saturating_sub(digits.len());
    let mut whole = vec![b'0'; zeros];
    whole.extend_from_slice(digits);
    let written: String = whole.iter().map(|digit| char::from(*digit)).collect();
    let validation = citizen_id(&written, &whole, year_now);
    match (zeros, validation) {
        (1, Validation::Valid | Validation::Unknown) | (2, Validation::Valid) => validation,
        (_, Validation::Valid | Validation::Unknown | Validation::Invalid) => Validation::Invalid,
    }
}

/// 12 signs, of which the letters look like digits. Few digits must have the right structure.
pub(super) fn citizen_id_misread(value: &str, year_now: i32) -> Validation {
    let (digits, sure) = put_right(value);
    let written: String = digits.iter().map(|digit| char::from(*digit)).collect();
    match citizen_id(&written, &digits, year_now) {
        Validation::Valid if sure >= 2 => Validation::Valid,
        Validation::Unknown if sure >= 8 => Validation::Unknown,
        Validation::Valid | Validation::Unknown | Validation::Invalid => Validation::Invalid,
    }
}

/// 9 signs, of which the letters look like digits.
pub(super) fn identity_card_misread(value: &str) -> Validation {
    let (digits, sure) = put_right(value);
    if digits.len() == 9 && sure >= 2 && !is_one_digit(&digits) {
        Validation::Unknown
    } else {
        Validation::Invalid
    }
}

/// A number of any kind, most of whose signs are digits.
pub(super) fn misread(value: &str) -> Validation {
    let value = behind_series(value);
    let (digits, sure) = put_right(value);
    let signs = value.bytes().filter(u8::is_ascii_alphanumeric).count();
    refuse_if(sure == signs || 5 * sure < 3 * signs || is_one_digit(&digits))
}

/// What stands behind the two letters of a series: "CĐ 7l8 O42".
fn behind_series(value: &str) -> &str {
    let mut chars = value.chars();
    let letters: String = chars.by_ref().take(2).collect();
    let rest = chars.as_str();
    let is_apart = rest.starts_with([' ', '.', '-']);
    let is_series = letters.chars().all(char::is_uppercase)
        && (is_apart || put_right(&letters).0.len() < letters.chars().count());
    if is_series { rest } else { value }
}

/// A code of so many digits, torn by the lines or cells of a page, or in part letters that look
/// like digits.
pub(super) fn torn(value: &str, lengths: RangeInclusive<usize>) -> Validation {
    // A stroke parts cells here.
    let (digits, sure) = put_right(&value.replace('|', " "));
    let groups: Vec<&str> = value.split(|c: char| !c.is_ascii_digit()).collect();
    let are_years = groups.iter().all(|group| {
        group.is_empty() || group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
    });
    let is_mostly_read = 5 * sure >= 3 * digits.len();
    refuse_if(
        !lengths.contains(&digits.len()) || !is_mostly_read || are_years || is_one_digit(&digits),
    )
}

/// A card's number, most of whose signs are digits.
pub(super) fn luhn_misread(value: &str) -> Validation {
    let (digits, sure) = put_right(value);
    if 5 * sure >= 3 * digits.len() && luhn(&digits) {
        Validation::Valid
    } else {
        Validation::Invalid
    }
}

/// A mobile number, of whose signs some are letters that look like digits.
pub(super) fn phone_misread(value: &str) -> Validation {
    let (digits, sure) = put_right(value);
    let written: String = digits.iter().map(|digit| char::from(*digit)).collect();
    if sure >= 2 && digits.len() == 10 {
        mobile(&written, &digits)
    } else {
        Validation::Invalid
    }
}

/// The same, if only few of its signs are letters: in groups it needs no label.
pub(super) fn phone_misread_grouped(value: &str) -> Validation {
    let sure = value.bytes().filter(u8::is_ascii_digit).count();
    match (7..10).contains(&sure) {
        true => phone_misread(value),
        false => Validation::Invalid,
    }
}

/// A mobile number before the last digits of another.
pub(super) fn phone_pair(value: &str) -> Validation {
    let end = value
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .nth(9)
        .map_or(value.len(), |(at, _)| at + 1);
    let first = value.get(..end).unwrap_or_default();
    let digits: Vec<u8> = first.bytes().filter(u8::is_ascii_digit).collect();
    mobile(first, &digits)
}

/// A mobile number from back to front.
pub(super) fn phone_backwards(digits: &[u8]) -> Validation {
    let forward: Vec<u8> = digits.iter().rev().copied().collect();
    let written: String = forward.iter().map(|digit| char::from(*digit)).collect();
    mobile(&written, &forward)
}

/// The first line of a TD1 card (ICAO 9303-5): nine digits, their check digit, and the twelve
/// digits of which the nine are the last.
pub(super) fn card_lines(digits: &[u8]) -> Validation {
    const WEIGHTS: [u32; 3] = [7, 3, 1];
    let (Some(short), Some(check), Some(long)) =
        (digits.get(..9), digits.get(9), digits.get(10..22))
    else {
        return Validation::Invalid;
    };
    let weighted = short.iter().zip(WEIGHTS.iter().cycle());
    let sum: u32 = weighted.map(|(digit, w)| u32::from(digit - b'0') * w).sum();
    if sum % 10 == u32::from(check - b'0') && long.ends_with(short) {
        Validation::Valid
    } else {
        Validation::Invalid
    }
}

/// The digits that the signs stand for, and how many are digits as they are.
fn put_right(value: &str) -> (Vec<u8>, usize) {
    let digits: Vec<u8> = value
        .bytes()
        .filter_map(|sign| match sign {
            b'0'..=b'9' => Some(sign),
            b'O' | b'o' | b'D' | b'Q' => Some(b'0'),
            b'I' | b'l' | b'|' => Some(b'1'),
            b'Z' => Some(b'2'),
            b'S' => Some(b'5'),
            b'B' => Some(b'8'),
            _ => None,
        })
        .collect();
    let sure = value.bytes().filter(u8::is_ascii_digit).count();
    (digits, sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_numbers_are_put_right() {
        assert_eq!(citizen_id_short(b"79099000001", 2026), Validation::Valid);
        assert_eq!(citizen_id_short(b"1099000001", 2026), Validation::Valid);
        assert_eq!(citizen_id_short(b"9999999999", 2026), Validation::Invalid);
        assert_eq!(citizen_id_misread("OOlO99OOOOOl", 2026), Validation::Valid);
        assert_eq!(phone_misread("O9l2345678"), Validation::Valid);
        assert_eq!(misread("O1OO000001"), Validation::Unknown);
        assert_eq!(misread("0100000001"), Validation::Invalid);
        assert_eq!(misread("CĐ 7l8 O42"), Validation::Unknown);
        assert_eq!(misread("CĐ 718 042"), Validation::Invalid);
        assert_eq!(phone_misread_grouped("0939.7l8.O42"), Validation::Valid);
        assert_eq!(phone_misread_grouped("0939.718.042"), Validation::Invalid);
        assert_eq!(phone_misread_grouped("O9lO.7l8.O42"), Validation::Invalid);
        assert_eq!(luhn_misread("4111l11111111111"), Validation::Valid);
        assert_eq!(torn("0112 | 3456 | 78", 7..=12), Validation::Unknown);
        assert_eq!(torn("2025\n2026", 7..=12), Validation::Invalid);
        assert_eq!(phone_pair("0912.345.678/79"), Validation::Valid);
        assert_eq!(phone_backwards(b"8765432190"), Validation::Valid);
        assert_eq!(card_lines(b"0950000172001095000017"), Validation::Valid);
    }
}
