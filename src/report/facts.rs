//! What is told of one incident on a form about it? Kinds and counts; never a value, masked or not.
//!
//! Of a state secret only the circumstances that Luật 117/2025/QH15 lets be kept: no file name, no
//! subject, no number of the document, not even the rule's words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::store::Incident;

/// What is told of one incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentFacts {
    /// The id.
    pub id: String,
    /// The code.
    pub code: String,
    /// When it was recorded, in milliseconds since 1970.
    pub recorded_at: i64,
    /// The workstation's address.
    pub client: String,
    /// The unit; empty where none is known.
    pub unit: String,
    /// The service's id.
    pub service: String,
    /// What the request carried.
    pub carries: String,
    /// What was done.
    pub action: String,
    /// The gravest severity.
    pub severity: String,
    /// How many people the content told about; 0 for a state secret.
    pub subjects: u64,
    /// How often what was found, by category; with its ground after a slash where it has one.
    pub found: BTreeMap<String, u64>,
    /// The kind of file, where there was one.
    pub file_kind: Option<String>,
    /// Of a state secret: the level.
    pub level: Option<String>,
    /// Of a state secret: how many bytes the request had.
    pub bytes: Option<u64>,
}

impl IncidentFacts {
    /// Of a stored incident.
    pub fn of(incident: &Incident) -> Self {
        let record = &incident.record;
        let secret = record.secret.as_ref();
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for finding in &record.findings {
            let name = match &finding.ground {
                Some(ground) => format!("{}/{ground}", finding.category),
                None => finding.category.clone(),
            };
            *found.entry(name).or_default() += finding.count;
        }
        Self {
            id: record.id.clone(),
            code: record.code.clone(),
            recorded_at: record.recorded_at.0,
            client: record.client_address.clone(),
            unit: record.unit.clone().unwrap_or_default(),
            service: record.service.clone(),
            carries: record.carries.clone(),
            action: record.action.clone(),
            severity: record.severity.clone(),
            subjects: record.subjects,
            found,
            file_kind: record.file.as_ref().map(|file| file.kind.clone()),
            level: secret.map(|secret| secret.level.clone()),
            bytes: secret.map(|secret| secret.bytes),
        }
    }
}
