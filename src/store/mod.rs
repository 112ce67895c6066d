//! Incidents: append-only, chained, searchable. (Skeleton.)

use crate::model::incident::{IncidentDraft, Receipt};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be written now; decisions other than allow fail closed.
    #[error("the incident store cannot be written")]
    Unwritable,
}

/// The incident store. Cheap to clone; one writer task behind it.
#[derive(Clone)]
pub struct Store;

impl Store {
    /// Stores an incident and returns once it is safely on disk.
    ///
    /// # Errors
    /// When it could not be written; the exchange then fails closed.
    pub async fn record(&self, _draft: IncidentDraft) -> Result<Receipt, StoreError> {
        Err(StoreError::Unwritable)
    }

    /// Whether the last write worked (or none was tried).
    pub fn is_writable(&self) -> bool {
        true
    }
}
