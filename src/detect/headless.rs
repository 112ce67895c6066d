//! Which tables without heads that are known hold people, by what stands in their cells?
//!
//! Never: tables whose heads tell; `table` reads those.

use crate::detect::cell::content;
use crate::detect::columns::{Column, is_personal};
use crate::detect::fold::folded;
use crate::detect::grid::{Row, Sign};
use crate::detect::letter::is_letter;
use crate::detect::table::{Heads, Reading, SHOWING_ROWS, Table, has_long_number};
use crate::model::part::Span;

impl Reading<'_> {
    /// Rows whose cells show a column of names and a personal one.
    pub(super) fn headless(self, rows: &[Row], text: &str, sign: Sign) -> Option<Table> {
        let (first, behind) = rows.split_first()?;
        let width = first.cells.len();
        let least = match sign {
            Sign::Pipe | Sign::Tab | Sign::Tags => 2,
            Sign::Semicolon | Sign::Comma | Sign::Spaces => 3,
        };
        // Lines with commas are sentences or are read as such.
        if rows.len() < least || width < 2 || sign == Sign::Comma {
            return None;
        }
        let is_headed = self.is_unknown_head(first, text);
        let sample: Vec<&Row> = if is_headed { behind } else { rows }
            .iter()
            .filter(|row| row.cells.len() == width)
            .take(SHOWING_ROWS)
            .collect();
        let column = |at: usize| {
            let head = first.cells.get(at).filter(|_| is_headed);
            let known = head.and_then(|head| self.columns.column_of(head.of(text)));
            known.or_else(|| {
                let shown = self.shown(&sample, at, text)?;
                (!is_headed || !is_of_anything(shown, &sample, at, text)).then_some(shown)
            })
        };
        let columns: Vec<Option<Column>> = (0..width).map(column).collect();
        let has = |wanted: fn(Column) -> bool| columns.iter().flatten().any(|c| wanted(*c));
        if !has(|column| column == Column::Name) || !has(is_personal) {
            return None;
        }
        let heads = Heads(columns.into_iter().map(|c| (String::new(), c)).collect());
        let span = Span::new(first.span.start, rows.last()?.span.end);
        let rows = rows.iter().map(|row| self.row(row, &heads, text)).collect();
        let heads = Vec::new();
        Some(Table { span, heads, rows })
    }

    /// Whether the row has heads, though none that tells of people: words in every cell.
    fn is_unknown_head(self, row: &Row, text: &str) -> bool {
        row.cells.iter().all(|cell| {
            let cell = cell.of(text);
            cell.chars().any(is_letter)
                && !has_long_number(cell)
                && content(cell, self.names, 0).is_none()
        })
    }
}

/// Whether the cells are such as anything has under a head that is not known: books and streets
/// have years, firms and matches have communes.
fn is_of_anything(column: Column, rows: &[&Row], at: usize, text: &str) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.cells.get(at));
    match column {
        Column::Birth => cells.all(|cell| cell.of(text).len() <= 4),
        Column::Address => cells.all(|cell| {
            let cell = folded(cell.of(text));
            ["xa ", "phuong ", "duong ", "khu "]
                .iter()
                .any(|wide| cell.starts_with(wide))
                && !cell.contains(',')
        }),
        Column::NotPersonal
        | Column::Name
        | Column::Age
        | Column::Identifier
        | Column::Contact
        | Column::Health
        | Column::Welfare
        | Column::Student
        | Column::Secret
        | Column::Office
        | Column::Private => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::columns::Columns;
    use crate::detect::layout::Layout;
    use crate::detect::person::Names;
    use crate::detect::table::{Reading, Tables};

    fn tables(text: &str) -> usize {
        let (columns, names) = (Columns::new(), Names::new().unwrap());
        let reading = Reading {
            columns: &columns,
            names: &names,
            year_now: 2026,
            has_heads: true,
        };
        Tables::new(&Layout::new(text), reading).tables.len()
    }

    #[test]
    fn cells_tell_of_people_where_no_head_does() {
        for rows in [
            "Nguyễn Văn Thử\t1980\nTrần Thị Mẫu\t1985\n",
            "khách\tnơi ở\nNguyễn Văn Thử\tthôn Mẫu\nTrần Thị Mẫu\tthôn Mẫu\n",
            "khách\tmã\nNguyễn Văn Thử\t001080000001\nTrần Thị Mẫu\t001185000001\n",
        ] {
            assert_eq!(tables(rows), 1, "{rows}");
        }
    }

    #[test]
    fn books_streets_and_matches_have_names_years_and_communes_too() {
        for rows in [
            "Sách\tNgười viết\tNăm\nLuật\tNguyễn Văn Thử\t1990\nSổ tay\tTrần Thị Mẫu\t1995\n",
            "Tuyến\tĐoạn qua\nNguyễn Văn Thử\txã Ví Dụ\nTrần Thị Mẫu\txã Ví Dụ\n",
            "Đội\tTrọng tài\nXã Ví Dụ\tNguyễn Văn Thử\nXã Mẫu\tTrần Thị Mẫu\n",
        ] {
            assert_eq!(tables(rows), 0, "{rows}");
        }
    }
}
