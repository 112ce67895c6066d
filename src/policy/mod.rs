//! What follows from what was found? Findings and circumstances to one decision.
//!
//! In: findings with the place each stands in, what could not be read, the circumstances of the
//! exchange. Out: one [`Decision`](crate::model::decision::Decision): the strictest action of
//! all, the rule that set it, and an action per finding. The rules are data
//! (`config/policy.toml`), so that an office can read and change them.
//!
//! Never: looks at text, at the clock, or at anything it was not handed; the order of the
//! findings changes nothing.
//!
//! Read next: `decide` (how rules and places make an action), `rule` (when a rule applies),
//! `policy_file` (the file's syntax).

mod decide;
#[cfg(test)]
mod decide_tests;
mod exception;
mod people;
mod policy_file;
mod policy_mistake;
#[cfg(test)]
mod policy_tests;
mod rule;
mod tools_allowed;
mod words;

pub use decide::{FieldPlace, Observed, Unread, UnreadWhat};
pub use exception::{Excepted, Exception, Exceptions};
pub use people::people;
pub use policy_mistake::PolicyMistake;
pub use rule::PolicyRule;
pub use tools_allowed::ToolsAllowed;

/// The name of the built-in policy file.
const BUILTIN_NAME: &str = "policy.toml";

/// The rules in force. Immutable; a reload makes a new one.
#[derive(Clone, Debug)]
pub struct Policy {
    rules: Vec<PolicyRule>,
    tools: ToolsAllowed,
}

impl Policy {
    /// The policy that comes with the program.
    ///
    /// # Errors
    /// Every mistake in it; a test holds it to none.
    pub fn builtin() -> Result<Self, Vec<PolicyMistake>> {
        Self::parse(BUILTIN_NAME, Self::builtin_text())
    }

    /// Its text.
    pub const fn builtin_text() -> &'static str {
        include_str!("../../config/policy.toml")
    }

    /// Reads a policy file; `file_name` is for the mistakes.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Vec<PolicyMistake>> {
        policy_file::read(file_name, text)
    }

    /// Which AI tools may be used at all.
    pub const fn tools(&self) -> ToolsAllowed {
        self.tools
    }

    /// The rules, in the order of the file.
    pub fn rules(&self) -> &[PolicyRule] {
        &self.rules
    }
}
