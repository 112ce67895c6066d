//! How do candidates and records become findings?
//!
//! Takes spans back to the original bytes, puts everything in order and ties elements to their
//! records. Birth dates and addresses are findings only inside a record, and values whose rule says so
//! only inside one of its kinds.

use crate::detect::candidate::Candidate;
use crate::detect::condition::Condition;
use crate::detect::record::Record;
use crate::detect::rule::Rule;
use crate::model::category::Category;
use crate::model::finding::{Confidence, Finding, RECORD_RULE};
use crate::model::normalized::Normalized;
use crate::model::part::{PartId, Span};

/// A finding on its way, with its ties to records by their index.
struct Draft {
    finding: Finding,
    /// Which record it is.
    is_record: Option<usize>,
    /// Which record it belongs to.
    belongs_to: Option<usize>,
}

/// All findings, in order.
pub(super) fn findings(
    text: &Normalized,
    part: PartId,
    rules: &[Rule],
    candidates: &[Candidate],
    records: &[Record],
) -> Vec<Finding> {
    let mut drafts = Vec::new();
    for (index, record) in records.iter().enumerate() {
        drafts.push(of_record(index, record));
        drafts.extend(record.elements.iter().map(|element| {
            let rule = RECORD_RULE;
            let mut finding = Finding::new(element.category, rule, element.span, record.confidence);
            finding.evidence.clone_from(&element.evidence);
            Draft {
                finding,
                is_record: None,
                belongs_to: Some(index),
            }
        }));
    }
    let mut known: Vec<Span> = drafts
        .iter()
        .filter(|draft| draft.is_record.is_none())
        .map(|draft| draft.finding.span)
        .collect();
    known.sort();
    for candidate in candidates {
        drafts.extend(of_candidate(rules, candidate, records, &known));
    }
    drafts.sort_by_key(|draft| {
        let span = draft.finding.span;
        (span.start, draft.is_record.is_none(), span.end)
    });
    tied(drafts, text, part, records.len())
}

fn of_record(index: usize, record: &Record) -> Draft {
    let rule = record.condition.map_or(RECORD_RULE, Condition::rule);
    let mut finding = Finding::new(record.category, rule, record.span, record.confidence);
    finding.evidence.clone_from(&record.evidence);
    finding.subjects = record.subjects;
    finding.ground = record.condition.and_then(|condition| condition.ground());
    Draft {
        finding,
        is_record: Some(index),
        belongs_to: None,
    }
}

fn of_candidate(
    rules: &[Rule],
    candidate: &Candidate,
    records: &[Record],
    known: &[Span],
) -> Option<Draft> {
    let rule = rules.get(candidate.rule)?;
    let belongs_to = record_around(records, candidate.span);
    let is_element_only = matches!(
        rule.category,
        Category::BirthDate | Category::HomeAddress | Category::PersonName
    );
    let is_mark = matches!(
        rule.category,
        Category::StateSecret | Category::InternalDocument
    );
    let is_known = is_element_only && is_covered(known, candidate.span);
    if is_element_only && (belongs_to.is_none() || is_known) {
        return None;
    }
    let around = belongs_to.and_then(|record| records.get(record));
    if !rule.only_in.is_empty() && !around.is_some_and(|r| rule.only_in.contains(&r.category)) {
        return None;
    }
    let mut finding = Finding::new(
        rule.category,
        &rule.id,
        candidate.span,
        candidate.confidence,
    );
    finding.evidence.clone_from(&candidate.evidence);
    finding.level = rule.level;
    if let Some(severity) = rule.severity {
        finding.severity = severity;
    }
    Some(Draft {
        finding,
        is_record: None,
        belongs_to: belongs_to.filter(|_| !is_mark && candidate.confidence > Confidence::Low),
    })
}

/// The record that holds the span.
fn record_around(records: &[Record], span: Span) -> Option<usize> {
    let after = records.partition_point(|record| record.span.start <= span.start);
    let last = after.checked_sub(1)?;
    records
        .get(last)
        .filter(|record| record.span.contains(span))?;
    Some(last)
}

/// Whether one of the spans, which are in order and apart, shares a byte with this one.
fn is_covered(known: &[Span], span: Span) -> bool {
    let after = known.partition_point(|element| element.start < span.end);
    let last = after.checked_sub(1).and_then(|at| known.get(at));
    last.is_some_and(|element| element.overlaps(span))
}

/// Gives each finding its part, its original span, and the index of its record in the list.
fn tied(drafts: Vec<Draft>, text: &Normalized, part: PartId, records: usize) -> Vec<Finding> {
    let mut places = vec![None; records];
    for (at, draft) in drafts.iter().enumerate() {
        if let Some(place) = draft.is_record.and_then(|index| places.get_mut(index)) {
            *place = Some(at);
        }
    }
    drafts
        .into_iter()
        .map(|draft| {
            let mut finding = draft.finding;
            finding.part = part;
            finding.span = text.original(finding.span);
            finding.element_of = draft
                .belongs_to
                .and_then(|index| places.get(index).copied().flatten());
            finding
        })
        .collect()
}
