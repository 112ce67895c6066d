//! What does one character become?
//!
//! In: a character. Out: nothing, or the character that stands for it in comparable text.
//!
//! Never: case or diacritics. `Ð` and `Ɖ` become `Đ`, for they look the same and are typed for it.

use unicode_normalization::UnicodeNormalization;

/// What a character becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// It is invisible.
    Nothing,
    /// This character; often itself.
    Char(char),
}

/// What the character becomes.
pub(super) fn became(c: char) -> Became {
    if is_invisible(c) {
        return Became::Nothing;
    }
    let settled = match c {
        '\n' | '\t' | ' '..='~' => c,
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{58a}'
        | '\u{5be}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe31}'
        | '\u{fe32}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => '-',
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        // Digits in black circles, which Unicode does not decompose.
        '\u{24ff}' => '0',
        '\u{2776}'..='\u{277e}' => ringed(c, 0x2776),
        '\u{2780}'..='\u{2788}' => ringed(c, 0x2780),
        '\u{278a}'..='\u{2792}' => ringed(c, 0x278a),
        '\u{24f5}'..='\u{24fd}' => ringed(c, 0x24f5),
        '\u{2488}'..='\u{2490}' => ringed(c, 0x2488),
        '\u{2474}'..='\u{247c}' => ringed(c, 0x2474),
        _ => decimal_digit(c).or_else(|| compatible(c)).unwrap_or(c),
    };
    Became::Char(settled)
}

/// The digit of a sign in a row of signs for 1 to 9.
fn ringed(c: char, one: u32) -> char {
    let value = u32::from(c).saturating_sub(one) + 1;
    char::from_digit(value, 10).unwrap_or(c)
}

/// Whether the character shows nothing: controls, joiners, directions, fillers, selectors, tags.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{20e3}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The digit that a raised or lowered one stands for.
pub(super) const fn small_digit(c: char) -> Option<char> {
    Some(match c {
        '\u{2070}' | '\u{2080}' => '0',
        '\u{b9}' | '\u{2081}' => '1',
        '\u{b2}' | '\u{2082}' => '2',
        '\u{b3}' | '\u{2083}' => '3',
        '\u{2074}' | '\u{2084}' => '4',
        '\u{2075}' | '\u{2085}' => '5',
        '\u{2076}' | '\u{2086}' => '6',
        '\u{2077}' | '\u{2087}' => '7',
        '\u{2078}' | '\u{2088}' => '8',
        '\u{2079}' | '\u{2089}' => '9',
        _ => return None,
    })
}

/// The zeros of Unicode's decimal digits (general category Nd); nine more follow each.
const ZEROS: [u32; 65] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The ASCII digit of a decimal digit of any script.
fn decimal_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let zero = ZEROS.get(after.checked_sub(1)?)?;
    let value = code.checked_sub(*zero).filter(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// The ASCII character of a compatibility letter or sign: full-width, mathematical, circled.
fn compatible(c: char) -> Option<char> {
    let is_candidate = matches!(
        c,
        '\u{ff01}'..='\u{ff5e}'
            | '\u{1d400}'..='\u{1d7ff}'
            | '\u{2100}'..='\u{214f}'
            | '\u{2460}'..='\u{24ff}'
            | '\u{1f150}'..='\u{1f189}'
            | '\u{fe50}'..='\u{fe6b}'
    );
    if !is_candidate {
        return None;
    }
    let mut decomposed = std::iter::once(c).nfkc();
    let only = decomposed.next().filter(char::is_ascii)?;
    decomposed.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_become_ascii() {
        for (written, digit) in [('٣', '3'), ('９', '9'), ('𝟘', '0'), ('𝟿', '9'), ('०', '0')]
        {
            assert_eq!(became(written), Became::Char(digit), "{written}");
        }
    }

    #[test]
    fn letters_that_look_like_ascii_become_it() {
        for (written, letter) in [('Ｍ', 'M'), ('𝐀', 'A'), ('：', ':'), ('①', '1')] {
            assert_eq!(became(written), Became::Char(letter), "{written}");
        }
    }

    #[test]
    fn vietnamese_letters_stay_as_they_are() {
        for letter in "ĂÂĐÊÔƠƯăâđêôơưẬậỆệ".chars() {
            assert_eq!(became(letter), Became::Char(letter));
        }
    }
}
