//! What stands across two neighbouring texts?
//!
//! A number may be cut: one half ends a text of the request, the other begins the next, and the
//! service reads them as one. In: the readings of a request. Out: findings in the halves, so that
//! each is hidden where it stands.
//!
//! Only texts that people write into (listed by the row) are joined, only where digits meet, and
//! only a little of each, so that a long conversation costs no second scan.
//!
//! Never: a finding that lies within one text; `judge` has those.

use crate::detect::{Detector, ScanContext};
use crate::inspect::find::find;
use crate::inspect::open::Reading;
use crate::model::finding::{Confidence, Finding};
use crate::model::part::{PartId, Span};
use crate::policy::FieldPlace;

/// How much of a text is read before a seam: a label and half a number.
const BEFORE_BYTES_MAX: usize = 200;
/// How much after one: the other half.
const AFTER_BYTES_MAX: usize = 40;
/// Seams of one request.
const SEAMS_MAX: usize = 1000;

/// A text, or its end or beginning, in a chain of joined ones.
struct Link {
    part: PartId,
    /// Where in its text the link begins.
    start: usize,
    /// Where it lies in the chain.
    span: Span,
}

/// The findings that lie across texts. `Finding::part` counts the readings.
pub(super) fn scan(
    detector: &Detector,
    readings: &[Reading<'_>],
    context: &ScanContext<'_>,
) -> Vec<Finding> {
    let texts: Vec<(PartId, &str)> = readings
        .iter()
        .enumerate()
        .filter(|(_, reading)| reading.place != FieldPlace::Unlisted)
        .map(|(at, reading)| (PartId(at), reading.part.text.expose().as_str()))
        .collect();
    let mut findings = Vec::new();
    let mut seams = 0;
    let mut rest = texts.as_slice();
    while let Some((_, after)) = rest.split_first() {
        let (text, links) = chain(rest);
        if links.len() > 1 && seams < SEAMS_MAX {
            seams += 1;
            let found = find(detector, &text, context);
            findings.extend(found.iter().flat_map(|finding| halves(finding, &links)));
        }
        rest = after
            .get(links.len().saturating_sub(2)..)
            .unwrap_or_default();
    }
    findings
}

/// The end of the first text, and what goes on with its digits.
fn chain(texts: &[(PartId, &str)]) -> (String, Vec<Link>) {
    let mut joined = String::new();
    let mut links = Vec::new();
    for (at, (part, text)) in texts.iter().enumerate() {
        let goes_on = at == 0 || text.trim_start().starts_with(is_digit);
        if !goes_on {
            break;
        }
        let (start, end) = if at == 0 {
            (
                text.ceil_char_boundary(text.len().saturating_sub(BEFORE_BYTES_MAX)),
                text.len(),
            )
        } else {
            (0, text.floor_char_boundary(AFTER_BYTES_MAX))
        };
        let before = joined.len();
        joined.push_str(text.get(start..end).unwrap_or_default());
        let span = Span::new(before, joined.len());
        links.push(Link {
            part: *part,
            start,
            span,
        });
        let is_whole = end == text.len();
        if !is_whole || !text.trim_end().ends_with(is_digit) {
            break;
        }
    }
    (joined, links)
}

const fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
}

/// The finding in each text over which it lies; nothing where that is one alone.
fn halves(finding: &Finding, links: &[Link]) -> Vec<Finding> {
    let is_sure = finding.confidence >= Confidence::Medium && !finding.category.is_record();
    let over: Vec<&Link> = links
        .iter()
        .filter(|link| is_sure && link.span.overlaps(finding.span))
        .collect();
    if over.len() < 2 {
        return Vec::new();
    }
    let halves = over.into_iter().map(|link| {
        let start = finding.span.start.max(link.span.start) - link.span.start;
        let end = finding.span.end.min(link.span.end) - link.span.start;
        Finding {
            part: link.part,
            span: Span::new(link.start + start, link.start + end),
            element_of: None,
            ..finding.clone()
        }
    });
    halves.collect()
}
