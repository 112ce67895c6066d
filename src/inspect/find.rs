//! What stands in one text, in all its readings?
//!
//! In: a text and where it sits. Out: findings in the bytes of the text, in order.
//!
//! A text is read as it is and, where words of it hold other texts (base64, hexadecimal), once
//! more with those opened. What the second reading finds counts; of the first counts what it
//! alone finds, for an opened word no longer shows the key that it may be too.

use crate::detect::{Detector, ScanContext};
use crate::model::finding::Finding;
use crate::model::part::Span;
use crate::normalize::{normalize, opened};

/// The findings of a text. `element_of` is an index into them.
pub fn find(detector: &Detector, text: &str, context: &ScanContext<'_>) -> Vec<Finding> {
    let plain = detector.scan(&normalize(text), context);
    match opened(text) {
        None => plain,
        Some(opened) => joined(detector.scan(&opened, context), plain),
    }
}

/// The findings of the opened reading, and of the plain one those that share no byte with them.
/// The opened reading has every record that the plain one has.
fn joined(opened: Vec<Finding>, plain: Vec<Finding>) -> Vec<Finding> {
    let mut known: Vec<Span> = Vec::new();
    for finding in opened.iter().filter(|f| !f.category.is_record()) {
        match known.last_mut() {
            Some(last) if finding.span.start <= last.end => {
                last.end = last.end.max(finding.span.end)
            }
            Some(_) | None => known.push(finding.span),
        }
    }
    let is_known = |span: Span| {
        let after = known.partition_point(|other| other.start < span.end);
        let last = after.checked_sub(1).and_then(|at| known.get(at));
        last.is_some_and(|other| other.end > span.start)
    };
    let mut findings = opened;
    for mut finding in plain {
        if !finding.category.is_record() && !is_known(finding.span) {
            finding.element_of = None;
            findings.push(finding);
        }
    }
    in_order(findings)
}

/// By start, records before their elements, each tie to a record kept.
fn in_order(findings: Vec<Finding>) -> Vec<Finding> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|at| {
        findings
            .get(*at)
            .map(|f| (f.span.start, !f.category.is_record(), f.span.end))
    });
    let mut places = vec![0; findings.len()];
    for (place, at) in order.iter().enumerate() {
        if let Some(moved) = places.get_mut(*at) {
            *moved = place;
        }
    }
    let mut placed: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(placed.len());
    for at in order {
        if let Some(mut finding) = placed.get_mut(at).and_then(Option::take) {
            finding.element_of = finding.element_of.and_then(|at| places.get(at).copied());
            sorted.push(finding);
        }
    }
    sorted
}
