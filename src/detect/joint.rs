//! Which persons are named together, so that what is told of the second is told of both?
//!
//! Husband and wife, the people of one household, and whoever "và" joins: "ông Thử và bà Mẫu, cùng
//! trú tại …". Of such a couple the text may go on by their given names: "Anh Thử sinh 1991".
//!
//! Never: lists; `listing` reads those.

use crate::detect::fold::folded;
use crate::detect::letter::is_of_word;
use crate::detect::person::Form;
use crate::detect::record::{Person, Sources, gap};
use crate::detect::title::is_title;
use crate::model::category::Category;

/// What joins two names is not longer, in bytes.
const JOINT_BYTES_MAX: usize = 32;
/// So much of what is told of the last is told of all: a row of couples may be as long as the text.
const SHARED_MAX: usize = 8;
/// What is told of both is said right behind the second, in bytes.
const BEHIND_BYTES: usize = 24;
/// Before the first of two the word for their household stands so near, in bytes.
const HOUSEHOLD_REACH: usize = 40;
/// Somebody is spoken of by the given name among so many persons ...
const KNOWN_MAX: usize = 8;
/// ... and so far behind the full one, in bytes.
const KNOWN_REACH: usize = 600;

impl Sources<'_> {
    /// "A, B và C đều là hộ nghèo", "ông A, bà B, cùng trú tại …": what is told of the last is told
    /// of all.
    pub(super) fn share_conditions(&self, persons: &mut [Person]) {
        for at in (1..persons.len()).rev() {
            let Some([first, second]) = persons.get_mut(at - 1..=at) else {
                continue;
            };
            let between = gap(first.name.span, second.name.span).of(self.text);
            if between.len() > JOINT_BYTES_MAX || !is_joint(between) {
                continue;
            }
            let is_alike = second.births.is_empty() && second.values.is_empty()
                || !first.births.is_empty() && !second.births.is_empty()
                || self.has_two_numbers(second)
                || is_couple(between)
                || self.is_household(first)
                || self.live_together(between, second)
                || is_of_both(self.text.get(second.name.span.end..).unwrap_or_default());
            let is_person = !first.name.is_official && first.name.form == Form::Full;
            if second.counts && is_alike && is_person {
                first.counts = true;
                let shared = second.conditions.iter().take(SHARED_MAX);
                first.conditions.extend(shared.copied());
            }
        }
    }

    /// Whoever is named in full, and told of by the given name further on, is one person: "Gia đình
    /// anh Lê Văn Thử … Anh Thử sinh 1991".
    pub(super) fn adopt_named(&self, persons: &mut [Person]) {
        for at in 1..persons.len() {
            let (before, rest) = persons.split_at_mut(at);
            let Some(given) = rest.first_mut() else {
                continue;
            };
            let name = given.name.span.of(self.text);
            if !given.counts || given.is_again || name.contains(' ') {
                continue;
            }
            let near = before.iter_mut().rev().take(KNOWN_MAX);
            let mut near =
                near.filter(|full| given.name.span.start <= full.name.span.end + KNOWN_REACH);
            let full = near.find(|full| {
                let whole = full.name.span.of(self.text);
                full.name.form == Form::Full
                    && !full.name.is_official
                    && whole.contains(' ')
                    && whole.rsplit(' ').next().map(folded) == Some(folded(name))
            });
            if let Some(full) = full {
                full.counts = true;
                given.is_again = true;
            }
        }
    }

    /// "Ông Thử và bà Mẫu, thường trú tại …": where nothing else is told of the second, the home is
    /// that of both.
    fn live_together(&self, between: &str, second: &Person) -> bool {
        let is_home = |index: &usize| {
            let candidate = self.candidates.get(*index);
            let category = candidate.and_then(|candidate| self.category(candidate));
            matches!(
                category,
                Some(Category::HomeAddress | Category::LandCertificate)
            )
        };
        let plain = folded(between.trim_start());
        let mut kin = plain.split(' ');
        let is_kin = kin.any(|word| matches!(word, "bo" | "me" | "vo" | "chong"));
        plain.starts_with("va ")
            && second.births.is_empty()
            && second.conditions.is_empty()
            && second.values.iter().all(is_home)
            && (is_kin || self.is_titled(second.name.span))
    }

    /// Whether two numbers of persons stand behind a name: "ông A và bà B, CCCD: …; …".
    fn has_two_numbers(&self, person: &Person) -> bool {
        let is_number = |index: &&usize| {
            let candidate = self.candidates.get(**index);
            matches!(
                candidate.and_then(|candidate| self.category(candidate)),
                Some(Category::CitizenId | Category::IdentityCard)
            )
        };
        person.values.iter().filter(is_number).count() >= 2
    }

    /// Whether the word for a household stands before the first of several: "hộ ông", "Gia đình anh".
    fn is_household(&self, person: &Person) -> bool {
        const WORDS: [&str; 6] = [
            "ho",
            "gia dinh",
            "ho gia dinh",
            "vo chong",
            "hai vo chong",
            "ho ong ba",
        ];
        let start = person.name.span.start;
        let from = self
            .text
            .ceil_char_boundary(start.saturating_sub(HOUSEHOLD_REACH));
        let before = self.text.get(from..start).unwrap_or_default().trim_end();
        // "Hộ ông, bà: ".
        let before = without_title(without_title(before));
        let before = folded(before.trim_end_matches([' ', ':']));
        WORDS.iter().any(|word| {
            before
                .strip_suffix(word)
                .is_some_and(|rest| !rest.ends_with(is_of_word))
        })
    }
}

