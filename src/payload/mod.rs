//! Open a body, list its parts, put changed parts back byte-exactly.
//!
//! In: the bytes of a request body, WebSocket message or query string, and what the head says
//! about them. Out: a [`Payload`], whose parts are every piece of text on its way out, and which
//! turns edits of those parts into new bytes that differ nowhere else.
//!
//! A body is a tree of layers (`layer`): the decoded body at the root, and below it every text
//! that was opened again (JSON in a form value, a text in base64, the contents of a frame). Each
//! layer and each part knows where it sits in the layer above and how it is written there, so
//! `rewrite` only carries edits upwards.
//!
//! Never: trust a label (a form is often a file), skip what it cannot read (it becomes an
//! [`OpaquePart`] or an error), recurse over hostile depth, do IO.
//!
//! Read next: `body` (which form is it?), `opening` (how parts are listed), `nested`
//! (strings that hold more), `rewrite`.

mod base64;
mod body;
mod boundary;
mod coding;
mod disposition;
mod form;
mod frames;
mod json;
mod json_text;
mod layer;
mod multipart;
mod nested;
mod opening;
mod part_head;
mod plain_name;
mod protobuf;
mod rewrite;
mod skeleton;
mod sniff;
mod text;
mod unescape;

use bytes::Bytes;

use crate::model::codec::{BodyFormat, Codec};
use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::model::part::{Edit, Part, PartId, PartKind, PartLocator, Place};
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;

use self::coding::ContentCoding;
use self::layer::{Layer, Source, Wrap};
use self::opening::Opening;
pub use self::rewrite::RewriteError;
pub use self::skeleton::{FieldShape, RequestShape, content_type_shape, fields, path_shape};

/// A payload, with what was odd about it.
#[derive(Debug)]
pub struct Opened {
    /// The opened payload.
    pub payload: Payload,
    /// Oddities, each once.
    pub notes: Vec<Note>,
}

/// An opened body, WebSocket message or query string.
#[derive(Debug)]
pub struct Payload {
    original: Sensitive<Bytes>,
    codings: Vec<ContentCoding>,
    layers: Vec<Layer>,
    parts: Vec<Part>,
    sources: Vec<Source>,
    opaque: Vec<OpaquePart>,
    short_numbers: ShortNumbers,
}

/// Numbers that are too short to be parts.
#[derive(Debug, Default)]
struct ShortNumbers {
    numbers: Vec<ShortNumber>,
    /// Whether there are more than are kept.
    has_more: bool,
}

/// A number that is too short to be a part: nothing is found in it, but it may count characters.
#[derive(Clone, Debug)]
pub struct ShortNumber {
    /// Where it sits.
    pub locator: PartLocator,
    /// As it is written.
    pub text: String,
    source: Source,
}

/// Another value for a short number.
#[derive(Clone, Debug)]
pub struct NumberEdit {
    /// Its index among [`Payload::short_numbers`].
    pub number: usize,
    /// What stands there afterwards.
    pub value: usize,
}

/// Bytes in a payload that could not be read as text.
#[derive(Clone, Debug)]
pub struct OpaquePart {
    /// Where they sit.
    pub locator: PartLocator,
    /// The name of the file, if it has one.
    pub file_name: Option<Sensitive<String>>,
    /// The media type that they claim, `type/subtype` in lower case.
    pub declared_type: Option<String>,
    /// How many bytes there are, decoded.
    pub bytes: usize,
    /// Why they could not be read.
    pub reason: Uninspectable,
}

/// Whether the sender of a WebSocket message called it text (opcode 1) or bytes (opcode 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A text message.
    Text,
    /// A binary message.
    Binary,
}

/// Opens a request body.
///
/// # Errors
///
/// The reason why nothing at all could be listed: a content coding that is unknown, broken or
/// grows over its bound, or more parts than the bound.
pub fn open(body: &Bytes, format: &BodyFormat, limits: &Limits) -> Result<Opened, Uninspectable> {
    if body.is_empty() {
        return Ok(Opening::new(body.clone(), Place::Body, limits).finish(body, Vec::new()));
    }
    let undone = coding::undo(body, format.content_encoding.as_deref(), limits)?;
    let mut opening = Opening::new(undone.bytes, Place::Body, limits);
    body::open(&mut opening, format)?;
    Ok(opening.finish(body, undone.chain))
}

