//! What does the service manager learn of us? That we are ready, that we stop, that we are alive.
//!
//! systemd gives a socket in `$NOTIFY_SOCKET`; without one nothing is said. The pings come from the
//! runtime that serves clients: if it stands still, they stop, and systemd starts us again.

use std::future::Future;

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// Every port is bound and clients are served from now on.
pub(super) fn ready() {
    say(&[NotifyState::Ready]);
}

/// Completes with `stop`, and says so.
pub(super) async fn stopping(stop: impl Future<Output = ()>) {
    stop.await;
    say(&[NotifyState::Stopping]);
}

/// Says that we are alive, twice within each period that the service manager waits for it.
pub(super) async fn keep_alive(stop: CancellationToken) {
    let Some(period) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut ticks = interval(period / 2);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => say(&[NotifyState::Watchdog]),
        }
    }
}

fn say(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
