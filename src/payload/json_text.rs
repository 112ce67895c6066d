//! Are these bytes JSON?
//!
//! In: bytes. Out: a text known to be one JSON value (RFC 8259), or the ranges of several.
//!
//! Never: recurse; a body of nothing but `[` is a text like any other.

use std::borrow::Cow;
use std::ops::Range;

use bufjson::Token;
use bufjson::lexical::fixed::FixedAnalyzer;
use bufjson::syntax::Parser;

/// Deeper than any server reads; such a text is scanned as it is written.
const LEVELS_MAX: usize = 10_000;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// A text that is one JSON value from end to end.
pub(super) struct Checked<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// The same, as the tokenizer takes it.
    pub(super) tokens: Cow<'a, [u8]>,
    /// How many bytes come before the text.
    pub(super) skipped: usize,
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

/// The objects and arrays of a text that is nothing but several of them (NDJSON and the like);
/// at most one more than `values_max`.
pub(super) fn split(bytes: &[u8], values_max: usize) -> Option<Vec<Range<usize>>> {
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
                    if values.len() > values_max {
                        return Some(values);
                    }
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

fn is_json(text: &[u8]) -> bool {
    let mut tokens = parser(text);
    loop {
        match tokens.next() {
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

/// A tokenizer for `text`. Depth costs it one bit per level, and our own stack has its own bound.
pub(super) fn parser(text: &[u8]) -> Parser<FixedAnalyzer<&[u8]>> {
    Parser::with_max_level(FixedAnalyzer::new(text), LEVELS_MAX)
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
