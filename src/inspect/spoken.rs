//! What of a request did a person write? The texts that its row names, and those with a hit.
//!
//! Services put new ids into every body, so a content is known again by these texts alone.

use std::collections::BTreeSet;

use crate::inspect::open::{Reading, Region};
use crate::model::category::Category;
use crate::model::finding::Finding;
use crate::model::incident::Fingerprint;
use crate::model::part::PartKind;
use crate::policy::FieldPlace;
use crate::redact::KeyedHash;

/// The places of the readings that a person wrote, as far as it is known: what the row names, and
/// what has a finding. Never the head, which is the browser's.
pub(super) fn spoken<'f>(
    readings: &[Reading<'_>],
    findings: impl Iterator<Item = &'f Finding>,
) -> BTreeSet<usize> {
    let found: BTreeSet<usize> = findings.map(|finding| finding.part.0).collect();
    let is_named = |reading: &Reading<'_>| {
        reading.place != FieldPlace::Unlisted && reading.part.kind != PartKind::Key
    };
    let all = readings.iter().enumerate();
    all.filter(|(_, reading)| reading.region != Region::Head)
        .filter(|(at, reading)| is_named(reading) || found.contains(at))
        .map(|(at, _)| at)
        .collect()
}

/// The readings by which a content is known again as the one that was blocked as a state secret:
/// what a person wrote, what is marked, and all else that has words. A marking may stand in one
/// field and the document in another, so whatever could be a piece of it must be the same again.
pub(super) fn content(readings: &[Reading<'_>], findings: &[Finding]) -> BTreeSet<usize> {
    let markings = findings
        .iter()
        .filter(|finding| finding.category == Category::StateSecret);
    let mut content = spoken(readings, markings);
    let all = readings.iter().enumerate();
    let with_words = all.filter(|(_, reading)| {
        reading.region != Region::Head
            && reading.part.kind != PartKind::Key
            && has_words(reading.part.text.expose())
    });
    content.extend(with_words.map(|(at, _)| at));
    content
}

/// Whether a text is more than a token: names of models, ids and times that services put into every
/// body are ASCII without a blank, or have no letter.
fn has_words(text: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() && !c.is_ascii();
    text.contains(is_word)
        || (text.contains(char::is_whitespace) && text.contains(|c: char| c.is_alphabetic()))
}

/// A keyed digest of a content, to know it again.
pub(super) fn digest(
    readings: &[Reading<'_>],
    findings: &[Finding],
    hash: &KeyedHash,
) -> Fingerprint {
    digest_of(readings, &content(readings, findings), hash)
}

/// The same of readings that are known to be it.
pub(super) fn digest_of(
    readings: &[Reading<'_>],
    content: &BTreeSet<usize>,
    hash: &KeyedHash,
) -> Fingerprint {
    let mut bytes = Vec::new();
    for reading in content.iter().filter_map(|at| readings.get(*at)) {
        bytes.extend_from_slice(reading.part.text.expose().as_bytes());
        bytes.push(0);
    }
    hash.digest(&bytes)
}
