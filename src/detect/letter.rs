//! What is a character: a letter, small or capital, and which ASCII letter does it fold to?
//!
//! The letters of Latin blocks, Vietnamese among them, are looked up in a table: texts ask this for
//! every character, several times.

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::char::decompose_canonical;

/// Stands for any character that is no Latin letter, digit or sign.
pub(super) const OTHER: u8 = 0x1a;

/// ASCII to the letters with horns, and the letters with two marks.
const LATIN_END: usize = 0x250;
pub(super) const MARKED_START: usize = 0x1e00;
pub(super) const MARKED_END: usize = 0x1f00;

/// What is known of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// In lower case.
    pub small: char,
    /// The ASCII letter, in lower case, the character itself, or [`OTHER`].
    pub folded: u8,
    /// Whether it is a letter.
    pub is_letter: bool,
    /// Whether it is a capital.
    pub is_capital: bool,
    /// Whether it is a small letter.
    pub is_small: bool,
}

static LATIN: LazyLock<Vec<Letter>> = LazyLock::new(|| {
    (0..LATIN_END)
        .chain(MARKED_START..MARKED_END)
        .map(|code| {
            let c = u32::try_from(code).ok().and_then(char::from_u32);
            Letter::looked_at(c.unwrap_or(char::REPLACEMENT_CHARACTER))
        })
        .collect()
});

impl Letter {
    /// What is known of the character.
    pub(super) fn of(c: char) -> Self {
        Self::among(&LATIN, c)
    }

    /// The same, with the table at hand.
    #[inline]
    fn among(known: &[Self], c: char) -> Self {
        match Self::place(c as usize).and_then(|place| known.get(place)) {
            Some(known) => *known,
            None => Self::looked_at(c),
        }
    }

    /// The place in the table of the character with this code.
    const fn place(code: usize) -> Option<usize> {
        match code {
            0..LATIN_END => Some(code),
            MARKED_START..MARKED_END => Some(code - MARKED_START + LATIN_END),
            _ => None,
        }
    }

    fn looked_at(c: char) -> Self {
        Self {
            small: c.to_lowercase().next().unwrap_or(c),
            folded: folded(c),
            is_letter: c.is_alphabetic(),
            is_capital: c.is_uppercase(),
            is_small: c.is_lowercase(),
        }
    }
}

/// The character's lower-case ASCII letter, the character itself, or a stand-in.
pub(super) fn fold_char(c: char) -> u8 {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => fold_ascii(byte),
        Ok(_) | Err(_) => Letter::of(c).folded,
    }
}

/// Whether the character is a letter.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || !c.is_ascii() && Letter::of(c).is_letter
}

/// Whether the character is a capital.
pub(super) fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase() || !c.is_ascii() && Letter::of(c).is_capital
}

/// Whether the character is a letter or a figure of any kind.
pub(super) fn is_of_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let letter = Letter::of(c);
    letter.is_letter || letter.folded.is_ascii_digit() || c.is_numeric()
}

/// The text in lower case, letter by letter; most words are as they stand.
pub(super) fn in_small(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    let known = &**LATIN;
    let small = |c: char| Letter::among(known, c).small;
    if text.chars().all(|c| small(c) == c) {
        return Cow::Borrowed(text);
    }
    let mut made = String::with_capacity(text.len());
    made.extend(text.chars().map(small));
    Cow::Owned(made)
}

/// The ASCII character in lower case; words of keys are parted by `_`.
const fn fold_ascii(byte: u8) -> u8 {
    if byte == b'_' {
        b' '
    } else {
        byte.to_ascii_lowercase()
    }
}

fn folded(c: char) -> u8 {
    if let Ok(byte) = u8::try_from(c)
        && byte.is_ascii()
    {
        return fold_ascii(byte);
    }
    if matches!(c, 'Đ' | 'đ') {
        return b'd';
    }
    let mut base = None;
    decompose_canonical(c, |part| {
        base.get_or_insert(part);
    });
    match base.map(u8::try_from) {
        Some(Ok(byte)) if byte.is_ascii() => byte.to_ascii_lowercase(),
        Some(Ok(_) | Err(_)) | None => OTHER,
    }
}

/// The letter, in lower case, without its tone: "ậ" is "â".
pub(super) const fn without_tone(c: char) -> char {
    match c {
        'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' => 'â',
        'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => 'ă',
        'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => 'ê',
        'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' => 'ô',
        'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' => 'ơ',
        'ứ' | 'ừ' | 'ử' | 'ữ' | 'ự' => 'ư',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_standard_says() {
        for c in '\0'..='\u{2100}' {
            let letter = Letter::of(c);
            assert_eq!(letter, Letter::looked_at(c), "{c:?}");
            assert_eq!(is_of_word(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn letters_lose_case_and_marks() {
        for (c, folded) in [
            ('Ộ', b'o'),
            ('đ', b'd'),
            ('_', b' '),
            ('7', b'7'),
            ('🙂', OTHER),
        ] {
            assert_eq!(Letter::of(c).folded, folded, "{c}");
        }
        assert_eq!(in_small("ĐỖ Thị Ưng"), "đỗ thị ưng");
    }
}
