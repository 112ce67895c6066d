//! Act one: which strings is this request about to send?
//!
//! The endpoint is recognized, the body opened, and every string listed: path, query, header
//! fields, body. A catalogue row decides only where a hit may be redacted; what it does not name
//! is read all the same.
//!
//! Never: a string left out because no row names it. The exceptions are credentials of the
//! transport ([`is_never_read`]) and the token fields that a row names under `ignore`.

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::inspect::inspection::CollectedRequest;
use crate::model::codec::BodyFormat;
use crate::model::exchange::Carries;
use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::model::part::{Part, PartId, PartKind, PartLocator, Place};
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;
use crate::payload::{self, Payload};
use crate::policy::FieldPlace;
use crate::service::{Catalogue, Editable, Endpoint, Recognized, RefusalShape, Service, Upgrade};

/// A request (or message) taken apart.
pub(super) struct Opening<'a> {
    pub service: &'a str,
    pub service_name: &'a str,
    pub endpoint: Option<&'a Endpoint>,
    pub carries: Carries,
    pub shape: RefusalShape,
    /// Path and header fields; offline, the given text.
    head: Vec<Part>,
    head_place: FieldPlace,
    /// The place of a part of the body that no row names.
    rowless_place: FieldPlace,
    /// The query string, where there is one.
    pub query: Option<Payload>,
    /// The body, or why it cannot be read.
    pub body: Result<Payload, Uninspectable>,
    pub body_bytes: usize,
    pub notes: Vec<Note>,
    /// Whether a digest, signature or count of the text forbids editing it.
    is_signed: bool,
    /// Whether a body that cannot be read passes: challenges, without which nobody gets in.
    pub passes_unreadable: bool,
}

/// In which piece of the request a part was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    Head,
    Query,
    Body,
}

/// A part to be read, and what may be done about a hit in it.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub part: &'a Part,
    pub region: Region,
    pub place: FieldPlace,
}

/// Opens a request to a host of the catalogue.
pub(super) fn open_request<'a>(
    catalogue: &'a Catalogue,
    request: &CollectedRequest,
    limits: &Limits,
) -> Opening<'a> {
    let CollectedRequest {
        head,
        host,
        body,
        trailers,
    } = request;
    let recognized =
        catalogue.recognize_read(host, &head.method, head.uri.path(), upgrade_of(head));
    let mut opening = Opening::of(&recognized, body.len());
    opening.is_signed = is_signed(&head.headers);
    opening.head = head_parts(head, trailers.as_ref(), limits);
    opening.query = head.uri.query().map(|query| {
        let opened = payload::open_query(query, limits);
        opening.notes.extend(opened.notes);
        opened.payload
    });
    opening.body = match payload::open(body, &body_format(head, opening.endpoint), limits) {
        Ok(opened) => {
            opening.notes.extend(opened.notes);
            Ok(opened.payload)
        }
        Err(reason) => Err(reason),
    };
    opening.seal();
    opening
}

/// Whether the request asks to become a WebSocket.
pub(super) fn upgrade_of(head: &Parts) -> Upgrade {
    if head.headers.contains_key(http::header::UPGRADE) {
        Upgrade::WebSocket
    } else {
        Upgrade::None
    }
}

/// Opens one WebSocket message; `path` is the path of the upgrade request.
pub(super) fn open_message<'a>(
    catalogue: &'a Catalogue,
    host: &str,
    path: &str,
    message: &Bytes,
    kind: payload::MessageKind,
    limits: &Limits,
) -> Opening<'a> {
    let recognized = catalogue.recognize_read(host, &http::Method::GET, path, Upgrade::WebSocket);
    let mut opening = Opening::of(&recognized, message.len());
    let codec = opening.endpoint.and_then(|endpoint| endpoint.codec);
    opening.body = match payload::open_message(message, kind, codec, limits) {
        Ok(opened) => {
            opening.notes.extend(opened.notes);
            Ok(opened.payload)
        }
        Err(reason) => Err(reason),
    };
    opening.seal();
    opening
}

