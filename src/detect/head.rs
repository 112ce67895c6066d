//! Which cell heads the column of a number, in a table of whatever it may be?
//!
//! In: a number on a line that is parted into cells. Out: the cell at its place in the first of the
//! lines above that are parted into as many.
//!
//! Each place is asked for by several rules and answered once, and a long table is walked up once.
//!
//! Never: tables of people; `table` knows their heads.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::detect::grid::{self, Sign};
use crate::detect::layout::{Layout, Line};
use crate::detect::tuple;
use crate::model::part::Span;

/// Heads of columns are short; a longer cell is prose.
const HEAD_BYTES_MAX: usize = 80;
/// Longer lines with commas are prose.
const ROW_BYTES_MAX: usize = 400;
/// Commas and semicolons part sentences, too, but hardly into so many pieces on every line, and
/// hardly without a space behind them.
const CELLS_MIN: usize = 3;

/// A list has no more entries, and a block of rows no more lines.
const ENTRIES_MAX: usize = 40;
/// The number of an entry has so many figures at least, and nothing else has.
const FIGURES: std::ops::RangeInclusive<usize> = 8..=20;

/// How a line is parted.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Parting {
    sign: Sign,
    cells: usize,
}

/// The sign that parts a line, and its cells.
type Row = Option<Rc<(Sign, Vec<Span>)>>;

/// The heads that were asked for.
#[derive(Default)]
pub(super) struct Heads {
    of_spans: RefCell<FxHashMap<Span, Option<Span>>>,
    /// Of lines, how they are parted: one line may hold all numbers of a text.
    rows: RefCell<FxHashMap<usize, Row>>,
    /// Of entries of lists, the line above the first.
    of_lists: RefCell<FxHashMap<usize, Option<usize>>>,
    /// Of lines, how they are parted and which line heads them.
    of_lines: RefCell<FxHashMap<usize, (Parting, usize)>>,
}

impl Heads {
    /// The head of the column in which a number stands.
    pub(super) fn over<'t>(&self, layout: &Layout<'t>, span: Span) -> Option<&'t str> {
        if let Some(name) = tuple::column_of(layout.text(), span) {
            return Some(name);
        }
        let known = self.of_spans.borrow().get(&span).copied();
        let head = known.unwrap_or_else(|| {
            let head = self.look_up(layout, span);
            self.of_spans.borrow_mut().insert(span, head);
            head
        });
        Some(head?.of(layout.text()))
    }

    fn look_up(&self, layout: &Layout<'_>, span: Span) -> Option<Span> {
        let at = layout.line_index(span.start);
        let row = self.row(layout, at)?;
        let (sign, cells) = row.as_ref();
        let column = cells.iter().position(|cell| cell.contains(span))?;
        let parting = Parting {
            sign: *sign,
            cells: cells.len(),
        };
        let head = match self.first_line(layout, at, parting) {
            // Rows whose last cells are empty have fewer.
            head if head == at && column == 0 => first_of_block(layout, at, *sign),
            head => head,
        };
        let heads = self.row(layout, head).filter(|_| head != at)?;
        let (_, heads) = heads.as_ref();
        let head = *heads.get(column)?;
        let mut bytes = head.of(layout.text()).bytes();
        (head.len() <= HEAD_BYTES_MAX && !bytes.any(|byte| byte.is_ascii_digit())).then_some(head)
    }

    /// The line above a list of which each entry has a number of its own: "Mã thẻ BHYT của các hộ:".
    pub(super) fn over_list<'t>(&self, layout: &Layout<'t>, span: Span) -> Option<&'t str> {
        let at = layout.line_index(span.start);
        let line = |at: usize| Some(layout.lines().get(at)?.span.of(layout.text()).trim_end());
        // "cấp ngày 12/5/2026" is no number of the list.
        if figures(span.of(layout.text())) < *FIGURES.start() {
            return None;
        }
        let mut known = self.of_lists.borrow_mut();
        let head = known.entry(at).or_insert_with(|| {
            line(at).filter(|line| is_entry(line))?;
            let mut above = (0..at).rev().take(ENTRIES_MAX);
            above.find(|at| !line(*at).is_some_and(is_entry))
        });
        let head = line((*head)?)?;
        (head.ends_with(':') && head.len() <= HEAD_BYTES_MAX).then_some(head)
    }

    /// How a line is parted.
    fn row(&self, layout: &Layout<'_>, at: usize) -> Row {
        let mut rows = self.rows.borrow_mut();
        let row = rows.entry(at).or_insert_with(|| {
            let line = *layout.lines().get(at)?;
            parted(layout.text(), line).map(Rc::new)
        });
        row.clone()
    }

    /// The first of the lines up from this one that are parted like it.
    fn first_line(&self, layout: &Layout<'_>, at: usize, parting: Parting) -> usize {
        let mut known = self.of_lines.borrow_mut();
        let mut head = at;
        while let Some(above) = head.checked_sub(1) {
            if let Some((of_above, first)) = known.get(&above) {
                if *of_above == parting {
                    head = *first;
                }
                break;
            }
            let line = layout.lines().get(above).copied();
            if !line.is_some_and(|line| is_parted_like(layout.text(), line, parting)) {
                break;
            }
            head = above;
        }
        known.insert(at, (parting, head));
        head
    }
}

