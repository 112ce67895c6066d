//! Who is told of by a title and a given name, in small letters or without diacritics, some words before
//! what befell them or where they live: "thầy hùng dạy toán 8a bị suy thận", "bac Que nha doi dien xom Noi"?
//!
//! In: conditions and homes of a text in small letters, or without diacritics. Out: the names behind the
//! last title before each.
//!
//! Never: names that something right behind tells; `small_given` finds those.

use crate::detect::capital::{Word, is_capitalized, words_of};
use crate::detect::clause::dwells;
use crate::detect::fate::{befalls, follows};
use crate::detect::letter::in_small;
use crate::detect::name_before::names_shop;
use crate::detect::person::{Form, Name};
use crate::detect::phrase::Spelling;
use crate::detect::prefilter::around;
use crate::detect::record::Sources;
use crate::detect::small_given::is_small_title;
use crate::detect::small_list::Casing;
use crate::detect::writing::Part;
use crate::model::category::Category;
use crate::model::part::Span;

/// A title is looked for so far before what is told, in bytes.
const LEAD_BYTES_MAX: usize = 128;
/// The last words of those that say in a message what somebody is: "quần chúng lâm thị sà phol".
const ROLES: [&str; 10] = [
    "viên", "chúng", "nhân", "sinh", "hộ", "nhà", "đình", "tượng", "dân", "chồng",
];
/// Signs that end the sentence before.
const ENDS: [char; 6] = ['.', ';', ':', '?', '!', '\n'];

impl Sources<'_> {
    /// Adds whom a title and a given name in small letters tell. The names are in order, and are so
    /// afterwards.
    pub(super) fn add_small_told(&self, names: &mut Vec<Name>) {
        let alone = self
            .told()
            .filter(|(_, condition)| condition.counts_alone());
        let ill = alone.filter_map(|(told, condition)| {
            let name = self.small_before(told)?;
            let spelling = self.spelling_at(told);
            let between = Span::new(name.span.end, told.start).of(self.text);
            let is_told = self.is_message() && self.messages.is_of_named(between, spelling)
                || follows(between, spelling)
                || befalls(condition, between, told.of(self.text), spelling);
            is_told.then_some(name)
        });
        let at_home = self.person_values().filter_map(|(_, home)| {
            let is_home = self.category(home) == Some(Category::HomeAddress);
            let name = is_home.then(|| self.small_before(home.span))??;
            let between = Span::new(name.span.end, home.span.start).of(self.text);
            // Without diacritics "bán 80" is a village.
            let is_told = match self.spelling_at(home.span) {
                Spelling::Full => {
                    matches!(between, " " | ", " | " (" | " ở " | " nhà ở " | " trú ")
                }
                Spelling::Plain => matches!(between, " o " | " nha o "),
            };
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
        let is_read = match part.spelling {
            Spelling::Full => part.casing == Casing::Small,
            Spelling::Plain => true,
        };
        if !is_read {
            return None;
        }
        let near = around(self.text, Span::new(told.start, told.start), LEAD_BYTES_MAX);
        let before = Span::new(near.start, told.start).of(self.text);
        let sentence = before.rsplit(ENDS).next().unwrap_or_default();
        let lead = Span::new(told.start - sentence.len(), told.start);
        let words: Vec<Word<'_>> = words_of(self.text, lead).collect();
        let (run, taken, form) = (1..words.len()).rev().find_map(|at| {
            let (before, run) = words.split_at_checked(at)?;
            let (taken, form) = self.told_behind(before, run, part)?;
            Some((run, taken, form))
        })?;
        let name = self
            .names
            .described(self.text, run, (0, taken), part.spelling)?;
        Some(Name { form, ..name })
    }

    /// How many words of the run are a name, by what stands before it: a title, or in a message what
    /// somebody is.
    fn told_behind(
        &self,
        before: &[Word<'_>],
        run: &[Word<'_>],
        part: Part,
    ) -> Option<(usize, Form)> {
        let spelling = part.spelling;
        // "anh c" is nobody.
        let first = run.first();
        let first = first.filter(|word| word.text.chars().nth(1).is_some())?;
        let title = before.last()?;
        if first.span.start != title.span.end + 1 {
            return None;
        }
        let lead = before.len().checked_sub(2).and_then(|at| before.get(at));
        // "35 em thi lại" are none of them named.
        let is_counted = |word: &Word<'_>| word.text.starts_with(|c: char| c.is_ascii_digit());
        if lead.is_some_and(|word| names_shop(word.text) || is_counted(word)) {
            return None;
        }
        let is_plain = spelling == Spelling::Plain && part.casing != Casing::Told;
        let is_shouted = part.casing == Casing::Shouted;
        if is_plain && self.is_message() && (is_shouted || !is_capitalized(first.text)) {
            return self
                .names
                .plain_behind(self.text, title, lead.is_none(), run);
        }
        // Without diacritics "xa Ba Dinh" is a place.
        let is_place = spelling == Spelling::Plain
            && (is_shouted || lead.is_some() && is_capitalized(title.text));
        let small = in_small(title.text);
        let is_teacher = || {
            let lead = lead.map(|word| in_small(word.text));
            &*small == "giao" && lead.is_some_and(|lead| matches!(&*lead, "co" | "thay"))
        };
        // "yeu cau Hoi dong" is no "cậu", "het thang Nam" no "thằng", "Kho bac Nha nuoc" no "bác".
        let is_other = || {
            let lead = lead.map(|word| in_small(word.text));
            spelling == Spelling::Plain
                && lead.is_some_and(|lead| {
                    matches!(&*small, "cau" | "me" | "thang") || &*small == "bac" && &*lead == "kho"
                })
        };
        let is_titled = !is_place && is_small_title(&small, spelling) && !is_other()
            || spelling == Spelling::Plain && is_teacher();
        let may_be_full = self.is_message() && spelling == Spelling::Full;
        if may_be_full
            && (is_titled || ROLES.contains(&&*small) || is_comrade(lead, title))
            && let Some(taken) = self.names.small_full(self.text, run, is_titled)
        {
            return Some((taken, Form::Full));
        }
        let given = || {
            self.names
                .given_words_of(self.text, run, spelling, self.is_message())
        };
        is_titled.then(given)?.map(|taken| (taken, Form::Given))
    }
}

/// Whether the two words are "đồng chí" or "đ/c".
fn is_comrade(first: Option<&Word<'_>>, second: &Word<'_>) -> bool {
    let first = first.map(|word| in_small(word.text));
    first.is_some_and(|first| {
        matches!(
            (&*first, &*in_small(second.text)),
            ("đồng", "chí") | ("đ", "c")
        )
    })
}
