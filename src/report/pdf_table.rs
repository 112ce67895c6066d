//! How does a table look on paper? Rows that go onto pages, each under its table's head.

use crate::report::document::{Align, Table};
use crate::report::layout::{PARAGRAPH_GAP_POINTS, TABLE_POINTS};
use crate::report::pdf_blocks::{CELL_SIDE, Column, Set, Setter, count, mark_at};
use crate::report::pdf_pages::{Mark, Piece};
use crate::report::pdf_text::{Face, Style};

/// Lines of one cell; what is longer ends in an ellipsis.
const CELL_LINES_MAX: usize = 500;
/// Rows of a table that is not torn apart.
pub(super) const SHORT_ROWS: usize = 5;
/// Lines of a row that is not torn apart; a higher one goes on on the next page.
pub(super) const TALL_LINES: usize = 15;
/// The space over and under a text in a cell.
const CELL_TOP: f32 = 2.0;
/// How thick lines are.
const LINE: f32 = 0.5;
const BLACK: (u8, u8, u8) = (0, 0, 0);

impl Setter<'_> {
    /// The pieces of a table.
    pub(super) fn table(&self, table: &Table) -> Vec<Piece> {
        let all: u16 = table.columns.iter().map(|column| column.width).sum();
        let mut left = self.column.left;
        let columns: Vec<Column> = table
            .columns
            .iter()
            .map(|column| {
                let width = self.column.width * f32::from(column.width) / f32::from(all.max(1));
                let here = Column { left, width };
                left += width;
                here
            })
            .collect();
        let heads = table
            .columns
            .iter()
            .map(|column| (column.head.as_str(), Set::Center));
        let bold = Style::new(Face::Bold, TABLE_POINTS);
        let mut head = self.whole_row(
            &columns,
            &self.cells(&columns, heads, bold),
            bold,
            Edge::Top,
        );
        let style = Style::new(Face::Regular, TABLE_POINTS);
        let mut pieces = self.caption(&table.caption);
        let repeated = Box::new(head.clone());
        head.keeps_next = true;
        pieces.push(head);
        let mut rows = Vec::new();
        for row in &table.rows {
            let cells = table.columns.iter().zip(row).map(|(column, text)| {
                let set = match column.align {
                    Align::Left => Set::Left,
                    Align::Center => Set::Center,
                    Align::Right => Set::Right,
                };
                (text.as_str(), set)
            });
            let mut row = self.row(&columns, cells, style);
            row.iter_mut()
                .for_each(|piece| piece.head = Some(repeated.clone()));
            rows.extend(row);
        }
        // A short table stays on one page.
        if table.rows.len() <= SHORT_ROWS && rows.len() == table.rows.len() {
            let rows = rows.iter_mut().rev().skip(1);
            rows.for_each(|row| row.keeps_next = true);
        }
        pieces.extend(rows);
        if table.rows.is_empty() {
            let italic = Style::new(Face::Italic, TABLE_POINTS);
            let none = [("Không có", Set::Center)].into_iter();
            pieces.extend(self.row(&[self.column], none, italic));
        }
        if let Some(last) = pieces.last_mut() {
            last.height += PARAGRAPH_GAP_POINTS;
        }
        pieces
    }

    /// The pieces of a row: one, or one for each line where it is high.
    fn row<'t>(
        &self,
        columns: &[Column],
        cells: impl Iterator<Item = (&'t str, Set)>,
        style: Style,
    ) -> Vec<Piece> {
        let texts = self.cells(columns, cells, style);
        let most = texts.iter().map(Vec::len).max().unwrap_or_default();
        if most <= TALL_LINES {
            return vec![self.whole_row(columns, &texts, style, Edge::Inside)];
        }
        let line = |at: usize| {
            let (is_first, is_last) = (at == 0, at + 1 == most);
            let top = if is_first { CELL_TOP } else { 0.0 };
            let end = if is_last { CELL_TOP } else { 0.0 };
            let height = top + style.line_height() + end;
            let here = texts.iter().filter_map(|lines| lines.get(at));
            let marks = here.flat_map(|line| line.marks.iter().map(|mark| mark_at(mark, top)));
            let mut marks: Vec<Mark> = marks.collect();
            marks.extend(frame(
                columns,
                height,
                if is_last { Edge::Inside } else { Edge::None },
            ));
            Piece {
                marks,
                height,
                // Two lines are never torn apart from the rest.
                keeps_next: is_first || at + 2 == most,
                closing: across(columns, height),
                ..Piece::default()
            }
        };
        (0..most).map(line).collect()
    }

    /// The lines of each cell.
    fn cells<'t>(
        &self,
        columns: &[Column],
        cells: impl Iterator<Item = (&'t str, Set)>,
        style: Style,
    ) -> Vec<Vec<Piece>> {
        let cells = columns.iter().zip(cells).map(|(column, (text, set))| {
            let inner = Setter {
                fonts: self.fonts,
                column: Column {
                    left: column.left + CELL_SIDE,
                    width: column.width - 2.0 * CELL_SIDE,
                },
            };
            let mut lines = inner.lines(text, style, set, 0.0);
            if lines.len() > CELL_LINES_MAX {
                lines.truncate(CELL_LINES_MAX - 1);
                lines.extend(inner.lines("…", style, set, 0.0));
            }
            lines
        });
        cells.collect()
    }

    /// A row as one piece, its texts in the middle.
    fn whole_row(
        &self,
        columns: &[Column],
        texts: &[Vec<Piece>],
        style: Style,
        edge: Edge,
    ) -> Piece {
        let most = texts.iter().map(Vec::len).max().unwrap_or_default().max(1);
        let height = count(most) * style.line_height() + 2.0 * CELL_TOP;
        let mut marks = Vec::new();
        for lines in texts {
            let high = count(lines.len()) * style.line_height();
            let mut y = (height - high) / 2.0;
            for line in lines {
                marks.extend(line.marks.iter().map(|mark| mark_at(mark, y)));
                y += style.line_height();
            }
        }
        marks.extend(frame(columns, height, edge));
        Piece {
            marks,
            height,
            ..Piece::default()
        }
    }
}

/// Which lines a row draws.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// Over it and under it.
    Top,
    /// Under it: the row above has drawn the other.
    Inside,
    /// None: the row goes on.
    None,
}

fn frame(columns: &[Column], height: f32, edge: Edge) -> Vec<Mark> {
    let below = (edge != Edge::None).then_some(height);
    let above = (edge == Edge::Top).then_some(0.0);
    let lines = [below, above].into_iter().flatten();
    let mut marks: Vec<Mark> = lines.filter_map(|y| across(columns, y)).collect();
    let right = columns.last().map(|last| last.left + last.width);
    let edges = columns.iter().map(|column| column.left).chain(right);
    let down = |x| Mark::Block {
        x,
        y: 0.0,
        width: LINE,
        height,
        shade: BLACK,
    };
    marks.extend(edges.map(down));
    marks
}

/// A line over all columns.
fn across(columns: &[Column], y: f32) -> Option<Mark> {
    let (first, last) = columns.first().zip(columns.last())?;
    Some(Mark::Block {
        x: first.left,
        y,
        width: last.left + last.width - first.left + LINE,
        height: LINE,
        shade: BLACK,
    })
}
