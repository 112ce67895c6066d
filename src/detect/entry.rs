//! Which entries of a list open with a name, for those beside them do?
//!
//! Names of which no syllable is known, in small letters too, stand in lists among others that are
//! known: "1. trần văn thử, 1980" says what "2. lò pâng, 1985" is.
//!
//! Never: lists of which no entry opens with a known name; tables.

use crate::detect::capital::{is_capitalized, is_shouted};
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_letter, is_of_word};
use crate::detect::person::{Form, Name, Names, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::record::Sources;
use crate::detect::small_list::Telling;
use crate::model::part::Span;

/// An entry is read so far for its name and what is told behind it, in bytes.
const ENTRY_BYTES_MAX: usize = 160;
/// A name of one word has so many letters at least.
const ONE_WORD_CHARS_MIN: usize = 3;
/// One entry in so many opens with a known name, at least.
const KNOWN_SHARE: usize = 3;
/// So many known names stand in a list that tells little more of each.
const KNOWN_MIN: usize = 2;

/// What stands before the name of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Number,
    Bullet(char),
    Nothing,
}

/// An entry with the words that may be its name.
struct Entry {
    name: Span,
    lead: Lead,
    sign: char,
    telling: Telling,
    is_capitalized: bool,
    state: State,
}

/// What is known of the words with which an entry opens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// They are a name.
    Known,
    /// A part of them is, or they are an official's.
    Otherwise,
    /// Nothing.
    Unknown,
}

impl Entry {
    /// Whether both are entries of one list.
    fn is_alike(&self, other: &Self) -> bool {
        self.lead == other.lead
            && self.sign == other.sign
            && self.is_capitalized == other.is_capitalized
    }
}

impl Sources<'_> {
    /// Adds the names with which entries open among others that open with a known name. The names
    /// are in order, and are so afterwards.
    pub(super) fn add_listed(&self, names: &mut Vec<Name>) {
        let mut found = Vec::new();
        let mut from = 0;
        for name in names.iter() {
            if name.span.start < from {
                continue;
            }
            let start = self.line_start(name.span.start);
            let Some(entry) = self.entry(start, names) else {
                continue;
            };
            let mut list = self.entries_before(start, from, names, &entry);
            list.reverse();
            list.push(entry);
            from = self.entries_behind(start, names, &mut list);
            found.extend(unknown(&list).map(|entry| Self::named(entry)));
        }
        names.extend(found);
        names.sort_by_key(|name| name.span);
    }

    /// The entries above a line that are like one, from the last on.
    fn entries_before(&self, line: usize, from: usize, names: &[Name], like: &Entry) -> Vec<Entry> {
        let mut list = Vec::new();
        let mut start = line;
        while start > from {
            start = self.line_start(start.saturating_sub(1));
            match self
                .entry(start, names)
                .filter(|entry| entry.is_alike(like))
            {
                Some(entry) if start >= from => list.push(entry),
                Some(_) | None => break,
            }
        }
        list
    }

    /// Adds the entries below a line that are like the last one; where they end.
    fn entries_behind(&self, line: usize, names: &[Name], list: &mut Vec<Entry>) -> usize {
        let mut end = self.line_end(line);
        while end < self.text.len() {
            let next = self.entry(end + 1, names);
            let Some(entry) = next.filter(|e| list.last().is_some_and(|last| e.is_alike(last)))
            else {
                break;
            };
            list.push(entry);
            end = self.line_end(end + 1);
        }
        end
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        let behind = self.text.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr(b'\n', behind).map_or(self.text.len(), |end| at + end)
    }

    /// The entry that a line is: its words up to a sign, behind which something of a person is told.
    fn entry(&self, start: usize, names: &[Name]) -> Option<Entry> {
        let most = self.text.floor_char_boundary(start + ENTRY_BYTES_MAX);
        let line = self.text.get(start..most)?.split('\n').next()?;
        let (lead, rest) = lead_of(line);
        let rest = without_title(rest);
        let length = rest.find(|c: char| !(is_letter(c) || matches!(c, ' ' | '\'' | '’')))?;
        let (words, behind) = rest.split_at_checked(length)?;
        let words = words.strip_suffix(" -").unwrap_or(words).trim_end();
        let at = start + line.len() - rest.len();
        let name = Span::new(at, at + words.len());
        let sign = behind.chars().find(|c| *c != ' ')?;
        let cell = behind.trim_start_matches(['|', '\t']);
        let telling = self.names.small.told_behind(cell, self.spelling);
        let after = names.partition_point(|known| known.span.end <= name.start);
        let known = names.get(after).filter(|known| known.span.overlaps(name));
        let state = match known {
            Some(known) if known.span == name && !known.is_official => State::Known,
            Some(_) => State::Otherwise,
            None => State::Unknown,
        };
        let may_be =
            state != State::Unknown || self.names.may_be_listed(words, telling, self.spelling);
        (telling > Telling::Nothing && may_be).then(|| Entry {
            name,
            lead,
            sign,
            telling,
            is_capitalized: words.split(' ').all(is_capitalized),
            state,
        })
    }

    const fn named(entry: &Entry) -> Name {
        Name {
            span: entry.name,
            is_official: false,
            is_relation: false,
            form: Form::Full,
        }
    }
}

