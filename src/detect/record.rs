//! Which values, names and conditions belong to one person, and which persons to one record?
//!
//! A person counts with a name and one element that is not an office title: birth, number, home,
//! health, status. Persons that follow one another are one record with so many subjects; a table
//! of people is one record with its rows.
//!
//! Never: signers, minutes and committee lists, a condition that names nobody.

use regex::Regex;

use crate::detect::candidate::Candidate;
use crate::detect::condition::Condition;
use crate::detect::person::{Name, Names};
use crate::detect::prefilter::{around, join};
use crate::detect::rule::Rule;
use crate::detect::table::{Column, Table, Tables, is_personal};
use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence};
use crate::model::part::Span;

/// How far from a value or a condition a name is looked for, in bytes.
const NAME_REACH: usize = 280;
/// How far an element may stand from the last one of its person, in bytes.
const ELEMENT_REACH: usize = 320;
/// How far a condition alone may stand from its name, in bytes.
const CONDITION_REACH: usize = 140;
/// How far apart the persons of one record may stand, in bytes.
const PERSON_REACH: usize = 700;
/// How far before a table its caption is read, in bytes.
const CAPTION_REACH: usize = 260;

/// A record, in comparable text.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// Which kind of record, and why it is sensitive.
    pub category: Category,
    /// The condition that chose the category.
    pub condition: Option<Condition>,
    /// From its first element to its last.
    pub span: Span,
    /// How sure.
    pub confidence: Confidence,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// How many people.
    pub subjects: u32,
    /// Elements that are no candidates: names, birth dates and addresses by shape or column.
    pub elements: Vec<Element>,
}

/// An element of a record found by its shape or its column.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Name, birth date or address.
    pub category: Category,
    /// Where.
    pub span: Span,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
}

/// What records are made of.
pub(super) struct Sources<'a> {
    /// The comparable text.
    pub text: &'a str,
    /// All rules.
    pub rules: &'a [Rule],
    /// The values found.
    pub candidates: &'a [Candidate],
    /// Words for conditions.
    pub conditions: &'a [(Span, Condition)],
    /// Tables of people.
    pub tables: &'a Tables,
    /// What is known of names.
    pub names: &'a Names,
    /// Bounds years of birth.
    pub year_now: i32,
}

/// A birth date or year right behind a name: `Nguyễn Văn Thử (1980)`, `..., SN 80`.
pub(super) fn birth_shape() -> Result<Regex, regex::Error> {
    Regex::new(
        r"(?x)^[\ \t,;:(|/*.\-]{1,8}
        (?i:(?:nam|nữ|giới\ tính\ \w+)[\ ,;|-]+)?
        (?i:(?:sinh(?:\ ngày|\ năm)?|s\.?n\.?|ntns|năm\ sinh|ngày\ sinh|dob)[\ :.,]*)?
        (?P<value>(?-u:[0-3]?\d[/.-][01]?\d[/.-](?:19|20)\d\d|(?:19|20)\d\d))
        (?:$|[^0-9A-Za-z/%-])",
    )
}

/// What stands in the text, in order.
#[derive(Clone, Copy, Debug)]
enum Event {
    Name(Name),
    Value(usize),
    Birth(Span),
    Condition(Condition, Span),
}

/// A person being put together.
#[derive(Debug)]
struct Person {
    name: Name,
    span: Span,
    births: Vec<Span>,
    values: Vec<usize>,
    conditions: Vec<(Condition, Span)>,
    counts: bool,
}

