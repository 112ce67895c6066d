//! Which relatives are named in the cells of a row, besides those in columns of names: "vợ Lê Thị Thử,
//! 1984", "0912 345 678 (mẹ Lò Thị Mẫu)"?
//!
//! In: a row of a table of people. Out: the names of relatives.
//!
//! Never: whose row it is; `roster` counts the rows.

use crate::detect::columns::Column;
use crate::detect::fold::folded;
use crate::detect::letter::is_of_word;
use crate::detect::person::{Form, Name};
use crate::detect::record::Sources;
use crate::detect::split_name::is_kin_word;
use crate::detect::table::Cell;
use crate::detect::title::is_title;
use crate::model::part::Span;

/// A cell that tells of a relative is not longer, in bytes.
const CELL_BYTES_MAX: usize = 240;

impl Sources<'_> {
    /// The names of relatives in the cells of a row that are no names themselves.
    pub(super) fn kin_in_row(&self, row: &[Cell]) -> Vec<Span> {
        let mut names = Vec::new();
        for cell in row.iter().filter(|cell| may_tell_of_kin(cell)) {
            let written = cell.span.of(self.text);
            let mut words = written.split(|c| !is_of_word(c));
            if written.len() <= CELL_BYTES_MAX && words.any(is_kin_word) {
                let mut named = Vec::new();
                let spelling = self.spelling_at(cell.span);
                self.names.find(self.text, cell.span, spelling, &mut named);
                let full = named.iter().filter(|name| name.form == Form::Full);
                let kin = full.filter(|name| self.is_behind_kin(cell.span, name));
                names.extend(kin.map(|name| name.span));
            }
        }
        names
    }

    /// Whether the word for a relative stands before the name, with a title at most between.
    fn is_behind_kin(&self, cell: Span, name: &Name) -> bool {
        let before = Span::new(cell.start, name.span.start).of(self.text);
        let mut words = before
            .rsplit(|c| !is_of_word(c))
            .filter(|word| !word.is_empty());
        let last = words.next().unwrap_or_default();
        let is_between = is_title(last) || matches!(folded(last).as_str(), "la" | "ten");
        is_kin_word(last) || is_between && words.next().is_some_and(is_kin_word)
    }
}

/// Whether relatives may be named in the cell besides: it is no name, no home and no office.
const fn may_tell_of_kin(cell: &Cell) -> bool {
    matches!(
        cell.column,
        None | Some(
            Column::Contact
                | Column::Identifier
                | Column::Health
                | Column::Welfare
                | Column::Student
                | Column::Private
        )
    )
}
