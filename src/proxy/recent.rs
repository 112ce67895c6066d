//! What became of a workstation's requests lately? For the workstation's own page.
//!
//! Some services show nothing of a refusal in their window, and uploads nowhere: the clerk then
//! finds on `http://<proxy>/` what happened, and the code to read out. In: what was recorded. Out:
//! the events of one address in the last day, newest first.
//!
//! In memory only, bounded; a restart forgets it. Never: another workstation's events, a value
//! other than masked; of a state secret more than its level and code (Luật 117/2025/QH15).

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use super::found_text::found_line;
use super::incident_label;
use crate::inspect::FoundForPeople;
use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::incident::{IncidentDraft, Receipt};

/// How long an event is shown: a working day and the evening after it.
const SHOWN_MILLIS: u64 = 24 * 60 * 60 * 1000;
/// How many events of one workstation are kept.
const EVENTS_MAX: usize = 20;
/// How many workstations are remembered: some 8 MB. The one that was quiet longest gives way.
const CLIENTS_MAX: usize = 1000;
/// How many lines say what was found.
const LINES_MAX: usize = 8;

/// One event as its workstation may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentEvent {
    /// When it was recorded, as people write it.
    pub time: String,
    /// The service's name for people.
    pub service: String,
    /// What was done.
    pub done: &'static str,
    /// Whether it was stopped.
    pub is_block: bool,
    /// What was found, masked, one line per category; of a state secret its level.
    pub found: Vec<String>,
    /// The code to read out.
    pub code: String,
    /// How often the same came again.
    pub repeats: u32,
    at: UnixMillis,
    is_draft: bool,
}

impl RecentEvent {
    /// What a workstation may see of a draft, before it is stored. `service` is its name.
    pub(super) fn of(draft: &IncidentDraft, service: &str) -> Self {
        Self {
            time: String::new(),
            service: service.to_owned(),
            done: done(draft.action, draft.carries),
            is_block: draft.action == Action::Block,
            found: found(draft),
            code: String::new(),
            repeats: 0,
            at: UnixMillis(0),
            is_draft: draft.carries == Carries::Draft,
        }
    }
}

/// The events of all workstations.
#[derive(Debug, Default)]
pub(super) struct Recent {
    clients: Mutex<HashMap<IpAddr, VecDeque<RecentEvent>>>,
}

impl Recent {
    /// Remembers an event under the receipt that it got. One that the receipt of an earlier event
    /// stands for is counted there.
    pub(super) fn remember(&self, client: IpAddr, event: RecentEvent, receipt: &Receipt) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if !clients.contains_key(&client) && clients.len() >= CLIENTS_MAX {
            give_way(&mut clients);
        }
        let events = clients.entry(client).or_default();
        if let Some(known) = events.iter_mut().find(|known| known.code == receipt.code) {
            known.repeats = known.repeats.saturating_add(1);
            return;
        }
        if !event.is_draft {
            // What was typed is told with what was sent.
            events.retain(|known| !(known.is_draft && known.service == event.service));
        }
        events.push_front(RecentEvent {
            time: incident_label::recorded(receipt),
            code: receipt.code.clone(),
            at: receipt.recorded_at,
            ..event
        });
        events.truncate(EVENTS_MAX);
    }

    /// The events of one workstation in the last day, newest first.
    pub(super) fn of(&self, client: IpAddr, now: UnixMillis) -> Vec<RecentEvent> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(events) = clients.get_mut(&client) else {
            return Vec::new();
        };
        events.retain(|event| now.0.abs_diff(event.at.0) < SHOWN_MILLIS);
        let shown = events.iter().cloned().collect();
        if events.is_empty() {
            clients.remove(&client);
        }
        shown
    }
}

fn give_way(clients: &mut HashMap<IpAddr, VecDeque<RecentEvent>>) {
    let newest = |events: &VecDeque<RecentEvent>| events.front().map(|event| event.at);
    let quietest = clients.iter().min_by_key(|(_, events)| newest(events));
    if let Some(client) = quietest.map(|(client, _)| *client) {
        clients.remove(&client);
    }
}

/// What was done, as the workstation's page says it.
pub(super) const fn done(action: Action, carries: Carries) -> &'static str {
    match (action, carries) {
        (Action::Block, Carries::Draft) => "Đã giữ lại bản nháp",
        (
            Action::Block,
            Carries::Prompt
            | Carries::Upload
            | Carries::Page
            | Carries::Account
            | Carries::Telemetry
            | Carries::Other,
        ) => "Đã chặn",
        (Action::Redact, _) => "Đã che dữ liệu",
        (Action::Audit | Action::Allow, _) => "Cho qua, có ghi nhận",
    }
}

