//! What exactly stands in a record? The bodies of incidents and events, as they are kept.
//!
//! Enumerations are kept as the contract's names, so that a record written by a later version is
//! still listed and verified. A body is written by [`IncidentRecord::to_canonical`] and read back
//! by [`IncidentRecord::from_canonical`]; the order of fields is documented in
//! [`canonical`](super::canonical).
//!
//! Of a state secret only the facts of Luật 117/2025/QH15 are taken over from a draft: its
//! findings, file and subjects are dropped here, whatever the draft says.

use crate::model::exchange::UnixMillis;
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFile, IncidentFinding, MaskedExcerpt, SecretFacts,
};

use super::canonical::{Decoder, Encoder, NotCanonical};
use super::chain::Hash;

/// How many values of one incident are kept singly; the rest is summed up by category. A list of a
/// whole commune would otherwise make a record of megabytes.
const FINDINGS_COUNT_MAX: usize = 1000;

/// A stored incident with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its place.
    pub seq: u64,
    /// The hash of the record before.
    pub prev: Hash,
    /// Its own hash.
    pub hash: Hash,
    /// What was recorded.
    pub record: IncidentRecord,
}

/// The body of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRecord {
    /// The id (`UUIDv7`, text form).
    pub id: String,
    /// The short code that can be read out by telephone.
    pub code: String,
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    /// The node that recorded it.
    pub node: String,
    /// The workstation's address.
    pub client_address: String,
    /// Its unit, where one is known.
    pub unit: Option<String>,
    /// The person, where one is known.
    pub user: Option<String>,
    /// The service's id in the catalogue.
    pub service: String,
    /// The endpoint's id.
    pub endpoint: String,
    /// What the request carried.
    pub carries: String,
    /// What was done.
    pub action: String,
    /// The policy rule that decided.
    pub policy_rule: String,
    /// The gravest severity.
    pub severity: String,
    /// Whether anything reached the service, as known when recording.
    pub outcome: String,
    /// How many people the content told about.
    pub subjects: u64,
    /// What was found; empty for a state secret.
    pub findings: Vec<FindingRecord>,
    /// The file; never for a state secret.
    pub file: Option<IncidentFile>,
    /// Oddities.
    pub notes: Vec<String>,
    /// Why something could not be inspected.
    pub uninspectable: Option<String>,
    /// Of a state secret: the only facts kept.
    pub secret: Option<SecretRecord>,
}

/// Findings of one category, confidence and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRecord {
    /// The category.
    pub category: String,
    /// The letter of NĐ 356/2025/NĐ-CP Đ4.1.
    pub ground: Option<String>,
    /// The confidence.
    pub confidence: String,
    /// How often.
    pub count: u64,
    /// What may be shown; empty where many values are summed up.
    pub masked: MaskedExcerpt,
    /// What counts repeats; empty where many values are summed up.
    pub fingerprint: Fingerprint,
}

/// What is kept of a state secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRecord {
    /// The level: A, B or C.
    pub level: String,
    /// The rule that found the marking.
    pub rule: String,
    /// Where the marking stood.
    pub place: String,
    /// How many bytes the request had.
    pub bytes: u64,
    /// The keyed digest of the content.
    pub digest: Fingerprint,
}

/// An event: what else is known of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    /// What it is: [`REPEATS`] or [`OVER_RATE`].
    pub what: String,
    /// The incident that stands for what is counted.
    pub incident: String,
    /// How many.
    pub count: u64,
    /// When the first of them came.
    pub from: UnixMillis,
    /// When the last of them came.
    pub until: UnixMillis,
    /// The gravest severity among them.
    pub gravest: String,
}

/// An event that counts repeats of an incident.
pub const REPEATS: &str = "repeats";
/// An event that counts what went over a client's rate after an incident.
pub const OVER_RATE: &str = "over_rate";

impl IncidentRecord {
    /// The record of a draft.
    pub(super) fn new(
        draft: IncidentDraft,
        id: String,
        code: String,
        recorded_at: UnixMillis,
        node: &str,
    ) -> Self {
        let secret = draft.secret.map(SecretRecord::from);
        let open = secret.is_none();
        let findings = if open { draft.findings } else { Vec::new() };
        Self {
            id,
            code,
            recorded_at,
            node: node.to_owned(),
            client_address: draft.client_address,
            unit: draft.unit,
            user: None,
            service: draft.service,
            endpoint: draft.endpoint,
            carries: draft.carries.as_str().to_owned(),
            action: draft.action.as_str().to_owned(),
            policy_rule: draft.policy_rule,
            severity: draft.severity.as_str().to_owned(),
            outcome: draft.outcome.as_str().to_owned(),
            subjects: if open { draft.subjects.into() } else { 0 },
            findings: summed_up(findings),
            file: draft.file.filter(|_| open),
            notes: draft.notes.iter().map(|n| n.as_str().into()).collect(),
            uninspectable: draft.uninspectable.map(|reason| reason.as_str().into()),
            secret,
        }
    }

    /// Each category once, in the order of the findings; `state_secret` for a state secret.
    pub fn categories(&self) -> Vec<&str> {
        let mut categories = Vec::new();
        if self.secret.is_some() {
            categories.push(crate::model::category::Category::StateSecret.as_str());
        }
        for finding in &self.findings {
            if !categories.contains(&finding.category.as_str()) {
                categories.push(&finding.category);
            }
        }
        categories
    }

