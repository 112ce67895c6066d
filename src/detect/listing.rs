//! What do persons that stand in one list or one sentence tell of one another?
//!
//! Never: tables; `roster` reads those.

use std::collections::HashMap;

use crate::detect::context::last_chars;
use crate::detect::event::Event;
use crate::detect::fold::folded;
use crate::detect::person::Form;
use crate::detect::prefilter::around;
use crate::detect::record::{ELEMENT_REACH, Person, Sources, gap};
use crate::model::category::Category;
use crate::model::part::Span;

/// How far apart the persons of a list may stand, in bytes.
const LISTED_REACH: usize = 60;
/// Before the first of several authors it is read so far, in characters.
const AUTHORS_CHARS: usize = 48;
/// A line of fewer signs parts nothing.
const RULE_SIGNS_MIN: usize = 3;
/// The title of a paper and where it came out have so many bytes.
const TITLE_BYTES_MAX: usize = 200;
/// The number of an entry has so many digits.
const ENTRY_DIGITS_MAX: usize = 3;
/// So many persons of one name are told apart.
const SAME_NAMES_MAX: usize = 8;

impl Sources<'_> {
    /// Names with a year each, on lines that follow one another or in numbered entries, are a list
    /// of people; one such name alone may be an author's.
    pub(super) fn count_listed(&self, persons: &mut [Person]) {
        let is_listed = |pair: &[Person]| {
            let [first, second] = pair else {
                return false;
            };
            let between = gap(first.span, second.span).of(self.text);
            let has_years = !first.births.is_empty() && !second.births.is_empty();
            let has_months = || {
                let births = [first, second]
                    .into_iter()
                    .flat_map(|person| &person.births);
                let mut births = births.map(|birth| birth.of(self.text));
                between.trim() == "," && births.all(|birth| birth.contains('/'))
            };
            has_years
                && between.len() <= LISTED_REACH
                && (has_months()
                    || between.contains('\n')
                    || is_numbered(between)
                    || is_next_in_list(between))
                && !is_of_book(between)
        };
        let follows: Vec<bool> = persons.windows(2).map(is_listed).collect();
        for (at, pair) in follows.windows(2).enumerate() {
            let Some(listed) = persons.get_mut(at..at + 3) else {
                break;
            };
            if pair.iter().all(|follows| *follows) && !self.is_of_authors(listed) {
                for person in listed {
                    person.counts |= person.name.form != Form::Initial;
                }
            }
        }
        for (at, _) in follows.iter().enumerate().filter(|(_, follows)| **follows) {
            if let Some([first, second]) = persons.get_mut(at..at + 2)
                && first.counts
                && is_next_in_list(gap(first.span, second.span).of(self.text))
            {
                second.counts |= second.name.form == Form::Full;
            }
        }
    }

    /// Whether persons with a year in brackets each are the authors of books: nothing announces them,
    /// and their years are late.
    fn is_of_authors(&self, persons: &[Person]) -> bool {
        let [first, second, ..] = persons else {
            return false;
        };
        let between = gap(first.span, second.span).of(self.text);
        let before = last_chars(
            self.text.get(..first.name.span.start).unwrap_or_default(),
            AUTHORS_CHARS,
        );
        let lead = before.rsplit(['\n', '.']).next().unwrap_or_default();
        let is_announced = lead.trim_end().ends_with([':', '-', '–', '(']);
        is_between_brackets(between)
            && !between.contains('\n')
            && (!is_announced || announces_books(lead))
    }

    /// Whether somebody wrote what the line goes on about: "Trần Mẫu (2021), Suy dinh dưỡng, Tạp chí".
    pub(super) fn is_cited(&self, name: Span) -> bool {
        let behind = self.text.get(name.end..).unwrap_or_default();
        let behind = behind
            .get(..behind.floor_char_boundary(TITLE_BYTES_MAX))
            .unwrap_or_default();
        is_of_book(behind.split('\n').next().unwrap_or_default())
    }

    /// Whether a number opens an entry that goes on with its person: "…; 036185001238 Phạm Thị Mẫu".
    pub(super) fn opens_entry(&self, value: Event, next: Option<Span>) -> bool {
        let (Event::Value(_), Some(name)) = (value, next) else {
            return false;
        };
        let span = self.span_of(value);
        let before = self.text.get(..span.start).unwrap_or_default();
        gap(span, name)
            .of(self.text)
            .trim_matches([' ', '-'])
            .is_empty()
            && before.trim_end_matches(' ').ends_with([';', '\n', ','])
            || self.is_bracketed_behind(value, name)
    }

    /// Whether the next of several entries in one line begins between what is told and a name: "…,
    /// thôn 2; 2. chị Thử".
    pub(super) fn is_of_entry_before(&self, told: Event, name: Span) -> bool {
        let between = gap(self.span_of(told), name).of(self.text);
        let near = between.floor_char_boundary(ELEMENT_REACH.min(between.len()));
        let between = between.get(..near).unwrap_or_default();
        between.match_indices(';').any(|(at, _)| {
            let entry = between.get(at + 1..).unwrap_or_default().trim_start();
            let behind = entry.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = entry.len() - behind.len();
            (1..=ENTRY_DIGITS_MAX).contains(&digits)
                && (behind.starts_with(". ") || behind.starts_with(") "))
        })
    }

    /// Whether the name of whose telephone it is stands in brackets behind it: "0912 345 678 (Lê Thị
    /// Thử)".
    fn is_bracketed_behind(&self, value: Event, name: Span) -> bool {
        let Event::Value(index) = value else {
            return false;
        };
        let candidate = self.candidates.get(index);
        let category = candidate.and_then(|candidate| self.category(candidate));
        let behind = self.text.get(name.end..).unwrap_or_default();
        category == Some(Category::PhoneNumber)
            && gap(self.span_of(value), name).of(self.text).trim() == "("
            && behind.starts_with(')')
    }

    /// Whether a value or a condition stands in another paragraph than the last person, and goes on
    /// with its own: "Khoản nợ của bà Thử".
    pub(super) fn opens_paragraph(
        &self,
        last: Option<Span>,
        event: Event,
        next: Option<Span>,
    ) -> bool {
        let (Some(last), Some(name)) = (last, next) else {
            return false;
        };
        let span = self.span_of(event);
        let (before, behind) = (gap(last, span), gap(span, name));
        before.len().max(behind.len()) <= ELEMENT_REACH
            && before.of(self.text).contains("\n\n")
            && !behind.of(self.text).contains('\n')
    }

    /// Where the part of the text begins in which a place lies, if a line of signs opens it nearby.
    pub(super) fn start_of_part(&self, at: usize) -> usize {
        let near = around(self.text, Span::new(at, at), ELEMENT_REACH);
        let before = Span::new(near.start, at).of(self.text);
        last_rule(before).map_or(0, |rule| near.start + rule)
    }

    /// A person of whom a text tells twice is one: marks the second, unless a number or a birth
    /// tells them apart.
    pub(super) fn mark_again(&self, persons: &mut [Person]) {
        let mut known: HashMap<String, Vec<Told>> = HashMap::new();
        for person in persons.iter_mut().filter(|person| person.counts) {
            let earlier = known
                .entry(folded(person.name.span.of(self.text)))
                .or_default();
            let told = self.told_of(person);
            let mut nearest = earlier.iter().rev().take(SAME_NAMES_MAX);
            person.is_again |= nearest.any(|other| !differ(other, &told));
            earlier.push(told);
        }
        // A subject of a letter names the one whom it is about.
        for person in persons.iter_mut().filter(|person| !person.counts) {
            person.is_again |= person.name.form == Form::Full
                && known.contains_key(&folded(person.name.span.of(self.text)));
        }
    }

    /// The numbers and births that are told of a person, in figures.
    fn told_of(&self, person: &Person) -> Told {
        let values = person.values.iter().filter_map(|index| {
            let candidate = self.candidates.get(*index)?;
            let category = self.category(candidate)?;
            Some((category, digits(candidate.span.of(self.text))))
        });
        let births = person
            .births
            .iter()
            .map(|span| (Category::BirthDate, digits(span.of(self.text))));
        values.chain(births).collect()
    }
}

