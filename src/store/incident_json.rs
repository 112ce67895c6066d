//! How does an incident look to other programs, and on one line to a person?
//!
//! JSON is version 1 of the contract, with its keys in a fixed order. Of a state secret it has the
//! permitted facts under `secret` and nothing under `findings` or `file`.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;

use super::finding_record::FindingRecord;
use super::record::{Incident, IncidentRecord};

/// The time of Việt Nam, which has no summer time.
const HANOI: Offset = Offset::constant(7);

impl Incident {
    /// The incident as JSON, version 1.
    pub fn to_json(&self) -> Value {
        let record = &self.record;
        let mut json = json!({
            "version": 1,
            "id": record.id,
            "code": record.code,
            "seq": self.seq,
            "recorded_at": rfc3339(record.recorded_at),
            "node": record.node,
            "client": {
                "address": record.client_address,
                "unit": record.unit,
                "user": record.user,
            },
            "service": record.service,
            "endpoint": record.endpoint,
            "carries": record.carries,
            "action": record.action,
            "policy_rule": record.policy_rule,
            "severity": record.severity,
            "outcome": record.outcome,
            "subjects": record.subjects,
            "findings": record.findings.iter().map(finding_json).collect::<Vec<_>>(),
            "file": record.file.as_ref().map(|file| json!({
                "name_masked": file.name_masked,
                "kind": file.kind,
                "bytes": file.bytes,
            })),
            "notes": notes(record),
            "prev": self.prev.to_string(),
            "hash": self.hash.to_string(),
        });
        if let (Some(secret), Some(object)) = (&record.secret, json.as_object_mut()) {
            let facts = json!({
                "level": secret.level,
                "rule": secret.rule,
                "place": secret.place,
                "bytes": secret.bytes,
                "digest": secret.digest.0,
            });
            object.insert("secret".to_owned(), facts);
        }
        json
    }

    /// The incident on one line for a person: time, code, service, action, categories, masked.
    pub fn to_line(&self) -> String {
        let record = &self.record;
        let line = format!(
            "{}  {}  {}  {}  {}",
            clock_time(record.recorded_at),
            record.code,
            record.service,
            action_label(&record.action),
            content_label(record),
        );
        // Names come from settings files; a terminal must not obey them.
        line.chars()
            .map(|c| if c.is_control() { '?' } else { c })
            .collect()
    }
}

/// A time in RFC 3339 at +07:00, with milliseconds.
pub fn rfc3339(time: UnixMillis) -> String {
    let time = timestamp(time);
    format!("{:.3}", time.display_with_offset(HANOI))
}

fn clock_time(time: UnixMillis) -> String {
    let time = timestamp(time).to_zoned(TimeZone::fixed(HANOI));
    time.strftime("%H:%M:%S %d/%m/%Y").to_string()
}

/// A time far outside the calendar can only come from a broken clock; it is shown as 1970.
fn timestamp(time: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(time.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn finding_json(finding: &FindingRecord) -> Value {
    json!({
        "category": finding.category,
        "ground": finding.ground,
        "confidence": finding.confidence,
        "count": finding.count,
        "masked": finding.masked.0,
        "fingerprint": finding.fingerprint.0,
    })
}

/// The notes, with the reason why something could not be inspected as one of them.
fn notes(record: &IncidentRecord) -> Vec<String> {
    let reason = record.uninspectable.iter();
    let reason = reason.map(|reason| format!("uninspectable_{reason}"));
    record.notes.iter().cloned().chain(reason).collect()
}

fn action_label(action: &str) -> &str {
    match Action::parse(action) {
        Some(Action::Allow) => "cho qua",
        Some(Action::Audit) => "cho qua, có ghi nhận",
        Some(Action::Redact) => "đã che",
        Some(Action::Block) => "đã chặn",
        None => action,
    }
}

/// What it was about, in words; only the level for a state secret.
fn content_label(record: &IncidentRecord) -> String {
    if let Some(secret) = &record.secret {
        let label = Category::StateSecret.label();
        return format!("{label} (mức {})", secret.level);
    }
    let findings: Vec<String> = record.findings.iter().map(finding_label).collect();
    let reason = record.uninspectable.as_deref();
    match (findings.is_empty(), reason) {
        (true, Some(reason)) => format!("không kiểm tra được ({reason})"),
        (true, None) => "-".to_owned(),
        (false, _) => findings.join(", "),
    }
}

fn finding_label(finding: &FindingRecord) -> String {
    let label = match Category::parse(&finding.category) {
        Some(category) => category.label(),
        None => finding.category.as_str(),
    };
    match (finding.masked.0.as_str(), finding.count) {
        ("", 1) => label.to_owned(),
        ("", count) => format!("{label} x{count}"),
        (masked, 1) => format!("{label} [{masked}]"),
        (masked, count) => format!("{label} [{masked}] x{count}"),
    }
}
