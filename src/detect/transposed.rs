//! Which tables hold a person in each column, with the labels in the first: "Họ tên | bên nam | bên
//! nữ"?
//!
//! Never: what the cells mean; `table` tells that of the rows that the columns become.

use crate::detect::cell::has_long_number;
use crate::detect::columns::{Column, is_personal};
use crate::detect::grid::{Block, Row, Sign};
use crate::detect::table::{Reading, Table};
use crate::model::part::Span;

/// A person is told in so many lines at most.
const LINES_MAX: usize = 40;
/// One column of labels, and two people.
const WIDTH_MIN: usize = 3;

impl Reading<'_> {
    /// The tables of a block whose rows, or columns, are people.
    pub(super) fn either_way(self, block: &Block, text: &str) -> Vec<Table> {
        let turned = self.transposed(block, text);
        match turned.is_empty() {
            true => self.tables_of(block, text),
            false => turned,
        }
    }

    /// The table of people whose columns are those of the block, if its first holds their labels.
    fn transposed(self, block: &Block, text: &str) -> Vec<Table> {
        let rows = block.rows.as_slice();
        let width = rows.first().map_or(0, |row| row.cells.len());
        let is_grid = matches!(block.sign, Sign::Pipe | Sign::Tab | Sign::Tags);
        if !is_grid
            || width < WIDTH_MIN
            || !(2..=LINES_MAX).contains(&rows.len())
            || rows.iter().any(|row| row.cells.len() != width)
            || !self.are_labels(rows, text)
        {
            return Vec::new();
        }
        let Some(whole) = rows.first().zip(rows.last()) else {
            return Vec::new();
        };
        let span = Span::new(whole.0.span.start, whole.1.span.end);
        let turned = (0..width).map(|at| Row {
            span,
            cells: rows
                .iter()
                .filter_map(|row| row.cells.get(at).copied())
                .collect(),
        });
        let turned = Block {
            sign: block.sign,
            rows: turned.collect(),
        };
        self.tables_of(&turned, text)
    }

    /// Whether the first cells of the rows are labels, the names beside theirs among them.
    fn are_labels(self, rows: &[Row], text: &str) -> bool {
        let mut is_named = false;
        let mut is_told = false;
        for row in rows {
            let Some((label, cells)) = row.cells.split_first() else {
                return false;
            };
            let label = label.of(text);
            if has_long_number(label) || self.names.is_surely_name(label) {
                return false;
            }
            match self.columns.column_of(label) {
                Some(Column::Name) => {
                    let filled = cells.iter().filter(|cell| !cell.is_empty());
                    let count = filled.clone().count();
                    let mut names = filled.map(|cell| self.names.in_cell(text, *cell).is_some());
                    is_named |= count >= 2 && names.all(|is_name| is_name);
                }
                Some(column) => is_told |= is_personal(column),
                None => {}
            }
        }
        is_named && is_told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::columns::{Columns, HeadsAt};
    use crate::detect::layout::Layout;
    use crate::detect::person::Names;
    use crate::detect::table::Tables;

    #[test]
    fn people_stand_in_columns() {
        let (columns, names) = (Columns::new().unwrap(), Names::new().unwrap());
        let reading = Reading {
            columns: &columns,
            names: &names,
            year_now: 2026,
            heads_at: &HeadsAt::Anywhere,
        };
        let text = "| Thông tin | Bên nam | Bên nữ |\n|---|---|---|\n| Họ, chữ đệm, tên | Lê Văn Thử | Trần Thị Mẫu |\n| Ngày sinh | 1/2/1980 | 3/4/1982 |\n";
        let found = Tables::new(&Layout::new(text), reading);
        assert_eq!(found.tables.len(), 1);
        assert_eq!(found.tables[0].rows.len(), 2);
    }
}
