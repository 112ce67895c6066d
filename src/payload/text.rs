//! Are these bytes text, in which charset, and how is it listed?
//!
//! In: an area of bytes. Out: the same area if it is UTF-8; a sealed copy in UTF-8 if it is text
//! in another charset or broken; nothing if it is no text.
//!
//! Never: guess a legacy charset that nobody named; such a text is read with replacement
//! characters, which keeps its digits and ASCII labels.

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::model::note::Note;
use crate::model::part::Step;
use crate::model::uninspectable::Uninspectable;

use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening};
use super::unescape::Escape;
use super::{json, nested, sniff};

/// Of so many bytes in a text, at most this many are neither ASCII nor UTF-8. Vietnamese in a
/// one-byte charset has about one such byte in four.
const FOREIGN_PERCENT_MAX: usize = 45;
/// Shorter runs of readable bytes in a binary body are chance.
const RUN_BYTES_MIN: usize = 6;

/// The area as UTF-8 text, if it is text at all.
pub(super) fn in_utf8(
    opening: &mut Opening<'_>,
    area: &Area,
    charset: Option<&str>,
) -> Result<Option<Area>, Uninspectable> {
    let bytes = opening.bytes(area);
    if std::str::from_utf8(&bytes).is_ok() && !bytes.contains(&0) {
        return Ok((!bytes.starts_with(b"%PDF-")).then(|| area.clone()));
    }
    if sniff::known_file(&bytes).is_some() {
        return Ok(None);
    }
    let text = if let Some(encoding) = named_encoding(&bytes, charset) {
        let (text, had_errors) = encoding.decode_with_bom_removal(&bytes);
        if had_errors {
            opening.note(Note::InvalidUtf8);
        }
        text.into_owned()
    } else if is_mostly_text(&bytes) {
        opening.note(Note::InvalidUtf8);
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        return Ok(None);
    };
    if text.contains('\0') {
        return Ok(None);
    }
    opening.spend(text.len())?;
    let deeper = opening.deepen(area, area.wrapped(Wrap::Sealed), Bytes::from(text))?;
    Ok(Some(Area {
        depth: area.depth,
        ..deeper
    }))
}

/// Lists an area of UTF-8 text as one part.
///
/// A text that was meant as JSON also gets a reading with its escapes undone, so that a broken
/// or unopened JSON text does not hide behind `\u1EA1`.
pub(super) fn list(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if json::has_structure_head(&bytes) {
        list_unescaped(opening, area, &bytes)?;
    }
    nested::list_inline_files(opening, &text)?;
    opening.list(area.verbatim(), area.kind, text)
}

/// Lists what a JSON text that stays unopened says with its escapes undone, if it has any.
pub(super) fn list_unescaped(
    opening: &mut Opening<'_>,
    area: &Area,
    text: &[u8],
) -> Result<(), Uninspectable> {
    if !text.contains(&b'\\') {
        return Ok(());
    }
    let unescaped = Escape::Json.unescape(text).text;
    opening.within(Step::Decoded, |opening| {
        opening.list(area.wrapped(Wrap::Sealed), area.kind, unescaped)
    })
}

/// Lists a file: its text, or that it has none.
pub(super) fn list_file(
    opening: &mut Opening<'_>,
    area: &Area,
    charset: Option<&str>,
    label: &FileLabel,
) -> Result<(), Uninspectable> {
    if let Some(text) = in_utf8(opening, area, charset)? {
        return list(opening, &text);
    }
    list_binary(opening, area, label)
}

/// Lists bytes that are no text; in those of no known format, readable runs are listed too.
pub(super) fn list_binary(
    opening: &mut Opening<'_>,
    area: &Area,
    label: &FileLabel,
) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    if sniff::known_file(&bytes).is_none() {
        list_runs(opening, area)?;
    }
    opening.list_opaque(label, bytes.len(), sniff::binary(&bytes))
}

/// Lists the readable runs of binary bytes, one a line, as one part.
pub(super) fn list_runs(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let mut runs = String::new();
    for chunk in bytes.utf8_chunks() {
        for run in chunk.valid().split(is_unreadable) {
            if run.len() >= RUN_BYTES_MIN {
                runs.push_str(run);
                runs.push('\n');
            }
        }
    }
    opening.list(area.wrapped(Wrap::Sealed), area.kind, runs)
}

/// Whether a character has no place in text.
pub(super) fn is_unreadable(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r')
}

fn named_encoding(bytes: &[u8], charset: Option<&str>) -> Option<&'static Encoding> {
    if bytes.starts_with(b"\xFF\xFE") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Some(UTF_16BE);
    }
    charset
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .filter(|encoding| *encoding != encoding_rs::UTF_8)
}

fn is_mostly_text(bytes: &[u8]) -> bool {
    let (mut foreign, mut control) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        foreign += chunk.invalid().len();
        control += chunk
            .valid()
            .bytes()
            .filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
            .count();
    }
    !bytes.contains(&0)
        && foreign * 100 <= bytes.len() * FOREIGN_PERCENT_MAX
        && control * 100 <= bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{ID, opened, texts};

    #[test]
    fn other_charsets_are_read_but_not_written() {
        let utf16: Vec<u8> = format!("\u{FEFF}{{\"a\":\"SĐT {ID}\"}}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let opened_utf16 = opened(&utf16, "application/json");
        assert_eq!(texts(&opened_utf16), ["/a=SĐT 001099000001"]);
        let cp1258 = opened(b"S\xD0T 001099000001", "text/plain; charset=windows-1258");
        assert_eq!(texts(&cp1258), ["=SĐT 001099000001"]);
        let broken = opened(b"{\"a\":\"S\xD0T 001099000001\"}", "application/json");
        assert_eq!(texts(&broken), ["/a=S\u{FFFD}T 001099000001"]);
        assert_eq!(broken.notes, [Note::InvalidUtf8]);
        for opened in [opened_utf16, cp1258, broken] {
            assert!(opened.payload.parts().iter().all(|part| !part.editable));
        }
    }

    #[test]
    fn binary_bodies_are_opaque_and_their_readable_runs_are_listed() {
        let opened = opened(
            b"\x00\xFF\x92hi\x00CCCD 001099000001\x01\xFE",
            "application/json",
        );
        assert_eq!(texts(&opened), ["=CCCD 001099000001\n"]);
        assert_eq!(opened.payload.opaque()[0].reason, Uninspectable::Unknown);
        assert_eq!(opened.notes, [Note::TypeMismatch]);
    }

    #[test]
    fn broken_json_is_read_as_text_with_and_without_escapes() {
        let opened = opened(r#"{"a":"S\u0110T\n001099000001""#, "application/json");
        assert_eq!(opened.notes, [Note::TypeMismatch]);
        assert_eq!(
            texts(&opened),
            [
                "!decoded={\"a\":\"SĐT\n001099000001\"",
                r#"={"a":"S\u0110T\n001099000001""#,
            ]
        );
    }
}
