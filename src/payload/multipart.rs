//! What do the fields of a multipart body hold?
//!
//! In: an area and its boundary. Out: values, file names, texts of files, nested bodies. The
//! splitter is ours because parsers hide where a part stands, and stall or skip where two of them
//! would disagree (RFC 2046 section 5.1.1, RFC 7578).
//!
//! Never: trust one reading of an ambiguous body; that one is listed as text too, and no part of
//! it is editable.

use crate::model::note::Note;
use crate::model::part::PartKind;
use crate::model::uninspectable::Uninspectable;

use super::boundary::{Cut, cut};
use super::layer::{Area, Wrap};
use super::opening::{Opening, key_step};
use super::part_head::Head;
use super::{disposition, json, nested, text};

/// Lists what the parts hold.
pub(super) fn walk(opening: &mut Opening<'_>, area: &Area, cut: &Cut) -> Result<(), Uninspectable> {
    if cut.parts.len() > opening.limits.parts_count_max {
        return Err(Uninspectable::TooLarge);
    }
    let mut readable = area.clone();
    let mut is_ambiguous = cut.is_ambiguous;
    let bytes = opening.bytes(area);
    let heads: Vec<Option<Head>> = cut
        .parts
        .iter()
        .map(|range| Head::parse(bytes.get(range.clone()).unwrap_or_default()))
        .collect();
    is_ambiguous |= heads
        .iter()
        .any(|head| head.as_ref().is_none_or(|head| head.is_ambiguous));
    if is_ambiguous {
        opening.note(Note::AmbiguousMultipart);
        readable = readable.sealed();
    }
    for (range, head) in cut.parts.iter().zip(heads) {
        match head {
            Some(head) => part(opening, &readable.piece(range), &head)?,
            None => text::list_runs(opening, &readable.piece(range))?,
        }
    }
    if is_ambiguous {
        text::list_runs(opening, &readable)?;
    }
    Ok(())
}

fn part(opening: &mut Opening<'_>, area: &Area, head: &Head) -> Result<(), Uninspectable> {
    opening.enter(key_step(&head.name));
    let listed = list_head(opening, area, head).and_then(|()| {
        let body = area.piece(&(head.body..area.range.len()));
        list_body(opening, &body, head)
    });
    opening.leave();
    listed
}

fn list_head(opening: &mut Opening<'_>, area: &Area, head: &Head) -> Result<(), Uninspectable> {
    let name = area.piece(&head.name_range).wrapped(Wrap::Sealed);
    opening.list(name, PartKind::Key, head.name.clone())?;
    for file_name in &head.file_names {
        let wrap = if file_name.is_verbatim {
            Wrap::Verbatim
        } else {
            Wrap::Sealed
        };
        let source = area.piece(&file_name.range).wrapped(wrap);
        opening.within(key_step("filename"), |opening| {
            opening.list(source, PartKind::FileName, file_name.text.clone())
        })?;
    }
    for (name, range) in &head.others {
        let piece = area.piece(range);
        let value = String::from_utf8_lossy(&opening.bytes(&piece)).into_owned();
        opening.within(key_step(name), |opening| {
            opening.list(piece.wrapped(Wrap::Sealed), PartKind::Value, value)
        })?;
    }
    Ok(())
}

fn list_body(opening: &mut Opening<'_>, body: &Area, head: &Head) -> Result<(), Uninspectable> {
    let content_type = head.content_type.as_deref();
    let is_multipart = content_type
        .and_then(super::sniff::essence)
        .is_some_and(|essence| essence.starts_with("multipart/"));
    if is_multipart
        && opening.may_deepen(body)
        && let Some(cut) = cut(
            &opening.bytes(body),
            content_type,
            opening.limits.parts_count_max,
        )
    {
        let deeper = Area {
            depth: body.depth + 1,
            ..body.clone()
        };
        return walk(opening, &deeper, &cut);
    }
    let file = body.of_kind(PartKind::FileText);
    if head.is_marked_base64() {
        return nested::base64_file(opening, &file, &head.label());
    }
    let charset = content_type.and_then(|value| disposition::single(value, "charset"));
    if !head.file_names.is_empty() && !is_field_as_blob(opening, body, head) {
        return text::list_file(opening, &file, charset.as_deref(), &head.label());
    }
    match text::in_utf8(opening, body, charset.as_deref())? {
        Some(text_area) => {
            let bytes = opening.bytes(&text_area);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            nested::value(opening, &text_area, Wrap::Verbatim, text)
        }
        None => text::list_binary(opening, body, &head.label()),
    }
}

