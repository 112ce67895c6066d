//! What does an escaped string say, and which raw bytes stand for which of its bytes?
//!
//! In: the raw bytes of a JSON string (without quotes), a form value or a percent-encoded text.
//! Out: the text; the raw offset of any offset in the text; the escaped form of a replacement.
//! Nothing is kept between the two: the way back is walked again when there is an edit.
//!
//! Never: fail. Broken escapes are read as browsers and lenient servers read them.

use memchr::{memchr, memchr2};

/// A way of writing text with escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// RFC 8259: `\n`, `\u1EA1`.
    Json,
    /// `application/x-www-form-urlencoded` and queries: `+` is a space, `%XX` a byte.
    Form,
    /// RFC 3986: `%XX` is a byte.
    Percent,
}

/// An unescaped text.
pub(super) struct Unescaped {
    /// The text.
    pub(super) text: String,
    /// Whether offsets in it lead back to the raw bytes. Not so where bytes that are no UTF-8
    /// were replaced.
    pub(super) is_exact: bool,
}

/// A stretch of raw bytes and what it stands for.
enum Unit {
    /// So many bytes stand for themselves.
    Plain(usize),
    /// So many bytes stand for a byte.
    Byte(usize, u8),
    /// So many bytes stand for a character.
    Char(usize, char),
}

