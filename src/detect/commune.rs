//! Which commune or province is told right behind a person: "chị Mẫu (43 tuổi, xã Ví Dụ)", "bà Thử,
//! ở phường Mẫu"?
//!
//! A commune alone is no address, for texts are full of them; behind the name or the birth of
//! somebody who has a record it says where he lives.
//!
//! Never: whether there is a record; a hamlet, which the rules of packs know.

use crate::detect::capital::is_capitalized;
use crate::detect::fold::begins_folded;
use crate::detect::home::{ADDRESS_BYTES_MAX, Kind, Opening, Places};
use crate::detect::house::{is_house, opens_field};
use crate::detect::letter::{in_small, is_capital};
use crate::detect::phrase::Spelling;
use crate::detect::record::{Person, Sources};
use crate::model::category::Category;
use crate::model::part::Span;

/// Words for dwelling before it, without diacritics.
const LEADS: [&str; 11] = [
    "thuong tru tai ",
    "hien o ",
    "nha o ",
    "ngu tai ",
    "tru tai ",
    "song tai ",
    "tai ",
    "ngu ",
    "tru ",
    "nguoi ",
    "o ",
];
/// Behind these a name alone is a place.
const ORIGINS: [&str; 2] = ["que o ", "que "];
/// So many signs part it from what goes before.
const SIGNS_MAX: usize = 4;
/// A house and its street are told in so many words before their commune.
const HOUSE_WORDS_MAX: usize = 6;
/// The name of a people is not longer than this, in bytes.
const PEOPLE_BYTES_MAX: usize = 24;

impl Sources<'_> {
    /// The commune told right behind the name or the birth of a person whose home is not known.
    pub(super) fn commune_of(&self, person: &Person) -> Option<Span> {
        let values = || {
            person
                .values
                .iter()
                .filter_map(|at| self.candidates.get(*at))
        };
        if values().any(|value| self.category(value) == Some(Category::HomeAddress)) {
            return None;
        }
        let births = values().filter(|value| self.category(value) == Some(Category::BirthDate));
        let births = births
            .map(|value| value.span)
            .chain(person.births.iter().copied());
        births
            .chain([person.name.span])
            .chain(values().map(|value| value.span))
            .find_map(|told| {
                commune_behind(self.text, self.places, told.end)
                    .or_else(|| self.house_behind(told.end))
            })
    }

    /// The house, or the hamlet without the word for it, told right behind something of a person with
    /// its commune or province: "12 Lê Lợi, phường Mẫu", "Mẫu Ví, Ví Dụ, Hưng Yên".
    fn house_behind(&self, from: usize) -> Option<Span> {
        // A line may hold a thousand persons: no more than an address is looked at.
        let most = self
            .text
            .floor_char_boundary(from.saturating_add(ADDRESS_BYTES_MAX));
        let rest = self.text.get(from..most)?;
        let place = rest.trim_start_matches([' ', ',', ')', '(', '-', '–', '\t', '|', ';']);
        let signs = rest.get(..rest.len() - place.len())?;
        let dwelling = led(place, &LEADS);
        let is_parted = dwelling.is_some() || !signs.trim().is_empty();
        let place = behind_chars(place, dwelling.unwrap_or(0));
        if signs.is_empty() || !is_parted || signs.len() > SIGNS_MAX || opens_field(place) {
            return None;
        }
        let start = most - place.len();
        let part = place.split([',', '\n', ';', '\t', '|']).next()?.trim_end();
        let part = self.before_unit(part);
        let is_place = || {
            let mut words = part.split(' ');
            let first = in_small(words.next().unwrap_or_default());
            let second = in_small(words.next().unwrap_or_default());
            words.all(is_capitalized)
                && !self.names.is_surname(&first)
                && !self.names.middles.contains(&second)
                && !self.names.offices.all.begins(part, Spelling::Plain)
        };
        let numbered = part
            .strip_prefix("số ")
            .or_else(|| part.strip_prefix("Số "));
        if let Some(house) = numbered.filter(|house| is_house(house)) {
            return Some(Span::new(start, start + "số ".len() + house.len()));
        }
        let is_led = is_house(part) || part.starts_with(is_capital) && is_place();
        if !is_led {
            return None;
        }
        let at = Span::new(start, start);
        let home = self.places.whole(self.text, at, Opening::Labelled);
        home.filter(|home| {
            let behind = Span::new((start + part.len()).min(home.end), home.end);
            let behind = behind.of(self.text);
            let is_unit = matches!(self.places.kind(behind.trim_start()), Some((Kind::Wide, _)));
            is_unit || self.places.is_placed(behind)
        })
    }

    /// What stands before the word for a commune, a district or a province: "25C1 Nguyễn Huệ| phường
    /// Ví Dụ".
    fn before_unit<'t>(&self, part: &'t str) -> &'t str {
        let mut spaces = part.match_indices(' ').take(HOUSE_WORDS_MAX);
        let opens = |at: usize| {
            let behind = part.get(at + 1..).unwrap_or_default();
            matches!(self.places.kind(behind), Some((Kind::Wide, _)))
        };
        let unit = spaces.find(|(at, _)| opens(*at));
        unit.and_then(|(at, _)| part.get(..at)).unwrap_or(part)
    }
}