/// Of which categories somebody's values are, with their figures.
type Told = Vec<(Category, String)>;

/// Whether a number or a birth of one is another than that of the other.
fn differ(one: &Told, other: &Told) -> bool {
    one.iter().any(|(category, digits)| {
        let mut alike = other.iter().filter(|(c, _)| c == category).peekable();
        let is_told = alike.peek().is_some() && !digits.is_empty();
        let is_part = |known: &String| known.contains(digits) || digits.contains(known.as_str());
        is_told && alike.all(|(_, known)| !is_part(known))
    })
}

/// For each event, the name that comes next.
pub(super) fn next_names(events: &[Event]) -> Vec<Option<Span>> {
    let mut next = None;
    let mut names = Vec::with_capacity(events.len());
    for event in events.iter().rev() {
        names.push(next);
        if let Event::Name(name) = event {
            next = Some(name.span);
        }
    }
    names.reverse();
    names
}

/// Where the last line of signs begins, which parts a text: "---".
pub(super) fn last_rule(text: &str) -> Option<usize> {
    let is_sign = |c| matches!(c, '-' | '*' | '=' | '_' | '~');
    let mut at = 0;
    let mut last = None;
    for line in text.split_inclusive('\n') {
        let signs = line.trim();
        if signs.len() >= RULE_SIGNS_MIN && signs.chars().all(is_sign) {
            last = Some(at);
        }
        at += line.len();
    }
    last
}

