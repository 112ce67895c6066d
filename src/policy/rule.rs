//! When does a rule of the policy apply?

use std::collections::BTreeSet;

use crate::model::category::{Category, Ground};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, Circumstances};
use crate::model::finding::{Confidence, Finding};
use crate::model::uninspectable::Uninspectable;
use crate::policy::decide::{Unread, UnreadWhat};

/// One rule of the policy. An absent condition holds always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRule {
    /// Its name, kept in incidents.
    pub name: String,
    /// The categories it is about.
    pub categories: Option<BTreeSet<Category>>,
    /// The legal grounds it is about.
    pub grounds: Option<BTreeSet<Ground>>,
    /// How sure a finding must be.
    pub confidence_min: Confidence,
    /// The kinds of content it is about.
    pub carries: Option<BTreeSet<Carries>>,
    /// The services it is about, by id.
    pub services: Option<BTreeSet<String>>,
    /// The units it is about; compared without case.
    pub units: Option<BTreeSet<String>>,
    /// Only for records: at least so many people.
    pub subjects_min: Option<u32>,
    /// Only for records: at most so many people.
    pub subjects_max: Option<u32>,
    /// The reasons for not being readable that it is about. A rule that has these and no
    /// categories is not about findings.
    pub uninspectable: Option<BTreeSet<Uninspectable>>,
    /// What is done.
    pub action: Action,
    /// What the clerk is told, instead of the usual text.
    pub message: Option<String>,
}

impl PolicyRule {
    /// Whether the rule applies to a finding in a text that tells about so many people.
    pub(super) fn is_about(
        &self,
        finding: &Finding,
        people: u32,
        circumstances: &Circumstances,
    ) -> bool {
        let is_for_findings = self.categories.is_some() || self.uninspectable.is_none();
        is_for_findings
            && holds(self.categories.as_ref(), &finding.category)
            && finding.confidence >= self.confidence_min
            && match (&self.grounds, finding.ground) {
                (None, _) => true,
                (Some(grounds), Some(ground)) => grounds.contains(&ground),
                (Some(_), None) => false,
            }
            && self.counts(finding, people)
            && holds(self.carries.as_ref(), &circumstances.carries)
            && self.is_here(circumstances)
    }

    /// Whether the rule applies to something that could not be read.
    pub(super) fn is_about_unread(&self, unread: Unread, circumstances: &Circumstances) -> bool {
        let is_reason = match &self.uninspectable {
            None => false,
            Some(reasons) => reasons.contains(&unread.reason),
        };
        // A file inside a prompt is an upload, however it travels; on an account it is a portrait.
        let carries = match (unread.what, circumstances.carries) {
            (UnreadWhat::Body, carries) => carries,
            (UnreadWhat::File, Carries::Account) => Carries::Account,
            (UnreadWhat::File, _) => Carries::Upload,
        };
        is_reason
            && (holds(self.carries.as_ref(), &circumstances.carries)
                || holds(self.carries.as_ref(), &carries))
            && self.is_here(circumstances)
    }

    fn counts(&self, finding: &Finding, people: u32) -> bool {
        let (min, max) = (self.subjects_min, self.subjects_max);
        (min.is_none() && max.is_none())
            || (finding.category.is_record()
                && min.is_none_or(|min| people >= min)
                && max.is_none_or(|max| people <= max))
    }

    fn is_here(&self, circumstances: &Circumstances) -> bool {
        let unit = circumstances.unit.as_deref().map(folded_unit);
        let is_unit = match (&self.units, unit) {
            (None, _) => true,
            (Some(units), Some(unit)) => units.contains(&unit),
            (Some(_), None) => false,
        };
        is_unit && holds(self.services.as_ref(), &circumstances.service)
    }
}

/// A unit's name as it is compared: people write "Một cửa" and "một cửa ".
pub(super) fn folded_unit(name: &str) -> String {
    name.trim().to_lowercase()
}

fn holds<T: Ord>(condition: Option<&BTreeSet<T>>, value: &T) -> bool {
    condition.is_none_or(|set| set.contains(value))
}
