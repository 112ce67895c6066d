//! How is an answer turned back that is nothing but text, as it comes?
//!
//! In: bytes. Out: the same bytes, placeholders turned back. What may become a placeholder, or a
//! character, waits for the next bytes. Bytes that are no UTF-8 pass as they are.
//!
//! Never: more held than a placeholder and a character.

use super::Values;
use super::guard::Guard;
use super::text::turn_back;

/// The text so far.
#[derive(Default)]
pub(super) struct Plain {
    guard: Guard,
    held: Vec<u8>,
}

impl Plain {
    /// Takes the next bytes and gives those that can go on.
    pub(super) fn push(&mut self, bytes: &[u8], values: &dyn Values) -> Vec<u8> {
        let joined = [&std::mem::take(&mut self.held), bytes].concat();
        let mut out = Vec::with_capacity(joined.len());
        let mut chunks = joined.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let is_last = chunks.peek().is_none();
            let text = chunk.valid();
            let broken = chunk.invalid();
            // At the very end it may be a character that is cut.
            let is_cut = is_last && std::str::from_utf8(broken).is_err_and(is_unfinished);
            let turned = turn_back(&mut self.guard, text, values);
            let end = turned
                .cut
                .filter(|_| is_last && (broken.is_empty() || is_cut));
            let mut copied = 0;
            for (range, value) in &turned.edits {
                out.extend_from_slice(text.get(copied..range.start).unwrap_or_default().as_bytes());
                out.extend_from_slice(value.as_bytes());
                copied = range.end;
            }
            let rest = text
                .get(copied..end.unwrap_or(text.len()))
                .unwrap_or_default();
            out.extend_from_slice(rest.as_bytes());
            if let Some(end) = end {
                self.held
                    .extend_from_slice(text.get(end..).unwrap_or_default().as_bytes());
            } else if let Some(cut) = turned.cut {
                // Something else follows, so it is none.
                let passed = text.get(cut..).unwrap_or_default();
                passed.chars().for_each(|char| self.guard.see(char));
            }
            if is_cut {
                self.held.extend_from_slice(broken);
            } else {
                out.extend_from_slice(broken);
            }
        }
        out
    }

    /// What still waits at the end.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }
}

fn is_unfinished(error: std::str::Utf8Error) -> bool {
    error.error_len().is_none()
}
