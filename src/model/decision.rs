//! What follows from the findings?

/// What is done with a request. Ordered: the strictest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It goes on, nothing is recorded.
    Allow,
    /// It goes on, and an incident records it.
    Audit,
    /// Values are replaced by placeholders, then it goes on.
    Redact,
    /// It is refused.
    Block,
}

impl Action {
    /// All actions, mildest first.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Audit, Self::Redact, Self::Block];

    /// The contract's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Audit => "audit",
            Self::Redact => "redact",
            Self::Block => "block",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

/// What policy decided, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The strictest action of all.
    pub action: Action,
    /// The name of the policy rule that set it; empty when nothing was found.
    pub rule: String,
    /// The rule's own message to the clerk, where it has one.
    pub message: Option<String>,
    /// One action per finding, in the order of the findings.
    pub per_finding: Vec<Action>,
}

impl Decision {
    /// Nothing found, nothing to do.
    pub const fn allow() -> Self {
        Self {
            action: Action::Allow,
            rule: String::new(),
            message: None,
            per_finding: Vec::new(),
        }
    }
}
