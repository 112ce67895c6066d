//! Does a damaged telephone number stand right behind a person: "chị Hoa 912345678"?
//!
//! In: text, and a span that a rule for damaged numbers found without a label. Out: how sure it is.
//! An amount may stand behind a person, too: it is round, or money is spoken of behind it.
//!
//! Never: tables; their heads tell what their cells are.

use std::sync::LazyLock;

use crate::detect::count;
use crate::detect::fold::folded;
use crate::detect::letter::in_small;
use crate::detect::rule::{LabelNeed, Rule};
use crate::detect::speech;
use crate::detect::validator::Validator;
use crate::detect::words::{self, WordSet};
use crate::model::category::Category;
use crate::model::finding::Confidence;
use crate::model::part::Span;

/// So far before the number the person's name may begin, in bytes.
const REACH: usize = 64;
/// Of a number that was misread so many signs are figures, at least.
const FIGURES_MIN: usize = 6;
/// A name with the word before it has so many words, at most.
const WORDS_MAX: usize = 7;

/// Surnames, in small letters.
static SURNAMES: LazyLock<WordSet> = LazyLock::new(|| words::syllables(NAMES, "surname"));
const NAMES: &str = include_str!("../../patterns/words/names.txt");

/// Words before a given name, in folded text.
const KIN: [&str; 24] = [
    "anh", "chi", "ong", "ba", "co", "chu", "bac", "em", "chau", "cau", "di", "thay", "me", "bo",
    "vo", "chong", "con", "a", "c", "e", "d/c", "dc", "cu", "ban",
];
/// Places bear names like people's.
const PLACES: [&str; 10] = [
    "thon", "xa", "phuong", "ap", "to", "khu", "xom", "ban", "lang", "huyen",
];
/// Streets, schools and firms bear whole names of people.
const HOUSES: [&str; 16] = [
    "duong", "pho", "truong", "ty", "cho", "cau", "ngo", "ho", "doi", "hoi", "quan", "tram",
    "chua", "dinh", "hang", "tinh",
];

/// How sure a number is by the person before it.
pub(super) fn confidence(rule: &Rule, text: &str, span: Span) -> Option<Confidence> {
    let is_damaged = rule.category == Category::PhoneNumber
        && rule.label_need == LabelNeed::Beside
        && matches!(rule.validator, Validator::PhoneVn | Validator::PhoneMisread);
    let is_number = || {
        // Spreadsheets put decimals behind whole numbers.
        let value = span.of(text).trim_end_matches(".0");
        let figures = value.bytes().filter(u8::is_ascii_digit).count();
        let is_amount = value.contains(['.', ',']) || value.ends_with("000");
        figures >= FIGURES_MIN && !is_amount && !count::is_amount(text, span)
    };
    (is_damaged && is_number() && is_behind_person(text, span)).then_some(Confidence::Medium)
}

/// Whether a given name stands right before, behind a word of address or another name.
fn is_behind_person(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let near = before.len().saturating_sub(REACH);
    let near = before
        .get(before.ceil_char_boundary(near)..)
        .unwrap_or_default();
    let line = near
        .rsplit(['\n', '|', '\t', ';'])
        .next()
        .unwrap_or_default();
    let bare = line.trim_end_matches([' ', ':', '-', '(', ',']);
    let mut words = bare
        .rsplit(' ')
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX);
    let (Some(given), Some(first)) = (words.next(), words.next()) else {
        return false;
    };
    if !speech::is_name(&in_small(given)) {
        return false;
    }
    if KIN.contains(&folded(first).as_str()) {
        return !PLACES.contains(&folded(first).as_str()) || given.starts_with(char::is_uppercase);
    }
    let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
    let names: Vec<&str> = std::iter::once(first).chain(words).collect();
    let capitals = names.iter().take_while(|word| is_capital(word));
    let Some(count) = capitals
        .map(|word| SURNAMES.contains(&in_small(word)))
        .collect::<Vec<_>>()
        .iter()
        .rposition(|is_surname| *is_surname)
    else {
        return false;
    };
    let title = names.get(count + 1).map(|word| folded(word));
    let is_title = |list: &[&str]| title.as_deref().is_some_and(|title| list.contains(&title));
    // "trưởng thôn Nguyễn Văn Thử", but "thôn Lê Hoa".
    is_capital(&given) && !is_title(&HOUSES) && !(count == 0 && is_title(&PLACES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_behind(text: &str) -> bool {
        let at = text.find("912345678").unwrap();
        is_behind_person(text, Span::new(at, at + 9))
    }

    #[test]
    fn people_are_told_from_places_and_things() {
        for text in [
            "chị Hoa 912345678",
            "a Tuấn: 912345678",
            "Ông Nguyễn Văn Hùng (912345678)",
            "bác hùng 912345678",
            "trưởng thôn Nguyễn Văn Hùng 912345678",
        ] {
            assert!(is_behind(text), "{text}");
        }
        for text in [
            "thôn Hoa 912345678",
            "Công ty Hoa 912345678",
            "trường Hoa Hồng 912345678",
            "đường Lê Thị Hoa 912345678",
            "thôn Lê Hoa 912345678",
            "tổng 912345678",
            "| Nguyễn Văn Hùng | 912345678 |",
            "anh Hùng\n912345678",
        ] {
            assert!(!is_behind(text), "{text}");
        }
    }
}
