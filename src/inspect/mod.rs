//! The whole story in three acts: open, read, judge. (Skeleton.)

mod cleared;

use std::sync::Arc;

use bytes::Bytes;

pub use cleared::{Cleared, Message, MessageKind, Passing, Request};

use crate::model::address::ClientAddr;
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::Confidence;
use crate::model::incident::{IncidentDraft, Outcome};
use crate::model::limits::Limits;
use crate::model::uninspectable::Uninspectable;
use crate::service::RefusalShape;

/// A request collected whole, before anything is known of it.
pub struct CollectedRequest {
    /// Method, URI (origin form), version, header fields, extensions.
    pub head: http::request::Parts,
    /// The intercepted host: lower case, no port.
    pub host: String,
    /// The body as it came, codings and all.
    pub body: Bytes,
    /// Trailer fields, where there were any.
    pub trailers: Option<http::HeaderMap>,
}

/// Who sends.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The workstation.
    pub client: ClientAddr,
    /// Its unit, where one is known.
    pub unit: Option<String>,
}

/// What can be known from the head alone.
pub enum Route {
    /// Collect the body and inspect it.
    Inspect,
    /// A shared host outside the paths of its rows: pass it on, body unread.
    Passing(Cleared<Passing>),
}

/// How well a request could be read: the label `result` of `lachan_coverage_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// By a row of the catalogue.
    Parsed,
    /// Without a row: every string was scanned.
    Generic,
    /// Not at all.
    Uninspectable,
}

impl Coverage {
    /// The label's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parsed => "parsed",
            Self::Generic => "generic",
            Self::Uninspectable => "uninspectable",
        }
    }
}

/// The result of inspecting one request.
pub struct Inspection<V = Verdict> {
    /// What to do.
    pub verdict: V,
    /// The service's id.
    pub service: String,
    /// The endpoint's id, or `unknown`.
    pub endpoint: String,
    /// What the request carries.
    pub carries: Carries,
    /// What policy decided.
    pub action: Action,
    /// The incident to store before anything goes up or down.
    pub incident: Option<IncidentDraft>,
    /// How well it could be read.
    pub coverage: Coverage,
    /// What was found, for the counters.
    pub found: Vec<(Category, Confidence)>,
}

/// What to do with an inspected request.
pub enum Verdict {
    /// Send it up. `redacted` says whether values were replaced.
    Forward {
        /// The request.
        request: Box<Cleared<Request>>,
        /// Whether placeholders stand in it.
        redacted: bool,
    },
    /// Refuse it.
    Refuse(Box<RefusalFacts>),
    /// Answer here, without the service: harmless to the client.
    AnswerHere {
        /// The status.
        status: http::StatusCode,
        /// `Content-Type`, empty for none.
        content_type: &'static str,
        /// The body.
        body: Bytes,
    },
}

/// What a refusal says to people.
#[derive(Clone, Debug)]
pub struct RefusalFacts {
    /// The wire shape.
    pub shape: RefusalShape,
    /// The service's name for people.
    pub service_name: String,
    /// Why.
    pub reason: RefusalReason,
    /// The message of the policy rule, where it has one.
    pub message: Option<String>,
    /// The policy rule's name.
    pub rule: String,
    /// What was found, masked, one line per category.
    pub found: Vec<FoundForPeople>,
    /// How many people the content told about.
    pub subjects: u32,
}

/// Why a request was refused, from the clerk's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// A mark of state secrecy.
    StateSecret(SecretLevel),
    /// A mark of an internal document.
    InternalDocument,
    /// A password, token or key.
    Credential,
    /// A list of people.
    People,
    /// A record of a person, or identifiers where they cannot be hidden.
    PersonalData,
    /// A file or body that cannot be read.
    Uninspectable(Uninspectable),
}

/// One line of "what was found".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundForPeople {
    /// The category's Vietnamese label.
    pub label: &'static str,
    /// A masked example.
    pub masked: String,
    /// How many.
    pub count: u32,
}

/// The result of inspecting one WebSocket message.
pub type MessageInspection = Inspection<MessageVerdict>;

/// What to do with a WebSocket message.
pub enum MessageVerdict {
    /// Send it up.
    Forward(Cleared<Message>),
    /// Close the socket with 1008.
    Close,
}

/// The inspection of requests: an immutable snapshot of catalogue, rules, policy and keys.
pub struct Inspector {
    limits: Arc<Limits>,
}

