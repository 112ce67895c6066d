//! Was UTF-8 read as windows-1252, once or several times?
//!
//! In: raw text. Out: the runs to be read as the letters they were: `Máº¬T` is MẬT.
//!
//! Never: a run that is not whole UTF-8, or that would be no letter of Vietnamese text.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// The characters of windows-1252's bytes 80 to 9f; those without one stand for themselves.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The letters that were read byte by byte.
pub(super) fn letters(text: &str) -> Vec<Replacement> {
    let mut replacements = Vec::new();
    // Only Ã Ä Å Æ Â á â begin such a run: all are C3 xx in UTF-8.
    for at in memchr::memchr_iter(0xc3, text.as_bytes()) {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((length, letter)) = letter_at(rest) {
            replacements.push(Replacement::new(Span::new(at, at + length), letter));
        }
    }
    replacements
}

/// The letter with whose bytes, each read as a character, the text begins, and their length.
pub(super) fn letter_at(rest: &str) -> Option<(usize, char)> {
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    let lead = byte_of(first)?;
    let count = match lead {
        0xc2..=0xc6 | 0xcc => 2,
        0xe1 | 0xe2 => 3,
        _ => return None,
    };
    let mut bytes = vec![lead];
    let mut length = first.len_utf8();
    for (at, c) in chars.take(count - 1) {
        bytes.push(byte_of(c).filter(|byte| (0x80..=0xbf).contains(byte))?);
        length = at + c.len_utf8();
    }
    let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    let is_usual = matches!(letter,
        '\u{a0}'..='\u{1b0}' | '\u{300}'..='\u{323}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2026}');
    (bytes.len() == count && is_usual).then_some((length, letter))
}

/// The byte that windows-1252 reads as this character.
fn byte_of(c: char) -> Option<u8> {
    let place = HIGH.iter().position(|high| *high == c);
    match place {
        Some(place) => u8::try_from(place + 0x80).ok(),
        None => u8::try_from(u32::from(c)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn letters_read_byte_by_byte_are_put_together() {
        for (written, meant) in [
            ("TUYá»†T Máº¬T", "TUYỆT MẬT"),
            ("Tá»\u{90}I", "TỐI"),
            ("sá»‘ Ä‘iá»‡n thoáº¡i", "số điện thoại"),
            ("cÄƒn cÆ°á»›c lÃ\u{a0}", "căn cước là"),
            ("là cá, É, Ã, Đà Nẵng", "là cá, É, Ã, Đà Nẵng"),
        ] {
            assert_eq!(apply(written, &letters(written)).0, meant);
        }
    }
}
