//! Where do the log lines go, and what may be in them?
//!
//! To standard error, for people or as JSON Lines. A panic is logged with its place only: its
//! message may quote what was being read, so it is never shown, here or by the standard hook.

use std::panic::{PanicHookInfo, set_hook};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::TelemetryError;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Readable,
    /// One JSON object a line.
    Json,
}

/// Sets up logging for the whole program, panics included. `filter` is like `info` or
/// `warn,lachan::proxy=debug`.
///
/// # Errors
/// When the filter is malformed, or logging was set up before.
pub fn init_logging(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Readable => lines.finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs that and where something panicked, not what it said.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location();
    tracing::error!(
        file = place.map(std::panic::Location::file),
        line = place.map(std::panic::Location::line),
        thread = std::thread::current().name(),
        "a part of the program panicked"
    );
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::panic::{catch_unwind, take_hook};
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_with_its_place_but_not_its_words() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .json()
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let standard = take_hook();
            set_hook(Box::new(log_panic));
            catch_unwind(|| panic!("read 001099000001")).unwrap_err();
            set_hook(standard);
        });
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(lines.contains("logging.rs"), "{lines}");
        assert!(!lines.contains("001099000001"), "{lines}");
    }

    #[test]
    fn a_malformed_filter_is_refused() {
        let refused = init_logging(LogFormat::Readable, "lachan=loudly");
        assert!(matches!(refused, Err(TelemetryError::Filter(_))));
    }
}
