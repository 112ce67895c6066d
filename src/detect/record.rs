//! Which values, names and conditions belong to one person, and which persons to one record?
//!
//! A person counts with a name and one element that is not an office title: birth, number, home,
//! health, status. Persons that follow one another are one record with so many subjects; a table
//! of people is one record with its rows.
//!
//! Never: signers, minutes and committee lists, a condition that names nobody.

use crate::detect::birth_behind::Told;
use crate::detect::candidate::Candidate;
use crate::detect::condition::{Condition, category_of};
use crate::detect::event::{Event, Shapes};
use crate::detect::fate::{befalls, follows, is_right_behind};
use crate::detect::home::Places;
use crate::detect::listing::next_names;
use crate::detect::message::Messages;
use crate::detect::person::{Form, Name, Names};
use crate::detect::rule::Rule;
use crate::detect::table::Tables;
use crate::detect::writing::Writing;
use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence};
use crate::model::part::Span;

/// How far an element may stand from the last one of its person, in bytes.
pub(super) const ELEMENT_REACH: usize = 320;
/// How far a condition alone may stand from its name, in bytes.
const CONDITION_REACH: usize = 140;
/// How far apart the persons of one record may stand, in bytes.
const PERSON_REACH: usize = 700;

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
    /// What is known of messages.
    pub messages: &'a Messages,
    /// The private matters that the text tells of, in order, if it is a message.
    pub matters: Option<&'a [(Span, Condition)]>,
    /// Where words end that tell of what is known to all, in order.
    pub public_words: &'a [usize],
    /// Tables of people.
    pub tables: &'a Tables,
    /// What is known of names.
    pub names: &'a Names,
    /// What is known of places.
    pub places: &'a Places,
    /// How the parts of the text are written.
    pub writing: &'a Writing,
    /// Bounds years of birth.
    pub year_now: i32,
}

/// A person being put together.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: Name,
    pub(super) span: Span,
    /// Where else the person is spoken of, by title and given name.
    pub(super) mentions: Vec<Span>,
    pub(super) births: Vec<Span>,
    pub(super) values: Vec<usize>,
    pub(super) conditions: Vec<(Condition, Span)>,
    pub(super) has_birth: bool,
    pub(super) counts: bool,
    /// Whether somebody of whom the text has told before.
    pub(super) is_again: bool,
}