/// The first of the lines up from this one that the sign parts, however often.
fn first_of_block(layout: &Layout<'_>, at: usize, sign: Sign) -> usize {
    let is_parted = |at: &usize| {
        let line = layout
            .lines()
            .get(*at)
            .map(|line| line.span.of(layout.text()));
        line.is_some_and(|line| grid::is_rule_line(line) || grid::parting_sign(line) == Some(sign))
    };
    let above = (0..at).rev().take(ENTRIES_MAX);
    above.take_while(is_parted).last().unwrap_or(at)
}

/// How a line is parted, and its cells; nothing where it may be prose.
fn parted(text: &str, line: Line) -> Option<(Sign, Vec<Span>)> {
    let sign = grid::parting_sign(line.span.of(text))?;
    let may_be_prose = matches!(sign, Sign::Comma | Sign::Semicolon);
    if may_be_prose && line.span.len() > ROW_BYTES_MAX {
        return None;
    }
    let cells = grid::cells(line, text, sign);
    let written = line.span.of(text);
    let is_row = cells.len() >= CELLS_MIN || !written.contains(", ") && !written.contains("; ");
    (!may_be_prose || is_row).then_some((sign, cells))
}

fn figures(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether the line has words and one number.
fn is_entry(line: &str) -> bool {
    if line.len() > ROW_BYTES_MAX {
        return false;
    }
    FIGURES.contains(&figures(line)) && line.contains(char::is_alphabetic)
}

fn is_parted_like(text: &str, line: Line, parting: Parting) -> bool {
    let written = line.span.of(text);
    grid::is_rule_line(written)
        || grid::parting_sign(written) == Some(parting.sign)
            && grid::cells(line, text, parting.sign).len() == parting.cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Option<&str> {
        let at = text.find("0900000001").unwrap();
        let layout = Layout::new(text);
        Heads::default().over(&layout, Span::new(at, at + 10))
    }

    #[test]
    fn the_first_line_of_a_table_has_the_heads() {
        for text in [
            "STT | Mã kho\n1 | 0900000002\n2 | 0900000001",
            "| STT | Mã kho |\n|---|---|\n| 1 | 0900000001 |",
            "STT\tMã kho\n1\t0900000001",
            "stt;Mã kho;ngày\n1;0900000001;2",
            "Mã kho,tên kho\n0900000001,Kho Mẫu",
            "Mã kho   tên kho   nợ   số\n0900000002   A   5   6\n0900000001   B   7",
        ] {
            assert_eq!(head(text), Some("Mã kho"), "{text}");
        }
    }

    #[test]
    fn a_line_with_a_colon_heads_a_list_of_numbers() {
        let over = |text: &str| {
            let at = text.find("0900000001").unwrap();
            let layout = Layout::new(text);
            let heads = Heads::default();
            let head = heads.over_list(&layout, Span::new(at, at + 10));
            head.map(str::to_owned)
        };
        let list = "Mã kho:\n1. Lan: 0900000002\n2. Mai: 0900000001";
        assert_eq!(over(list).as_deref(), Some("Mã kho:"));
        assert_eq!(over("Mã kho của xã\n1. Lan: 0900000001"), None);
        assert_eq!(over("Mã kho:\n\n1. Lan: 0900000001"), None);
        assert_eq!(over("Mã kho:\n0900000001"), None);
        let layout = Layout::new("Mã kho:\nLan 0900000001 ngày 1/2/2026");
        let day = Span::new(layout.text().len() - 8, layout.text().len());
        assert_eq!(Heads::default().over_list(&layout, day), None);
    }

    #[test]
    fn sentences_have_none() {
        assert_eq!(head("Mã kho, chưa có\n0900000001, Lan"), None);
        assert_eq!(head("Mã kho\n\n1\t0900000001"), None);
        assert_eq!(head("0900000001"), None);
    }
}
