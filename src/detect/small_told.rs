//! Who is told of in small letters by a title and a given name, some words before what befell them or
//! where they live: "thầy hùng dạy toán 8a bị suy thận", "bác quế nhà đối diện xóm nội"?
//!
//! In: conditions and homes of a text in small letters with diacritics. Out: the names behind the
//! last title before each.
//!
//! Never: names that something right behind tells; `small_given` finds those.

use crate::detect::capital::{Word, words_of};
use crate::detect::clause::dwells;
use crate::detect::fate::{befalls, follows};
use crate::detect::letter::in_small;
use crate::detect::person::{Form, Name};
use crate::detect::phrase::Spelling;
use crate::detect::prefilter::around;
use crate::detect::record::Sources;
use crate::detect::small_list::Casing;
use crate::model::category::Category;
use crate::model::part::Span;

/// A title is looked for so far before what is told, in bytes.
const LEAD_BYTES_MAX: usize = 128;
/// Signs that end the sentence before.
const ENDS: [char; 6] = ['.', ';', ':', '?', '!', '\n'];

impl Sources<'_> {
    /// Adds whom a title and a given name in small letters tell. The names are in order, and are so
    /// afterwards.
    pub(super) fn add_small_told(&self, names: &mut Vec<Name>) {
        if !self.writing.has(Casing::Small) {
            return;
        }
        let ill = self.conditions.iter().filter_map(|(told, condition)| {
            let name = self.small_before(*told)?;
            let between = Span::new(name.span.end, told.start).of(self.text);
            let is_told = condition.counts_alone()
                && (follows(between) || befalls(*condition, between, told.of(self.text)));
            is_told.then_some(name)
        });
        let at_home = self.person_values().filter_map(|(_, home)| {
            let is_home = self.category(home) == Some(Category::HomeAddress);
            let name = is_home.then(|| self.small_before(home.span))??;
            let between = Span::new(name.span.end, home.span.start).of(self.text);
            let is_told = matches!(between, " " | ", " | " (" | " ở " | " nhà ở " | " trú ");
            (is_told || dwells(between)).then_some(name)
        });
        let mut found: Vec<Name> = ill.chain(at_home).collect();
        found.retain(|name| {
            let after = names.partition_point(|known| known.span.end <= name.span.start);
            let next = names.get(after);
            next.is_none_or(|known| known.span.start >= name.span.end)
        });
        names.extend(found);
        names.sort_by_key(|name| name.span);
        names.dedup_by_key(|name| name.span);
    }

    /// The given name behind the last title of the sentence before what is told.
    fn small_before(&self, told: Span) -> Option<Name> {
        let part = self.writing.at(told.start);
        if part.casing != Casing::Small || part.spelling != Spelling::Full {
            return None;
        }
        let near = around(self.text, Span::new(told.start, told.start), LEAD_BYTES_MAX);
        let before = Span::new(near.start, told.start).of(self.text);
        let sentence = before.rsplit(ENDS).next().unwrap_or_default();
        let lead = Span::new(told.start - sentence.len(), told.start);
        let words: Vec<Word<'_>> = words_of(self.text, lead).collect();
        let last = (1..words.len()).rev().find(|at| {
            let title = words.get(at - 1).map(|word| in_small(word.text));
            title.is_some_and(|title| self.names.is_small_title(&title))
        })?;
        let run = words.get(last..)?;
        let taken = self.names.given_words_of(self.text, run)?;
        let name = self
            .names
            .described(self.text, run, (0, taken), part.spelling)?;
        Some(Name {
            form: Form::Given,
            ..name
        })
    }
}