/// Opens the query string of a URL (without the `?`). Names and values are parts, both editable.
pub fn open_query(query: &str, limits: &Limits) -> Opened {
    let bytes = Bytes::copy_from_slice(query.as_bytes());
    let mut opening = Opening::new(bytes.clone(), Place::Query, limits);
    let area = opening.whole();
    if form::walk(&mut opening, &area).is_ok() {
        return opening.finish(&bytes, Vec::new());
    }
    // Over a bound: still scanned, as it is written.
    let mut opening = Opening::new(bytes.clone(), Place::Query, limits);
    opening.note(Note::NestingBound);
    let area = opening.whole();
    let listed = opening.list(area.verbatim(), area.kind, query.to_owned());
    debug_assert!(listed.is_ok(), "one part is within every bound");
    opening.finish(&bytes, Vec::new())
}

/// Opens a text that is no body: the path, a header field. What it holds is listed, but files are
/// not looked for.
pub fn open_text(text: &str, place: Place, limits: &Limits) -> Vec<Part> {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    let mut opening = Opening::new(bytes, place.clone(), limits);
    let area = opening.whole();
    match nested::value(&mut opening, &area, Wrap::Verbatim, text.to_owned()) {
        Ok(()) => opening.parts(),
        // Over a bound: still scanned, as it is written.
        Err(_) => vec![Part {
            id: PartId(0),
            locator: PartLocator::whole(place),
            kind: PartKind::Value,
            text: Sensitive::new(text.to_owned()),
            editable: false,
        }],
    }
}

/// Opens one WebSocket message.
///
/// # Errors
///
/// The reason why nothing at all could be listed; see [`open`].
pub fn open_message(
    message: &Bytes,
    kind: MessageKind,
    codec: Option<Codec>,
    limits: &Limits,
) -> Result<Opened, Uninspectable> {
    let mut opening = Opening::new(message.clone(), Place::Body, limits);
    body::open_message(&mut opening, kind, codec)?;
    Ok(opening.finish(message, Vec::new()))
}

impl Payload {
    /// The parts in document order; a part's id is its index.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The bytes that could not be read as text.
    pub fn opaque(&self) -> &[OpaquePart] {
        &self.opaque
    }

    /// Whether a number too short to be a part stands in a place that `is_meant` knows; also where
    /// there are so many that it may.
    pub fn may_have_number(&self, is_meant: impl FnMut(&PartLocator) -> bool) -> bool {
        let mut places = self.short_numbers.numbers.iter().map(|one| &one.locator);
        self.short_numbers.has_more || places.any(is_meant)
    }

    /// The numbers that are too short to be parts, in document order; nothing where there are more
    /// than are kept.
    pub fn short_numbers(&self) -> Option<&[ShortNumber]> {
        (!self.short_numbers.has_more).then_some(&self.short_numbers.numbers)
    }

    /// The size of the payload after its content codings were undone, in bytes.
    pub fn decoded_bytes(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.bytes().len())
    }

    /// The payload with the edits made, coded as it came. No edits give back the very same bytes.
    ///
    /// # Errors
    ///
    /// When an edit names no editable span, when two edits overlap, or when coding fails.
    pub fn rewrite(&self, edits: &[Edit]) -> Result<Bytes, RewriteError> {
        rewrite::rewrite(self, edits, &[])
    }

    /// The same, with other values for short numbers.
    ///
    /// # Errors
    ///
    /// As [`Payload::rewrite`]; also when an edit names no number.
    pub fn rewrite_counted(
        &self,
        edits: &[Edit],
        numbers: &[NumberEdit],
    ) -> Result<Bytes, RewriteError> {
        rewrite::rewrite(self, edits, numbers)
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
