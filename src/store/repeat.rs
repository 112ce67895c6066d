//! Does this draft need a record of its own, or does one on disk stand for it already?
//!
//! Two cases need none. A **repeat** (same client, service and fingerprints within ten minutes;
//! chat pages send a draft many times) names the first incident. What comes **over the rate** of a
//! client (60 records a minute) names that client's newest one. Both are counted here, in memory
//! and bounded, and one event states the count when the ten minutes or the minute are over. After
//! a crash the counts that were not yet written are lost; no incident is.
//!
//! Drafts of one composed message are a case of their own ([`composed`](super::composed)).
//!
//! More than the fingerprints must agree for a repeat: also the action and the policy rule,
//! because a block must never stand for something that went out.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::category::Severity;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::incident::{IncidentDraft, Receipt};

use super::canonical::Encoder;
use super::chain::Hash;
use super::composed::Composed;
use super::event::{EventRecord, OVER_RATE, REPEATS};

/// How long an incident stands for its repeats.
const REPEAT_MILLIS: u64 = 10 * 60 * 1000;
/// The time over which a client's records are counted.
const RATE_MILLIS: u64 = 60 * 1000;
/// How many records of one client in that time are made singly.
const RATE_RECORDS_MAX: u32 = 60;
/// How many incidents, and how many clients, are remembered: some 5 MB. The oldest gives way.
const REMEMBERED_MAX: usize = 10_000;

/// What is remembered of the last minutes.
#[derive(Debug)]
pub(super) struct Repeats {
    incidents: Windows<Hash>,
    clients: Windows<ClientKey>,
    composed: Composed,
}

/// A client's records; those about state secrets are counted apart, so that no flood of telephone
/// numbers hides one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ClientKey {
    address: String,
    secret: bool,
}

impl Default for Repeats {
    fn default() -> Self {
        Self {
            incidents: Windows::new(REPEAT_MILLIS, REPEATS),
            clients: Windows::new(RATE_MILLIS, OVER_RATE),
            composed: Composed::default(),
        }
    }
}

impl Repeats {
    /// The receipt of the incident that stands for a draft, which is counted; nothing if the draft
    /// needs a record.
    pub(super) fn stand_in(&mut self, draft: &IncidentDraft, now: UnixMillis) -> Option<Receipt> {
        if let Some(receipt) = self.composed.stand_in(draft, now) {
            return Some(receipt);
        }
        if let Some(window) = self.incidents.open(&content_key(draft), now) {
            return Some(window.count(draft.severity, now));
        }
        let window = self.clients.open(&client_key(draft), now)?;
        (window.records >= RATE_RECORDS_MAX).then(|| window.count(draft.severity, now))
    }

    /// Remembers that a draft became the record of this receipt. Gives the event that belongs to
    /// it, where there is one.
    pub(super) fn remember(
        &mut self,
        draft: &IncidentDraft,
        receipt: &Receipt,
    ) -> Option<EventRecord> {
        let now = receipt.recorded_at;
        self.incidents.remember(content_key(draft), receipt, now);
        self.clients.remember(client_key(draft), receipt, now);
        self.composed.remember(draft, receipt)
    }

    /// Forgets records that did not reach the disk, and what was counted for them.
    pub(super) fn forget(&mut self, receipts: &[Receipt]) {
        let lost: HashSet<&str> = receipts.iter().map(|lost| lost.id.as_str()).collect();
        let is_kept = |window: &Window| !lost.contains(window.receipt.id.as_str());
        self.incidents.by_key.retain(|_, window| is_kept(window));
        self.clients.by_key.retain(|_, window| is_kept(window));
        self.composed
            .forget(|receipt| !lost.contains(receipt.id.as_str()));
    }

    /// Takes the counts of all windows that are over.
    pub(super) fn take_over(&mut self, now: UnixMillis) -> Vec<EventRecord> {
        let mut events = self.incidents.take_over(now);
        events.extend(self.clients.take_over(now));
        events.extend(self.composed.take_over(now));
        events
    }

    /// Takes all counts, for the end of the program.
    pub(super) fn take_all(&mut self) -> Vec<EventRecord> {
        self.take_over(UnixMillis(i64::MAX))
    }
}

/// The windows of one sort. All are equally long, so the oldest is over first.
#[derive(Debug)]
struct Windows<K> {
    length_millis: u64,
    what: &'static str,
    by_key: HashMap<K, Window>,
    order: VecDeque<(UnixMillis, K)>,
    over: Vec<EventRecord>,
}