impl Sources<'_> {
    /// The records of the text, in order.
    pub(super) fn records(&self, birth_shape: &Regex) -> Vec<Record> {
        let mut records: Vec<Record> = self
            .tables
            .tables
            .iter()
            .filter_map(|t| self.table_record(t))
            .collect();
        let persons = self.persons(&self.events(birth_shape));
        let mut group: Vec<Person> = Vec::new();
        for person in persons.into_iter().filter(|person| person.counts) {
            let is_near = group
                .last()
                .is_some_and(|last| person.span.start <= last.span.end + PERSON_REACH);
            if !is_near && !group.is_empty() {
                records.push(self.record(&std::mem::take(&mut group)));
            }
            group.push(person);
        }
        if !group.is_empty() {
            records.push(self.record(&group));
        }
        records.sort_by_key(|record| record.span);
        records
    }

    /// Everything outside of tables that may belong to a person, in order.
    fn events(&self, birth_shape: &Regex) -> Vec<Event> {
        let mut anchors: Vec<Span> = self.person_values().map(|(_, c)| c.span).collect();
        anchors.extend(self.conditions.iter().map(|(span, _)| *span));
        anchors.retain(|span| self.tables.at(span.start).is_none());
        anchors.sort();
        let mut islands = Vec::new();
        for anchor in &anchors {
            join(&mut islands, around(self.text, *anchor, NAME_REACH));
        }
        // A year behind a name has no label, so it is no anchor: names open islands for it.
        for digits in self.year_islands() {
            islands.push(digits);
        }
        islands.sort();
        let mut joined = Vec::new();
        for island in islands {
            join(&mut joined, island);
        }
        let mut names = Vec::new();
        for island in joined {
            self.names.find(self.text, island, &mut names);
        }
        names.retain(|name| self.tables.at(name.span.start).is_none());
        let mut events: Vec<(Span, Event)> = Vec::new();
        for name in names {
            events.push((name.span, Event::Name(name)));
            events.extend(
                self.birth_behind(name.span, birth_shape)
                    .map(|at| (at, Event::Birth(at))),
            );
        }
        for (index, candidate) in self.person_values() {
            events.push((candidate.span, Event::Value(index)));
        }
        for (span, condition) in self.conditions {
            events.push((*span, Event::Condition(*condition, *span)));
        }
        events.retain(|(span, _)| self.tables.at(span.start).is_none());
        events.sort_by_key(|(span, _)| *span);
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// Short stretches before years: a name may stand there.
    fn year_islands(&self) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let mut islands = Vec::new();
        for at in
            memchr::memmem::find_iter(bytes, b"19").chain(memchr::memmem::find_iter(bytes, b"20"))
        {
            let is_year = bytes
                .get(at..at + 4)
                .is_some_and(|year| year.iter().all(u8::is_ascii_digit));
            if is_year {
                islands.push(around(self.text, Span::new(at, at + 4), 64));
            }
        }
        islands
    }

    /// The candidates that can be elements of a person's record.
    fn person_values(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.confidence > Confidence::Low)
            .filter(|(_, candidate)| {
                !matches!(
                    self.category(candidate),
                    None | Some(
                        Category::StateSecret | Category::InternalDocument | Category::Credential
                    )
                )
            })
    }

    fn category(&self, candidate: &Candidate) -> Option<Category> {
        self.rules.get(candidate.rule).map(|rule| rule.category)
    }

    /// A birth date or year right behind a name.
    fn birth_behind(&self, name: Span, birth_shape: &Regex) -> Option<Span> {
        let island = around(self.text, Span::new(name.end, name.end), 64);
        let behind = Span::new(name.end, island.end).of(self.text);
        let value = birth_shape.captures(behind)?.name("value")?;
        let year: i32 = last_year(value.as_str())?;
        let span = Span::new(name.end + value.start(), name.end + value.end());
        let after = self.candidates.partition_point(|c| c.span.start < span.end);
        let near = self.candidates.get(after.saturating_sub(4)..after);
        let is_known = near
            .unwrap_or_default()
            .iter()
            .any(|c| c.span.overlaps(span));
        (!is_known && (self.year_now - 115..=self.year_now).contains(&year)).then_some(span)
    }

    /// Hands every element to the person it belongs to.
    fn persons(&self, events: &[Event]) -> Vec<Person> {
        let mut persons: Vec<Person> = Vec::new();
        let mut waiting: Vec<Event> = Vec::new();
        for event in events {
            match event {
                Event::Name(name) => {
                    let mut person = Person::new(*name);
                    for earlier in waiting.drain(..) {
                        self.give(&mut person, earlier);
                    }
                    persons.push(person);
                }
                Event::Value(_) | Event::Birth(_) | Event::Condition(..) => {
                    let span = self.span_of(*event);
                    if let Some(owner) = self.owner(&persons, *event)
                        && let Some(person) = persons.get_mut(owner)
                    {
                        self.give(person, *event);
                    } else {
                        waiting.retain(|w| self.span_of(*w).end + CONDITION_REACH >= span.start);
                        waiting.push(*event);
                    }
                }
            }
        }
        persons
    }

    /// Which of the last persons an element belongs to: the last, unless that one is somebody in
    /// the file of the one before, who lacks such an element.
    fn owner(&self, persons: &[Person], event: Event) -> Option<usize> {
        let last = persons.len().checked_sub(1)?;
        let person = persons.get(last)?;
        let span = self.span_of(event);
        if span.start > person.span.end + ELEMENT_REACH || self.has_gap(person.span.end, span.start)
        {
            return None;
        }
        let main = last.checked_sub(1).and_then(|earlier| persons.get(earlier));
        let belongs_to_main = person.name.is_relation
            && !person.counts
            && main.is_some_and(|main| main.counts && !self.has(main, event));
        Some(last - usize::from(belongs_to_main))
    }

    /// Whether an empty line and another heading part two places.
    fn has_gap(&self, from: usize, to: usize) -> bool {
        let between = Span::new(from.min(to), to).of(self.text);
        between.matches("\n\n").count() > 2 || between.contains("\n\n\n\n")
    }

    fn has(&self, person: &Person, event: Event) -> bool {
        match event {
            Event::Value(index) => {
                let wanted = self.candidates.get(index).and_then(|c| self.category(c));
                let has =
                    |i: &usize| self.candidates.get(*i).and_then(|c| self.category(c)) == wanted;
                person.values.iter().any(has)
                    || wanted == Some(Category::BirthDate) && !person.births.is_empty()
            }
            Event::Birth(_) => true,
            Event::Condition(..) | Event::Name(_) => false,
        }
    }

    fn span_of(&self, event: Event) -> Span {
        match event {
            Event::Name(name) => name.span,
            Event::Value(index) => self
                .candidates
                .get(index)
                .map_or(Span::new(0, 0), |c| c.span),
            Event::Birth(span) | Event::Condition(_, span) => span,
        }
    }

    /// Gives an element to a person.
    fn give(&self, person: &mut Person, event: Event) {
        let span = self.span_of(event);
        match event {
            Event::Name(_) => return,
            Event::Value(index) => {
                let category = self.candidates.get(index).and_then(|c| self.category(c));
                // How to reach an official is no one's private life.
                let is_office = matches!(
                    category,
                    Some(Category::PhoneNumber | Category::EmailAddress | Category::HomeAddress)
                );
                person.counts |= !(person.name.is_official && is_office);
                person.values.push(index);
            }
            Event::Birth(span) => {
                person.counts = true;
                person.births.push(span);
            }
            Event::Condition(condition, span) => {
                let between = gap(person.name.span, span).of(self.text);
                let is_told = condition.names_record()
                    && !person.name.is_official
                    && between.len() <= CONDITION_REACH
                    && !between.contains('\n')
                    && !self.names.is_benefactor(between);
                person.counts |= is_told;
                person.conditions.push((condition, span));
                if !is_told {
                    return;
                }
            }
        }
        person.span = Span::new(
            person.span.start.min(span.start),
            person.span.end.max(span.end),
        );
    }

    /// Persons that follow one another, as one record.
    fn record(&self, persons: &[Person]) -> Record {
        let start = persons.iter().map(|p| p.span.start).min().unwrap_or(0);
        let end = persons.iter().map(|p| p.span.end).max().unwrap_or(start);
        let conditions = persons
            .iter()
            .flat_map(|p| p.conditions.iter().map(|(c, _)| *c));
        let condition = conditions.max_by_key(|c| (c.names_record(), *c));
        let kinds = persons.iter().map(Person::kinds).max().unwrap_or(0);
        let mut elements = Vec::new();
        for person in persons {
            elements.push(Element::new(
                Category::PersonName,
                person.name.span,
                Vec::new(),
            ));
            let births = person.births.iter();
            elements
                .extend(births.map(|span| Element::new(Category::BirthDate, *span, Vec::new())));
        }
        Record {
            category: category_of(condition),
            condition,
            span: Span::new(start, end),
            confidence: if kinds >= 3 {
                Confidence::High
            } else {
                Confidence::Medium
            },
            evidence: vec![Evidence::Elements(kinds)],
            subjects: u32::try_from(persons.len()).unwrap_or(u32::MAX),
            elements,
        }
    }

    /// A table of people, as one record.
    fn table_record(&self, table: &Table) -> Option<Record> {
        let mut subjects = 0;
        let mut elements = Vec::new();
        let mut of_columns: Vec<Condition> = Vec::new();
        for row in &table.rows {
            let cells = || {
                row.iter()
                    .zip(&table.heads)
                    .filter_map(|(cell, (head, column))| Some((*cell, head, (*column)?)))
            };
            let is_filled = |cell: Span| cell.of(self.text).chars().any(char::is_alphanumeric);
            let is_named = cells().any(|(cell, _, c)| {
                c == Column::Name && self.names.is_name_cell(cell.of(self.text))
            });
            if !is_named || !cells().any(|(cell, _, c)| is_personal(c) && is_filled(cell)) {
                continue;
            }
            subjects += 1;
            for (cell, head, column) in cells().filter(|(cell, _, _)| is_filled(*cell)) {
                of_columns.extend(condition_of(column));
                let category = match column {
                    Column::Name => Category::PersonName,
                    Column::Birth => Category::BirthDate,
                    Column::Address => Category::HomeAddress,
                    Column::NotPersonal
                    | Column::Identifier
                    | Column::Health
                    | Column::Welfare
                    | Column::Student
                    | Column::Office
                    | Column::Private => continue,
                };
                elements.push(Element::new(
                    category,
                    cell,
                    vec![Evidence::Column(head.clone())],
                ));
            }
        }
        if subjects == 0 {
            return None;
        }
        let caption = Span::new(
            table.span.start.saturating_sub(CAPTION_REACH),
            table.span.end,
        );
        let from = self
            .conditions
            .partition_point(|(span, _)| span.start < caption.start);
        let told = self
            .conditions
            .iter()
            .skip(from)
            .map_while(|(span, condition)| (span.start < caption.end).then_some(*condition));
        let condition = of_columns
            .into_iter()
            .chain(told)
            .max_by_key(|c| (c.names_record(), *c));
        Some(Record {
            category: category_of(condition),
            condition,
            span: table.span,
            confidence: Confidence::High,
            evidence: vec![Evidence::Rows(usize::try_from(subjects).unwrap_or(0))],
            subjects,
            elements,
        })
    }
}

