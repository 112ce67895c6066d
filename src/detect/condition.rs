//! Which words tell of a person's condition, and which kind of record do they make?
//!
//! Never: a finding; a condition without a named person is none.

use std::collections::HashSet;

use crate::detect::words;
use crate::model::category::{Category, Ground};
use crate::model::finding::{RECORD_RULE, VULNERABLE_RULE};

const CONDITIONS: &str = include_str!("../../patterns/words/conditions.txt");

/// The section of words that are others without their diacritics.
const WRITTEN_ONLY: &str = "written_only";

/// What a word tells of a person. Ordered by which one names a mixed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Condition {
    /// A private matter that a message tells: it names no record of whom more is known.
    Matter(Ground),
    /// A child at school, of whom nothing else is told: winners of prizes are named in public.
    Pupil,
    /// School.
    Student,
    /// Social policy: those who get something by it.
    Welfare,
    /// The vulnerable: the disabled, orphans, the old and alone, victims of violence.
    Vulnerable,
    /// A field that every form has: it names a ground and nothing more.
    Field(Ground),
    /// Membership of the Party: lives of officials tell of it too.
    Party,
    /// Other grounds of NĐ 356/2025/NĐ-CP Đ4.1.
    Sensitive(Ground),
    /// Health.
    Health,
}

/// How a word of the lexicon is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Without case.
    AnyCase,
    /// As written: "THA" is an illness, "tha" is not.
    AsWritten,
    /// Without case, but only with diacritics.
    WithDiacritics,
}

impl Condition {
    /// Every word of the lexicon with what it tells.
    pub(super) fn lexicon() -> impl Iterator<Item = (&'static str, Self, Compared)> {
        let written: HashSet<&str> = words::section(CONDITIONS, WRITTEN_ONLY)
            .into_iter()
            .collect();
        words::sections(CONDITIONS)
            .into_iter()
            .filter_map(|(name, entries)| Some((name, Self::parse(name)?, entries)))
            .flat_map(move |(name, condition, entries)| {
                let compared: Vec<_> = entries
                    .into_iter()
                    .map(|word| (word, condition, compared(name, word, &written)))
                    .collect();
                compared
            })
    }

    /// Reads a section's name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let ground = match name {
            "health" | "abbreviation" => return Some(Self::Health),
            "welfare" => return Some(Self::Welfare),
            "vulnerable" => return Some(Self::Vulnerable),
            "student" => return Some(Self::Student),
            "pupil" => return Some(Self::Pupil),
            "ethnicity" => return Some(Self::Field(Ground::Ethnicity)),
            "belief" => return Some(Self::Field(Ground::Belief)),
            "party" => return Some(Self::Party),
            "faith" => Ground::Belief,
            "private_life" => Ground::PrivateLife,
            "biometrics" => Ground::Biometrics,
            "sexual_life" => Ground::SexualLife,
            "crime" => Ground::Crime,
            "location" => Ground::Location,
            "finance" => Ground::Finance,
            _ => return None,
        };
        Some(Self::Sensitive(ground))
    }

    /// The record it makes beside a named person.
    pub(super) const fn record(self) -> Category {
        match self {
            Self::Health => Category::HealthRecord,
            Self::Welfare | Self::Vulnerable => Category::WelfareRecord,
            Self::Pupil | Self::Student => Category::StudentRecord,
            Self::Matter(Ground::Health) => Category::HealthRecord,
            Self::Matter(_) | Self::Field(_) | Self::Party | Self::Sensitive(_) => {
                Category::SensitiveRecord
            }
        }
    }

    /// The rule that a record of it is found by: reports tell the vulnerable apart.
    pub(super) const fn rule(self) -> &'static str {
        match self {
            Self::Vulnerable => VULNERABLE_RULE,
            Self::Pupil
            | Self::Student
            | Self::Welfare
            | Self::Field(_)
            | Self::Party
            | Self::Matter(_)
            | Self::Sensitive(_)
            | Self::Health => RECORD_RULE,
        }
    }

    /// Why it is sensitive by law.
    pub(super) const fn ground(self) -> Option<Ground> {
        match self {
            Self::Health => Some(Ground::Health),
            Self::Party => Some(Ground::Belief),
            Self::Matter(ground) | Self::Field(ground) | Self::Sensitive(ground) => Some(ground),
            Self::Welfare | Self::Vulnerable | Self::Pupil | Self::Student => None,
        }
    }

    /// Whether it makes a record with a name and nothing else.
    pub(super) const fn counts_alone(self) -> bool {
        self.names_record() && !matches!(self, Self::Pupil | Self::Party)
    }

    /// Whether it makes a record of its kind beside other elements. Every form has a field for ethnicity,
    /// and many for belief, so those only set a ground.
    pub(super) const fn names_record(self) -> bool {
        !matches!(self, Self::Field(_))
    }
}

/// The kind of record that a condition makes.
pub(super) fn category_of(condition: Option<Condition>) -> Category {
    condition
        .filter(|condition| condition.names_record())
        .map_or(Category::PersonalRecord, Condition::record)
}

/// How a word of a section is compared.
fn compared(section: &str, word: &str, written: &HashSet<&str>) -> Compared {
    if section == "abbreviation" {
        Compared::AsWritten
    } else if written.contains(word) {
        Compared::WithDiacritics
    } else {
        Compared::AnyCase
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vulnerable_are_told_apart_from_beneficiaries() {
        let of = |word: &str| {
            let found = Condition::lexicon().find(|(entry, ..)| *entry == word);
            found.map(|(_, condition, _)| (condition.record(), condition.rule()))
        };
        let welfare = Category::WelfareRecord;
        assert_eq!(of("hộ nghèo"), Some((welfare, RECORD_RULE)));
        assert_eq!(of("trẻ mồ côi"), Some((welfare, VULNERABLE_RULE)));
    }

    #[test]
    fn every_section_of_the_lexicon_is_known() {
        for (name, entries) in words::sections(CONDITIONS) {
            assert!(
                Condition::parse(name).is_some() || name == WRITTEN_ONLY,
                "{name}"
            );
            for entry in entries {
                let is_abbreviation = name == "abbreviation";
                assert!(
                    is_abbreviation || entry == entry.to_lowercase(),
                    "{name}: {entry}"
                );
            }
        }
    }
}
