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
//! Read next: `open` (act one), `judge` (act two), `draft` (what is kept and told).

mod cleared;
mod draft;
mod inspection;
mod judge;
mod offline;
mod open;
mod secret_memory;

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::request::Parts;

pub use cleared::{Cleared, Message, MessageKind, Passing, Request};
pub use inspection::{
    CollectedRequest, Coverage, FoundForPeople, Inspection, MessageInspection, MessageVerdict,
    RefusalFacts, RefusalReason, Route, Sender, Verdict,
};
pub use offline::{OfflineFinding, OfflineScan};

use crate::detect::Detector;
use crate::inspect::judge::Judgement;
use crate::inspect::open::{Opening, Reading, Region};
use crate::inspect::secret_memory::SecretMemory;
use crate::model::category::Category;
use crate::model::decision::{Action, Decision};
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::model::uninspectable::Uninspectable;
use crate::payload;
use crate::policy::Policy;
use crate::redact::{KeyedHash, Placeholders, Scope, WayBack};
use crate::service::{Catalogue, Recognized, is_never_intercepted};

#[cfg(test)]
mod tests;

/// The catalogue's id of the self-test.
const SELF_TEST: &str = "self-test";
/// The policy rule named when a repeat of a state secret is blocked without a marking.
const SECRET_REPEAT_RULE: &str = "state_secret_repeat";

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
}

impl Node {
    /// A node with these secret keys and nothing in memory.
    pub fn new(hash_key: [u8; 32], placeholder_key: [u8; 32], limits: &Limits) -> Self {
        Self {
            hash: KeyedHash::new(hash_key),
            placeholders: Placeholders::new(placeholder_key),
            way_back: Mutex::new(WayBack::new(limits)),
            secrets: SecretMemory::new(),
        }
    }
}

/// The inspection of requests.
pub struct Inspector {
    parts: InspectorParts,
}

impl Inspector {
    /// An inspector over one consistent set of parts.
    pub const fn new(parts: InspectorParts) -> Self {
        Self { parts }
    }

    /// The bounds in force.
    pub fn limits(&self) -> &Limits {
        &self.parts.limits
    }

    /// The catalogue in force.
    pub fn catalogue(&self) -> &Catalogue {
        &self.parts.catalogue
    }

