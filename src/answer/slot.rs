//! A place in an event where people's text stands, and how its edits become edits of the event.

use std::ops::Range;

use super::unescape::{Way, escape};

/// A named string of an event.
#[derive(Debug)]
pub(super) struct Slot {
    /// What it says.
    pub(super) text: String,
    /// Where its characters stand in the event.
    pub(super) way: Way,
    /// Within how many JSON strings it lies.
    pub(super) levels: usize,
    /// Which text it is a piece of.
    pub(super) key: u64,
    /// What it does to that text.
    pub(super) joint: Joint,
}

/// What a string does to the text that came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It is all of a text.
    Whole,
    /// It begins a text anew; pieces may follow.
    Start,
    /// It is the next piece, and the event cannot be sent twice.
    Next,
    /// It is the next piece, and the same event with another piece would join that to it.
    Append,
}

impl Joint {
    /// Whether it goes on where another piece ended.
    pub(super) const fn goes_on(self) -> bool {
        matches!(self, Self::Next | Self::Append)
    }
}

/// An edit of an event: these bytes are replaced.
#[derive(Clone, Debug)]
pub(super) struct RawEdit {
    /// Where, in the event.
    pub(super) range: Range<usize>,
    /// By what, escaped.
    pub(super) bytes: String,
}

impl Slot {
    /// The edit that puts a text in place of a range of the slot's own.
    pub(super) fn edit(&self, range: &Range<usize>, text: &str) -> RawEdit {
        RawEdit {
            range: self.way.place(range.start)..self.way.place(range.end),
            bytes: escape(text, self.levels),
        }
    }

    /// The edit that puts a text in place of all of the slot's own.
    pub(super) fn replace(&self, text: &str) -> RawEdit {
        self.edit(&(0..self.text.len()), text)
    }
}

/// The event with the edits made.
pub(super) fn apply(event: &[u8], mut edits: Vec<RawEdit>) -> Vec<u8> {
    // Stable, so that of two insertions at one place the first made comes first.
    edits.sort_by_key(|edit| edit.range.start);
    let mut edited = Vec::with_capacity(event.len() + 64);
    let mut copied = 0;
    for edit in &edits {
        if edit.range.start >= copied {
            edited.extend_from_slice(event.get(copied..edit.range.start).unwrap_or_default());
            copied = edit.range.end;
        }
        edited.extend_from_slice(edit.bytes.as_bytes());
    }
    edited.extend_from_slice(event.get(copied..).unwrap_or_default());
    edited
}
