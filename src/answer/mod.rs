//! Where in an answer does people's text stand, and how is a value put back there?
//!
//! In: the bytes of an answer as they come, what its catalogue row names ([`Fields`]), and the
//! values that the client may see again ([`Values`]). Out: the same bytes with placeholders turned
//! back, re-escaped at each level, with frame lengths made right. A [`Restorer`] takes one answer
//! through all stages:
//!
//! ```text
//! bytes ─► unit (split) ─► strings (event, document) ─► text (guard) ─► unit ─► bytes
//!          an event, line,   named fields, patches        values
//!          frame, message                  └── pieces that wait for their next (session)
//! ```
//!
//! Texts come in pieces. Where a piece ends in what may become a placeholder, those few characters
//! wait for the next piece; if it never comes, they follow in an event of their own, made like the
//! one they came in, or the event waits where it cannot be sent twice.
//!
//! Never: a value in a field that is not named, or in a URL, tag or script (`guard`); more bytes
//! held than a bound (over it, everything passes as it is); IO.
//!
//! Read next: [`Restorer`], `session` (pieces), `event` (fields), `guard` (what is forbidden).

mod coding;
mod document;
mod event;
mod guard;
mod patch;
mod plain;
mod restorer;
mod session;
mod slot;
mod split;
mod text;
mod unescape;
mod unit;

pub use coding::{BrokenCoding, Decoder};
pub use restorer::{AnswerKind, Restorer};

use crate::model::part::Step;

/// The values that one client may see again in answers of one service.
pub trait Values: Send {
    /// What the text begins with. Asked at ASCII capitals only.
    fn begins(&self, text: &str) -> Begins;

    /// Whether there is any value at all.
    fn are_known(&self) -> bool;
}

/// What a text begins with.
pub enum Begins {
    /// No placeholder of this client.
    Nothing,
    /// All of the text is the beginning of one: what follows will tell.
    Cut,
    /// One.
    Known {
        /// Its length.
        bytes: usize,
        /// The value that it stands for.
        value: String,
    },
}

/// What a catalogue row says of the strings of an answer.
pub trait Fields: Send {
    /// What stands at this place.
    fn role(&self, place: &[Step]) -> Role;

    /// Whether events are patches, `{p, o, v}` or `{op, path, value}`: their strings then have the
    /// places that the patches name.
    fn are_patched(&self) -> bool;
}

/// What a string of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// None of our business.
    Other,
    /// JSON, or server-sent events, with named fields in it.
    Opened,
    /// A piece of the text of this field, to be joined to the pieces before.
    Piece(usize),
    /// All of the text of this field.
    Whole(usize),
}

#[cfg(test)]
mod tests;
