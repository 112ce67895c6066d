//! Whose is an element that stands behind several names?
//!
//! In: the persons named so far and what is told next. Out: the one it belongs to: the last, the one
//! in whose file the last is a relative, or the one behind whose name the last stands in brackets.
//!
//! Never: whether it makes somebody count; `record` decides.

use crate::detect::context::last_chars;
use crate::detect::event::Event;
use crate::detect::fate::is_right_behind;
use crate::detect::fold::{begins_folded, folded};
use crate::detect::letter::is_of_word;
use crate::detect::listing::last_rule;
use crate::detect::person::Form;
use crate::detect::record::{ELEMENT_REACH, Person, Sources, gap};
use crate::model::category::Category;
use crate::model::part::Span;

/// So many relatives may be named in a file before it goes on about its own person.
const RELATIVES_MAX: usize = 4;
/// Between somebody and the relative who tells of them stand so many bytes.
const KIN_BYTES_MAX: usize = 20;
/// Between a name and its number stands a label, in bytes.
const LABEL_BYTES_MAX: usize = 24;
/// Whose child somebody is stands so far before the name, in characters.
const PARENT_CHARS: usize = 24;
/// What is told of a family stands so near behind a relative, in bytes.
const FAMILY_REACH: usize = 160;
/// What is told in brackets behind a name is not longer, in bytes.
const BRACKETS_BYTES_MAX: usize = 80;

