//! What does a rule pack say? The only file that knows its syntax.
//!
//! In: a file name and its TOML text. Out: rules with compiled patterns, or every mistake at
//! once. The format is described for administrators in `patterns/README.md`.
//!
//! Never: IO; a pattern whose compiled form is out of bounds.

use serde::Deserialize;
use toml::Spanned;

use crate::detect::pattern::Pattern;
use crate::detect::rule::{LabelNeed, Place, Prefilter, Rule, RuleMistake};
use crate::detect::shape::Shape;
use crate::detect::validator::Validator;
use crate::detect::{quotes, stamp};
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::finding::Confidence;

/// How far around a keyword a rule's pattern is tried at most, in bytes.
const KEYWORD_REACH: usize = 160;
/// Fewer examples than this, of either kind, do not show what a rule means.
const EXAMPLES_MIN: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(default)]
    rule: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    category: String,
    #[expect(dead_code, reason = "it is for the people who read the pack")]
    description: String,
    pattern: String,
    severity: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    reach: Option<usize>,
    validator: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    label_required: bool,
    #[serde(default)]
    label_beside: bool,
    #[serde(default)]
    raise_words: Vec<String>,
    #[serde(default)]
    lower_words: Vec<String>,
    #[serde(default)]
    veto_words: Vec<String>,
    confidence: Option<String>,
    level: Option<String>,
    place: Option<String>,
    #[serde(default)]
    only_without_diacritics: bool,
    #[serde(default)]
    only_in: Vec<String>,
    #[expect(dead_code, reason = "it is for the people who read the pack")]
    law: Option<String>,
    #[serde(default, rename = "match")]
    matches: Vec<String>,
    #[serde(default, rename = "no_match")]
    no_matches: Vec<String>,
}

/// Reads one pack.
///
/// # Errors
/// Every mistake of the pack; a syntax error hides the mistakes after it.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Rule>, Vec<RuleMistake>> {
    let pack: Pack =
        toml::from_str(text).map_err(|error| vec![syntax_mistake(file, text, &error)])?;
    let mut rules = Vec::new();
    let mut mistakes = Vec::new();
    for entry in pack.rule {
        let line = line_of(text, entry.span().start);
        let mut reading = Reading {
            file,
            line,
            id: entry.get_ref().id.clone(),
            mistakes: &mut mistakes,
        };
        rules.extend(reading.rule(entry.into_inner()));
    }
    if mistakes.is_empty() {
        Ok(rules)
    } else {
        Err(mistakes)
    }
}

/// One rule being read, and where its mistakes go.
struct Reading<'a> {
    file: &'a str,
    line: usize,
    id: String,
    mistakes: &'a mut Vec<RuleMistake>,
}

