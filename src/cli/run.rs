//! `lachan run`: the guard itself.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::app;
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::telemetry;

/// How long work on the blocking pool may go on after everything else has ended.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Starts, greets, serves until SIGINT or SIGTERM.
pub(super) fn run(settings: Settings) -> Ended {
    if let Err(error) = init_logging() {
        output::error(&format!("logging cannot start: {error}; check $LACHAN_LOG"));
        return Ended::Failed;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("cannot start the runtime: {error}"));
            return Ended::Failed;
        }
    };
    let ended = runtime.block_on(async {
        let app = match app::start(settings).await {
            Ok(app) => app,
            Err(error) => {
                error.to_string().lines().for_each(output::error);
                return Ended::Failed;
            }
        };
        // A guard whose greeting nobody reads guards all the same.
        let _told = output::print(app.greeting());
        app.run(told_to_stop()).await;
        Ended::Done
    });
    // An inspection that is still at work on the blocking pool must not keep a stop waiting.
    runtime.shutdown_timeout(STOP_MAX);
    ended
}

/// `$LACHAN_LOG` filters (`info` by default); `$LACHAN_LOG_FORMAT=json` is for collectors.
fn init_logging() -> Result<(), telemetry::TelemetryError> {
    let filter = std::env::var("LACHAN_LOG").unwrap_or_else(|_unset| "info".to_owned());
    let format = match std::env::var("LACHAN_LOG_FORMAT").as_deref() {
        Ok("json") => telemetry::LogFormat::Json,
        Ok(_) | Err(_) => telemetry::LogFormat::Readable,
    };
    telemetry::init_logging(format, &filter)
}

async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without SIGTERM there is still SIGINT.
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
