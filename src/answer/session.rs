//! How are the pieces of a text joined, and what waits for what?
//!
//! In: units in order. Out: units in order, placeholders turned back. Where a piece ends in what
//! may become a placeholder, these few characters are held and stand before the next piece of the
//! same text. If something else comes first, they are given back: in a unit made like the one they
//! came in, or, where that unit must not be sent twice, by letting the whole unit wait until this
//! is known.
//!
//! Never: a character lost, doubled or moved to another text.

use std::collections::BTreeMap;

use super::event::{self, Listed};
use super::guard::Guard;
use super::patch::Patch;
use super::slot::{Joint, RawEdit, Slot, apply};
use super::text::turn_back;
use super::unit::{Unit, UnitKind};
use super::{Fields, Values};

/// Texts that are written side by side in one answer.
const TEXTS_MAX: usize = 64;

/// Whether a unit may wait for the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// It may: more comes, or the end.
    Waits,
    /// The same, and the first may be all that comes, a document: it is not sent twice.
    FirstMayBeAll,
    /// The same for elements of an array; those after the first bring their comma along.
    FirstElement,
    /// Nothing follows: a whole document.
    Ends,
}

/// The texts of one answer.
pub(super) struct Session {
    fields: Box<dyn Fields>,
    values: Box<dyn Values>,
    patience: Patience,
    texts: BTreeMap<u64, Text>,
    before: Patch,
    waiting: Option<Waiting>,
    /// How many units came.
    number: u64,
}

/// A text in the making.
#[derive(Default)]
struct Text {
    guard: Guard,
    /// Characters that may begin a placeholder.
    held: String,
    /// The unit that gives them back, where they were taken out of one that is gone.
    giving_back: Option<GivingBack>,
}

struct GivingBack {
    unit: Vec<u8>,
    /// The number of the unit it was taken out of.
    number: u64,
}

/// A unit that waits until its texts go on or not.
struct Waiting {
    unit: Unit,
    edits: Vec<RawEdit>,
    ends: Vec<OpenEnd>,
    /// Units that give the ends back, by their texts, once it is known that it is not all.
    repeats: BTreeMap<u64, Vec<u8>>,
}

/// The end of a slot that may begin a placeholder.
struct OpenEnd {
    key: u64,
    slot: usize,
    joint: Joint,
    held: String,
    /// Takes the characters out, for the next piece.
    take_out: RawEdit,
    /// Leaves them in.
    leave_in: Option<RawEdit>,
}

impl Session {
    /// A session over what a row names and what a client may see.
    pub(super) fn new(
        fields: Box<dyn Fields>,
        values: Box<dyn Values>,
        patience: Patience,
    ) -> Self {
        Self {
            fields,
            values,
            patience,
            texts: BTreeMap::new(),
            before: Patch::default(),
            waiting: None,
            number: 0,
        }
    }

    /// The values that may stand in the answer.
    pub(super) fn values(&self) -> &dyn Values {
        &*self.values
    }

    /// All of it is one document.
    pub(super) const fn expect_document(&mut self) {
        self.patience = Patience::Ends;
    }

    /// Whether there is nothing that could be done with a unit.
    pub(super) fn is_idle(&self) -> bool {
        !self.values.are_known() && self.waiting.is_none() && self.texts.is_empty()
    }

    /// Whether the bytes hold a placeholder, anywhere.
    pub(super) fn sees_placeholder(&self, text: &str) -> bool {
        let capitals = text
            .char_indices()
            .filter(|(_, char)| char.is_ascii_uppercase());
        capitals
            .filter_map(|(at, _)| text.get(at..))
            .any(|rest| matches!(self.values.begins(rest), super::Begins::Known { .. }))
    }

    /// Takes the next unit.
    pub(super) fn take(&mut self, unit: Unit, out: &mut Vec<Vec<u8>>) {
        if unit.kind == UnitKind::Idle {
            out.push(unit.bytes);
            return;
        }
        self.number = self.number.wrapping_add(1);
        let listed = std::str::from_utf8(unit.json())
            .ok()
            .and_then(|json| event::list(json, &*self.fields, &mut self.before));
        let listed = listed.unwrap_or_default();
        let is_next = !unit.json().is_empty();
        self.release(is_next.then_some(&listed.slots), out);
        self.give_back(&listed.slots, out);
        if listed.slots.is_empty() {
            out.push(unit.bytes);
            return;
        }
        self.turn(unit, &listed, out);
    }