impl Reading<'_> {
    fn rule(&mut self, entry: Entry) -> Option<Rule> {
        let category = self.named("category", Some(&entry.category), Category::parse, &names());
        let severity = self.named("severity", entry.severity.as_deref(), severity, &SEVERITIES);
        let confidence = self.named(
            "confidence",
            entry.confidence.as_deref(),
            Confidence::parse,
            &Confidence::ALL.map(Confidence::as_str),
        );
        let level = self.named("level", entry.level.as_deref(), level, &["A", "B", "C"]);
        let place = self.named("place", entry.place.as_deref(), place, &PLACES);
        let validator = self.named(
            "validator",
            entry.validator.as_deref(),
            Validator::parse,
            &Validator::ALL.map(Validator::as_str),
        );
        let stands_alone = place.is_some_and(|place| place != Place::Anywhere);
        let written = if stands_alone {
            stamp::pattern(&entry.pattern)
        } else if category == Some(Category::Credential) {
            quotes::pattern(&entry.pattern)
        } else {
            entry.pattern.clone()
        };
        let pattern = self.pattern(&written);
        self.check_reach(&entry);
        self.check_labels(&entry);
        self.check_examples(&entry);
        Some(Rule {
            category: category?,
            severity,
            confidence: confidence.unwrap_or(Confidence::Medium),
            level,
            prefilter: if entry.keywords.is_empty() {
                Prefilter::Figures
            } else {
                Prefilter::Keywords
            },
            keywords: if stands_alone {
                stamp::keywords(&entry.keywords)
            } else {
                entry.keywords
            },
            reach: entry.reach.unwrap_or(KEYWORD_REACH),
            pattern: pattern?,
            shape: Shape::of(&written).with_figures(validator.unwrap_or_default().figures_min()),
            validator: validator.unwrap_or_default(),
            place: place.unwrap_or_default(),
            only_without_diacritics: entry.only_without_diacritics,
            only_in: self.only_in(&entry.only_in),
            label_need: match (entry.label_beside, entry.label_required) {
                (true, _) => LabelNeed::Beside,
                (false, true) => LabelNeed::Required,
                (false, false) => LabelNeed::Helps,
            },
            labels: entry.labels,
            raise_words: entry.raise_words,
            lower_words: entry.lower_words,
            veto_words: entry.veto_words,
            matches: entry.matches,
            no_matches: entry.no_matches,
            file: self.file.to_owned(),
            line: self.line,
            id: entry.id,
        })
    }

    /// A value from a closed set of names; nothing and a mistake when it is not one of them.
    fn named<T>(
        &mut self,
        key: &str,
        written: Option<&str>,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        let written = written?;
        let value = parse(written);
        if value.is_none() {
            self.mistake(
                format!("{key} {written:?} is not known"),
                nearest(written, known),
            );
        }
        value
    }

    fn pattern(&mut self, written: &str) -> Option<Pattern> {
        match Pattern::new(written) {
            Ok(pattern) if pattern.fits_nothing() => {
                self.mistake(
                    "the pattern fits the empty text".to_owned(),
                    "write a pattern that needs at least one character".to_owned(),
                );
                None
            }
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let last = error.lines().last().unwrap_or_default().trim().to_owned();
                self.mistake(
                    format!("the pattern does not compile: {last}"),
                    "see docs.rs/regex for the syntax; look-around is not supported".to_owned(),
                );
                None
            }
        }
    }

    fn check_reach(&mut self, entry: &Entry) {
        let Some(reach) = entry.reach else {
            return;
        };
        if reach > KEYWORD_REACH {
            self.mistake(
                format!("reach {reach} is too far"),
                format!("write {KEYWORD_REACH} or less"),
            );
        }
        if entry.keywords.is_empty() {
            self.mistake(
                "there is a reach, but there are no keywords".to_owned(),
                "list the words under keywords, or leave reach out".to_owned(),
            );
        }
    }

    /// The kinds of records in which a rule counts.
    fn only_in(&mut self, names: &[String]) -> Vec<Category> {
        let named = names.iter();
        named
            .filter_map(|name| self.named("only_in", Some(name), record, &RECORDS))
            .collect()
    }

    fn check_labels(&mut self, entry: &Entry) {
        if (entry.label_required || entry.label_beside) && entry.labels.is_empty() {
            self.mistake(
                "a label is required, but there are no labels".to_owned(),
                "list the words under labels".to_owned(),
            );
        }
    }

    fn check_examples(&mut self, entry: &Entry) {
        for (key, examples) in [("match", &entry.matches), ("no_match", &entry.no_matches)] {
            if examples.len() < EXAMPLES_MIN {
                self.mistake(
                    format!("{} example(s) under {key}", examples.len()),
                    format!("give at least {EXAMPLES_MIN}"),
                );
            }
        }
    }

    fn mistake(&mut self, reason: String, remedy: String) {
        self.mistakes.push(RuleMistake {
            file: self.file.to_owned(),
            rule: Some(self.id.clone()),
            line: Some(self.line),
            reason,
            remedy,
        });
    }
}