impl Names {
    /// Whether words could be a name in a list of names, whichever they are.
    pub(super) fn may_be_listed(&self, words: &str, telling: Telling, spelling: Spelling) -> bool {
        let all: Vec<&str> = words.split(' ').collect();
        let is_word = |word: &&str| {
            let letters = word.chars().filter(|c| is_letter(*c)).count();
            (1..=8).contains(&letters)
        };
        let is_one = all.len() == 1;
        let is_alone = is_one
            && telling >= Telling::Surely
            && words.chars().count() >= ONE_WORD_CHARS_MIN
            && !is_shouted(words);
        (is_alone || (2..=WORDS_MAX).contains(&all.len()))
            && all.iter().all(is_word)
            && all.last().is_some_and(|last| last.chars().count() > 1)
            && !self.not_names.contains(&folded(words))
            && !self.communes.contains(&folded(words))
            && !self.offices.begins(words, spelling)
            && !self.places.begins(words, spelling)
            && !all
                .iter()
                .any(|word| self.next_fields.contains(&word.to_lowercase()) && is_one)
    }
}

/// The entries whose names are not known, if enough of the list's are.
fn unknown(list: &[Entry]) -> impl Iterator<Item = &Entry> {
    let known = list
        .iter()
        .filter(|entry| entry.state == State::Known)
        .count();
    let is_told = list.iter().all(|entry| entry.telling >= Telling::Surely);
    let least = if is_told { 1 } else { KNOWN_MIN };
    let holds = known >= least && KNOWN_SHARE * known >= list.len();
    list.iter()
        .filter(move |entry| holds && entry.state == State::Unknown)
}

/// What stands before the words of a line, and the line behind it.
fn lead_of(line: &str) -> (Lead, &str) {
    let bare = line.trim_start_matches([' ', '\t', '>', '|', '"']);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let is_sign = |c: char| matches!(c, '.' | ')' | '/' | '-' | ' ' | ',' | '|' | '\t' | '(');
    if (1..=4).contains(&digits) {
        let rest = bare.get(digits..).unwrap_or_default();
        let behind = rest.trim_start_matches(is_sign);
        if behind.len() < rest.len() {
            return (Lead::Number, behind);
        }
    }
    let bullet = bare.chars().next().filter(|c| !is_of_word(*c));
    match bullet {
        Some(bullet) => {
            let rest = bare.trim_start_matches([bullet, ' ']);
            (Lead::Bullet(bullet), rest)
        }
        None => (Lead::Nothing, bare),
    }
}

/// The text behind the titles with which it begins: "Hộ bà", "Cụ".
fn without_title(text: &str) -> &str {
    const TITLES: [&str; 17] = [
        "hộ", "gia", "đình", "ông", "bà", "anh", "chị", "em", "cháu", "cụ", "bé", "cô", "chú",
        "bn", "ong", "ba", "be",
    ];
    let mut rest = text;
    while let Some((word, behind)) = rest.split_once(' ') {
        if !TITLES.contains(&in_small(word).as_str()) || !behind.contains(' ') {
            break;
        }
        rest = behind;
    }
    rest
}
