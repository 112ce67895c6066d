//! What is known of names that no capitals tell, and which texts have such names?
//!
//! Never: where they stand; `small_name` looks.

use crate::detect::compound::Compounds;
use crate::detect::fold::{folded, is_folded};
use crate::detect::home_lead::is_highland_village;
use crate::detect::letter::{fold_char, is_of_word};
use crate::detect::phrase::{Phrases, Spelling};
use crate::detect::words::{self, WordSet};

const NAMES: &str = include_str!("../../patterns/words/names.txt");
const PEOPLE: &str = include_str!("../../patterns/words/people.txt");

/// A text with fewer capitals than one in so many signs has no capitals for names.
const SIGNS_FOR_CAPITAL: usize = 160;
/// A text with more capitals behind spaces than one in so many signs may be all in capitals.
const SIGNS_FOR_SHOUTED: usize = 14;
/// Words behind a name are looked for so far, in bytes.
const BEHIND_BYTES: usize = 48;
/// What somebody is to another is said in so many bytes.
const KIN_BYTES_MAX: usize = 12;
/// A word of so many letters opens a name only before another.
const SHORT_CHARS: usize = 2;

/// Whether capitals tell names from other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    /// They do.
    Told,
    /// Names are in small letters too.
    Small,
    /// Everything is in capitals.
    Shouted,
}

/// What is known of names in small letters.
pub(super) struct SmallNames {
    surnames: WordSet,
    pub(super) surnames_plain: WordSet,
    /// Middle names with their diacritics only.
    pub(super) middles_written: WordSet,
    known: WordSet,
    known_plain: WordSet,
    stops: WordSet,
    stops_plain: WordSet,
    behind: Phrases,
    births: Phrases,
    numbers: Phrases,
    homes: Phrases,
    pub(super) titles: Phrases,
    /// What somebody is or does, behind a title; and words that begin as one does: "cụ thể".
    pub(super) trades: Phrases,
    pub(super) title_words: Phrases,
    pub(super) compounds: Compounds,
    /// Surnames that stand before other words of a name, folded; short clans are words: "ta".
    opening: WordSet,
    /// Longer clans of the highlands, which stand last too: "y bhăm niê".
    clans: WordSet,
}

impl SmallNames {
    /// Reads the word lists.
    pub(super) fn new() -> Option<Self> {
        let of = |section| words::syllables(NAMES, section);
        let plain = |words: &WordSet| words.iter().map(folded).collect();
        let surnames = of("small_surname");
        let known: WordSet = of("given").into_iter().chain(of("middle")).collect();
        let stops = of("small_stop");
        let first = ["surname", "surname_or_word"].into_iter().flat_map(of);
        let clans = of("highland").into_iter();
        let (long, short): (Vec<String>, Vec<String>) =
            clans.partition(|word| word.chars().count() > SHORT_CHARS);
        Some(Self {
            opening: first.chain(short).map(|word| folded(&word)).collect(),
            clans: long.iter().map(|word| folded(word)).collect(),
            surnames,
            surnames_plain: of("small_surname_plain"),
            middles_written: of("middle_written"),
            known_plain: plain(&known),
            known: known.into_iter().chain(of("given_written")).collect(),
            stops_plain: plain(&stops),
            stops,
            behind: Phrases::new(PEOPLE, "behind_name")?,
            births: Phrases::new(PEOPLE, "birth_behind_name")?,
            numbers: Phrases::new(PEOPLE, "number_behind_name")?,
            homes: Phrases::new(PEOPLE, "home_behind_name")?,
            titles: Phrases::new(PEOPLE, "title")?,
            trades: Phrases::new(PEOPLE, "trade")?,
            title_words: Phrases::new(PEOPLE, "title_word")?,
            compounds: Compounds::new(),
        })
    }

    /// Which names the capitals of a text do not tell, which has so many behind spaces.
    pub(super) fn casing(&self, text: &str, capitals: usize, has_small: bool) -> Casing {
        let signs = text.chars().count();
        if capitals * SIGNS_FOR_SHOUTED >= signs {
            return if has_small {
                Casing::Told
            } else {
                Casing::Shouted
            };
        }
        // The first word of a text has a capital now and then.
        let is_small = capitals.saturating_sub(1) * SIGNS_FOR_CAPITAL <= signs;
        if is_small && has_small && self.has_opening(text) {
            Casing::Small
        } else {
            Casing::Told
        }
    }

    /// Whether a word that may belong to a name, in whatever letters, stands somewhere.
    fn has_opening(&self, text: &str) -> bool {
        let mut plain = String::new();
        text.split_inclusive(|c| !is_of_name(c)).any(|word| {
            let bare = word.trim_end_matches(|c| !is_of_name(c));
            let opens = || word.ends_with([' ', '_']);
            plain.clear();
            plain.extend(bare.chars().map(|c| char::from(fold_char(c))));
            self.clans.contains(&plain) || opens() && self.opening.contains(&plain)
        })
    }

