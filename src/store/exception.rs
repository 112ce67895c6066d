//! Which exceptions were proposed, confirmed, ended? Computed from deeds, in the chain's order.
//!
//! An exception comes from a false alarm: somebody proposes it, an administrator confirms it, and
//! it ends on its day or when somebody ends it. It is about one value, or about one rule of
//! recognition in one unit.

use crate::model::exchange::UnixMillis;

use super::deed::{DeedRecord, What};

/// The names of the facts of a proposal.
pub mod facts {
    /// `value` or `rule`.
    pub const SCOPE: &str = "scope";
    /// The fingerprint of the value.
    pub const FINGERPRINT: &str = "fingerprint";
    /// The rule of recognition.
    pub const RULE: &str = "rule";
    /// The category.
    pub const CATEGORY: &str = "category";
    /// What may be shown of the value.
    pub const MASKED: &str = "masked";
    /// The unit; absent for all units.
    pub const UNIT: &str = "unit";
    /// Until when, in milliseconds since 1970.
    pub const UNTIL: &str = "until";
    /// Why.
    pub const REASON: &str = "reason";
    /// The code of the incident.
    pub const CODE: &str = "code";
    /// How often it was used.
    pub const COUNT: &str = "count";
}

/// What an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One value, known by its fingerprint.
    Value,
    /// All that one rule recognizes.
    Rule,
}

impl Scope {
    /// The name in the chain.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Rule => "rule",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Value, Self::Rule]
            .into_iter()
            .find(|scope| scope.as_str() == name)
    }
}

/// How an exception stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for an administrator.
    Proposed,
    /// It holds until its day.
    Confirmed,
    /// An administrator said no.
    Declined,
    /// Somebody ended it.
    Ended,
}

/// An exception with all that was done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionState {
    /// What it is called.
    pub id: String,
    /// The code of the incident that it came from.
    pub code: String,
    /// What it is about.
    pub scope: Scope,
    /// The fingerprint of the value.
    pub fingerprint: String,
    /// The rule of recognition.
    pub rule: String,
    /// The category.
    pub category: String,
    /// What may be shown of the value.
    pub masked: String,
    /// Only in this unit.
    pub unit: Option<String>,
    /// Until when.
    pub until: UnixMillis,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: UnixMillis,
    /// How it stands.
    pub standing: Standing,
    /// Who decided last; empty while it waits.
    pub decided_by: String,
    /// How often it was used.
    pub uses: u64,
}

impl ExceptionState {
    fn proposed(deed: &DeedRecord) -> Option<Self> {
        let fact = |name| deed.fact(name).unwrap_or_default().to_owned();
        Some(Self {
            id: deed.subject.clone()?,
            code: fact(facts::CODE),
            scope: Scope::parse(deed.fact(facts::SCOPE)?)?,
            fingerprint: fact(facts::FINGERPRINT),
            rule: fact(facts::RULE),
            category: fact(facts::CATEGORY),
            masked: fact(facts::MASKED),
            unit: deed.fact(facts::UNIT).map(str::to_owned),
            until: UnixMillis(deed.fact(facts::UNTIL)?.parse().ok()?),
            reason: fact(facts::REASON),
            proposed_by: deed.actor.name.clone(),
            proposed_at: deed.recorded_at,
            standing: Standing::Proposed,
            decided_by: String::new(),
            uses: 0,
        })
    }

    fn apply(&mut self, deed: &DeedRecord, what: What) {
        let standing = match (what, self.standing) {
            (What::ExceptionConfirmed, Standing::Proposed) => Standing::Confirmed,
            (What::ExceptionDeclined, Standing::Proposed) => Standing::Declined,
            (What::ExceptionEnded, Standing::Confirmed) => Standing::Ended,
            (What::ExceptionUsed, _) => {
                let count = deed.fact(facts::COUNT).and_then(|count| count.parse().ok());
                self.uses = self.uses.saturating_add(count.unwrap_or(0));
                return;
            }
            _ => return,
        };
        self.standing = standing;
        self.decided_by.clone_from(&deed.actor.name);
    }

    /// Whether it holds at a time.
    pub fn holds_at(&self, now: UnixMillis) -> bool {
        self.standing == Standing::Confirmed && now < self.until
    }
}

/// Reckons in a deed. They come in the chain's order.
pub(super) fn follow(all: &mut Vec<ExceptionState>, record: &DeedRecord) {
    let Some(what) = What::parse(&record.what) else {
        return;
    };
    let known = all
        .iter_mut()
        .find(|one| Some(&one.id) == record.subject.as_ref());
    match (what, known) {
        (What::ExceptionProposed, None) => all.extend(ExceptionState::proposed(record)),
        (_, Some(known)) => known.apply(record, what),
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::deed::{Actor, Deed};
    use super::*;

    fn fold(deeds: &[DeedRecord]) -> Vec<ExceptionState> {
        let mut all = Vec::new();
        for deed in deeds {
            follow(&mut all, deed);
        }
        all
    }

    fn deed(what: What, id: &str, count: &str) -> DeedRecord {
        let deed = Deed::new(Actor::terminal(), what)
            .subject(id)
            .fact(facts::SCOPE, "value")
            .fact(facts::FINGERPRINT, "aa")
            .fact(facts::UNTIL, "100")
            .fact(facts::COUNT, count);
        DeedRecord::new(deed, UnixMillis(5), "xa-thu")
    }

    #[test]
    fn an_exception_holds_from_its_confirmation_to_its_day_or_its_end() {
        let mut deeds = vec![deed(What::ExceptionProposed, "K-1", "0")];
        assert!(!fold(&deeds)[0].holds_at(UnixMillis(10)));
        deeds.push(deed(What::ExceptionConfirmed, "K-1", "0"));
        deeds.push(deed(What::ExceptionUsed, "K-1", "3"));
        let holding = fold(&deeds).remove(0);
        assert!(holding.holds_at(UnixMillis(99)) && !holding.holds_at(UnixMillis(100)));
        assert_eq!(holding.uses, 3);
        deeds.push(deed(What::ExceptionEnded, "K-1", "0"));
        deeds.push(deed(What::ExceptionConfirmed, "K-1", "0"));
        assert_eq!(fold(&deeds)[0].standing, Standing::Ended);
    }

    #[test]
    fn what_was_never_proposed_is_no_exception() {
        assert!(fold(&[deed(What::ExceptionConfirmed, "K-2", "0")]).is_empty());
    }
}
