//! What is kept of a judgement, and what is told to the clerk?
//!
//! Values leave this file masked or as keyed hashes only. For a state secret not even those:
//! only the facts that Luật 117/2025/QH15 lets an office keep.

use std::collections::BTreeMap;

use crate::inspect::inspection::{FoundForPeople, RefusalFacts, RefusalReason};
use crate::inspect::judge::Judgement;
use crate::inspect::open::{Opening, Reading};
use crate::inspect::request_ids::RequestIds;
use crate::inspect::{Case, spoken};
use crate::model::category::{Category, Severity};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::{Evidence, Finding};
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFile, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
};
use crate::model::note::Note;
use crate::model::uninspectable::Uninspectable;
use crate::policy::{FieldPlace, people};
use crate::redact::{KeyedHash, mask};

/// So many people make an incident grave (design of the default policy).
const MANY_PEOPLE: u32 = 5;

/// Drafts the incident of a judgement that is not a plain allow.
pub(super) fn incident(
    case: Case<'_>,
    judgement: &Judgement,
    hash: &KeyedHash,
) -> Option<IncidentDraft> {
    let Case {
        opening,
        readings,
        sender,
        ..
    } = case;
    // Hits in telemetry are answered here and counted; they make no incident.
    if judgement.decision.action == Action::Allow || opening.carries == Carries::Telemetry {
        return None;
    }
    let secret = secret_facts(opening, readings, judgement, hash);
    let is_secret = secret.is_some();
    Some(IncidentDraft {
        client_address: sender.client.ip().to_string(),
        unit: sender.unit.clone(),
        service: opening.service.to_owned(),
        endpoint: endpoint_id(opening),
        carries: opening.carries,
        action: judgement.decision.action,
        policy_rule: judgement.decision.rule.clone(),
        severity: severity(judgement, is_secret),
        outcome: match judgement.decision.action {
            Action::Redact | Action::Block => Outcome::Prevented,
            Action::Allow | Action::Audit => Outcome::Unknown,
        },
        subjects: if is_secret { 0 } else { subjects(judgement) },
        findings: if is_secret {
            Vec::new()
        } else {
            findings(readings, judgement, hash)
        },
        file: if is_secret { None } else { file(opening) },
        notes: judgement.notes.clone(),
        uninspectable: judgement.uninspectable,
        secret,
    })
}

/// What a refusal says to people.
pub(super) fn refusal(case: Case<'_>, judgement: &Judgement) -> RefusalFacts {
    let Case {
        opening, readings, ..
    } = case;
    let reason = reason(judgement);
    let found = match reason {
        RefusalReason::StateSecret(_) => Vec::new(),
        RefusalReason::InternalDocument
        | RefusalReason::Credential
        | RefusalReason::People
        | RefusalReason::PersonalData
        | RefusalReason::Uninspectable(_) => found_for_people(readings, judgement),
    };
    RefusalFacts {
        shape: opening.shape,
        service_name: opening.service_name.to_owned(),
        reason,
        message: judgement.decision.message.clone(),
        rule: judgement.decision.rule.clone(),
        found,
        subjects: subjects(judgement),
        is_fixed: is_fixed(case, judgement),
        ids: RequestIds::of(opening),
    }
}

/// Whether what was found stands where nothing can be replaced: in a page that is translated, in a
/// signed or counted body.
fn is_fixed(case: Case<'_>, judgement: &Judgement) -> bool {
    let in_place = |finding: &Finding| {
        let reading = case.readings.get(finding.part.0);
        reading.is_some_and(|reading| reading.place == FieldPlace::Fixed)
    };
    case.opening.carries == Carries::Page
        || judgement.notes.contains(&Note::SignedBody)
        || judgement.findings_at_least(Action::Block).any(in_place)
}

/// The endpoint's id, or `unknown`.
pub(super) fn endpoint_id(opening: &Opening<'_>) -> String {
    opening
        .endpoint
        .map_or_else(|| "unknown".to_owned(), |endpoint| endpoint.id.clone())
}

/// How many people the content tells about, as policy counts them.
fn subjects(judgement: &Judgement) -> u32 {
    people(judgement.findings.iter())
}

fn reason(judgement: &Judgement) -> RefusalReason {
    if let Some(level) = judgement.secret {
        return RefusalReason::StateSecret(level);
    }
    let blocks = |category| {
        judgement
            .findings_at_least(Action::Block)
            .any(|finding| finding.category == category)
    };
    if blocks(Category::InternalDocument) {
        RefusalReason::InternalDocument
    } else if blocks(Category::Credential) {
        RefusalReason::Credential
    } else if let Some(reason) = judgement.uninspectable {
        RefusalReason::Uninspectable(reason)
    } else if subjects(judgement) >= MANY_PEOPLE {
        RefusalReason::People
    } else if judgement.findings_at_least(Action::Block).next().is_some() {
        RefusalReason::PersonalData
    } else {
        RefusalReason::Uninspectable(Uninspectable::Unknown)
    }
}

fn severity(judgement: &Judgement, is_secret: bool) -> Severity {
    if is_secret {
        return Severity::Critical;
    }
    let gravest = judgement
        .findings_at_least(Action::Audit)
        .map(|finding| finding.severity)
        .max();
    let many = (subjects(judgement) >= MANY_PEOPLE).then_some(Severity::High);
    gravest.max(many).unwrap_or(Severity::Low)
}

