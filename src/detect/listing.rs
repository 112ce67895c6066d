//! What do persons that stand in one list or one sentence tell of one another?
//!
//! Never: tables; `roster` reads those.

use crate::detect::person::Form;
use crate::detect::record::{Person, Sources, gap};

/// How far apart the persons of a list may stand, in bytes.
const LISTED_REACH: usize = 60;

impl Sources<'_> {
    /// Names with a year each, on lines that follow one another, are a list of people; one such
    /// name alone may be an author's.
    pub(super) fn count_listed(&self, persons: &mut [Person]) {
        let is_listed = |pair: &[Person]| {
            let [first, second] = pair else {
                return false;
            };
            let between = gap(first.span, second.span).of(self.text);
            let has_years = !first.births.is_empty() && !second.births.is_empty();
            has_years && between.len() <= LISTED_REACH && between.matches('\n').count() >= 1
        };
        let follows: Vec<bool> = persons.windows(2).map(is_listed).collect();
        for (at, pair) in follows.windows(2).enumerate() {
            if pair.iter().all(|follows| *follows) {
                for person in persons.iter_mut().skip(at).take(3) {
                    person.counts |= person.name.form != Form::Initial;
                }
            }
        }
    }

    /// "A, B và C đều là hộ nghèo": what is told of the last is told of all.
    pub(super) fn share_conditions(&self, persons: &mut [Person]) {
        for at in (1..persons.len()).rev() {
            let Some([first, second]) = persons.get_mut(at - 1..=at) else {
                continue;
            };
            let between = gap(first.name.span, second.name.span).of(self.text);
            let is_alike = second.counts && second.births.is_empty() && second.values.is_empty();
            let joined = between.trim_matches([' ', ',']);
            let is_joined = matches!(
                joined,
                "" | "và" | "va" | "và bà" | "và ông" | "và chị" | "và anh"
            );
            let is_person = !first.name.is_official && first.name.form == Form::Full;
            if is_alike && is_joined && is_person && between.len() <= 12 {
                first.counts = true;
                first.conditions.extend(second.conditions.iter().copied());
            }
        }
    }
}
