//! Was this content blocked as a state secret within the last day? Then it stays blocked.

use std::collections::BTreeSet;

use crate::inspect::judge::Judgement;
use crate::inspect::open::{Reading, Region};
use crate::inspect::{Case, Inspector, Node, spoken};
use crate::model::decision::Action;
use crate::model::incident::Fingerprint;
use crate::model::note::Note;

/// The policy rule named when a repeat of a state secret is blocked without a marking.
const SECRET_REPEAT_RULE: &str = "state_secret_repeat";

impl Inspector {
    /// A content that was blocked as a state secret stays blocked, marking or not. What two people
    /// lifted is neither compared nor remembered.
    pub(super) fn hold_back_secrets(
        &self,
        case: Case<'_>,
        judgement: &mut Judgement,
        lifted: Option<&BTreeSet<usize>>,
    ) {
        let Node {
            secrets: memory,
            hash,
            permits,
            ..
        } = &*self.parts.node;
        let is_compared = |at: usize, reading: &Reading<'_>| {
            reading.region != Region::Head && lifted.is_none_or(|content| !content.contains(&at))
        };
        let texts = || {
            let readings = case.readings.iter().enumerate();
            readings
                .filter(|(at, reading)| is_compared(*at, reading))
                .map(|(_, reading)| reading.part.text.expose().as_str())
        };
        match judgement.secret {
            Some(level) => {
                let digest = spoken::digest(case.readings, &judgement.findings, hash);
                memory.remember(texts(), (level, digest), hash, case.at);
            }
            None => {
                let is_lifted = |digest: &Fingerprint| permits.is_lifted(digest);
                judgement.secret = memory.repeated(texts(), hash, case.at, is_lifted);
                if judgement.secret.is_some() {
                    judgement.notes.push(Note::SecretRepeat);
                    judgement.decision.action = Action::Block;
                    judgement.decision.rule = SECRET_REPEAT_RULE.to_owned();
                }
            }
        }
    }
}
