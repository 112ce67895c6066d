//! Which cells of a column of names are names, for those above and below are?
//!
//! Names of which no syllable is known, or with a letter too few, stand among others.
//!
//! Never: which column holds names; `table`, `headless` and `stacked` tell that.

use crate::detect::cell::content;
use crate::detect::columns::{Column, is_of_thing, tells_person};
use crate::detect::fold::folded;
use crate::detect::grid::{Row, Sign};
use crate::detect::misnamed::is_unit;
use crate::detect::person::Names;
use crate::detect::phrase::Spelling;
use crate::detect::small_list::Telling;
use crate::detect::table::{Cell, Reading, SHOWING_ROWS};
use crate::model::part::Span;

/// Words of a column of names that name nobody.
const NOBODY: [&str; 9] = [
    "tong",
    "cong",
    "tong cong",
    "tong so",
    "khong",
    "khong co",
    "chua co",
    "nhu tren",
    "con lai",
];

impl Reading<'_> {
    /// How many heads of a grid tell of somebody although they are in no list: none where a row of
    /// people is looked at.
    pub(super) fn persons_headed(self, heads: &[(String, Option<Column>)], sign: Sign) -> usize {
        let is_head = |head: &str| tells_person(head) && !is_of_thing(head);
        let is_row = || {
            let mut cells = heads.iter().filter(|(_, column)| column.is_none());
            cells.any(|(cell, _)| !is_head(cell) && self.names.is_surely_name(cell))
        };
        if !matches!(sign, Sign::Pipe | Sign::Tab | Sign::Tags) || is_row() {
            return 0;
        }
        let heads = heads.iter().filter(|(_, column)| column.is_none());
        heads.filter(|(head, _)| is_head(head)).count()
    }

    /// Whether names stand in a third of a column's cells at least, and nothing that is none.
    pub(super) fn shows_names(self, rows: &[&Row], at: usize, text: &str) -> bool {
        let cells = rows.iter().filter_map(|row| row.cells.get(at));
        let cells = cells.filter(|cell| !cell.is_empty());
        let (mut filled, mut named) = (0, 0);
        for cell in cells {
            filled += 1;
            let is_other = content(cell.of(text), self.names, self.year_now)
                .is_some_and(|column| column != Column::Name);
            if is_other {
                return false;
            }
            named += usize::from(self.names.in_cell(text, *cell).is_some());
        }
        named > 0 && 3 * named >= filled
    }

    /// Marks the cells of columns of names whose words are names among names. Where the heads tell
    /// of names and births, none need be known.
    pub(super) fn mark_among(self, rows: &mut [Vec<Cell>], text: &str, is_headed: bool) {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..width {
            let of_names = |row: &Vec<Cell>| {
                let cell = row.get(at).filter(|c| c.column == Some(Column::Name))?;
                (!cell.span.of(text).trim().is_empty()).then_some(cell.span)
            };
            let shown = rows.iter().filter_map(of_names).take(SHOWING_ROWS);
            let (mut filled, mut named) = (0, 0);
            for cell in shown {
                filled += 1;
                named += usize::from(self.names.in_cell(text, cell).is_some());
            }
            if filled == 0 || !is_headed && 2 * named < filled {
                continue;
            }
            let cells = rows.iter_mut().filter_map(|row| row.get_mut(at));
            for cell in cells.filter(|cell| cell.column == Some(Column::Name)) {
                cell.is_among = true;
            }
        }
    }
}

impl Names {
    /// The name that a cell among names holds.
    pub(super) fn in_cell_among(&self, text: &str, cell: Cell) -> Option<Span> {
        if !cell.is_among {
            return None;
        }
        let kept = Self::kept(text, cell.span);
        let words = kept.of(text);
        let plain = folded(words);
        let spelling = Spelling::of(words);
        // "Xã Ví Dụ", "Quận Mẫu" in a column of units.
        (!NOBODY.contains(&plain.as_str())
            && !is_unit(words)
            && !self.not_names.contains(first_two(&plain))
            && self.may_be_listed(words, Telling::Surely, spelling))
        .then_some(kept)
    }
}

/// The first two words of a cell.
fn first_two(words: &str) -> &str {
    let second = words.match_indices(' ').nth(1);
    second.and_then(|(at, _)| words.get(..at)).unwrap_or(words)
}
