//! The other way round from `normalize`: from plain text to its disguises.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

const LETTERS: &str = include_str!("../../src/normalize/legacy.tsv");

/// Column of the table of former encodings: 1 TCVN3, 2 VNI, 3 VIQR, 4 windows-1258.
pub(crate) fn legacy(text: &str, column: usize) -> String {
    let composed: String = text.nfc().collect();
    let mut written = String::new();
    for c in composed.chars() {
        let row = LETTERS
            .lines()
            .find(|row| row.starts_with(c) && row.contains('\t'));
        match row.and_then(|row| row.split('\t').nth(column)) {
            Some("AD") => written.push('\u{ad}'),
            Some(signs) => written.push_str(signs),
            None => written.push(c),
        }
    }
    written
}

/// Telex keys, the tone right behind its vowel.
pub(crate) fn telex(text: &str) -> String {
    let mut typed = String::new();
    for c in text.nfc() {
        let (mut hat, mut tone) = (None, None);
        let mut base = c;
        for part in std::iter::once(c).nfd() {
            match part {
                '\u{302}' => hat = Some('^'),
                '\u{306}' | '\u{31b}' => hat = Some('w'),
                '\u{301}' => tone = Some('s'),
                '\u{300}' => tone = Some('f'),
                '\u{309}' => tone = Some('r'),
                '\u{303}' => tone = Some('x'),
                '\u{323}' => tone = Some('j'),
                other => base = other,
            }
        }
        match c {
            'đ' => typed.push_str("dd"),
            'Đ' => typed.push_str("DD"),
            _ => {
                let hat = hat.map(|key| {
                    if key == '^' {
                        base.to_ascii_lowercase()
                    } else {
                        key
                    }
                });
                typed.extend([Some(base), hat, tone].into_iter().flatten());
            }
        }
    }
    typed
}

pub(crate) fn without_diacritics(text: &str) -> String {
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            other => other,
        })
        .collect()
}

/// UTF-8 read as windows-1252.
pub(crate) fn misread(text: &str) -> String {
    let (read, _, _) = encoding_rs::WINDOWS_1252.decode(text.as_bytes());
    read.into_owned()
}

pub(crate) fn each(text: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(write).collect()
}

pub(crate) fn bytes(text: &str, sign: &str, is_plain: impl Fn(char) -> bool) -> String {
    each(text, |c| {
        if is_plain(c) {
            return c.to_string();
        }
        let mut buffer = [0; 4];
        let mut written = String::new();
        for byte in c.encode_utf8(&mut buffer).bytes() {
            write!(written, "{sign}{byte:02X}").unwrap();
        }
        written
    })
}

pub(crate) fn code_points(text: &str) -> String {
    each(text, |c| {
        let mut buffer = [0; 2];
        let units = c.encode_utf16(&mut buffer).iter();
        units.fold(String::new(), |mut all, unit| {
            write!(all, "\\u{unit:04x}").unwrap();
            all
        })
    })
}

pub(crate) fn digits_from(text: &str, zero: char) -> String {
    each(text, |c| match c.to_digit(10) {
        Some(value) => char::from_u32(u32::from(zero) + value).unwrap().to_string(),
        None => c.to_string(),
    })
}

/// Digits with a separator between groups of these lengths.
pub(crate) fn grouped(digits: &str, lengths: &[usize], between: &str) -> String {
    let mut groups = Vec::new();
    let mut rest = digits;
    for length in lengths {
        let (group, tail) = rest.split_at((*length).min(rest.len()));
        groups.push(group);
        rest = tail;
        if rest.is_empty() {
            break;
        }
    }
    if !rest.is_empty() {
        groups.push(rest);
    }
    groups.join(between)
}

/// Groups of three from the right, as spreadsheets write numbers.
pub(crate) fn thousands(digits: &str, between: &str) -> String {
    let first = match digits.len() % 3 {
        0 => 3,
        short => short,
    };
    let mut lengths = vec![first];
    lengths.extend(vec![3; digits.len() / 3]);
    grouped(digits, &lengths, between)
}

/// The number as a spreadsheet shows it in a narrow column.
pub(crate) fn rounded(digits: &str, comma: char) -> String {
    let number = digits.trim_start_matches('0');
    let (first, rest) = number.split_at(1);
    format!("{first}{comma}{}E+{:02}", &rest[..4], number.len() - 1)
}

pub(crate) fn spelled(digits: &str) -> String {
    let words = [
        "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
    ];
    let spelled = digits
        .chars()
        .map(|c| words[c.to_digit(10).unwrap() as usize]);
    spelled.collect::<Vec<_>>().join(" ")
}

pub(crate) fn misrecognized(digits: &str) -> String {
    each(digits, |c| {
        match c {
            '0' => "O",
            '1' => "l",
            '5' => "S",
            _ => return c.to_string(),
        }
        .to_owned()
    })
}

pub(crate) fn look_alike(text: &str) -> String {
    each(text, |c| {
        match c {
            'C' => 'С',
            'T' => 'Т',
            'a' => 'а',
            'o' => 'о',
            'M' => 'М',
            'e' => 'е',
            other => other,
        }
        .to_string()
    })
}
