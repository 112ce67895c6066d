//! Where do the log lines go, and what may be in them?
//!
//! To standard error, for people or as JSON Lines. Our own lines carry no sensitive text, by the
//! types that hold it; libraries do not know of that (below warnings they log header fields, paths
//! and names), so of them only warnings and errors are shown, whatever the filter says.
//!
//! A panic is logged with its place only: its message may quote what was being read, so it is
//! never shown, here or by the standard hook.

use std::io::IsTerminal as _;
use std::panic::{PanicHookInfo, set_hook};

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
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
    let filter = EnvFilter::try_new(filter)?.and(filter_fn(may_speak));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Readable => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init()?;
    set_hook(Box::new(log_panic));
    Ok(())
}

/// Whether a line of this origin and level may be shown at all.
fn may_speak(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let is_ours = target == "lachan" || target.starts_with("lachan::");
    is_ours || *metadata.level() <= Level::WARN
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

    fn subscriber(lines: &Lines) -> impl tracing::Subscriber + Send + Sync + use<> {
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let filter = EnvFilter::new("trace").and(filter_fn(may_speak));
        tracing_subscriber::registry().with(layer.json().with_filter(filter))
    }

    fn text(lines: &Lines) -> String {
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn libraries_say_no_more_than_warnings_whatever_the_filter() {
        let lines = Lines::default();
        tracing::subscriber::with_default(subscriber(&lines), || {
            tracing::debug!(target: "h2::codec", "cookie 001099000001");
            tracing::info!(target: "lachanother", "001099000001");
            tracing::warn!(target: "hyper", "a warning");
            tracing::debug!(target: "lachan::proxy", "a detail");
        });
        let lines = text(&lines);
        assert!(!lines.contains("001099000001"), "{lines}");
        assert!(lines.contains("a warning") && lines.contains("a detail"));
    }

    #[test]
    fn a_panic_is_logged_with_its_place_but_not_its_words() {
        let lines = Lines::default();
        let subscriber = subscriber(&lines);
        tracing::subscriber::with_default(subscriber, || {
            let standard = take_hook();
            set_hook(Box::new(log_panic));
            catch_unwind(|| panic!("read 001099000001")).unwrap_err();
            set_hook(standard);
        });
        let lines = text(&lines);
        assert!(lines.contains("logging.rs"), "{lines}");
        assert!(!lines.contains("001099000001"), "{lines}");
    }

    #[test]
    fn a_malformed_filter_is_refused() {
        let refused = init_logging(LogFormat::Readable, "lachan=loudly");
        assert!(matches!(refused, Err(TelemetryError::Filter(_))));
    }
}
