//! `lachan check`: is everything that the office wrote, and everything built in, good?

use crate::app::Snapshot;
use crate::cli::{Ended, coverage, output};
use crate::config::Settings;
use crate::telemetry::watch;

/// Reads everything, runs every example and sample, prints every mistake at once.
pub(super) fn check(settings: &Settings) -> Ended {
    let snapshot = match Snapshot::check(settings) {
        Ok(snapshot) => snapshot,
        Err(mistakes) => return told(&mistakes),
    };
    let file = settings.file.as_ref().map_or_else(
        || "built-in defaults".to_owned(),
        |file| file.display().to_string(),
    );
    output::print(&format!(
        "settings  {file}: good\npolicy    {} rules: good\npatterns  {} rules, every example \
         runs: good\ncatalogue {} services, every sample runs: good\n",
        snapshot.policy.rules().len(),
        snapshot.detector.rules_count(),
        snapshot.catalogue.services().len(),
    ));
    let data = &settings.data_dir;
    output::print(&coverage::told(&watch::read_coverage(data)));
    let discovered = watch::read_discovered(data).newest_first();
    output::print(&coverage::told_discovered(&discovered));
    Ended::Done
}

fn told(mistakes: &[String]) -> Ended {
    for mistake in mistakes {
        output::error(mistake);
    }
    Ended::Found
}