    /// The body's bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder
            .text(&self.id)
            .text(&self.code)
            .time(self.recorded_at.0)
            .text(&self.node)
            .text(&self.client_address)
            .optional(self.unit.as_ref(), write_text)
            .optional(self.user.as_ref(), write_text)
            .text(&self.service)
            .text(&self.endpoint)
            .text(&self.carries)
            .text(&self.action)
            .text(&self.policy_rule)
            .text(&self.severity)
            .text(&self.outcome)
            .number(self.subjects)
            .list(&self.findings, FindingRecord::write)
            .optional(self.file.as_ref(), write_file)
            .list(&self.notes, write_text)
            .optional(self.uninspectable.as_ref(), write_text)
            .optional(self.secret.as_ref(), SecretRecord::write);
        encoder.into_bytes()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When it is not exactly one incident in canonical form.
    pub fn from_canonical(body: &[u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(body)?;
        let record = Self {
            id: decoder.text()?,
            code: decoder.text()?,
            recorded_at: UnixMillis(decoder.time()?),
            node: decoder.text()?,
            client_address: decoder.text()?,
            unit: decoder.optional(Decoder::text)?,
            user: decoder.optional(Decoder::text)?,
            service: decoder.text()?,
            endpoint: decoder.text()?,
            carries: decoder.text()?,
            action: decoder.text()?,
            policy_rule: decoder.text()?,
            severity: decoder.text()?,
            outcome: decoder.text()?,
            subjects: decoder.number()?,
            findings: decoder.list(FindingRecord::read)?,
            file: decoder.optional(read_file)?,
            notes: decoder.list(Decoder::text)?,
            uninspectable: decoder.optional(Decoder::text)?,
            secret: decoder.optional(SecretRecord::read)?,
        };
        decoder.end()?;
        Ok(record)
    }
}

impl FindingRecord {
    fn write(encoder: &mut Encoder, finding: &Self) {
        encoder
            .text(&finding.category)
            .optional(finding.ground.as_ref(), write_text)
            .text(&finding.confidence)
            .number(finding.count)
            .text(&finding.masked.0)
            .text(&finding.fingerprint.0);
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, NotCanonical> {
        Ok(Self {
            category: decoder.text()?,
            ground: decoder.optional(Decoder::text)?,
            confidence: decoder.text()?,
            count: decoder.number()?,
            masked: MaskedExcerpt(decoder.text()?),
            fingerprint: Fingerprint(decoder.text()?),
        })
    }
}

impl From<IncidentFinding> for FindingRecord {
    fn from(finding: IncidentFinding) -> Self {
        Self {
            category: finding.category.as_str().to_owned(),
            ground: finding.ground.map(|ground| ground.letter().to_owned()),
            confidence: finding.confidence.as_str().to_owned(),
            count: finding.count.into(),
            masked: finding.masked,
            fingerprint: finding.fingerprint,
        }
    }
}

impl SecretRecord {
    fn write(encoder: &mut Encoder, secret: &Self) {
        encoder
            .text(&secret.level)
            .text(&secret.rule)
            .text(&secret.place)
            .number(secret.bytes)
            .text(&secret.digest.0);
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, NotCanonical> {
        Ok(Self {
            level: decoder.text()?,
            rule: decoder.text()?,
            place: decoder.text()?,
            bytes: decoder.number()?,
            digest: Fingerprint(decoder.text()?),
        })
    }
}

impl From<SecretFacts> for SecretRecord {
    fn from(facts: SecretFacts) -> Self {
        Self {
            level: facts.level.as_str().to_owned(),
            rule: facts.rule,
            place: facts.place,
            bytes: facts.bytes,
            digest: facts.digest,
        }
    }
}

impl EventRecord {
    /// The body's bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder
            .time(self.recorded_at.0)
            .text(&self.what)
            .text(&self.incident)
            .number(self.count)
            .time(self.from.0)
            .time(self.until.0)
            .text(&self.gravest);
        encoder.into_bytes()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When it is not exactly one event in canonical form.
    pub fn from_canonical(body: &[u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(body)?;
        let record = Self {
            recorded_at: UnixMillis(decoder.time()?),
            what: decoder.text()?,
            incident: decoder.text()?,
            count: decoder.number()?,
            from: UnixMillis(decoder.time()?),
            until: UnixMillis(decoder.time()?),
            gravest: decoder.text()?,
        };
        decoder.end()?;
        Ok(record)
    }
}

/// The findings as kept: those beyond the bound as one line per category, ground and confidence.
fn summed_up(findings: Vec<IncidentFinding>) -> Vec<FindingRecord> {
    let mut findings = findings.into_iter().map(FindingRecord::from);
    let mut kept: Vec<FindingRecord> = findings.by_ref().take(FINDINGS_COUNT_MAX).collect();
    let mut sums: Vec<FindingRecord> = Vec::new();
    for finding in findings {
        let sum = sums.iter_mut().find(|sum| {
            sum.category == finding.category
                && sum.ground == finding.ground
                && sum.confidence == finding.confidence
        });
        match sum {
            Some(sum) => sum.count = sum.count.saturating_add(finding.count),
            None => sums.push(FindingRecord {
                masked: MaskedExcerpt(String::new()),
                fingerprint: Fingerprint(String::new()),
                ..finding
            }),
        }
    }
    kept.append(&mut sums);
    kept
}

fn write_text(encoder: &mut Encoder, text: &String) {
    encoder.text(text);
}

fn write_file(encoder: &mut Encoder, file: &IncidentFile) {
    encoder
        .text(&file.name_masked)
        .text(&file.kind)
        .number(file.bytes);
}

fn read_file(decoder: &mut Decoder<'_>) -> Result<IncidentFile, NotCanonical> {
    Ok(IncidentFile {
        name_masked: decoder.text()?,
        kind: decoder.text()?,
        bytes: decoder.number()?,
    })
}