    /// No more units come.
    pub(super) fn finish(&mut self, out: &mut Vec<Vec<u8>>) {
        self.release(None, out);
        self.give_back(&[], out);
        self.texts.clear();
    }

    /// Lets the waiting unit go; its ends are taken out where the slots of the next unit, if there
    /// is one, go on with them.
    fn release(&mut self, next: Option<&[Slot]>, out: &mut Vec<Vec<u8>>) {
        let Some(Waiting {
            unit,
            mut edits,
            ends,
            mut repeats,
        }) = self.waiting.take()
        else {
            return;
        };
        for end in ends {
            let first = next.and_then(|slots| first_of(slots, end.key));
            let repeated = next.and_then(|_| repeats.remove(&end.key));
            if first.is_some_and(|slot| slot.joint.goes_on()) {
                edits.push(end.take_out);
            } else if let (Some(unit), Some(text)) = (repeated, self.texts.get_mut(&end.key)) {
                text.giving_back = Some(GivingBack { unit, number: 0 });
                edits.push(end.take_out);
            } else {
                self.let_go(end.key);
                edits.extend(end.leave_in);
            }
        }
        out.push(edited(unit, edits));
    }

    /// Gives back what was held of units that are gone: all of it where these slots go on with no
    /// text, else what belongs to texts that begin anew.
    fn give_back(&mut self, slots: &[Slot], out: &mut Vec<Vec<u8>>) {
        let is_end = !slots.iter().any(|slot| slot.joint.goes_on());
        let mut units = Vec::new();
        for (key, text) in &mut self.texts {
            let begins_anew = first_of(slots, *key).is_some_and(|slot| !slot.joint.goes_on());
            if !is_end && !begins_anew {
                continue;
            }
            if let Some(unit) = text.giving_back.take() {
                text.let_go();
                units.push(unit);
            }
        }
        units.sort_by_key(|unit| unit.number);
        out.extend(units.into_iter().map(|unit| unit.unit));
    }

    /// What was held of a text stayed where it was.
    fn let_go(&mut self, key: u64) {
        if let Some(text) = self.texts.get_mut(&key) {
            text.let_go();
        }
    }

    fn turn(&mut self, unit: Unit, listed: &Listed, out: &mut Vec<Vec<u8>>) {
        let mut edits = Vec::new();
        let mut ends: Vec<OpenEnd> = Vec::new();
        for (at, slot) in listed.slots.iter().enumerate() {
            if let Some(found) = ends.iter().position(|end| end.key == slot.key) {
                let end = ends.swap_remove(found);
                if slot.joint.goes_on() {
                    edits.push(end.take_out);
                } else {
                    self.let_go(end.key);
                    edits.extend(end.leave_in);
                }
            }
            ends.extend(self.turn_slot(at, slot, &mut edits));
        }
        let is_last = match self.patience {
            Patience::Waits | Patience::FirstMayBeAll | Patience::FirstElement => listed.is_end,
            Patience::Ends => true,
        };
        if is_last {
            for end in ends.drain(..) {
                self.let_go(end.key);
                edits.extend(end.leave_in);
            }
        }
        if ends.is_empty() {
            out.push(edited(unit, edits));
            return;
        }
        let mut repeats = BTreeMap::new();
        if are_repeatable(&ends) {
            for end in &ends {
                let is_bare = self.may_be_all() && self.patience == Patience::FirstElement;
                let comma = if is_bare { b",".as_slice() } else { b"" };
                let unit = repeated(&unit, &listed.slots, end);
                repeats.extend(unit.map(|unit| (end.key, [comma, &unit].concat())));
            }
            if !self.may_be_all() {
                self.hold(unit, edits, ends, repeats, out);
                return;
            }
        }
        self.waiting = Some(Waiting {
            unit,
            edits,
            ends,
            repeats,
        });
    }

    /// Lets a unit go without its ends, which are given back in units of their own.
    fn hold(
        &mut self,
        unit: Unit,
        mut edits: Vec<RawEdit>,
        ends: Vec<OpenEnd>,
        mut repeats: BTreeMap<u64, Vec<u8>>,
        out: &mut Vec<Vec<u8>>,
    ) {
        for end in ends {
            if let Some(text) = self.texts.get_mut(&end.key) {
                let number = self.number;
                let repeated = repeats.remove(&end.key);
                text.giving_back = repeated.map(|unit| GivingBack { unit, number });
            }
            edits.push(end.take_out);
        }
        out.push(edited(unit, edits));
    }

