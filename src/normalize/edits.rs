//! How does a list of replacements become a text and the way back?
//!
//! In: a text and replacements in it. Out: the text after them, and the map back.

use crate::model::normalized::OffsetMap;
use crate::model::part::Span;

/// A piece of text that is read as something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    /// Where the piece stands.
    pub span: Span,
    /// How it is read.
    pub read: String,
}

impl Replacement {
    pub(super) fn new(span: Span, read: impl Into<String>) -> Self {
        Self {
            span,
            read: read.into(),
        }
    }
}

/// Makes the replacements, which must be in order; of two that overlap the first is made.
pub(super) fn apply(text: &str, replacements: &[Replacement]) -> (String, OffsetMap) {
    let mut out = Output::new(text.len());
    let mut at = 0;
    for replacement in replacements {
        let span = replacement.span;
        if span.start < at || span.is_empty() {
            continue;
        }
        out.copy(Span::new(at, span.start).of(text));
        out.replace(span.of(text), &replacement.read);
        at = span.end;
    }
    out.copy(Span::new(at, text.len()).of(text));
    (out.text, out.map)
}

/// The text made so far, and its map.
pub(super) struct Output {
    pub text: String,
    pub map: OffsetMap,
}

impl Output {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            text: String::with_capacity(capacity),
            map: OffsetMap::new(),
        }
    }

    pub(super) fn copy(&mut self, run: &str) {
        self.text.push_str(run);
        self.map.copy(run.len());
    }

    pub(super) fn replace(&mut self, original: &str, normalized: &str) {
        if original == normalized {
            self.copy(original);
        } else {
            self.text.push_str(normalized);
            self.map.replace(original.len(), normalized.len());
        }
    }
}
