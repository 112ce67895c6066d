//! Which rule packs are there, and do their rules keep what their examples promise?
//!
//! Embedded packs come first; an office's packs add rules or replace them by id.

use crate::detect::rule::{Rule, RuleMistake};
use crate::detect::{Detector, ScanContext, rule_file};
use crate::model::finding::Confidence;
use crate::model::normalized::{Normalized, OffsetMap};
use crate::model::part::PartId;

/// Examples are checked as if scanned in this year.
const EXAMPLE_YEAR: i32 = 2026;

/// The packs embedded in the binary: file name and text.
pub fn builtin_packs() -> Vec<(String, String)> {
    [
        (
            "identity.toml",
            include_str!("../../patterns/identity.toml"),
        ),
        (
            "pupil-patient.toml",
            include_str!("../../patterns/pupil-patient.toml"),
        ),
        ("contact.toml", include_str!("../../patterns/contact.toml")),
        ("finance.toml", include_str!("../../patterns/finance.toml")),
        (
            "insurance.toml",
            include_str!("../../patterns/insurance.toml"),
        ),
        (
            "property.toml",
            include_str!("../../patterns/property.toml"),
        ),
        ("record.toml", include_str!("../../patterns/record.toml")),
        ("secrecy.toml", include_str!("../../patterns/secrecy.toml")),
        (
            "password.toml",
            include_str!("../../patterns/password.toml"),
        ),
        (
            "password-code.toml",
            include_str!("../../patterns/password-code.toml"),
        ),
        (
            "password-command.toml",
            include_str!("../../patterns/password-command.toml"),
        ),
        (
            "credential.toml",
            include_str!("../../patterns/credential.toml"),
        ),
    ]
    .map(|(file, text)| (file.to_owned(), text.to_owned()))
    .to_vec()
}

/// The rules of the packs; a later rule replaces an earlier one with the same id, in its place.
pub(super) fn rules(packs: &[(String, String)]) -> Result<Vec<Rule>, Vec<RuleMistake>> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut mistakes = Vec::new();
    for (file, text) in packs {
        match rule_file::read(file, text) {
            Ok(read) => {
                for rule in read {
                    match rules.iter_mut().find(|known| known.id == rule.id) {
                        Some(known) if known.file == rule.file => mistakes.push(twice(&rule)),
                        Some(known) => *known = rule,
                        None => rules.push(rule),
                    }
                }
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() {
        Ok(rules)
    } else {
        Err(mistakes)
    }
}

fn twice(rule: &Rule) -> RuleMistake {
    RuleMistake {
        file: rule.file.clone(),
        rule: Some(rule.id.clone()),
        line: Some(rule.line),
        reason: "the id occurs twice in this file".to_owned(),
        remedy: "give each rule its own id".to_owned(),
    }
}

/// The mistake of packs whose words do not fit one automaton.
pub(super) fn too_large() -> RuleMistake {
    RuleMistake {
        file: "all packs".to_owned(),
        rule: None,
        line: None,
        reason: "the words of all rules together are too many".to_owned(),
        remedy: "use fewer keywords and labels".to_owned(),
    }
}

/// The examples that do not hold.
pub(super) fn wrong_examples(detector: &Detector) -> Vec<RuleMistake> {
    let mut mistakes = Vec::new();
    for (index, rule) in detector.rules.iter().enumerate() {
        let finds = |text: &str| match rule.only_in.is_empty() {
            true => detector
                .values(text, EXAMPLE_YEAR)
                .iter()
                .any(|c| c.rule == index && c.confidence >= Confidence::Medium),
            false => finds_in_record(detector, &rule.id, text),
        };
        let missed = rule.matches.iter().filter(|text| !finds(text));
        let wrong = rule.no_matches.iter().filter(|text| finds(text));
        let nothing = match rule.only_in.is_empty() {
            true => "nothing is found in it",
            false => "nothing is found in a record of the kinds under only_in",
        };
        mistakes.extend(missed.map(|text| example(rule, "match", text, nothing)));
        mistakes
            .extend(wrong.map(|text| example(rule, "no_match", text, "something is found in it")));
    }
    mistakes
}

/// Whether a rule finds something in a record of the text.
fn finds_in_record(detector: &Detector, rule: &str, text: &str) -> bool {
    let whole = Normalized::new(text.to_owned(), OffsetMap::identity(text.len()));
    let context = ScanContext {
        part: PartId(0),
        label: None,
        year_now: EXAMPLE_YEAR,
    };
    let found = detector.scan(&whole, &context);
    let mut found = found.iter();
    found.any(|f| f.rule == rule && f.confidence >= Confidence::Medium)
}

fn example(rule: &Rule, key: &str, text: &str, reason: &str) -> RuleMistake {
    RuleMistake {
        file: rule.file.clone(),
        rule: Some(rule.id.clone()),
        line: Some(rule.line),
        reason: format!("{key} example {text:?}: {reason}"),
        remedy: "correct the rule or the example".to_owned(),
    }
}