/// One incident (or client) and what it stood for since.
#[derive(Debug)]
struct Window {
    opened_at: UnixMillis,
    receipt: Receipt,
    records: u32,
    counted: u64,
    from: UnixMillis,
    until: UnixMillis,
    gravest: Severity,
}

impl Window {
    fn count(&mut self, severity: Severity, now: UnixMillis) -> Receipt {
        if self.counted == 0 {
            self.from = now;
            self.gravest = severity;
        }
        self.counted += 1;
        self.until = now;
        self.gravest = self.gravest.max(severity);
        self.receipt.clone()
    }
}

impl<K: Clone + Eq + std::hash::Hash> Windows<K> {
    fn new(length_millis: u64, what: &'static str) -> Self {
        Self {
            length_millis,
            what,
            by_key: HashMap::new(),
            order: VecDeque::new(),
            over: Vec::new(),
        }
    }

    /// The window of a key, while it is open. A clock set far back closes it, too.
    fn open(&mut self, key: &K, now: UnixMillis) -> Option<&mut Window> {
        let length = self.length_millis;
        let window = self.by_key.get_mut(key)?;
        (now.0.abs_diff(window.opened_at.0) < length).then_some(window)
    }

    fn remember(&mut self, key: K, receipt: &Receipt, now: UnixMillis) {
        if let Some(window) = self.open(&key, now) {
            window.records += 1;
            window.receipt = receipt.clone();
            return;
        }
        self.close(&key);
        while self.order.len() >= REMEMBERED_MAX {
            self.close_oldest();
        }
        self.order.push_back((now, key.clone()));
        let window = Window {
            opened_at: now,
            receipt: receipt.clone(),
            records: 1,
            counted: 0,
            from: now,
            until: now,
            gravest: Severity::Low,
        };
        self.by_key.insert(key, window);
    }

    fn take_over(&mut self, now: UnixMillis) -> Vec<EventRecord> {
        while let Some((opened_at, _)) = self.order.front()
            && now.0.abs_diff(opened_at.0) >= self.length_millis
        {
            self.close_oldest();
        }
        std::mem::take(&mut self.over)
    }

    fn close_oldest(&mut self) {
        let Some((opened_at, key)) = self.order.pop_front() else {
            return;
        };
        // The key may have a newer window, with its own place in the order.
        let is_this = |window: &Window| window.opened_at == opened_at;
        if self.by_key.get(&key).is_some_and(is_this) {
            self.close(&key);
        }
    }

    fn close(&mut self, key: &K) {
        let Some(window) = self.by_key.remove(key) else {
            return;
        };
        if window.counted > 0 {
            self.over.push(EventRecord {
                recorded_at: window.until,
                what: self.what.to_owned(),
                incident: window.receipt.id,
                count: window.counted,
                from: window.from,
                until: window.until,
                gravest: window.gravest.as_str().to_owned(),
            });
        }
    }
}

fn client_key(draft: &IncidentDraft) -> ClientKey {
    ClientKey {
        address: draft.client_address.clone(),
        secret: draft.secret.is_some(),
    }
}

