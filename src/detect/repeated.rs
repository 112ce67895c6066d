//! Where else does a name stand that is known from one place, if no capitals tell it there?
//!
//! "hồ sơ lê mẫu ví … họ tên: lê mẫu ví": what the second says of the words holds for the first.
//!
//! Never: names of two short words, which may be other words elsewhere; texts with capitals.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::detect::letter::is_of_word;
use crate::detect::person::{Form, Name};
use crate::detect::record::Sources;
use crate::detect::small_list::Casing;
use crate::model::part::Span;

/// So many names are looked for again.
const NAMES_MAX: usize = 64;
/// A name has so many words at least.
const WORDS_MIN: usize = 3;

impl Sources<'_> {
    /// Adds the places where names that are known stand again. The names are in order, and are so
    /// afterwards.
    pub(super) fn add_repeated(&self, names: &mut Vec<Name>) {
        if !self.writing.has(Casing::Small) && !self.writing.has(Casing::Shouted) {
            return;
        }
        let is_long = |name: &&Name| {
            name.form == Form::Full && name.span.of(self.text).split(' ').count() >= WORDS_MIN
        };
        let known: Vec<Name> = names
            .iter()
            .filter(is_long)
            .take(NAMES_MAX)
            .copied()
            .collect();
        if known.is_empty() {
            return;
        }
        let words = known.iter().map(|name| name.span.of(self.text));
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words);
        let Ok(search) = search else {
            return;
        };
        let mut found = Vec::new();
        for met in search.find_iter(self.text) {
            let span = Span::new(met.start(), met.end());
            let after = names.partition_point(|name| name.span.end <= span.start);
            let is_known = names
                .get(after)
                .is_some_and(|name| name.span.overlaps(span));
            let name = known.get(met.pattern().as_usize());
            if let Some(name) = name.filter(|_| !is_known && self.stands_alone(span)) {
                found.push(Name { span, ..*name });
            }
        }
        if !found.is_empty() {
            found.retain(|name| self.tables.at(name.span.start).is_none());
            names.extend(found);
            names.sort_by_key(|name| name.span);
        }
    }

    fn stands_alone(&self, span: Span) -> bool {
        let before = self.text.get(..span.start).unwrap_or_default();
        let after = self.text.get(span.end..).unwrap_or_default();
        !before.ends_with(is_of_word) && !after.starts_with(is_of_word)
    }
}
