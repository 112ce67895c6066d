//! Which paths does a row name?
//!
//! In: regular expressions as written. Out: anchored ones, compiled together for a service. They
//! are bounded in size: a file from the office is trusted to name paths, not to be well written.

use regex::{RegexSet, RegexSetBuilder};

use crate::service::catalogue_file::{Mistakes, Spot};
use crate::service::endpoint::Endpoint;

/// The longest path pattern, in bytes: longer ones are slips of the hand.
const PATTERN_BYTES_MAX: usize = 400;
/// The largest compiled set of one service's path patterns, in bytes.
const PATTERN_SET_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A path pattern, anchored at both ends.
pub(super) fn path(text: &str, spot: &Spot, key: &str, mistakes: &mut Mistakes) -> Option<String> {
    let mut refuse = |reason: &str, remedy: &str| {
        mistakes.add(spot, key, reason, remedy);
        None
    };
    if text.len() > PATTERN_BYTES_MAX {
        return refuse("the pattern is too long", "split the endpoint in two");
    }
    if !text.starts_with(['/', '(']) || text.ends_with('$') {
        return refuse(
            "a pattern stands for a whole path, so it starts with / and has no ^ or $",
            "write it without anchors; end it with .* where more may follow",
        );
    }
    let anchored = format!("^(?:{text})$");
    match set_of(&[&anchored]) {
        Ok(_) => Some(anchored),
        Err(error) => refuse(
            &error.to_string(),
            "write a smaller or correct regular expression",
        ),
    }
}

/// The paths of all rows of a service, in their order.
pub(super) fn path_set(
    rows: &[Endpoint],
    spot: &Spot,
    mistakes: &mut Mistakes,
) -> Option<RegexSet> {
    let patterns: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    set_of(&patterns)
        .map_err(|error| {
            let remedy = "the service has too many or too wide paths: simplify them";
            mistakes.add(spot, "endpoint", &error.to_string(), remedy);
        })
        .ok()
}

/// Paths are compared without case, because several servers (IIS among them) do so: a row must
/// not be missed for a capital.
fn set_of(patterns: &[&str]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(patterns)
        .case_insensitive(true)
        .dot_matches_new_line(true)
        .size_limit(PATTERN_SET_BYTES_MAX)
        .build()
}
