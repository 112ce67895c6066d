//! The syntax of policy files, and nothing else knows it. `config/policy.toml` opens with the
//! format explained for people.
//!
//! In: a text. Out: rules, or every mistake at once, each with the nearest word that is known.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::{Table, Value};

use crate::model::category::{Category, Ground};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::uninspectable::Uninspectable;
use crate::policy::Policy;
use crate::policy::policy_mistake::PolicyMistake;
use crate::policy::rule::{PolicyRule, folded_unit};
use crate::policy::tools_allowed::ToolsAllowed;
use crate::policy::words::{GROUNDS, GROUPS, group, offer};

/// The keys of a rule.
const KEYS: [&str; 12] = [
    "name",
    "categories",
    "grounds",
    "confidence_min",
    "carries",
    "services",
    "units",
    "subjects_min",
    "subjects_max",
    "uninspectable",
    "action",
    "message",
];

#[derive(Deserialize)]
struct RuleTable {
    name: String,
    categories: Option<Vec<String>>,
    grounds: Option<Vec<String>>,
    confidence_min: Option<String>,
    carries: Option<Vec<String>>,
    services: Option<BTreeSet<String>>,
    units: Option<Vec<String>>,
    subjects_min: Option<u32>,
    subjects_max: Option<u32>,
    uninspectable: Option<Vec<String>>,
    action: String,
    message: Option<String>,
}

/// Reads a policy file.
pub(super) fn read(file: &str, text: &str) -> Result<Policy, Vec<PolicyMistake>> {
    let mut sheet = Sheet {
        file,
        rule: String::new(),
        mistakes: Vec::new(),
    };
    let mut rules: Vec<PolicyRule> = Vec::new();
    let (tables, tools) = tables(text, &mut sheet);
    for (at, table) in (1..).zip(tables) {
        sheet.rule = match table.get("name").and_then(Value::as_str) {
            Some(name) => format!("rule \"{name}\""),
            None => format!("rule no. {at}"),
        };
        if let Some(rule) = rule(table, &mut sheet) {
            if rules.iter().any(|other| other.name == rule.name) {
                let remedy = "incidents name the rule, so give each its own name";
                sheet.add("name", "the name stands twice", remedy);
            }
            rules.push(rule);
        }
    }
    sheet.rule.clear();
    if rules.is_empty() && sheet.mistakes.is_empty() {
        let remedy = "write rules, or leave the file away to use the built-in policy";
        sheet.add("", "there is no [[rule]], so everything would pass", remedy);
    }
    if sheet.mistakes.is_empty() {
        Ok(Policy { rules, tools })
    } else {
        Err(sheet.mistakes)
    }
}

/// Where reading stands, and the mistakes so far.
struct Sheet<'a> {
    file: &'a str,
    rule: String,
    mistakes: Vec<PolicyMistake>,
}

