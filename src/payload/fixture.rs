//! What do the tests of this stage share?

use bytes::Bytes;

use super::{Opened, Payload, open};
use crate::model::codec::BodyFormat;
use crate::model::limits::Limits;
use crate::model::part::{Edit, PartKind, Span};

/// A made-up citizen number.
pub(super) const ID: &str = "001099000001";
/// What is written in its place.
pub(super) const PLACEHOLDER: &str = "CCCD1X7Q";

/// What a head says that names only a content type.
pub(super) fn format(content_type: &str) -> BodyFormat {
    BodyFormat {
        content_type: Some(content_type.to_owned()),
        ..BodyFormat::default()
    }
}

/// A body, opened under a content type.
pub(super) fn opened(body: impl AsRef<[u8]>, content_type: &str) -> Opened {
    let body = Bytes::copy_from_slice(body.as_ref());
    open(&body, &format(content_type), &Limits::default()).unwrap()
}

/// `locator=text` of all parts that are not keys.
pub(super) fn texts(opened: &Opened) -> Vec<String> {
    opened
        .payload
        .parts()
        .iter()
        .filter(|part| part.kind != PartKind::Key)
        .map(|part| format!("{}={}", part.locator, part.text.expose()))
        .collect()
}

pub(super) fn edits(payload: &Payload) -> Vec<Edit> {
    payload
        .parts()
        .iter()
        .filter(|part| part.editable)
        .flat_map(|part| {
            part.text.expose().match_indices(ID).map(|(start, _)| Edit {
                part: part.id,
                span: Span::new(start, start + ID.len()),
                replacement: PLACEHOLDER.to_owned(),
            })
        })
        .collect()
}

/// The body with every editable [`ID`] replaced.
pub(super) fn redacted(opened: &Opened) -> Vec<u8> {
    let edits = edits(&opened.payload);
    assert!(!edits.is_empty(), "nothing to edit");
    opened.payload.rewrite(&edits).unwrap().to_vec()
}

/// Redacting changes exactly the identifiers that stand in the body as they are.
pub(super) fn assert_redacts_in_place(body: &str, content_type: &str) {
    let opened = opened(body, content_type);
    assert_eq!(opened.payload.rewrite(&[]).unwrap(), body);
    let redacted = String::from_utf8(redacted(&opened)).unwrap();
    assert_eq!(redacted, body.replace(ID, PLACEHOLDER));
}
