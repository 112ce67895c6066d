//! Which AI tools may be used at all: any that is known, or only those that the office approved?

/// Which AI tools may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToolsAllowed {
    /// Any; what they are sent is judged by the rules.
    #[default]
    Any,
    /// Those that the register says are approved; the others get a page that names these.
    Approved,
}

impl ToolsAllowed {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Any, Self::Approved];

    /// The word in the file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Approved => "approved",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
