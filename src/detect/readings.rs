//! Which of the readings of one place stays, where several rules claim the same digits?
//!
//! Never: how a reading came about.

use crate::detect::candidate::Candidate;
use crate::detect::rule::Rule;
use crate::model::category::Category;

/// Of readings that share a byte the surest stays; of equals the one with the nearer label, then
/// the longer, then the rule that was declared first. What means something in a record only comes
/// behind all others.
pub(super) fn best_readings(mut found: Vec<Candidate>, rules: &[Rule]) -> Vec<Candidate> {
    // Of two readings of one address the longer holds the other.
    found.sort_by_key(|candidate| match competes(rules, candidate) {
        true => (candidate.span.start, candidate.span.end),
        false => (candidate.span.start, usize::MAX - candidate.span.end),
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    let mut home_end = 0;
    found.retain(|candidate| {
        // An address that begins within another is a part of it; a house number is no birth.
        let category = rules.get(candidate.rule).map(|rule| rule.category);
        let is_part = (!competes(rules, candidate) || category == Some(Category::BirthDate))
            && candidate.span.start < home_end;
        if !competes(rules, candidate) {
            home_end = home_end.max(candidate.span.end);
        }
        !is_part
    });
    for candidate in found {
        let rival = kept.last().filter(|last| {
            last.span.overlaps(candidate.span)
                && competes(rules, last)
                && competes(rules, &candidate)
        });
        match rival {
            None => kept.push(candidate),
            Some(rival) if worth(rules, &candidate) > worth(rules, rival) => {
                kept.pop();
                kept.push(candidate);
            }
            Some(_) => {}
        }
    }
    kept
}

/// Whether the candidate is a value among values: addresses and marks may hold other findings.
fn competes(rules: &[Rule], candidate: &Candidate) -> bool {
    let category = rules.get(candidate.rule).map(|rule| rule.category);
    category != Some(Category::HomeAddress)
}

fn worth(rules: &[Rule], candidate: &Candidate) -> impl Ord {
    let is_anywhere = rules
        .get(candidate.rule)
        .is_some_and(|rule| rule.only_in.is_empty());
    let nearness = usize::MAX - candidate.label_distance;
    let order = usize::MAX - candidate.rule;
    let length = candidate.span.len();
    (is_anywhere, candidate.confidence, nearness, length, order)
}