/// What two drafts have in common when one repeats the other.
fn content_key(draft: &IncidentDraft) -> Hash {
    let mut key = Encoder::new();
    key.text(&draft.client_address)
        .text(&draft.service)
        .text(draft.action.as_str())
        .text(&draft.policy_rule)
        // What was only typed does not stand for what was sent.
        .text(match draft.carries {
            Carries::Draft => "draft",
            Carries::Prompt
            | Carries::Upload
            | Carries::Page
            | Carries::Account
            | Carries::Telemetry
            | Carries::Other => "",
        });
    if let Some(secret) = &draft.secret {
        key.text(&secret.digest.0);
        return Hash::of(&key.into_bytes());
    }
    let findings = draft.findings.iter();
    let mut fingerprints: Vec<&str> = findings.map(|f| f.fingerprint.0.as_str()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    key.list(&fingerprints, |key, fingerprint| {
        key.text(fingerprint);
    });
    // Without a finding it is the file and the reason that tell one incident from another.
    if draft.findings.is_empty() {
        key.text(&draft.endpoint)
            .optional(draft.uninspectable.as_ref(), |key, reason| {
                key.text(reason.as_str());
            })
            .optional(draft.file.as_ref(), |key, file| {
                key.text(&file.name_masked)
                    .text(&file.kind)
                    .number(file.bytes);
            });
    }
    Hash::of(&key.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{draft, secret_draft};
    use super::*;
    use crate::model::decision::Action;

    fn receipt(id: &str, at: i64) -> Receipt {
        Receipt {
            id: id.to_owned(),
            code: "222-222".to_owned(),
            recorded_at: UnixMillis(at),
        }
    }

    #[test]
    fn a_repeat_names_the_first_for_ten_minutes_and_is_counted_once() {
        let mut repeats = Repeats::default();
        repeats.remember(&draft("aa"), &receipt("first", 0));
        for at in [1, 599_999] {
            let stand_in = repeats.stand_in(&draft("aa"), UnixMillis(at));
            assert_eq!(stand_in.unwrap().id, "first");
        }
        assert!(
            repeats
                .stand_in(&draft("aa"), UnixMillis(600_000))
                .is_none()
        );
        let events = repeats.take_over(UnixMillis(600_000));
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].what.as_str(), events[0].count), (REPEATS, 2));
        assert_eq!(
            (events[0].from, events[0].until),
            (UnixMillis(1), UnixMillis(599_999))
        );
        assert!(repeats.take_all().is_empty());
    }

    #[test]
    fn another_value_client_service_or_action_is_no_repeat() {
        let mut repeats = Repeats::default();
        repeats.remember(&draft("aa"), &receipt("first", 0));
        let mut client = draft("aa");
        client.client_address = "10.0.0.9".to_owned();
        let mut service = draft("aa");
        service.service = "other".to_owned();
        let mut action = draft("aa");
        action.action = Action::Audit;
        for draft in [draft("bb"), client, service, action, secret_draft("aa")] {
            assert!(repeats.stand_in(&draft, UnixMillis(1)).is_none());
        }
    }

    #[test]
    fn a_state_secret_is_a_repeat_by_its_digest() {
        let mut repeats = Repeats::default();
        repeats.remember(&secret_draft("d1"), &receipt("first", 0));
        assert!(
            repeats
                .stand_in(&secret_draft("d1"), UnixMillis(1))
                .is_some()
        );
        assert!(
            repeats
                .stand_in(&secret_draft("d2"), UnixMillis(1))
                .is_none()
        );
    }

    #[test]
    fn over_sixty_records_a_minute_the_newest_stands_for_the_rest() {
        let mut repeats = Repeats::default();
        for number in 0..60 {
            let draft = draft(&format!("{number}"));
            assert!(repeats.stand_in(&draft, UnixMillis(number)).is_none());
            repeats.remember(&draft, &receipt(&format!("{number}"), number));
        }
        let stand_in = repeats.stand_in(&draft("60"), UnixMillis(60)).unwrap();
        assert_eq!(stand_in.id, "59");
        assert!(
            repeats
                .stand_in(&secret_draft("60"), UnixMillis(60))
                .is_none()
        );
        assert!(repeats.stand_in(&draft("61"), UnixMillis(60_000)).is_none());
        let events = repeats.take_over(UnixMillis(60_000));
        assert_eq!((events[0].what.as_str(), events[0].count), (OVER_RATE, 1));
    }

    #[test]
    fn what_did_not_reach_the_disk_stands_for_nothing() {
        let mut repeats = Repeats::default();
        repeats.remember(&draft("aa"), &receipt("lost", 0));
        repeats.stand_in(&draft("aa"), UnixMillis(1));
        repeats.forget(&[receipt("lost", 0)]);
        assert!(repeats.stand_in(&draft("aa"), UnixMillis(1)).is_none());
        assert!(repeats.take_all().is_empty());
    }

    #[test]
    fn memory_is_bounded_and_no_count_is_lost_to_the_bound() {
        let mut repeats = Repeats::default();
        for number in 0..REMEMBERED_MAX + 5 {
            let mut draft = draft("aa");
            draft.client_address = format!("client {number}");
            repeats.remember(&draft, &receipt(&format!("{number}"), 0));
            repeats.stand_in(&draft, UnixMillis(1));
        }
        assert!(repeats.incidents.by_key.len() <= REMEMBERED_MAX);
        assert!(repeats.incidents.order.len() <= REMEMBERED_MAX);
        assert_eq!(repeats.take_all().len(), REMEMBERED_MAX + 5);
    }
}
