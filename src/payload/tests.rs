//! Does the whole stage open, bound and write back a body?
//!
//! Tests of one codec stand beside it; the laws that hold for all are in [`super::laws`].

use super::fixture::{ID, PLACEHOLDER, format, opened, redacted, texts};
use super::*;
use crate::model::part::{PartId, Span};

#[test]
fn several_values_and_records_are_counted() {
    let lines = "\u{FEFF}{\"a\":\"001099000001\"}\n{\"a\":\"y\"}{\"b\":[]}\n";
    let values = opened(lines.trim_start_matches('\u{FEFF}'), "application/x-ndjson");
    assert_eq!(texts(&values), ["/0/a=001099000001", "/1/a=y"]);
    let records = "{\"type\":6}\u{1e}{\"text\":\"001099000001\"}\u{1e}";
    let body = Bytes::from(records);
    let limits = Limits::default();
    let message =
        open_message(&body, MessageKind::Text, Some(Codec::SignalrJson), &limits).unwrap();
    assert_eq!(texts(&message), ["/1/text=001099000001"]);
    assert_eq!(
        redacted(&message),
        records.replace(ID, PLACEHOLDER).into_bytes()
    );
}

#[test]
fn a_packet_type_before_json_is_skipped() {
    let message = r#"42["ask",{"q":"S\u0110T 001099000001"}]"#;
    let body = Bytes::from(message);
    let opened = open_message(&body, MessageKind::Text, None, &Limits::default()).unwrap();
    assert_eq!(texts(&opened), ["/0=ask", "/1/q=SĐT 001099000001"]);
    assert_eq!(
        redacted(&opened),
        message.replace(ID, PLACEHOLDER).as_bytes()
    );
}

#[test]
fn a_raw_body_is_one_text_whatever_it_looks_like() {
    let body = Bytes::from_static(br#"{"a":"S\u0110T"}"#);
    let format = BodyFormat {
        codec: Some(Codec::Raw),
        ..format("application/x-www-form-urlencoded")
    };
    let opened = open(&body, &format, &Limits::default()).unwrap();
    assert_eq!(
        texts(&opened),
        ["!decoded={\"a\":\"SĐT\"}", r#"={"a":"S\u0110T"}"#]
    );
    assert_eq!(opened.notes, []);
}

#[test]
fn a_message_without_its_codec_is_read_as_text() {
    let body = Bytes::from_static(b"2probe");
    let message = open_message(
        &body,
        MessageKind::Text,
        Some(Codec::WsJson),
        &Limits::default(),
    );
    let message = message.unwrap();
    assert_eq!(texts(&message), ["=2probe"]);
    assert_eq!(message.notes, [Note::UnframedMessage]);
}

#[test]
fn a_coded_body_is_coded_again() {
    let body = format!(r#"{{"input":"CCCD {ID}"}}"#);
    for (coding, name) in [
        (ContentCoding::Zstd, "zstd"),
        (ContentCoding::Gzip, "gzip"),
        (ContentCoding::Brotli, "br"),
    ] {
        let coded = Bytes::from(coding.apply(body.as_bytes()).unwrap());
        let format = BodyFormat {
            content_encoding: Some(name.to_owned()),
            ..format("application/json")
        };
        let opened = open(&coded, &format, &Limits::default()).unwrap();
        assert_eq!(opened.payload.decoded_bytes(), body.len());
        assert_eq!(opened.payload.rewrite(&[]).unwrap(), coded);
        let changed = coding.remove(&redacted(&opened), 1000).unwrap();
        assert_eq!(changed, body.replace(ID, PLACEHOLDER));
    }
}

#[test]
fn query_names_and_values_are_editable() {
    let query = "q=S%C4%90T+001099000001&001099000001=&q=%5B%22x%22%5D&&flag";
    let opened = open_query(query, &Limits::default());
    assert_eq!(
        texts(&opened),
        ["query/q=SĐT 001099000001", "query/q!json/0=x"]
    );
    let expected = query.replace(ID, PLACEHOLDER);
    assert_eq!(redacted(&opened), expected.into_bytes());
}

#[test]
fn an_empty_body_has_no_parts() {
    let opened = opened("", "application/json");
    assert!(opened.payload.parts().is_empty());
    assert_eq!(opened.payload.rewrite(&[]).unwrap(), "");
}

#[test]
fn depth_is_bounded_without_losing_text() {
    for (depth, note) in [(5_000, Note::NestingBound), (300_000, Note::TypeMismatch)] {
        let body = format!("{}\"{ID}\"{}", "[".repeat(depth), "]".repeat(depth));
        let deep = opened(body, "application/json");
        assert_eq!(deep.notes, [note]);
        assert!(deep.payload.parts()[0].text.expose().contains(ID));
    }
    let mut nested = format!("[\"S\\u0110T {ID}\"]");
    for _ in 0..8 {
        nested = serde_json::to_string(&[nested]).unwrap();
    }
    let nested = opened(nested, "application/json");
    assert_eq!(nested.notes, [Note::NestingBound]);
    assert!(
        nested
            .payload
            .parts()
            .iter()
            .any(|part| part.text.expose().contains(ID))
    );
}

#[test]
fn too_many_parts_are_refused() {
    let limits = Limits {
        parts_count_max: 10,
        ..Limits::default()
    };
    let reason = |body: &str| {
        let body = Bytes::copy_from_slice(body.as_bytes());
        open(&body, &format("application/json"), &limits).err()
    };
    assert_eq!(reason(&format!("[{}1]", "\"x\",".repeat(10))), None);
    let too_large = Some(Uninspectable::TooLarge);
    assert_eq!(reason(&format!("[{}1]", "\"x\",".repeat(11))), too_large);
    let query = open_query(&"a=b&".repeat(11), &limits);
    assert_eq!(query.payload.parts().len(), 1);
}

#[test]
fn bad_edits_are_refused() {
    let opened = opened(r#"{"a":"Thử","n":123456}"#, "application/json");
    let edit = |part, start, end| Edit {
        part: PartId(part),
        span: Span::new(start, end),
        replacement: PLACEHOLDER.to_owned(),
    };
    let refused = |edits: &[Edit]| opened.payload.rewrite(edits).unwrap_err();
    assert!(matches!(
        refused(&[edit(9, 0, 1)]),
        RewriteError::UnknownPart
    ));
    assert!(matches!(
        refused(&[edit(0, 0, 1)]),
        RewriteError::NotEditable
    ));
    assert!(matches!(
        refused(&[edit(3, 0, 1)]),
        RewriteError::NotEditable
    ));
    assert!(matches!(refused(&[edit(1, 0, 3)]), RewriteError::BadSpan));
    assert!(matches!(refused(&[edit(1, 0, 9)]), RewriteError::BadSpan));
    let overlapping = [edit(1, 0, 2), edit(1, 1, 5)];
    assert!(matches!(refused(&overlapping), RewriteError::Overlapping));
}

#[test]
fn debug_shows_no_text() {
    let shown = format!(
        "{:?}",
        opened(format!(r#"["CCCD {ID}"]"#), "application/json")
    );
    assert!(!shown.contains(ID), "{shown}");
}
