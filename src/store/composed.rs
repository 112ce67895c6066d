//! Which drafts belong to one composed message?
//!
//! A chat page sends what a clerk types many times before it is sent, and once more afterwards for
//! a title. One incident stands for all of it: the first draft with a hit makes a record; further
//! drafts of the same client and service that share a value with it are counted. The message that
//! follows makes its own record, which tells what became of it, and an event says that it continues
//! the draft's; so a draft that was corrected before it was sent stays a draft.
//!
//! In memory, bounded, for ten minutes. State secrets are never folded together: each is recorded.

use std::collections::{BTreeSet, HashMap};

use crate::model::category::Severity;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::incident::{IncidentDraft, Receipt};

use super::event::{CONTINUED, EventRecord, REPEATS};

/// How long a message is being composed at most.
const COMPOSING_MILLIS: u64 = 10 * 60 * 1000;
/// How many messages are remembered, some 6 MB with all their values. The oldest gives way.
const MESSAGES_MAX: usize = 2000;
/// How many fingerprints are remembered of one message.
const FINGERPRINTS_MAX: usize = 64;

/// Whose message, and for which service.
type Place = (String, String);

/// The messages that are being composed.
#[derive(Debug, Default)]
pub(super) struct Composed {
    messages: HashMap<Place, Message>,
    over: Vec<EventRecord>,
}

/// One message: the record that stands for it, and what it was seen to hold.
#[derive(Debug)]
struct Message {
    opened_at: UnixMillis,
    receipt: Receipt,
    stage: Stage,
    fingerprints: BTreeSet<String>,
    counted: Option<Counted>,
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Draft,
    Sent,
}

/// The drafts that made no record.
#[derive(Debug)]
struct Counted {
    count: u64,
    from: UnixMillis,
    until: UnixMillis,
    gravest: Severity,
}

impl Composed {
    /// The receipt of the incident that stands for a draft of a message, which is counted.
    pub(super) fn stand_in(&mut self, draft: &IncidentDraft, now: UnixMillis) -> Option<Receipt> {
        if stage(draft)? != Stage::Draft {
            return None;
        }
        let message = self.messages.get_mut(&place(draft))?;
        if message.is_over(now) || !message.shares_a_value(draft) {
            return None;
        }
        message.learn(draft);
        message.count(draft.severity, now);
        Some(message.receipt.clone())
    }

    /// Remembers that a draft became the record of this receipt. Gives the event to be recorded
    /// with it, where it continues the record of a draft.
    pub(super) fn remember(
        &mut self,
        draft: &IncidentDraft,
        receipt: &Receipt,
    ) -> Option<EventRecord> {
        let stage = stage(draft)?;
        let now = receipt.recorded_at;
        let key = place(draft);
        let mut event = None;
        let mut message = Message {
            opened_at: now,
            receipt: receipt.clone(),
            stage,
            fingerprints: BTreeSet::new(),
            counted: None,
        };
        message.learn(draft);
        match self.messages.remove(&key) {
            Some(older)
                if older.stage == Stage::Draft
                    && stage == Stage::Sent
                    && !older.is_over(now)
                    && older.shares_a_value(draft) =>
            {
                event = Some(continued(&older.receipt, draft.severity, now));
                // Its drafts are drafts of this message.
                message.counted = older.counted;
            }
            Some(older) => self.over.extend(older.repeats()),
            None => {}
        }
        if self.messages.len() >= MESSAGES_MAX {
            self.give_way();
        }
        self.messages.insert(key, message);
        event
    }

    /// Forgets records that did not reach the disk.
    pub(super) fn forget(&mut self, is_kept: impl Fn(&Receipt) -> bool) {
        self.messages.retain(|_, message| is_kept(&message.receipt));
    }

    /// Takes the counts of all messages that are over.
    pub(super) fn take_over(&mut self, now: UnixMillis) -> Vec<EventRecord> {
        let over = self.messages.extract_if(|_, message| message.is_over(now));
        let counts: Vec<EventRecord> = over.filter_map(|(_, message)| message.repeats()).collect();
        self.over.extend(counts);
        std::mem::take(&mut self.over)
    }

    fn give_way(&mut self) {
        let oldest = self.messages.iter().min_by_key(|(_, one)| one.opened_at);
        if let Some(key) = oldest.map(|(key, _)| key.clone())
            && let Some(message) = self.messages.remove(&key)
        {
            self.over.extend(message.repeats());
        }
    }
}

impl Message {
    /// A clock set far back ends it, too.
    fn is_over(&self, now: UnixMillis) -> bool {
        now.0.abs_diff(self.opened_at.0) >= COMPOSING_MILLIS
    }

    fn shares_a_value(&self, draft: &IncidentDraft) -> bool {
        let mut findings = draft.findings.iter();
        findings.any(|finding| self.fingerprints.contains(&finding.fingerprint.0))
    }

    fn learn(&mut self, draft: &IncidentDraft) {
        for finding in &draft.findings {
            if self.fingerprints.len() >= FINGERPRINTS_MAX {
                return;
            }
            self.fingerprints.insert(finding.fingerprint.0.clone());
        }
    }

    fn count(&mut self, severity: Severity, now: UnixMillis) {
        let counted = self.counted.get_or_insert(Counted {
            count: 0,
            from: now,
            until: now,
            gravest: severity,
        });
        counted.count += 1;
        counted.until = now;
        counted.gravest = counted.gravest.max(severity);
    }

