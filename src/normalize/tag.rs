//! Which tags of HTML stand within a number?
//!
//! In: raw text. Out: tags of inline elements between two digits, to be read as nothing:
//! `09<b>12</b>345678`.
//!
//! Never: tags of cells and blocks; those part numbers.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// Elements that do not part words.
const INLINE: [&str; 14] = [
    "span", "b", "i", "u", "s", "em", "strong", "font", "small", "wbr", "mark", "sub", "sup",
    "code",
];
/// A tag with its attributes is no longer, in bytes.
const TAG_BYTES_MAX: usize = 200;

/// The tags within numbers.
pub(super) fn within_numbers(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut next = 0;
    for start in memchr::memchr_iter(b'<', bytes) {
        let follows_digit = start
            .checked_sub(1)
            .and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit);
        if start < next || !follows_digit {
            continue;
        }
        let mut end = start;
        while let Some(length) = inline_tag(text.get(end..).unwrap_or_default()) {
            end += length;
        }
        next = end;
        if end > start && bytes.get(end).is_some_and(u8::is_ascii_digit) {
            found.push(Replacement::new(Span::new(start, end), ""));
        }
    }
    found
}

/// The length of the inline element's tag with which the text begins.
fn inline_tag(text: &str) -> Option<usize> {
    let body = text.strip_prefix('<')?;
    let end = body.bytes().take(TAG_BYTES_MAX).position(|b| b == b'>')?;
    let inner = body.get(..end)?.trim_start_matches('/');
    let name = inner.split([' ', '/']).next()?.to_ascii_lowercase();
    INLINE.contains(&name.as_str()).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn inline_tags_within_numbers_are_nothing() {
        for (written, meant) in [
            ("09<b>12</b><i x=\"1\">3</i>45", "0912345"),
            ("<span>0</span><span>9</span>", "<span>09</span>"),
            ("<td>1</td><td>2</td>", "<td>1</td><td>2</td>"),
            ("1 < 2, 3<4", "1 < 2, 3<4"),
        ] {
            assert_eq!(apply(written, &within_numbers(written)).0, meant);
        }
    }
}
