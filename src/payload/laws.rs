//! Which laws hold for every body? Opening never panics; no edits give the same bytes; an edit
//! changes its span and nothing else.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::model::part::{PartKind, Span};

const LABELS: [&str; 12] = [
    "application/json",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "application/connect+json",
    "application/grpc-web-text",
    "application/x-protobuf",
    "text/plain; charset=windows-1258",
    "text/html; charset=utf-16le",
    "application/octet-stream",
    "",
];

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[a-zđ\"\\\\/ \u{0}-\u{1f}😀0-9]{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".{0,5}", inner.clone()), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

/// Bytes that come close to a form, so that the codecs get past their first check.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            &b"--b\r\n"[..],
            b"--b--",
            b"\r\n\r\n",
            b"\n",
            b"Content-Disposition: form-data; name=\"a\"; filename=\"",
            b"Content-Type: multipart/mixed; boundary=c\r\n",
            b"--c\r\n",
            b"{\"a\":",
            b"[",
            b"]",
            b"}",
            b"\"",
            b"\\ud83d",
            b"\\",
            b"data:image/png;base64,",
            b"iVBORw0KGgo",
            b"%41",
            b"&",
            b"=",
            b"+",
            b"\x00\x00\x00\x00\x02{}",
            b"\x01\x00\x00\x00\x03",
            b"\x1e",
            b"\n\x04",
            b"\x12",
            b"\xFF\xFE",
            b"\xEF\xBB\xBF",
            b"PK\x03\x04",
            b"base64;",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..8),
        ".{0,6}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

fn format(label: &str, codec: Option<Codec>) -> BodyFormat {
    BodyFormat {
        content_type: (!label.is_empty()).then(|| label.to_owned()),
        content_encoding: None,
        codec,
    }
}

fn codecs() -> impl Strategy<Value = Option<Codec>> {
    prop::option::of(prop::sample::select(vec![
        Codec::Json,
        Codec::Form,
        Codec::Query,
        Codec::Multipart,
        Codec::SignalrJson,
        Codec::ConnectJson,
        Codec::ConnectProto,
        Codec::WsJson,
        Codec::Raw,
    ]))
}

/// A span of a text between characters chosen by two numbers.
fn span(text: &str, one: usize, other: usize) -> Span {
    let bounds: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    Span::new(bounds[one % bounds.len()], bounds[other % bounds.len()])
}

/// What stands in a payload. Whether a text had escapes is left out: an edit may take the last one.
fn shown(payload: &Payload) -> Vec<(String, PartKind, String)> {
    payload
        .parts()
        .iter()
        .map(|part| {
            (
                part.locator.to_string().replace("!decoded", ""),
                part.kind,
                part.text.expose().clone(),
            )
        })
        .collect()
}

