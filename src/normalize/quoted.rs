//! Which signs of quotation stand before the lines of a mail or a Markdown quote?
//!
//! In: raw text. Out: the signs, to be read as nothing: `> gọi 0912\n> 345678` is `gọi 0912\n345678`.
//!
//! Never: a sign within a line, which compares.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// Quoted so often, and no further.
const SIGNS_BYTES_MAX: usize = 12;

/// The signs before lines.
pub(super) fn signs(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let first = text.starts_with('>').then_some(0);
    let others = memchr::memmem::find_iter(bytes, b"\n>").map(|end| end + 1);
    let lines = first.into_iter().chain(others);
    lines
        .map(|start| {
            let signs = bytes.get(start..).unwrap_or_default().iter();
            let length = signs
                .take(SIGNS_BYTES_MAX)
                .take_while(|byte| matches!(byte, b'>' | b' '))
                .count();
            Replacement::new(Span::new(start, start + length), "")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn signs_before_lines_are_nothing() {
        for (written, meant) in [
            ("> gọi 0912\n> 345678 nhé", "gọi 0912\n345678 nhé"),
            (">> 0912 345 \n>> 678", "0912 345 \n678"),
            ("> Danh sách:\n>\n> - Thử", "Danh sách:\n\n- Thử"),
            ("a > b", "a > b"),
        ] {
            assert_eq!(apply(written, &signs(written)).0, meant);
        }
    }
}
