//! What was found, and what speaks for it?

use crate::model::category::{Category, Ground, SecretLevel, Severity};
use crate::model::part::{PartId, Span};

/// The rule named by findings that stem from shape and neighbourhood, not from one rule.
pub const RECORD_RULE: &str = "record";
/// The same of a record about somebody vulnerable: its category has beneficiaries of social policy
/// too, and reports tell the two groups apart.
pub const VULNERABLE_RULE: &str = "record-vulnerable";

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Worth noting, not worth acting on.
    Low,
    /// The structure fits, nothing contradicts.
    Medium,
    /// A label, a checksum or a whole structure confirms it.
    High,
}

impl Confidence {
    /// All levels, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// One level up, at most High.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium | Self::High => Self::High,
        }
    }

    /// One level down, or nothing when it was Low.
    pub const fn lowered(self) -> Option<Self> {
        match self {
            Self::Low => None,
            Self::Medium => Some(Self::Low),
            Self::High => Some(Self::Medium),
        }
    }
}

/// What a validator says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validation {
    /// Structure or checksum holds.
    Valid,
    /// It cannot be what it looks like.
    Invalid,
    /// Nothing to check.
    Unknown,
}

/// One reason why a candidate became a finding. Words come from rules, never from the request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A label of the category stands beside it.
    Label(String),
    /// The table column's head, or the field's key, is a label of the category.
    Column(String),
    /// A context word of the rule raised or lowered confidence.
    ContextWord {
        /// The word in the rule.
        word: String,
        /// Whether it spoke for the finding.
        raises: bool,
    },
    /// The digits have the structure of the identifier.
    Structure,
    /// A check digit holds.
    Checksum,
    /// A birth year nearby agrees with the digits.
    BirthYear,
    /// It stands on a line (or cell) of its own where such a mark belongs.
    OwnLine,
    /// So many different elements of a person stand near one another.
    Elements(usize),
    /// A table with personal columns and so many rows.
    Rows(usize),
    /// The payload of an identity card's QR code, or its machine-readable lines.
    CardCode,
}

/// A confirmed detection.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is.
    pub category: Category,
    /// Why it is sensitive by law, for records that are.
    pub ground: Option<Ground>,
    /// The rule that found it.
    pub rule: String,
    /// The part in which it stands.
    pub part: PartId,
    /// Where, in the part's original text.
    pub span: Span,
    /// How sure it is.
    pub confidence: Confidence,
    /// How grave it is.
    pub severity: Severity,
    /// What spoke for it.
    pub evidence: Vec<Evidence>,
    /// For a state secret: the level of the marking.
    pub level: Option<SecretLevel>,
    /// For an element of a record: the record's index in the same list.
    pub element_of: Option<usize>,
    /// For a record: how many people it tells about. 0 for single values.
    pub subjects: u32,
}

impl Finding {
    /// A finding of the category's own severity with nothing else said yet.
    pub fn new(category: Category, rule: &str, span: Span, confidence: Confidence) -> Self {
        Self {
            category,
            ground: None,
            rule: rule.to_owned(),
            part: PartId(0),
            span,
            confidence,
            severity: category.severity(),
            evidence: Vec::new(),
            level: None,
            element_of: None,
            subjects: 0,
        }
    }

    /// Whether only its shape speaks for it: no label, no column, no checksum, no structure of a
    /// whole. Ids and timestamps of services look like that.
    pub fn is_bare(&self) -> bool {
        !self.evidence.iter().any(|evidence| match evidence {
            Evidence::Label(_)
            | Evidence::Column(_)
            | Evidence::Checksum
            | Evidence::BirthYear
            | Evidence::OwnLine
            | Evidence::Elements(_)
            | Evidence::Rows(_)
            | Evidence::CardCode => true,
            Evidence::ContextWord { raises, .. } => *raises,
            Evidence::Structure => false,
        })
    }
}
