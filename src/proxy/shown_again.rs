//! What was a clerk shown when something was refused? Worded again from the incident's record.
//!
//! The refusal itself is kept nowhere. What it said follows from the record and the office's words
//! of today; a message of a policy rule, which stands in no record, is left out.

use super::incident_label;
use super::office::OfficeTexts;
use super::refusal_text;
use crate::inspect::{FoundForPeople, RefusalFacts, RefusalReason, RequestIds};
use crate::model::category::{Category, SecretLevel};
use crate::model::decision::Action;
use crate::model::uninspectable::Uninspectable;
use crate::service::RefusalShape;
use crate::store::IncidentRecord;

/// So many people make a list.
const MANY_PEOPLE: u64 = 5;

/// The words of the refusal; nothing for what was not refused.
pub fn words_shown(
    record: &IncidentRecord,
    service_name: &str,
    office: &OfficeTexts,
) -> Option<String> {
    if record.action != Action::Block.as_str() {
        return None;
    }
    let facts = RefusalFacts {
        shape: RefusalShape::Generic,
        service_name: service_name.to_owned(),
        reason: reason(record),
        message: None,
        rule: record.policy_rule.clone(),
        found: found(record),
        subjects: u32::try_from(record.subjects).unwrap_or(u32::MAX),
        ids: RequestIds::default(),
        is_fixed: false,
    };
    let time = incident_label::at(record.recorded_at);
    let notice = refusal_text::word(&facts, Some(&record.code), office, &time);
    Some(notice.plain())
}

fn reason(record: &IncidentRecord) -> RefusalReason {
    if let Some(secret) = &record.secret {
        return RefusalReason::StateSecret(match secret.level.as_str() {
            "A" => SecretLevel::A,
            "B" => SecretLevel::B,
            _ => SecretLevel::C,
        });
    }
    let has = |category: Category| {
        let mut findings = record.findings.iter();
        findings.any(|finding| finding.category == category.as_str())
    };
    let unread = record.uninspectable.as_deref();
    if has(Category::InternalDocument) {
        RefusalReason::InternalDocument
    } else if has(Category::Credential) {
        RefusalReason::Credential
    } else if let Some(reason) = unread {
        let known = Uninspectable::parse(reason);
        RefusalReason::Uninspectable(known.unwrap_or(Uninspectable::Unknown))
    } else if record.subjects >= MANY_PEOPLE {
        RefusalReason::People
    } else {
        RefusalReason::PersonalData
    }
}

/// One line per category, as the refusal had.
fn found(record: &IncidentRecord) -> Vec<FoundForPeople> {
    let mut lines: Vec<FoundForPeople> = Vec::new();
    for finding in &record.findings {
        let Some(category) = Category::parse(&finding.category) else {
            continue;
        };
        let label = category.label();
        match lines.iter_mut().find(|line| line.label == label) {
            Some(line) => line.count = line.count.saturating_add(1),
            None => lines.push(FoundForPeople {
                label,
                masked: finding.masked.0.clone(),
                count: 1,
            }),
        }
    }
    lines
}
