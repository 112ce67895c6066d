//! How are many messages carried in one body: Connect and gRPC frames, SignalR records?
//!
//! In: an area of frames (a flag byte, four bytes of length, contents; the Connect protocol's
//! "enveloped message" and gRPC's "length-prefixed message") or of JSON records ended by 0x1E.
//! Out: the parts of each, below its number. A changed frame gets a new length.
//!
//! Never: list anything of a body whose frames do not end where it ends.

use std::ops::Range;

use bytes::Bytes;
use memchr::memchr_iter;

use crate::model::part::Step;
use crate::model::uninspectable::Uninspectable;

use super::coding::ContentCoding;
use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening};
use super::{json, protobuf, text};

const HEAD_BYTES: usize = 5;
const COMPRESSED: u8 = 0x01;
/// SignalR's record separator.
const RECORD_END: u8 = 0x1E;

/// A frame's whole range and its flags.
pub(super) struct Frame {
    range: Range<usize>,
    flags: u8,
}

/// The frames of a body that is nothing but frames; at most one more than `frames_max`.
pub(super) fn split(bytes: &[u8], frames_max: usize) -> Option<Vec<Frame>> {
    let mut frames = Vec::new();
    let mut start = 0;
    while start < bytes.len() && frames.len() <= frames_max {
        let [flags, a, b, c, d] = *bytes.get(start..start + HEAD_BYTES)? else {
            return None;
        };
        let len = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
        let end = start.checked_add(HEAD_BYTES)?.checked_add(len)?;
        bytes.get(start..end)?;
        frames.push(Frame {
            range: start..end,
            flags,
        });
        start = end;
    }
    (!frames.is_empty()).then_some(frames)
}

/// Lists what the frames hold.
pub(super) fn walk(
    opening: &mut Opening<'_>,
    area: &Area,
    frames: &[Frame],
) -> Result<(), Uninspectable> {
    if frames.len() > opening.limits.parts_count_max {
        return Err(Uninspectable::TooLarge);
    }
    for (index, frame) in frames.iter().enumerate() {
        opening.enter(Step::Index(index));
        let listed = walk_frame(opening, &area.piece(&frame.range), frame.flags);
        opening.leave();
        listed?;
    }
    Ok(())
}

/// A frame of its contents, unless they are longer than a frame can be.
pub(super) fn frame(flags: u8, contents: &[u8]) -> Option<Vec<u8>> {
    let len = u32::try_from(contents.len()).ok()?;
    Some([&[flags][..], &len.to_be_bytes(), contents].concat())
}

/// Whether bytes are a list of records, of which there may be `records_max`.
pub(super) fn has_records(bytes: &[u8], records_max: usize) -> Result<bool, Uninspectable> {
    let count = memchr_iter(RECORD_END, bytes).count();
    if count > records_max {
        return Err(Uninspectable::TooLarge);
    }
    let are_json = || {
        bytes
            .split(|&byte| byte == RECORD_END)
            .filter(|record| !record.is_empty())
            .all(|record| json::check(record).is_some())
    };
    Ok(count > 0 && are_json())
}

/// Lists what the records hold.
pub(super) fn walk_records(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let mut start = 0;
    for (index, record) in bytes.split(|&byte| byte == RECORD_END).enumerate() {
        let piece = area.piece(&(start..start + record.len()));
        start += record.len() + 1;
        opening.enter(Step::Index(index));
        let listed = json_or_text(opening, &piece);
        opening.leave();
        listed?;
    }
    Ok(())
}

fn walk_frame(opening: &mut Opening<'_>, area: &Area, flags: u8) -> Result<(), Uninspectable> {
    let whole = opening.bytes(area);
    let coded = whole.slice(HEAD_BYTES.min(whole.len())..);
    if coded.is_empty() {
        return Ok(());
    }
    let coding = (flags & COMPRESSED != 0).then(|| sniffed_coding(&coded));
    let contents = match coding {
        None => coded,
        Some(coding) => match coding.remove(&coded, opening.decoded_left()) {
            Ok(contents) => contents,
            Err(Uninspectable::TooLarge) => return Err(Uninspectable::TooLarge),
            Err(reason) => {
                return opening.list_opaque(&FileLabel::default(), coded.len(), reason);
            }
        },
    };
    if coding.is_some() {
        opening.spend(contents.len())?;
    }
    let inner = opening.deepen(area, area.wrapped(Wrap::Frame(coding)), contents)?;
    contents_of_frame(opening, &inner)
}

fn contents_of_frame(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    if let Some(checked) = json::check(&bytes) {
        return json::walk(opening, area, &checked);
    }
    if protobuf::is_message(&bytes) {
        return protobuf::walk(opening, area);
    }
    text::list_file(opening, area, None, &FileLabel::default())
}

fn json_or_text(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    match json::check(&bytes) {
        Some(checked) => json::walk(opening, area, &checked),
        None => text::list_file(opening, area, None, &FileLabel::default()),
    }
}

/// The coding of compressed contents. The head that names it is not seen here; all but brotli
/// have first bytes of their own.
fn sniffed_coding(coded: &Bytes) -> ContentCoding {
    match coded.first_chunk::<2>() {
        Some([0x1F, 0x8B]) => ContentCoding::Gzip,
        Some([0x28, 0xB5]) => ContentCoding::Zstd,
        Some([0x78, _]) => ContentCoding::Zlib,
        Some(_) | None => ContentCoding::Brotli,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{ID, PLACEHOLDER, opened, redacted, texts};

    #[test]
    fn a_changed_frame_gets_a_new_length() {
        let json = br#"{"text":{"content":"CCCD 001099000001"}}"#;
        let body = [frame(0, json).unwrap(), frame(2, b"{}").unwrap()].concat();
        let opened = opened(&body, "application/connect+json");
        assert_eq!(texts(&opened), ["/0/text/content=CCCD 001099000001"]);
        let changed = String::from_utf8_lossy(json).replace(ID, PLACEHOLDER);
        let expected = [
            frame(0, changed.as_bytes()).unwrap(),
            frame(2, b"{}").unwrap(),
        ]
        .concat();
        assert_eq!(redacted(&opened), expected);
    }

    #[test]
    fn a_compressed_frame_is_compressed_again() {
        let packed = ContentCoding::Gzip
            .apply(br#"{"a":"001099000001"}"#)
            .unwrap();
        let body = frame(1, &packed).unwrap();
        let changed = redacted(&opened(&body, "application/connect+json"));
        assert_eq!(
            texts(&opened(&changed, "application/connect+json")),
            ["/0/a=CCCD1X7Q"]
        );
    }
}
