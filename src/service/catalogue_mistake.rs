//! What is wrong with a catalogue file, said so that an administrator can mend it.

use std::fmt;

/// One mistake in a catalogue file. It quotes the file, never a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueMistake {
    /// The file's name.
    pub file: String,
    /// The service or family, by its id or its place in the file; empty for the file as a whole.
    pub service: String,
    /// The key, with the endpoint where there is one: `endpoint "conversation": path`.
    pub key: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for CatalogueMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for place in [&self.service, &self.key] {
            if !place.is_empty() {
                write!(f, ": {place}")?;
            }
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
