//! Which protected information stands in a text? Comparable text to findings.
//!
//! In: a [`Normalized`] text and where it sits. Out: findings whose spans are bytes of the
//! original text, in order; the elements of a record follow it and name it.
//!
//! What to recognize is data: rule packs (`patterns/*.toml`) and word lists (`patterns/words`).
//! A scan goes: [`glance`] (which words, figures and capitals are there, with [`lexicon`] and
//! [`figures`]) → [`naming`] (could anybody be named?) → [`prefilter`] (what is worth a look, and
//! where) → [`candidate`] (values, with [`edge`], [`validator`], [`context`], [`code`], [`layout`]) →
//! [`record`] (persons, from [`person`], [`small_name`], [`table`], [`condition`], [`heading`]) →
//! findings. All of it is linear in the text.
//!
//! Never: IO, text of the request in evidence or mistakes, a decision what to do.
//!
//! Read next: `patterns/README.md` (how to write a rule), [`rule`]; the rooms below stand by what they
//! are about.

// What stands in a text at a glance, and what is worth a look.
mod figures;
mod glance;
mod lexicon;
mod naming;
mod prefilter;
mod shape;
mod writing;

// Characters, words and phrases, compared whatever their case and diacritics.
mod capital;
mod damaged;
mod fold;
mod letter;
mod offset;
mod phrase;
mod words;

// The text on the page: lines, cells, tags.
mod grid;
mod head;
mod layout;
mod tag;
mod tuple;

// Rules, and what their values must be.
mod check_digit;
mod disguised;
mod mailbox;
mod pack;
mod password;
mod pattern;
mod phone;
mod quotes;
mod rule;
mod rule_file;
mod stamp;
mod validator;

// Values, and what the words around them say.
mod addressee;
mod beside;
mod birth_year;
mod broken;
mod candidate;
mod code;
mod code_title;
mod context;
mod count;
mod edge;
mod example;
mod levels;
mod matched;
mod organisation;
mod other_line;
mod private_key;
mod readings;
mod speech;
mod technical;

// Addresses.
mod commune;
mod home;
mod home_lead;
mod home_name;
mod home_small;
mod house;
mod village;

// Names of persons, by capitals.
mod anonymous;
mod compound;
mod firm;
mod misnamed;
mod name_around;
mod name_before;
mod name_cell;
mod name_label;
mod name_pair;
mod name_signs;
mod office;
mod person;
mod title;
mod title_case;
mod unlisted_name;

// Names that no capitals tell.
mod fate;
mod said;
mod said_rows;
mod said_rows_plain;
mod small_given;
mod small_list;
mod small_name;
mod small_opening;
mod small_plain;
mod small_told;

// Tables of people.
mod among;
mod arrays;
mod cell;
mod columns;
mod headless;
mod roster;
mod row_kin;
mod split_name;
mod stacked;
mod table;
mod transposed;

// Records: what belongs to whom.
mod age;
mod birth_behind;
mod bygone;
mod clause;
mod condition;
mod entry;
mod event;
mod heading;
mod institute;
mod joint;
mod lifetime;
mod listing;
mod message;
mod owner;
mod public;
mod record;
mod relative;
mod renowned;
mod repeated;
mod sum;
mod taught;

// Findings.
mod report;

use std::cell::RefCell;

use crate::model::finding::Finding;
use crate::model::normalized::Normalized;
use crate::model::part::PartId;

pub use pack::builtin_packs;
pub use rule::RuleMistake;

use candidate::{Candidate, Scan};
use code::Codes;
use columns::{Columns, HeadsAt};
use context::Vocabulary;
use event::Shapes;
use glance::Glance;
use head::Heads;
use home::Places;
use layout::Layout;
use lexicon::{Lexicon, List};
use message::Messages;
use person::Names;
use phrase::Spelling;
use prefilter::{Keywords, People};
use record::Sources;
use rule::Rule;
use small_list::Casing;
use table::{Reading, Tables};
use writing::Writing;

/// All rules, ready to scan.
pub struct Detector {
    rules: Vec<Rule>,
    lexicon: Lexicon,
    keywords: Keywords,
    vocabulary: Vocabulary,
    codes: Codes,
    columns: Columns,
    names: Names,
    places: Places,
    shapes: Shapes,
    messages: Messages,
}

/// Where a text sits.
#[derive(Clone, Copy, Debug)]
pub struct ScanContext<'a> {
    /// The part.
    pub part: PartId,
    /// The key of the field that holds the text: it stands as a label beside a short value.
    pub label: Option<&'a str>,
    /// The year in which the scan happens: it bounds years of birth.
    pub year_now: i32,
}

impl Detector {
    /// The detector of the embedded packs.
    ///
    /// # Errors
    /// The mistakes of the packs; a test holds them to none.
    pub fn builtin() -> Result<Self, Vec<RuleMistake>> {
        Self::from_packs(&builtin_packs())
    }

