//! What is done at once? Changes and the deeds that tell of them, in one transaction.

use super::account::Change;
use super::deed::Deed;

/// Changes of the back office's own rows and deeds for the chain: all of it, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// What changes.
    pub changes: Vec<Change>,
    /// What is recorded.
    pub deeds: Vec<Deed>,
}

impl Act {
    /// One deed that changes nothing but what follows from it.
    pub fn of(deed: Deed) -> Self {
        Self {
            changes: Vec::new(),
            deeds: vec![deed],
        }
    }

    /// And this change.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// And this deed.
    #[must_use]
    pub fn deed(mut self, deed: Deed) -> Self {
        self.deeds.push(deed);
        self
    }
}
