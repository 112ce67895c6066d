//! The whole story of a request: open, judge, and what follows.
//!
//! In: a request collected whole, who sends it, and when. Out: an [`Inspection`] with a verdict
//! (forward, refuse, answer here) and the incident to store before anything moves.
//! [`Inspector::inspect`] reads as the data flow:
//!
//! ```text
//! recognize ─► open ─► normalize ─► detect ─► decide ─► redact ─► Cleared<Request>
//!  service    payload                         policy      │
//!                                                         ├──► refusal
//!                                                         └──► incident
//! ```
//!
//! Only this module can make a [`Cleared`], and nothing else may be sent to an AI service, so a
//! path that forgets to inspect does not compile. An [`Inspector`] is an immutable snapshot of
//! catalogue, rules and policy: an exchange keeps the one it began with.
//!
//! Never: IO, or a decision of its own; `policy` decides.
//!
//! Read next: `open` (act one), `judge` (act two), `verdict` (act three), `draft` (what is kept
//! and told), `restore` (what the answer shows again).

mod allowed;
mod cleared;
mod draft;
mod evidence;
mod find;
mod gathered;
mod held_back;
mod inspection;
mod judge;
mod lifted;
mod offline;
mod offsets;
mod open;
mod passing;
mod permits;
#[cfg(test)]
mod recut_tests;
mod request_ids;
mod restore;
#[cfg(test)]
mod restore_tests;
mod samples;
mod seam;
mod secret_memory;
mod shape;
mod sheet;
mod sheet_row;
mod spoken;
mod verdict;

use std::sync::{Arc, Mutex};

use http::request::Parts;

pub use crate::model::coverage::Coverage;
pub use cleared::{Cleared, Message, MessageKind, Passing, Request};
pub use find::find;
pub use inspection::{
    BlockedText, CollectedRequest, FoundForPeople, Inspection, MessageInspection, MessageVerdict,
    RefusalFacts, RefusalReason, Route, Sender, Verdict,
};
pub use offline::{OfflineFinding, OfflineScan};
pub use passing::HeadVerdict;
pub use permits::{Content, Grant, Permits};
pub use request_ids::RequestIds;
pub use restore::{BodyRestorer, Clock, Restoring};
pub use samples::check_samples;

use crate::detect::Detector;
use crate::inspect::judge::Judgement;
use crate::inspect::open::{Opening, Reading};
use crate::inspect::secret_memory::SecretMemory;
use crate::model::exchange::UnixMillis;
use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::payload::{self, RequestShape};
use crate::policy::Policy;
use crate::redact::{KeyedHash, Placeholders, WayBack};
use crate::service::{Catalogue, Recognized, Service, is_never_intercepted};

#[cfg(test)]
mod allowed_tests;
#[cfg(test)]
mod corner_tests;
#[cfg(test)]
mod evidence_tests;
#[cfg(test)]
mod gathered_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wire_tests;

/// The catalogue's id of the self-test.
const SELF_TEST: &str = "self-test";

/// What an inspector is made of; a reload replaces all of it but the node.
pub struct InspectorParts {
    /// Which services there are.
    pub catalogue: Arc<Catalogue>,
    /// What to recognize.
    pub detector: Arc<Detector>,
    /// What follows.
    pub policy: Arc<Policy>,
    /// The bounds.
    pub limits: Arc<Limits>,
    /// The node's keys and memory, which outlive a reload.
    pub node: Arc<Node>,
}

/// The keys and the memory of this node: nothing of them ever leaves it, or reaches a disk.
pub struct Node {
    hash: KeyedHash,
    placeholders: Placeholders,
    /// The way from placeholders back to values.
    way_back: Mutex<WayBack>,
    /// State secrets blocked in the last 24 hours.
    secrets: SecretMemory,
    /// What people allowed.
    permits: Arc<Permits>,
}