/// The text without the title with which it ends.
fn without_title(before: &str) -> &str {
    let bare = before.trim_end_matches([' ', ':', ',', '/']);
    let title = bare.rsplit(|c: char| !is_of_word(c)).next();
    let is_plain = |word: &str| matches!(folded(word).as_str(), "ong" | "ba" | "anh" | "chi");
    let title = title.filter(|title| is_title(title) || is_plain(title));
    title
        .and_then(|title| bare.strip_suffix(title))
        .unwrap_or(bare)
}

/// Whether what lies between two names joins them: signs, "và", a title, what the second is to the
/// first.
fn is_joint(between: &str) -> bool {
    const WORDS: [&str; 18] = [
        "va", "cung", "voi", "co", "vo", "chong", "la", "ong", "ba", "anh", "chi", "em", "toi",
        "cua", "hai", "bo", "me", "minh",
    ];
    let joined = without_year(between);
    if joined.contains(['\n', '.', ':', ';', '|', '\t']) {
        return false;
    }
    let mut words = joined
        .split(|c: char| !is_of_word(c))
        .filter(|word| !word.is_empty());
    let has_sign = joined.contains([',', '-', '–', ')']);
    let plain = folded(joined);
    let starts = |word: &str| plain.trim_start().starts_with(word);
    let is_led = has_sign || starts("va ") || starts("voi ") || is_couple(joined);
    let is_titled = starts("ba ") || starts("chi ");
    words.all(|word| WORDS.contains(&folded(word).as_str()))
        && (is_led || is_titled || plain.trim().is_empty())
}

/// Whether the second is the husband or wife of the first: they live in one home.
fn is_couple(between: &str) -> bool {
    let mut words = between.split([' ', ',']);
    words.any(|word| matches!(folded(word).as_str(), "vo" | "chong"))
}

/// Whether what follows the last of several names is told of all of them.
fn is_of_both(after: &str) -> bool {
    let after = after.get(..after.floor_char_boundary(BEHIND_BYTES));
    let after = without_year(after.unwrap_or_default());
    let after = after.trim_start_matches([' ', ',']);
    let word = after.split(' ').next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "cùng" | "đều" | "cung" | "deu" | "cả")
}

/// The text without the year in brackets with which it begins.
fn without_year(text: &str) -> &str {
    let bare = text.trim_start();
    let year = bare.strip_prefix('(').and_then(|bare| bare.split_once(')'));
    match year {
        Some((year, rest)) if year.len() <= 8 && year.ends_with(|c: char| c.is_ascii_digit()) => {
            rest
        }
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_words_join_two_names() {
        for between in [
            ", ",
            " và ",
            " và vợ là bà ",
            ", chồng chị là ",
            " - chị ",
            " va vo la ba ",
            " (1980) và bà ",
        ] {
            assert!(is_joint(between), "{between:?}");
        }
        for between in [" hỏi ông ", ".\n", " và con là ", " nộp; ", " là "] {
            assert!(!is_joint(between), "{between:?}");
        }
    }
}
