//! Which answers hold placeholders of this client, and with which values are they turned back?
//!
//! In: the request that went up, who sent it, and the head of what came back. Out: a [`Restoring`]
//! that makes the [`Restorer`] for a body or a socket, or nothing: for the self-test (placeholders
//! are what it shows), for endpoints whose answers the catalogue does not know, and for clients
//! that have no value kept for this service, whose answers are then not touched at all.
//!
//! Never: a value of another client, or of another service.

use std::sync::{Arc, PoisonError};

use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use crate::answer::{AnswerKind, Begins, Decoder, Fields, Restorer, Role, Values};
use crate::inspect::inspection::Sender;
use crate::inspect::{Inspector, Node, SELF_TEST, open};
use crate::model::exchange::UnixMillis;
use crate::model::part::Step;
use crate::redact::{PlaceholderStart, placeholder_start};
use crate::service::{AnswerRow, AnswerText, Recognized};

/// A clock: the time is asked anew for each placeholder, because an answer may last for hours.
pub type Clock = fn() -> UnixMillis;

/// What is needed to turn the placeholders in an answer back.
pub struct Restoring {
    owner: Owner,
    row: Arc<AnswerRow>,
    bytes_max: usize,
    is_head_only: bool,
}

/// What turns one body back: its decoder first, where it is coded.
pub struct BodyRestorer {
    /// Undoes the content coding.
    pub decoder: Decoder,
    /// Turns placeholders back.
    pub restorer: Restorer,
}

impl Inspector {
    /// How the answer to a request is turned back, where that may be.
    pub fn restoring(
        &self,
        host: &str,
        head: &Parts,
        sender: &Sender,
        clock: Clock,
    ) -> Option<Restoring> {
        let upgrade = open::upgrade_of(head);
        let catalogue = &self.parts.catalogue;
        let recognized = catalogue.recognize(host, &head.method, head.uri.path(), upgrade);
        let Recognized::Endpoint { service, endpoint } = recognized else {
            return None;
        };
        if service.id == SELF_TEST {
            return None;
        }
        Some(Restoring {
            row: Arc::clone(endpoint.answer()?),
            owner: Owner {
                node: Arc::clone(&self.parts.node),
                client: sender.client.to_string(),
                service: service.id.clone(),
                clock,
            },
            bytes_max: self.parts.limits.answer_held_bytes_max,
            is_head_only: head.method == Method::HEAD,
        })
    }
}

impl Restoring {
    /// For the body under this head; nothing where it is to pass as it is. A part of a body (206)
    /// shows a value out of its place, and an unknown coding cannot be read.
    pub fn of_body(&self, status: StatusCode, headers: &HeaderMap) -> Option<BodyRestorer> {
        let is_whole = !self.is_head_only
            && !status.is_informational()
            && status != StatusCode::NO_CONTENT
            && status != StatusCode::PARTIAL_CONTENT
            && status != StatusCode::NOT_MODIFIED;
        if !is_whole || !self.owner.are_known() {
            return None;
        }
        let content_type = headers.get(header::CONTENT_TYPE);
        let content_type = content_type.map_or(Ok(""), |value| value.to_str()).ok()?;
        let kind = AnswerKind::of(content_type, self.row.form)?;
        let codings = headers.get_all(header::CONTENT_ENCODING).iter();
        let codings: Result<Vec<&str>, _> = codings.map(|value| value.to_str()).collect();
        Some(BodyRestorer {
            decoder: Decoder::new(&codings.ok()?.join(","), self.bytes_max)?,
            restorer: Restorer::new(kind, self.fields(), self.values(), self.bytes_max),
        })
    }

    /// For the messages of a socket, on their way down.
    pub fn of_socket(&self) -> Box<Restorer> {
        let (fields, values) = (self.fields(), self.values());
        Box::new(Restorer::of_socket(
            self.row.form,
            fields,
            values,
            self.bytes_max,
        ))
    }

    fn fields(&self) -> Box<dyn Fields> {
        Box::new(Row(Arc::clone(&self.row)))
    }

    fn values(&self) -> Box<dyn Values> {
        Box::new(self.owner.clone())
    }
}

/// The catalogue's row, as `answer` asks it.
struct Row(Arc<AnswerRow>);

impl Fields for Row {
    fn role(&self, place: &[Step]) -> Role {
        match self.0.text(place) {
            None => Role::Other,
            Some(AnswerText::Opened) => Role::Opened,
            Some(AnswerText::Piece(at)) => Role::Piece(at),
            Some(AnswerText::Whole(at)) => Role::Whole(at),
        }
    }

    fn are_patched(&self) -> bool {
        self.0.are_patches
    }
}

/// Whose values they are, and of which service.
#[derive(Clone)]
struct Owner {
    node: Arc<Node>,
    client: String,
    service: String,
    clock: Clock,
}

impl Values for Owner {
    fn begins(&self, text: &str) -> Begins {
        let start = placeholder_start(text);
        if start == PlaceholderStart::None {
            return Begins::Nothing;
        }
        let memory = &self.node.way_back;
        let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let (client, service, now) = (&self.client, &self.service, (self.clock)());
        match start {
            PlaceholderStart::None => Begins::Nothing,
            PlaceholderStart::Cut if memory.knows_start(client, service, text, now) => Begins::Cut,
            PlaceholderStart::Cut => Begins::Nothing,
            PlaceholderStart::Whole(bytes) => {
                let placeholder = text.get(..bytes).unwrap_or_default();
                match memory.value(client, service, placeholder, now) {
                    None => Begins::Nothing,
                    Some(value) => Begins::Known {
                        bytes,
                        value: value.to_owned(),
                    },
                }
            }
        }
    }

    fn are_known(&self) -> bool {
        let memory = &self.node.way_back;
        let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.has_any(&self.client, &self.service, (self.clock)())
    }
}
