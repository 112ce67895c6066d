//! What is on its way out? A part is one piece of text, with the place where it sits.
//!
//! `payload` lists parts, `service` says which of them a catalogue row names, `detect` reads them,
//! `payload` puts changed ones back.

use std::fmt;

use crate::model::sensitive::Sensitive;

/// The number of a part within its request, in the order of listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub usize);

/// A byte range in a part's text, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span; `start` and `end` are swapped if given in the wrong order.
    pub const fn new(start: usize, end: usize) -> Self {
        if start <= end {
            Self { start, end }
        } else {
            Self {
                start: end,
                end: start,
            }
        }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether nothing lies within.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies within.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text of the span, or `""` where it is not on character boundaries of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// In which region of the request a part sits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The path of the URL.
    Path,
    /// The query of the URL; steps name the field.
    Query,
    /// A header field, by lower-case name.
    Header(String),
    /// The body (or WebSocket message); steps lead to the string.
    Body,
}

/// One step on the way from the body to a string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A key of an object, a field of a form, a part name of a multipart body.
    Key(String),
    /// An element of an array, a record, a frame, a protobuf field number.
    Index(usize),
    /// The string is JSON text itself and was opened (`!json` in the grammar).
    Json,
    /// The string is coded bytes (base64, percent-encoding) and was decoded.
    Decoded,
}

/// Where a part sits: a region and the steps to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartLocator {
    /// The region.
    pub place: Place,
    /// The steps from there.
    pub steps: Vec<Step>,
}

impl PartLocator {
    /// A locator of a whole region.
    pub const fn whole(place: Place) -> Self {
        Self {
            place,
            steps: Vec::new(),
        }
    }

    /// The last key on the way, which labels the value (`"cccd": "..."`).
    pub fn last_key(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) | Step::Json | Step::Decoded => None,
        })
    }
}

/// Shows the grammar of the catalogue: `/messages/0/content`, `/f.req!json/1`.
///
/// Keys come from the request, so a locator is for matching and tests, never for logs.
impl fmt::Display for PartLocator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Path => f.write_str("path")?,
            Place::Query => f.write_str("query")?,
            Place::Header(name) => write!(f, "header:{name}")?,
            Place::Body => {}
        }
        for step in &self.steps {
            match step {
                Step::Key(key) => {
                    write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?;
                }
                Step::Index(index) => write!(f, "/{index}")?,
                Step::Json => f.write_str("!json")?,
                Step::Decoded => f.write_str("!decoded")?,
            }
        }
        Ok(())
    }
}

/// What sort of text a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// A value: a JSON string, a form value, a text body.
    Value,
    /// A JSON number, as written. It cannot be edited in place without changing its type.
    Number,
    /// The name of a field, chosen by the client.
    Key,
    /// The name of a file.
    FileName,
    /// The text of a file.
    FileText,
}

/// One piece of text on its way out.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its number.
    pub id: PartId,
    /// Where it sits.
    pub locator: PartLocator,
    /// What sort of text it is.
    pub kind: PartKind,
    /// The text, decoded from the wire's escapes.
    pub text: Sensitive<String>,
    /// Whether `payload` can write a changed text back into the body.
    pub editable: bool,
}

/// One replacement to be made in a part.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The part.
    pub part: PartId,
    /// What is replaced, in the part's text.
    pub span: Span,
    /// What stands there afterwards: ASCII capitals and digits.
    pub replacement: String,
}
