//! Which named texts does one event hold?
//!
//! In: the JSON of an event, and what the row names. Out: its slots, through strings that are JSON
//! or server-sent events themselves, and through patches to the places that they name.
//!
//! Never: a slot that no row names.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::document::{Leaf, Pieces, Tree};
use super::patch::{Patch, is_value_key};
use super::slot::{Joint, Slot};
use super::unescape::{Way, unescape};
use super::{Fields, Role};
use crate::model::part::Step;

/// How many documents within strings one event may have.
const DOCUMENTS_MAX: usize = 1000;
/// How deep they may lie in each other.
const DEPTH_MAX: usize = 5;

/// What an event holds.
#[derive(Default)]
pub(super) struct Listed {
    /// Its named strings, in order.
    pub(super) slots: Vec<Slot>,
    /// Whether it says that no piece follows.
    pub(super) is_end: bool,
}

/// A document in an event.
struct Document {
    text: String,
    way: Way,
    /// Within how many JSON strings it lies.
    levels: usize,
    above: Option<usize>,
    /// Whether it stands beside others in one string.
    has_fellows: bool,
}

/// A string's place as the row sees it.
struct Place {
    steps: Vec<Step>,
    identity: u64,
    /// Whether it is for a tool.
    is_call: bool,
    /// What the objects around say of it as a piece.
    pieces: Pieces,
    /// The innermost patch, whether the string is its value itself, and whether it is the whole
    /// document.
    patch: Option<(Patch, bool, bool)>,
}

/// Lists the slots of an event; nothing if it is not JSON. `before` is what the last patch said.
pub(super) fn list(event: &str, fields: &dyn Fields, before: &mut Patch) -> Option<Listed> {
    let mut tree = Tree::default();
    let mut slots = Vec::new();
    let mut documents = vec![Document {
        text: event.to_owned(),
        way: Way::Straight(0),
        levels: 0,
        above: None,
        has_fellows: false,
    }];
    let mut at = 0;
    while at < documents.len() {
        let first_object = tree.objects.len();
        let mut opened = Vec::new();
        let document = documents.get(at)?;
        let leaves = tree.add(&document.text, document.above);
        let Some(leaves) = leaves else {
            if at == 0 {
                return None;
            }
            at += 1;
            continue;
        };
        if fields.are_patched()
            && let Some(root) = tree.objects.get_mut(first_object)
            && root.is_root
            && root.patch.is_patch(true)
        {
            root.patch.inherit(before);
        }
        for leaf in &leaves {
            list_leaf(&tree, document, leaf, fields, &mut slots, &mut opened);
        }
        if documents.len() + opened.len() <= DOCUMENTS_MAX {
            documents.append(&mut opened);
        }
        at += 1;
    }
    // An event with several texts of patches does several things, and cannot be sent twice.
    if fields.are_patched() && slots.len() > 1 {
        for slot in &mut slots {
            if slot.joint == Joint::Append {
                slot.joint = Joint::Next;
            }
        }
    }
    slots.sort_by_key(|slot| slot.way.place(0));
    Some(Listed {
        slots,
        is_end: tree.is_end,
    })
}

fn list_leaf(
    tree: &Tree,
    document: &Document,
    leaf: &Leaf,
    fields: &dyn Fields,
    slots: &mut Vec<Slot>,
    opened: &mut Vec<Document>,
) {
    let place = place(tree, leaf.node, fields.are_patched());
    let role = if place.is_call {
        Role::Other
    } else {
        fields.role(&place.steps)
    };
    let (field, is_piece) = match role {
        Role::Other => return,
        Role::Opened => (0, false),
        Role::Piece(field) => (field, true),
        Role::Whole(field) => (field, false),
    };
    let raw = document.text.get(leaf.raw.clone()).unwrap_or_default();
    let Some((text, way)) = unescape(raw, leaf.raw.start, &document.way) else {
        return;
    };
    let levels = document.levels + 1;
    if role == Role::Opened {
        if levels < DEPTH_MAX {
            open(text, &way, levels, leaf.node, opened);
        }
        return;
    }
    let joint = joint(&place, is_piece, document.has_fellows);
    let steps = match (place.steps.as_slice(), joint) {
        // The elements of a list of pieces are one text.
        ([list @ .., Step::Index(_)], Joint::Start | Joint::Next) => list,
        (steps, _) => steps,
    };
    let key = key(field, &place, steps);
    slots.push(Slot {
        text,
        way,
        levels,
        key,
        joint,
    });
}

