//! Which tables of the text hold people, and what is in their columns?
//!
//! In: the text's lines. Out: tables with a column of names and a personal one, known by their
//! heads or, without heads, by what stands in the cells.
//!
//! Never: findings; `roster` makes those.

use crate::detect::cell::{content, has_long_number};
use crate::detect::columns::{
    Column, Columns, HeadsAt, is_name, is_of_payment, is_of_person, is_of_thing, is_personal,
    is_plain, tells_person,
};
use crate::detect::fold::folded;
use crate::detect::grid::{self, Block, Row, Sign};
use crate::detect::layout::Layout;
use crate::detect::person::Names;
use crate::detect::relative::is_of_kin;
use crate::model::part::Span;

/// The heads of payments and passwords are no longer.
const HEAD_CHARS_MAX: usize = 40;
/// So many heads that are known leave no doubt.
const KNOWN_HEADS: usize = 3;
/// So many rows show what a column without a head holds.
pub(super) const SHOWING_ROWS: usize = 12;

/// A cell and what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Where.
    pub span: Span,
    /// What its column holds.
    pub column: Option<Column>,
    /// Whether it stands in a column of names.
    pub is_among: bool,
}

/// A table of people.
#[derive(Debug)]
pub(super) struct Table {
    /// From its head to its last row.
    pub span: Span,
    /// The heads, where there are any.
    pub heads: Vec<String>,
    /// The cells of each row.
    pub rows: Vec<Vec<Cell>>,
}

/// All tables of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// The tables.
    pub tables: Vec<Table>,
}

/// What tells tables of people from others.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The heads that are known.
    pub columns: &'a Columns,
    /// What is known of names.
    pub names: &'a Names,
    /// Bounds years of birth.
    pub year_now: i32,
    /// Where words may stand that head columns.
    pub heads_at: &'a HeadsAt,
}

impl Tables {
    /// Finds the tables of people.
    pub(super) fn new(layout: &Layout<'_>, reading: Reading<'_>) -> Self {
        let text = layout.text();
        let mut tables: Vec<Table> = grid::blocks(layout, reading.heads_at.are_any())
            .iter()
            .flat_map(|block| reading.either_way(block, text))
            .collect();
        tables.extend(reading.stacked(layout));
        tables.extend(reading.arrays(text));
        tables.retain(|table| reading.tells(table, text));
        tables.sort_by_key(|table| table.span);
        tables.dedup_by(|later, earlier| later.span.overlaps(earlier.span));
        Self { tables }
    }

    /// The table in which a byte stands.
    pub(super) fn at(&self, at: usize) -> Option<&Table> {
        let after = self.tables.partition_point(|table| table.span.start <= at);
        let table = self.tables.get(after.checked_sub(1)?)?;
        (at < table.span.end).then_some(table)
    }

    /// The cell in which a span stands, with the head of its column.
    pub(super) fn cell_at(&self, span: Span) -> Option<(Span, &str)> {
        let table = self.at(span.start)?;
        let after = table.rows.partition_point(|row| {
            row.first()
                .is_some_and(|cell| cell.span.start <= span.start)
        });
        let row = table.rows.get(after.checked_sub(1)?)?;
        let column = row.iter().position(|cell| cell.span.contains(span))?;
        let head = table
            .heads
            .get(column)
            .filter(|_| row.len() == table.heads.len());
        Some((row.get(column)?.span, head.map_or("", String::as_str)))
    }
}

