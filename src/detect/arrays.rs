//! Which arrays of a program stand beside one another as the columns of a table of people?
//!
//! `names = ["Nguyễn Văn Thử", "Trần Thị Mẫu"]` and `years = [1980, 1985]` are two rows.
//!
//! Never: what the cells mean; `headless` tells it by what stands in them.

use crate::detect::grid::{Block, Row, Sign};
use crate::detect::letter::is_of_word;
use crate::detect::table::{Reading, Table};
use crate::model::part::Span;

/// An array is not longer, in bytes ...
const ARRAY_BYTES_MAX: usize = 8 * 1024;
/// ... and stands so near to the next of its table.
const REACH: usize = 240;
/// A string is not longer, in bytes.
const STRING_BYTES_MAX: usize = 160;
/// The name of an array is not longer, in bytes.
const HEAD_BYTES_MAX: usize = 40;
/// A table has so many arrays at most.
const ARRAYS_MAX: usize = 16;

/// An array and its elements, without their quotes.
struct Array {
    span: Span,
    /// The word that names it.
    head: Span,
    elements: Vec<Span>,
}

impl Reading<'_> {
    /// The tables of people whose columns are arrays.
    pub(super) fn arrays(self, text: &str) -> Vec<Table> {
        let mut found = Vec::new();
        let mut group: Vec<Array> = Vec::new();
        let mut from = 0;
        while let Some(at) = next_bracket(text, from) {
            let array = match array_at(text, at) {
                Ok(array) => array,
                Err(end) => {
                    from = end.max(at + 1);
                    continue;
                }
            };
            from = array.span.end;
            let goes_on = group.last().is_some_and(|last| {
                last.elements.len() == array.elements.len()
                    && array.span.start <= last.span.end + REACH
                    && group.len() < ARRAYS_MAX
            });
            if !goes_on {
                found.extend(self.of_columns(&std::mem::take(&mut group), text));
            }
            group.push(array);
        }
        found.extend(self.of_columns(&group, text));
        found
    }

    /// The table whose columns the arrays are.
    fn of_columns(self, arrays: &[Array], text: &str) -> Vec<Table> {
        let (Some(first), Some(last)) = (arrays.first(), arrays.last()) else {
            return Vec::new();
        };
        if arrays.len() < 2 {
            return Vec::new();
        }
        let span = Span::new(first.span.start, last.span.end);
        let row = |at: usize| Row {
            span,
            cells: arrays
                .iter()
                .filter_map(|array| array.elements.get(at).copied())
                .collect(),
        };
        let heads = Row {
            span,
            // What a word of the program says that is not known, the elements show.
            cells: arrays
                .iter()
                .map(|array| match self.columns.column_of(array.head.of(text)) {
                    Some(_) => array.head,
                    None => Span::new(array.head.end, array.head.end),
                })
                .collect(),
        };
        let rows = (0..first.elements.len()).map(row);
        let block = Block {
            sign: Sign::Tab,
            rows: std::iter::once(heads).chain(rows).collect(),
        };
        self.tables_of(&block, text)
    }
}

/// Where the next bracket opens that may be an array's.
fn next_bracket(text: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let at = from + memchr::memchr3(b'[', b'(', b'{', text.as_bytes().get(from..)?)?;
        let before = text.get(..at)?.trim_end_matches([' ', '\n']);
        let is_call = || {
            [
                "=", "array", "asList", ".of", " c", "new[]", "String[]", "list",
            ]
            .iter()
            .any(|lead| before.ends_with(lead))
        };
        if text.as_bytes().get(at) == Some(&b'[') || is_call() {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The array that opens at a bracket: two strings or numbers at least, parted by commas. Where
/// there is none, the place up to which it was looked for.
fn array_at(text: &str, at: usize) -> Result<Array, usize> {
    let most = text.floor_char_boundary(at + ARRAY_BYTES_MAX);
    let whole = text.get(at..most).unwrap_or_default();
    let mut elements = Vec::new();
    let mut rest = whole.get(1..).unwrap_or_default().trim_start();
    loop {
        let begun = at + whole.len() - rest.len();
        let (element, behind) = element_of(rest).ok_or(begun)?;
        elements.push(span_within(text, element));
        rest = behind.trim_start();
        rest = rest.strip_prefix(',').map_or(rest, str::trim_start);
        if rest.starts_with([']', ')', '}']) {
            let end = at + whole.len() - rest.len() + 1;
            let span = Span::new(at, end);
            let is_array = elements.len() >= 2;
            let head = head_of(text, at);
            return is_array
                .then_some(Array {
                    span,
                    head,
                    elements,
                })
                .ok_or(end);
        }
    }
}

/// The word that names the array: `names = [`, `"Họ tên": [`.
fn head_of(text: &str, at: usize) -> Span {
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| !is_of_word(c) && c != '\n');
    let near = before.ceil_char_boundary(before.len().saturating_sub(HEAD_BYTES_MAX));
    let lead = before.get(near..).unwrap_or_default();
    let length = lead
        .rsplit(['\n', '"', '\'', ',', '{', ';'])
        .next()
        .map_or(0, str::len);
    let words = lead
        .get(lead.len() - length..)
        .unwrap_or_default()
        .trim_start();
    // "String[] hoTen = {": the kind of a variable stands before its name.
    let sign = text.get(before.len()..at).unwrap_or_default();
    let name = match words.rsplit_once(' ') {
        Some((_, name)) if sign.contains('=') => name,
        Some(_) | None => words,
    };
    Span::new(before.len() - name.len(), before.len())
}

/// The element with which the text begins, without its quotes, and what stands behind it.
fn element_of(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next()?;
    match quote {
        '"' | '\'' => {
            let inside = text.get(1..)?;
            let length = quoted(inside, quote)?;
            Some((inside.get(..length)?, inside.get(length + 1..)?))
        }
        '0'..='9' => text.split_at_checked(text.find([',', ']', ')', '}', '\n', ' '])?),
        _ => None,
    }
}

/// Where a part of the text stands in it.
fn span_within(text: &str, part: &str) -> Span {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    Span::new(start, start + part.len())
}

/// How long a string is that ends with a quote: behind it stands a comma or a bracket.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let near = text.get(..text.floor_char_boundary(STRING_BYTES_MAX))?;
    let mut places = near.match_indices(quote).map(|(at, _)| at);
    places.find(|at| {
        let behind = text.get(at + 1..).unwrap_or_default().trim_start();
        behind.starts_with([',', ']', ')', '}'])
    })
}
