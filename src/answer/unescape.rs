//! Where in an event do the characters of a string stand that lies in it, strings within strings
//! and all?
//!
//! In: the raw contents of a JSON string. Out: its text, and a [`Way`] from offsets in the text to
//! offsets in the event; the escaped form of what is put there.
//!
//! Never: guess. A string with half a surrogate pair is not read, and so not changed.

/// From offsets in a text to offsets in the event.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// The text stands as it is, from here on.
    Straight(usize),
    /// One place for each byte of the text, and one for its end.
    Winding(Vec<usize>),
}

impl Way {
    /// The place of an offset.
    pub(super) fn place(&self, offset: usize) -> usize {
        match self {
            Self::Straight(start) => start.saturating_add(offset),
            Self::Winding(places) => places
                .get(offset)
                .or(places.last())
                .copied()
                .unwrap_or_default(),
        }
    }
}

/// The text of raw string contents that begin at `start` of a text with this way.
pub(super) fn unescape(raw: &str, start: usize, outer: &Way) -> Option<(String, Way)> {
    if !raw.contains('\\') {
        let way = match outer {
            Way::Straight(base) => Way::Straight(base.saturating_add(start)),
            Way::Winding(_) => {
                Way::Winding((0..=raw.len()).map(|at| outer.place(start + at)).collect())
            }
        };
        return Some((raw.to_owned(), way));
    }
    let mut text = String::with_capacity(raw.len());
    let mut places = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let at = outer.place(start + (raw.len() - rest.len()));
        let (char, len) = if first == '\\' {
            escaped(rest)?
        } else {
            (first, first.len_utf8())
        };
        text.push(char);
        places.resize(text.len(), at);
        rest = rest.get(len..)?;
    }
    places.push(outer.place(start + raw.len()));
    Some((text, Way::Winding(places)))
}

/// The character that an escape stands for, and the escape's length (RFC 8259 section 7).
fn escaped(rest: &str) -> Option<(char, usize)> {
    let char = match rest.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => {
            let high = code_unit(rest)?;
            if let Some(char) = char::from_u32(high) {
                return Some((char, 6));
            }
            let low = code_unit(rest.get(6..).filter(|next| next.starts_with("\\u"))?)?;
            let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            let char = char::decode_utf16(pair).next()?.ok()?;
            return Some((char, 12));
        }
        other @ (b'"' | b'\\' | b'/') => char::from(*other),
        _ => return None,
    };
    Some((char, 2))
}

fn code_unit(escape: &str) -> Option<u32> {
    u32::from_str_radix(escape.get(2..6)?, 16).ok()
}

/// The text as contents of a JSON string within so many others.
pub(super) fn escape(text: &str, levels: usize) -> String {
    let mut escaped = text.to_owned();
    for _ in 0..levels {
        let mut outer = String::with_capacity(escaped.len() + 8);
        for char in escaped.chars() {
            match char {
                '"' => outer.push_str("\\\""),
                '\\' => outer.push_str("\\\\"),
                '\n' => outer.push_str("\\n"),
                '\r' => outer.push_str("\\r"),
                '\t' => outer.push_str("\\t"),
                control if control < ' ' => {
                    outer.push_str(&format!("\\u{:04x}", u32::from(control)));
                }
                other => outer.push(other),
            }
        }
        escaped = outer;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_of_all_kinds_are_read_with_their_places() {
        let raw = r#"a\u1ed3\ud83d\ude00\/\"b"#;
        let (text, way) = unescape(raw, 10, &Way::Straight(100)).unwrap();
        assert_eq!(text, "aồ😀/\"b");
        assert_eq!(way.place(1), 111);
        assert_eq!(way.place(text.len() - 1), 110 + raw.len() - 1);
        assert_eq!(way.place(text.len()), 110 + raw.len());
    }

    #[test]
    fn half_a_pair_is_not_read() {
        assert!(unescape(r"\ud83d", 0, &Way::Straight(0)).is_none());
        assert!(unescape(r"\ud83dx", 0, &Way::Straight(0)).is_none());
    }

    proptest! {
        #[test]
        fn what_is_escaped_is_read_again(text in "\\PC{0,30}[\"\\\\\n\t\u{1}]{0,5}", levels in 1_usize..4) {
            let mut raw = escape(&text, levels);
            let mut way = Way::Straight(0);
            for _ in 0..levels {
                (raw, way) = unescape(&raw, 0, &way).unwrap();
            }
            prop_assert_eq!(raw, text);
        }

        #[test]
        fn nothing_makes_reading_panic(raw in "[\\\\ud0-9a\"ồ]{0,30}") {
            drop(unescape(&raw, 0, &Way::Straight(0)));
        }
    }
}
