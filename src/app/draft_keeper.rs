//! When are scheduled reports drafted? Looked for at the start and every few minutes after.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::app::{now, with_causes};
use crate::report::draft::Drafts;
use crate::report::surroundings::Surroundings;

/// A draft is due on a day; nobody waits for its minute.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// Makes what is due until cancelled. A failure is told and tried again.
pub(super) async fn keep(
    drafts: Drafts,
    around: Arc<ArcSwap<Surroundings>>,
    stop: CancellationToken,
) {
    loop {
        let settings = around.load().settings.clone();
        match drafts.make_due(&settings, now()).await {
            Ok(made) => {
                for written in made {
                    let (kind, period) = (&written.kind, &written.period.name);
                    tracing::info!(kind, period, "a scheduled report was drafted");
                }
            }
            Err(error) => {
                let error = with_causes(&error);
                tracing::error!(error, "scheduled reports could not be drafted");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
