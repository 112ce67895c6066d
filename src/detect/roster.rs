//! Which record does a table of people make, and how many people are in it?
//!
//! A row counts with a name and one more personal cell. Empty forms have no such row.

use crate::detect::condition::Condition;
use crate::detect::record::{Element, Record, Sources, category_of};
use crate::detect::table::{Column, Table, is_personal};
use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence};
use crate::model::part::Span;

/// How far before a table its caption is read, in bytes.
const CAPTION_REACH: usize = 260;

impl Sources<'_> {
    /// A table of people, as one record.
    pub(super) fn table_record(&self, table: &Table) -> Option<Record> {
        let mut subjects = 0;
        let mut elements = Vec::new();
        let mut of_columns: Vec<Condition> = Vec::new();
        for row in &table.rows {
            let cells = || {
                row.iter()
                    .zip(&table.heads)
                    .filter_map(|(cell, (head, column))| Some((*cell, head, (*column)?)))
            };
            let is_filled = |cell: Span| cell.of(self.text).chars().any(char::is_alphanumeric);
            let is_named = cells().any(|(cell, _, c)| {
                c == Column::Name && self.names.is_name_cell(cell.of(self.text))
            });
            if !is_named || !cells().any(|(cell, _, c)| is_personal(c) && is_filled(cell)) {
                continue;
            }
            subjects += 1;
            for (cell, head, column) in cells().filter(|(cell, _, _)| is_filled(*cell)) {
                of_columns.extend(condition_of(column));
                let category = match column {
                    Column::Name => Category::PersonName,
                    Column::Birth => Category::BirthDate,
                    Column::Address => Category::HomeAddress,
                    Column::NotPersonal
                    | Column::Identifier
                    | Column::Health
                    | Column::Welfare
                    | Column::Student
                    | Column::Office
                    | Column::Private => continue,
                };
                elements.push(Element::new(
                    category,
                    cell,
                    vec![Evidence::Column(head.clone())],
                ));
            }
        }
        if subjects == 0 {
            return None;
        }
        let caption = Span::new(
            table.span.start.saturating_sub(CAPTION_REACH),
            table.span.end,
        );
        let from = self
            .conditions
            .partition_point(|(span, _)| span.start < caption.start);
        let told = self
            .conditions
            .iter()
            .skip(from)
            .map_while(|(span, condition)| (span.start < caption.end).then_some(*condition));
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

/// What a column tells of everyone in the table.
const fn condition_of(column: Column) -> Option<Condition> {
    match column {
        Column::Health => Some(Condition::Health),
        Column::Welfare => Some(Condition::Welfare),
        Column::Student => Some(Condition::Student),
        Column::NotPersonal
        | Column::Name
        | Column::Birth
        | Column::Address
        | Column::Identifier
        | Column::Office
        | Column::Private => None,
    }
}
