//! Which place does a patch name?
//!
//! Several services send an answer as patches of a document: `{"p": place, "o": operation,
//! "v": value}` (ChatGPT, where what is left out is as it was before; DeepSeek; Notion) or
//! `{"op", "path", "value"}` (RFC 6902 and its likes: Perplexity, Le Chat).
//!
//! In: the members of an object. Out: whether it is a patch, its place as steps, and what its
//! value does to the text that stands there.

use crate::model::part::Step;

/// What a patch says besides its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    /// Its place.
    pub(super) place: Option<String>,
    /// What it does there.
    pub(super) operation: Option<String>,
    /// Whether it has a value.
    pub(super) has_value: bool,
    /// Whether it has one by the name of the patches that leave things out.
    pub(super) may_leave_out: bool,
}

impl Patch {
    /// Takes note of a member that is a string.
    pub(super) fn note(&mut self, key: &str, text: &str) {
        match key {
            "p" | "path" => self.place = Some(text.to_owned()),
            "o" | "op" => self.operation = Some(text.to_owned()),
            _ => {}
        }
    }

    /// Takes note of a member that may be its value.
    pub(super) fn note_value(&mut self, key: &str) {
        self.has_value |= is_value_key(key);
        self.may_leave_out |= key == "v";
    }

    /// Whether the object is a patch. At the root a `v` is enough: the rest is as before.
    pub(super) const fn is_patch(&self, is_root: bool) -> bool {
        let leaves_out = is_root && self.may_leave_out;
        self.has_value && (leaves_out || self.place.is_some() || self.operation.is_some())
    }

    /// Fills in what is left out, and is what later patches leave out.
    pub(super) fn inherit(&mut self, before: &mut Self) {
        if self.place.is_none() {
            self.place.clone_from(&before.place);
        } else {
            before.place.clone_from(&self.place);
        }
        if self.operation.is_none() {
            self.operation.clone_from(&before.operation);
        } else {
            before.operation.clone_from(&self.operation);
        }
    }

    /// Its place as steps.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        let place = self.place.as_deref().unwrap_or_default();
        place
            .split('/')
            .filter(|piece| !piece.is_empty())
            .map(|piece| {
                piece.parse().map_or_else(
                    |_| Step::Key(piece.replace("~1", "/").replace("~0", "~")),
                    Step::Index,
                )
            })
    }

    /// Whether its value is a list of patches.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.operation.as_deref(), Some("patch" | "BATCH"))
    }

    /// Whether its value, a string, is joined to the text that stands there.
    pub(super) fn appends(&self) -> bool {
        matches!(self.operation.as_deref(), Some("append" | "APPEND" | "x"))
    }

    /// Whether its value is a further element of a list of pieces.
    pub(super) fn adds_element(&self) -> bool {
        let last = self.place.as_deref().unwrap_or_default().rsplit('/').next();
        let is_further = |last: &str| last == "-" || last.parse::<usize>().is_ok_and(|at| at > 0);
        matches!(self.operation.as_deref(), Some("add" | "a")) && last.is_some_and(is_further)
    }
}

/// Whether a member of this name is a patch's value.
pub(super) fn is_value_key(key: &str) -> bool {
    matches!(key, "v" | "value")
}
