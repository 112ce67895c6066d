//! Which strings does one JSON text hold, and what stands around each?
//!
//! In: a JSON text. Out: its string values with their raw places, the objects around them, and
//! what in those objects tells one text from another (an index, an id) or says that a text ends.
//! Tokens come from `bufjson`, which needs no recursion.
//!
//! Never: lists anything of a text that is not one whole JSON value.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use bufjson::Token;
use bufjson::lexical::fixed::FixedAnalyzer;
use bufjson::syntax::Parser;

use super::patch::Patch;
use super::unescape::{Way, unescape};
use crate::model::part::Step;

/// Deeper documents pass as they are.
const LEVELS_MAX: usize = 200;
/// Members that tell one of several texts from another.
const IDENTITY_KEYS: [&str; 14] = [
    "index",
    "item_id",
    "output_index",
    "content_index",
    "summary_index",
    "messageId",
    "partId",
    "requestId",
    "responseId",
    "intended_usage",
    "isThinking",
    "thought",
    "messageTag",
    "topic_id",
];
/// Words in an object's `type` by which it is for a tool: what a tool does with a value is not for
/// the clerk's eyes alone.
const CALL_WORDS: [&str; 5] = [
    "arguments",
    "input_json",
    "tool_use",
    "function_call",
    "code_interpreter",
];
/// Where in the text's list of pieces the first of an object's list stands (Perplexity).
const OFFSET_KEY: &str = "chunk_starting_offset";
/// The `event` whose text takes the place of all that was appended (Microsoft Copilot).
const ANEW_EVENT: &str = "replaceText";
/// Members that, neither null nor false nor zero nor empty, say that no piece follows.
const END_KEYS: [&str; 6] = [
    "is_end",
    "finish_reason",
    "finishReason",
    "is_finish",
    "isSoftStop",
    "final",
];

/// A value and what it lies in.
pub(super) struct Node {
    /// The node above.
    pub(super) parent: Option<usize>,
    /// The step from there.
    pub(super) step: Option<Step>,
    /// The object that it is a member of.
    pub(super) object: Option<usize>,
}

/// An object.
#[derive(Default)]
pub(super) struct Object {
    /// Read as a patch.
    pub(super) patch: Patch,
    /// What tells its texts from others.
    pub(super) identity: u64,
    /// Whether it is for a tool, not for people.
    pub(super) is_call: bool,
    /// Whether it is the root of its document.
    pub(super) is_root: bool,
    /// What it says of its pieces.
    pub(super) pieces: Pieces,
}

/// What an object says of the pieces in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pieces {
    /// Nothing: a list begins a text, any other piece goes on with it.
    #[default]
    Untold,
    /// Its list goes on where an earlier one ended.
    GoOn,
    /// Its piece takes the place of all before.
    BeginAnew,
}

/// A string value.
pub(super) struct Leaf {
    /// Its node.
    pub(super) node: usize,
    /// Its raw contents, without quotes.
    pub(super) raw: Range<usize>,
}

/// The nodes of all documents of an event.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) objects: Vec<Object>,
    /// Whether a member says that no piece follows.
    pub(super) is_end: bool,
}

impl Tree {
    /// Adds the document and lists its strings. `above` is the string that the document is.
    pub(super) fn add(&mut self, text: &str, above: Option<usize>) -> Option<Vec<Leaf>> {
        let root = self.node(above, above.map(|_| Step::Json), None);
        let mut reading = Reading {
            tree: self,
            text,
            root,
            frames: Vec::new(),
            leaves: Vec::new(),
        };
        let mut tokens = Parser::with_max_level(FixedAnalyzer::new(text.as_bytes()), LEVELS_MAX);
        loop {
            let token = tokens.next_meaningful();
            let start = tokens.pos().offset;
            match token {
                Token::Eof => return Some(reading.leaves),
                Token::Err => return None,
                Token::ObjBegin => reading.begin(Shape::Object),
                Token::ArrBegin => reading.begin(Shape::Array),
                Token::ObjEnd | Token::ArrEnd => {
                    reading.frames.pop();
                    reading.step_over();
                }
                Token::Str => {
                    let len = tokens.content().literal_len();
                    reading.string(start + 1..(start + len).saturating_sub(1));
                }
                Token::Num | Token::LitFalse | Token::LitNull | Token::LitTrue => {
                    let len = tokens.content().literal_len();
                    reading.scalar(start..start + len);
                }
                Token::NameSep | Token::ValueSep | Token::White => {}
            }
        }
    }