impl Sheet<'_> {
    fn add(&mut self, key: &str, reason: &str, remedy: &str) {
        self.mistakes.push(PolicyMistake {
            file: self.file.to_owned(),
            rule: self.rule.clone(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    /// Reads one word; an unknown one is a mistake that names the nearest known.
    fn word<T>(
        &mut self,
        key: &str,
        word: &str,
        read: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        let value = read(word);
        if value.is_none() {
            let reason = format!("\"{word}\" is not known here");
            self.add(key, &reason, &offer(word, known));
        }
        value
    }

    /// Reads a list of words into a set; an empty list is a mistake, because it says nothing.
    fn set<T: Ord>(
        &mut self,
        key: &str,
        words: Option<&Vec<String>>,
        read: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<BTreeSet<T>> {
        let words = words?;
        if words.is_empty() {
            self.add(
                key,
                "the list is empty",
                "name what the rule is about, or leave the key away",
            );
        }
        Some(
            words
                .iter()
                .filter_map(|word| self.word(key, word, &read, known))
                .collect(),
        )
    }
}

fn tables(text: &str, sheet: &mut Sheet<'_>) -> (Vec<Table>, ToolsAllowed) {
    let root: Table = match toml::from_str(text) {
        Ok(root) => root,
        Err(error) => {
            let reason = error.to_string();
            sheet.add("", reason.trim_end(), "mend the TOML at this place");
            return (Vec::new(), ToolsAllowed::Any);
        }
    };
    let mut tables = Vec::new();
    let mut tools = ToolsAllowed::Any;
    for (key, value) in root {
        match value {
            Value::Array(rules) if key == "rule" => {
                for rule in rules {
                    match rule {
                        Value::Table(table) => tables.push(table),
                        Value::String(_)
                        | Value::Integer(_)
                        | Value::Float(_)
                        | Value::Boolean(_)
                        | Value::Datetime(_)
                        | Value::Array(_) => sheet.add(&key, "it is not a table", "write [[rule]]"),
                    }
                }
            }
            Value::String(word) if key == "tools" => {
                let known = ToolsAllowed::ALL.map(ToolsAllowed::as_str);
                tools = sheet
                    .word(&key, &word, ToolsAllowed::parse, &known)
                    .unwrap_or_default();
            }
            Value::Table(_)
            | Value::Array(_)
            | Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_) => {
                sheet.add(
                    &key,
                    "the key is unknown",
                    "a policy has only tools = \"approved\" and [[rule]] entries",
                );
            }
        }
    }
    (tables, tools)
}

/// One rule; every mistake in it is noted, not only the first.
fn rule(table: Table, sheet: &mut Sheet<'_>) -> Option<PolicyRule> {
    let before = sheet.mistakes.len();
    let table = typed(table, sheet)?;
    check(&table, sheet);
    let grounds = sheet.set(
        "grounds",
        table.grounds.as_ref(),
        |word| GROUNDS.into_iter().find(|ground| ground.letter() == word),
        &GROUNDS.map(Ground::letter),
    );
    let level = table.confidence_min.as_deref();
    let confidence_min = level.map_or(Some(Confidence::Medium), |word| {
        let levels = Confidence::ALL.map(Confidence::as_str);
        sheet.word("confidence_min", word, Confidence::parse, &levels)
    });
    let kinds = Carries::ALL.map(Carries::as_str);
    let carries = sheet.set("carries", table.carries.as_ref(), Carries::parse, &kinds);
    let actions = Action::ALL.map(Action::as_str);
    let action = sheet.word("action", &table.action, Action::parse, &actions);
    let categories = categories(table.categories.as_ref(), sheet);
    let uninspectable = reasons(table.uninspectable.as_ref(), sheet);
    let units = table.units.as_ref();
    let units = units.map(|units| units.iter().map(|unit| folded_unit(unit)).collect());
    if sheet.mistakes.len() > before {
        return None;
    }
    Some(PolicyRule {
        name: table.name,
        categories,
        grounds,
        confidence_min: confidence_min?,
        carries,
        services: table.services,
        units,
        subjects_min: table.subjects_min,
        subjects_max: table.subjects_max,
        uninspectable,
        action: action?,
        message: table.message,
    })
}

/// The table as a rule's keys and types; unknown keys are noted and left aside.
fn typed(mut table: Table, sheet: &mut Sheet<'_>) -> Option<RuleTable> {
    let is_unknown = |key: &&String| !KEYS.contains(&key.as_str());
    let unknown: Vec<String> = table.keys().filter(is_unknown).cloned().collect();
    for key in unknown {
        table.remove(&key);
        sheet.add(&key, "the key is unknown", &offer(&key, &KEYS));
    }
    Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| {
            sheet.add(
                "",
                error.message(),
                "see the head of policy.toml for the keys",
            );
        })
        .ok()
}

/// What cannot be seen in one word alone.
fn check(table: &RuleTable, sheet: &mut Sheet<'_>) {
    if table.name.trim().is_empty() {
        let remedy = "incidents name the rule, so give it a name";
        sheet.add("name", "the name is empty", remedy);
    }
    if let (Some(min), Some(max)) = (table.subjects_min, table.subjects_max)
        && min > max
    {
        sheet.add(
            "subjects_min",
            "it is above subjects_max",
            "turn the two round",
        );
    }
    if table.uninspectable.is_some() && table.action == Action::Redact.as_str() {
        let remedy = "write allow, audit or block";
        sheet.add("action", "what cannot be read cannot be redacted", remedy);
    }
}

/// Categories by name or group; a word after `!` takes away from what stands before it.
fn categories(words: Option<&Vec<String>>, sheet: &mut Sheet<'_>) -> Option<BTreeSet<Category>> {
    let words = words?;
    let names = Category::ALL.iter().map(|category| category.as_str());
    let known: Vec<&str> = names.chain(GROUPS).collect();
    let mut categories = BTreeSet::new();
    for word in words {
        let (name, is_taken_away) = match word.strip_prefix('!') {
            Some(name) => (name, true),
            None => (word.as_str(), false),
        };
        let Some(meant) = sheet.word("categories", name, group, &known) else {
            continue;
        };
        for category in meant {
            if is_taken_away {
                categories.remove(&category);
            } else {
                categories.insert(category);
            }
        }
    }
    if categories.is_empty() {
        let remedy = "name what the rule is about, or leave the key away; !x comes after what it is taken from";
        sheet.add("categories", "no category is left", remedy);
    }
    Some(categories)
}

/// Reasons by name, or all of them by `any`.
fn reasons(words: Option<&Vec<String>>, sheet: &mut Sheet<'_>) -> Option<BTreeSet<Uninspectable>> {
    let names = Uninspectable::ALL.map(Uninspectable::as_str);
    let known: Vec<&str> = names.into_iter().chain(["any"]).collect();
    let read = |word: &str| match word {
        "any" => Some(Uninspectable::ALL.to_vec()),
        name => Uninspectable::parse(name).map(|reason| vec![reason]),
    };
    let sets = sheet.set("uninspectable", words, read, &known)?;
    Some(sets.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> String {
        let mistakes = read("policy.toml", text).unwrap_err();
        mistakes
            .iter()
            .map(|mistake| format!("{mistake}\n"))
            .collect()
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_the_nearest_word() {
        let text = mistakes(
            r#"
            colour = "red"
            [[rule]]
            name = "a"
            catgories = ["any"]
            categories = ["citizen_idd", "!phone"]
            carries = []
            grounds = ["z"]
            action = "blok"
            [[rule]]
            name = "b"
            subjects_min = 5
            subjects_max = 4
            uninspectable = ["encripted"]
            action = "redact"
            [[rule]]
            action = "block"
            [[rule]]
            name = "c"
            categories = ["records", "!records"]
            action = "allow"
            "#,
        );
        for expected in [
            "policy.toml: colour:",
            "rule \"a\": catgories: the key is unknown; did you mean \"categories\"?",
            "\"citizen_idd\" is not known here; did you mean \"citizen_id\"?",
            "did you mean \"phone_number\"?",
            "carries: the list is empty",
            "grounds: \"z\" is not known here; write one of a, b, c",
            "did you mean \"block\"?",
            "subjects_min",
            "did you mean \"encrypted\"?",
            "what cannot be read cannot be redacted",
            "rule no. 3: missing field `name`",
            "rule \"c\": categories: no category is left",
        ] {
            assert!(text.contains(expected), "{expected} is missing in:\n{text}");
        }
    }

    #[test]
    fn a_policy_that_lets_everything_pass_by_accident_is_refused() {
        assert!(mistakes("").contains("everything would pass"));
        assert!(mistakes("[[rule]").contains("TOML"));
        let twice = "[[rule]]\nname='a'\naction='block'\n[[rule]]\nname='a'\naction='audit'";
        assert!(mistakes(twice).contains("stands twice"));
    }
}
