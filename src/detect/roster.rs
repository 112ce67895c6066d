//! Which record does a table of people make, and how many people are in it?
//!
//! A row counts with a name and one more personal cell. Empty forms have no such row.

use crate::detect::columns::{Column, is_name, is_personal};
use crate::detect::condition::{Condition, category_of};
use crate::detect::heading::is_of_others;
use crate::detect::letter::is_of_word;
use crate::detect::record::{Element, Record, Sources};
use crate::detect::table::{Cell, Table};
use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence};
use crate::model::part::Span;

/// Beside a condition a cell has so many bytes at most.
const REMARK_BYTES_MAX: usize = 12;
/// How far before a table its caption is read, in bytes.
const CAPTION_REACH: usize = 260;

impl Sources<'_> {
    /// Whether a row names somebody and tells more of them than their office and how to reach it.
    fn tells_of_person(&self, row: &[Cell], is_told: bool) -> bool {
        // "Trưởng thôn 1" is the office of one who leads a hamlet, not his home.
        let leads = |cell: &Cell| {
            cell.column == Some(Column::Address) && self.names.is_office(cell.span.of(self.text))
        };
        let filled = |wanted: fn(Column) -> bool| {
            row.iter()
                .any(|cell| cell.column.is_some_and(wanted) && self.is_filled(cell) && !leads(cell))
        };
        let is_named = !self.names.in_row(self.text, row).is_empty();
        let is_official = filled(|column| column == Column::Office) || row.iter().any(leads);
        let tells = if is_official {
            filled(|column| is_personal(column) && column != Column::Contact)
        } else {
            is_told
                || filled(is_personal)
                || row.iter().any(|cell| self.is_condition(*cell))
                || row.iter().any(|cell| self.is_told_beside_name(*cell))
        };
        is_named && tells
    }

    /// Whether a cell says a condition and nothing else: "Hộ nghèo".
    fn is_condition(&self, cell: Cell) -> bool {
        let after = self
            .conditions
            .partition_point(|(span, _)| span.start < cell.span.start);
        self.conditions.get(after).is_some_and(|(span, condition)| {
            condition.counts_alone()
                && cell.span.contains(*span)
                && cell.span.len() <= span.len() + REMARK_BYTES_MAX
        })
    }

    /// Whether a cell tells behind the name where its owner lives, or the birth: "Lê Thử - thôn Mẫu".
    fn is_told_beside_name(&self, cell: Cell) -> bool {
        if cell.column != Some(Column::Name) {
            return false;
        }
        let from = self
            .candidates
            .partition_point(|candidate| candidate.span.start < cell.span.start);
        let within = self.candidates.iter().skip(from);
        within
            .take_while(|candidate| candidate.span.end <= cell.span.end)
            .filter(|candidate| candidate.confidence > Confidence::Low)
            .any(|candidate| {
                matches!(
                    self.category(candidate),
                    Some(Category::HomeAddress | Category::BirthDate)
                )
            })
    }

    fn is_filled(&self, cell: &Cell) -> bool {
        cell.span.of(self.text).chars().any(is_of_word)
    }

    /// The element that a cell is, besides names.
    const fn element(cell: Span, column: Column) -> Option<(Category, Span)> {
        match column {
            Column::Birth => Some((Category::BirthDate, cell)),
            Column::Address => Some((Category::HomeAddress, cell)),
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
            | Column::Private => None,
        }
    }

    /// What stands before a table.
    fn caption(&self, table: &Table) -> Span {
        let start = table.span.start.saturating_sub(CAPTION_REACH);
        Span::new(self.text.ceil_char_boundary(start), table.span.start)
    }

    /// What the caption of a table and its cells tell of people.
    fn told_around(&self, table: &Table) -> Vec<Condition> {
        let start = self.caption(table).start;
        let from = self
            .conditions
            .partition_point(|(span, _)| span.start < start);
        let near = self.conditions.iter().skip(from);
        near.take_while(|(span, _)| span.start < table.span.end)
            .filter(|(span, _)| !self.is_in_name(table, *span))
            .map(|(_, told)| *told)
            .collect()
    }

    /// Whether a word of the table is a part of somebody's name: "Le Tien An" tells of no crime.
    fn is_in_name(&self, table: &Table, word: Span) -> bool {
        let begins_before = |row: &Vec<Cell>| {
            row.first()
                .is_some_and(|cell| cell.span.start <= word.start)
        };
        let after = table.rows.partition_point(begins_before);
        let row = after.checked_sub(1).and_then(|row| table.rows.get(row));
        row.is_some_and(|row| {
            let names = || self.names.in_row(self.text, row);
            let is_cell_of_name = |cell: &Cell| cell.column.is_some_and(is_name);
            row.iter()
                .any(|cell| cell.span.contains(word) && is_cell_of_name(cell))
                && names().iter().any(|name| name.overlaps(word))
        })
    }

    /// A table of people, as one record.
    pub(super) fn table_record(&self, table: &Table) -> Option<Record> {
        let told = self.told_around(table);
        let is_told = told.iter().any(|condition| condition.counts_alone())
            && !is_of_others(self.caption(table).of(self.text));
        let mut subjects = 0;
        let mut elements = Vec::new();
        let mut of_columns: Vec<Condition> = Vec::new();
        for row in &table.rows {
            if !self.tells_of_person(row, is_told) {
                continue;
            }
            subjects += 1;
            let named = self.names.in_row(self.text, row);
            let mut kin = self.kin_in_row(row);
            kin.retain(|kin| !named.iter().any(|name| name.overlaps(*kin)));
            let names = named.into_iter().chain(kin);
            let mut told: Vec<(Category, Span)> =
                names.map(|name| (Category::PersonName, name)).collect();
            for cell in row.iter().filter(|cell| self.is_filled(cell)) {
                let Some(column) = cell.column else {
                    continue;
                };
                of_columns.extend(condition_of(column));
                told.extend(Self::element(cell.span, column));
            }
            told.sort_by_key(|(_, span)| *span);
            for (category, span) in told {
                let evidence = vec![Evidence::Column(category.label().to_owned())];
                join(&mut elements, Element::new(category, span, evidence));
            }
        }
        if subjects == 0 {
            return None;
        }
        let condition = of_columns
            .into_iter()
            .chain(told)
            .max_by_key(|c| (c.names_record(), *c));
        Some(Record {
            category: category_of(condition),
            condition,
            span: table.span,
            confidence: Confidence::High,
            evidence: vec![Evidence::Rows(usize::try_from(subjects).unwrap_or(0))],
            subjects,
            elements,
        })
    }
}

/// Adds an element; an address that a comma cut into two cells is one.
fn join(elements: &mut Vec<Element>, next: Element) {
    match elements.last_mut() {
        Some(last)
            if last.category == Category::HomeAddress
                && next.category == Category::HomeAddress
                && next.span.start <= last.span.end + 2 =>
        {
            last.span.end = next.span.end;
        }
        Some(_) | None => elements.push(next),
    }
}

/// What a column tells of everyone in the table.
const fn condition_of(column: Column) -> Option<Condition> {
    match column {
        Column::Health => Some(Condition::Health),
        Column::Welfare => Some(Condition::Welfare),
        Column::Student => Some(Condition::Student),
        Column::NotPersonal
        | Column::Name
        | Column::Family
        | Column::Given
        | Column::Birth
        | Column::Address
        | Column::Age
        | Column::Identifier
        | Column::Contact
        | Column::Secret
        | Column::Office
        | Column::Private => None,
    }
}
