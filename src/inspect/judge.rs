//! Act three: what stands in the strings, and what follows?
//!
//! Normalize, detect, decide, redact. Pure: the same request, snapshot and time give the same
//! judgement.

use bytes::Bytes;

use crate::detect::{Detector, ScanContext};
use crate::inspect::find::find;
use crate::inspect::gathered;
use crate::inspect::offsets;
use crate::inspect::open::{Opening, Reading, Region};
use crate::inspect::seam;
use crate::model::category::{Category, SecretLevel};
use crate::model::decision::{Action, Decision};
use crate::model::exchange::{Circumstances, UnixMillis};
use crate::model::finding::Finding;
use crate::model::note::Note;
use crate::model::part::{Edit, Part, PartId, PartKind};
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;
use crate::policy::{FieldPlace, Observed, Policy, Unread, UnreadWhat};
use crate::redact::{Placeholders, Scope, Value};

/// What was found in an opened request, and what policy says.
pub(super) struct Judgement {
    /// Every finding; `part` counts the readings.
    pub findings: Vec<Finding>,
    pub decision: Decision,
    /// The level of the state secret for which the content is blocked, where it is.
    pub secret: Option<SecretLevel>,
    /// Why something could not be read, where that is what decided.
    pub uninspectable: Option<Uninspectable>,
    pub notes: Vec<Note>,
    /// The incident for whose content a person gave leave, where this is that content.
    pub released: Option<String>,
}

impl Judgement {
    /// The findings for which the decision asks for at least `action`.
    pub(super) fn findings_at_least(&self, action: Action) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .zip(&self.decision.per_finding)
            .filter(move |(_, own)| **own >= action)
            .map(|(finding, _)| finding)
    }
}

/// Reads every part, and what lies across several: normalize, then detect. `Finding::part` counts
/// the readings.
pub(super) fn scan(
    detector: &Detector,
    opening: &Opening<'_>,
    readings: &[Reading<'_>],
    now: UnixMillis,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, reading) in readings.iter().enumerate() {
        let first = findings.len();
        for mut finding in scan_part(detector, reading.part, PartId(index), now) {
            finding.element_of = finding.element_of.map(|record| record + first);
            findings.push(finding);
        }
    }
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: year_of(now),
    };
    findings.extend(seam::scan(detector, readings, &context));
    gathered::with_gathered(detector, opening, readings, &context, findings)
}

/// Reads one part. The key of a value is its label: `"cccd": "..."`.
fn scan_part(detector: &Detector, part: &Part, id: PartId, now: UnixMillis) -> Vec<Finding> {
    let label = match part.kind {
        PartKind::Value | PartKind::Number => part.locator.last_key(),
        PartKind::Key | PartKind::FileName | PartKind::FileText => None,
    };
    let context = ScanContext {
        part: id,
        label,
        year_now: year_of(now),
    };
    find(detector, part.text.expose(), &context)
}

