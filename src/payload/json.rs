//! Which strings does a JSON text hold, and where exactly?
//!
//! In: an area that may be JSON. Out: its strings, keys and long numbers as parts, each with its
//! exact raw bytes. Tokens come from `bufjson`, which works through nesting without recursion;
//! reading escapes is ours ([`super::unescape`]), because edits need the way back.
//!
//! Never: list anything before the whole text is known to be JSON.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use bufjson::Token;
use bufjson::lexical::fixed::FixedAnalyzer;
use bufjson::syntax::Parser;

use crate::model::note::Note;
use crate::model::part::{PartKind, Step};
use crate::model::uninspectable::Uninspectable;

use super::layer::{Area, Wrap};
use super::nested;
use super::opening::{Opening, key_step};
use super::unescape::Escape;

/// Shorter numbers identify nobody.
const NUMBER_DIGITS_MIN: usize = 6;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A text that is one JSON value from end to end.
pub(super) struct Checked<'a> {
    text: &'a str,
    tokens: Cow<'a, [u8]>,
    skipped: usize,
}

/// Checks that bytes are one JSON value. A byte order mark is skipped.
pub(super) fn check(bytes: &[u8]) -> Option<Checked<'_>> {
    let skipped = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    let text = std::str::from_utf8(bytes.get(skipped..)?).ok()?;
    let tokens = if is_json(text.as_bytes()) {
        Cow::Borrowed(text.as_bytes())
    } else {
        let masked = with_halves_masked(text.as_bytes())?;
        if !is_json(&masked) {
            return None;
        }
        Cow::Owned(masked)
    };
    Some(Checked {
        text,
        tokens,
        skipped,
    })
}

/// Whether a text begins as an object or array does.
pub(super) fn has_structure_head(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The objects and arrays of a text that is nothing but several of them (NDJSON and the like).
pub(super) fn split(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut lexer = FixedAnalyzer::new(bytes);
    let (mut values, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    loop {
        let token = lexer.next();
        match token {
            Token::Eof if depth == 0 && !values.is_empty() => return Some(values),
            Token::Err | Token::Eof => return None,
            Token::White => {}
            Token::ObjBegin | Token::ArrBegin => {
                if depth == 0 {
                    start = lexer.pos().offset;
                }
                depth += 1;
            }
            Token::ObjEnd | Token::ArrEnd => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let end = lexer.pos().offset + 1;
                    check(bytes.get(start..end)?)?;
                    values.push(start..end);
                }
            }
            Token::LitFalse
            | Token::LitNull
            | Token::LitTrue
            | Token::NameSep
            | Token::Num
            | Token::Str
            | Token::ValueSep => {
                if depth == 0 {
                    return None;
                }
            }
        }
    }
}

/// Lists the strings of a checked text that fills `area`.
pub(super) fn walk(
    opening: &mut Opening<'_>,
    area: &Area,
    checked: &Checked<'_>,
) -> Result<(), Uninspectable> {
    let mut walk = Walk {
        area: area.piece(&(checked.skipped..area.range.len())),
        text: checked.text,
        frames: Vec::new(),
        beyond: 0,
    };
    let mut parser = unbounded(&checked.tokens);
    loop {
        let token = parser.next_meaningful();
        let start = parser.pos().offset;
        match token {
            Token::Eof | Token::Err => return Ok(()),
            Token::ObjBegin => walk.begin(opening, Frame::object()),
            Token::ArrBegin => walk.begin(opening, Frame::Array { index: 0 }),
            Token::ObjEnd | Token::ArrEnd => walk.end(opening),
            Token::Str => {
                let content = parser.content();
                let escape = content.is_escaped();
                let raw = start + 1..start + content.literal_len().saturating_sub(1);
                walk.string(opening, &raw, escape)?;
            }
            Token::Num => {
                let len = parser.content().literal_len();
                walk.number(opening, &(start..start + len))?;
            }
            Token::LitFalse | Token::LitNull | Token::LitTrue => walk.step_over(),
            Token::NameSep | Token::ValueSep | Token::White => {}
        }
    }
}

/// An object or array that the reader is in.
enum Frame {
    Array {
        index: usize,
    },
    Object {
        /// The key read last, until its value is.
        key: Option<String>,
        keys: HashSet<u64>,
    },
}

impl Frame {
    fn object() -> Self {
        Self::Object {
            key: None,
            keys: HashSet::new(),
        }
    }
}

struct Walk<'t> {
    area: Area,
    text: &'t str,
    frames: Vec<Frame>,
    /// How many objects and arrays deeper than the bound the reader is. Their strings, keys too,
    /// are listed as values of the deepest one within the bound.
    beyond: usize,
}

