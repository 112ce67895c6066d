//! How do edits of parts become a new body that differs nowhere else?
//!
//! In: an opened payload and edits. Out: its new bytes. Edits are carried from each part to the
//! layer around it, innermost layers first, until all of them stand in the root; the root is then
//! changed and coded again.
//!
//! Never: write a byte that no edit asks for, except lengths and codings around an edit.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use bytes::Bytes;
use thiserror::Error;

use crate::model::part::Edit;

use super::coding::{self, ContentCoding};
use super::layer::{Source, Wrap};
use super::{NumberEdit, Payload, frames};

/// Why a payload could not be rewritten. Nothing of it is sent then.
#[derive(Debug, Error)]
pub enum RewriteError {
    /// An edit names a part that does not exist.
    #[error("edit of an unknown part")]
    UnknownPart,
    /// An edit names a part that cannot be written back.
    #[error("edit of a part that cannot be written back")]
    NotEditable,
    /// The span of an edit is not within its part or not on character boundaries.
    #[error("edit of a span that is not in its part")]
    BadSpan,
    /// Two edits share bytes.
    #[error("edits overlap")]
    Overlapping,
    /// A content coding failed.
    #[error("content coding failed")]
    Coding(#[source] io::Error),
    /// A frame would be longer than its head can say.
    #[error("frame too long")]
    FrameTooLong,
}

/// A change of some bytes of a layer or part.
struct Splice {
    range: Range<usize>,
    bytes: Vec<u8>,
}

/// The payload's bytes with the edits made.
pub(super) fn rewrite(
    payload: &Payload,
    edits: &[Edit],
    numbers: &[NumberEdit],
) -> Result<Bytes, RewriteError> {
    if edits.is_empty() && numbers.is_empty() {
        return Ok(payload.original.expose().clone());
    }
    let mut waiting: BTreeMap<usize, Vec<Splice>> = BTreeMap::new();
    for edit in numbers {
        let numbers = &payload.short_numbers.numbers;
        let number = numbers.get(edit.number).ok_or(RewriteError::UnknownPart)?;
        let splice = Splice {
            range: 0..number.text.len(),
            bytes: edit.value.to_string().into_bytes(),
        };
        let raised = raise(
            payload,
            &number.source,
            number.text.as_bytes(),
            vec![splice],
        )?;
        waiting
            .entry(number.source.layer)
            .or_default()
            .extend(raised);
    }
    for (part, splices) in by_part(payload, edits)? {
        let (Some(part), Some(source)) = (payload.parts.get(part), payload.sources.get(part))
        else {
            return Err(RewriteError::UnknownPart);
        };
        let raised = raise(payload, source, part.text.expose().as_bytes(), splices)?;
        waiting.entry(source.layer).or_default().extend(raised);
    }
    while let Some((index, splices)) = waiting.pop_last() {
        let layer = payload.layers.get(index).ok_or(RewriteError::UnknownPart)?;
        let Some(source) = layer.source() else {
            let bytes = apply(layer.bytes(), splices)?;
            return coding::redo(Bytes::from(bytes), &payload.codings)
                .map_err(RewriteError::Coding);
        };
        let raised = raise(payload, source, layer.bytes(), splices)?;
        waiting.entry(source.layer).or_default().extend(raised);
    }
    // Every chain of layers ends at the root, so this is out of reach.
    Err(RewriteError::UnknownPart)
}

fn by_part(
    payload: &Payload,
    edits: &[Edit],
) -> Result<BTreeMap<usize, Vec<Splice>>, RewriteError> {
    let mut splices: BTreeMap<usize, Vec<Splice>> = BTreeMap::new();
    for edit in edits {
        let part = payload
            .parts
            .get(edit.part.0)
            .ok_or(RewriteError::UnknownPart)?;
        if !part.editable {
            return Err(RewriteError::NotEditable);
        }
        let range = edit.span.start..edit.span.end;
        if part.text.expose().get(range.clone()).is_none() {
            return Err(RewriteError::BadSpan);
        }
        splices.entry(edit.part.0).or_default().push(Splice {
            range,
            bytes: edit.replacement.as_bytes().to_vec(),
        });
    }
    Ok(splices)
}

/// Turns splices of `inner` into splices of the layer in which it sits.
fn raise(
    payload: &Payload,
    source: &Source,
    inner: &[u8],
    mut splices: Vec<Splice>,
) -> Result<Vec<Splice>, RewriteError> {
    let outer = payload
        .layers
        .get(source.layer)
        .and_then(|layer| layer.bytes().get(source.range.clone()))
        .ok_or(RewriteError::UnknownPart)?;
    let start = source.range.start;
    match source.wrap {
        Wrap::Sealed => Err(RewriteError::NotEditable),
        Wrap::Verbatim => Ok(shifted(splices, start)),
        Wrap::Escaped(escape) => {
            order(&mut splices)?;
            let ends: Vec<usize> = splices
                .iter()
                .flat_map(|splice| [splice.range.start, splice.range.end])
                .collect();
            let raw = escape.locate(outer, &ends);
            for (splice, ends) in splices.iter_mut().zip(raw.chunks_exact(2)) {
                if let [from, to] = *ends {
                    splice.range = from..to;
                }
                let text = String::from_utf8_lossy(&splice.bytes);
                splice.bytes = escape.escape(&text).into_bytes();
            }
            Ok(shifted(splices, start))
        }
        Wrap::Base64(alphabet) => {
            let bytes = alphabet.encode(&apply(inner, splices)?).into_bytes();
            Ok(whole(source, bytes))
        }
        Wrap::Frame(contents_coding) => {
            let bytes = reframe(outer, &apply(inner, splices)?, contents_coding)?;
            Ok(whole(source, bytes))
        }
    }
}

fn reframe(
    frame: &[u8],
    contents: &[u8],
    contents_coding: Option<ContentCoding>,
) -> Result<Vec<u8>, RewriteError> {
    let flags = frame.first().copied().unwrap_or_default();
    let coded = match contents_coding {
        None => contents.to_vec(),
        Some(coding) => coding.apply(contents).map_err(RewriteError::Coding)?,
    };
    frames::frame(flags, &coded).ok_or(RewriteError::FrameTooLong)
}

fn whole(source: &Source, bytes: Vec<u8>) -> Vec<Splice> {
    vec![Splice {
        range: source.range.clone(),
        bytes,
    }]
}

fn shifted(mut splices: Vec<Splice>, by: usize) -> Vec<Splice> {
    for splice in &mut splices {
        splice.range = splice.range.start + by..splice.range.end + by;
    }
    splices
}

/// Sorts splices; none may share a byte with another.
fn order(splices: &mut [Splice]) -> Result<(), RewriteError> {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let overlap = splices
        .iter()
        .zip(splices.iter().skip(1))
        .any(|(left, right)| right.range.start < left.range.end);
    if overlap {
        return Err(RewriteError::Overlapping);
    }
    Ok(())
}

fn apply(bytes: &[u8], mut splices: Vec<Splice>) -> Result<Vec<u8>, RewriteError> {
    order(&mut splices)?;
    let mut changed = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for splice in &splices {
        let kept = bytes
            .get(at..splice.range.start)
            .ok_or(RewriteError::BadSpan)?;
        changed.extend_from_slice(kept);
        changed.extend_from_slice(&splice.bytes);
        at = splice.range.end;
    }
    changed.extend_from_slice(bytes.get(at..).ok_or(RewriteError::BadSpan)?);
    Ok(changed)
}