/// Opens a file given on the command line, as an upload that cannot be edited.
pub(super) fn open_file<'a>(bytes: &Bytes, limits: &Limits) -> Opening<'a> {
    let mut opening = Opening::offline(Carries::Upload, bytes.len());
    opening.rowless_place = FieldPlace::Fixed;
    opening.body = payload::open(bytes, &BodyFormat::default(), limits).map(|opened| {
        opening.notes.extend(opened.notes);
        opened.payload
    });
    opening
}

/// Opens a text given on the command line, as a prompt: read as it stands, nothing is unpacked.
pub(super) fn open_text<'a>(text: String, limits: &Limits) -> Opening<'a> {
    let mut opening = Opening::offline(Carries::Prompt, text.len());
    opening.head_place = FieldPlace::Listed;
    opening.body =
        payload::open(&Bytes::new(), &BodyFormat::default(), limits).map(|opened| opened.payload);
    opening.head.push(Part {
        id: PartId(0),
        locator: PartLocator::whole(Place::Body),
        kind: PartKind::Value,
        text: Sensitive::new(text),
        editable: true,
    });
    opening
}

impl<'a> Opening<'a> {
    fn offline(carries: Carries, bytes: usize) -> Self {
        let mut opening = Self::of(&Recognized::NotAi, bytes);
        opening.carries = carries;
        opening.notes.clear();
        opening
    }

    fn of(recognized: &Recognized<'a>, body_bytes: usize) -> Self {
        let (service, endpoint): (Option<&Service>, Option<&Endpoint>) = match recognized {
            Recognized::NotAi => (None, None),
            Recognized::Passing(service) | Recognized::UnknownPath(service) => {
                (Some(*service), None)
            }
            Recognized::Endpoint { service, endpoint } => (Some(*service), Some(*endpoint)),
        };
        let notes = if endpoint.is_none() {
            vec![Note::UnknownPath]
        } else {
            Vec::new()
        };
        Self {
            service: service.map_or("unknown", |service| service.id.as_str()),
            service_name: service.map_or("công cụ AI", |service| service.name.as_str()),
            endpoint,
            carries: endpoint.map_or(Carries::Other, |endpoint| endpoint.carries),
            shape: endpoint.map_or_else(
                || service.map_or(RefusalShape::Generic, |service| service.refusal),
                |endpoint| endpoint.refusal,
            ),
            head: Vec::new(),
            head_place: FieldPlace::Unlisted,
            rowless_place: FieldPlace::Unlisted,
            query: None,
            body: Err(Uninspectable::Unknown),
            body_bytes,
            notes,
            is_signed: false,
            passes_unreadable: endpoint.is_some_and(Endpoint::passes_unreadable),
        }
    }

