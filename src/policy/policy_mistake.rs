//! What is wrong with a policy file, said so that an administrator can mend it.

use std::fmt;

/// One mistake in a policy file. It quotes the file, never a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyMistake {
    /// The file's name.
    pub file: String,
    /// The rule, by its name or its place in the file; empty for the file as a whole.
    pub rule: String,
    /// The key, where there is one.
    pub key: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for PolicyMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for place in [&self.rule, &self.key] {
            if !place.is_empty() {
                write!(f, ": {place}")?;
            }
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