    /// The detector of these packs, each a file name and its TOML text. A rule replaces an
    /// earlier one with the same id.
    ///
    /// # Errors
    /// Every mistake in the packs.
    pub fn from_packs(packs: &[(String, String)]) -> Result<Self, Vec<RuleMistake>> {
        let rules = pack::rules(packs)?;
        Self::of_rules(rules).ok_or_else(|| vec![pack::too_large()])
    }

    fn of_rules(rules: Vec<Rule>) -> Option<Self> {
        let keywords = Keywords::new(&rules);
        let columns = Columns::new()?;
        let names = Names::new()?;
        let mut lists = keywords.lists().to_vec();
        lists.push((List::Heads, columns.opening()));
        lists.extend([Names::list(), public::list()]);
        Some(Self {
            lexicon: Lexicon::new(&lists)?,
            vocabulary: Vocabulary::new(&rules)?,
            keywords,
            codes: Codes::new()?,
            columns,
            names,
            places: Places::new(),
            shapes: Shapes::new()?,
            messages: Messages::new()?,
            rules,
        })
    }

    /// The findings of a text, by start; spans are bytes of the original text. A record comes
    /// before its elements, and `element_of` is its index in the list.
    pub fn scan(&self, text: &Normalized, context: &ScanContext<'_>) -> Vec<Finding> {
        let plain = text.text();
        let glance = Glance::at(plain, &self.lexicon);
        let spelling = glance.spelling;
        let writing = Writing::new(&glance, &self.names);
        let may_name = writing.has(Casing::Small) || self.names.may_stand_in(&glance, &writing);
        let layout = Layout::new(plain);
        let heads_at = self.columns.heads_in(&glance);
        let tables = if may_name || heads_at.are_any() {
            Tables::new(&layout, self.reading(context.year_now, &heads_at))
        } else {
            Tables::default()
        };
        let people = if may_name || !tables.tables.is_empty() {
            People::MayBeNamed
        } else {
            People::AreNotNamed
        };
        let matters = match people {
            People::MayBeNamed => self.messages.matters(plain, spelling, &writing),
            People::AreNotNamed => None,
        };
        let met = self.keywords.meet(glance, &writing, people);
        if met.is_empty() && matters.as_ref().is_none_or(Vec::is_empty) {
            return Vec::new();
        }
        let scan = self.scan_of(&layout, &tables, spelling, context);
        let candidates = scan.candidates(&met);
        if people == People::AreNotNamed {
            return report::findings(text, context.part, &self.rules, &candidates, &[]);
        }
        let records = Sources {
            text: plain,
            rules: &self.rules,
            candidates: &candidates,
            conditions: &met.conditions,
            messages: &self.messages,
            matters: matters.as_deref(),
            public_words: &met.public_words(),
            tables: &tables,
            names: &self.names,
            places: &self.places,
            writing: &writing,
            year_now: context.year_now,
        }
        .records(&self.shapes);
        report::findings(text, context.part, &self.rules, &candidates, &records)
    }

    /// The values of all rules in a comparable text.
    fn values(&self, text: &str, year_now: i32) -> Vec<Candidate> {
        let layout = Layout::new(text);
        let tables = Tables::new(&layout, self.reading(year_now, &HeadsAt::Anywhere));
        let glance = Glance::at(text, &self.lexicon);
        let context = ScanContext {
            part: PartId(0),
            label: None,
            year_now,
        };
        let scan = self.scan_of(&layout, &tables, glance.spelling, &context);
        let writing = Writing::new(&glance, &self.names);
        let met = self.keywords.meet(glance, &writing, People::MayBeNamed);
        scan.candidates(&met)
    }

    const fn reading<'a>(&'a self, year_now: i32, heads_at: &'a HeadsAt) -> Reading<'a> {
        Reading {
            heads_at,
            columns: &self.columns,
            names: &self.names,
            year_now,
        }
    }

    fn scan_of<'a>(
        &'a self,
        layout: &'a Layout<'a>,
        tables: &'a Tables,
        spelling: Spelling,
        context: &ScanContext<'a>,
    ) -> Scan<'a> {
        Scan {
            rules: &self.rules,
            vocabulary: &self.vocabulary,
            layout,
            tables,
            places: &self.places,
            codes: &self.codes,
            spelling,
            key: context.label,
            year_now: context.year_now,
            heard: RefCell::default(),
            heads: Heads::default(),
        }
    }

    /// How many rules there are.
    pub const fn rules_count(&self) -> usize {
        self.rules.len()
    }

    /// Runs the examples of every rule: each `match` text must give a finding of the rule at or
    /// above Medium, no `no_match` text may.
    pub fn check_examples(&self) -> Vec<RuleMistake> {
        pack::wrong_examples(self)
    }
}

#[cfg(test)]
mod tests;
