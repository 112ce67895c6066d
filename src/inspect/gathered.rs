//! Which records are spread over several fields of one request?
//!
//! `{"hoTen": "…", "ngaySinh": "…"}` are two texts, and each alone tells of nobody. In: the readings
//! of a request and what was found in each. Out: the same, with the records that the short fields
//! tell together; each element in its own field, so that it is hidden where it stands.
//!
//! What people write is never put together with what the service's program adds: the name of the
//! account beside every prompt is no record.
//!
//! Never: a finding that lies within one text; `judge` has those.

use std::collections::{BTreeSet, HashMap};

use crate::detect::{Detector, ScanContext};
use crate::inspect::find::find;
use crate::inspect::open::{Opening, Reading, Region};
use crate::inspect::sheet::{Cell, Sheet};
use crate::inspect::sheet_row::Field;
use crate::model::category::Category;
use crate::model::exchange::Carries;
use crate::model::finding::{Evidence, Finding};
use crate::model::part::{PartId, PartKind, Place, Span};
use crate::policy::FieldPlace;

/// Longer fields are prose: what they tell stands in themselves.
const FIELD_BYTES_MAX: usize = 160;

/// The findings with those of records that lie across fields.
pub(super) fn with_gathered(
    detector: &Detector,
    opening: &Opening<'_>,
    readings: &[Reading<'_>],
    context: &ScanContext<'_>,
    mut findings: Vec<Finding>,
) -> Vec<Finding> {
    // People must be able to log in: an account has a name and an address.
    if opening.carries == Carries::Account {
        return findings;
    }
    let known = by_part(&findings);
    for region in [Region::Query, Region::Body] {
        for is_written in [true, false] {
            let fields = fields(opening, readings, region, is_written);
            if !may_tell(&fields) {
                continue;
            }
            let sheet = Sheet::of(&fields);
            let found = find(detector, &sheet.text, context);
            for (at, record) in found.iter().enumerate() {
                if !record.category.is_record() {
                    continue;
                }
                let of_record = found.iter().filter(|f| f.element_of == Some(at));
                let spread = Spread::over(&sheet, record, of_record);
                if spread.is_whole(record) && (is_written || spread.is_more_than_contact(record)) {
                    join(&mut findings, &known, record, spread.elements);
                }
            }
        }
    }
    without_replaced(findings)
}

/// The short fields of a region, those that people write or the others.
fn fields<'a>(
    opening: &'a Opening<'_>,
    readings: &'a [Reading<'_>],
    region: Region,
    is_written: bool,
) -> Vec<Field<'a>> {
    let is_wanted = |reading: &Reading<'_>| {
        let is_value = match reading.part.kind {
            PartKind::Value | PartKind::Number | PartKind::FileText => true,
            PartKind::Key | PartKind::FileName => false,
        };
        let length = reading.part.text.expose().len();
        is_value
            && reading.region == region
            && (reading.place != FieldPlace::Unlisted) == is_written
            && (1..=FIELD_BYTES_MAX).contains(&length)
    };
    let mut fields: Vec<Field<'a>> = readings
        .iter()
        .enumerate()
        .filter(|(_, reading)| is_wanted(reading))
        .map(|(at, reading)| Field {
            reading: Some(at),
            steps: &reading.part.locator.steps,
            text: reading.part.text.expose(),
        })
        .collect();
    // Years of birth are numbers too short to be readings.
    let body = opening.body.as_ref().ok();
    let numbers = body.and_then(|body| body.short_numbers());
    if region == Region::Body && !fields.is_empty() {
        let numbers = numbers.unwrap_or_default().iter();
        let numbers = numbers.filter(|number| number.locator.place == Place::Body);
        fields.extend(numbers.map(|number| Field {
            reading: None,
            steps: &number.locator.steps,
            text: &number.text,
        }));
    }
    fields
}