impl Node {
    /// A node with these secret keys and nothing in memory.
    pub fn new(hash_key: [u8; 32], placeholder_key: [u8; 32], limits: &Limits) -> Self {
        Self {
            hash: KeyedHash::new(hash_key),
            placeholders: Placeholders::new(placeholder_key),
            way_back: Mutex::new(WayBack::new(limits)),
            secrets: SecretMemory::new(),
            permits: Arc::default(),
        }
    }

    /// What people allowed; the back office sets it.
    pub fn permits(&self) -> Arc<Permits> {
        Arc::clone(&self.permits)
    }
}

/// The inspection of requests.
pub struct Inspector {
    parts: InspectorParts,
    /// Whether the text of a blocked request is handed out, to be sealed.
    keeps_evidence: bool,
}

impl Inspector {
    /// An inspector over one consistent set of parts.
    pub const fn new(parts: InspectorParts) -> Self {
        Self {
            parts,
            keeps_evidence: false,
        }
    }

    /// The same, which hands out the text of a blocked request, or does not.
    #[must_use]
    pub const fn keeping_evidence(mut self, is_kept: bool) -> Self {
        self.keeps_evidence = is_kept;
        self
    }

    /// The bounds in force.
    pub fn limits(&self) -> &Limits {
        &self.parts.limits
    }

