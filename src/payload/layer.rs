//! How is one text written inside another?
//!
//! A [`Layer`] is a stretch of decoded bytes; its [`Source`] says where it sits in the layer
//! above and how it is [`Wrap`]ped there. A part has a source too: it is a leaf of the tree.
//!
//! Never: change bytes; [`super::rewrite`] does.

use std::ops::Range;

use bytes::Bytes;

use crate::model::part::PartKind;
use crate::model::sensitive::Sensitive;

use super::base64::Alphabet;
use super::coding::ContentCoding;
use super::unescape::Escape;

/// How the bytes of a layer or part are written in the layer above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrap {
    /// As they are.
    Verbatim,
    /// With escapes, each standing for a few bytes, so that an edit touches only its own range.
    Escaped(Escape),
    /// As base64; an edit codes the whole again.
    Base64(Alphabet),
    /// As a Connect/gRPC frame with its five-byte head, its contents coded or not; an edit writes
    /// a new head.
    Frame(Option<ContentCoding>),
    /// In a way that cannot be written back exactly (another charset, broken text).
    Sealed,
}

/// Where a layer or part sits in the layer above.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The index of the layer above; always less than one's own.
    pub(super) layer: usize,
    /// The raw bytes there.
    pub(super) range: Range<usize>,
    /// How they are written.
    pub(super) wrap: Wrap,
}

/// A stretch of decoded bytes.
#[derive(Debug)]
pub(super) struct Layer {
    bytes: Sensitive<Bytes>,
    source: Option<Source>,
}

impl Layer {
    /// The root: the whole decoded body.
    pub(super) const fn root(bytes: Bytes) -> Self {
        Self {
            bytes: Sensitive::new(bytes),
            source: None,
        }
    }

    /// A layer inside another.
    pub(super) const fn inside(bytes: Bytes, source: Source) -> Self {
        Self {
            bytes: Sensitive::new(bytes),
            source: Some(source),
        }
    }

    /// Its bytes.
    pub(super) const fn bytes(&self) -> &Bytes {
        self.bytes.expose()
    }

    /// Where it sits, unless it is the root.
    pub(super) const fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
}

/// Whether what lies in an area can be written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// It can.
    Exact,
    /// It cannot, so its parts are not editable.
    Never,
}

/// A stretch of a layer that is to be opened.
#[derive(Clone, Debug)]
pub(super) struct Area {
    /// The layer.
    pub(super) layer: usize,
    /// The bytes of it.
    pub(super) range: Range<usize>,
    /// Whether they can be written back.
    pub(super) writing: Writing,
    /// What a text in it is.
    pub(super) kind: PartKind,
    /// How many bodies inside bodies led here.
    pub(super) depth: usize,
}

impl Area {
    /// A stretch of this area, counted from its start.
    pub(super) fn piece(&self, range: &Range<usize>) -> Self {
        let start = (self.range.start + range.start).min(self.range.end);
        let end = (self.range.start + range.end).clamp(start, self.range.end);
        Self {
            range: start..end,
            ..self.clone()
        }
    }

    /// The same area with texts of another kind.
    pub(super) fn of_kind(&self, kind: PartKind) -> Self {
        Self {
            kind,
            ..self.clone()
        }
    }

    /// The same area, not to be written back.
    pub(super) fn sealed(&self) -> Self {
        Self {
            writing: Writing::Never,
            ..self.clone()
        }
    }

    /// The source of something that fills this area.
    pub(super) fn wrapped(&self, wrap: Wrap) -> Source {
        Source {
            layer: self.layer,
            range: self.range.clone(),
            wrap: match self.writing {
                Writing::Exact => wrap,
                Writing::Never => Wrap::Sealed,
            },
        }
    }

    /// The source of a text that fills this area as it is.
    pub(super) fn verbatim(&self) -> Source {
        self.wrapped(Wrap::Verbatim)
    }
}
