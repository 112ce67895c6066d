//! How are the parts of a payload listed, and within which bounds?
//!
//! [`Opening`] is the work in progress that every codec writes to: layers, parts, notes, the
//! trail of steps to where the reader is, and what is left of each bound.
//!
//! Never: look into a text; the codecs do.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;

use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::model::part::{Part, PartId, PartKind, PartLocator, Place, Step};
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;

use super::coding::ContentCoding;
use super::layer::{Area, Layer, Source, Wrap, Writing};
use super::{OpaquePart, Opened, Payload, ShortNumber, ShortNumbers};

/// Keys in locators are cut here: no catalogue row names a longer one, and a hostile body could
/// repeat a huge key in every locator. The whole key is a part of its own.
const LOCATOR_KEY_BYTES_MAX: usize = 128;

/// What all locators of one payload may take, in bytes.
const LOCATOR_BYTES_MAX: usize = 96 * 1024 * 1024;

/// So many numbers that are too short to be listed are kept.
const SHORT_NUMBERS_MAX: usize = 1000;

/// What is known of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct FileLabel {
    /// Its name.
    pub(super) name: Option<Sensitive<String>>,
    /// The media type that it claims, as sent.
    pub(super) declared: Option<String>,
}

/// A payload while it is being opened.
pub(super) struct Opening<'a> {
    /// The bounds.
    pub(super) limits: &'a Limits,
    place: Place,
    layers: Vec<Layer>,
    parts: Vec<Part>,
    sources: Vec<Source>,
    opaque: Vec<OpaquePart>,
    short_numbers: ShortNumbers,
    notes: BTreeSet<Note>,
    trail: Vec<Step>,
    keys_listed: HashSet<u64>,
    key_hasher: RandomState,
    decoded_left: usize,
    locator_left: usize,
}

impl<'a> Opening<'a> {
    /// Starts with the decoded body.
    pub(super) fn new(bytes: Bytes, place: Place, limits: &'a Limits) -> Self {
        Self {
            limits,
            place,
            decoded_left: limits.decoded_bytes_max.saturating_sub(bytes.len()),
            locator_left: LOCATOR_BYTES_MAX,
            layers: vec![Layer::root(bytes)],
            parts: Vec::new(),
            sources: Vec::new(),
            opaque: Vec::new(),
            short_numbers: ShortNumbers::default(),
            notes: BTreeSet::new(),
            trail: Vec::new(),
            keys_listed: HashSet::new(),
            key_hasher: RandomState::new(),
        }
    }

    /// Ends it.
    pub(super) fn finish(self, original: &Bytes, codings: Vec<ContentCoding>) -> Opened {
        Opened {
            payload: Payload {
                original: Sensitive::new(original.clone()),
                codings,
                layers: self.layers,
                parts: self.parts,
                sources: self.sources,
                opaque: self.opaque,
                short_numbers: self.short_numbers,
            },
            notes: self.notes.into_iter().collect(),
        }
    }

    /// What was listed so far.
    pub(super) fn parts(self) -> Vec<Part> {
        self.parts
    }

    /// The whole decoded body.
    pub(super) fn whole(&self) -> Area {
        let len = self.layers.first().map_or(0, |layer| layer.bytes().len());
        Area {
            layer: 0,
            range: 0..len,
            writing: Writing::Exact,
            kind: PartKind::Value,
            depth: 0,
        }
    }

    /// The bytes of an area.
    pub(super) fn bytes(&self, area: &Area) -> Bytes {
        self.layers
            .get(area.layer)
            .map_or_else(Bytes::new, |layer| {
                let bytes = layer.bytes();
                let end = area.range.end.min(bytes.len());
                bytes.slice(area.range.start.min(end)..end)
            })
    }

    /// Does something one step further down.
    pub(super) fn within<T>(&mut self, step: Step, act: impl FnOnce(&mut Self) -> T) -> T {
        self.trail.push(step);
        let done = act(self);
        self.trail.pop();
        done
    }

    /// Goes one step down, until [`Opening::leave`].
    pub(super) fn enter(&mut self, step: Step) {
        self.trail.push(step);
    }

    /// Goes one step up again.
    pub(super) fn leave(&mut self) {
        self.trail.pop();
    }

    /// Notes an oddity.
    pub(super) fn note(&mut self, note: Note) {
        self.notes.insert(note);
    }

