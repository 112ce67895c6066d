//! What the store promises, tried on real files.

use super::*;
use crate::model::category::{Category, SecretLevel};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::incident::{
    Fingerprint, IncidentFile, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
};
use crate::model::note::Note;

/// A draft whose only value has this fingerprint.
pub(super) fn draft(fingerprint: &str) -> IncidentDraft {
    IncidentDraft {
        client_address: "10.0.0.5".to_owned(),
        unit: Some("Một cửa".to_owned()),
        service: "chatgpt".to_owned(),
        endpoint: "conversation".to_owned(),
        carries: Carries::Prompt,
        action: Action::Redact,
        policy_rule: "single".to_owned(),
        severity: Severity::Low,
        outcome: Outcome::Prevented,
        subjects: 1,
        findings: vec![IncidentFinding {
            category: Category::CitizenId,
            ground: None,
            confidence: Confidence::High,
            count: 2,
            masked: MaskedExcerpt("CCCD ..01".to_owned()),
            fingerprint: Fingerprint(fingerprint.to_owned()),
        }],
        file: None,
        notes: vec![Note::UnknownPath],
        uninspectable: None,
        secret: None,
    }
}

/// A draft of a state secret with this digest, which wrongly brings a file and findings along.
pub(super) fn secret_draft(digest: &str) -> IncidentDraft {
    IncidentDraft {
        action: Action::Block,
        severity: Severity::Critical,
        file: Some(IncidentFile {
            name_masked: "DAUMAT-TEN-TEP".to_owned(),
            kind: "docx".to_owned(),
            bytes: 7,
        }),
        secret: Some(SecretFacts {
            level: SecretLevel::A,
            rule: "secret-mark".to_owned(),
            place: "line".to_owned(),
            bytes: 900,
            digest: Fingerprint(digest.to_owned()),
        }),
        ..draft("DAUMAT-FINGERPRINT")
    }
}
