//! `lachan shapes`: what do requests on unknown paths of known AI hosts look like?
//!
//! For a report that a service changed its page. One JSON object per line; no values.

use clap::Args;

use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::telemetry::watch;

/// Which shapes.
#[derive(Args)]
pub(super) struct ShapesArgs {
    /// Only of this service, by its id in the catalogue.
    #[arg(long, value_name = "ID")]
    service: Option<String>,
}

/// Prints the shapes that the data folder holds; the proxy may be running.
pub(super) fn shapes(args: &ShapesArgs, settings: &Settings) -> Ended {
    let shapes = watch::read_unknown_paths(&settings.data_dir);
    let mut lines = String::new();
    for shape in shapes.all(args.service.as_deref()) {
        match serde_json::to_string(shape) {
            Ok(line) => {
                lines.push_str(&line);
                lines.push('\n');
            }
            Err(error) => {
                output::error(&format!("a shape cannot be printed: {error}"));
                return Ended::Failed;
            }
        }
    }
    output::print(&lines)
}
