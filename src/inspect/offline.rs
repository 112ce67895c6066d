//! The same inspection without a proxy: what would policy do with this text or file?
//!
//! `lachan scan` uses it. A text is read as a prompt, a file as an upload; nothing is opened that
//! the proxy would not open, and nothing is stored.

use bytes::Bytes;

use crate::inspect::judge::{self, Judgement};
use crate::inspect::open::{self, Opening, Reading};
use crate::inspect::{Inspector, draft};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::Finding;
use crate::model::note::Note;
use crate::model::uninspectable::Uninspectable;

/// What an offline scan found.
#[derive(Clone, Debug)]
pub struct OfflineScan {
    /// What policy would do.
    pub action: Action,
    /// What was found.
    pub findings: Vec<OfflineFinding>,
    /// Oddities.
    pub notes: Vec<Note>,
    /// Why something could not be read.
    pub uninspectable: Option<Uninspectable>,
}

/// One finding with its place and what may be shown of it.
#[derive(Clone, Debug)]
pub struct OfflineFinding {
    /// The finding; its span is in the part's text.
    pub finding: Finding,
    /// The part's place: `text` for a given text.
    pub part: String,
    /// What may be shown of the value.
    pub masked: String,
}

impl Inspector {
    /// Scans a text as a prompt. Spans are byte offsets into the given text.
    pub fn scan_text(&self, text: String, now: UnixMillis) -> OfflineScan {
        self.scan_offline(&open::open_text(text, &self.parts.limits), now)
    }

    /// Scans the bytes of a file as an upload.
    pub fn scan_file(&self, bytes: &Bytes, now: UnixMillis) -> OfflineScan {
        self.scan_offline(&open::open_file(bytes, &self.parts.limits), now)
    }

    fn scan_offline(&self, opening: &Opening<'_>, now: UnixMillis) -> OfflineScan {
        let readings = opening.readings();
        let findings = judge::scan(&self.parts.detector, opening, &readings, now);
        let judgement = judge::decide(&self.parts.policy, opening, &readings, findings, None);
        let shown = shown(opening, &readings, &judgement);
        OfflineScan {
            action: judgement.decision.action,
            findings: shown,
            // There is no endpoint offline, so its fields say nothing.
            notes: judgement
                .notes
                .iter()
                .copied()
                .filter(|note| *note != Note::UnlistedField)
                .collect(),
            uninspectable: judgement.uninspectable,
        }
    }
}

fn shown(
    opening: &Opening<'_>,
    readings: &[Reading<'_>],
    judgement: &Judgement,
) -> Vec<OfflineFinding> {
    let part_name = |reading: &Reading<'_>| match opening.carries {
        Carries::Prompt => "text".to_owned(),
        Carries::Upload
        | Carries::Draft
        | Carries::Page
        | Carries::Account
        | Carries::Telemetry
        | Carries::Other => match reading.part.locator.to_string() {
            whole if whole.is_empty() => "body".to_owned(),
            inner => inner,
        },
    };
    judgement
        .findings
        .iter()
        .enumerate()
        .map(|(index, finding)| OfflineFinding {
            finding: finding.clone(),
            part: readings
                .get(finding.part.0)
                .map(part_name)
                .unwrap_or_default(),
            masked: draft::masked_of(index, finding, readings, judgement).0,
        })
        .collect()
}
