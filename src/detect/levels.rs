//! Does a text bear a level of secrecy, or does it tell of the levels?
//!
//! No document bears more than one: where all three stand within a few lines, that is a list of
//! them, as in the law, a lesson or a form. Only a mark beside the fixed parts of a header may be
//! the document's own nevertheless, that of a statistic of secrets, say.

use crate::detect::candidate::Candidate;
use crate::detect::layout::Layout;
use crate::detect::rule::Rule;
use crate::model::category::SecretLevel;
use crate::model::finding::Confidence;

/// Within so many lines all levels of secrecy are a list of the levels.
const LIST_LINES: usize = 12;

/// A mark among the candidates.
#[derive(Clone, Copy)]
struct Mark {
    candidate: usize,
    line: usize,
    level: SecretLevel,
    is_beside_header: bool,
    /// Whether its line gives a document's number, as registers do.
    is_of_document: bool,
}

/// Takes away the marks that are a list of levels, and lowers those of a list in a header.
pub(super) fn settle(candidates: &mut Vec<Candidate>, rules: &[Rule], layout: &Layout<'_>) {
    let level = |candidate: &Candidate| rules.get(candidate.rule).and_then(|rule| rule.level);
    let marks: Vec<Mark> = candidates
        .iter()
        .enumerate()
        .filter_map(|(index, candidate)| {
            Some(Mark {
                candidate: index,
                line: layout.line(candidate.span.start).ordinal,
                level: level(candidate)?,
                is_beside_header: layout.is_beside_anchor(candidate.span),
                is_of_document: has_number(
                    layout.line(candidate.span.start).span.of(layout.text()),
                ),
            })
        })
        .collect();
    let mut listed = vec![false; candidates.len()];
    for list in marks.windows(3).filter(|list| is_list(list)) {
        let is_of_header = list.iter().all(|mark| mark.is_beside_header);
        for mark in list {
            if is_of_header && let Some(candidate) = candidates.get_mut(mark.candidate) {
                candidate.confidence = Confidence::Low;
            } else if !mark.is_beside_header
                && let Some(listed) = listed.get_mut(mark.candidate)
            {
                *listed = true;
            }
        }
    }
    for pair in marks.windows(2).filter(|pair| is_pair(pair)) {
        for mark in pair {
            if let Some(listed) = listed.get_mut(mark.candidate) {
                *listed = true;
            }
        }
    }
    let mut listed = listed.into_iter();
    candidates.retain(|_| listed.next() != Some(true));
}

/// Whether three marks are of three levels, within a few lines.
fn is_list(marks: &[Mark]) -> bool {
    let [first, second, third] = marks else {
        return false;
    };
    let differ =
        first.level != second.level && second.level != third.level && first.level != third.level;
    let are_of_documents = marks.iter().all(|mark| mark.is_of_document);
    differ && !are_of_documents && third.line - first.line <= LIST_LINES
}

/// Whether two marks of different levels stand in lines one below the other, far from a header.
fn is_pair(marks: &[Mark]) -> bool {
    let [first, second] = marks else {
        return false;
    };
    let is_of_text = |mark: &Mark| !mark.is_beside_header && !mark.is_of_document;
    first.level != second.level
        && second.line - first.line == 1
        && is_of_text(first)
        && is_of_text(second)
}

/// Whether a document's number stands on the line: `12/BC-UBND`.
fn has_number(line: &str) -> bool {
    line.match_indices('/').any(|(at, _)| {
        let before = line.as_bytes().get(at.wrapping_sub(1));
        let mut behind = line.get(at + 1..).unwrap_or_default().chars();
        before.is_some_and(u8::is_ascii_digit)
            && behind.next().is_some_and(char::is_uppercase)
            && behind.next().is_some_and(char::is_uppercase)
    })
}
