//! Which markings of state secrecy did two people call a false alarm? The last deed about each
//! content says so; a content is known by its keyed digest.

use std::collections::BTreeSet;

use super::deed::What;
use super::error::StoreError;
use super::reader::StoreReader;

impl StoreReader {
    /// The digests of contents whose marking is lifted.
    ///
    /// # Errors
    /// When the file cannot be read, or a deed among them is damaged.
    pub async fn lifted(&self) -> Result<BTreeSet<String>, StoreError> {
        let last = self.last_deeds(&[What::SecretLifted, What::SecretLiftEnded]);
        let lifts = last.await?.into_iter().map(|deed| deed.record);
        Ok(lifts
            .filter(|deed| deed.what == What::SecretLifted.as_str())
            .filter_map(|deed| deed.subject)
            .collect())
    }
}
