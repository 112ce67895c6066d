//! Which strings does a JSON text hold, and where exactly?
//!
//! In: an area that may be JSON. Out: its strings, keys and long numbers as parts, each with its
//! exact raw bytes. Tokens come from `bufjson`, which works through nesting without recursion;
//! reading escapes is ours ([`super::unescape`]), because edits need the way back.
//!
//! Never: list anything before the whole text is known to be JSON.

use std::collections::HashSet;
use std::ops::Range;

use bufjson::Token;

use crate::model::note::Note;
use crate::model::part::{PartKind, Step};
use crate::model::uninspectable::Uninspectable;

use super::json_text::parser;
pub(super) use super::json_text::{Checked, check, has_structure_head, split};
use super::layer::{Area, Wrap};
use super::nested;
use super::opening::{Opening, key_step};
use super::unescape::Escape;

/// Shorter numbers identify nobody.
const NUMBER_DIGITS_MIN: usize = 6;
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
    let mut tokens = parser(&checked.tokens);
    loop {
        let token = tokens.next_meaningful();
        let start = tokens.pos().offset;
        match token {
            Token::Eof | Token::Err => return Ok(()),
            Token::ObjBegin => walk.begin(opening, Frame::object()),
            Token::ArrBegin => walk.begin(opening, Frame::Array { index: 0 }),
            Token::ObjEnd | Token::ArrEnd => walk.end(opening),
            Token::Str => {
                let content = tokens.content();
                let escape = content.is_escaped();
                let raw = start + 1..start + content.literal_len().saturating_sub(1);
                walk.string(opening, &raw, escape)?;
            }
            Token::Num => {
                let len = tokens.content().literal_len();
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
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let source = self.area.piece(raw).verbatim();
        let list = |opening: &mut Opening<'_>| {
            if digits >= NUMBER_DIGITS_MIN {
                opening.list(source, PartKind::Number, text.to_owned())
            } else {
                opening.short_number(source, text)
            }
        };
        match self.step() {
            Some(step) => opening.within(step, list)?,
            None => list(opening)?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{ID, assert_redacts_in_place, opened, texts};

    #[test]
    fn a_chat_body_is_listed_and_redacted_in_place() {
        let body = r#"{"messages" : [{"content":{"parts":["CCCD 001099000001,\u000a S\u0110T \/ 001099000001"]},"n":1790000000.1}],
     "model":"auto" }"#;
        let opened = opened(body, "application/json");
        assert_eq!(
            texts(&opened),
            [
                "/messages/0/content/parts/0=CCCD 001099000001,\n SĐT / 001099000001",
                "/messages/0/n=1790000000.1",
                "/model=auto",
            ]
        );
        assert_eq!(opened.notes, []);
        assert_redacts_in_place(body, "text/plain;charset=UTF-8");
    }

    #[test]
    fn a_key_given_twice_is_noted_and_both_values_are_listed() {
        let opened = opened(
            r#"{"a":"x","\u0061":"y","b":{"a":"z"}}"#,
            "application/json",
        );
        assert_eq!(opened.notes, [Note::DuplicateKey]);
        assert_eq!(texts(&opened), ["/a=x", "/a=y", "/b/a=z"]);
    }

    #[test]
    fn keys_are_listed_once_and_numbers_when_they_are_long() {
        let opened = opened(
            r#"[{"001099000001":12345},{"001099000001":-123456}]"#,
            "application/json",
        );
        let listed: Vec<_> = opened
            .payload
            .parts()
            .iter()
            .map(|part| (part.kind, part.editable))
            .collect();
        assert_eq!(listed, [(PartKind::Key, false), (PartKind::Number, false)]);
        let number = opened.payload.parts().last().unwrap();
        assert_eq!(number.locator.last_key(), Some(ID));
    }

    #[test]
    fn text_cut_in_an_emoji_is_still_json() {
        let body = r#"{"q":"\\ud83d \ud83d 001099000001 \ude00"}"#;
        assert_eq!(
            texts(&opened(body, "application/json")),
            ["/q=\\ud83d \u{FFFD} 001099000001 \u{FFFD}"]
        );
        assert_redacts_in_place(body, "application/json");
    }
}