    fn may_be_all(&self) -> bool {
        self.number == 1 && self.patience != Patience::Waits
    }

    /// Turns one slot back; its end, where that may begin a placeholder.
    fn turn_slot(&mut self, at: usize, slot: &Slot, edits: &mut Vec<RawEdit>) -> Option<OpenEnd> {
        if slot.joint == Joint::Whole {
            let turned = turn_back(&mut Guard::default(), &slot.text, &*self.values);
            let turned = turned.edits.iter();
            edits.extend(turned.map(|(range, value)| slot.edit(range, value)));
            return None;
        }
        if self.texts.len() >= TEXTS_MAX && !self.texts.contains_key(&slot.key) {
            return None;
        }
        let text = self.texts.entry(slot.key).or_default();
        if slot.joint == Joint::Start {
            *text = Text::default();
        }
        text.giving_back = None;
        let held = std::mem::take(&mut text.held);
        // HuggingChat pads each token with NULs.
        let own = slot.text.trim_end_matches('\0');
        let joined = format!("{held}{own}");
        let turned = turn_back(&mut text.guard, &joined, &*self.values);
        let carried = Carried {
            slot,
            held: held.len(),
            joined: &joined,
        };
        carried.edit(&turned.edits, turned.cut, edits);
        let cut = turned.cut?;
        joined.get(cut..)?.clone_into(&mut text.held);
        Some(OpenEnd {
            key: slot.key,
            slot: at,
            joint: slot.joint,
            held: text.held.clone(),
            take_out: slot.edit(&(cut.saturating_sub(held.len())..own.len()), ""),
            leave_in: (cut < held.len())
                .then(|| slot.edit(&(0..0), held.get(cut..).unwrap_or_default())),
        })
    }
}

impl Text {
    /// What was held is no placeholder, and stands in the text.
    fn let_go(&mut self) {
        for char in std::mem::take(&mut self.held).chars() {
            self.guard.see(char);
        }
    }
}

/// A slot's text after what was held before it.
struct Carried<'a> {
    slot: &'a Slot,
    held: usize,
    joined: &'a str,
}

impl Carried<'_> {
    /// Edits of the joined text as edits of the slot: what was held goes to its front.
    fn edit(
        &self,
        turned: &[(std::ops::Range<usize>, String)],
        cut: Option<usize>,
        edits: &mut Vec<RawEdit>,
    ) {
        let held = self.held;
        let mut front = String::new();
        let (mut copied, mut replaced) = (0, 0);
        for (range, value) in turned {
            if range.start < held {
                front.push_str(self.joined.get(copied..range.start).unwrap_or_default());
                front.push_str(value);
                copied = range.end;
                replaced = range.end.saturating_sub(held);
            } else {
                let own = range.start - held..range.end - held;
                edits.push(self.slot.edit(&own, value));
            }
        }
        let end = cut.unwrap_or(held).min(held);
        front.push_str(self.joined.get(copied..end).unwrap_or_default());
        if replaced > 0 || !front.is_empty() {
            edits.push(self.slot.edit(&(0..replaced), &front));
        }
    }
}

/// The first slot of this text.
fn first_of(slots: &[Slot], key: u64) -> Option<&Slot> {
    slots.iter().find(|slot| slot.key == key)
}

fn are_repeatable(ends: &[OpenEnd]) -> bool {
    ends.iter().all(|end| end.joint == Joint::Append)
}

/// The same unit with what was held as its only piece.
fn repeated(unit: &Unit, slots: &[Slot], end: &OpenEnd) -> Option<Vec<u8>> {
    let pieces = slots.iter().enumerate();
    let pieces = pieces.filter(|(_, slot)| slot.joint == Joint::Append);
    let edits = pieces.map(|(at, slot)| slot.replace(if at == end.slot { &end.held } else { "" }));
    unit.with(&apply(unit.json(), edits.collect()))
}

fn edited(unit: Unit, edits: Vec<RawEdit>) -> Vec<u8> {
    if edits.is_empty() {
        return unit.bytes;
    }
    unit.with(&apply(unit.json(), edits)).unwrap_or(unit.bytes)
}
