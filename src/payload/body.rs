//! In which form does a body really come?
//!
//! In: an area and what the head and the catalogue say of it. Out: its parts. What they say is
//! tried first; where it does not hold, the bytes decide, and a note keeps the difference.
//!
//! Never: skip a body because its label was wrong.

use memchr::memchr2;

use crate::model::codec::{BodyFormat, Codec};
use crate::model::note::Note;
use crate::model::part::{PartKind, Step};
use crate::model::uninspectable::Uninspectable;

use super::form::Likeness;
use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening};
use super::{MessageKind, base64, boundary, disposition, form, frames, json, multipart};
use super::{protobuf, sniff, text};

/// The longest that comes before the JSON of a Socket.IO message.
const PACKET_TYPE_BYTES_MAX: usize = 24;

/// A form that a body may claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Urlencoded,
    Multipart,
    Frames,
    /// gRPC-web over base64.
    FramesInBase64,
    Protobuf,
    Records,
}

/// Lists the parts of a request body.
pub(super) fn open(opening: &mut Opening<'_>, format: &BodyFormat) -> Result<(), Uninspectable> {
    let content_type = format.content_type.as_deref();
    let area = opening.whole();
    let essence = content_type.and_then(sniff::essence);
    let is_file = essence.as_deref() == Some("application/octet-stream");
    let area = area.of_kind(if is_file {
        PartKind::FileText
    } else {
        PartKind::Value
    });
    let label = FileLabel {
        name: None,
        declared: content_type.map(str::to_owned),
    };
    let charset = content_type.and_then(|value| disposition::single(value, "charset"));
    if format.codec == Some(Codec::Raw) {
        return text::list_file(opening, &area, charset.as_deref(), &label);
    }
    let claims = [
        format.codec.and_then(Form::of_codec),
        content_type.and_then(Form::of_media_type),
    ];
    if claimed(opening, &area, claims, content_type)? {
        return Ok(());
    }
    sniffed(opening, &area, charset.as_deref(), &label)
}

/// Lists the parts of a WebSocket message.
pub(super) fn open_message(
    opening: &mut Opening<'_>,
    kind: MessageKind,
    codec: Option<Codec>,
) -> Result<(), Uninspectable> {
    let area = opening.whole();
    if area.range.is_empty() {
        return Ok(());
    }
    if let Some(form) = codec.and_then(Form::of_codec) {
        if attempt(opening, &area, form, None)? {
            return Ok(());
        }
        opening.note(Note::UnframedMessage);
    }
    if after_packet_type(opening, &area)? {
        return Ok(());
    }
    if kind == MessageKind::Binary {
        for form in [Form::Frames, Form::Protobuf] {
            if attempt(opening, &area, form, None)? {
                return Ok(());
            }
        }
    }
    sniffed(opening, &area, None, &FileLabel::default())
}

/// Socket.IO and SockJS write a few symbols before the JSON of a message: `42["ask",{}]`.
fn after_packet_type(opening: &mut Opening<'_>, area: &Area) -> Result<bool, Uninspectable> {
    let bytes = opening.bytes(area);
    let head = bytes.get(..bytes.len().min(PACKET_TYPE_BYTES_MAX));
    let start = head.and_then(|head| memchr2(b'[', b'{', head)).unwrap_or(0);
    let is_packet_type =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b',');
    if start == 0 || !bytes.iter().take(start).all(is_packet_type) {
        return Ok(false);
    }
    match bytes.get(start..).and_then(json::check) {
        Some(checked) => {
            json::walk(opening, &area.piece(&(start..bytes.len())), &checked).map(|()| true)
        }
        None => Ok(false),
    }
}

fn claimed(
    opening: &mut Opening<'_>,
    area: &Area,
    claims: [Option<Form>; 2],
    content_type: Option<&str>,
) -> Result<bool, Uninspectable> {
    let [first, second] = claims;
    for form in [first, second.filter(|_| second != first)]
        .into_iter()
        .flatten()
    {
        if attempt(opening, area, form, content_type)? {
            return Ok(true);
        }
        opening.note(Note::TypeMismatch);
    }
    Ok(false)
}

/// Lists the parts of an area as the bytes themselves suggest.
fn sniffed(
    opening: &mut Opening<'_>,
    area: &Area,
    charset: Option<&str>,
    label: &FileLabel,
) -> Result<(), Uninspectable> {
    let Some(readable) = text::in_utf8(opening, area, charset)? else {
        return text::list_binary(opening, area, label);
    };
    let bytes = opening.bytes(&readable);
    if json::has_structure_head(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes))
        || bytes.starts_with(b"\"")
    {
        if json_values(opening, &readable)? {
            return Ok(());
        }
        if frames::has_records(&bytes, opening.limits.parts_count_max)? {
            return frames::walk_records(opening, &readable);
        }
    }
    text::list(opening, &readable)
}

