//! How do rules, records and places make one action per finding?

use std::collections::{BTreeMap, BTreeSet};

use crate::model::category::Category;
use crate::model::decision::{Action, Decision};
use crate::model::exchange::{Carries, Circumstances};
use crate::model::finding::{Evidence, Finding};
use crate::model::part::PartId;
use crate::model::uninspectable::Uninspectable;
use crate::policy::people::{people_by_part, people_of};
use crate::policy::{Policy, PolicyRule};

/// A finding and the place it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// The finding. `element_of` is an index into the same list.
    pub finding: &'a Finding,
    /// Where it stands, as the catalogue sees it.
    pub place: FieldPlace,
}

/// What may be done with the field in which a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldPlace {
    /// A row names it, and a placeholder may stand in it.
    Listed,
    /// A row names it, but it cannot be edited: a file, a signed or counted body.
    Fixed,
    /// No row names it: the service might use it as an id or a switch.
    Unlisted,
}

/// Something that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Why.
    pub reason: Uninspectable,
    /// What it is.
    pub what: UnreadWhat,
}

/// What could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnreadWhat {
    /// The request's body or message itself.
    Body,
    /// A file in it.
    File,
}

/// An action and the rule that set it, by its place in the policy.
#[derive(Clone, Copy)]
struct Verdict {
    action: Action,
    rule: Option<usize>,
}

impl Verdict {
    const ALLOW: Self = Self {
        action: Action::Allow,
        rule: None,
    };

    /// The stricter of two; of equals, the one whose rule stands first in the policy.
    fn stricter(self, other: Self) -> Self {
        let rank = |verdict: Self| {
            let place = verdict.rule.unwrap_or(usize::MAX);
            (verdict.action, std::cmp::Reverse(place))
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}

impl Policy {
    /// Decides on one request.
    pub fn decide(
        &self,
        observed: &[Observed<'_>],
        unread: &[Unread],
        circumstances: &Circumstances,
    ) -> Decision {
        let people = people_by_part(observed.iter().map(|one| one.finding));
        let ruled: Vec<Verdict> = observed
            .iter()
            .map(|one| self.ruled(one.finding, &people, circumstances))
            .collect();
        let elements_of: BTreeSet<usize> = observed
            .iter()
            .filter_map(|one| one.finding.element_of)
            .collect();
        let placed: Vec<Verdict> = (0..)
            .zip(observed.iter().zip(&ruled))
            .map(|(at, (one, own))| {
                let Verdict { action, rule } = own.stricter(record_of(one.finding, &ruled));
                let has_no_element = one.finding.category.is_record() && !elements_of.contains(&at);
                let action = in_place(action, *one, has_no_element, circumstances.carries);
                Verdict { action, rule }
            })
            .collect();
        let unreadable = unread
            .iter()
            .map(|one| self.strictest(|rule| rule.is_about_unread(*one, circumstances)));
        let strictest = placed
            .iter()
            .copied()
            .chain(unreadable)
            .fold(Verdict::ALLOW, Verdict::stricter);
        let rule = strictest.rule.and_then(|at| self.rules.get(at));
        Decision {
            action: strictest.action,
            rule: rule.map(|rule| rule.name.clone()).unwrap_or_default(),
            message: rule.and_then(|rule| rule.message.clone()),
            per_finding: placed.iter().map(|verdict| verdict.action).collect(),
        }
    }

    /// What the rules say of one finding, wherever it stands.
    fn ruled(
        &self,
        finding: &Finding,
        people: &BTreeMap<PartId, u32>,
        circumstances: &Circumstances,
    ) -> Verdict {
        let here = people.get(&finding.part).copied().unwrap_or_default();
        let here = here.max(people_of(finding));
        self.strictest(|rule| rule.is_about(finding, here, circumstances))
    }

    fn strictest(&self, applies: impl Fn(&PolicyRule) -> bool) -> Verdict {
        (0..)
            .zip(&self.rules)
            .filter(|(_, rule)| applies(rule))
            .map(|(at, rule)| Verdict {
                action: rule.action,
                rule: Some(at),
            })
            .fold(Verdict::ALLOW, Verdict::stricter)
    }
}

/// What was said of the record to which an element belongs: its name, birth date and home share
/// the record's fate.
fn record_of(element: &Finding, ruled: &[Verdict]) -> Verdict {
    element
        .element_of
        .and_then(|record| ruled.get(record))
        .copied()
        .unwrap_or(Verdict::ALLOW)
}

/// What an action comes to in the place where the finding stands.
fn in_place(action: Action, one: Observed<'_>, has_no_element: bool, carries: Carries) -> Action {
    match (action, one.place) {
        (Action::Allow | Action::Audit, _) => action,
        // Ids and time stamps of services look like bare numbers. Figures of the service are not
        // missed by anyone, so there nothing is risked.
        (Action::Redact | Action::Block, FieldPlace::Unlisted)
            if is_bare_number(one.finding) && carries != Carries::Telemetry =>
        {
            Action::Audit
        }
        (Action::Redact, FieldPlace::Listed)
            if !has_no_element && is_replaceable(one.finding.category) =>
        {
            Action::Redact
        }
        (Action::Redact | Action::Block, _) => Action::Block,
    }
}

/// Whether a placeholder can stand for it: taking a marking away would hide what the text is.
const fn is_replaceable(category: Category) -> bool {
    !matches!(
        category,
        Category::StateSecret | Category::InternalDocument | Category::IdentityCardImage
    )
}

/// Whether nothing but the shape of a number speaks for the finding.
fn is_bare_number(finding: &Finding) -> bool {
    finding.element_of.is_none()
        && is_identifier(finding.category)
        && finding.category != Category::EmailAddress
        && (finding.is_bare() || is_card_by_chance(finding))
}

/// Whether a check digit is all that speaks for a card: one id in ten has the right one.
fn is_card_by_chance(finding: &Finding) -> bool {
    let is_of_digits = |evidence: &Evidence| match evidence {
        Evidence::Checksum | Evidence::Structure => true,
        Evidence::ContextWord { raises, .. } => !raises,
        Evidence::Label(_)
        | Evidence::Column(_)
        | Evidence::BirthYear
        | Evidence::OwnLine
        | Evidence::Elements(_)
        | Evidence::Rows(_)
        | Evidence::CardCode => false,
    };
    finding.category == Category::BankCard && finding.evidence.iter().all(is_of_digits)
}

/// Whether the category is a single value by which a person is known.
pub(super) const fn is_identifier(category: Category) -> bool {
    match category {
        Category::CitizenId
        | Category::IdentityCard
        | Category::PhoneNumber
        | Category::TaxCode
        | Category::SocialInsuranceNumber
        | Category::HealthInsuranceNumber
        | Category::PassportNumber
        | Category::DrivingLicence
        | Category::VehiclePlate
        | Category::BankAccount
        | Category::BankCard
        | Category::EmailAddress
        | Category::LandCertificate
        | Category::StudentCode
        | Category::PatientCode => true,
        Category::PersonName
        | Category::BirthDate
        | Category::HomeAddress
        | Category::PersonalRecord
        | Category::HealthRecord
        | Category::StudentRecord
        | Category::WelfareRecord
        | Category::SensitiveRecord
        | Category::IdentityCardImage
        | Category::StateSecret
        | Category::InternalDocument
        | Category::Credential => false,
    }
}
