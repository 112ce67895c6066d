//! Which findings did people say are none? Exceptions that hold for a time.
//!
//! An exception comes from a false alarm that a person proposed and an administrator confirmed. It
//! is about one value (known by its fingerprint) or about one rule of recognition; it may be bound
//! to a unit, and it ends. Never: a state secret is excepted.

use crate::model::category::Category;
use crate::model::exchange::UnixMillis;
use crate::model::finding::Finding;
use crate::model::incident::Fingerprint;
use crate::policy::rule::folded_unit;

/// One exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// What it is called in the log.
    pub id: String,
    /// What it is about.
    pub about: Excepted,
    /// Only in this unit; everywhere without one.
    pub unit: Option<String>,
    /// Until when.
    pub until: UnixMillis,
}

/// What an exception is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excepted {
    /// One value.
    Value(Fingerprint),
    /// All that a rule of recognition finds.
    Rule(String),
}

/// The exceptions in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exceptions(Vec<Exception>);

impl Exceptions {
    /// These, and no others.
    pub const fn new(exceptions: Vec<Exception>) -> Self {
        Self(exceptions)
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The exception that a finding falls under. The fingerprint is computed only if one is about
    /// values.
    pub fn covering(
        &self,
        finding: &Finding,
        fingerprint: impl Fn() -> Fingerprint,
        unit: Option<&str>,
        now: UnixMillis,
    ) -> Option<&Exception> {
        if self.0.is_empty() || finding.category == Category::StateSecret {
            return None;
        }
        let unit = unit.map(folded_unit);
        let is_here = |one: &&Exception| {
            let bound_to = one.unit.as_deref().map(folded_unit);
            now < one.until && (bound_to.is_none() || bound_to == unit)
        };
        let mut own = None;
        self.0.iter().filter(is_here).find(|one| match &one.about {
            Excepted::Value(value) => value == own.get_or_insert_with(&fingerprint),
            Excepted::Rule(rule) => *rule == finding.rule,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy_tests::labelled;
    use super::*;

    const NOW: UnixMillis = UnixMillis(100);

    fn exceptions(about: Excepted, unit: Option<&str>) -> Exceptions {
        Exceptions::new(vec![Exception {
            id: "K-1".to_owned(),
            about,
            unit: unit.map(str::to_owned),
            until: UnixMillis(200),
        }])
    }

    fn value() -> Fingerprint {
        Fingerprint("aa".to_owned())
    }

    #[test]
    fn a_value_is_excepted_until_its_day_and_in_its_unit() {
        let finding = labelled(Category::PhoneNumber);
        let only = exceptions(Excepted::Value(value()), Some("Một cửa"));
        let covers = |unit, now| only.covering(&finding, value, unit, now).is_some();
        assert!(covers(Some(" một cửa"), NOW));
        assert!(!covers(Some("Văn phòng"), NOW) && !covers(None, NOW));
        assert!(!covers(Some("Một cửa"), UnixMillis(200)));
        let other = || Fingerprint("bb".to_owned());
        assert!(
            only.covering(&finding, other, Some("Một cửa"), NOW)
                .is_none()
        );
    }

    #[test]
    fn a_rule_is_excepted_whatever_the_value_but_never_a_state_secret() {
        let finding = labelled(Category::PhoneNumber);
        let all = exceptions(Excepted::Rule(finding.rule.clone()), None);
        assert!(all.covering(&finding, value, None, NOW).is_some());
        let secret = labelled(Category::StateSecret);
        let all = exceptions(Excepted::Rule(secret.rule.clone()), None);
        assert!(all.covering(&secret, value, None, NOW).is_none());
    }
}
