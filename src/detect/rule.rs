//! What is a rule: one declared way to recognize a category?
//!
//! A rule comes checked out of `rule_file`, with its pattern compiled; here it is only data.
//!
//! Never: the syntax of rule files.

use std::fmt;

use crate::detect::pattern::Pattern;
use crate::detect::shape::Shape;
use crate::detect::validator::Validator;
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::finding::Confidence;

/// Where in the text a value must stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere.
    #[default]
    Anywhere,
    /// Alone on a line, in a cell or in a column.
    OwnCell,
    /// Alone as before, and in the header of a document.
    HeaderCell,
}

/// What a nearby label is to a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum LabelNeed {
    /// It raises to High; without it structure must speak.
    #[default]
    Helps,
    /// Without it there is no finding.
    Required,
    /// It must stand right beside the value, with nothing but signs between.
    Beside,
}

/// How candidates for a rule are met without running its pattern over the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefilter {
    /// Near figures.
    Figures,
    /// Near one of the rule's keywords.
    Keywords,
}

/// One declared way to recognize a category.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Its name, unique over all packs.
    pub id: String,
    /// What it recognizes.
    pub category: Category,
    /// How grave, where not the category's own severity.
    pub severity: Option<Severity>,
    /// The confidence of a value without a label.
    pub confidence: Confidence,
    /// For secrecy marks.
    pub level: Option<SecretLevel>,
    /// How candidates are met.
    pub prefilter: Prefilter,
    /// The words that must occur for the pattern to be tried.
    pub keywords: Vec<String>,
    /// How far around them the pattern is tried, in bytes.
    pub reach: usize,
    /// The value, or the group `value` in it.
    pub pattern: Pattern,
    /// What stands in every value of the pattern.
    pub shape: Shape,
    /// What checks the value.
    pub validator: Validator,
    /// Where the value must stand.
    pub place: Place,
    /// Only in a text that has no diacritics at all.
    pub only_without_diacritics: bool,
    /// Only in records of these categories; in any text if empty.
    pub only_in: Vec<Category>,
    /// What a label is to it.
    pub label_need: LabelNeed,
    /// Words that stand beside such values.
    pub labels: Vec<String>,
    /// Words nearby that raise confidence by one level.
    pub raise_words: Vec<String>,
    /// Words nearby that say it is something else.
    pub lower_words: Vec<String>,
    /// Words before the value that rule the category out, label or not.
    pub veto_words: Vec<String>,
    /// Texts in which it finds something.
    pub matches: Vec<String>,
    /// Texts in which it finds nothing.
    pub no_matches: Vec<String>,
    /// The pack it stands in.
    pub file: String,
    /// The line on which it begins.
    pub line: usize,
}

/// A mistake in a rule pack, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMistake {
    /// The pack's file name.
    pub file: String,
    /// The rule's id, where it is known.
    pub rule: Option<String>,
    /// The line of the rule or of the mistake.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

/// One readable line.
impl fmt::Display for RuleMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(rule) = &self.rule {
            write!(f, ": rule {rule:?}")?;
        }
        write!(f, ": {}; {}", self.reason, self.remedy)
    }
}