impl Person {
    const fn new(name: Name) -> Self {
        Self {
            span: name.span,
            name,
            births: Vec::new(),
            values: Vec::new(),
            conditions: Vec::new(),
            counts: false,
        }
    }

    /// How many elements speak for the record, the name among them.
    fn kinds(&self) -> usize {
        1 + self.births.len() + self.values.len() + usize::from(!self.conditions.is_empty())
    }
}

impl Element {
    const fn new(category: Category, span: Span, evidence: Vec<Evidence>) -> Self {
        Self {
            category,
            span,
            evidence,
        }
    }
}

/// The kind of record that a condition makes.
fn category_of(condition: Option<Condition>) -> Category {
    condition
        .filter(|condition| condition.names_record())
        .map_or(Category::PersonalRecord, Condition::record)
}

/// What a column tells of everyone in the table.
const fn condition_of(column: Column) -> Option<Condition> {
    match column {
        Column::Health => Some(Condition::Health),
        Column::Welfare => Some(Condition::Welfare),
        Column::Student => Some(Condition::Student),
        Column::NotPersonal
        | Column::Name
        | Column::Birth
        | Column::Address
        | Column::Identifier
        | Column::Office
        | Column::Private => None,
    }
}

/// What lies between two spans.
fn gap(a: Span, b: Span) -> Span {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    Span::new(first.end.min(second.start), second.start)
}

/// The year at the end of a date.
fn last_year(date: &str) -> Option<i32> {
    date.get(date.len().checked_sub(4)?..)?.parse().ok()
}
