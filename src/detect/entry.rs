//! Which entries of a list open with a name, for those beside them do?
//!
//! Names of which no syllable is known, in small letters too, stand in lists among others that are
//! known: "1. trần văn thử, 1980" says what "2. lò pâng, 1985" is.
//!
//! Never: lists of which no entry opens with a known name; tables.

use crate::detect::capital::is_capitalized;
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_letter, is_of_word};
use crate::detect::person::{Form, Name, Names, WORDS_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::record::Sources;
use crate::detect::small_list::Telling;
use crate::model::category::Category;
use crate::model::finding::Confidence;
use crate::model::part::Span;

/// An entry is read so far for its name and what is told behind it, in bytes.
const ENTRY_BYTES_MAX: usize = 160;
/// So many values behind a name are looked at.
const VALUES_MAX: usize = 4;
/// An illness stands so near behind a name, in bytes.
const ILLNESS_REACH: usize = 12;
/// A word of a name is not longer, in characters.
const WORD_CHARS_MAX: usize = 9;
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
    has_surname: bool,
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

/// A text parted into entries by a sign.
#[derive(Clone, Copy)]
struct Parts<'t> {
    text: &'t str,
    sign: u8,
}

impl Parts<'_> {
    /// Where the part begins in which a byte stands; the first of several in a line may stand behind
    /// a colon.
    fn start(self, at: usize) -> Option<usize> {
        let from = at.saturating_sub(ENTRY_BYTES_MAX);
        let before = self.text.as_bytes().get(from..at)?;
        let colon = if self.sign == b'\n' { b'\n' } else { b':' };
        match memchr::memrchr3(self.sign, b'\n', colon, before) {
            Some(sign) => Some(from + sign + 1),
            None => (from == 0).then_some(0),
        }
    }

    /// Where the part ends.
    fn end(self, at: usize) -> usize {
        let behind = self.text.as_bytes().get(at..).unwrap_or_default();
        memchr::memchr(self.sign, behind).map_or(self.text.len(), |end| at + end)
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
            let on_lines = Parts {
                text: self.text,
                sign: b'\n',
            };
            let in_line = Parts {
                text: self.text,
                sign: b';',
            };
            let in_brackets = Parts {
                text: self.text,
                sign: b')',
            };
            for parts in [on_lines, in_line, in_brackets] {
                let start = parts.start(name.span.start);
                let entry = start.and_then(|start| self.entry(parts, start, names));
                let (Some(start), Some(entry)) = (start, entry) else {
                    continue;
                };
                if !entry.name.overlaps(name.span) {
                    continue;
                }
                let mut list = self.entries_before(parts, start, from, names, &entry);
                list.reverse();
                list.push(entry);
                let end = self.entries_behind(parts, start, names, &mut list);
                // One entry between these signs may be several between others.
                if list.len() == 1 && parts.sign != in_brackets.sign {
                    continue;
                }
                from = end;
                found.extend(unknown(&list).map(Self::named));
                break;
            }
        }
        names.extend(found);
        names.sort_by_key(|name| name.span);
    }

    /// The entries above a line that are like one, from the last on.
    fn entries_before(
        &self,
        parts: Parts<'_>,
        line: usize,
        from: usize,
        names: &[Name],
        like: &Entry,
    ) -> Vec<Entry> {
        let mut list = Vec::new();
        let mut start = line;
        while start > from {
            // A colon opens the first entry, and ends none.
            let sign = start
                .checked_sub(1)
                .and_then(|at| self.text.as_bytes().get(at));
            if sign != Some(&parts.sign) {
                break;
            }
            let Some(above) = parts.start(start.saturating_sub(1)) else {
                break;
            };
            start = above;
            match self
                .entry(parts, start, names)
                .filter(|entry| entry.is_alike(like))
            {
                Some(entry) if start >= from => list.push(entry),
                Some(_) | None => break,
            }
        }
        list
    }

    /// Adds the entries below a line that are like the last one; where they end.
    fn entries_behind(
        &self,
        parts: Parts<'_>,
        line: usize,
        names: &[Name],
        list: &mut Vec<Entry>,
    ) -> usize {
        let mut end = parts.end(line);
        while end < self.text.len() {
            let next = self.entry(parts, end + 1, names);
            let Some(entry) = next.filter(|e| list.last().is_some_and(|last| e.is_alike(last)))
            else {
                break;
            };
            list.push(entry);
            end = parts.end(end + 1);
        }
        end
    }

    /// The entry that a line is: its words up to a sign, behind which something of a person is told.
    fn entry(&self, parts: Parts<'_>, start: usize, names: &[Name]) -> Option<Entry> {
        let most = self.text.floor_char_boundary(start + ENTRY_BYTES_MAX);
        let line = self
            .text
            .get(start..most)?
            .split(['\n', char::from(parts.sign)])
            .next()?;
        let (lead, rest) = lead_of(line);
        let rest = without_title(rest);
        let length = rest.find(|c: char| !(is_letter(c) || matches!(c, ' ' | '\'' | '’')))?;
        let (words, behind) = rest.split_at_checked(length)?;
        let words = words.strip_suffix(" -").unwrap_or(words).trim_end();
        let at = start + line.len() - rest.len();
        let name = Span::new(at, at + words.len());
        let sign = behind.chars().find(|c| *c != ' ')?;
        let sign = if sign.is_ascii_digit() { '0' } else { sign };
        let cell = behind.trim_start_matches(['|', '\t']);
        let spelling = self.spelling_at(name);
        let told = self.names.small.told_behind(cell, spelling);
        let has_value = || self.has_value(Span::new(name.end, start + line.len()));
        let telling = if told < Telling::Surely && has_value() {
            Telling::Surely
        } else {
            told
        };
        let after = names.partition_point(|known| known.span.end <= name.start);
        let known = names.get(after).filter(|known| known.span.overlaps(name));
        let state = match known {
            Some(known) if known.span == name && !known.is_official => State::Known,
            Some(_) => State::Otherwise,
            None => State::Unknown,
        };
        let first = words.split(' ').next().unwrap_or_default();
        let second = words.split(' ').nth(1).unwrap_or_default();
        let has_surname = self.names.is_surname(&in_small(first))
            || matches!(folded(second).as_str(), "thi" | "van");
        let may_be = state != State::Unknown || self.names.may_be_listed(words, telling, spelling);
        (telling > Telling::Nothing && may_be).then(|| Entry {
            name,
            lead,
            sign,
            telling,
            has_surname,
            is_capitalized: words.split(' ').all(is_capitalized),
            state,
        })
    }

    /// Whether a value or an illness stands in what is said of somebody.
    fn has_value(&self, said: Span) -> bool {
        let value = self
            .candidates
            .partition_point(|c| c.span.start < said.start);
        let told = self
            .conditions
            .partition_point(|(span, _)| span.start < said.start);
        let near = self.candidates.iter().skip(value).take(VALUES_MAX);
        let mut numbers = near.filter(|candidate| {
            candidate.span.end <= said.end
                && candidate.confidence > Confidence::Low
                && !matches!(self.category(candidate), Some(Category::HomeAddress) | None)
        });
        numbers.next().is_some()
            || self.conditions.get(told).is_some_and(|(span, condition)| {
                span.start <= said.start + ILLNESS_REACH && condition.counts_alone()
            })
    }

    const fn named(entry: &Entry) -> Name {
        Name {
            span: entry.name,
            is_official: false,
            is_colleague: false,
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
            let length = word.chars().count();
            (1..=WORD_CHARS_MAX).contains(&length)
                && word
                    .chars()
                    .all(|c| is_letter(c) || matches!(c, '\'' | '’'))
        };
        let is_one = all.len() == 1;
        let is_alone =
            is_one && telling >= Telling::Surely && words.chars().count() >= ONE_WORD_CHARS_MIN;
        (is_alone || (2..=WORDS_MAX).contains(&all.len()))
            && all.iter().all(is_word)
            && all.last().is_some_and(|last| last.chars().count() > 1)
            && !self.not_names.contains(&folded(words))
            && !self.communes.contains(&folded(words))
            && !self.offices.all.begins(words, spelling)
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
    let is_many = KNOWN_SHARE * known >= list.len();
    list.iter().filter(move |entry| {
        let least = if is_told || entry.has_surname {
            1
        } else {
            KNOWN_MIN
        };
        known >= least && (is_many || entry.has_surname) && entry.state == State::Unknown
    })
}

/// What stands before the words of a line, and the line behind it.
fn lead_of(line: &str) -> (Lead, &str) {
    let bare = line.trim_start_matches([' ', '\t', '>', '|', '"', ',', ';']);
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
            let rest = bare.trim_start_matches([bullet, ' ', '"', '\'']);
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
        if !TITLES.contains(&&*in_small(word)) || !behind.contains(' ') {
            break;
        }
        rest = behind;
    }
    rest
}