/// The JSON that a string is, or the JSON of each of the events that it holds.
fn open(text: String, way: &Way, levels: usize, node: usize, opened: &mut Vec<Document>) {
    if text.trim_start().starts_with(['{', '[']) {
        opened.push(Document {
            text,
            way: way.clone(),
            levels,
            above: Some(node),
            has_fellows: false,
        });
        return;
    }
    let mut start = 0;
    let before = opened.len();
    for line in text.split_inclusive('\n') {
        if let Some(json) = line.strip_prefix("data:") {
            let at = start + line.len() - json.len();
            let json = json.trim_end_matches(['\r', '\n']);
            let places = (at..=at + json.len()).map(|at| way.place(at));
            opened.push(Document {
                way: Way::Winding(places.collect()),
                text: json.to_owned(),
                levels,
                above: Some(node),
                has_fellows: false,
            });
        }
        start += line.len();
    }
    let fellows = opened.get_mut(before..).unwrap_or_default();
    let has_fellows = fellows.len() > 1;
    for document in fellows {
        document.has_fellows = has_fellows;
    }
}

/// Where a node stands, through the patches above it.
fn place(tree: &Tree, node: usize, are_patched: bool) -> Place {
    let mut chain = Vec::new();
    let mut next = Some(node);
    while let Some(node) = next.and_then(|at| tree.nodes.get(at)) {
        chain.push(node);
        next = node.parent;
    }
    let mut place = Place {
        steps: Vec::with_capacity(chain.len()),
        identity: 0,
        is_call: false,
        pieces: Pieces::Untold,
        patch: None,
    };
    let mut is_in_list = false;
    for (left, node) in chain.iter().enumerate().rev() {
        let Some(step) = &node.step else { continue };
        let object = node.object.and_then(|at| tree.objects.get(at));
        place.is_call |= object.is_some_and(|object| object.is_call);
        if let Some(told) = object.map(|object| object.pieces)
            && told != Pieces::Untold
        {
            place.pieces = told;
        }
        if let (Some(object), None) = (object, &place.patch) {
            place.identity = place.identity.wrapping_add(object.identity);
        }
        match (step, object) {
            (Step::Key(key), Some(object))
                if are_patched && is_value_key(key) && object.patch.is_patch(object.is_root) =>
            {
                place.steps.extend(object.patch.steps());
                is_in_list = object.patch.is_list();
                place.patch = Some((object.patch.clone(), left == 0, object.is_root));
            }
            (Step::Index(_), _) if is_in_list => is_in_list = false,
            (Step::Json, _) => {
                // The places that patches name begin anew in a document of its own.
                place.patch = None;
                place.steps.push(Step::Json);
            }
            (step, _) => place.steps.push(step.clone()),
        }
    }
    place
}

fn joint(place: &Place, is_piece: bool, has_fellows: bool) -> Joint {
    let Some((patch, is_value, is_whole)) = &place.patch else {
        return match place.steps.last() {
            _ if !is_piece => Joint::Whole,
            _ if place.pieces == Pieces::BeginAnew => Joint::Start,
            Some(Step::Index(0)) if place.pieces != Pieces::GoOn => Joint::Start,
            Some(Step::Index(_)) => Joint::Next,
            Some(Step::Key(_) | Step::Json | Step::Decoded) | None => Joint::Append,
        };
    };
    let is_further = matches!(place.steps.last(), Some(Step::Index(at)) if *at > 0);
    match (is_value, patch.appends()) {
        (true, true) if *is_whole && !has_fellows => Joint::Append,
        (true, true) => Joint::Next,
        (true, false) if patch.adds_element() => Joint::Next,
        (false, _) if is_further => Joint::Next,
        (true | false, _) => Joint::Start,
    }
}

/// What tells this text from others. Patches name the same place in more than one way
/// (`fragments/0`, `fragments/-1`), so there the field alone counts.
fn key(field: usize, place: &Place, steps: &[Step]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (field, place.identity).hash(&mut hasher);
    if place.patch.is_none() {
        steps.hash(&mut hasher);
    }
    hasher.finish()
}
