//! The rows of the catalogue: a service, and what one of its endpoints takes.

use std::sync::Arc;

use http::Method;
use regex::RegexSet;

use crate::model::codec::Codec;
use crate::model::exchange::Carries;
use crate::model::part::PartLocator;
use crate::service::answer_row::AnswerRow;
use crate::service::catalogue::Upgrade;
use crate::service::field_path::FieldPath;
use crate::service::host::HostPattern;
use crate::service::refusal_shape::RefusalShape;
use crate::service::sample::Sample;

/// An AI service.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its id, as in incidents, metrics and policy.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whose it is.
    pub vendor: String,
    /// How it prints errors, unless an endpoint says otherwise.
    pub refusal: RefusalShape,
    /// Its endpoints: its own rows first, then those of its families.
    pub endpoints: Vec<Endpoint>,
    /// Its hosts.
    pub(super) hosts: Vec<HostPattern>,
    /// The paths of `endpoints`, in the same order.
    pub(super) paths: RegexSet,
}

impl Service {
    /// A host of it that is a whole name, where it has one.
    pub fn some_host(&self) -> Option<&str> {
        self.hosts.iter().find_map(|host| match host {
            HostPattern::Exact(name) => Some(name.as_str()),
            HostPattern::Below(_) | HostPattern::FirstLabel { .. } => None,
        })
    }

    /// The first row of this reach that names the request. `host` is folded, `path` is plain.
    pub(super) fn endpoint(
        &self,
        host: &str,
        method: &Method,
        path: &str,
        upgrade: Upgrade,
        reach: Reach,
    ) -> Option<&Endpoint> {
        self.paths
            .matches(path)
            .into_iter()
            .filter_map(|at| self.endpoints.get(at))
            .find(|endpoint| {
                endpoint.reach == reach
                    && endpoint.verbs.iter().any(|verb| verb.is(method, upgrade))
                    && endpoint.is_on(host)
            })
    }

    /// Whether a row that holds on shared hosts names the path, whatever the method.
    pub(super) fn names(&self, host: &str, path: &str) -> bool {
        self.paths
            .matches(path)
            .into_iter()
            .filter_map(|at| self.endpoints.get(at))
            .any(|endpoint| endpoint.reach == Reach::Own && endpoint.is_on(host))
    }
}

/// One endpoint of a service.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Its id within the service.
    pub id: String,
    /// How it is addressed.
    pub verbs: Vec<Verb>,
    /// What its requests carry.
    pub carries: Carries,
    /// In which form, where the row says so.
    pub codec: Option<Codec>,
    /// Whether its body may be edited.
    pub editable: Editable,
    /// How it prints errors.
    pub refusal: RefusalShape,
    /// Whether the row rests on a capture, working client code or the vendor's documents.
    pub is_verified: bool,
    /// Requests that prove the row.
    pub samples: Vec<Sample>,
    pub(super) path: String,
    pub(super) reach: Reach,
    pub(super) hosts: Vec<HostPattern>,
    pub(super) fields: Vec<FieldPath>,
    pub(super) ignored: Vec<FieldPath>,
    pub(super) seals: Vec<FieldPath>,
    pub(super) counted: Option<FieldPath>,
    pub(super) local_answer: Option<String>,
    pub(super) passes_unreadable: bool,
    pub(super) answer: Option<Arc<AnswerRow>>,
}

impl Endpoint {
    fn is_on(&self, host: &str) -> bool {
        self.hosts.is_empty() || self.hosts.iter().any(|pattern| pattern.covers(host))
    }

    /// Whether the row names the part as one that people write into.
    pub fn lists(&self, locator: &PartLocator) -> bool {
        self.fields.iter().any(|field| field.covers(locator))
    }

    /// Whether the part is a pure token (captcha, proof, id), which is never scanned.
    pub fn ignores(&self, locator: &PartLocator) -> bool {
        self.ignored.iter().any(|field| field.covers(locator))
    }

    /// Where in its answers text stands, where the catalogue says so.
    pub fn answer(&self) -> Option<&Arc<AnswerRow>> {
        self.answer.as_ref()
    }

    /// Whether the row names fields that are computed from what people write.
    pub const fn may_be_sealed(&self) -> bool {
        !self.seals.is_empty()
    }

    /// Whether the part is computed from what people write: where it says something, no text of
    /// the request may be changed.
    pub fn is_sealed_by(&self, locator: &PartLocator) -> bool {
        self.seals.iter().any(|field| field.covers(locator))
    }

    /// Whether what seals is places of characters in a text, which can be moved with it.
    pub const fn counts_characters(&self) -> bool {
        self.counted.is_some()
    }

    /// Whether `text` is the one, or one of those, in which the number at `offset` counts
    /// characters: named by the row, and within the same element of the same list.
    pub fn counts_in(&self, offset: &PartLocator, text: &PartLocator) -> bool {
        self.counted.as_ref().is_some_and(|field| {
            let shared = field.steps_to_element();
            field.covers(text) && offset.steps.get(..shared) == text.steps.get(..shared)
        })
    }

    /// The answer that its client takes without complaint when a request stays here.
    pub fn local_answer(&self) -> Option<LocalAnswer<'_>> {
        self.local_answer.as_deref().map(|body| LocalAnswer {
            content_type: "application/json",
            body,
        })
    }

    /// Whether a body that cannot be read passes: challenges and proofs of the service's front,
    /// which carry nothing a person wrote and without which nobody gets in.
    pub const fn passes_unreadable(&self) -> bool {
        self.passes_unreadable
    }
}

/// How an endpoint is addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// By a request with this method.
    Http(Method),
    /// By a WebSocket.
    WebSocket,
}

impl Verb {
    fn is(&self, method: &Method, upgrade: Upgrade) -> bool {
        match (self, upgrade) {
            (Self::Http(own), Upgrade::None) => own == method,
            (Self::WebSocket, Upgrade::WebSocket) => true,
            (Self::Http(_), Upgrade::WebSocket) | (Self::WebSocket, Upgrade::None) => false,
        }
    }
}

/// Whether the body of an endpoint may be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Editable {
    /// Placeholders may stand in its listed fields.
    InPlace,
    /// Signed, counted or binary: what must not leave is blocked.
    BlockOnly,
}

/// How far a row reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// It is the service's own, or of a family that the service names.
    Own,
    /// It is of a family for every service, tried last and never on shared hosts.
    Everywhere,
}

/// A harmless answer given here instead of by the service; its status is 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalAnswer<'a> {
    /// The `Content-Type` field.
    pub content_type: &'static str,
    /// The body.
    pub body: &'a str,
}
