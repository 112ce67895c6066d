//! How do the short fields of a body read when they stand side by side?
//!
//! In: fields with the steps to them. Out: one text, and where each field lies in it. The fields of
//! an object stand below one another, each behind its key; the objects of an array are the rows of
//! a table, their keys its heads; so are arrays of one array.
//!
//! Never: what the fields mean; `gathered` asks for that.

use std::collections::HashMap;

use crate::inspect::sheet_row::{Field, Row, alike, columns_of, raw_head, rows};
use crate::model::part::{Span, Step};

/// Rows with more cells are cut, so that a row cannot grow with its table.
const COLUMNS_MAX: usize = 64;

/// Fields side by side.
#[derive(Default)]
pub(super) struct Sheet {
    /// The text.
    pub text: String,
    /// Where the fields lie in it, in order.
    pub cells: Vec<Cell>,
    rows_count: usize,
}

/// A field's place in the text.
pub(super) struct Cell {
    /// Where.
    pub span: Span,
    /// Which reading it is.
    pub reading: Option<usize>,
    /// The object or line to which it belongs.
    pub row: usize,
}

impl Sheet {
    /// Puts the fields side by side.
    pub(super) fn of(fields: &[Field<'_>]) -> Self {
        let rows = rows(fields);
        let groups = alike(&rows);
        let mut sheet = Self::default();
        let mut rest = groups.as_slice();
        let mut last: Option<&Row<'_>> = None;
        while let Some((group, after)) = rest.split_first() {
            let columns = columns_of(rest);
            if columns.len() > 1 {
                sheet.write_columns(&columns);
                rest = rest.get(columns.len()..).unwrap_or_default();
                continue;
            }
            let object = std::mem::take(&mut last);
            match group.as_slice() {
                [list] if list.is_list() => {
                    // The array belongs to the object before it.
                    sheet.rows_count -= usize::from(object.is_some_and(|row| row.holds(list)));
                    sheet.write_list(list, after.first());
                    last = object;
                }
                rows if rows.iter().all(|row| row.has_no_heads()) => sheet.write_cells(rows),
                rows if rows.iter().all(|row| row.pair().is_some()) => sheet.write_pairs(rows),
                [row] => {
                    sheet.write_object(row);
                    last = Some(*row);
                }
                rows => sheet.write_table(rows),
            }
            rest = after;
        }
        sheet
    }

    /// An object: each field behind its key.
    fn write_object(&mut self, row: &Row<'_>) {
        for field in &row.fields {
            self.text.push_str(&raw_head(row.below(field)));
            self.text.push_str(": ");
            self.write(field);
            self.text.push('\n');
        }
        self.end_row();
        self.text.push('\n');
    }

    /// Objects that say what their value is: `{"name": "Họ và tên", "value": "…"}`.
    fn write_pairs(&mut self, rows: &[&Row<'_>]) {
        for (label, value) in rows.iter().filter_map(|row| row.pair()) {
            self.write(&label);
            self.text.push_str(": ");
            self.write(&value);
            self.text.push('\n');
        }
        self.end_row();
        self.text.push('\n');
    }

    /// The objects of an array, under their keys.
    fn write_table(&mut self, rows: &[&Row<'_>]) {
        let mut places: HashMap<&[Step], usize> = HashMap::new();
        let mut heads: Vec<String> = Vec::new();
        for (row, field) in rows
            .iter()
            .flat_map(|row| row.fields.iter().map(move |f| (row, f)))
        {
            if heads.len() < COLUMNS_MAX {
                places.entry(row.below(field)).or_insert_with(|| {
                    heads.push(words(&raw_head(row.below(field))));
                    heads.len() - 1
                });
            }
        }
        self.text.push_str(&format!("| {} |\n", heads.join(" | ")));
        for row in rows {
            let mut cells: Vec<Option<&Field<'_>>> = vec![None; heads.len()];
            for field in &row.fields {
                let place = places.get(row.below(field)).copied();
                if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
                    *cell = Some(field);
                }
            }
            self.write_row(cells.into_iter());
        }
        self.text.push('\n');
    }

    /// Arrays of one array.
    fn write_cells(&mut self, rows: &[&Row<'_>]) {
        for row in rows {
            self.write_row(row.fields.iter().take(COLUMNS_MAX).map(Some));
        }
        self.text.push('\n');
    }

    /// An array of strings: heads if as many cells follow in the arrays behind it.
    fn write_list(&mut self, list: &Row<'_>, next: Option<&Vec<&Row<'_>>>) {
        let is_head = next.and_then(|rows| rows.first()).is_some_and(|row| {
            !row.is_list() && row.has_no_heads() && row.fields.len() == list.fields.len()
        });
        if is_head {
            self.write_row(list.fields.iter().take(COLUMNS_MAX).map(Some));
            return;
        }
        for field in &list.fields {
            self.write(field);
            self.text.push('\n');
        }
        self.end_row();
        self.text.push('\n');
    }

    /// Arrays beside one another, of which each is a column.
    fn write_columns(&mut self, columns: &[&Row<'_>]) {
        let heads: Vec<String> = columns
            .iter()
            .map(|column| words(&raw_head(column.path)))
            .collect();
        self.text.push_str(&format!("| {} |\n", heads.join(" | ")));
        let rows_count = columns.first().map_or(0, |column| column.fields.len());
        for row in 0..rows_count {
            self.write_row(columns.iter().map(|column| column.fields.get(row)));
        }
        self.text.push('\n');
    }

    fn write_row<'f>(&mut self, cells: impl Iterator<Item = Option<&'f Field<'f>>>) {
        for cell in cells {
            self.text.push_str("| ");
            if let Some(field) = cell {
                self.write(field);
            }
            self.text.push(' ');
        }
        self.text.push_str("|\n");
        self.end_row();
    }

    /// Writes a field byte for byte, but for the signs that would end its cell.
    fn write(&mut self, field: &Field<'_>) {
        let start = self.text.len();
        let is_end = |c: char| matches!(c, '|' | '\n' | '\r' | '\t');
        let kept = field.text.chars().map(|c| if is_end(c) { ' ' } else { c });
        self.text.extend(kept);
        self.cells.push(Cell {
            span: Span::new(start, self.text.len()),
            reading: field.reading,
            row: self.rows_count,
        });
    }

    const fn end_row(&mut self) {
        self.rows_count += 1;
    }
}

/// The words of a key as programs write them: `ngaySinh` are two.
fn words(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    let mut before = ' ';
    for c in key.chars() {
        if before.is_lowercase() && c.is_uppercase() {
            words.push(' ');
        }
        words.push(c);
        before = c;
    }
    words.replace(['_', '-'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sheet of fields given as `a/0/b=text`.
    fn sheet(fields: &[&str]) -> String {
        let step = |step: &str| match (step, step.parse()) {
            ("!json", _) => Step::Json,
            (_, Ok(index)) => Step::Index(index),
            (key, Err(_)) => Step::Key(key.to_owned()),
        };
        let read: Vec<(Vec<Step>, &str)> = fields
            .iter()
            .map(|field| {
                let (way, text) = field.split_once('=').unwrap();
                (way.split('/').map(step).collect(), text)
            })
            .collect();
        let fields: Vec<Field<'_>> = read
            .iter()
            .enumerate()
            .map(|(at, (steps, text))| Field {
                reading: Some(at),
                steps,
                text,
            })
            .collect();
        let sheet = Sheet::of(&fields);
        let mut cells: Vec<(usize, &str)> = sheet
            .cells
            .iter()
            .map(|cell| (cell.reading.unwrap(), cell.span.of(&sheet.text)))
            .collect();
        cells.sort_unstable();
        let texts = read.iter().map(|(_, text)| text.replace('|', " "));
        let texts: Vec<String> = texts.collect();
        assert_eq!(
            cells.iter().map(|(_, text)| *text).collect::<Vec<_>>(),
            texts
        );
        sheet.text
    }

    #[test]
    fn objects_are_lines_and_arrays_of_objects_are_tables() {
        assert_eq!(sheet(&["a=1", "b/c=2|3"]), "a: 1\nb c: 2 3\n\n");
        assert_eq!(
            sheet(&["x/0/hoTen=A", "x/0/y/nam_sinh=1", "x/1/hoTen=B", "x/1/d=2"]),
            "| ho Ten | y nam sinh | d |\n| A | 1 |  |\n| B |  | 2 |\n\n"
        );
    }

    #[test]
    fn arrays_of_arrays_are_tables_with_the_heads_before_them() {
        assert_eq!(
            sheet(&["0/0=A", "0/1=B", "1/0=C", "1/1=D"]),
            "| A | B |\n| C | D |\n\n"
        );
        assert_eq!(
            sheet(&["h/0=A", "h/1=B", "r/0/0=C", "r/0/1=D"]),
            "| A | B |\n| C | D |\n\n"
        );
    }

    #[test]
    fn arrays_beside_one_another_are_columns_and_others_are_lines() {
        assert_eq!(
            sheet(&["a/0=1", "a/1=2", "b/0=3", "b/1=4"]),
            "| a | b |\n| 1 | 3 |\n| 2 | 4 |\n\n"
        );
        assert_eq!(sheet(&["a/0=1", "a/1=2"]), "1\n2\n\n");
    }

    #[test]
    fn labels_in_values_and_texts_opened_inside_are_read() {
        assert_eq!(
            sheet(&[
                "f/0/name=Họ tên",
                "f/0/value=A",
                "f/1/name=Sinh",
                "f/1/value=B"
            ]),
            "Họ tên: A\nSinh: B\n\n"
        );
        assert_eq!(
            sheet(&["m/0/c/!json/a=1", "m/1/c/!json/a=2"]),
            "a: 1\n\na: 2\n\n"
        );
    }
}