/// Browsers name a `Blob` "blob"; pages use it to send JSON with its type, which is no file.
fn is_field_as_blob(opening: &Opening<'_>, body: &Area, head: &Head) -> bool {
    head.file_names.iter().all(|name| name.text == "blob")
        && json::check(&opening.bytes(body)).is_some()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::model::codec::BodyFormat;
    use crate::model::limits::Limits;
    use crate::model::part::{Edit, Span};
    use crate::payload::{Opened, open};

    const ID: &str = "001099000001";

    fn opened(body: &[u8], content_type: &str) -> Opened {
        let format = BodyFormat {
            content_type: Some(content_type.to_owned()),
            ..BodyFormat::default()
        };
        open(&Bytes::copy_from_slice(body), &format, &Limits::default()).unwrap()
    }

    fn listed(opened: &Opened) -> Vec<(String, PartKind, bool)> {
        let parts = opened.payload.parts().iter();
        parts
            .filter(|part| part.kind != PartKind::Key)
            .map(|part| {
                let shown = format!("{}={}", part.locator, part.text.expose());
                (shown, part.kind, part.editable)
            })
            .collect()
    }

    fn is_ambiguous(body: &str) -> bool {
        let opened = opened(body.as_bytes(), "multipart/form-data; boundary=b");
        let parts = opened.payload.parts();
        assert!(parts.iter().any(|part| part.text.expose().contains(ID)));
        let is_noted = opened.notes == [Note::AmbiguousMultipart];
        assert_eq!(is_noted, parts.iter().all(|part| !part.editable), "{body}");
        is_noted
    }

    #[test]
    fn fields_files_and_names_are_listed_and_edited_in_place() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n\
            {\"inputs\":\"CCCD 001099000001\"}\r\n\
            --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"001099000001.csv\"\r\n\
            Content-Type: text/csv\r\n\r\nThử;001099000001\n\r\n--b--\r\n";
        for boundary in ["b", "\"b\""] {
            let content_type = format!("multipart/form-data; boundary={boundary}");
            let opened = opened(body.as_bytes(), &content_type);
            assert_eq!(
                listed(&opened),
                [
                    (
                        "/data!json/inputs=CCCD 001099000001".to_owned(),
                        PartKind::Value,
                        true
                    ),
                    (
                        "/file/filename=001099000001.csv".to_owned(),
                        PartKind::FileName,
                        true
                    ),
                    (
                        "/file=Thử;001099000001\n".to_owned(),
                        PartKind::FileText,
                        true
                    ),
                ]
            );
            assert_eq!(opened.notes, []);
            let edits: Vec<Edit> = opened
                .payload
                .parts()
                .iter()
                .filter_map(|part| {
                    let start = part.text.expose().find(ID)?;
                    Some(Edit {
                        part: part.id,
                        span: Span::new(start, start + ID.len()),
                        replacement: "CCCD1X7Q".to_owned(),
                    })
                })
                .collect();
            let redacted = opened.payload.rewrite(&edits).unwrap();
            assert_eq!(redacted, body.replace(ID, "CCCD1X7Q"));
        }
    }

    #[test]
    fn json_sent_as_a_blob_is_a_field() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"blob\"\r\n\
            Content-Type: application/json\r\n\r\n{\"q\":\"001099000001\"}\r\n--b--\r\n";
        let opened = opened(body.as_bytes(), "multipart/form-data; boundary=b");
        let (shown, ..) = listed(&opened).pop().unwrap();
        assert_eq!(shown, "/data!json/q=001099000001");
    }

    #[test]
    fn a_picture_is_opaque_under_its_name() {
        let head = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''th%E1%BA%BB.png\r\n\
            Content-Type: image/png\r\n\r\n";
        let body = [head, &b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"[..], b"\r\n--b--"].concat();
        let opened = opened(&body, "multipart/form-data; boundary=b");
        let [opaque] = opened.payload.opaque() else {
            panic!("one picture expected");
        };
        assert_eq!(opaque.reason, Uninspectable::NoOcr);
        assert_eq!(opaque.locator.to_string(), "/file");
        assert_eq!(opaque.bytes, 16);
        assert_eq!(opaque.file_name.as_ref().unwrap().expose(), "thẻ.png");
    }

    #[test]
    fn base64_files_are_opened_and_coded_again() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"base64;a.txt\"\r\n\r\n\
            MDAxMDk5MDAwMDAx\r\n--b--\r\n";
        let opened = opened(body.as_bytes(), "multipart/form-data; boundary=b");
        let text = opened.payload.parts().last().unwrap();
        assert_eq!(text.text.expose(), ID);
        let edit = Edit {
            part: text.id,
            span: Span::new(0, ID.len()),
            replacement: "CCCD1X7Q".to_owned(),
        };
        let redacted = opened.payload.rewrite(&[edit]).unwrap();
        assert_eq!(redacted, body.replace("MDAxMDk5MDAwMDAx", "Q0NDRDFYN1E="));
    }

    #[test]
    fn bodies_that_can_be_read_in_two_ways_are_read_as_text_too() {
        let head = "Content-Disposition: form-data; name=\"a\"";
        assert!(!is_ambiguous(&format!(
            "--b\r\n{head}\r\n\r\n{ID}\r\n--b--\r\n"
        )));
        for body in [
            format!("--b\r\n{head}\r\n\r\n{ID}\r\n"),
            format!("--b\n{head}\n\n{ID}\n--b--\n"),
            format!("{ID}\r\n--b\r\n{head}\r\n\r\nx\r\n--b--\r\n"),
            format!("--b\r\n{head}\r\n\r\nx\r\n--b--\r\n{ID}"),
            format!("--b\r\n{head}; name=\"c\"\r\n\r\n{ID}\r\n--b--\r\n"),
            format!("--b\r\n{head}\r\n{ID}\r\n--b--\r\n"),
        ] {
            assert!(is_ambiguous(&body), "{body}");
        }
        let body = format!("--c\r\n{head}\r\n\r\n{ID}\r\n--c--\r\n");
        let twice = opened(
            body.as_bytes(),
            "multipart/form-data; boundary=b; boundary=c",
        );
        assert_eq!(twice.notes, [Note::AmbiguousMultipart]);
    }

    #[test]
    fn nested_bodies_are_opened() {
        let body = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\nX-Note: 0900000001\r\n\r\n\
            --c\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\n001099000001\r\n--c--\r\n--b--\r\n";
        let opened = opened(body.as_bytes(), "multipart/related; boundary=b");
        let shown: Vec<String> = listed(&opened)
            .into_iter()
            .map(|(shown, ..)| shown)
            .collect();
        let expected = [
            "//X-Note=0900000001",
            "///filename=a.txt",
            "//=001099000001",
        ];
        assert_eq!(shown, expected);
    }
}