impl Walk<'_> {
    fn begin(&mut self, opening: &mut Opening<'_>, frame: Frame) {
        if self.beyond > 0 || self.frames.len() >= opening.limits.json_depth_max {
            opening.note(Note::NestingBound);
            self.beyond += 1;
            return;
        }
        if let Some(step) = self.step() {
            opening.enter(step);
        }
        self.frames.push(frame);
    }

    fn end(&mut self, opening: &mut Opening<'_>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            if self.beyond == 0 {
                self.step_over();
            }
            return;
        }
        self.frames.pop();
        if !self.frames.is_empty() {
            opening.leave();
        }
        self.step_over();
    }

    fn string(
        &mut self,
        opening: &mut Opening<'_>,
        raw: &Range<usize>,
        is_escaped: bool,
    ) -> Result<(), Uninspectable> {
        let raw_text = self.text.get(raw.clone()).unwrap_or_default();
        let text = if is_escaped {
            Escape::Json.unescape(raw_text.as_bytes()).text
        } else {
            raw_text.to_owned()
        };
        let piece = self.area.piece(raw);
        if self.beyond == 0
            && let Some(Frame::Object { key, keys }) = self.frames.last_mut()
            && key.is_none()
        {
            if !keys.insert(opening.key_hash(&text)) {
                opening.note(Note::DuplicateKey);
            }
            *key = Some(text.clone());
            return list_key(opening, &piece, text);
        }
        let wrap = Wrap::Escaped(Escape::Json);
        match self.step() {
            Some(step) => {
                opening.within(step, |opening| nested::value(opening, &piece, wrap, text))?
            }
            None => nested::value(opening, &piece, wrap, text)?,
        }
        self.step_over();
        Ok(())
    }

    fn number(
        &mut self,
        opening: &mut Opening<'_>,
        raw: &Range<usize>,
    ) -> Result<(), Uninspectable> {
        let text = self.text.get(raw.clone()).unwrap_or_default();
        if text.bytes().filter(u8::is_ascii_digit).count() >= NUMBER_DIGITS_MIN {
            let source = self.area.piece(raw).verbatim();
            let text = text.to_owned();
            match self.step() {
                Some(step) => {
                    opening.within(step, |opening| opening.list(source, PartKind::Number, text))?
                }
                None => opening.list(source, PartKind::Number, text)?,
            }
        }
        self.step_over();
        Ok(())
    }

    /// The step from the innermost frame to the value that comes next.
    fn step(&self) -> Option<Step> {
        match self.frames.last()? {
            Frame::Array { index } => Some(Step::Index(*index)),
            Frame::Object { key, .. } => Some(key_step(key.as_deref().unwrap_or_default())),
        }
    }

    /// A value has been read.
    fn step_over(&mut self) {
        if self.beyond > 0 {
            return;
        }
        match self.frames.last_mut() {
            Some(Frame::Array { index }) => *index += 1,
            Some(Frame::Object { key, .. }) => *key = None,
            None => {}
        }
    }
}

/// A key is listed once per payload, so it cannot be edited: the others would stay.
fn list_key(opening: &mut Opening<'_>, area: &Area, key: String) -> Result<(), Uninspectable> {
    if key.is_empty() || !opening.is_new_key(&key) {
        return Ok(());
    }
    opening.within(key_step(&key), |opening| {
        opening.list(area.wrapped(Wrap::Sealed), PartKind::Key, key)
    })
}

fn is_json(text: &[u8]) -> bool {
    let mut parser = unbounded(text);
    loop {
        match parser.next() {
            Token::Eof => return true,
            Token::Err => return false,
            Token::ArrBegin
            | Token::ArrEnd
            | Token::LitFalse
            | Token::LitNull
            | Token::LitTrue
            | Token::NameSep
            | Token::Num
            | Token::ObjBegin
            | Token::ObjEnd
            | Token::Str
            | Token::ValueSep
            | Token::White => {}
        }
    }
}

/// A parser that takes any depth: it keeps one bit per level, and our own stack is bounded.
fn unbounded(text: &[u8]) -> Parser<FixedAnalyzer<&[u8]>> {
    Parser::with_max_level(FixedAnalyzer::new(text), usize::MAX)
}

/// A copy in which each half of a surrogate pair is written as `\uFFFD`, which has the same
/// length, so that tokens keep their offsets. Nothing if there is none. JavaScript writes such
/// halves for text cut in the middle of an emoji; `bufjson` refuses them.
fn with_halves_masked(text: &[u8]) -> Option<Vec<u8>> {
    let mut masked = text.to_vec();
    let (mut at, mut is_masked) = (0, false);
    while let Some(found) = memchr::memchr(b'\\', text.get(at..)?) {
        at += found;
        at += match (unit(text, at), unit(text, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                masked.get_mut(at..at + 6)?.copy_from_slice(b"\\uFFFD");
                is_masked = true;
                6
            }
            (Some(_) | None, _) => 2,
        };
    }
    is_masked.then_some(masked)
}

/// The number in `\uXXXX`.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
