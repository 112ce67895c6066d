//! Where does a rule's pattern match, and where does the search go on?
//!
//! Never: whether the match is a finding.

use crate::detect::home::Opening;
use crate::detect::rule::Rule;
use crate::model::part::Span;

/// A rejected match up to this length is tried again from its next group of digits; beyond it
/// the scan goes on behind it, so that the work stays linear.
const RETRY_BYTES_MAX: usize = 96;

/// A match: all of it, and the value in it.
pub(super) struct Match {
    /// All that the pattern matched.
    pub whole: Span,
    /// What it calls the value.
    pub value: Span,
}

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

/// The first match of the rule's pattern from a place on.
pub(super) fn next_value(rule: &Rule, haystack: &str, at: usize) -> Option<Match> {
    if at > haystack.len() {
        return None;
    }
    let span = |m: regex::Match<'_>| Span::new(m.start(), m.end());
    if rule.pattern.captures_len() == 1 {
        let whole = span(rule.pattern.find_at(haystack, at)?);
        return Some(Match {
            whole,
            value: whole,
        });
    }
    let captures = rule.pattern.captures_at(haystack, at)?;
    let whole = span(captures.get(0)?);
    let value = captures.name("value").map_or(whole, span);
    Some(Match { whole, value })
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