const SEVERITIES: [&str; 4] = ["low", "medium", "high", "critical"];
const PLACES: [&str; 3] = ["anywhere", "own_cell", "header_cell"];
const RECORDS: [&str; 5] = [
    "personal_record",
    "sensitive_record",
    "health_record",
    "student_record",
    "welfare_record",
];

fn names() -> Vec<&'static str> {
    Category::ALL.iter().map(|c| c.as_str()).collect()
}

fn record(name: &str) -> Option<Category> {
    RECORDS.contains(&name).then(|| Category::parse(name))?
}

fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|s| s.as_str() == name)
}

fn level(name: &str) -> Option<SecretLevel> {
    [SecretLevel::A, SecretLevel::B, SecretLevel::C]
        .into_iter()
        .find(|level| level.as_str() == name)
}

fn place(name: &str) -> Option<Place> {
    match name {
        "anywhere" => Some(Place::Anywhere),
        "own_cell" => Some(Place::OwnCell),
        "header_cell" => Some(Place::HeaderCell),
        _ => None,
    }
}

/// The remedy for a wrong name.
fn nearest(written: &str, known: &[&str]) -> String {
    let best = known.iter().max_by(|a, b| {
        strsim::jaro_winkler(written, a).total_cmp(&strsim::jaro_winkler(written, b))
    });
    best.map_or_else(String::new, |name| format!("did you mean {name:?}?"))
}

/// A mistake that the TOML reader found; for an unknown key the nearest known one is named.
fn syntax_mistake(file: &str, text: &str, error: &toml::de::Error) -> RuleMistake {
    let message = error.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let remedy = if message.starts_with("unknown field") {
        let written = quoted.next().unwrap_or_default();
        nearest(written, &quoted.collect::<Vec<_>>())
    } else {
        "correct the file's syntax".to_owned()
    };
    RuleMistake {
        file: file.to_owned(),
        rule: None,
        line: error.span().map(|span| line_of(text, span.start)),
        reason: message.lines().next().unwrap_or_default().to_owned(),
        remedy,
    }
}

/// The line, from 1, on which a byte stands.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[rule]]
id = "a"
category = "patient_code"
description = "d"
pattern = 'BN-\d{6}'
match = ["1", "2", "3", "4", "5"]
no_match = ["1", "2", "3", "4", "5"]
"#;

    fn mistakes(text: &str) -> String {
        let found = read("own.toml", text).unwrap_err();
        found.iter().map(|m| format!("{m}\n")).collect()
    }

    #[test]
    fn a_good_rule_is_read_with_its_line() {
        let rules = read("own.toml", GOOD).unwrap();
        assert_eq!(rules[0].line, 2);
        assert_eq!(rules[0].prefilter, Prefilter::Figures);
    }

    #[test]
    fn an_unknown_key_names_the_nearest_and_its_line() {
        let text = GOOD.replace("description", "descripton");
        let told = mistakes(&text);
        assert!(told.starts_with("own.toml:5: "), "{told}");
        assert!(told.contains("\"description\""), "{told}");
    }

    #[test]
    fn every_mistake_of_a_rule_is_told_at_once() {
        let text = GOOD
            .replace("patient_code", "patient_cod")
            .replace("\\d{6}", "(")
            .replace("no_match = [\"1\", ", "no_match = [");
        let told = mistakes(&text);
        assert_eq!(told.lines().count(), 3, "{told}");
        assert!(told.contains("did you mean \"patient_code\"?"), "{told}");
    }

    #[test]
    fn a_pattern_out_of_bounds_is_refused() {
        let told = mistakes(&GOOD.replace("BN-\\d{6}", r"(\w{1000}){1000}"));
        assert!(told.contains("does not compile"), "{told}");
        assert!(told.contains("make its repetitions shorter"), "{told}");
    }

    #[test]
    fn a_reach_is_bounded_and_needs_keywords() {
        let told = mistakes(&GOOD.replace("pattern", "reach = 161\npattern"));
        assert!(told.contains("reach 161 is too far"), "{told}");
        assert!(told.contains("there are no keywords"), "{told}");
    }
}
