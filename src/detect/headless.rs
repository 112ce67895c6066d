//! Which tables without heads that are known hold people, by what stands in their cells?
//!
//! Never: tables whose heads tell; `table` reads those.

use crate::detect::cell::{content, has_long_number};
use crate::detect::columns::{Column, is_name, is_personal};
use crate::detect::fold::folded;
use crate::detect::grid::{Row, Sign};
use crate::detect::letter::is_letter;
use crate::detect::table::{Cell, Heads, Reading, SHOWING_ROWS, Table};
use crate::model::part::Span;

/// One name in so many opens with a common surname, at least.
const COMMON_SHARE: usize = 5;
/// So many names without diacritics are places if no common surname is among them.
const SHOWING_PLACES: usize = 4;

impl Reading<'_> {
    /// Whether a row numbers somebody: "số nhà 4" and "tái khám" are cells there, and no heads.
    pub(super) fn is_of_somebody(self, row: &Row, text: &str) -> bool {
        let mut written = row.cells.iter().map(|cell| cell.of(text));
        let number = written.next().unwrap_or_default();
        let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_numbered && written.any(|cell| self.names.is_surely_name(cell))
    }

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
        let is_headed = self.is_unknown_head(first, text) || self.is_partly_known(first, text);
        let sample: Vec<&Row> = if is_headed { behind } else { rows }
            .iter()
            .filter(|row| row.cells.len() == width)
            .take(SHOWING_ROWS)
            .collect();
        let known_head = |at: usize| {
            let head = first.cells.get(at).filter(|_| is_headed);
            head.and_then(|head| self.columns.column_of(head.of(text)))
        };
        let is_named = (0..width).any(|at| known_head(at).is_some_and(is_name));
        let column = |at: usize| {
            let head = first.cells.get(at).filter(|_| is_headed);
            known_head(at).or_else(|| {
                let shown = self.shown(&sample, at, text)?;
                let is_other = is_headed
                    && (is_of_anything(shown, &sample, at, text)
                        || shown == Column::Birth
                            && head.is_some_and(|head| is_of_task(head.of(text))));
                // Where a head tells of names, others stand over names of places.
                let is_place = is_named && is_name(shown);
                (!is_other && !is_place).then_some(shown)
            })
        };
        if Self::are_documents(&sample, text) {
            return None;
        }
        let columns = (0..width).map(|at| (String::new(), column(at)));
        let mut heads = Heads(columns.collect());
        self.name_small(&mut heads, &sample, text);
        self.split_names(&mut heads, &sample, text);
        if !heads.has(is_name) || !heads.has(is_personal) || self.are_places(&heads, &sample, text)
        {
            return None;
        }
        let span = Span::new(first.span.start, rows.last()?.span.end);
        let rows = rows.iter().map(|row| self.row(row, &heads, text));
        let mut rows: Vec<Vec<Cell>> = rows.collect();
        if is_headed {
            rows.remove(0);
        }
        self.mark_among(&mut rows, text, false);
        let heads = Vec::new();
        Some(Table { span, heads, rows })
    }

    /// Gives the column of names in small letters its due, where births or numbers of persons stand
    /// beside them: each cell alone would say too little.
    fn name_small(self, heads: &mut Heads, rows: &[&Row], text: &str) {
        let tells = |column| matches!(column, Column::Birth | Column::Identifier);
        if heads.has(is_name) || !heads.has(tells) {
            return;
        }
        let holds_names = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.cells.get(at));
            let written = cells
                .map(|cell| cell.of(text))
                .filter(|cell| !cell.is_empty());
            let (mut filled, mut named) = (0, 0);
            for cell in written {
                filled += 1;
                named += usize::from(self.names.may_be_small_name(cell));
            }
            named > 0 && 5 * named >= 3 * filled && self.has_common_surnames(rows, at, text)
        };
        let at = heads
            .0
            .iter()
            .enumerate()
            .position(|(at, (_, column))| column.is_none() && holds_names(at));
        if let Some((_, column)) = at.and_then(|at| heads.0.get_mut(at)) {
            *column = Some(Column::Name);
        }
    }

    /// Whether names without diacritics, of which none opens with a common surname and none has more
    /// than a year beside it, are rather those of places.
    fn are_places(self, heads: &Heads, rows: &[&Row], text: &str) -> bool {
        let column = |wanted| {
            heads
                .0
                .iter()
                .position(|(_, column)| *column == Some(wanted))
        };
        let (Some(name), Some(birth)) = (column(Column::Name), column(Column::Birth)) else {
            return false;
        };
        let mut names = rows.iter().filter_map(|row| row.cells.get(name));
        rows.len() >= SHOWING_PLACES
            && !heads.has(|column| column == Column::Identifier)
            && is_of_anything(Column::Birth, rows, birth, text)
            && names.all(|cell| cell.of(text).is_ascii())
            && !self.has_common_surnames(rows, name, text)
    }

    /// Whether enough cells of a column open with a surname that is hardly anything else: names of
    /// places are those of people too, but not so many of them.
    fn has_common_surnames(self, rows: &[&Row], at: usize, text: &str) -> bool {
        let cells = rows.iter().filter_map(|row| row.cells.get(at));
        let common = cells.filter(|cell| self.names.opens_with_common(cell.of(text)));
        COMMON_SHARE * common.count() >= rows.len()
    }

    /// Whether most rows bear the number of a document: "159/KH-UBND".
    fn are_documents(rows: &[&Row], text: &str) -> bool {
        let is_symbol = |cell: &Span| {
            let number = cell.of(text).split_once('/');
            number.is_some_and(|(number, symbol)| {
                number.bytes().all(|b| b.is_ascii_digit())
                    && symbol.contains('-')
                    && symbol.starts_with(is_letter)
                    && symbol.chars().count() <= 20
            })
        };
        let documents = rows.iter().filter(|row| row.cells.iter().any(is_symbol));
        2 * documents.count() > rows.len()
    }

    /// Whether two cells of a row are heads that are known.
    fn is_partly_known(self, row: &Row, text: &str) -> bool {
        let heads = row.cells.iter().map(|cell| cell.of(text));
        let known = heads.filter(|head| {
            self.columns
                .column_of(head)
                .is_some_and(|c| is_name(c) || is_personal(c))
        });
        known.count() >= 2 && !row.cells.iter().any(|cell| has_long_number(cell.of(text)))
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

/// Whether a head stands over the days of tasks, not of births: "Ngày trực".
fn is_of_task(head: &str) -> bool {
    let head = folded(head);
    head.starts_with("ngay ") && !head.contains("sinh")
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
        | Column::Family
        | Column::Given
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
    use crate::detect::columns::{Columns, HeadsAt};
    use crate::detect::layout::Layout;
    use crate::detect::person::Names;
    use crate::detect::table::{Reading, Tables};

    fn tables(text: &str) -> usize {
        let (columns, names) = (Columns::new().unwrap(), Names::new().unwrap());
        let reading = Reading {
            columns: &columns,
            names: &names,
            year_now: 2026,
            heads_at: &HeadsAt::Anywhere,
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