/// Whether the fields could tell of a person at all: a name has a blank.
fn may_tell(fields: &[Field<'_>]) -> bool {
    fields.len() > 1 && fields.iter().any(|field| field.text.contains(' '))
}

/// A record's elements in the fields where they stand.
struct Spread {
    elements: Vec<Finding>,
    /// Whether one row holds the whole record, or more than one of its elements.
    is_in_row: bool,
    parts_count: usize,
}

impl Spread {
    fn over<'f>(
        sheet: &Sheet,
        record: &Finding,
        elements: impl Iterator<Item = &'f Finding>,
    ) -> Self {
        let mut of_rows: HashMap<usize, usize> = HashMap::new();
        let mut placed = Vec::new();
        for element in elements {
            let Some(cell) = cell_of(sheet, element.span) else {
                continue;
            };
            *of_rows.entry(cell.row).or_default() += 1;
            placed.extend(in_field(element, cell));
        }
        let row = |at: usize| {
            let cell = sheet.cells.partition_point(|cell| cell.span.end <= at);
            sheet.cells.get(cell).map(|cell| cell.row)
        };
        let last = record.span.end.saturating_sub(1);
        let parts: BTreeSet<PartId> = placed.iter().map(|element| element.part).collect();
        Self {
            is_in_row: row(record.span.start) == row(last) || of_rows.values().any(|n| *n > 1),
            parts_count: parts.len(),
            elements: placed,
        }
    }

    /// Whether the record belongs to one object, or to a table of them, and to no field alone.
    fn is_whole(&self, record: &Finding) -> bool {
        let is_table = record
            .evidence
            .iter()
            .any(|evidence| matches!(evidence, Evidence::Rows(_)));
        let is_other = record.category != Category::PersonalRecord;
        (is_table || self.is_in_row) && (self.parts_count > 1 || self.parts_count == 1 && is_other)
    }

    /// Whether more is told than who somebody is and how to reach them.
    fn is_more_than_contact(&self, record: &Finding) -> bool {
        let is_contact = |category| {
            matches!(
                category,
                Category::PersonName | Category::EmailAddress | Category::PhoneNumber
            )
        };
        record.category != Category::PersonalRecord
            || self
                .elements
                .iter()
                .any(|element| !is_contact(element.category))
    }
}

/// The field in which a span lies.
fn cell_of(sheet: &Sheet, span: Span) -> Option<&Cell> {
    let at = sheet
        .cells
        .partition_point(|cell| cell.span.end <= span.start);
    sheet.cells.get(at).filter(|cell| cell.span.contains(span))
}

/// The element where it stands in its own field.
fn in_field(element: &Finding, cell: &Cell) -> Option<Finding> {
    let start = cell.span.start;
    Some(Finding {
        part: PartId(cell.reading?),
        span: Span::new(element.span.start - start, element.span.end - start),
        element_of: None,
        ..element.clone()
    })
}

/// Which findings stand in each part.
fn by_part(findings: &[Finding]) -> HashMap<PartId, Vec<usize>> {
    let mut of_parts: HashMap<PartId, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        of_parts.entry(finding.part).or_default().push(at);
    }
    of_parts
}

/// Adds a record to the findings. What is known of its elements already belongs to it from now on;
/// a record that told of one field is part of it.
fn join(
    findings: &mut Vec<Finding>,
    known: &HashMap<PartId, Vec<usize>>,
    record: &Finding,
    elements: Vec<Finding>,
) {
    let Some(first) = elements.first() else {
        return;
    };
    let place = findings.len();
    findings.push(Finding {
        part: first.part,
        span: first.span,
        ..record.clone()
    });
    for mut element in elements {
        let mut is_known = false;
        for at in known.get(&element.part).into_iter().flatten() {
            let Some(other) = findings.get_mut(*at) else {
                continue;
            };
            let is_same = !other.category.is_record() && other.span.overlaps(element.span);
            if is_same || other.category.is_record() {
                other.element_of = Some(place);
            }
            is_known |= is_same;
        }
        if !is_known {
            element.element_of = Some(place);
            findings.push(element);
        }
    }
}

/// The findings without the records that have become part of others.
fn without_replaced(findings: Vec<Finding>) -> Vec<Finding> {
    let is_replaced =
        |finding: &Finding| finding.category.is_record() && finding.element_of.is_some();
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(findings.len());
    let mut kept = 0;
    for finding in &findings {
        owners.push((!is_replaced(finding)).then_some(kept));
        kept += usize::from(!is_replaced(finding));
    }
    let place = |at: usize| {
        let owner = owners.get(at).copied().flatten();
        let of_replaced = || findings.get(at).and_then(|record| record.element_of);
        owner.or_else(|| owners.get(of_replaced()?).copied().flatten())
    };
    let moved: Vec<Option<usize>> = findings
        .iter()
        .map(|f| f.element_of.and_then(place))
        .collect();
    findings
        .into_iter()
        .zip(moved)
        .filter(|(finding, _)| !is_replaced(finding))
        .map(|(finding, element_of)| Finding {
            element_of,
            ..finding
        })
        .collect()
}
