//! Which tables were pasted where only one line has room, so that the ends of their rows became spaces?
//!
//! In: text. Out: the spaces before the numbers of rows, "Ghi chú 1\tLê Mẫu\t1980\tnghèo 2\t", and before
//! the first head, to be read as the ends of lines.
//!
//! Never: a table that has its lines; rows without numbers.

use memchr::memmem;

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// The number of the first row, where it follows the last head.
const FIRST: &str = " 1\t";
/// A table has so many columns at least ...
const COLUMNS_MIN: usize = 3;
/// ... and so many rows.
const ROWS_MIN: usize = 2;
/// So many places are looked at where a first row may begin.
const FIRST_MAX: usize = 512;
/// A row is not longer, in bytes.
const ROW_BYTES_MAX: usize = 2000;
/// How tables begin.
const OPENINGS: [&str; 6] = ["STT", "Stt", "stt", "TT", "tt", "Tt"];

/// The ends of rows that became spaces.
pub(super) fn rows(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    let mut done = 0;
    for first in memmem::find_iter(text.as_bytes(), FIRST).take(FIRST_MAX) {
        if first < done {
            continue;
        }
        let ends = ends_from(text, first);
        if ends.len() < ROWS_MIN {
            continue;
        }
        let opening = opening_before(text, first, done);
        done = ends.last().copied().unwrap_or(first) + 1;
        let all = opening.into_iter().chain(ends);
        found.extend(all.map(|at| Replacement::new(Span::new(at, at + 1), "\n")));
    }
    found
}

/// The spaces before the numbers of the rows, from that of the first one on: each row has as many
/// cells as the heads.
fn ends_from(text: &str, first: usize) -> Vec<usize> {
    let heads = heads_before(text, first);
    let heads = memchr::memchr_iter(b'\t', heads.as_bytes()).count() + 1;
    let mut ends = Vec::new();
    if heads < COLUMNS_MIN {
        return ends;
    }
    let mut at = first;
    loop {
        ends.push(at);
        match next_end(text, at, heads, ends.len() + 1) {
            Some(end) => at = end,
            None => return ends,
        }
    }
}

/// The space before the number of the next row, which ends the last cell of this one.
fn next_end(text: &str, at: usize, heads: usize, number: usize) -> Option<usize> {
    let behind = text.get(at + 1..)?;
    let row = behind.get(..behind.floor_char_boundary(ROW_BYTES_MAX))?;
    let mut tabs = memchr::memchr_iter(b'\t', row.as_bytes());
    let last = tabs.nth(heads.checked_sub(2)?)?;
    let end = tabs.next()?;
    let number = format!(" {number}");
    let is_next = !row.get(..end)?.contains('\n') && row.get(last..end)?.ends_with(&number);
    is_next.then_some(at + 1 + end - number.len())
}

/// What stands on the line before the number of the first row.
fn heads_before(text: &str, first: usize) -> &str {
    let start = text.floor_char_boundary(first.saturating_sub(ROW_BYTES_MAX));
    let near = text.get(start..first).unwrap_or_default();
    near.rsplit('\n').next().unwrap_or_default()
}

/// The space before the first head, if the line has something before it.
fn opening_before(text: &str, first: usize, from: usize) -> Option<usize> {
    let line = heads_before(text, first);
    let heads = first - line.len();
    let cell = line.split('\t').next()?;
    let title = OPENINGS.iter().find_map(|head| cell.strip_suffix(head))?;
    let at = (heads + title.len()).checked_sub(1)?;
    (title.ends_with(' ') && at >= from).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        apply(text, &rows(text)).0
    }

    #[test]
    fn rows_on_one_line_are_parted() {
        assert_eq!(
            read(
                "DANH SÁCH STT\tHọ tên\tNơi ở 1\tLê Thử\tthôn 2 2\tVũ Mẫu\tthôn 3 3\tLý Ví\txóm Đồi Hết"
            ),
            "DANH SÁCH\nSTT\tHọ tên\tNơi ở\n1\tLê Thử\tthôn 2\n2\tVũ Mẫu\tthôn 3\n3\tLý Ví\txóm Đồi Hết"
        );
    }

    #[test]
    fn tables_with_lines_and_other_numbers_stay() {
        for text in [
            "STT\tHọ tên\tNơi ở\n1\tLê Thử\tthôn 1\n2\tVũ Mẫu\tthôn 2\n",
            "thôn 1\tđông\nthôn 2\ttây",
            "a 1\tb 2\tc",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