fn found(draft: &IncidentDraft) -> Vec<String> {
    if let Some(secret) = &draft.secret {
        return vec![format!("dấu chỉ độ mật ({})", secret.level.label())];
    }
    let mut lines: BTreeMap<Category, FoundForPeople> = BTreeMap::new();
    for finding in &draft.findings {
        let line = lines
            .entry(finding.category)
            .or_insert_with(|| FoundForPeople {
                label: finding.category.label(),
                masked: finding.masked.0.clone(),
                count: 0,
            });
        line.count = line.count.saturating_add(finding.count);
    }
    let unread = draft.uninspectable.map(|reason| reason.label().to_owned());
    let lines = lines.values().take(LINES_MAX).map(found_line);
    lines.chain(unread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::category::{SecretLevel, Severity};
    use crate::model::finding::Confidence;
    use crate::model::incident::{
        Fingerprint, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
    };

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));

    fn draft(carries: Carries, action: Action) -> IncidentDraft {
        let finding = |masked: &str| IncidentFinding {
            category: Category::PhoneNumber,
            ground: None,
            confidence: Confidence::High,
            count: 1,
            masked: MaskedExcerpt(masked.to_owned()),
            fingerprint: Fingerprint(masked.to_owned()),
            rule: String::new(),
            why: String::new(),
        };
        IncidentDraft {
            client_address: CLIENT.to_string(),
            unit: None,
            service: String::from("google-gemini-web"),
            endpoint: String::from("stream-generate"),
            carries,
            action,
            policy_rule: String::from("single"),
            severity: Severity::Low,
            outcome: Outcome::Prevented,
            subjects: 1,
            findings: vec![finding("SDT …01"), finding("SDT …02")],
            file: None,
            notes: Vec::new(),
            uninspectable: None,
            secret: None,
        }
    }

    fn receipt(code: &str, at: i64) -> Receipt {
        Receipt {
            id: format!("id {code}"),
            code: code.to_owned(),
            recorded_at: UnixMillis(at),
        }
    }

    fn event(draft: &IncidentDraft) -> RecentEvent {
        RecentEvent::of(draft, "Gemini")
    }

    #[test]
    fn a_workstation_sees_its_own_events_of_the_last_day_newest_first() {
        let recent = Recent::default();
        let draft = draft(Carries::Prompt, Action::Block);
        recent.remember(CLIENT, event(&draft), &receipt("AAA-111", 0));
        recent.remember(CLIENT, event(&draft), &receipt("BBB-222", 1000));
        recent.remember(CLIENT, event(&draft), &receipt("AAA-111", 0));
        let shown = recent.of(CLIENT, UnixMillis(2000));
        let codes: Vec<(&str, u32)> = shown.iter().map(|e| (e.code.as_str(), e.repeats)).collect();
        assert_eq!(codes, [("BBB-222", 0), ("AAA-111", 1)]);
        assert_eq!(shown[0].found, ["số điện thoại: 2, ví dụ SDT …01"]);
        assert_eq!(
            (shown[0].service.as_str(), shown[0].done),
            ("Gemini", "Đã chặn")
        );
        let other = "10.0.0.8".parse().unwrap();
        assert!(recent.of(other, UnixMillis(2000)).is_empty());
        assert!(recent.of(CLIENT, UnixMillis(86_401_000)).is_empty());
        assert!(recent.clients.lock().unwrap().is_empty());
    }

    #[test]
    fn of_a_state_secret_only_the_level_is_shown() {
        let mut secret = draft(Carries::Prompt, Action::Block);
        secret.secret = Some(SecretFacts {
            level: SecretLevel::B,
            rule: String::from("r"),
            place: String::from("line"),
            bytes: 1,
            digest: Fingerprint(String::from("d")),
        });
        assert_eq!(event(&secret).found, ["dấu chỉ độ mật (Tối mật)"]);
    }

    #[test]
    fn a_draft_gives_way_to_its_message() {
        let recent = Recent::default();
        let typed = draft(Carries::Draft, Action::Block);
        recent.remember(CLIENT, event(&typed), &receipt("AAA-111", 0));
        let sent = draft(Carries::Prompt, Action::Redact);
        recent.remember(CLIENT, event(&sent), &receipt("BBB-222", 1));
        let shown = recent.of(CLIENT, UnixMillis(2));
        assert_eq!((shown.len(), shown[0].done), (1, "Đã che dữ liệu"));
    }

    #[test]
    fn memory_is_bounded() {
        let recent = Recent::default();
        let draft = draft(Carries::Prompt, Action::Block);
        for number in 0..u32::try_from(CLIENTS_MAX).unwrap() + 5 {
            let client = IpAddr::V4(std::net::Ipv4Addr::from(number));
            recent.remember(client, event(&draft), &receipt("AAA-111", number.into()));
        }
        assert_eq!(recent.clients.lock().unwrap().len(), CLIENTS_MAX);
        let last = IpAddr::V4(std::net::Ipv4Addr::from(900));
        for number in 0..50 {
            let code = format!("C{number}");
            recent.remember(last, event(&draft), &receipt(&code, 2000 + number));
        }
        assert_eq!(recent.of(last, UnixMillis(3000)).len(), EVENTS_MAX);
    }
}