/// Lets policy decide on what was found and on what could not be read.
pub(super) fn decide(
    policy: &Policy,
    opening: &Opening<'_>,
    readings: &[Reading<'_>],
    findings: Vec<Finding>,
    unit: Option<&str>,
) -> Judgement {
    let circumstances = Circumstances {
        carries: opening.carries,
        service: opening.service.to_owned(),
        unit: unit.map(str::to_owned),
    };
    let observed: Vec<Observed<'_>> = findings
        .iter()
        .map(|finding| Observed {
            finding,
            place: place_of(finding, readings),
        })
        .collect();
    let unread = unread(opening);
    let decision = policy.decide(&observed, &unread, &circumstances);
    let unlisted = observed
        .iter()
        .zip(&decision.per_finding)
        .any(|(observed, action)| {
            observed.place == FieldPlace::Unlisted && *action >= Action::Audit
        });
    let mut notes = opening.notes.clone();
    if unlisted {
        notes.push(Note::UnlistedField);
    }
    notes.sort_unstable();
    notes.dedup();
    let is_unread_what_decides = decision
        .per_finding
        .iter()
        .all(|own| *own < decision.action);
    let uninspectable = unread
        .first()
        .map(|unread| unread.reason)
        .filter(|_| is_unread_what_decides);
    let secret = secret_level(&findings, &decision);
    Judgement {
        findings,
        secret,
        decision,
        uninspectable,
        notes,
        released: None,
    }
}

fn place_of(finding: &Finding, readings: &[Reading<'_>]) -> FieldPlace {
    readings
        .get(finding.part.0)
        .map_or(FieldPlace::Unlisted, |reading| reading.place)
}

/// The gravest level among the markings that block.
fn secret_level(findings: &[Finding], decision: &Decision) -> Option<SecretLevel> {
    findings
        .iter()
        .zip(&decision.per_finding)
        .filter(|(finding, own)| {
            finding.category == Category::StateSecret && **own == Action::Block
        })
        .map(|(finding, _)| finding.level.unwrap_or(SecretLevel::C))
        .min()
}

/// The pieces of the request that could not be read.
fn unread(opening: &Opening<'_>) -> Vec<Unread> {
    if opening.passes_unreadable {
        return Vec::new();
    }
    match &opening.body {
        Err(reason) => vec![Unread {
            reason: *reason,
            what: UnreadWhat::Body,
        }],
        Ok(body) => body
            .opaque()
            .iter()
            .map(|opaque| Unread {
                reason: opaque.reason,
                what: UnreadWhat::File,
            })
            .collect(),
    }
}

/// What is to be replaced, split by region.
pub(super) struct Edits {
    pub query: Vec<Edit>,
    pub body: Vec<Edit>,
}

/// Plans the placeholders for every finding that policy wants redacted, and the way back.
pub(super) fn plan_edits(
    placeholders: &Placeholders,
    scope: &Scope<'_>,
    readings: &[Reading<'_>],
    judgement: &Judgement,
    is_known: impl Fn(&str) -> bool,
) -> (Edits, Vec<(String, Sensitive<String>)>) {
    let values: Vec<Value<'_>> = judgement
        .findings_at_least(Action::Redact)
        .filter(|finding| !finding.category.is_record())
        .filter_map(|finding| {
            let part = readings.get(finding.part.0)?.part;
            let text = finding.span.of(part.text.expose());
            Some(Value {
                part: finding.part,
                span: finding.span,
                category: finding.category,
                text,
            })
        })
        .collect();
    // A code that the client was given before stands in the history that services send along.
    let is_taken = |code: &str| {
        !is_known(code)
            && readings
                .iter()
                .any(|reading| reading.part.text.expose().contains(code))
    };
    let plan = placeholders.plan(scope, &values, is_taken);
    let mut edits = Edits {
        query: Vec::new(),
        body: Vec::new(),
    };
    for edit in plan.edits {
        let Some(reading) = readings.get(edit.part.0) else {
            continue;
        };
        let own = Edit {
            part: reading.part.id,
            ..edit
        };
        match reading.region {
            // Nothing in a head is listed, so policy never asks for an edit there.
            Region::Head => {}
            Region::Query => edits.query.push(own),
            Region::Body => edits.body.push(own),
        }
    }
    (edits, plan.way_back)
}

/// Writes the edits into the body, or gives back the very bytes that came. Places of characters
/// move with the text.
pub(super) fn rewrite_body(opening: &Opening<'_>, edits: &[Edit], body: &Bytes) -> Option<Bytes> {
    match &opening.body {
        Ok(payload) if !edits.is_empty() => {
            let numbers = match opening.endpoint {
                Some(endpoint) if endpoint.counts_characters() => {
                    offsets::moved(payload, endpoint, edits)?
                }
                Some(_) | None => Vec::new(),
            };
            payload.rewrite_counted(edits, &numbers).ok()
        }
        Ok(_) | Err(_) => Some(body.clone()),
    }
}

/// The calendar year (Gregorian mean) of a time, for birth years.
fn year_of(now: UnixMillis) -> i32 {
    const MILLIS_PER_YEAR: i64 = 31_556_952_000;
    i32::try_from(1970 + now.0 / MILLIS_PER_YEAR).unwrap_or(i32::MAX)
}
