//! Which findings fall under an exception, and which stopped content did a person release?
//!
//! What people allowed is in [`Permits`]; here it is applied. An exception takes its findings away
//! before policy sees them. A release lets exactly the content through that was asked for, once:
//! the same client and service, the same values, the same file. Never: a state secret.

use crate::inspect::draft;
use crate::inspect::judge::Judgement;
use crate::inspect::permits::{Content, Permits};
use crate::inspect::{Case, Node};
use crate::model::decision::Action;
use crate::model::finding::Finding;
use crate::model::note::Note;

/// The policy rule named when a person released a content.
const RELEASED_RULE: &str = "released";

/// The findings without those that fall under an exception; each such use is counted.
pub(super) fn without_excepted(
    node: &Node,
    case: Case<'_>,
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let exceptions = node.permits.exceptions();
    if exceptions.is_empty() {
        return findings;
    }
    let unit = case.sender.unit.as_deref();
    let covering = |(index, finding): (usize, &Finding)| {
        let own = || draft::fingerprint_of(index, &findings, case.readings, &node.hash);
        let exception = exceptions.covering(finding, own, unit, case.at)?;
        node.permits.used(&exception.id);
        Some(())
    };
    let kept: Vec<bool> = findings
        .iter()
        .enumerate()
        .map(|one| covering(one).is_none())
        .collect();
    only(findings, &kept)
}

/// The findings that are kept. What belonged to a record that is not kept stands for itself.
pub(super) fn only(findings: Vec<Finding>, kept: &[bool]) -> Vec<Finding> {
    let mut new_index = Vec::with_capacity(kept.len());
    let mut count = 0;
    for is_kept in kept {
        new_index.push(is_kept.then_some(count));
        count += usize::from(*is_kept);
    }
    findings
        .into_iter()
        .zip(kept)
        .filter(|(_, is_kept)| **is_kept)
        .map(|(mut finding, _)| {
            let record = finding.element_of;
            finding.element_of = record.and_then(|at| new_index.get(at).copied().flatten());
            finding
        })
        .collect()
}

/// Lets a content through for which a person gave leave.
pub(super) fn release(node: &Node, case: Case<'_>, judgement: &mut Judgement) {
    let is_stopped = judgement.decision.action >= Action::Redact && judgement.secret.is_none();
    if !is_stopped || !node.permits.has_grants() {
        return;
    }
    let content = content(node, case, judgement);
    let released = take(&node.permits, case, &content);
    if released.is_none() {
        return;
    }
    judgement.released = released;
    judgement.notes.push(Note::Released);
    let decision = &mut judgement.decision;
    decision.action = Action::Audit;
    decision.rule = RELEASED_RULE.to_owned();
    for own in &mut decision.per_finding {
        *own = (*own).min(Action::Audit);
    }
}

fn content(node: &Node, case: Case<'_>, judgement: &Judgement) -> Content {
    let findings = draft::findings(case.readings, judgement, &node.hash);
    Content {
        values: findings.into_iter().map(|one| one.fingerprint).collect(),
        file: draft::file(case.opening),
    }
}

fn take(permits: &Permits, case: Case<'_>, content: &Content) -> Option<String> {
    if content.is_nameless() {
        return None;
    }
    let client = case.sender.client.ip();
    permits.take(client, case.opening.service, content, case.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::category::Category;
    use crate::model::finding::Confidence;
    use crate::model::part::Span;

    #[test]
    fn elements_follow_their_record_to_its_new_place_or_stand_alone() {
        let finding = |element_of| Finding {
            element_of,
            ..Finding::new(
                Category::PhoneNumber,
                "rule",
                Span::new(0, 1),
                Confidence::High,
            )
        };
        let findings = vec![
            finding(None),
            finding(Some(0)),
            finding(None),
            finding(Some(2)),
        ];
        let left = only(findings, &[false, true, true, true]);
        let records: Vec<_> = left.iter().map(|one| one.element_of).collect();
        assert_eq!(records, [None, None, Some(1)]);
    }
}