/// Lists the parts of an area if it has the form; says whether it has.
fn attempt(
    opening: &mut Opening<'_>,
    area: &Area,
    form: Form,
    content_type: Option<&str>,
) -> Result<bool, Uninspectable> {
    let bytes = opening.bytes(area);
    let parts_max = opening.limits.parts_count_max;
    match form {
        Form::Json => {
            let charset = content_type.and_then(|value| disposition::single(value, "charset"));
            match text::in_utf8(opening, area, charset.as_deref())? {
                Some(readable) => json_values(opening, &readable),
                None => Ok(false),
            }
        }
        Form::Urlencoded => form_or_text(opening, area),
        Form::Multipart => match boundary::cut(&bytes, content_type, parts_max) {
            Some(cut) => multipart::walk(opening, area, &cut).map(|()| true),
            None => Ok(false),
        },
        Form::Frames => match frames::split(&bytes, parts_max) {
            Some(split) => frames::walk(opening, area, &split).map(|()| true),
            None => Ok(false),
        },
        Form::FramesInBase64 => frames_in_base64(opening, area),
        Form::Protobuf if protobuf::is_message(&bytes) => {
            protobuf::walk(opening, area).map(|()| true)
        }
        Form::Records if frames::has_records(&bytes, parts_max)? => {
            frames::walk_records(opening, area).map(|()| true)
        }
        Form::Protobuf | Form::Records => Ok(false),
    }
}

/// One JSON value, or nothing but objects and arrays one after another.
fn json_values(opening: &mut Opening<'_>, area: &Area) -> Result<bool, Uninspectable> {
    let bytes = opening.bytes(area);
    if let Some(checked) = json::check(&bytes) {
        json::walk(opening, area, &checked)?;
        return Ok(true);
    }
    let Some(ranges) = json::split(&bytes, opening.limits.parts_count_max) else {
        return Ok(false);
    };
    if ranges.len() > opening.limits.parts_count_max {
        return Err(Uninspectable::TooLarge);
    }
    for (index, range) in ranges.iter().enumerate() {
        let Some(checked) = bytes.get(range.clone()).and_then(json::check) else {
            continue;
        };
        opening.enter(Step::Index(index));
        let walked = json::walk(opening, &area.piece(range), &checked);
        opening.leave();
        walked?;
    }
    Ok(true)
}

fn form_or_text(opening: &mut Opening<'_>, area: &Area) -> Result<bool, Uninspectable> {
    match form::likeness(&opening.bytes(area)) {
        Likeness::Form => form::walk(opening, area).map(|()| true),
        Likeness::Both => {
            opening.note(Note::TypeMismatch);
            form::walk(opening, &area.sealed())?;
            text::list(opening, &area.sealed()).map(|()| true)
        }
        Likeness::Other => Ok(false),
    }
}

fn frames_in_base64(opening: &mut Opening<'_>, area: &Area) -> Result<bool, Uninspectable> {
    let Some(decoded) = base64::decode(&opening.bytes(area)) else {
        return Ok(false);
    };
    let Some(split) = frames::split(&decoded.bytes, opening.limits.parts_count_max) else {
        return Ok(false);
    };
    opening.spend(decoded.bytes.len())?;
    let wrap = decoded.alphabet.map_or(Wrap::Sealed, Wrap::Base64);
    let inner = opening.deepen(area, area.wrapped(wrap), decoded.bytes.into())?;
    frames::walk(opening, &inner, &split).map(|()| true)
}

impl Form {
    const fn of_codec(codec: Codec) -> Option<Self> {
        match codec {
            Codec::Json | Codec::WsJson => Some(Self::Json),
            Codec::Form => Some(Self::Urlencoded),
            Codec::Multipart => Some(Self::Multipart),
            Codec::SignalrJson => Some(Self::Records),
            Codec::ConnectJson | Codec::ConnectProto => Some(Self::Frames),
            Codec::Query | Codec::Raw => None,
        }
    }

    fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = sniff::essence(media_type)?;
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Urlencoded),
            "application/json"
            | "text/json"
            | "application/json+protobuf"
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl" => Some(Self::Json),
            "application/grpc-web-text" | "application/grpc-web-text+proto" => {
                Some(Self::FramesInBase64)
            }
            "application/proto"
            | "application/protobuf"
            | "application/x-protobuf"
            | "application/vnd.google.protobuf" => Some(Self::Protobuf),
            other if other.starts_with("multipart/") => Some(Self::Multipart),
            other
                if other.starts_with("application/connect+")
                    || other.starts_with("application/grpc") =>
            {
                Some(Self::Frames)
            }
            other if other.ends_with("+json") => Some(Self::Json),
            _ => None,
        }
    }
}
