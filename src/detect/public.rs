//! Which of the people named are known to all, or are none: figures of history and of the news,
//! officials, firms and works that bear somebody's name?
//!
//! In: names, and where words stand that tell of such. Out: what the names are.
//!
//! Never: which words tell it; `renowned`, `lifetime`, `firm` and `bygone` know them.

use std::collections::HashSet;

use crate::detect::bygone::{is_bygone, tells_history};
use crate::detect::firm::{self, names_firm, tells_work};
use crate::detect::letter::in_small;
use crate::detect::lexicon::List;
use crate::detect::lifetime::{self, is_hero, is_life};
use crate::detect::person::{Form, Name};
use crate::detect::record::Sources;
use crate::detect::renowned::{self, is_renowned};
use crate::model::part::Span;

/// A word stands so far before a name or behind it, in bytes: more than any of the rooms looks, whose
/// 80 characters take four bytes each at most.
const REACH: usize = 400;

/// The words that a glance is to look for.
pub(super) fn list() -> (List, Vec<&'static str>) {
    let words = [renowned::words(), lifetime::words(), firm::words()];
    (List::Public, words.concat())
}

impl Sources<'_> {
    /// Whose life books tell, "(1940 - 1964)", is a public figure; a firm or a work that bears
    /// the name of somebody is nobody, and what stands behind is told of it.
    pub(super) fn mark_public(&self, names: &mut [Name]) {
        let mut renowned = HashSet::new();
        let is_history = !names.is_empty() && tells_history(self.text);
        for name in names.iter_mut() {
            let after = self.text.get(name.span.end..).unwrap_or_default();
            name.is_official |= is_life(after.trim_start_matches([' ', '(', ',']), self.year_now);
            let before = self.text.get(..name.span.start).unwrap_or_default();
            let is_near = self.is_near_public_word(name.span);
            if is_near && (is_hero(before) || names_firm(before) || tells_work(after)) {
                name.form = Form::Initial;
            }
            if name.form == Form::Full
                && (is_near && is_renowned(before, after)
                    || is_history && is_bygone(self.text, name.span)
                    || is_drug(before))
            {
                renowned.insert(name.span.of(self.text));
            }
        }
        for name in names {
            if renowned.contains(name.span.of(self.text)) {
                name.form = Form::Initial;
            }
        }
    }

    /// Whoever is named by office once is an official wherever the name stands.
    pub(super) fn mark_officials(&self, names: &mut [Name]) {
        let named = |of: fn(&Name) -> bool| -> HashSet<&str> {
            let named = names.iter().filter(|name| of(name));
            named.map(|name| name.span.of(self.text)).collect()
        };
        let officials = named(|name| name.is_official);
        let masters = named(|name| name.is_official && !name.is_colleague);
        for name in names.iter_mut() {
            let told = name.span.of(self.text);
            name.is_official |= officials.contains(told);
            name.is_colleague = name.is_official && !masters.contains(told);
        }
    }

    /// Whether a word that tells of fame, of a firm or of a work stands near.
    fn is_near_public_word(&self, name: Span) -> bool {
        let from = name.start.saturating_sub(REACH);
        let next = self.public_words.partition_point(|end| *end <= from);
        let end = self.public_words.get(next);
        end.is_some_and(|end| *end <= name.end + REACH)
    }
}

/// Whether a drug bears the name: "thuốc Hoàng Mẫu Phong".
fn is_drug(before: &str) -> bool {
    let word = before.split_whitespace().next_back();
    word.is_some_and(|word| in_small(word) == "thuốc")
}
