//! `lachan check`: is everything that the office wrote, and everything built in, good?

use crate::app::{Snapshot, read_roots};
use crate::cli::{Ended, coverage, output};
use crate::config::{Mistake, Settings};
use crate::telemetry::watch;

/// Reads everything, runs every example and sample, prints every mistake at once. `mistakes` are
/// those of the settings file; what they concern has its default in `settings`.
pub(super) fn check(settings: &Settings, mistakes: &[Mistake]) -> Ended {
    let mut told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    told.extend(read_roots(settings).err().unwrap_or_default());
    let snapshot = match Snapshot::check(settings) {
        Ok(snapshot) => Some(snapshot),
        Err(more) => {
            told.extend(more);
            None
        }
    };
    match snapshot {
        Some(snapshot) if told.is_empty() => good(settings, &snapshot),
        Some(_) | None => {
            told.iter().for_each(|mistake| output::error(mistake));
            Ended::Found
        }
    }
}

fn good(settings: &Settings, snapshot: &Snapshot) -> Ended {
    let file = settings.file.as_ref().map_or_else(
        || "built-in defaults".to_owned(),
        |file| file.display().to_string(),
    );
    let mut out = format!(
        "settings  {file}: good\npolicy    {} rules: good\npatterns  {} rules, every example \
         runs: good\ncatalogue {} services, every sample runs: good\n",
        snapshot.policy.rules().len(),
        snapshot.detector.rules_count(),
        snapshot.catalogue.services().len(),
    );
    let data = &settings.data_dir;
    out.push_str(&coverage::told(&watch::read_coverage(data)));
    let discovered = watch::read_discovered(data).newest_first();
    out.push_str(&coverage::told_discovered(&discovered));
    output::print(&out)
}
