//! Which tables stand on the page cell below cell, as copied out of a document?
//!
//! Never: tables whose rows are lines; `grid` reads those.

use crate::detect::columns::{Column, is_personal};
use crate::detect::fold::folded;
use crate::detect::grid::Row;
use crate::detect::layout::Layout;
use crate::detect::relative::is_of_kin;
use crate::detect::table::{Heads, Reading, Table};
use crate::model::part::Span;

/// A table that is written cell below cell has at most so many columns.
const STACKED_MAX: usize = 24;
/// The first head is `STT.` or `Số TT.`
const FIRST_HEAD_BYTES_MAX: usize = 16;

impl Reading<'_> {
    /// Tables of which every cell stands on a line of its own: heads, then numbered rows.
    pub(super) fn stacked(self, layout: &Layout<'_>) -> Vec<Table> {
        let text = layout.text();
        let lines: Vec<Span> = layout
            .lines()
            .iter()
            .map(|line| {
                let written = line.span.of(text);
                let bare = written.trim_start_matches(['>', ' ', '\t']);
                let start = line.span.start + written.len() - bare.len();
                Span::new(start, start + bare.trim_end().len())
            })
            .filter(|line| !line.is_empty())
            .collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let table = lines.get(at..).and_then(|rest| self.stacked_at(rest, text));
            if let Some((table, taken)) = table {
                found.push(table);
                at += taken;
            } else {
                at += 1;
            }
        }
        found
    }

    /// A table whose first head is the first of the lines, and how many lines it takes.
    fn stacked_at(self, lines: &[Span], text: &str) -> Option<(Table, usize)> {
        let line = |at: usize| lines.get(at).map(|span| span.of(text));
        let first = line(0).filter(|head| head.len() <= FIRST_HEAD_BYTES_MAX)?;
        if !matches!(
            folded(first.trim_end_matches('.')).as_str(),
            "stt" | "tt" | "so tt"
        ) {
            return None;
        }
        let is_number = |at: usize, number: usize| {
            line(at).is_some_and(|line| {
                let digits = line.trim_end_matches(['.', ')']);
                digits.len() <= 5 && digits.parse() == Ok(number)
            })
        };
        let width = (2..=STACKED_MAX).find(|at| is_number(*at, 1))?;
        let heads: Vec<(String, Option<Column>)> = (0..width)
            .filter_map(line)
            .map(|head| {
                let column = self.columns.column_of(head);
                let is_parent = column.is_none_or(|c| c == Column::Student) && is_of_kin(head);
                (
                    head.to_owned(),
                    is_parent.then_some(Column::Name).or(column),
                )
            })
            .collect();
        let has = |wanted: fn(Column) -> bool| heads.iter().any(|(_, c)| c.is_some_and(wanted));
        // The heads of offices and their addresses are nobody's home.
        let is_of_offices = has(|column| column == Column::NotPersonal);
        if !is_of_offices && !has(|column| column == Column::Name) || !has(is_personal) {
            return None;
        }
        let heads = Heads(heads);
        let mut rows = Vec::new();
        let mut at = width;
        while is_number(at, rows.len() + 1) {
            // A mark may be the next number too.
            let is_next = |next: &usize| is_number(*next, rows.len() + 2);
            let whole = Some(at + width).filter(is_next);
            let next = whole.or_else(|| (at + 1..=at + 2 * width).find(is_next));
            let end = next.unwrap_or((at + width).min(lines.len()));
            let cells = lines.get(at..end)?.to_vec();
            let span = Span::new(cells.first()?.start, cells.last()?.end);
            rows.push(self.row(&Row { span, cells }, &heads, text));
            at = end;
        }
        let is_born = heads.has(|column| column == Column::Birth);
        self.mark_among(&mut rows, text, is_born);
        let span = Span::new(lines.first()?.start, lines.get(at.checked_sub(1)?)?.end);
        let heads = heads.0.into_iter().map(|(head, _)| head).collect();
        Some((Table { span, heads, rows }, at))
    }
}
