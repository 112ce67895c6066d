//! `lachan check`: is everything that the office wrote, and everything built in, good?

use crate::app::Snapshot;
use crate::cli::{Ended, output};
use crate::config::Settings;

/// Reads everything, runs every example, prints every mistake at once.
pub(super) fn check(settings: &Settings) -> Ended {
    let snapshot = match Snapshot::load(settings) {
        Ok(snapshot) => snapshot,
        Err(mistakes) => return told(&mistakes),
    };
    let mistakes: Vec<String> = snapshot
        .detector
        .check_examples()
        .iter()
        .map(ToString::to_string)
        .collect();
    if !mistakes.is_empty() {
        return told(&mistakes);
    }
    let file = settings.file.as_ref().map_or_else(
        || "built-in defaults".to_owned(),
        |file| file.display().to_string(),
    );
    output::print(&format!(
        "settings  {file}: good\npolicy    {} rules: good\npatterns  {} rules, every example \
         runs: good\ncatalogue {} services: good\n",
        snapshot.policy.rules().len(),
        snapshot.detector.rules_count(),
        snapshot.catalogue.services().len(),
    ));
    Ended::Done
}

fn told(mistakes: &[String]) -> Ended {
    for mistake in mistakes {
        output::error(mistake);
    }
    Ended::Found
}
