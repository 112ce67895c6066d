//! Which placeholders of a text are turned back?
//!
//! In: a text, or the next piece of one, and the values that are known. Out: the edits, and where
//! the piece ends within what may become a placeholder.
//!
//! Never: changes anything else, or puts a value where [`Guard`] objects.

use std::ops::Range;

use super::guard::Guard;
use super::{Begins, Values};

/// What is to be done with a piece of text.
pub(super) struct Turned {
    /// Ranges of the piece and the values to stand there, in order.
    pub(super) edits: Vec<(Range<usize>, String)>,
    /// Where the piece ends in the beginning of a known placeholder.
    pub(super) cut: Option<usize>,
}

/// Reads a piece. What lies after `cut` was not seen by the guard: it is read again with the next
/// piece.
pub(super) fn turn_back(guard: &mut Guard, piece: &str, values: &dyn Values) -> Turned {
    let mut edits = Vec::new();
    let mut skipped = 0;
    for (at, char) in piece.char_indices() {
        if at < skipped {
            // The guard sees what the service wrote, never the value.
            guard.see(char);
            continue;
        }
        if char.is_ascii_uppercase() && guard.is_clear() {
            match values.begins(piece.get(at..).unwrap_or_default()) {
                Begins::Nothing => {}
                Begins::Cut => {
                    return Turned {
                        edits,
                        cut: Some(at),
                    };
                }
                Begins::Known { bytes, value } => {
                    skipped = at.saturating_add(bytes);
                    edits.push((at..skipped, value));
                }
            }
        }
        guard.see(char);
    }
    Turned { edits, cut: None }
}
