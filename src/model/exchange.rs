//! Around what is a decision made? The circumstances of one exchange.

/// What kind of content a request carries, by its catalogue row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carries {
    /// A composed message.
    Prompt,
    /// A file.
    Upload,
    /// Text that has not been sent yet: drafts, autocompletion, titles.
    Draft,
    /// A page sent for translation.
    Page,
    /// Log-in, sign-up, profile.
    Account,
    /// Usage figures of the service itself.
    Telemetry,
    /// No catalogue row.
    Other,
}

impl Carries {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Prompt,
        Self::Upload,
        Self::Draft,
        Self::Page,
        Self::Account,
        Self::Telemetry,
        Self::Other,
    ];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Upload => "upload",
            Self::Draft => "draft",
            Self::Page => "page",
            Self::Account => "account",
            Self::Telemetry => "telemetry",
            Self::Other => "other",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|carries| carries.as_str() == name)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z. Handed in, never read from a clock, in lower layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

/// What policy may look at besides the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The kind of content.
    pub carries: Carries,
    /// The service's id in the catalogue.
    pub service: String,
    /// The unit (bộ phận) of the workstation, where one is known.
    pub unit: Option<String>,
}
