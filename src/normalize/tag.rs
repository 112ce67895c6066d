//! Which tags of HTML does a reader not see, and which end a line?
//!
//! In: raw text. Out: tags of inline elements, to be read as nothing: `09<b>12</b>345678`; tags of
//! blocks, to be read as the ends of lines that a browser shows.
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

/// The tags, each with what stands for it.
pub(super) fn tags(text: &str) -> Vec<Replacement> {
    let tags = memchr::memchr_iter(b'<', text.as_bytes()).filter_map(|start| {
        let (is_block, length) = tag_at(text.get(start..)?)?;
        Some((is_block, Span::new(start, start + length)))
    });
    tags.map(|(is_block, tag)| {
        let ends_line = is_block && ends_line(text, tag);
        Replacement::new(tag, if ends_line { "\n" } else { "" })
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
        let before = without_inline(before);
        !(before.is_empty() || before.ends_with(['\n', '>']))
    }
}

/// The text without the tags of inline elements at its end: they end no line.
fn without_inline(text: &str) -> &str {
    const TAGS_MAX: usize = 4;
    let mut before = text.trim_end_matches(' ');
    for _ in 0..TAGS_MAX {
        let near = before.ceil_char_boundary(before.len().saturating_sub(TAG_BYTES_MAX));
        let start = before.get(near..).and_then(|near| near.rfind('<'));
        let lead = start.and_then(|start| before.split_at_checked(near + start));
        match lead {
            Some((lead, tag)) if tag_at(tag) == Some((false, tag.len())) => {
                before = lead.trim_end_matches(' ');
            }
            Some(_) | None => break,
        }
    }
    before
}

/// Whether the text begins with the tag of a block or of an inline element, and the tag's length.
pub(super) fn tag_at(text: &str) -> Option<(bool, usize)> {
    let (name, length) = tag(text)?;
    let is_block = BLOCKS.contains(&name.as_str());
    (is_block || INLINE.contains(&name.as_str())).then_some((is_block, length))
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
            ("<div><b>một</b><p>hai</p></div>", "một\nhai"),
            ("<p><b><p>một</p></b></p>", "một"),
            ("a <c d> <pre>", "a <c d> <pre>"),
        ] {
            assert_eq!(apply(written, &tags(written)).0, meant);
        }
    }

    #[test]
    fn inline_tags_are_nothing() {
        for (written, meant) in [
            ("09<b>12</b><i x=\"1\">3</i>45", "0912345"),
            ("<B>HỌ TÊN:</B> THỬ", "HỌ TÊN: THỬ"),
            ("<td><span>1</span></td><td>2</td>", "<td>1</td><td>2</td>"),
            ("1 < 2, 3<4", "1 < 2, 3<4"),
        ] {
            assert_eq!(apply(written, &tags(written)).0, meant);
        }
    }
}
