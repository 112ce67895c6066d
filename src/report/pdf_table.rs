//! How does a table look on paper? Rows that go onto pages, each under its table's head.

use crate::report::document::{Align, Table};
use crate::report::layout::{PARAGRAPH_GAP_POINTS, TABLE_POINTS};
use crate::report::pdf_blocks::{CELL_SIDE, Column, Set, Setter, count, mark_at};
use crate::report::pdf_pages::{Mark, Piece};
use crate::report::pdf_text::{Face, Style};

/// Lines of one cell; what is longer ends in an ellipsis.
const CELL_LINES_MAX: usize = 30;
/// Rows of a table that is not torn apart.
pub(super) const SHORT_ROWS: usize = 8;
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
        let mut head = self.row(&columns, heads, bold, Edge::Top);
        let style = Style::new(Face::Regular, TABLE_POINTS);
        let mut pieces = self.caption(&table.caption);
        let repeated = Box::new(head.clone());
        head.keeps_next = true;
        pieces.push(head);
        for row in &table.rows {
            let cells = table.columns.iter().zip(row).map(|(column, text)| {
                let set = match column.align {
                    Align::Left => Set::Left,
                    Align::Center => Set::Center,
                    Align::Right => Set::Right,
                };
                (text.as_str(), set)
            });
            let mut piece = self.row(&columns, cells, style, Edge::Inside);
            piece.head = Some(repeated.clone());
            pieces.push(piece);
        }
        // A short table stays on one page.
        if table.rows.len() <= SHORT_ROWS {
            let rows = pieces.iter_mut().rev().take(table.rows.len()).skip(1);
            rows.for_each(|row| row.keeps_next = true);
        }
        if table.rows.is_empty() {
            let italic = Style::new(Face::Italic, TABLE_POINTS);
            let none = [("Không có", Set::Center)].into_iter();
            pieces.push(self.row(&[self.column], none, italic, Edge::Inside));
        }
        if let Some(last) = pieces.last_mut() {
            last.height += PARAGRAPH_GAP_POINTS;
        }
        pieces
    }

    fn row<'t>(
        &self,
        columns: &[Column],
        cells: impl Iterator<Item = (&'t str, Set)>,
        style: Style,
        edge: Edge,
    ) -> Piece {
        let mut marks = Vec::new();
        let mut height: f32 = style.line_height() + 2.0 * CELL_TOP;
        let mut texts = Vec::new();
        for (column, (text, set)) in columns.iter().zip(cells) {
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
            height = height.max(count(lines.len()) * style.line_height() + 2.0 * CELL_TOP);
            texts.push(lines);
        }
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
}

fn frame(columns: &[Column], height: f32, edge: Edge) -> Vec<Mark> {
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else {
        return Vec::new();
    };
    let (left, right) = (first.left, last.left + last.width);
    let mut marks = Vec::new();
    let mut across = |y: f32| {
        marks.push(Mark::Block {
            x: left,
            y,
            width: right - left + LINE,
            height: LINE,
            shade: BLACK,
        });
    };
    across(height);
    if edge == Edge::Top {
        across(0.0);
    }
    let edges = columns.iter().map(|column| column.left).chain([right]);
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
