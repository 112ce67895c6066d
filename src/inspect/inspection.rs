//! What goes into an inspection and what comes out of it.

use bytes::Bytes;
use zeroize::Zeroizing;

use crate::inspect::cleared::{Cleared, Message, Request};
use crate::inspect::request_ids::RequestIds;
use crate::model::address::ClientAddr;
use crate::model::category::{Category, SecretLevel};
use crate::model::coverage::Coverage;
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::incident::IncidentDraft;
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;
use crate::payload::RequestShape;
use crate::service::RefusalShape;

/// A request collected whole, before anything is known of it.
#[derive(Debug)]
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
#[derive(Debug)]
pub enum Route {
    /// Collect the body and inspect it.
    Inspect,
    /// A shared host outside the paths of its rows: only its head is read.
    Passing,
}

/// The result of inspecting one request (`V` is [`Verdict`]) or WebSocket message
/// ([`MessageVerdict`]).
#[derive(Debug)]
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
    /// What a request on an unknown path looks like, without anything that it says.
    pub shape: Option<RequestShape>,
    /// The incident for whose content a person gave leave: what is sent uses the leave up.
    pub released: Option<String>,
    /// The text of a blocked request, where the office keeps it and it may be kept.
    pub evidence: Option<BlockedText>,
    /// What was found, for the counters.
    pub found: Vec<(Category, Confidence)>,
}

/// The text of a blocked request, on its way to be sealed. Wiped from memory when it is dropped.
#[derive(Debug)]
pub enum BlockedText {
    /// All that a person wrote of it.
    Whole(Sensitive<Zeroizing<String>>),
    /// More than may be kept.
    TooLarge,
}

/// What to do with an inspected request.
#[derive(Debug)]
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

/// The result of inspecting one WebSocket message.
pub type MessageInspection = Inspection<MessageVerdict>;

/// What to do with a WebSocket message.
#[derive(Debug)]
pub enum MessageVerdict {
    /// Send it up, perhaps with placeholders.
    Forward(Cleared<Message>),
    /// Do not send it; tell the client why.
    Refuse(Box<RefusalFacts>),
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
    /// Whether nothing can be replaced in what this service takes, so that another tool is better.
    pub is_fixed: bool,
    /// The ids that an answer in the service's own shape names again.
    pub ids: RequestIds,
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
