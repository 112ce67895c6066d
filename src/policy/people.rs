//! About how many people does a text tell?
//!
//! Four records of one person each, one below the other, are a list of four: what counts is the
//! text, not the single finding. Texts of one request are not added up, because services send the
//! same prompt several times in one request.

use std::collections::BTreeMap;

use crate::model::finding::{Confidence, Finding};
use crate::model::part::{PartId, Span};

/// The number of people a request tells about: those of the part that tells about most, because
/// services repeat a prompt within one request.
pub fn people<'a>(findings: impl Iterator<Item = &'a Finding>) -> u32 {
    people_by_part(findings)
        .into_values()
        .max()
        .unwrap_or_default()
}

/// The number of people per part, from its confirmed records.
pub(super) fn people_by_part<'a>(
    findings: impl Iterator<Item = &'a Finding>,
) -> BTreeMap<PartId, u32> {
    let mut records: BTreeMap<PartId, Vec<(Span, u32)>> = BTreeMap::new();
    for finding in findings {
        if finding.category.is_record() && finding.confidence >= Confidence::Medium {
            let here = records.entry(finding.part).or_default();
            here.push((finding.span, people_of(finding)));
        }
    }
    records
        .into_iter()
        .map(|(part, records)| (part, sum_apart(records)))
        .collect()
}

/// The number of people of one record: at least the one it is about.
pub(super) fn people_of(record: &Finding) -> u32 {
    record.subjects.max(1)
}

/// Adds up records that do not overlap; of overlapping ones, which tell about the same people in
/// two ways, the greatest counts.
fn sum_apart(mut records: Vec<(Span, u32)>) -> u32 {
    records.sort_unstable();
    let mut sum = 0_u32;
    let mut group: Option<(usize, u32)> = None;
    for (span, people) in records {
        group = match group {
            Some((end, most)) if span.start < end => Some((end.max(span.end), most.max(people))),
            Some((_, most)) => {
                sum = sum.saturating_add(most);
                Some((span.end, people))
            }
            None => Some((span.end, people)),
        };
    }
    sum.saturating_add(group.map_or(0, |(_, most)| most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_apart_are_added_and_overlapping_ones_are_not() {
        let at = |start, end, people| (Span::new(start, end), people);
        assert_eq!(sum_apart(vec![]), 0);
        assert_eq!(sum_apart(vec![at(20, 30, 2), at(0, 10, 1)]), 3);
        assert_eq!(
            sum_apart(vec![at(0, 30, 3), at(5, 10, 1), at(25, 40, 2)]),
            3
        );
        assert_eq!(
            sum_apart(vec![at(0, 10, u32::MAX), at(10, 20, 1)]),
            u32::MAX
        );
    }
}
