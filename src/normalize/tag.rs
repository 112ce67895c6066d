//! Which tags of HTML stand within a number, and which end a line?
//!
//! In: raw text. Out: tags of inline elements between two digits, to be read as nothing:
//! `09<b>12</b>345678`; tags of blocks, to be read as the ends of lines that a browser shows.
//!
//! Never: tags of cells; tables are read by them.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// Elements that do not part words.
const INLINE: [&str; 14] = [
    "span", "b", "i", "u", "s", "em", "strong", "font", "small", "wbr", "mark", "sub", "sup",
    "code",
];
/// Elements that stand on lines of their own.
const BLOCKS: [&str; 14] = [
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
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

/// The tags of blocks, each with what stands for it.
pub(super) fn blocks(text: &str) -> Vec<Replacement> {
    let tags = memchr::memchr_iter(b'<', text.as_bytes()).filter_map(|start| {
        let length = block_at(text.get(start..)?)?;
        Some(Span::new(start, start + length))
    });
    tags.map(|tag| {
        let read = if ends_line(text, tag) { "\n" } else { "" };
        Replacement::new(tag, read)
    })
    .collect()
}

/// Whether a line ends at a block's tag that nothing beside it ends.
fn ends_line(text: &str, tag: Span) -> bool {
    let before = text.get(..tag.start).unwrap_or_default();
    let after = text.get(tag.end..).unwrap_or_default();
    let written = tag.of(text).to_ascii_lowercase();
    if written.starts_with("</") || written.starts_with("<br") {
        let after = after.trim_start_matches(' ');
        !(after.is_empty() || after.starts_with('\n') || after.starts_with("</"))
    } else {
        let before = before.trim_end_matches(' ');
        !(before.is_empty() || before.ends_with(['\n', '>']))
    }
}

/// The length of the block's tag with which the text begins.
pub(super) fn block_at(text: &str) -> Option<usize> {
    let (name, length) = tag(text)?;
    BLOCKS.contains(&name.as_str()).then_some(length)
}

/// The length of the inline element's tag with which the text begins.
fn inline_tag(text: &str) -> Option<usize> {
    let (name, length) = tag(text)?;
    INLINE.contains(&name.as_str()).then_some(length)
}

/// The name of the element whose tag begins the text, and the length of the tag.
fn tag(text: &str) -> Option<(String, usize)> {
    let body = text.strip_prefix('<')?;
    let end = body.bytes().take(TAG_BYTES_MAX).position(|b| b == b'>')?;
    let inner = body.get(..end)?.trim_start_matches('/');
    let name = inner.split([' ', '/']).next()?.to_ascii_lowercase();
    Some((name, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn tags_of_blocks_end_lines() {
        for (written, meant) in [
            ("<p>một</p><p>hai</p>", "một\nhai"),
            ("<ul>\n<li>một</li>\n<li>hai</li>\n</ul>", "\nmột\nhai\n"),
            ("một<br>hai<br/>\nba<BR />", "một\nhai\nba"),
            ("<div class=\"x\"><p>một</p></div>hai", "một\nhai"),
            ("<td><p>một</p></td>", "<td>một</td>"),
            ("a <b c> <pre>", "a <b c> <pre>"),
        ] {
            assert_eq!(apply(written, &blocks(written)).0, meant);
        }
    }

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