    /// Whether the word, in lower case, is a surname and hardly anything else.
    pub(super) fn is_surname(&self, lower: &str, spelling: Spelling) -> bool {
        match spelling {
            Spelling::Full => self.surnames.contains(lower),
            Spelling::Plain => self.surnames_plain.contains(lower),
        }
    }

    /// Whether the word, in lower case, is one of names.
    pub(super) fn knows(&self, lower: &str, spelling: Spelling) -> bool {
        match spelling {
            Spelling::Full => self.known.contains(lower),
            Spelling::Plain => self.known_plain.contains(lower),
        }
    }

    /// Whether a sentence goes on with the word, in lower case.
    pub(super) fn stops(&self, lower: &str, spelling: Spelling) -> bool {
        match spelling {
            Spelling::Full => self.stops.contains(lower),
            Spelling::Plain => self.stops_plain.contains(lower),
        }
    }

    /// Whether what stands behind a name is told of persons: a birth, an age, a number, a home.
    pub(super) fn is_told_behind(&self, after: &str, spelling: Spelling) -> bool {
        self.told_behind(after, spelling) > Telling::Nothing
    }

    /// What stands behind a name tells so much of a person.
    pub(super) fn told_behind(&self, after: &str, spelling: Spelling) -> Telling {
        let after = after.get(..after.floor_char_boundary(BEHIND_BYTES));
        let after = after.unwrap_or_default();
        if is_of_code(after) {
            return Telling::Surely;
        }
        let after = behind_tags(after);
        let loosely = |tells: bool| match tells {
            true => Telling::Loosely,
            false => Telling::Nothing,
        };
        if let Some(cell) = after.trim_start().strip_prefix('|') {
            return loosely(
                [&self.behind, &self.births, &self.numbers]
                    .iter()
                    .any(|told| told.begins(cell, spelling)),
            );
        }
        let bare = without_kin(without_sex(without_signs(after)));
        let by_number = told_by_number(bare);
        if by_number > Telling::Nothing {
            return by_number;
        }
        let is_parted = after
            .trim_start_matches(' ')
            .starts_with([',', '(', '-', '–', ';', '\n']);
        if self.births.begins(bare, spelling) {
            return Telling::Born;
        }
        if self.numbers.begins(bare, spelling) {
            return Telling::Surely;
        }
        loosely(
            self.behind.begins(bare, spelling)
                || is_parted && self.homes.begins(bare, spelling)
                || is_parted && opens_village(bare),
        )
        .max(aged_by_sex(bare))
    }
}

/// What an age without its unit tells before a sex: "45, nữ".
fn aged_by_sex(text: &str) -> Telling {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text.get(digits..).unwrap_or_default();
    let bare = behind.trim_start_matches([' ', ',', ';', '-']);
    let word = bare
        .split(|c: char| !is_of_word(c))
        .next()
        .unwrap_or_default();
    // "02 năm" is a time.
    let is_parted = behind.trim_start().starts_with([',', ';', '-']);
    match (1..=2).contains(&digits) && is_parted && is_folded(word, &["nam", "nu"]) {
        true => Telling::Surely,
        false => Telling::Nothing,
    }
}

/// Whether the word for a village opens the text: without its diacritics "ban" is another.
fn opens_village(text: &str) -> bool {
    let (word, behind) = text.split_once(' ').unwrap_or((text, ""));
    matches!(word, "làng" | "Làng" | "LÀNG" | "bản" | "Bản" | "BẢN")
        || is_folded(word, &["ban", "lang"]) && is_highland_village(behind)
}

/// How much is told of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Telling {
    /// Nothing.
    Nothing,
    /// What may be told of other things too: a year, a class.
    Loosely,
    /// A date, an age, a number.
    Surely,
    /// A birth with the word for it.
    Born,
}

/// What the number or birth tells with which the text begins.
pub(super) fn told_by_number(text: &str) -> Telling {
    let text = ["năm nay ", "nam nay ", "khoảng ", "khoang "]
        .iter()
        .find_map(|now| text.strip_prefix(now))
        .unwrap_or(text);
    let (word, rest) = first_word(text);
    let is_birth = is_folded(word, &["sinh", "sn", "ns", "ntns", "tuoi"]);
    let behind = if is_birth {
        let rest = rest.trim_start_matches([' ', ':', '.']);
        // "sinh năm 1980", "sinh ngày: 12/03/1980"
        match first_word(rest) {
            (unit, rest) if is_folded(unit, &["nam", "ngay"]) => {
                rest.trim_start_matches([' ', ':', '.'])
            }
            _ => rest,
        }
    } else {
        text
    };
    if is_birth && behind.starts_with(|c: char| c.is_ascii_digit()) {
        return Telling::Born;
    }
    number_of_person(behind)
}

