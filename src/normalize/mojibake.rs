//! Was UTF-8 read as windows-1252, once or several times?
//!
//! In: raw text. Out: the runs to be read as the letters they were: `Máº¬T` is MẬT.
//!
//! Five bytes have no character in windows-1252 and are lost on the way: `há»\u{fffd}c` was học. Which
//! letter it was is told by the syllable.
//!
//! Never: a run that is not whole UTF-8 but for such a byte, or that would be no letter of
//! Vietnamese text.

use crate::model::part::Span;
use crate::normalize::edits::{Replacement, apply};
use crate::normalize::syllable;

/// Stands where a byte was lost.
const LOST: char = '\u{fffd}';
/// The letters whose last byte is lost, the likelier first.
const LOSING: [char; 5] = ['ề', 'ờ', 'ọ', 'ỏ', 'Ố'];
/// So many bytes of letters beside a lost one are read: no syllable has more.
const SYLLABLE_BYTES_MAX: usize = 24;

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
        let before = || text.get(..at).unwrap_or_default();
        let found = letter_at(rest).or_else(|| lost_letter(before(), rest));
        if let Some((length, letter)) = found {
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
        0xc2..=0xc6 | 0xcb | 0xcc => 2,
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
    (bytes.len() == count && is_usual(letter)).then_some((length, letter))
}

/// Whether the character is one of Vietnamese text, or of such text read wrongly once before. Of
/// the marks only those of Vietnamese: `Ì` and a no-break space behind it are no mark.
fn is_usual(c: char) -> bool {
    const MARKS: [char; 8] = [
        '\u{300}', '\u{301}', '\u{302}', '\u{303}', '\u{306}', '\u{309}', '\u{31b}', '\u{323}',
    ];
    matches!(c, '\u{80}'..='\u{1b0}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2026}')
        || MARKS.contains(&c)
        || HIGH.contains(&c)
}

/// Whether the text begins with a letter of which the last byte was lost.
pub(super) fn has_lost_byte(rest: &str) -> bool {
    let behind = rest.strip_prefix("á»").or_else(|| rest.strip_prefix('Ä'));
    behind.is_some_and(|behind| behind.starts_with(LOST))
}

/// The letter of which the last byte was lost, by what stands around it.
fn lost_letter(before: &str, rest: &str) -> Option<(usize, char)> {
    if let Some(behind) = rest.strip_prefix('Ä') {
        return behind
            .starts_with(LOST)
            .then_some(('Ä'.len_utf8() + LOST.len_utf8(), 'Đ'));
    }
    let behind = rest.strip_prefix("á»")?.strip_prefix(LOST)?;
    let length = rest.len() - behind.len();
    let start = before.ceil_char_boundary(before.len().saturating_sub(SYLLABLE_BYTES_MAX));
    let near = before.get(start..).unwrap_or_default();
    let near = apply(near, &letters_whole(near)).0;
    let lead = near
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let behind = behind.get(..behind.floor_char_boundary(SYLLABLE_BYTES_MAX));
    let tail = behind.unwrap_or_default();
    let tail = apply(tail, &letters_whole(tail)).0;
    let tail = tail
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let is_shouted = lead.chars().chain(tail.chars()).any(char::is_uppercase)
        && !lead
            .chars()
            .skip(1)
            .chain(tail.chars())
            .any(char::is_lowercase)
        && (lead.chars().count() > 1 || !tail.is_empty());
    let likely = if is_shouted {
        'Ố'
    } else if tail.is_empty() {
        // Open syllables of which several are words: "họ", "thọ", "giờ", "về".
        match lead.to_lowercase().as_str() {
            "h" | "th" => 'ọ',
            "gi" | "b" | "t" | "ch" => 'ờ',
            _ => 'ề',
        }
    } else {
        let is_right = |letter: &char| syllable::is_syllable(&format!("{lead}{letter}{tail}"));
        LOSING.into_iter().find(is_right)?
    };
    Some((length, likely))
}

/// The letters that have all their bytes.
fn letters_whole(text: &str) -> Vec<Replacement> {
    memchr::memchr_iter(0xc3, text.as_bytes())
        .filter_map(|at| {
            let (length, letter) = letter_at(text.get(at..)?)?;
            Some(Replacement::new(Span::new(at, at + length), letter))
        })
        .collect()
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

    #[test]
    fn a_letter_that_lost_a_byte_is_told_by_its_syllable() {
        for meant in [
            "Họ và tên",
            "học",
            "người",
            "đường",
            "nghề nghiệp",
            "khỏe",
            "về",
            "TỐI MẬT",
            "Đỗ Văn",
            "điều",
        ] {
            let written: String = meant
                .bytes()
                .map(|byte| match byte {
                    0x81 | 0x8d | 0x8f | 0x90 | 0x9d => LOST,
                    0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(byte),
                })
                .collect();
            let read = apply(&written, &letters(&written)).0;
            let read = read.replace('ọ', "ỏ");
            assert_eq!(read, meant.replace('ọ', "ỏ"), "{written}");
        }
    }

    #[test]
    fn letters_read_wrongly_twice_are_put_together_in_two_steps() {
        for meant in [
            "TỐI MẬT",
            "NỘI BỘ",
            "địa chỉ thường trú",
            "Ủy ban xã Đắk Kạn",
        ] {
            let wrongly = |text: &str| -> String {
                let read = |byte: u8| match byte {
                    0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(byte),
                };
                text.bytes().map(read).collect()
            };
            let written = wrongly(&wrongly(meant));
            let once = apply(&written, &letters(&written)).0;
            assert_eq!(apply(&once, &letters(&once)).0, meant, "{written}");
        }
    }

    #[test]
    fn letters_read_byte_by_byte_are_put_together() {
        for (written, meant) in [
            ("TUYá»†T Máº¬T", "TUYỆT MẬT"),
            ("Tá»\u{90}I", "TỐI"),
            ("sá»‘ Ä‘iá»‡n thoáº¡i", "số điện thoại"),
            ("cÄƒn cÆ°á»›c lÃ\u{a0}", "căn cước là"),
            ("là cá, É, Ã, Đà Nẵng", "là cá, É, Ã, Đà Nẵng"),
            ("BÓC BÌ\u{a0}| GÌ\u{a0}", "BÓC BÌ\u{a0}| GÌ\u{a0}"),
        ] {
            assert_eq!(apply(written, &letters(written)).0, meant);
        }
    }
}