/// How many characters of words for dwelling begin the text.
fn led(text: &str, leads: &[&str]) -> Option<usize> {
    let lead = leads.iter().find(|lead| begins_folded(text, lead));
    lead.map(|lead| lead.len())
}

/// The commune told right behind a place in the text.
fn commune_behind(text: &str, places: &Places, from: usize) -> Option<Span> {
    let rest = text.get(from..)?;
    let bare = rest.trim_start_matches([' ', ',', ')', '(', '-', '–']);
    let signs = rest.get(..rest.len() - bare.len())?;
    if signs.is_empty() || signs.len() > SIGNS_MAX || bare.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let bare = without_people(bare);
    let origin = led(bare, &ORIGINS);
    let lead = origin.or_else(|| led(bare, &LEADS));
    let place = behind_chars(bare, lead.unwrap_or(0));
    let is_parted = lead.is_some() || signs.contains([',', '(', '-', '–']);
    if !is_parted {
        return None;
    }
    let is_wide = match places.kind(place) {
        Some((Kind::Wide, length)) => {
            let name = place.get(length..).unwrap_or_default();
            let name = name.trim_start_matches([' ', '.']);
            name.starts_with(|c: char| is_capital(c) || c.is_ascii_digit())
        }
        Some(_) | None => false,
    };
    if !is_wide && origin.is_none() || opens_field(place) {
        return None;
    }
    let start = text.len() - place.len();
    places.whole(text, Span::new(start, start), Opening::Labelled)
}

/// The text behind so many characters.
fn behind_chars(text: &str, count: usize) -> &str {
    let mut chars = text.chars();
    for _ in 0..count {
        chars.next();
    }
    chars.as_str()
}

/// The text behind "dân tộc Mường, ".
fn without_people(text: &str) -> &str {
    let Some(told) = text.strip_prefix("dân tộc ") else {
        return text;
    };
    let near = told.get(..told.floor_char_boundary(PEOPLE_BYTES_MAX));
    let people = near.unwrap_or_default().find(", ");
    let behind = people.and_then(|end| told.get(end + ", ".len()..));
    behind.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commune(text: &str) -> Option<&str> {
        let places = Places::new();
        let at = text.find('#').unwrap_or_default();
        commune_behind(text, &places, at + 1).map(|span| span.of(text))
    }

    #[test]
    fn communes_stand_behind_names_and_births() {
        for (text, wanted) in [
            ("43 tuổi#, xã Ví Dụ, tỉnh Mẫu) đang", "xã Ví Dụ, tỉnh Mẫu"),
            ("Thử#, ở phường Hòa Mẫu (quận", "phường Hòa Mẫu"),
            ("1970#) ở huyện Mẫu", "huyện Mẫu"),
            ("54 tuổi#, dân tộc Mường, trú tại xã Mẫu, tỉnh", "xã Mẫu"),
            ("54 tuoi#, tru tai xa Mau", "xa Mau"),
            ("8 tuổi#, quê Quảng Trị) đang", "Quảng Trị"),
        ] {
            assert_eq!(commune(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn other_words_are_no_commune() {
        for text in [
            "Thử# xã Ví Dụ",
            "1970#, Phó Chủ tịch xã Ví Dụ",
            "1970#, ở nhà",
            "1970#, xã hội",
            "Thử#, Mẫu Văn Ví",
        ] {
            assert_eq!(commune(text), None, "{text}");
        }
    }
}