    /// The catalogue in force.
    pub fn catalogue(&self) -> &Catalogue {
        &self.parts.catalogue
    }

    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        &self.parts.policy
    }

    /// The rules of recognition in force.
    pub fn detector(&self) -> &Detector {
        &self.parts.detector
    }

    /// The AI tool that a request is for, by its head; none on a shared host outside its rows.
    pub fn tool_of(&self, host: &str, head: &Parts) -> Option<&Service> {
        let upgrade = open::upgrade_of(head);
        let path = head.uri.path();
        let catalogue = &self.parts.catalogue;
        match catalogue.recognize_read(host, &head.method, path, upgrade) {
            Recognized::Endpoint { service, .. } | Recognized::UnknownPath(service) => {
                Some(service)
            }
            Recognized::Passing(_) | Recognized::NotAi => None,
        }
    }

    /// Whether a host belongs to an AI service.
    pub fn is_ai_host(&self, host: &str) -> bool {
        self.parts.catalogue.is_ai_host(host)
    }

    /// Whether a host is in no catalogue and looks like an AI service by its name.
    pub fn looks_like_ai(&self, host: &str) -> bool {
        self.parts.catalogue.looks_like_ai(host)
    }

    /// The service whose host this is; the one that stands for unknown AI hosts, where the host
    /// looks like one of them.
    pub fn service_of(&self, host: &str) -> Option<&Service> {
        let catalogue = &self.parts.catalogue;
        catalogue.service_of(host).or_else(|| {
            catalogue
                .unknown_ai()
                .filter(|_| catalogue.looks_like_ai(host))
        })
    }

    /// Whether a host is never opened: state organs, banks, signatures, private chats.
    pub fn is_never_intercepted(&self, host: &str) -> bool {
        is_never_intercepted(host)
    }

    /// Looks at the head alone: a shared host outside its rows' paths is none of our business.
    pub fn route(&self, host: &str, head: &Parts) -> Route {
        let upgrade = open::upgrade_of(head);
        match self
            .parts
            .catalogue
            .recognize(host, &head.method, head.uri.path(), upgrade)
        {
            Recognized::Passing(_) => Route::Passing,
            Recognized::NotAi | Recognized::Endpoint { .. } | Recognized::UnknownPath(_) => {
                Route::Inspect
            }
        }
    }

    /// Inspects one whole request.
    pub fn inspect(
        &self,
        request: &CollectedRequest,
        sender: &Sender,
        at: UnixMillis,
    ) -> Inspection {
        let parts = &self.parts;
        let opening = open::open_request(&parts.catalogue, request, &parts.limits);
        let readings = opening.readings();
        let case = Case {
            opening: &opening,
            readings: &readings,
            sender,
            at,
        };
        let mut judgement = self.judge(case);
        let verdict = verdict::of_request(&parts.node, case, &mut judgement, request);
        let shape = shape::of_request(case, &judgement, request);
        self.report(case, &judgement, verdict, shape)
    }

    /// Inspects one WebSocket message on its way up. `path` is the path of the upgrade request.
    ///
    /// Like a request: it goes up as it came or with placeholders, or not at all.
    pub fn inspect_message(
        &self,
        host: &str,
        path: &str,
        message: Message,
        sender: &Sender,
        at: UnixMillis,
    ) -> MessageInspection {
        let kind = match message.kind {
            MessageKind::Text => payload::MessageKind::Text,
            MessageKind::Binary => payload::MessageKind::Binary,
        };
        let parts = &self.parts;
        let opening = open::open_message(
            &parts.catalogue,
            host,
            path,
            &message.payload,
            kind,
            &parts.limits,
        );
        let readings = opening.readings();
        let case = Case {
            opening: &opening,
            readings: &readings,
            sender,
            at,
        };
        let mut judgement = self.judge(case);
        let shape = shape::of_message(case, &judgement, host, path);
        let verdict = verdict::of_message(&parts.node, case, &mut judgement, message);
        self.report(case, &judgement, verdict, shape)
    }

    /// Normalize, detect, decide.
    fn judge(&self, case: Case<'_>) -> Judgement {
        let parts = &self.parts;
        let findings = judge::scan(&parts.detector, case.opening, case.readings, case.at);
        let lifted = lifted::content(&parts.node, case, &findings);
        let findings = lifted::without_markings(findings, lifted.as_ref());
        let findings = allowed::without_excepted(&parts.node, case, findings);
        let unit = case.sender.unit.as_deref();
        let mut judgement =
            judge::decide(&parts.policy, case.opening, case.readings, findings, unit);
        self.hold_back_secrets(case, &mut judgement, lifted.as_ref());
        if lifted.is_some() {
            lifted::note(&mut judgement);
        }
        allowed::release(&parts.node, case, &mut judgement);
        if case.opening.service == SELF_TEST {
            judgement.notes.push(Note::SelfTest);
        }
        judgement
    }

    fn report<V>(
        &self,
        case: Case<'_>,
        judgement: &Judgement,
        verdict: V,
        shape: Option<RequestShape>,
    ) -> Inspection<V> {
        let opening = case.opening;
        let found = judgement
            .findings
            .iter()
            .map(|one| (one.category, one.confidence))
            .collect();
        Inspection {
            verdict,
            service: opening.service.to_owned(),
            endpoint: draft::endpoint_id(opening),
            carries: opening.carries,
            action: judgement.decision.action,
            incident: draft::incident(case, judgement, &self.parts.node.hash),
            coverage: coverage(opening),
            shape,
            released: judgement.released.clone(),
            evidence: self
                .keeps_evidence
                .then(|| evidence::text(case, judgement, self.parts.limits.evidence_bytes_max))
                .flatten(),
            found,
        }
    }
}

/// One request or message under inspection: what it holds, who sends it, when.
#[derive(Clone, Copy)]
struct Case<'a> {
    opening: &'a Opening<'a>,
    readings: &'a [Reading<'a>],
    sender: &'a Sender,
    at: UnixMillis,
}

/// A file that could not be read makes the request one that could not be, unless nobody wrote it.
fn coverage(opening: &Opening<'_>) -> Coverage {
    let is_unread = match &opening.body {
        Err(_) => true,
        Ok(body) => !body.opaque().is_empty(),
    };
    match opening.endpoint {
        _ if is_unread && !opening.passes_unreadable => Coverage::Uninspectable,
        Some(_) => Coverage::Parsed,
        None => Coverage::Generic,
    }
}
