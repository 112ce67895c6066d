//! Does a text come back whole wherever the service cuts it?
//!
//! The pieces of every fixture are joined and cut anew: at each place, and at many places at once.

use serde_json::Value;

use super::restore_tests::{Fixture, VALUES, fixtures, folder, turned};

const RECORD_END: char = '\u{1e}';
const FRAME_HEAD_BYTES: usize = 5;

/// A unit of an answer: an event, a line, a record, a frame, an element.
#[derive(Clone)]
struct Piece {
    before: String,
    json: Value,
    after: String,
}

/// The units of an answer, by the ending of the fixture's name.
fn read(file: &str, bytes: &[u8]) -> Vec<Piece> {
    let parsed = |before: &str, json: &str, after: &str| Piece {
        before: before.to_owned(),
        json: serde_json::from_str(json).unwrap_or(Value::Null),
        after: after.to_owned(),
    };
    if file.ends_with(".frames") {
        return read_frames(bytes);
    }
    let text = std::str::from_utf8(bytes).unwrap();
    if file.ends_with(".array") {
        let elements: Vec<Value> = serde_json::from_str(text).unwrap();
        let pieces = elements.into_iter().map(|json| Piece {
            before: String::new(),
            json,
            after: String::new(),
        });
        return pieces.collect();
    }
    let ends: &[char] = if text.contains(RECORD_END) {
        &[RECORD_END, '\n']
    } else {
        &['\n']
    };
    let units = text.split_inclusive(ends);
    units
        .map(|unit| {
            let json = unit.find(['{', '[']).unwrap_or(unit.len());
            let (before, rest) = unit.split_at(json);
            let body = rest.trim_end_matches(['\n', '\r', RECORD_END]);
            let after = rest.strip_prefix(body).unwrap();
            let mut piece = parsed(before, body, after);
            if piece.json.is_null() {
                piece.before.push_str(body);
            }
            piece
        })
        .collect()
}

fn read_frames(mut bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some((head, rest)) = bytes.split_at_checked(FRAME_HEAD_BYTES) {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let (json, rest) = rest.split_at(usize::try_from(length).unwrap());
        pieces.push(Piece {
            before: char::from(head[0]).to_string(),
            json: serde_json::from_slice(json).unwrap(),
            after: String::new(),
        });
        bytes = rest;
    }
    pieces
}

fn write(file: &str, pieces: &[Piece]) -> Vec<u8> {
    if file.ends_with(".array") {
        let elements: Vec<&Value> = pieces.iter().map(|piece| &piece.json).collect();
        return serde_json::to_vec(&elements).unwrap();
    }
    let mut bytes = Vec::new();
    for Piece {
        before,
        json,
        after,
    } in pieces
    {
        let json = if json.is_null() {
            String::new()
        } else {
            json.to_string()
        };
        bytes.extend_from_slice(before.as_bytes());
        if file.ends_with(".frames") {
            bytes.extend_from_slice(&u32::try_from(json.len()).unwrap().to_be_bytes());
        }
        bytes.extend_from_slice(json.as_bytes());
        bytes.extend_from_slice(after.as_bytes());
    }
    bytes
}

/// The piece of text of a unit, where it has one.
fn text_of<'p>(piece: &'p mut Piece, places: &[String]) -> Option<&'p mut String> {
    // What a tool is called with is no text for people.
    let kind = piece.json.get("type").and_then(Value::as_str);
    if kind.is_some_and(|kind| kind.contains("arguments")) {
        return None;
    }
    let place = places.iter().find(|place| {
        // A patch of another place.
        let object = place.strip_suffix("/v").map(|object| format!("{object}/p"));
        let patched = object.and_then(|patched| piece.json.pointer(&patched)?.as_str());
        let is_elsewhere = patched.is_some_and(|patched| {
            !["content", "/parts/0", "/-"]
                .iter()
                .any(|end| patched.ends_with(end))
        });
        piece.json.pointer(place).is_some_and(Value::is_string) && !is_elsewhere
    })?;
    match piece.json.pointer_mut(place)? {
        Value::String(text) => Some(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// The whole text; HuggingChat pads its pieces.
fn joined(pieces: &mut [Piece], places: &[String]) -> String {
    let texts = pieces.iter_mut().filter_map(|piece| text_of(piece, places));
    let texts = texts.map(|text| text.trim_end_matches('\0').to_owned());
    texts.collect()
}

/// The text with its values, but for the one in the address of a picture.
fn with_values(text: &str) -> String {
    let mut text = text.replace("?q=CCCDK7X3M9Q", "?q=*");
    for (placeholder, value) in VALUES {
        text = text.replace(placeholder, value);
    }
    text.replace("?q=*", "?q=CCCDK7X3M9Q")
}

/// Cuts the text at these characters, into as many pieces as there were; the last has the rest.
fn cut(pieces: &[Piece], places: &[String], text: &str, at: &[usize]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = pieces.to_vec();
    let mut slots: Vec<&mut String> = pieces
        .iter_mut()
        .filter_map(|piece| text_of(piece, places))
        .collect();
    let last = slots.len() - 1;
    let mut start = 0;
    for (number, slot) in slots.iter_mut().enumerate() {
        let end = at.get(number).copied().unwrap_or(chars.len());
        let end = if number == last { chars.len() } else { end };
        **slot = chars[start..end].iter().collect();
        start = end;
    }
    pieces
}

/// Every single cut, and many cuts at once, from every other place on.
fn cuts(chars: usize, pieces: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = (0..=chars).map(|at| vec![at]).collect();
    for first in (0..chars).step_by(2) {
        for step in [1, 3] {
            let at = (0..pieces).map(|number| (first + number * step).min(chars));
            all.push(at.collect());
        }
    }
    all
}

fn check(fixture: &Fixture) {
    let known = fixture.known();
    let bytes = std::fs::read(folder().join(&fixture.file)).unwrap();
    let (file, places) = (&fixture.file, &fixture.pieces_at);
    let mut pieces = read(file, &bytes);
    let text = joined(&mut pieces, places);
    let count = pieces
        .iter_mut()
        .filter_map(|piece| text_of(piece, places))
        .count();
    assert!(count > 3 && text.contains("TENK7X3M9Q"), "{file}: {text}");
    let expected = with_values(&text);
    for at in cuts(text.chars().count(), count) {
        let sent = write(file, &cut(&pieces, places, &text, &at));
        let out = turned(fixture, &known, &sent, |bytes| vec![bytes]);
        let shown = joined(&mut read(file, &out), places);
        assert_eq!(shown, expected, "{file} cut at {at:?}");
    }
}

#[test]
fn a_text_comes_back_whole_wherever_the_service_cuts_it() {
    let fixtures: Vec<Fixture> = fixtures()
        .into_iter()
        .filter(|fixture| !fixture.pieces_at.is_empty())
        .collect();
    assert!(fixtures.len() > 20);
    for fixture in &fixtures {
        check(fixture);
    }
}