    /// Every part to be read, in order: head, query, body.
    pub(super) fn readings(&self) -> Vec<Reading<'_>> {
        let mut readings = Vec::new();
        for part in &self.head {
            readings.push(Reading {
                part,
                region: Region::Head,
                place: self.head_place,
            });
        }
        if let Some(query) = &self.query {
            self.list(query.parts(), Region::Query, &mut readings);
        }
        if let Ok(body) = &self.body {
            self.list(body.parts(), Region::Body, &mut readings);
        }
        readings
    }

    fn list<'s>(&self, parts: &'s [Part], region: Region, readings: &mut Vec<Reading<'s>>) {
        for part in parts {
            if self
                .endpoint
                .is_some_and(|endpoint| endpoint.ignores(&part.locator))
            {
                continue;
            }
            readings.push(Reading {
                part,
                region,
                place: self.place_of(part),
            });
        }
    }

    /// Forbids edits where a digest, signature or count depends on the text.
    fn seal(&mut self) {
        self.is_signed |= self.is_sealed();
        if self.is_signed {
            self.notes.push(Note::SignedBody);
        }
    }

    /// Whether a field that the row calls computed from the text is filled.
    fn is_sealed(&self) -> bool {
        let Some(endpoint) = self.endpoint else {
            return false;
        };
        // Places of characters move with the text; see `offsets`.
        if !endpoint.may_be_sealed() || endpoint.counts_characters() {
            return false;
        }
        let is_seal = |locator: &PartLocator| endpoint.is_sealed_by(locator);
        let says_something = |part: &Part| part.kind != PartKind::Key && is_seal(&part.locator);
        let mut payloads = self.query.iter().chain(self.body.as_ref().ok());
        payloads.any(|payload| {
            payload.parts().iter().any(says_something) || payload.may_have_number(is_seal)
        })
    }

    fn place_of(&self, part: &Part) -> FieldPlace {
        let Some(endpoint) = self
            .endpoint
            .filter(|endpoint| endpoint.lists(&part.locator))
        else {
            return self.rowless_place;
        };
        let may_edit = match endpoint.editable {
            Editable::InPlace => part.editable && !self.is_signed,
            Editable::BlockOnly => false,
        };
        if may_edit {
            FieldPlace::Listed
        } else {
            FieldPlace::Fixed
        }
    }
}

fn body_format(head: &Parts, endpoint: Option<&Endpoint>) -> BodyFormat {
    let joined = |name: http::HeaderName| {
        let values: Vec<&str> = head
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    BodyFormat {
        content_type: joined(http::header::CONTENT_TYPE),
        content_encoding: joined(http::header::CONTENT_ENCODING),
        codec: endpoint.and_then(|endpoint| endpoint.codec),
    }
}

/// The path and the header fields as parts, those after the body too. None of them can be edited.
fn head_parts(head: &Parts, trailers: Option<&HeaderMap>, limits: &Limits) -> Vec<Part> {
    let mut parts = payload::open_text(&unescape(head.uri.path()), Place::Path, limits);
    let fields = head.headers.iter().chain(trailers.into_iter().flatten());
    for (name, value) in fields {
        let place = Place::Header(name.as_str().to_owned());
        // A name that a client made up can carry a number as well as a value can.
        if name.as_str().bytes().any(|byte| byte.is_ascii_digit()) {
            parts.push(Part {
                id: PartId(0),
                locator: PartLocator::whole(place.clone()),
                kind: PartKind::Key,
                text: Sensitive::new(name.as_str().to_owned()),
                editable: false,
            });
        }
        if !is_never_read(name.as_str()) {
            let text = String::from_utf8_lossy(value.as_bytes());
            parts.extend(payload::open_text(&unescape(&text), place, limits));
        }
    }
    for (number, part) in parts.iter_mut().enumerate() {
        part.id = PartId(number);
        part.editable = false;
    }
    parts
}

fn unescape(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Header fields that hold credentials of the transport, or speak of the connection only.
fn is_never_read(name: &str) -> bool {
    matches!(
        name,
        "authorization" | "cookie" | "host" | "content-length" | "ocp-apim-subscription-key"
    ) || name.starts_with("proxy-")
        || name.ends_with("api-key")
        || name.ends_with("apikey")
}

/// Fields that bind the body's bytes (RFC 9530, RFC 9421, RFC 1864), or do by their name.
const SEALS: [&str; 6] = [
    "content-digest",
    "digest",
    "content-md5",
    "signature",
    "x-signature",
    "x-content-sha256",
];

/// Whether the head binds the body's bytes; AWS Signature Version 4 may leave them out.
fn is_signed(headers: &HeaderMap) -> bool {
    SEALS.iter().any(|name| headers.contains_key(*name))
        || headers
            .get("x-amz-content-sha256")
            .is_some_and(|value| value.as_bytes() != b"UNSIGNED-PAYLOAD")
}
