//! What may the office set about sealed evidence? For whom, and for how long. Off when absent.

use super::key::Recipient;

/// For how many days a sealed text is kept when nobody says.
const DAYS: u16 = 90;
/// The longest time: what is needed longer has become a case file, and is exported.
const DAYS_MAX: u16 = 365;

/// The table `[evidence]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSettings {
    /// For whom blocked texts are sealed; nobody: nothing is kept.
    pub recipient: Option<Recipient>,
    /// For how many days.
    pub days: u16,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self {
            recipient: None,
            days: DAYS,
        }
    }
}

/// Why a number of days cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be between 1 and {DAYS_MAX}")]
pub struct NotDays;

impl EvidenceSettings {
    /// A number of days within the bounds.
    ///
    /// # Errors
    /// When it is none.
    pub fn days_of(days: u16) -> Result<u16, NotDays> {
        if (1..=DAYS_MAX).contains(&days) {
            Ok(days)
        } else {
            Err(NotDays)
        }
    }
}
