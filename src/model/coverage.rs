//! How well was something read that went to an AI service?

/// How well a request (or connection) could be read: the label `result` of
/// `lachan_coverage_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// By a row of the catalogue.
    Parsed,
    /// Without a row: every string was scanned.
    Generic,
    /// Not at all, or not all of it.
    Uninspectable,
    /// Passed unread, by a setting of the office.
    Tunnelled,
}

impl Coverage {
    /// All values.
    pub const ALL: [Self; 4] = [
        Self::Parsed,
        Self::Generic,
        Self::Uninspectable,
        Self::Tunnelled,
    ];

    /// The label's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Generic => "generic",
            Self::Uninspectable => "uninspectable",
            Self::Tunnelled => "tunnelled",
        }
    }
}