fn secret_facts(
    opening: &Opening<'_>,
    readings: &[Reading<'_>],
    judgement: &Judgement,
    hash: &KeyedHash,
) -> Option<SecretFacts> {
    let level = judgement.secret?;
    let marking = judgement
        .findings_at_least(Action::Block)
        .find(|finding| finding.category == Category::StateSecret);
    let (rule, place) = match marking {
        Some(marking) if marking.evidence.contains(&Evidence::OwnLine) => (&marking.rule, "line"),
        Some(marking) => (&marking.rule, "text"),
        None => (&judgement.decision.rule, "repeat"),
    };
    Some(SecretFacts {
        level,
        rule: rule.clone(),
        place: place.to_owned(),
        bytes: u64::try_from(opening.body_bytes).unwrap_or(u64::MAX),
        digest: spoken::digest(readings, &judgement.findings, hash),
    })
}

/// What knows the value of the finding at `index` again.
pub(super) fn fingerprint_of(
    index: usize,
    findings: &[Finding],
    readings: &[Reading<'_>],
    hash: &KeyedHash,
) -> Fingerprint {
    let Some(finding) = findings.get(index) else {
        return hash.digest(&[]);
    };
    let value = value_of(index, finding, readings, findings);
    hash.fingerprint(finding.category, &value)
}

/// The value of a finding: its text, or for a record the texts of its elements.
fn value_of(
    index: usize,
    finding: &Finding,
    readings: &[Reading<'_>],
    findings: &[Finding],
) -> String {
    let text = |finding: &Finding| {
        readings
            .get(finding.part.0)
            .map(|reading| finding.span.of(reading.part.text.expose()).to_owned())
            .unwrap_or_default()
    };
    if !finding.category.is_record() {
        return text(finding);
    }
    let mut elements: Vec<String> = findings
        .iter()
        .filter(|element| element.element_of == Some(index))
        .map(text)
        .collect();
    if elements.is_empty() {
        return text(finding);
    }
    elements.sort_unstable();
    elements.join("\n")
}

/// What was found, counted by value.
pub(super) fn findings(
    readings: &[Reading<'_>],
    judgement: &Judgement,
    hash: &KeyedHash,
) -> Vec<IncidentFinding> {
    let mut counted: BTreeMap<_, (u32, MaskedExcerpt, &Finding)> = BTreeMap::new();
    for (index, finding) in judgement.findings.iter().enumerate() {
        if judgement
            .decision
            .per_finding
            .get(index)
            .is_none_or(|own| *own == Action::Allow)
        {
            continue;
        }
        let value = value_of(index, finding, readings, &judgement.findings);
        let fingerprint = hash.fingerprint(finding.category, &value);
        let key = (
            finding.category,
            finding.ground,
            finding.confidence,
            fingerprint,
        );
        let entry = counted
            .entry(key)
            .or_insert_with(|| (0, masked(finding, &value), finding));
        entry.0 = entry.0.saturating_add(1);
    }
    counted
        .into_iter()
        .map(
            |((category, ground, confidence, fingerprint), (count, masked, first))| {
                IncidentFinding {
                    category,
                    ground,
                    confidence,
                    count,
                    masked,
                    fingerprint,
                    rule: first.rule.clone(),
                    why: first.explanation(),
                }
            },
        )
        .collect()
}

/// A record is shown by its kind and its number of people, a value by [`mask`].
fn masked(finding: &Finding, value: &str) -> MaskedExcerpt {
    if finding.category.is_record() {
        return MaskedExcerpt(format!(
            "{} ({} người)",
            finding.category.label(),
            finding.subjects.max(1)
        ));
    }
    mask(finding.category, value)
}

/// What may be shown of the finding at `index`.
pub(super) fn masked_of(
    index: usize,
    finding: &Finding,
    readings: &[Reading<'_>],
    judgement: &Judgement,
) -> MaskedExcerpt {
    let value = value_of(index, finding, readings, &judgement.findings);
    masked(finding, &value)
}

fn found_for_people(readings: &[Reading<'_>], judgement: &Judgement) -> Vec<FoundForPeople> {
    let mut lines: BTreeMap<Category, FoundForPeople> = BTreeMap::new();
    for (index, finding) in judgement.findings.iter().enumerate() {
        if judgement
            .decision
            .per_finding
            .get(index)
            .is_none_or(|own| *own < Action::Redact)
        {
            continue;
        }
        let line = lines
            .entry(finding.category)
            .or_insert_with(|| FoundForPeople {
                label: finding.category.label(),
                masked: masked_of(index, finding, readings, judgement).0,
                count: 0,
            });
        line.count = line.count.saturating_add(1);
    }
    lines.into_values().collect()
}

/// The first file that could not be read, by its ending and size only.
pub(super) fn file(opening: &Opening<'_>) -> Option<IncidentFile> {
    let opaque = opening.body.as_ref().ok()?.opaque().first()?;
    let name = opaque
        .file_name
        .as_ref()
        .map(|name| name.expose().as_str())
        .unwrap_or_default();
    Some(IncidentFile {
        name_masked: mask_file_name(name),
        kind: opaque.reason.as_str().to_owned(),
        bytes: u64::try_from(opaque.bytes).unwrap_or(u64::MAX),
    })
}

/// `danh sach ho ngheo.docx` becomes `….docx`: a name may hold what the file holds.
fn mask_file_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending))
            if (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!("….{}", ending.to_ascii_lowercase())
        }
        Some(_) | None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_keeps_only_its_ending() {
        assert_eq!(mask_file_name("Nguyễn Văn Thử 001099000001.DOCX"), "….docx");
        assert_eq!(mask_file_name("001099000001"), "…");
        assert_eq!(mask_file_name("a.001099000001"), "…");
    }
}
