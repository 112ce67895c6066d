//! Where may a name stand that no label and no condition is near: before a year or an age?
//!
//! Never: whether a name stands there, and whose year it is.

use crate::detect::capital::is_capitalized;
use crate::detect::letter::in_small;
use crate::detect::prefilter::around;
use crate::detect::record::Sources;
use crate::model::part::Span;

/// A sex stands so far before an age, in bytes.
const SEX_REACH: usize = 16;

impl Sources<'_> {
    /// Short stretches before years: a name may stand there.
    pub(super) fn year_islands(&self) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let mut islands = Vec::new();
        for at in
            memchr::memmem::find_iter(bytes, b"19").chain(memchr::memmem::find_iter(bytes, b"20"))
        {
            let is_year = bytes
                .get(at..at + 4)
                .is_some_and(|year| year.iter().all(u8::is_ascii_digit));
            if is_year {
                islands.push(around(self.text, Span::new(at, at + 4), 64));
            }
        }
        islands
    }

    /// Short stretches before ages that stand aside behind a name, or beside a sex: "Lê Thử, 51 tuổi",
    /// "nữ, 28 tuổi".
    pub(super) fn age_islands(&self) -> Vec<Span> {
        const SEXES: [&str; 3] = ["nam", "nữ", "nu"];
        let ages = ["tuổi", "TUỔI", "tuoi", "TUOI"];
        let bytes = self.text.as_bytes();
        let ages = ages
            .iter()
            .flat_map(|age| memchr::memmem::find_iter(bytes, age));
        let is_told = |at: usize| {
            let near = around(self.text, Span::new(at, at), SEX_REACH);
            let before = Span::new(near.start, at).of(self.text);
            let bare = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            let sex = bare
                .strip_suffix(',')
                .and_then(|lead| lead.rsplit(' ').next());
            let is_aside = || {
                let lead = bare.strip_suffix([',', '(']).map(str::trim_end);
                let word = lead.and_then(|lead| lead.rsplit(' ').next());
                word.is_some_and(|word| word.len() > 1 && is_capitalized(word))
            };
            bare.len() < before.len() && is_aside()
                || bare.len() < before.len()
                    && sex.is_some_and(|sex| SEXES.contains(&&*in_small(sex)))
        };
        let told = ages.filter(|at| is_told(*at));
        told.map(|at| around(self.text, Span::new(at, at), 64))
            .collect()
    }
}
