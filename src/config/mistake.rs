//! How is a mistake in a settings file told? With key, value, reason and remedy, in one line.

use std::fmt;

/// One mistake in a file of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file, or where the value came from.
    pub file: String,
    /// The key, dotted from the top; empty for the file as a whole.
    pub key: String,
    /// The value as written, shortened; empty where there is none.
    pub value: String,
    /// Why it cannot be used.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if !self.key.is_empty() {
            write!(f, "{}", self.key)?;
            if !self.value.is_empty() {
                write!(f, " = {}", self.value)?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}; {}", self.reason, self.remedy)
    }
}