    fn node(&mut self, parent: Option<usize>, step: Option<Step>, object: Option<usize>) -> usize {
        self.nodes.push(Node {
            parent,
            step,
            object,
        });
        self.nodes.len() - 1
    }
}

#[derive(Clone, Copy)]
enum Shape {
    Object,
    Array,
}

enum Frame {
    Array {
        node: usize,
        index: usize,
    },
    Object {
        node: usize,
        object: usize,
        key: Option<String>,
    },
}

struct Reading<'t> {
    tree: &'t mut Tree,
    text: &'t str,
    root: usize,
    frames: Vec<Frame>,
    leaves: Vec<Leaf>,
}

impl Reading<'_> {
    fn begin(&mut self, shape: Shape) {
        let is_root = self.frames.is_empty();
        let node = self.place();
        self.frames.push(match shape {
            Shape::Array => Frame::Array { node, index: 0 },
            Shape::Object => {
                self.tree.objects.push(Object {
                    is_root,
                    ..Object::default()
                });
                Frame::Object {
                    node,
                    object: self.tree.objects.len() - 1,
                    key: None,
                }
            }
        });
    }

    fn string(&mut self, raw: Range<usize>) {
        if let Some(Frame::Object {
            key: key @ None, ..
        }) = self.frames.last_mut()
        {
            let raw = self.text.get(raw).unwrap_or_default();
            let read = unescape(raw, 0, &Way::Straight(0));
            *key = Some(read.map_or_else(|| raw.to_owned(), |(text, _)| text));
            return;
        }
        self.member(&raw);
        let node = self.place();
        self.leaves.push(Leaf { node, raw });
        self.step_over();
    }

    fn scalar(&mut self, raw: Range<usize>) {
        self.member(&raw);
        self.step_over();
    }

    /// The node of the value that comes next.
    fn place(&mut self) -> usize {
        match self.frames.last() {
            None => self.root,
            Some(Frame::Array { node, index }) => {
                let (node, step) = (*node, Step::Index(*index));
                self.tree.node(Some(node), Some(step), None)
            }
            Some(Frame::Object { node, object, key }) => {
                let key = key.clone().unwrap_or_default();
                let (node, object) = (*node, *object);
                if let Some(object) = self.tree.objects.get_mut(object) {
                    object.patch.note_value(&key);
                }
                self.tree
                    .node(Some(node), Some(Step::Key(key)), Some(object))
            }
        }
    }

    /// Takes note of a member that is a string, number or word.
    fn member(&mut self, raw: &Range<usize>) {
        let Some(Frame::Object {
            object,
            key: Some(key),
            ..
        }) = self.frames.last()
        else {
            return;
        };
        let Some(object) = self.tree.objects.get_mut(*object) else {
            return;
        };
        let literal = self.text.get(raw.clone()).unwrap_or_default();
        object.patch.note(key, literal);
        object.is_call |= key == "type" && CALL_WORDS.iter().any(|word| literal.contains(word));
        if IDENTITY_KEYS.contains(&key.as_str()) {
            let mut hasher = DefaultHasher::new();
            (key, literal).hash(&mut hasher);
            object.identity = object.identity.wrapping_add(hasher.finish());
        }
        match (key.as_str(), literal) {
            (OFFSET_KEY, "0") => {}
            (OFFSET_KEY, _) => object.pieces = Pieces::GoOn,
            ("event", ANEW_EVENT) => object.pieces = Pieces::BeginAnew,
            _ => {}
        }
        if END_KEYS.contains(&key.as_str()) && !matches!(literal, "" | "null" | "false" | "0") {
            self.tree.is_end = true;
        }
    }

    /// A value has been read.
    fn step_over(&mut self) {
        match self.frames.last_mut() {
            Some(Frame::Array { index, .. }) => *index += 1,
            Some(Frame::Object { key, .. }) => *key = None,
            None => {}
        }
    }
}