impl Reading<'_> {
    /// Whether anybody is named in the table, or passwords stand in it; or organisations, whose heads
    /// and addresses are nobody's home.
    fn tells(self, table: &Table, text: &str) -> bool {
        let mut columns = table.rows.iter().flatten().map(|cell| cell.column);
        if columns.clone().any(|c| c == Some(Column::NotPersonal))
            && !columns.clone().flatten().any(is_name)
        {
            return true;
        }
        columns.any(|column| column == Some(Column::Secret))
            || table
                .rows
                .iter()
                .any(|row| !self.names.in_row(text, row).is_empty())
    }

    /// The tables of a block: a new one begins with every row of heads.
    pub(super) fn tables_of(self, block: &Block, text: &str) -> Vec<Table> {
        let mut found = Vec::new();
        if block.sign == Sign::Comma && !self.heads_at.are_any() {
            // Without heads these are sentences.
            return found;
        }
        let mut from = 0;
        let mut heads: Option<Heads> = None;
        for (at, row) in block.rows.iter().enumerate() {
            if let Some(next) = self.heads(row, text, block.sign) {
                found.extend(self.table(heads.as_ref(), block, from..at, text));
                heads = Some(next);
                from = at;
            }
        }
        found.extend(self.table(heads.as_ref(), block, from..block.rows.len(), text));
        found
    }

    /// The rows of a block as one table, under its heads if it has any.
    fn table(
        self,
        heads: Option<&Heads>,
        block: &Block,
        rows: std::ops::Range<usize>,
        text: &str,
    ) -> Option<Table> {
        let all = block.rows.get(rows)?;
        let Some(heads) = heads else {
            return self.headless(all, text, block.sign);
        };
        let (first, mut rest) = all.split_first()?;
        let mut heads = heads.clone();
        while let Some((row, behind)) = rest.split_first()
            && heads.take_second_line(row, text, self)
        {
            rest = behind;
        }
        let sample: Vec<&Row> = rest
            .iter()
            .filter(|row| row.cells.len() == heads.0.len())
            .take(SHOWING_ROWS)
            .collect();
        let is_named = heads.has(is_name);
        let is_born = heads.has(|column| column == Column::Birth);
        let is_told = heads.has(is_personal);
        let is_unnamed = !heads.has(is_name)
            && heads.has(|c| matches!(c, Column::Birth | Column::Identifier | Column::Health));
        for (at, (head, column)) in heads.0.iter_mut().enumerate() {
            // "Nam" and "Nữ" head the years of birth of men and women.
            let is_of_sex = matches!(folded(head).as_str(), "nam" | "nu");
            if (head.is_empty() || is_of_sex) && column.is_none() {
                *column = self.shown(&sample, at, text);
            } else if (!is_named && is_of_person(head) || is_unnamed && column.is_none())
                && !is_of_thing(head)
            {
                // Whatever the head of the names says.
                let shown = self.shown(&sample, at, text);
                let shown = shown.filter(|shown| *shown == Column::Name);
                let may_be = is_told && tells_person(head) && self.shows_names(&sample, at, text);
                *column = shown.or(may_be.then_some(Column::Name)).or(*column);
            } else if column.is_none_or(|c| c == Column::Student) && is_of_kin(head) {
                *column = self.shown(&sample, at, text).or(Some(Column::Name));
            } else if !is_told && column.is_none() {
                let shown = self.shown(&sample, at, text);
                *column = shown.filter(|shown| *shown == Column::Identifier);
            }
        }
        self.split_names(&mut heads, &sample, text);
        let span = Span::new(first.span.start, all.last()?.span.end);
        let rows = rest.iter().map(|row| self.row(row, &heads, text));
        let mut rows: Vec<Vec<Cell>> = rows.collect();
        self.mark_among(&mut rows, text, is_born);
        let heads = heads.0.into_iter().map(|(head, _)| head).collect();
        Some(Table { span, heads, rows })
    }

    /// A row under its heads. Where a cell is missing or too many, the cells tell themselves.
    pub(super) fn row(self, row: &Row, heads: &Heads, text: &str) -> Vec<Cell> {
        let fits = row.cells.len() == heads.0.len();
        let known = |at: usize| heads.0.get(at).and_then(|(_, column)| *column);
        let column = |(at, span): (usize, &Span)| Cell {
            span: *span,
            column: if fits {
                known(at)
            } else {
                content(span.of(text), self.names, self.year_now)
            },
            is_among: false,
        };
        row.cells.iter().enumerate().map(column).collect()
    }

    /// What most cells of a column show.
    pub(super) fn shown(self, rows: &[&Row], at: usize, text: &str) -> Option<Column> {
        let mut shown: Vec<(Column, usize)> = Vec::new();
        let mut filled = 0;
        for cell in rows.iter().filter_map(|row| row.cells.get(at)) {
            let written = cell.of(text);
            filled += usize::from(!written.is_empty());
            let Some(column) = content(written, self.names, self.year_now) else {
                continue;
            };
            match shown.iter_mut().find(|(known, _)| *known == column) {
                Some((_, count)) => *count += 1,
                None => shown.push((column, 1)),
            }
        }
        let (column, count) = shown.into_iter().max_by_key(|(_, count)| *count)?;
        (5 * count >= 3 * filled).then_some(column)
    }

    /// The heads, if the row is the head of a table with personal columns.
    fn heads(self, row: &Row, text: &str, sign: Sign) -> Option<Heads> {
        let written = || row.cells.iter().map(|cell| cell.of(text));
        let is_short = !matches!(sign, Sign::Comma | Sign::Spaces)
            && written().all(|cell| cell.chars().count() <= HEAD_CHARS_MAX);
        let is_prose = matches!(sign, Sign::Comma | Sign::Semicolon) && !is_short;
        if row.cells.len() < 2
            || is_prose && !self.heads_at.may_stand_in(row.span)
            || written().any(has_long_number)
        {
            return None;
        }
        let heads: Vec<(String, Option<Column>)> = written()
            .map(|head| (head.to_owned(), self.columns.column_of(head)))
            .collect();
        let count = |wanted: fn(Column) -> bool| {
            let columns = heads.iter().filter_map(|(_, column)| *column);
            columns.filter(|column| wanted(*column)).count()
        };
        let names = count(|column| column == Column::Name) + self.persons_headed(&heads, sign);
        let personal = count(is_personal);
        let known = names + personal + count(|c| matches!(c, Column::Office | Column::Private));
        let plain = heads.iter().filter(|(head, _)| is_plain(head)).count();
        let is_head = match sign {
            // Prose has commas and semicolons too: nearly all heads must be known.
            Sign::Comma | Sign::Semicolon => {
                names >= 1 && personal >= 1 && 3 * (known + plain) >= 2 * heads.len()
            }
            // A form has labels with colons.
            Sign::Spaces => {
                names >= 1
                    && personal >= 1
                    && heads.len() >= 3
                    && !written().any(|h| h.contains(':'))
            }
            Sign::Pipe | Sign::Tab | Sign::Tags => {
                let mut unknown = heads.iter().filter(|(_, column)| column.is_none());
                names >= 1
                    && personal >= 1
                    && (known >= KNOWN_HEADS
                        || !unknown.any(|(head, _)| self.names.is_surely_name(head)))
                    || personal >= 2
            }
        };
        let offices = count(|column| column == Column::NotPersonal);
        let is_wide = matches!(sign, Sign::Pipe | Sign::Tab | Sign::Tags) && heads.len() >= 3;
        let is_of_offices = offices >= 1
            && (personal >= 1 && 2 * (known + plain + offices) > heads.len()
                || names == 0
                    && is_wide
                    && !written().any(|h| h.contains(|c: char| c.is_ascii_digit())));
        // Accounts are no people, but their passwords stand under a head too.
        let has_secret = count(|column| column == Column::Secret) >= 1;
        let is_payment = is_short && written().any(is_of_payment) && written().any(is_of_person);
        let is_list = is_wide && is_short && names >= 1;
        let may_head = is_head || is_list || is_payment || is_of_offices || has_secret && is_short;
        (may_head && !self.is_of_somebody(row, text)).then_some(Heads(heads))
    }
}