/// The word with which the text begins, "sn" of "sn2003", and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !is_of_word(c) || c.is_ascii_digit());
    let parted = text.split_at_checked(end.unwrap_or(text.len()));
    parted.unwrap_or((text, ""))
}

/// The text behind the signs and spaces with which it begins.
pub(super) fn without_signs(text: &str) -> &str {
    text.trim_start_matches([
        ' ', ',', ';', '(', '-', '–', ':', '.', '/', '"', '\'', '\n', '*', '_',
    ])
}

/// The text behind the sex with which it begins: "nam, sinh năm 1980".
fn without_sex(text: &str) -> &str {
    let word = text.split(' ').next().unwrap_or_default();
    let bare = word.trim_end_matches([',', ';', '-']);
    if !is_folded(bare, &["nam", "nu"]) {
        return text;
    }
    let rest = text.get(bare.len()..).unwrap_or_default();
    // "nu - 34t"
    match rest.trim_start().starts_with([',', ';', '-', '–', '(']) {
        true => without_signs(rest),
        false => text,
    }
}

/// The text behind what somebody is to another, in brackets or between signs: "(con), 1997".
fn without_kin(text: &str) -> &str {
    const KIN: [&str; 12] = [
        "con", "con trai", "con gai", "con dau", "con re", "vo", "chong", "me", "bo", "chau",
        "chu ho", "cha",
    ];
    let end = text.find([')', ',', ';', '-', ':', '\n']).unwrap_or(0);
    let word = text.get(..end).unwrap_or_default().trim_end();
    match word.len() <= KIN_BYTES_MAX && is_folded(word, &KIN) {
        true => without_signs(text.get(end..).unwrap_or_default().trim_start_matches(')')),
        false => text,
    }
}

fn is_of_name(c: char) -> bool {
    fold_char(c).is_ascii_lowercase() || c == '\''
}

/// Whether the birth in the code of an identity card follows: `|16111997|`.
fn is_of_code(after: &str) -> bool {
    let birth = after
        .strip_prefix('|')
        .and_then(|rest| rest.split_once('|'));
    birth.is_some_and(|(birth, _)| birth.len() == 8 && birth.bytes().all(|b| b.is_ascii_digit()))
}

/// The text behind the tags with which it begins: `</b><br>`.
fn behind_tags(text: &str) -> &str {
    let mut rest = text;
    while let Some(tag) = rest.strip_prefix('<') {
        let Some((_, behind)) = tag.split_once('>') else {
            break;
        };
        rest = behind;
    }
    rest
}

/// What a year, a date, an age or a long number tells with which the text begins.
fn number_of_person(text: &str) -> Telling {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.')) {
        return Telling::Nothing;
    }
    let number: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '/' | '-' | '.'))
        .take(16)
        .collect();
    // "1972/bản Mẫu" is a year and the next cell.
    let number = number.trim_end_matches('/');
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.get(number.len()..).unwrap_or_default();
    let goes_on = rest
        .trim_start_matches(' ')
        .starts_with(|c: char| c.is_ascii_digit());
    let is_year = !goes_on
        && digits == 4
        && number.len() == 4
        && (number.starts_with("19") || number.starts_with("20"));
    let is_date = number.matches(['/', '-', '.']).count() >= 2 && (6..=8).contains(&digits);
    let unit = folded(rest.get(..rest.floor_char_boundary(8)).unwrap_or_default());
    let is_age = (1..=3).contains(&digits)
        && number.len() == digits
        && (unit.trim_start_matches(' ').starts_with("tuoi")
            || unit.starts_with('t')
                && !unit
                    .get(1..)
                    .is_some_and(|unit| unit.starts_with(is_of_word)));
    // Money has points between its thousands; telephones begin with zero.
    let is_long = digits >= 9 && (number.len() == digits || number.starts_with('0'));
    if is_date || is_age || is_long || is_grouped_phone(text) {
        Telling::Surely
    } else if is_year {
        Telling::Loosely
    } else {
        Telling::Nothing
    }
}

/// Whether a telephone in groups opens the text: `0912 345 678`.
fn is_grouped_phone(text: &str) -> bool {
    let number: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-'))
        .take(14)
        .collect();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.starts_with('0') && digits == 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_dates_ages_and_long_numbers_are_of_persons() {
        for text in [
            "1980",
            "12/03/1980",
            "45 tuổi",
            "8t, thôn",
            "001080000001",
            "0912.345.678",
            "0912 345 678",
        ] {
            assert!(number_of_person(text) > Telling::Nothing, "{text}");
        }
        for text in ["12", "8 tấn", "1980 12", "1.200.000.000", "3/5", "tuổi"] {
            assert_eq!(number_of_person(text), Telling::Nothing, "{text}");
        }
    }
}