impl Sources<'_> {
    /// Which of the last persons an element belongs to: the last, unless that one is somebody in
    /// the file of the one before, who lacks such an element.
    pub(super) fn owner(&self, persons: &[Person], event: Event) -> Option<usize> {
        let last = persons.len().checked_sub(1)?;
        let person = persons.get(last)?;
        let span = self.span_of(event);
        // What was told last may be of the one whose file it is.
        let told = persons.iter().rev().take(RELATIVES_MAX);
        let told = told.map(|person| person.span.end).max()?;
        if span.start > told + ELEMENT_REACH || self.has_gap(told, span.start) {
            return None;
        }
        if let Some(before) = last.checked_sub(1)
            && let Some(outer) = persons.get(before)
            && self.is_in_brackets_of(outer, person, span.start)
        {
            return Some(before);
        }
        let is_own = self.is_within_brackets(person.name.span, event)
            || self.is_ill(person.name.span, event)
            || self.is_number_of(person.name.span, event)
            || self.is_of_child(person.name.span, event);
        if !person.name.is_relation || person.counts || is_own {
            return Some(last);
        }
        // The persons of one file: whom it is about, then their relatives.
        let main = (last.saturating_sub(RELATIVES_MAX)..last)
            .rev()
            .find(|at| persons.get(*at).is_some_and(|main| !main.name.is_relation));
        let is_main = main.and_then(|at| persons.get(at)).is_some_and(|main| {
            let is_named = main.name.form == Form::Full && !main.name.is_official;
            if is_named
                && (self.is_told_by_kin(main, person) || self.is_of_family(person.name.span, event))
            {
                return true;
            }
            main.counts && !self.has(main, event)
                || is_named && self.is_behind_brackets(person.name.span, event)
        });
        Some(main.filter(|_| is_main).unwrap_or(last))
    }

    /// Whether an empty line and another heading part two places.
    fn has_gap(&self, from: usize, to: usize) -> bool {
        let between = Span::new(from.min(to), to).of(self.text);
        between.matches("\n\n").count() > 2
            || between.contains("\n\n\n\n")
            || last_rule(between).is_some()
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
            Event::Birth(..) => true,
            Event::Condition(..) | Event::Name(_) => false,
        }
    }

    /// Whether the given name of a relative only says who somebody is: "Lê Văn Thử con cô Mẫu, bị hen".
    fn is_told_by_kin(&self, main: &Person, relative: &Person) -> bool {
        let between = gap(main.name.span, relative.name.span).of(self.text);
        relative.name.form == Form::Given
            && between.len() <= KIN_BYTES_MAX
            && !between.contains(['\n', '.', ';'])
    }

    /// Whether what is told is told of the family: "Tôi là Lê Thị Thử, mẹ em Lê Văn Mẫu. Gia đình thuộc
    /// hộ nghèo".
    fn is_of_family(&self, relative: Span, event: Event) -> bool {
        let between = gap(relative, self.span_of(event)).of(self.text);
        let clause = between.rsplit(['.', ',', ';', '\n']).next();
        let clause = clause.unwrap_or_default().trim_start();
        matches!(event, Event::Condition(..))
            && between.len() <= FAMILY_REACH
            && clause.len() < between.len()
            && ["gia dinh", "hoan canh gia dinh", "hien gia dinh"]
                .iter()
                .any(|family| begins_folded(clause, family))
    }

    /// Whether an illness stands right behind a name: "con gái Lê Thị Thử bị bệnh tim".
    fn is_ill(&self, name: Span, event: Event) -> bool {
        let between = || gap(name, self.span_of(event)).of(self.text);
        matches!(event, Event::Condition(condition, _) if is_right_behind(condition, between()))
    }

    /// Whether a number stands right behind a name, with nothing but its label between: "mẹ là Lê Thị
    /// Thử, điện thoại 0912 345 678".
    fn is_number_of(&self, name: Span, event: Event) -> bool {
        let Event::Value(index) = event else {
            return false;
        };
        let category = self.candidates.get(index).and_then(|c| self.category(c));
        let from = self.home_behind(name).unwrap_or(name);
        let between = gap(from, self.span_of(event)).of(self.text);
        matches!(
            category,
            Some(Category::PhoneNumber | Category::CitizenId | Category::IdentityCard)
        ) && between.len() <= LABEL_BYTES_MAX
            && !between.contains(['\n', ';', '.'])
    }

    /// The home that stands right behind a name: "mẹ là Lê Thị Thử, tổ 5, đt 0912 345 678".
    fn home_behind(&self, name: Span) -> Option<Span> {
        let from = self.candidates.partition_point(|c| c.span.start < name.end);
        let home = self.candidates.get(from)?;
        let is_home = self.category(home) == Some(Category::HomeAddress);
        (is_home && gap(name, home.span).of(self.text) == ", ").then_some(home.span)
    }

    /// Whether a birth or a code stands right behind the name of a child whose parent was named:
    /// "tôi là Lê Thị Thử, phụ huynh em Lê Văn Mẫu, sinh ngày …".
    fn is_of_child(&self, name: Span, event: Event) -> bool {
        const PARENTS: [&str; 8] = [
            "phu huynh",
            "me",
            "bo",
            "cha",
            "ba",
            "ong",
            "ba ngoai",
            "di",
        ];
        const CHILDREN: [&str; 4] = [" em", " chau", " be", " con"];
        let Event::Value(index) = event else {
            return false;
        };
        let category = self.candidates.get(index).and_then(|c| self.category(c));
        let before = self.text.get(..name.start).unwrap_or_default();
        let before = folded(last_chars(before, PARENT_CHARS));
        let before = before.trim_end();
        let parent = CHILDREN.iter().find_map(|child| before.strip_suffix(child));
        let parent = parent.map(|parent| parent.strip_suffix(" cua").unwrap_or(parent));
        let is_parent = |parent: &str| {
            let mut words = PARENTS.iter().filter_map(|word| parent.strip_suffix(word));
            words.any(|lead| !lead.ends_with(is_of_word))
        };
        let between = gap(name, self.span_of(event)).of(self.text);
        matches!(category, Some(Category::BirthDate | Category::StudentCode))
            && between.len() <= LABEL_BYTES_MAX
            && !between.contains(['\n', ';', '.'])
            && parent.is_some_and(is_parent)
    }

    /// Whether the second stands in brackets behind the name of the first, and the place behind them:
    /// "anh Lê Văn Thử (con trai ông Mẫu), SN 1984".
    fn is_in_brackets_of(&self, first: &Person, second: &Person, at: usize) -> bool {
        let before = gap(first.name.span, second.name.span).of(self.text);
        let behind = Span::new(second.name.span.end, at.max(second.name.span.end));
        let closes = behind.of(self.text).split('(').next().unwrap_or_default();
        first.name.form == Form::Full
            && before.len() <= BRACKETS_BYTES_MAX
            && before.contains('(')
            && !before.contains([')', '\n'])
            && closes.contains(')')
            && !closes.contains('\n')
    }
}
