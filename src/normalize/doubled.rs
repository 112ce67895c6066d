//! Was every space of a text doubled, as some converters and a careless replacement do?
//!
//! In: composed text. Out: each run of spaces to be read as half as many.
//!
//! Never: a text with one single space between words; there two spaces part columns.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// Fewer runs of spaces are as well columns.
const RUNS_MIN: usize = 2;

/// The runs of spaces of a text in which all are doubled.
pub(super) fn spaces(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(start) = bytes
        .get(rest..)
        .and_then(|bytes| memchr::memchr(b' ', bytes))
        .map(|at| rest + at)
    {
        let length = bytes
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        if length % 2 != 0 {
            return Vec::new();
        }
        rest = start + length;
        found.push(Replacement::new(
            Span::new(start, rest),
            " ".repeat(length / 2),
        ));
    }
    if found.len() < RUNS_MIN || is_grid(text) {
        return Vec::new();
    }
    found
}

/// Whether the lines have as many cells each, parted by two spaces: columns, not words.
fn is_grid(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells: Vec<usize> = lines.map(|line| line.matches("  ").count()).collect();
    cells.len() >= 2
        && cells
            .first()
            .is_some_and(|first| cells.iter().all(|count| count == first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        apply(text, &spaces(text)).0
    }

    #[test]
    fn a_text_with_doubled_spaces_is_read_as_meant() {
        assert_eq!(
            read("mật  khẩu:  a1  b\nông  Thử"),
            "mật khẩu: a1 b\nông Thử"
        );
        assert_eq!(read("a    b  c  d"), "a  b c d");
    }

    #[test]
    fn single_spaces_and_columns_are_left() {
        for text in [
            "a b  c  d  e",
            "STT  Tên  Năm\n1  An  1980",
            "a  b",
            "a   b  c  d",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