impl Sources<'_> {
    /// The records of the text, in order.
    pub(super) fn records(&self, shapes: &Shapes) -> Vec<Record> {
        let mut records: Vec<Record> = self
            .tables
            .tables
            .iter()
            .filter_map(|table| self.table_record(table))
            .collect();
        let headings = self.headings();
        let mut persons = self.persons(&self.events(shapes, &headings));
        self.tell_listed(&headings, &mut persons);
        self.count_listed(&mut persons);
        self.share_conditions(&mut persons);
        self.adopt_named(&mut persons);
        self.release_tabled(&records, &mut persons);
        self.mark_again(&mut persons);
        self.release_taught(&mut persons);
        let heads = self.heads(&persons);
        let mut group: Vec<Person> = Vec::new();
        for (person, is_head) in persons.into_iter().zip(heads) {
            // Relatives in a person's file are no subjects, but their names belong to it.
            let reach = if person.counts {
                PERSON_REACH
            } else {
                ELEMENT_REACH
            };
            let is_near = group
                .last()
                .is_some_and(|last| person.span.start <= last.span.end + reach);
            let is_relative =
                person.name.is_relation && person.name.form != Form::Initial && is_near;
            let is_alias = || {
                group
                    .last()
                    .is_some_and(|last| self.is_alias(last, &person))
            };
            let is_mention = is_near
                && (person.is_again
                    || self.is_companion(&person)
                    || self.is_kin(&person)
                    || is_alias());
            if !person.counts && !is_relative && !is_head && !is_mention {
                continue;
            }
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

    /// Hands every element to the person it belongs to.
    fn persons(&self, events: &[Event]) -> Vec<Person> {
        let mut persons: Vec<Person> = Vec::new();
        let mut waiting: Vec<Event> = Vec::new();
        for (event, next) in events.iter().zip(next_names(events)) {
            match event {
                Event::Name(name) => {
                    if let Some(last) = persons.last_mut().filter(|last| {
                        self.is_again(last, *name) || self.is_other_name(last, *name)
                    }) {
                        last.mentions.push(name.span);
                        last.span.end = last.span.end.max(name.span.end);
                        continue;
                    }
                    let mut person = Person::new(*name);
                    if let Some(known) = self.known(&persons, *name) {
                        person.is_again = known.counts;
                        person.name.add_office(known.name);
                        person.name.form = Form::Full;
                    }
                    // "phụ huynh cháu Thử", where no parent is named, is about the child, and "Mẹ:
                    // Trần Thị Mẫu" about her.
                    let last = persons.last().map(|last| last.span.end + ELEMENT_REACH);
                    person.name.is_relation &= last.is_some_and(|last| last >= name.span.start);
                    let part = self.start_of_part(name.span.start);
                    for earlier in waiting.drain(..) {
                        if self.span_of(earlier).start >= part
                            && !self.is_of_heading(earlier, name.span)
                            && !self.is_of_entry_before(earlier, name.span)
                        {
                            self.give(&mut person, earlier);
                        }
                    }
                    persons.push(person);
                }
                Event::Value(_) | Event::Birth(..) | Event::Condition(..) => {
                    let span = self.span_of(*event);
                    let last = persons.last().map(|last| last.span);
                    if !self.opens_entry(*event, next)
                        && !self.opens_paragraph(last, *event, next)
                        && let Some(owner) = self.owner(&persons, *event)
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

    pub(super) fn span_of(&self, event: Event) -> Span {
        match event {
            Event::Name(name) => name.span,
            Event::Value(index) => self
                .candidates
                .get(index)
                .map_or(Span::new(0, 0), |c| c.span),
            Event::Birth(span, _) | Event::Condition(_, span) => span,
        }
    }

    /// Gives an element to a person.
    fn give(&self, person: &mut Person, event: Event) {
        let span = self.span_of(event);
        match event {
            Event::Name(_) => return,
            Event::Value(index) => {
                let candidate = self.candidates.get(index);
                let category = candidate.and_then(|c| self.category(c));
                let is_birth = category == Some(Category::BirthDate);
                let is_home = category == Some(Category::HomeAddress) && !person.counts;
                if is_home && candidate.is_some_and(|home| self.is_public(person, home)) {
                    return;
                }
                let tells = candidate.is_some_and(|c| !self.is_only_in_records(c));
                person.counts |= tells && self.makes_file(person, category, span);
                person.has_birth |= is_birth;
                person.values.push(index);
            }
            Event::Birth(span, told) => {
                let is_known = match person.name.form {
                    Form::Full => told == Told::Clearly,
                    Form::Given => told == Told::Clearly,
                    Form::Initial => false,
                };
                person.counts |= is_known && !person.name.is_official;
                person.has_birth = true;
                person.births.push(span);
            }
            Event::Condition(condition, span) => {
                let named = person.mentions.last().copied().unwrap_or(person.name.span);
                let between = gap(named, span).of(self.text);
                let spelling = self.spelling_at(span);
                let is_befallen = named.end <= span.start
                    && befalls(condition, between, span.of(self.text), spelling);
                let is_said = self.is_message() && self.is_said(named, span);
                let is_told = condition.counts_alone()
                    && (!person.name.is_relation
                        || is_right_behind(condition, between)
                        || is_befallen
                        || is_said)
                    && (!person.name.is_official
                        || person.name.is_colleague && (is_befallen || is_said))
                    && (person.name.form == Form::Full
                        || person.name.form == Form::Given
                            && (person.has_birth
                                || (follows(between, spelling) || is_befallen || is_said)
                                    && !self.is_in_fiction(span)))
                    && (between.len() <= CONDITION_REACH || is_said)
                    && !self.is_of_another(span, named)
                    && !self.is_of_plan(span, named)
                    && !self.is_topic(condition, span, named)
                    && !self.is_cited(person.name.span)
                    && (!between.contains(['\n', '\t', '|'])
                        || self.is_next_field(person.name.span, condition, between))
                    && (is_said || !self.names.is_benefactor(between, spelling));
                person.counts |= is_told;
                person.conditions.push((condition, span));
                let goes_on = condition == Condition::Health && person.counts;
                if !is_told && !goes_on {
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
        let is_known = persons
            .iter()
            .any(|p| !p.births.is_empty() || !p.values.is_empty());
        let conditions = persons
            .iter()
            .flat_map(|p| p.conditions.iter().map(|(c, _)| *c))
            .filter(|c| !is_known || !matches!(c, Condition::Matter(_)));
        let condition = conditions.max_by_key(|c| (c.names_record(), *c));
        let kinds = persons.iter().map(Person::kinds).max().unwrap_or(0);
        let start = persons.iter().map(|p| p.span.start).min().unwrap_or(0);
        let end = persons.iter().map(|p| p.span.end).max().unwrap_or(start);
        // What chose the kind of the record stands within it.
        let chosen = persons
            .iter()
            .flat_map(|p| &p.conditions)
            .filter(|(told, _)| condition.is_some_and(|c| c.record() == told.record()));
        let told: Vec<Span> = chosen
            .map(|(told, span)| self.clause(*told, *span))
            .collect();
        let start = told.iter().fold(start, |start, told| start.min(told.start));
        let end = told.iter().fold(end, |end, told| end.max(told.end));
        let mut elements: Vec<Element> = Vec::new();
        let villages = self.villages(persons).into_iter().flatten();
        elements.extend(villages.map(|at| Element::new(Category::HomeAddress, at, Vec::new())));
        for person in persons {
            let names = [&person.name.span].into_iter().chain(&person.mentions);
            elements.extend(names.map(|at| Element::new(Category::PersonName, *at, Vec::new())));
            let births = person.births.iter();
            elements
                .extend(births.map(|span| Element::new(Category::BirthDate, *span, Vec::new())));
            let home = self.commune_of(person).into_iter();
            elements.extend(home.map(|span| Element::new(Category::HomeAddress, span, Vec::new())));
        }
        // An age may stand behind two names.
        elements.sort_by_key(|element| element.span);
        elements.dedup_by_key(|element| (element.span, element.category));
        let end = elements.iter().fold(end, |end, e| end.max(e.span.end));
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
            subjects: u32::try_from(
                persons
                    .iter()
                    .filter(|p| p.counts && !p.is_again)
                    .count()
                    .max(1),
            )
            .unwrap_or(u32::MAX),
            elements,
        }
    }
}

impl Person {
    const fn new(name: Name) -> Self {
        Self {
            span: name.span,
            name,
            mentions: Vec::new(),
            births: Vec::new(),
            values: Vec::new(),
            conditions: Vec::new(),
            has_birth: false,
            counts: false,
            is_again: false,
        }
    }

    /// How many elements speak for the record, the name among them.
    fn kinds(&self) -> usize {
        1 + self.births.len() + self.values.len() + usize::from(!self.conditions.is_empty())
    }
}

impl Element {
    /// An element.
    pub(super) const fn new(category: Category, span: Span, evidence: Vec<Evidence>) -> Self {
        Self {
            category,
            span,
            evidence,
        }
    }
}

/// What lies between two spans.
pub(super) fn gap(a: Span, b: Span) -> Span {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    Span::new(first.end.min(second.start), second.start)
}
