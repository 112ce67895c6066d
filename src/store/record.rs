//! What exactly stands in an incident's record? Its body, as it is kept.
//!
//! Enumerations are kept as the contract's names, so that a record written by a later version is
//! still listed and verified. A body is written by [`IncidentRecord::to_canonical`] and read back
//! by [`IncidentRecord::from_canonical`]; the order of fields is documented in
//! [`canonical`](super::canonical).
//!
//! Of a state secret only the facts of Luật 117/2025/QH15 are taken over from a draft: its
//! findings, file and subjects are dropped here, whatever the draft says.

use crate::model::exchange::UnixMillis;
use crate::model::incident::{Fingerprint, IncidentDraft, IncidentFile, SecretFacts};

use super::canonical::{Decoder, Encoder, FORMAT, FORMAT_WITH_REASONS, NotCanonical};
use super::chain::Hash;
use super::finding_record::FindingRecord;

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
    /// The format of its body.
    format: u8,
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
            format: FORMAT_WITH_REASONS,
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
            findings: FindingRecord::summed_up(findings),
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
        let mut encoder = Encoder::in_format(self.format);
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
            .list(&self.findings, |encoder, finding| {
                finding.write(encoder, self.format);
            })
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
        let (format, mut decoder) = Decoder::of_formats(body, &[FORMAT, FORMAT_WITH_REASONS])?;
        let record = Self {
            format,
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
            findings: decoder.list(|decoder| FindingRecord::read(decoder, format))?,
            file: decoder.optional(read_file)?,
            notes: decoder.list(Decoder::text)?,
            uninspectable: decoder.optional(Decoder::text)?,
            secret: decoder.optional(SecretRecord::read)?,
        };
        decoder.end()?;
        Ok(record)
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

fn write_text<T: AsRef<str>>(encoder: &mut Encoder, text: &T) {
    encoder.text(text.as_ref());
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{NOON, draft, secret_draft};
    use super::*;
    use crate::model::incident::MaskedExcerpt;
    use crate::model::uninspectable::Uninspectable;

    fn record(draft: IncidentDraft) -> IncidentRecord {
        let (id, code) = ("0193fd00-id".to_owned(), "K7M-2F4".to_owned());
        IncidentRecord::new(draft, id, code, UnixMillis(NOON), "xa-thu")
    }

    #[test]
    fn a_record_has_the_same_bytes_for_ever() {
        let mut draft = draft("00112233445566aa");
        draft.file = Some(IncidentFile {
            name_masked: "9.docx".to_owned(),
            kind: "docx".to_owned(),
            bytes: 4096,
        });
        draft.uninspectable = Some(Uninspectable::Encrypted);
        let first_format = |draft| {
            let mut record = record(draft);
            record.format = FORMAT;
            Hash::of(&record.to_canonical())
        };
        let secret = first_format(secret_draft("5ec0"));
        let hash = first_format(draft);
        assert_eq!(
            hash.to_string(),
            "1c0a8c4202f7ab6b2f2d74572b14dbb17f9e80e45fce2d4ecc27c112cfc86f61"
        );
        assert_eq!(
            secret.to_string(),
            "58572246d01dc797aac34465f0cd76b6543823ee9c2bc3fd707f12ab61e0ac88"
        );
    }

    proptest! {
        #[test]
        fn every_record_reads_back(
            texts in proptest::collection::vec(".{0,12}", 8),
            unit in proptest::option::of(".{0,8}"),
            subjects: u32,
            count: u32,
            findings in 0_usize..4,
            is_secret: bool,
        ) {
            let mut draft = if is_secret { secret_draft(&texts[7]) } else { draft(&texts[7]) };
            draft.findings = vec![draft.findings[0].clone(); findings];
            for finding in &mut draft.findings {
                finding.count = count;
                finding.masked = MaskedExcerpt(texts[0].clone());
            }
            draft.client_address.clone_from(&texts[1]);
            draft.service.clone_from(&texts[2]);
            draft.endpoint.clone_from(&texts[3]);
            draft.policy_rule.clone_from(&texts[4]);
            draft.unit = unit;
            draft.subjects = subjects;
            let record = record(draft);
            let body = record.to_canonical();
            prop_assert_eq!(IncidentRecord::from_canonical(&body), Ok(record));
            // No part of a body is a body.
            prop_assert!(IncidentRecord::from_canonical(&body[..body.len() - 1]).is_err());
        }

        #[test]
        fn no_bytes_make_reading_fail_badly(mut bytes: Vec<u8>) {
            bytes.insert(0, FORMAT);
            if let Ok(record) = IncidentRecord::from_canonical(&bytes) {
                prop_assert_eq!(record.to_canonical(), bytes);
            }
        }
    }
}