impl Escape {
    /// Reads the raw bytes.
    pub(super) fn unescape(self, raw: &[u8]) -> Unescaped {
        let mut decoded = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(unit) = self.first_unit(rest) {
            match unit {
                Unit::Plain(len) => decoded.extend_from_slice(rest.get(..len).unwrap_or_default()),
                Unit::Byte(_, byte) => decoded.push(byte),
                Unit::Char(_, char) => {
                    decoded.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            rest = rest.get(unit.raw_len()..).unwrap_or_default();
        }
        match String::from_utf8(decoded) {
            Ok(text) => Unescaped {
                text,
                is_exact: true,
            },
            Err(error) => Unescaped {
                text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                is_exact: false,
            },
        }
    }

    /// The raw offsets of ascending offsets in the text. One pass over the raw bytes.
    pub(super) fn locate(self, raw: &[u8], offsets: &[usize]) -> Vec<usize> {
        let mut located = Vec::with_capacity(offsets.len());
        let mut wanted = offsets.iter().copied().peekable();
        let (mut raw_at, mut text_at) = (0, 0);
        loop {
            let unit = self.first_unit(raw.get(raw_at..).unwrap_or_default());
            let (raw_len, text_len) = unit
                .as_ref()
                .map_or((0, usize::MAX), |unit| (unit.raw_len(), unit.text_len()));
            let is_plain = matches!(unit, Some(Unit::Plain(_)));
            while let Some(offset) =
                wanted.next_if(|&offset| offset < text_len.saturating_add(text_at))
            {
                located.push(if is_plain {
                    raw_at + (offset - text_at)
                } else {
                    raw_at
                });
            }
            if unit.is_none() || wanted.peek().is_none() {
                return located;
            }
            raw_at += raw_len;
            text_at += text_len;
        }
    }

    /// Writes a replacement.
    pub(super) fn escape(self, text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        match self {
            Self::Json => {
                for char in text.chars() {
                    match char {
                        '"' => escaped.push_str("\\\""),
                        '\\' => escaped.push_str("\\\\"),
                        '\n' => escaped.push_str("\\n"),
                        '\r' => escaped.push_str("\\r"),
                        '\t' => escaped.push_str("\\t"),
                        control if control < ' ' => {
                            escaped.push_str(&format!("\\u{:04x}", u32::from(control)));
                        }
                        other => escaped.push(other),
                    }
                }
            }
            Self::Form | Self::Percent => {
                for byte in text.bytes() {
                    if byte.is_ascii_alphanumeric() || b"-_.~*".contains(&byte) {
                        escaped.push(char::from(byte));
                    } else {
                        escaped.push_str(&format!("%{byte:02X}"));
                    }
                }
            }
        }
        escaped
    }

    fn first_unit(self, rest: &[u8]) -> Option<Unit> {
        let special = match self {
            Self::Json => memchr(b'\\', rest),
            Self::Form => memchr2(b'%', b'+', rest),
            Self::Percent => memchr(b'%', rest),
        };
        match special {
            _ if rest.is_empty() => None,
            None => Some(Unit::Plain(rest.len())),
            Some(0) if self == Self::Json => Some(json_unit(rest)),
            Some(0) if rest.first() == Some(&b'+') => Some(Unit::Byte(1, b' ')),
            Some(0) => Some(percent_unit(rest)),
            Some(len) => Some(Unit::Plain(len)),
        }
    }
}

impl Unit {
    const fn raw_len(&self) -> usize {
        match self {
            Self::Plain(len) | Self::Byte(len, _) | Self::Char(len, _) => *len,
        }
    }

    const fn text_len(&self) -> usize {
        match self {
            Self::Plain(len) => *len,
            Self::Byte(..) => 1,
            Self::Char(_, char) => char.len_utf8(),
        }
    }
}

fn percent_unit(rest: &[u8]) -> Unit {
    hex(rest.get(1..3))
        .and_then(|byte| u8::try_from(byte).ok())
        .map_or(Unit::Plain(1), |byte| Unit::Byte(3, byte))
}

fn json_unit(rest: &[u8]) -> Unit {
    match rest.get(1) {
        Some(b'u') => unicode_unit(rest),
        Some(b'n') => Unit::Byte(2, b'\n'),
        Some(b'r') => Unit::Byte(2, b'\r'),
        Some(b't') => Unit::Byte(2, b'\t'),
        Some(b'b') => Unit::Byte(2, 0x08),
        Some(b'f') => Unit::Byte(2, 0x0C),
        Some(&punctuation @ (b'"' | b'\\' | b'/')) => Unit::Byte(2, punctuation),
        Some(_) | None => Unit::Plain(1),
    }
}

/// `\uXXXX`, or two of them for a character beyond U+FFFF. Half a pair is what JavaScript writes
/// for a prompt cut in the middle of an emoji; it reads as U+FFFD.
fn unicode_unit(rest: &[u8]) -> Unit {
    let Some(first) = hex(rest.get(2..6)) else {
        return Unit::Plain(1);
    };
    if let Some(char) = char::from_u32(first) {
        return Unit::Char(6, char);
    }
    let second = match rest.get(6..8) {
        Some(b"\\u") => hex(rest.get(8..12)),
        Some(_) | None => None,
    };
    match second {
        Some(low @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
            let scalar = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            Unit::Char(
                12,
                char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER),
            )
        }
        Some(_) | None => Unit::Char(6, char::REPLACEMENT_CHARACTER),
    }
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |number, &digit| {
        Some(number * 16 + char::from(digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes_are_read_and_located() {
        let raw = br#"So\u1ea1n \"\uD83D\uDE00\" 0900000001\n"#;
        let unescaped = Escape::Json.unescape(raw);
        assert_eq!(unescaped.text, "Soạn \"😀\" 0900000001\n");
        let start = unescaped.text.find("0900000001").unwrap();
        let located = Escape::Json.locate(raw, &[start, start + 10]);
        assert_eq!(&raw[located[0]..located[1]], b"0900000001");
    }

    #[test]
    fn half_a_surrogate_pair_is_tolerated() {
        let unescaped = Escape::Json.unescape(br"a\ud83d\u0041\ude00b");
        assert_eq!(unescaped.text, "a\u{FFFD}A\u{FFFD}b");
    }

    #[test]
    fn broken_escapes_stand_for_themselves() {
        assert_eq!(Escape::Json.unescape(br"\x \u12g4 \").text, r"\x \u12g4 \");
        assert_eq!(Escape::Form.unescape(b"100%+%zz%4").text, "100% %zz%4");
    }

    #[test]
    fn form_values_are_decoded_once() {
        let raw = b"a%2Bb+%2541";
        assert_eq!(Escape::Form.unescape(raw).text, "a+b %41");
        assert_eq!(Escape::Percent.unescape(b"a+b%20").text, "a+b ");
    }

    #[test]
    fn the_ends_of_a_text_are_located() {
        assert_eq!(Escape::Form.locate(b"%41%42", &[0, 2]), [0, 6]);
        assert_eq!(Escape::Json.locate(b"", &[0, 0]), [0, 0]);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_not_exact() {
        assert!(!Escape::Form.unescape(b"%FF").is_exact);
    }
}
