//! What is kept of a finding? Its names, its count, what may be shown and what counts repeats.

use crate::model::incident::{Fingerprint, IncidentFinding, MaskedExcerpt};

use super::canonical::{Decoder, Encoder, FORMAT_WITH_REASONS, NotCanonical};

/// How many values of one incident are kept singly; the rest is summed up by category. A list of a
/// whole commune would otherwise make a record of megabytes.
const FINDINGS_COUNT_MAX: usize = 1000;

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
    /// The rule that found it; empty in records of the first format.
    pub rule: String,
    /// Why, in one sentence; empty in records of the first format.
    pub why: String,
}

impl FindingRecord {
    /// The findings as kept: those beyond the bound as one line per category, ground and confidence.
    pub(super) fn summed_up(findings: Vec<IncidentFinding>) -> Vec<Self> {
        let mut findings = findings.into_iter().map(Self::from);
        let mut kept: Vec<Self> = findings.by_ref().take(FINDINGS_COUNT_MAX).collect();
        let mut sums: Vec<Self> = Vec::new();
        for finding in findings {
            let sum = sums.iter_mut().find(|sum| {
                sum.category == finding.category
                    && sum.ground == finding.ground
                    && sum.confidence == finding.confidence
            });
            match sum {
                Some(sum) => sum.count = sum.count.saturating_add(finding.count),
                None => sums.push(Self {
                    masked: MaskedExcerpt(String::new()),
                    fingerprint: Fingerprint(String::new()),
                    why: String::new(),
                    ..finding
                }),
            }
        }
        kept.append(&mut sums);
        kept
    }

    /// Writes its values.
    pub(super) fn write(&self, encoder: &mut Encoder, format: u8) {
        encoder
            .text(&self.category)
            .optional(self.ground.as_ref(), |encoder, ground| {
                encoder.text(ground);
            })
            .text(&self.confidence)
            .number(self.count)
            .text(&self.masked.0)
            .text(&self.fingerprint.0);
        if format == FORMAT_WITH_REASONS {
            encoder.text(&self.rule).text(&self.why);
        }
    }

    /// Reads its values.
    pub(super) fn read(decoder: &mut Decoder<'_>, format: u8) -> Result<Self, NotCanonical> {
        let mut finding = Self {
            category: decoder.text()?,
            ground: decoder.optional(Decoder::text)?,
            confidence: decoder.text()?,
            count: decoder.number()?,
            masked: MaskedExcerpt(decoder.text()?),
            fingerprint: Fingerprint(decoder.text()?),
            rule: String::new(),
            why: String::new(),
        };
        if format == FORMAT_WITH_REASONS {
            finding.rule = decoder.text()?;
            finding.why = decoder.text()?;
        }
        Ok(finding)
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
            rule: finding.rule,
            why: finding.why,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::draft;
    use super::*;

    #[test]
    fn a_record_of_a_whole_commune_stays_small_and_loses_no_count() {
        let finding = draft("aa").findings.remove(0);
        let kept = FindingRecord::summed_up(vec![finding; 5000]);
        assert_eq!(kept.len(), FINDINGS_COUNT_MAX + 1);
        assert_eq!(kept.iter().map(|f| f.count).sum::<u64>(), 10_000);
    }
}
