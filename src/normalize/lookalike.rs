//! Which letters of other alphabets stand for the Latin ones they look like?
//!
//! In: composed text. Out: Cyrillic and Greek letters to be read as Latin ones, in words that
//! have Latin letters or digits too, or have none but such letters amid Latin text.
//!
//! Never: a word of a language that is written in those letters.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// Letters that look alike (UTS 39, confusables), and what they look like.
const ALIKE: [(&str, &str); 2] = [
    (
        "АВЕЅІЈКМНОРСТУХҮԌԚԜавеѕіјкмнорстухүһԛԝьЗз",
        "ABESIJKMHOPCTYXYGQWabesijkmhopctyxyhqwb33",
    ),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαβεικνορτυχϲ", "ABEZHIKMNOPTYXCabeikvoptuxc"),
];

/// The letters to be read as Latin ones.
pub(super) fn letters(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    // Greek and Cyrillic letters begin with CD to D4 in UTF-8.
    if !text.bytes().any(|byte| matches!(byte, 0xcd..=0xd4)) {
        return found;
    }
    let is_latin_text = text
        .chars()
        .filter(|c| latin(*c).is_none())
        .all(|c| !is_foreign(c))
        && text.chars().any(|c| c.is_ascii_alphabetic());
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                read_word(text, Span::new(from, at), is_latin_text, &mut found);
                start = None;
            }
            (None | Some(_), _) => {}
        }
    }
    found
}

fn read_word(text: &str, word: Span, is_latin_text: bool, found: &mut Vec<Replacement>) {
    let written = word.of(text);
    let foreign = written.chars().filter(|c| is_foreign(*c));
    let has_foreign = foreign.clone().next().is_some();
    let all_alike = foreign.clone().all(|c| latin(c).is_some());
    let is_mixed = written.chars().any(|c| !is_foreign(c));
    if !has_foreign || !all_alike || !(is_mixed || is_latin_text) {
        return;
    }
    for (at, c) in written.char_indices() {
        if let Some(read) = latin(c) {
            let from = word.start + at;
            found.push(Replacement::new(Span::new(from, from + c.len_utf8()), read));
        }
    }
}

const fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}')
}

fn latin(c: char) -> Option<char> {
    if !is_foreign(c) {
        return None;
    }
    ALIKE.iter().find_map(|(theirs, ours)| {
        let place = theirs.chars().position(|their| their == c)?;
        ours.chars().nth(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn the_two_lists_are_as_long() {
        for (theirs, ours) in ALIKE {
            assert_eq!(theirs.chars().count(), ours.chars().count());
        }
    }

    #[test]
    fn letters_amid_latin_ones_are_read_as_latin() {
        for (written, meant) in [
            ("ССCD", "CCCD"),
            ("МẬТ", "MẬT"),
            ("số О912", "số O912"),
            ("Привет, мир", "Привет, мир"),
            ("Хорошо CCCD", "Хорошо CCCD"),
            ("góc α", "góc a"),
        ] {
            assert_eq!(apply(written, &letters(written)).0, meant);
        }
    }
}
