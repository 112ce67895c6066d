//! What time is it? The one place that asks, besides the parts that measure.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::exchange::UnixMillis;

/// The time now.
pub fn now() -> UnixMillis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
