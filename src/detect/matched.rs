//! Where does a rule's pattern match, and where does the search go on?
//!
//! Never: whether the match is a finding.

use crate::detect::home::Opening;
use crate::detect::pattern::Match;
use crate::model::part::Span;

/// A rejected match up to this length is tried again from its next group of digits; beyond it
/// the scan goes on behind it, so that the work stays linear.
const RETRY_BYTES_MAX: usize = 96;

impl Match {
    /// Whether a label stands in the match, before the value: one sign before it is none.
    pub(super) const fn opening(&self) -> Opening {
        if self.value.start > self.whole.start + 4 {
            Opening::Labelled
        } else {
            Opening::Bare
        }
    }
}

/// Where the scan goes on after a rejected match: behind its first group of digits.
pub(super) fn retry_from(haystack: &str, rejected: Span) -> usize {
    if rejected.len() > RETRY_BYTES_MAX {
        return rejected.end;
    }
    let matched = rejected.of(haystack);
    let group = matched
        .bytes()
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(u8::is_ascii_digit)
        .count();
    let lead = matched
        .bytes()
        .take_while(|byte| !byte.is_ascii_digit())
        .count();
    let step = (lead + group).max(1);
    haystack.ceil_char_boundary((rejected.start + step).min(rejected.end))
}
