//! When are the tables of what is not seen written? Every few seconds, where they changed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::telemetry::Watch;

/// How much of the tables an end without warning may lose.
const SAVE_EVERY: Duration = Duration::from_secs(5);

/// Writes the tables until cancelled, and once more then.
pub(super) async fn keep(watch: Watch, stop: CancellationToken) {
    loop {
        let is_last = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(SAVE_EVERY) => false,
        };
        let copy = watch.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || copy.save()).await {
            tracing::error!(%error, "what was watched could not be written");
        }
        if is_last {
            return;
        }
    }
}