    fn repeats(self) -> Option<EventRecord> {
        let counted = self.counted?;
        Some(EventRecord {
            recorded_at: counted.until,
            what: REPEATS.to_owned(),
            incident: self.receipt.id,
            count: counted.count,
            from: counted.from,
            until: counted.until,
            gravest: counted.gravest.as_str().to_owned(),
        })
    }
}

fn continued(draft: &Receipt, severity: Severity, now: UnixMillis) -> EventRecord {
    EventRecord {
        recorded_at: now,
        what: CONTINUED.to_owned(),
        incident: draft.id.clone(),
        count: 1,
        from: draft.recorded_at,
        until: now,
        gravest: severity.as_str().to_owned(),
    }
}

fn place(draft: &IncidentDraft) -> Place {
    (draft.client_address.clone(), draft.service.clone())
}

/// How far what was caught had come; nothing for what is no message, and for state secrets.
fn stage(draft: &IncidentDraft) -> Option<Stage> {
    if draft.secret.is_some() {
        return None;
    }
    match draft.carries {
        Carries::Draft => Some(Stage::Draft),
        Carries::Prompt => Some(Stage::Sent),
        Carries::Upload
        | Carries::Page
        | Carries::Account
        | Carries::Telemetry
        | Carries::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{draft, secret_draft};
    use super::*;

    fn receipt(id: &str, at: i64) -> Receipt {
        Receipt {
            id: id.to_owned(),
            code: "222-222".to_owned(),
            recorded_at: UnixMillis(at),
        }
    }

    fn typed(fingerprints: &[&str]) -> IncidentDraft {
        let mut typed = draft("aa");
        typed.carries = Carries::Draft;
        let finding = typed.findings.remove(0);
        for fingerprint in fingerprints {
            let mut one = finding.clone();
            (*fingerprint).clone_into(&mut one.fingerprint.0);
            typed.findings.push(one);
        }
        typed
    }

    #[test]
    fn drafts_that_share_a_value_with_the_last_are_counted_for_the_first() {
        let mut composed = Composed::default();
        assert!(
            composed
                .remember(&typed(&["a"]), &receipt("first", 0))
                .is_none()
        );
        for (at, values) in [(1, vec!["a"]), (2, vec!["a", "b"]), (3, vec!["b", "c"])] {
            let stand_in = composed.stand_in(&typed(&values), UnixMillis(at));
            assert_eq!(stand_in.unwrap().id, "first");
        }
        assert!(composed.stand_in(&typed(&["z"]), UnixMillis(4)).is_none());
        let late = UnixMillis(600_000);
        assert!(composed.stand_in(&typed(&["a"]), late).is_none());
        let events = composed.take_over(late);
        assert_eq!((events.len(), events[0].count), (1, 3));
    }

    #[test]
    fn the_message_continues_its_draft_and_stands_for_its_drafts() {
        let mut composed = Composed::default();
        composed.remember(&typed(&["aa"]), &receipt("typed", 0));
        composed.stand_in(&typed(&["aa"]), UnixMillis(1));
        let event = composed
            .remember(&draft("aa"), &receipt("sent", 2))
            .unwrap();
        assert_eq!(
            (event.what.as_str(), event.incident.as_str()),
            (CONTINUED, "typed")
        );
        // A title, and what is typed next with the same value.
        let title = composed.stand_in(&typed(&["aa"]), UnixMillis(3));
        assert_eq!(title.unwrap().id, "sent");
        let events = composed.take_over(UnixMillis(700_000));
        assert_eq!((events[0].incident.as_str(), events[0].count), ("sent", 2));
    }

    #[test]
    fn another_message_client_or_service_continues_nothing() {
        let mut composed = Composed::default();
        composed.remember(&typed(&["aa"]), &receipt("typed", 0));
        assert!(
            composed
                .remember(&draft("bb"), &receipt("sent", 1))
                .is_none()
        );
        composed.remember(&typed(&["aa"]), &receipt("typed", 2));
        let mut client = draft("aa");
        client.client_address = "10.0.0.9".to_owned();
        assert!(composed.remember(&client, &receipt("sent", 3)).is_none());
        let mut service = draft("aa");
        service.service = "other".to_owned();
        assert!(composed.remember(&service, &receipt("sent", 4)).is_none());
    }

    #[test]
    fn a_message_never_stands_in_for_a_message_and_secrets_stand_alone() {
        let mut composed = Composed::default();
        composed.remember(&draft("aa"), &receipt("sent", 0));
        assert!(composed.stand_in(&draft("aa"), UnixMillis(1)).is_none());
        let mut secret = secret_draft("d1");
        secret.carries = Carries::Draft;
        assert!(composed.remember(&secret, &receipt("secret", 2)).is_none());
        assert!(composed.stand_in(&secret, UnixMillis(3)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut composed = Composed::default();
        let values: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        for number in 0..MESSAGES_MAX + 5 {
            let mut one = typed(&values);
            one.client_address = number.to_string();
            composed.remember(&one, &receipt("typed", i64::try_from(number).unwrap()));
            composed.stand_in(&one, UnixMillis(i64::try_from(number).unwrap()));
        }
        assert!(composed.messages.len() <= MESSAGES_MAX);
        let largest = composed.messages.values().map(|one| one.fingerprints.len());
        assert_eq!(largest.max(), Some(FINGERPRINTS_MAX));
        assert_eq!(
            composed.take_over(UnixMillis(i64::MAX)).len(),
            MESSAGES_MAX + 5
        );
    }
}