    /// Lists a text. Empty texts are not listed: there is nothing to find in them.
    pub(super) fn list(
        &mut self,
        source: Source,
        kind: PartKind,
        text: String,
    ) -> Result<(), Uninspectable> {
        if text.is_empty() {
            return Ok(());
        }
        if self.parts.len() >= self.limits.parts_count_max {
            return Err(Uninspectable::TooLarge);
        }
        let locator = self.locator()?;
        self.parts.push(Part {
            id: PartId(self.parts.len()),
            locator,
            kind,
            text: Sensitive::new(text),
            editable: source.wrap != Wrap::Sealed && kind != PartKind::Number,
        });
        self.sources.push(source);
        Ok(())
    }

    /// Keeps a number that is too short to be listed: nothing is found in it, but a
    /// row may say that it counts characters.
    pub(super) fn short_number(&mut self, source: Source, text: &str) -> Result<(), Uninspectable> {
        if self.short_numbers.numbers.len() >= SHORT_NUMBERS_MAX {
            self.short_numbers.has_more = true;
            return Ok(());
        }
        let locator = self.locator()?;
        self.short_numbers.numbers.push(ShortNumber {
            locator,
            text: text.to_owned(),
            source,
        });
        Ok(())
    }

    /// Whether a key is seen for the first time in this payload.
    pub(super) fn is_new_key(&mut self, key: &str) -> bool {
        let hash = self.key_hash(key);
        self.keys_listed.insert(hash)
    }

    /// A number for a key that nobody outside can foresee.
    pub(super) fn key_hash(&self, key: &str) -> u64 {
        self.key_hasher.hash_one(key)
    }

    /// Lists bytes that cannot be read as text.
    pub(super) fn list_opaque(
        &mut self,
        label: &FileLabel,
        bytes: usize,
        reason: Uninspectable,
    ) -> Result<(), Uninspectable> {
        if self.opaque.len() >= self.limits.parts_count_max {
            return Err(Uninspectable::TooLarge);
        }
        let locator = self.locator()?;
        let declared_type = label.declared.as_deref().and_then(super::sniff::essence);
        // Bare samples of a microphone have no mark of their own.
        let is_sound = declared_type
            .as_deref()
            .is_some_and(|kind| kind.starts_with("audio/") || kind.starts_with("video/"));
        let reason = if reason == Uninspectable::Unknown && is_sound {
            Uninspectable::Audio
        } else {
            reason
        };
        self.opaque.push(OpaquePart {
            locator,
            file_name: label.name.clone(),
            declared_type,
            bytes,
            reason,
        });
        Ok(())
    }

    /// Adds a layer and gives back the area of all of it, one body deeper than `outer`.
    pub(super) fn deepen(
        &mut self,
        outer: &Area,
        source: Source,
        bytes: Bytes,
    ) -> Result<Area, Uninspectable> {
        if self.layers.len() > self.limits.parts_count_max {
            return Err(Uninspectable::TooLarge);
        }
        let area = Area {
            layer: self.layers.len(),
            range: 0..bytes.len(),
            writing: if source.wrap == Wrap::Sealed {
                Writing::Never
            } else {
                outer.writing
            },
            kind: outer.kind,
            depth: outer.depth + 1,
        };
        self.layers.push(Layer::inside(bytes, source));
        Ok(area)
    }

    /// How many more bytes may be decoded.
    pub(super) const fn decoded_left(&self) -> usize {
        self.decoded_left
    }

    /// Takes bytes from the bound on everything decoded.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Uninspectable> {
        self.decoded_left = self
            .decoded_left
            .checked_sub(bytes)
            .ok_or(Uninspectable::TooLarge)?;
        Ok(())
    }

    /// Whether another body may be opened inside `area`; notes it if not.
    pub(super) fn may_deepen(&mut self, area: &Area) -> bool {
        let may = area.depth < self.limits.nesting_depth_max;
        if !may {
            self.note(Note::NestingBound);
        }
        may
    }

    fn locator(&mut self) -> Result<PartLocator, Uninspectable> {
        let cost: usize = self
            .trail
            .iter()
            .map(|step| {
                size_of::<Step>()
                    + match step {
                        Step::Key(key) => key.len(),
                        Step::Index(_) | Step::Json | Step::Decoded => 0,
                    }
            })
            .sum();
        self.locator_left = self
            .locator_left
            .checked_sub(cost)
            .ok_or(Uninspectable::TooLarge)?;
        Ok(PartLocator {
            place: self.place.clone(),
            steps: self.trail.clone(),
        })
    }
}

/// The step to a key, cut to a bounded length.
pub(super) fn key_step(key: &str) -> Step {
    let mut end = key.len().min(LOCATOR_KEY_BYTES_MAX);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    Step::Key(key.get(..end).unwrap_or_default().to_owned())
}