    /// Whether a host belongs to an AI service.
    pub fn is_ai_host(&self, host: &str) -> bool {
        self.parts.catalogue.is_ai_host(host)
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
            Recognized::Passing(_) => Route::Passing(Cleared::new(Passing)),
            Recognized::NotAi | Recognized::Endpoint { .. } | Recognized::UnknownPath(_) => {
                Route::Inspect
            }
        }
    }

    /// Inspects one whole request.
    pub fn inspect(
        &self,
        request: CollectedRequest,
        sender: &Sender,
        at: UnixMillis,
    ) -> Inspection {
        let parts = &self.parts;
        let opening = open::open_request(
            &parts.catalogue,
            &request.host,
            &request.head,
            &request.body,
            &parts.limits,
        );
        let readings = opening.readings();
        let judgement = self.judge(&opening, &readings, sender, at);
        let verdict = self.verdict(&opening, &readings, &judgement, &request, sender, at);
        self.report(&opening, &readings, judgement, sender, verdict)
    }

    /// Inspects one WebSocket message on its way up. `path` is the path of the upgrade request.
    ///
    /// Nothing is redacted in messages: whatever policy would not let through as it is closes
    /// the socket.
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
        let mut judgement = self.judge(&opening, &readings, sender, at);
        let verdict = if judgement.decision.action >= Action::Redact {
            close(&mut judgement.decision);
            MessageVerdict::Close
        } else {
            MessageVerdict::Forward(Cleared::new(message))
        };
        self.report(&opening, &readings, judgement, sender, verdict)
    }

    /// Normalize, detect, decide.
    fn judge(
        &self,
        opening: &Opening<'_>,
        readings: &[Reading<'_>],
        sender: &Sender,
        at: UnixMillis,
    ) -> Judgement {
        let parts = &self.parts;
        let findings = judge::scan(&parts.detector, readings, at);
        let unit = sender.unit.as_deref();
        let mut judgement = judge::decide(&parts.policy, opening, readings, findings, unit);
        self.hold_back_secrets(readings, &mut judgement, at);
        judgement
    }

    /// A content that was blocked as a state secret stays blocked, marking or not.
    fn hold_back_secrets(
        &self,
        readings: &[Reading<'_>],
        judgement: &mut Judgement,
        at: UnixMillis,
    ) {
        let Node {
            secrets: memory,
            hash,
            ..
        } = &*self.parts.node;
        let texts = || {
            readings
                .iter()
                .filter(|reading| reading.region != Region::Head)
                .map(|reading| reading.part.text.expose().as_str())
        };
        if judgement.decision.action == Action::Block && judgement.has(Category::StateSecret) {
            memory.remember(texts(), hash, at);
        } else if memory.repeats(texts(), hash, at) {
            judgement.notes.push(Note::SecretRepeat);
            judgement.decision.action = Action::Block;
            judgement.decision.rule = SECRET_REPEAT_RULE.to_owned();
        }
    }

    /// What becomes of the request.
    fn verdict(
        &self,
        opening: &Opening<'_>,
        readings: &[Reading<'_>],
        judgement: &Judgement,
        request: &CollectedRequest,
        sender: &Sender,
        at: UnixMillis,
    ) -> Verdict {
        match judgement.decision.action {
            Action::Allow | Action::Audit => {
                forward(request, request.body.clone(), None, Redaction::None)
            }
            Action::Redact => self.redact(opening, readings, judgement, request, sender, at),
            Action::Block => stop(opening, readings, judgement),
        }
    }

    /// Replaces the values by placeholders and remembers the way back.
    fn redact(
        &self,
        opening: &Opening<'_>,
        readings: &[Reading<'_>],
        judgement: &Judgement,
        request: &CollectedRequest,
        sender: &Sender,
        at: UnixMillis,
    ) -> Verdict {
        let client = sender.client.to_string();
        let scope = Scope {
            client: &client,
            service: opening.service,
        };
        let node = &self.parts.node;
        let mut memory = node.way_back.lock().unwrap_or_else(PoisonError::into_inner);
        let knows = |code: &str| memory.knows(&client, opening.service, code, at);
        let (edits, way_back) =
            judge::plan_edits(&node.placeholders, &scope, readings, judgement, knows);
        memory.remember(&client, opening.service, way_back, at);
        drop(memory);
        let body = judge::rewrite_body(opening, &edits.body, &request.body);
        let query = match &opening.query {
            Some(query) if !edits.query.is_empty() => query.rewrite(&edits.query).ok().map(Some),
            Some(_) | None => Some(None),
        };
        match (body, query) {
            (Some(body), Some(query)) => forward(request, body, query, Redaction::Done),
            // An edit that cannot be made is a refusal, never a pass.
            (None, _) | (_, None) => stop(opening, readings, judgement),
        }
    }

    fn report<V>(
        &self,
        opening: &Opening<'_>,
        readings: &[Reading<'_>],
        mut judgement: Judgement,
        sender: &Sender,
        verdict: V,
    ) -> Inspection<V> {
        if opening.service == SELF_TEST {
            judgement.notes.push(Note::SelfTest);
        }
        let incident = match opening.carries {
            // Hits in telemetry are answered here and counted; they make no incident.
            Carries::Telemetry => None,
            Carries::Prompt
            | Carries::Upload
            | Carries::Draft
            | Carries::Page
            | Carries::Account
            | Carries::Other => {
                draft::incident(opening, readings, &judgement, sender, &self.parts.node.hash)
            }
        };
        Inspection {
            verdict,
            service: opening.service.to_owned(),
            endpoint: draft::endpoint_id(opening),
            carries: opening.carries,
            action: judgement.decision.action,
            incident,
            coverage: coverage(opening),
            found: judgement
                .findings
                .iter()
                .map(|f| (f.category, f.confidence))
                .collect(),
        }
    }
}

/// Whether values were replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Redaction {
    None,
    Done,
}

/// Clears the request with its (perhaps rewritten) body and query.
fn forward(
    request: &CollectedRequest,
    body: Bytes,
    query: Option<Bytes>,
    redaction: Redaction,
) -> Verdict {
    let mut head = request.head.clone();
    if let Some(uri) = query.and_then(|query| with_query(&head.uri, &query)) {
        head.uri = uri;
    }
    if head.headers.contains_key(http::header::CONTENT_LENGTH) {
        head.headers
            .insert(http::header::CONTENT_LENGTH, body.len().into());
    }
    let trailers = request.trailers.clone();
    Verdict::Forward {
        request: Box::new(Cleared::new(Request {
            head,
            body,
            trailers,
        })),
        redacted: redaction == Redaction::Done,
    }
}

fn with_query(uri: &http::Uri, query: &[u8]) -> Option<http::Uri> {
    let query = std::str::from_utf8(query).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(format!("{}?{query}", uri.path()).parse().ok()?);
    http::Uri::from_parts(parts).ok()
}

/// Stops the request: telemetry and drafts get a harmless answer, everything else a refusal.
fn stop(opening: &Opening<'_>, readings: &[Reading<'_>], judgement: &Judgement) -> Verdict {
    if opening.carries == Carries::Telemetry {
        return Verdict::AnswerHere {
            status: http::StatusCode::NO_CONTENT,
            content_type: "",
            body: Bytes::new(),
        };
    }
    let local = opening
        .endpoint
        .and_then(|endpoint| endpoint.local_answer());
    if let Some(answer) = local {
        return Verdict::AnswerHere {
            status: http::StatusCode::OK,
            content_type: answer.content_type,
            body: Bytes::from(answer.body.to_owned()),
        };
    }
    Verdict::Refuse(Box::new(draft::refusal(opening, readings, judgement)))
}

/// A message that would have been redacted is blocked instead.
fn close(decision: &mut Decision) {
    decision.action = Action::Block;
    for own in &mut decision.per_finding {
        if *own == Action::Redact {
            *own = Action::Block;
        }
    }
}

fn coverage(opening: &Opening<'_>) -> Coverage {
    match (&opening.body, opening.endpoint) {
        (Err(Uninspectable::Unknown), None) if opening.body_bytes == 0 => Coverage::Generic,
        (Err(_), _) => Coverage::Uninspectable,
        (Ok(_), Some(_)) => Coverage::Parsed,
        (Ok(_), None) => Coverage::Generic,
    }
}