/// Edits one part at random and opens the result again.
fn assert_edit_is_exact(body: &Bytes, label: &str, pick: [usize; 3]) -> Result<(), TestCaseError> {
    let format = format(label, None);
    let before = open(body, &format, &Limits::default()).unwrap().payload;
    prop_assert_eq!(&before.rewrite(&[]).unwrap(), body);
    let editable: Vec<&Part> = before
        .parts()
        .iter()
        .filter(|part| part.editable && part.kind != PartKind::Key)
        .collect();
    let Some(part) = editable.get(pick[0] % editable.len().max(1)) else {
        return Ok(());
    };
    let text = part.text.expose();
    if text.contains('%') {
        // Without the spaces in it, it may look like an escaped text, and is read as one then.
        return Ok(());
    }
    let span = span(text, pick[1], pick[2]);
    let edit = Edit {
        part: part.id,
        span,
        replacement: "SDT7K2M".to_owned(),
    };
    let rewritten = before.rewrite(&[edit]).unwrap();
    let after = open(&rewritten, &format, &Limits::default())
        .unwrap()
        .payload;
    let mut expected = shown(&before);
    expected[part.id.0]
        .2
        .replace_range(span.start..span.end, "SDT7K2M");
    prop_assert_eq!(shown(&after), expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn json_is_edited_exactly(value in json(), pretty: bool, ascii: bool, pick: [usize; 3]) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        let body = Bytes::from(if ascii { in_ascii(&text) } else { text });
        if value.is_object() || value.is_array() {
            assert_edit_is_exact(&body, "application/json", pick)?;
        }
    }

    #[test]
    fn json_strings_are_all_listed(value in json()) {
        let body = Bytes::from(value.to_string());
        let opened = open(&body, &format("application/json", None), &Limits::default()).unwrap();
        for leaf in plain_strings(&value) {
            prop_assert!(opened.payload.parts().iter().any(|part| part.text.expose() == &leaf), "{leaf:?}");
        }
    }

    #[test]
    fn forms_are_edited_exactly(fields in prop::collection::vec(("[a-z]{1,4}", ".{0,12}"), 1..6), pick: [usize; 3]) {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", unescape::Escape::Form.escape(value).replace("%20", "+")))
            .collect();
        let body = Bytes::from(pairs.join("&"));
        assert_edit_is_exact(&body, "application/x-www-form-urlencoded", pick)?;
    }

    #[test]
    fn json_in_forms_is_edited_exactly(values in prop::collection::vec(json(), 1..4), pick: [usize; 3]) {
        let pairs: Vec<String> = values
            .iter()
            .map(|value| format!("f.req={}&", unescape::Escape::Form.escape(&value.to_string())))
            .collect();
        let body = Bytes::from(pairs.concat());
        assert_edit_is_exact(&body, "application/x-www-form-urlencoded", pick)?;
    }

    #[test]
    fn frames_are_edited_exactly(values in prop::collection::vec((json(), any::<bool>()), 1..4), pick: [usize; 3]) {
        let frames: Vec<Vec<u8>> = values
            .iter()
            .map(|(value, is_packed)| {
                let contents = format!("[{value}]").into_bytes();
                if *is_packed {
                    frames::frame(1, &ContentCoding::Gzip.apply(&contents).unwrap()).unwrap()
                } else {
                    frames::frame(0, &contents).unwrap()
                }
            })
            .collect();
        assert_edit_is_exact(&Bytes::from(frames.concat()), "application/connect+json", pick)?;
    }

    #[test]
    fn multipart_is_edited_exactly(values in prop::collection::vec("[^\r\n\u{0}-\u{1f}]{0,12}", 1..5), pick: [usize; 3]) {
        let mut body = String::new();
        for (index, value) in values.iter().enumerate() {
            body.push_str(&format!("--b\r\nContent-Disposition: form-data; name=\"f{index}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str("--b--\r\n");
        assert_edit_is_exact(&Bytes::from(body), "multipart/form-data; boundary=b", pick)?;
    }

    #[test]
    fn opening_never_panics(bytes in hostile(), label in prop::sample::select(&LABELS[..]), codec in codecs()) {
        let body = Bytes::from(bytes);
        if let Ok(opened) = open(&body, &format(label, codec), &Limits::default()) {
            prop_assert_eq!(&opened.payload.rewrite(&[]).unwrap(), &body);
        }
        for kind in [MessageKind::Text, MessageKind::Binary] {
            let _opened = open_message(&body, kind, codec, &Limits::default());
        }
        let _opened = open_query(&String::from_utf8_lossy(&body), &Limits::default());
        for name in ["gzip", "deflate", "br", "zstd"] {
            let format = BodyFormat { content_encoding: Some(name.to_owned()), ..BodyFormat::default() };
            let _opened = open(&body, &format, &Limits::default());
        }
    }

    #[test]
    fn any_edit_of_a_hostile_body_is_written_or_refused(bytes in hostile(), label in prop::sample::select(&LABELS[..]), pick: [usize; 2]) {
        let body = Bytes::from(bytes);
        if let Ok(opened) = open(&body, &format(label, None), &Limits::default()) {
            for part in opened.payload.parts().iter().filter(|part| part.editable) {
                let span = span(part.text.expose(), pick[0], pick[1]);
                let edit = Edit { part: part.id, span, replacement: "SDT7K2M".to_owned() };
                let rewritten = opened.payload.rewrite(&[edit]);
                prop_assert!(rewritten.is_ok(), "{:?}", rewritten);
            }
        }
    }
}

/// JSON as Python writes it: everything beyond ASCII escaped, in pairs beyond U+FFFF.
fn in_ascii(json: &str) -> String {
    json.chars()
        .map(|char| {
            if char.is_ascii() {
                return char.to_string();
            }
            char.encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect()
        })
        .collect()
}

/// The strings of a value that hold nothing else.
fn plain_strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text)
            if text.len() < 24
                && !text.is_empty()
                && !text.contains('%')
                && !text.trim_start().starts_with(['{', '[', 'd']) =>
        {
            vec![text.clone()]
        }
        Value::Array(values) => values.iter().flat_map(plain_strings).collect(),
        Value::Object(pairs) => pairs.values().flat_map(plain_strings).collect(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
