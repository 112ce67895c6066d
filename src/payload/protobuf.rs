//! Which texts does a protobuf message hold, when nobody says what its fields are?
//!
//! In: an area that parses as a message. Out: every length-delimited field that is UTF-8 text, at
//! any depth, as a part below its field numbers. Not editable: without a schema, a field that
//! looks like text may be a message, and lengths all around would have to change.
//!
//! Never: recurse deeper than a bound; below it, readable runs are listed.

use std::ops::Range;

use crate::model::note::Note;
use crate::model::part::Step;
use crate::model::uninspectable::Uninspectable;

use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening};
use super::{nested, sniff, text};

/// Messages of chat services nest less than ten deep.
const DEPTH_MAX: usize = 24;

/// Whether bytes parse as a message from end to end. Empty bytes do not count.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        match field(bytes, at) {
            Some((_, end)) => at = end,
            None => return false,
        }
    }
    !bytes.is_empty()
}

/// Lists the texts of a message that fills `area`.
pub(super) fn walk(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    contents(opening, &area.sealed(), DEPTH_MAX)
}

fn message(opening: &mut Opening<'_>, area: &Area, depth_left: usize) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let mut at = 0;
    while let Some((field, end)) = field(&bytes, at) {
        at = end;
        if let Some(range) = field.contents.filter(|range| !range.is_empty()) {
            opening.enter(Step::Index(field.number));
            let listed = contents(opening, &area.piece(&range), depth_left);
            opening.leave();
            listed?;
        }
    }
    Ok(())
}

/// A text may parse as a message by chance and a message may be readable, so each is tried.
fn contents(
    opening: &mut Opening<'_>,
    area: &Area,
    depth_left: usize,
) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let readable = std::str::from_utf8(&bytes)
        .ok()
        .filter(|text| !text.contains(text::is_unreadable));
    if let Some(readable) = readable {
        nested::value(opening, area, Wrap::Sealed, readable.to_owned())?;
    }
    if is_message(&bytes) {
        if let Some(depth_left) = depth_left.checked_sub(1) {
            return message(opening, area, depth_left);
        }
        opening.note(Note::NestingBound);
    }
    if readable.is_some() {
        return Ok(());
    }
    match sniff::known_file(&bytes) {
        Some(reason) => opening.list_opaque(&FileLabel::default(), bytes.len(), reason),
        None => text::list_runs(opening, area),
    }
}

struct Field {
    number: usize,
    contents: Option<Range<usize>>,
}

/// The field that starts at `at`, and where the next one does.
fn field(bytes: &[u8], at: usize) -> Option<(Field, usize)> {
    let (tag, at) = varint(bytes, at)?;
    let number = usize::try_from(tag >> 3)
        .ok()
        .filter(|&number| number > 0)?;
    let skip = |len: usize| {
        let end = at.checked_add(len)?;
        bytes.get(at..end)?;
        Some(end)
    };
    let (contents, end) = match tag & 7 {
        0 => (None, varint(bytes, at)?.1),
        1 => (None, skip(8)?),
        2 => {
            let (len, start) = varint(bytes, at)?;
            let end = start.checked_add(usize::try_from(len).ok()?)?;
            bytes.get(start..end)?;
            (Some(start..end), end)
        }
        5 => (None, skip(4)?),
        _ => return None,
    };
    Some((Field { number, contents }, end))
}

fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for (index, byte) in bytes.get(at..)?.iter().take(10).enumerate() {
        number |= u64::from(byte & 0x7F).checked_shl(u32::try_from(index * 7).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((number, at + index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::payload::fixture::{opened, texts};
    use crate::payload::frames::frame;

    #[test]
    fn texts_of_a_protobuf_message_are_listed_but_not_editable() {
        // Field 1 is a message whose field 1 is 48 characters long, which is the digit 0 as a byte.
        let line = "001099000001 la so dinh danh thu nghiem cua UBND";
        assert_eq!(line.len(), usize::from(b'0'));
        let inner = [b"\n0", line.as_bytes()].concat();
        let message = [b"\n", &[50][..], &inner].concat();
        let opened = opened(frame(0, &message).unwrap(), "application/connect+proto");
        assert!(texts(&opened).contains(&format!("/0/1/1={line}")));
        assert!(opened.payload.parts().iter().all(|part| !part.editable));
    }
}
