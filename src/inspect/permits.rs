//! What did people allow, against the rules? Exceptions for a time, releases for once, and false
//! alarms of state secrecy, which two people lift together.
//!
//! The back office sets both here after they are in the chain; what is used is told back, so that
//! it gets into the chain, too. In memory only: the start fills it from the chain again.
//!
//! Never: a state secret is excepted or released; a lift covers one content, known by its digest.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::incident::{Fingerprint, IncidentFile};
use crate::policy::Exceptions;
use crate::store::IncidentRecord;

/// How many grants are kept: each was given by a person and lasts minutes.
const GRANTS_MAX: usize = 1000;

/// Leave to send one content once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The id of the incident that stopped it.
    pub incident: String,
    /// The workstation.
    pub client: IpAddr,
    /// The service's id.
    pub service: String,
    /// By what the content is known.
    pub content: Content,
    /// Until when.
    pub until: UnixMillis,
}

/// By what a content is known again: the body itself never comes twice, because services put new
/// ids into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The fingerprints of all that was found.
    pub values: BTreeSet<Fingerprint>,
    /// The file that could not be read.
    pub file: Option<IncidentFile>,
}

impl Content {
    /// By what the content of an incident is known again. Nothing, where it was not stopped, is a
    /// state secret, or is too large to be known whole.
    pub fn of(record: &IncidentRecord) -> Option<Self> {
        let values = record.findings.iter().map(|finding| &finding.fingerprint);
        let content = Self {
            values: values.cloned().collect(),
            file: record.file.clone(),
        };
        let is_whole = content.values.iter().all(|value| !value.0.is_empty());
        let is_stopped = record.action == Action::Block.as_str() && record.secret.is_none();
        (is_stopped && is_whole && !content.is_nameless()).then_some(content)
    }

    /// Whether there is nothing to know it by.
    pub fn is_nameless(&self) -> bool {
        self.values.is_empty() && self.file.is_none()
    }
}

/// What people allowed.
#[derive(Debug, Default)]
pub struct Permits {
    exceptions: ArcSwap<Exceptions>,
    uses: Mutex<BTreeMap<String, u64>>,
    grants: Mutex<Vec<Grant>>,
    lifted: ArcSwap<BTreeSet<Fingerprint>>,
}

impl Permits {
    /// Puts these exceptions in force, and no others.
    pub fn set_exceptions(&self, exceptions: Exceptions) {
        self.exceptions.store(Arc::new(exceptions));
    }

    /// Puts these lifts in force, and no others: digests of contents whose marking of state secrecy
    /// is a false alarm.
    pub fn set_lifted(&self, lifted: BTreeSet<Fingerprint>) {
        self.lifted.store(Arc::new(lifted));
    }

    /// Whether anything is lifted at all: asked before a digest is computed.
    pub(super) fn has_lifted(&self) -> bool {
        !self.lifted.load().is_empty()
    }

    /// Whether the content with this digest is lifted.
    pub(super) fn is_lifted(&self, digest: &Fingerprint) -> bool {
        self.lifted.load().contains(digest)
    }

    /// The same, for tests of other modules.
    #[cfg(test)]
    pub(crate) fn has_lift_of(&self, digest: &Fingerprint) -> bool {
        self.is_lifted(digest)
    }

    /// How often each exception was used since this was asked last, by its id.
    pub fn take_uses(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *locked(&self.uses))
    }

    /// Gives leave.
    pub fn grant(&self, grant: Grant) {
        let mut grants = locked(&self.grants);
        grants.retain(|known| known.incident != grant.incident);
        if grants.len() >= GRANTS_MAX {
            grants.remove(0);
        }
        grants.push(grant);
    }

    /// The exceptions in force.
    pub(super) fn exceptions(&self) -> Arc<Exceptions> {
        self.exceptions.load_full()
    }

    /// Counts a use of an exception.
    pub(super) fn used(&self, id: &str) {
        let mut uses = locked(&self.uses);
        let count = uses.entry(id.to_owned()).or_default();
        *count = count.saturating_add(1);
    }

    /// Whether any leave is given at all: asked before fingerprints are computed.
    pub(super) fn has_grants(&self) -> bool {
        !locked(&self.grants).is_empty()
    }

    /// Uses up the leave for a content, and gives the id of the incident that it was given for.
    pub(super) fn take(
        &self,
        client: IpAddr,
        service: &str,
        content: &Content,
        now: UnixMillis,
    ) -> Option<String> {
        let mut grants = locked(&self.grants);
        grants.retain(|grant| now < grant.until);
        let place = grants.iter().position(|grant| {
            grant.client == client && grant.service == service && grant.content == *content
        })?;
        Some(grants.remove(place).incident)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));

    fn content(values: &[&str]) -> Content {
        Content {
            values: values
                .iter()
                .map(|v| Fingerprint((*v).to_owned()))
                .collect(),
            file: None,
        }
    }

    fn permits() -> Permits {
        let permits = Permits::default();
        permits.grant(Grant {
            incident: "i".to_owned(),
            client: CLIENT,
            service: "chatgpt".to_owned(),
            content: content(&["aa", "bb"]),
            until: UnixMillis(100),
        });
        permits
    }

    #[test]
    fn a_grant_is_for_one_content_of_one_client_once() {
        let permits = permits();
        let take = |client, service, values: &[&str], at| {
            permits.take(client, service, &content(values), UnixMillis(at))
        };
        let other = "10.0.0.8".parse().unwrap();
        assert_eq!(take(other, "chatgpt", &["aa", "bb"], 1), None);
        assert_eq!(take(CLIENT, "gemini", &["aa", "bb"], 1), None);
        assert_eq!(take(CLIENT, "chatgpt", &["aa"], 1), None);
        assert_eq!(take(CLIENT, "chatgpt", &["aa", "bb", "cc"], 1), None);
        let used = take(CLIENT, "chatgpt", &["bb", "aa"], 1);
        assert_eq!(used.as_deref(), Some("i"));
        assert_eq!(take(CLIENT, "chatgpt", &["aa", "bb"], 1), None);
    }

    #[test]
    fn a_grant_ends() {
        let permits = permits();
        let content = content(&["aa", "bb"]);
        let late = permits.take(CLIENT, "chatgpt", &content, UnixMillis(100));
        assert_eq!(late, None);
        assert!(!permits.has_grants());
    }

    #[test]
    fn uses_are_told_once() {
        let permits = Permits::default();
        permits.used("K-1");
        permits.used("K-1");
        assert_eq!(permits.take_uses().get("K-1"), Some(&2));
        assert!(permits.take_uses().is_empty());
    }
}
