//! What is kept of an exchange that was not simply allowed? Never the prompt.

use crate::model::category::{Category, Ground, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::Confidence;
use crate::model::note::Note;
use crate::model::uninspectable::Uninspectable;

/// A keyed hash of a value: counts repeats without keeping the value. 16 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

/// What may be shown of a value: its label plus the last two digits, or initials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaskedExcerpt(pub String);

/// Whether anything reached the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was stopped or hidden in time.
    Prevented,
    /// It went out. Set by a person only.
    Exposed,
    /// Not known.
    Unknown,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Prevented, Self::Exposed, Self::Unknown];

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Prevented => "chưa ra ngoài",
            Self::Exposed => "đã ra ngoài",
            Self::Unknown => "chưa xác định",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prevented => "prevented",
            Self::Exposed => "exposed",
            Self::Unknown => "unknown",
        }
    }
}

/// Findings of one category, confidence and value, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFinding {
    /// The category.
    pub category: Category,
    /// The legal ground, where there is one.
    pub ground: Option<Ground>,
    /// The confidence.
    pub confidence: Confidence,
    /// How often it stood in the request.
    pub count: u32,
    /// What may be shown of it.
    pub masked: MaskedExcerpt,
    /// What counts its repeats.
    pub fingerprint: Fingerprint,
    /// The rule that found it first.
    pub rule: String,
    /// Why, in one sentence made of words of rules and figures.
    pub why: String,
}

/// The file that was on its way, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFile {
    /// Its name, masked: the ending and a length.
    pub name_masked: String,
    /// What kind of file it is.
    pub kind: String,
    /// Its size.
    pub bytes: u64,
}

/// What is kept of a state secret instead of findings (Luật 117/2025/QH15 Đ5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretFacts {
    /// The level of the marking.
    pub level: SecretLevel,
    /// The rule that found it.
    pub rule: String,
    /// Where the marking stood: `line`, `number`, `field`.
    pub place: String,
    /// How many bytes the request had.
    pub bytes: u64,
    /// A keyed digest of the content, to know it again.
    pub digest: Fingerprint,
}

/// An incident before the store gives it its id, code, place in the chain and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentDraft {
    /// The workstation's address.
    pub client_address: String,
    /// Its unit, where one is known.
    pub unit: Option<String>,
    /// The service's id in the catalogue.
    pub service: String,
    /// The endpoint's id, or `unknown`.
    pub endpoint: String,
    /// What the request carried.
    pub carries: Carries,
    /// What was done.
    pub action: Action,
    /// The policy rule that decided.
    pub policy_rule: String,
    /// The gravest severity.
    pub severity: Severity,
    /// Whether anything reached the service.
    pub outcome: Outcome,
    /// How many people the content told about.
    pub subjects: u32,
    /// What was found; empty for a state secret.
    pub findings: Vec<IncidentFinding>,
    /// The file, where there was one; never for a state secret.
    pub file: Option<IncidentFile>,
    /// Oddities.
    pub notes: Vec<Note>,
    /// Why something could not be inspected, where that decided.
    pub uninspectable: Option<Uninspectable>,
    /// For a state secret: the only facts that are kept.
    pub secret: Option<SecretFacts>,
}

/// What the store gives back once an incident is safely on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The incident's id (`UUIDv7`, text form).
    pub id: String,
    /// The short code that can be read out by telephone.
    pub code: String,
    /// When it was recorded.
    pub recorded_at: UnixMillis,
}