/// What the skeleton blocks.
const SECRET: &[u8] = "TUYỆT MẬT".as_bytes();
/// What the skeleton replaces, and by what.
const VALUE: (&[u8], &[u8]) = (b"001099000001", b"CCCD1X7Q");

impl Inspector {
    /// A skeleton that knows one host, one secret and one value.
    pub const fn skeleton(limits: Arc<Limits>) -> Self {
        Self { limits }
    }

    /// The bounds in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether a host is one of the catalogue's.
    pub fn is_ai_host(&self, host: &str) -> bool {
        ["chatgpt.com", "claude.ai"].contains(&host)
    }

    /// Whether a host is one that must never be intercepted: the state, banks, private chats.
    pub fn is_never_intercepted(&self, host: &str) -> bool {
        host.ends_with(".gov.vn")
    }

    /// Looks at the head alone.
    pub fn route(&self, _host: &str, head: &http::request::Parts) -> Route {
        if head.uri.path().starts_with("/passing") {
            return Route::Passing(Cleared::new(Passing));
        }
        Route::Inspect
    }

    /// Inspects one whole request.
    pub fn inspect(
        &self,
        mut request: CollectedRequest,
        sender: &Sender,
        _at: UnixMillis,
    ) -> Inspection {
        let action = judged(&request.body);
        if action == Action::Redact {
            request.body = replaced(&request.body);
            let length = http::HeaderValue::from(request.body.len());
            request.head.headers.insert("content-length", length);
        }
        let verdict = match action {
            Action::Block => Verdict::Refuse(Box::new(RefusalFacts {
                shape: RefusalShape::Detail,
                service_name: "ChatGPT".to_owned(),
                reason: RefusalReason::StateSecret(SecretLevel::A),
                message: None,
                rule: "state_secret".to_owned(),
                found: Vec::new(),
                subjects: 0,
            })),
            Action::Allow | Action::Audit | Action::Redact => Verdict::Forward {
                request: Box::new(Cleared::new(Request {
                    head: request.head,
                    body: request.body,
                    trailers: request.trailers,
                })),
                redacted: action == Action::Redact,
            },
        };
        Inspection {
            verdict,
            service: "openai-chatgpt-web".to_owned(),
            endpoint: "unknown".to_owned(),
            carries: Carries::Other,
            action,
            incident: draft(action, sender),
            coverage: Coverage::Generic,
            found: Vec::new(),
        }
    }

    /// Inspects one WebSocket message on its way up. `path` is the path of the upgrade request.
    pub fn inspect_message(
        &self,
        _host: &str,
        _path: &str,
        message: Message,
        sender: &Sender,
        _at: UnixMillis,
    ) -> MessageInspection {
        let action = judged(&message.payload);
        MessageInspection {
            verdict: match action {
                Action::Block => MessageVerdict::Close,
                Action::Allow | Action::Audit | Action::Redact => {
                    MessageVerdict::Forward(Cleared::new(message))
                }
            },
            service: "openai-chatgpt-web".to_owned(),
            endpoint: "unknown".to_owned(),
            carries: Carries::Other,
            action,
            incident: draft(action, sender),
            coverage: Coverage::Generic,
            found: Vec::new(),
        }
    }
}

fn judged(body: &[u8]) -> Action {
    let holds = |what| memchr::memmem::find(body, what).is_some();
    match (holds(SECRET), holds(VALUE.0)) {
        (true, _) => Action::Block,
        (false, true) => Action::Redact,
        (false, false) => Action::Allow,
    }
}

fn replaced(body: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let from = String::from_utf8_lossy(VALUE.0);
    text.replace(from.as_ref(), &String::from_utf8_lossy(VALUE.1))
        .into()
}

fn draft(action: Action, sender: &Sender) -> Option<IncidentDraft> {
    (action > Action::Allow).then(|| IncidentDraft {
        client_address: sender.client.to_string(),
        unit: sender.unit.clone(),
        service: "openai-chatgpt-web".to_owned(),
        endpoint: "unknown".to_owned(),
        carries: Carries::Other,
        action,
        policy_rule: "skeleton".to_owned(),
        severity: Severity::Low,
        outcome: Outcome::Prevented,
        subjects: 0,
        findings: Vec::new(),
        file: None,
        notes: Vec::new(),
        uninspectable: None,
        secret: None,
    })
}
