//! Which text may be kept sealed? That of a blocked request, unless it could be a state secret.
//!
//! Never: a text with a marking of state secrecy, whatever policy makes of it; a repeat of one; a
//! content whose marking was lifted; a draft, which is a piece of what is still being written; what
//! somebody logs in with; a file that could not be read.

use zeroize::Zeroizing;

use crate::inspect::Case;
use crate::inspect::inspection::BlockedText;
use crate::inspect::judge::Judgement;
use crate::inspect::spoken::spoken;
use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::note::Note;
use crate::model::sensitive::Sensitive;

/// What stands between two texts of a request.
const BETWEEN: &str = "\n\n";

/// The text of a blocked request, where it may be kept.
pub(super) fn text(case: Case<'_>, judgement: &Judgement, bytes_max: usize) -> Option<BlockedText> {
    if !may_be_kept(case, judgement) {
        return None;
    }
    let counted = judgement.findings_at_least(Action::Audit);
    let places = spoken(case.readings, counted);
    let readings = places.iter().filter_map(|at| case.readings.get(*at));
    let texts: Vec<&str> = readings
        .map(|reading| reading.part.text.expose().as_str())
        .filter(|text| !text.trim().is_empty())
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len() + BETWEEN.len()).sum();
    match bytes {
        0 => None,
        bytes if bytes > bytes_max => Some(BlockedText::TooLarge),
        bytes => {
            // Room for all of it, so that no piece is left behind where it grew.
            let mut text = Zeroizing::new(String::with_capacity(bytes));
            for one in texts {
                if !text.is_empty() {
                    text.push_str(BETWEEN);
                }
                text.push_str(one);
            }
            Some(BlockedText::Whole(Sensitive::new(text)))
        }
    }
}

fn may_be_kept(case: Case<'_>, judgement: &Judgement) -> bool {
    let is_marked = judgement
        .findings
        .iter()
        .any(|finding| finding.category == Category::StateSecret);
    let is_lifted = judgement.notes.contains(&Note::SecretLifted);
    let is_sent = match case.opening.carries {
        Carries::Prompt | Carries::Upload | Carries::Page | Carries::Other => true,
        Carries::Draft | Carries::Account | Carries::Telemetry => false,
    };
    judgement.decision.action == Action::Block
        && judgement.secret.is_none()
        && !is_marked
        && !is_lifted
        && is_sent
}
