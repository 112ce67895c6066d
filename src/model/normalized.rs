//! Comparable text that never loses the way back to the original bytes.
//!
//! `normalize` makes it, `detect` reads it, and spans are taken back to the original before they
//! leave the stage: a normalized offset never does.

use crate::model::part::Span;

/// A run of the map: from `normalized` on, text stems from `original` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    normalized: usize,
    original: usize,
    /// Whether the run is a byte-for-byte copy; otherwise all of it stems from one original piece.
    verbatim: bool,
}

/// The way from normalized offsets back to original ones. Monotonic; one entry per change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    runs: Vec<Run>,
    normalized_len: usize,
    original_len: usize,
}

impl OffsetMap {
    /// A map to be filled from the start of the text on.
    pub const fn new() -> Self {
        Self {
            runs: Vec::new(),
            normalized_len: 0,
            original_len: 0,
        }
    }

    /// The map of a text that normalization left as it was.
    pub fn identity(len: usize) -> Self {
        let mut map = Self::new();
        map.copy(len);
        map
    }

    /// The next `len` bytes are the same in both texts.
    pub fn copy(&mut self, len: usize) {
        self.push(len, len, true);
    }

    /// The next `original` bytes became `normalized` bytes (either may be 0).
    pub fn replace(&mut self, original: usize, normalized: usize) {
        self.push(original, normalized, false);
    }

    fn push(&mut self, original: usize, normalized: usize, verbatim: bool) {
        let extends = verbatim && self.runs.last().is_some_and(|last| last.verbatim);
        if !extends && (original > 0 || normalized > 0) {
            self.runs.push(Run {
                normalized: self.normalized_len,
                original: self.original_len,
                verbatim,
            });
        }
        self.normalized_len += normalized;
        self.original_len += original;
    }

    /// The smallest original span from which all of the normalized span stems.
    ///
    /// Pieces that were removed between two characters of the span lie within the result; pieces
    /// removed just before or after it do not.
    pub fn original(&self, normalized: Span) -> Span {
        if normalized.is_empty() {
            let at = self.start_of(normalized.start);
            return Span::new(at, at);
        }
        Span::new(self.start_of(normalized.start), self.end_of(normalized.end))
    }

    /// Where the character that starts at the normalized offset starts in the original.
    fn start_of(&self, normalized: usize) -> usize {
        let after = self
            .runs
            .partition_point(|run| run.normalized <= normalized);
        match after.checked_sub(1).and_then(|at| self.runs.get(at)) {
            Some(run) if run.verbatim => {
                (run.original + (normalized - run.normalized)).min(self.original_len)
            }
            Some(run) => run.original,
            None => 0,
        }
    }

    /// Where the character that ends at the normalized offset ends in the original.
    fn end_of(&self, normalized: usize) -> usize {
        let last_byte = normalized.saturating_sub(1);
        let after = self.runs.partition_point(|run| run.normalized <= last_byte);
        match after.checked_sub(1).and_then(|at| self.runs.get(at)) {
            Some(run) if run.verbatim => {
                (run.original + (normalized - run.normalized)).min(self.original_len)
            }
            Some(_) => self
                .runs
                .get(after)
                .map_or(self.original_len, |next| next.original),
            None => self.original_len,
        }
    }
}

/// Text made comparable, with its map.
#[derive(Clone)]
pub struct Normalized {
    text: String,
    map: OffsetMap,
    /// The maps of earlier steps, first step first.
    earlier: Vec<OffsetMap>,
}

impl Normalized {
    /// Joins a text with its map; the map must have been filled while the text was made.
    pub const fn new(text: String, map: OffsetMap) -> Self {
        Self {
            text,
            map,
            earlier: Vec::new(),
        }
    }

    /// The same, where the text was made of one that earlier steps had made, each with its map.
    #[must_use]
    pub fn after(mut self, earlier: Vec<OffsetMap>) -> Self {
        self.earlier = earlier;
        self
    }

    /// The same, where the text that was given was made of another, with this map.
    #[must_use]
    pub fn preceded_by(mut self, map: OffsetMap) -> Self {
        self.earlier.insert(0, map);
        self
    }

    /// The comparable text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A span of the comparable text as a span of the original.
    pub fn original(&self, normalized: Span) -> Span {
        let last = self.map.original(normalized);
        let steps = self.earlier.iter().rev();
        steps.fold(last, |span, map| map.original(span))
    }
}

impl std::fmt::Debug for Normalized {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Normalized({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_over_removed_and_replaced_pieces() {
        // original: "ab" + 3 removed bytes + "cd" + 2 bytes that became 1 + "e"
        let mut map = OffsetMap::new();
        map.copy(2);
        map.replace(3, 0);
        map.copy(2);
        map.replace(2, 1);
        map.copy(1);
        assert_eq!(map.original(Span::new(0, 2)), Span::new(0, 2));
        assert_eq!(map.original(Span::new(1, 3)), Span::new(1, 6));
        assert_eq!(map.original(Span::new(2, 4)), Span::new(5, 7));
        assert_eq!(map.original(Span::new(4, 5)), Span::new(7, 9));
        assert_eq!(map.original(Span::new(0, 6)), Span::new(0, 10));
    }

    #[test]
    fn identity_changes_nothing() {
        let map = OffsetMap::identity(10);
        assert_eq!(map.original(Span::new(3, 7)), Span::new(3, 7));
    }
}