/// The heads of a table and what their columns hold.
#[derive(Clone)]
pub(super) struct Heads(pub(super) Vec<(String, Option<Column>)>);

impl Heads {
    /// Whether a column of such a kind is there.
    pub(super) fn has(&self, wanted: fn(Column) -> bool) -> bool {
        self.0.iter().any(|(_, column)| column.is_some_and(wanted))
    }

    /// Takes a second line of heads, as "Nam" and "Nữ" below "Ngày sinh"; a row of people or of
    /// numbers is none.
    fn take_second_line(&mut self, row: &Row, text: &str, reading: Reading<'_>) -> bool {
        let written = || row.cells.iter().map(|cell| cell.of(text));
        let is_head = written().all(|cell| {
            !cell.starts_with(|c: char| c.is_ascii_digit())
                && !has_long_number(cell)
                && !reading.names.is_surely_name(cell)
        });
        let is_sparse = written().any(str::is_empty) || row.cells.len() < self.0.len();
        if !is_head || !is_sparse || written().all(str::is_empty) && self.0.len() != row.cells.len()
        {
            return false;
        }
        if row.cells.len() == self.0.len() {
            let mut over = None;
            for ((head, column), below) in self.0.iter_mut().zip(written()) {
                if !head.is_empty() {
                    over = *column;
                } else if !below.is_empty() {
                    // A head over two columns stands over the first of them only.
                    *column = reading
                        .columns
                        .column_of(below)
                        .filter(|c| *c != Column::Private)
                        .or(over);
                    head.push_str(below);
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Tables {
        let (columns, names) = (Columns::new().unwrap(), Names::new().unwrap());
        let reading = Reading {
            columns: &columns,
            names: &names,
            year_now: 2026,
            heads_at: &HeadsAt::Anywhere,
        };
        Tables::new(&Layout::new(text), reading)
    }

    #[test]
    fn tables_of_people_are_found_with_every_sign() {
        for sign in ["|", "\t", ";", ",", "   "] {
            let text =
                format!("STT{sign}Họ và tên{sign}Năm sinh\n1{sign}Nguyễn Văn Thử{sign}1980\n");
            let found = tables(&text);
            assert_eq!(found.tables.len(), 1, "{sign:?}");
            let at = text.find("1980").unwrap();
            let cell = Span::new(at, at + 4);
            assert_eq!(found.cell_at(cell), Some((cell, "Năm sinh")));
        }
    }

    #[test]
    fn tables_without_heads_and_cell_below_cell_are_found() {
        for text in [
            "1\tNguyễn Văn Thử\t1980\n2\tTrần Thị Mẫu\t1985\n",
            "STT\nHọ và tên\nNăm sinh\n1\nNguyễn Văn Thử\n1980\n2\nTrần Thị Mẫu\n1985\n",
            "<table><tr><td>Họ tên</td><td>Năm sinh</td></tr><tr><td>Nguyễn Văn Thử</td><td>1980</td></tr><tr><td>Trần Thị Mẫu</td><td>1985</td></tr></table>",
        ] {
            let found = tables(text);
            assert_eq!(found.tables.len(), 1, "{text}");
            assert_eq!(found.tables[0].rows.len(), 2, "{text}");
        }
    }

    #[test]
    fn tables_of_tasks_and_lists_of_words_are_none() {
        for text in [
            "STT\tNội dung nhiệm vụ\tĐơn vị chủ trì\n1\tTuyên truyền\tPhòng Văn hóa\n",
            "| Số hiệu | Tên văn bản |\n|---|---|\n| 1 | Luật |\n",
            "ghi rõ họ và tên, địa chỉ của người tố cáo rút tố cáo, cách thức liên hệ, nội dung\na, b, c\n",
        ] {
            assert!(tables(text).tables.is_empty(), "{text}");
        }
    }
}
