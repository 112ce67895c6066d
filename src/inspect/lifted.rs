//! Is this the very content whose marking of state secrecy two people called a false alarm?
//!
//! Then its markings do not count, and it is not taken for a repeat of itself. What else was found
//! in it counts as ever, and whatever is added to it is read as ever.

use std::collections::BTreeSet;

use crate::inspect::judge::Judgement;
use crate::inspect::{Case, Node, allowed, spoken};
use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::finding::Finding;
use crate::model::note::Note;

/// The policy rule named when nothing but a lifted marking was found.
const LIFTED_RULE: &str = "state_secret_lifted";

/// The readings of a lifted content, where this is one.
pub(super) fn content(
    node: &Node,
    case: Case<'_>,
    findings: &[Finding],
) -> Option<BTreeSet<usize>> {
    if !node.permits.has_lifted() {
        return None;
    }
    let content = spoken::content(case.readings, findings);
    let digest = spoken::digest_of(case.readings, &content, &node.hash);
    node.permits.is_lifted(&digest).then_some(content)
}

/// The findings without the markings of a lifted content.
pub(super) fn without_markings(
    findings: Vec<Finding>,
    lifted: Option<&BTreeSet<usize>>,
) -> Vec<Finding> {
    let Some(content) = lifted else {
        return findings;
    };
    let is_kept = |finding: &Finding| {
        finding.category != Category::StateSecret || !content.contains(&finding.part.0)
    };
    let kept: Vec<bool> = findings.iter().map(is_kept).collect();
    allowed::only(findings, &kept)
}

/// That a lifted content passed is recorded, whatever else was found.
pub(super) fn note(judgement: &mut Judgement) {
    judgement.notes.push(Note::SecretLifted);
    let decision = &mut judgement.decision;
    if decision.action == Action::Allow {
        decision.action = Action::Audit;
        decision.rule = LIFTED_RULE.to_owned();
    }
}