/// Whether the next of several numbered entries begins at the end: "…; 2. ".
fn is_numbered(between: &str) -> bool {
    let lead = between.trim_end().trim_end_matches(['.', ')', '/']);
    let entry = lead.trim_end_matches(|c: char| c.is_ascii_digit());
    entry.len() < lead.len() && lead.len() < between.len() && entry.trim_end().ends_with([';', '.'])
}

/// Whether words announce books or those who wrote them: "Tài liệu tham khảo:".
fn announces_books(lead: &str) -> bool {
    const WORDS: [&str; 9] = [
        "tham khao",
        "trich dan",
        "tac gia",
        "tac pham",
        "nghien cuu",
        "cong trinh",
        "tai lieu",
        "nguon",
        "references",
    ];
    let plain = folded(lead);
    WORDS.iter().any(|word| plain.contains(word))
}

/// Whether a bracket closes behind the first of two persons, and nothing but a sign or "và" joins
/// them: "Lê Văn Thử (2013), Trần Thị Mẫu (2014)".
fn is_between_brackets(between: &str) -> bool {
    let behind = between.trim_start().strip_prefix(')');
    let joint = behind.map(|joint| joint.trim_matches([' ', ',', ';', '\n']));
    joint.is_some_and(|joint| matches!(joint, "" | "và" | "va"))
}

/// Whether the second of two persons with a year each is the next of a list in one line: "Lê Văn Thử
/// (2007) loại 2; Trần Văn Mẫu (2006)".
fn is_next_in_list(between: &str) -> bool {
    let is_entry = || between.trim_end().ends_with(';') && !between.contains(['\n', '.']);
    is_between_brackets(between) || is_entry()
}

/// Whether what stands behind a name and a year tells where a book came out.
fn is_of_book(behind: &str) -> bool {
    let plain = folded(behind);
    ["nxb", "nha xuat ban", "tap chi"]
        .iter()
        .any(|word| plain.contains(word))
}

fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}
