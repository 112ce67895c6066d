//! Does a string hold more than it shows: JSON, a file, a text in base64?
//!
//! In: one string of a body. Out: its own parts if it is opened, else itself as one part.
//!
//! Never: take an id or token for a file. Only a `data:` URL, or a long string that is base64
//! throughout and decodes to prose or to the first bytes of a known format, is decoded.

use bytes::Bytes;
use memchr::memmem;

use crate::model::part::{PartKind, Step};
use crate::model::uninspectable::Uninspectable;

use super::base64;
use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening};
use super::unescape::Escape;
use super::{json, sniff, text};

/// Shorter strings are not tried as base64.
const BASE64_BYTES_MIN: usize = 24;
/// What stands between the media type and the symbols of a `data:` URL.
const INLINE_MARK: &[u8] = b";base64,";
/// So many symbols decode to the first bytes by which formats are known.
const BASE64_HEAD_BYTES: usize = 64;
/// A picture takes more bytes than this.
const PICTURE_BYTES_MIN: usize = 64;

/// Lists a string that fills `area`, written there with `wrap`, or what it holds.
pub(super) fn value(
    opening: &mut Opening<'_>,
    area: &Area,
    wrap: Wrap,
    text: String,
) -> Result<(), Uninspectable> {
    if may_be_json(&text) {
        if opening.may_deepen(area) {
            return json_or_text(opening, area, wrap, text);
        }
        text::list_unescaped(opening, area, text.as_bytes())?;
    }
    if let Some(url) = DataUrl::parse(&text) {
        return data_url(opening, area, wrap, text, &url);
    }
    if text.len() >= BASE64_BYTES_MIN && base64::is_plausible(text.as_bytes()) {
        return base64_or_text(opening, area, wrap, text);
    }
    if is_percent_coded(&text) && opening.may_deepen(area) {
        return percent_coded(opening, area, wrap, text);
    }
    list_inline_files(opening, &text)?;
    opening.list(area.wrapped(wrap), area.kind, text)
}

/// Whether a text is written in percent escapes, such as an address inside another: an escape, and
/// no blank. Prose has blanks, and percentages that are no escapes.
fn is_percent_coded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_escape = |at: usize| {
        let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
        digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
    };
    memchr::memchr_iter(b'%', bytes).any(is_escape) && !bytes.iter().any(u8::is_ascii_whitespace)
}

fn percent_coded(
    opening: &mut Opening<'_>,
    area: &Area,
    wrap: Wrap,
    text: String,
) -> Result<(), Uninspectable> {
    let unescaped = Escape::Percent.unescape(text.as_bytes());
    if !unescaped.is_exact {
        // In another charset, so that nothing can be put back.
        return opening.within(Step::Decoded, |opening| {
            opening.list(area.wrapped(Wrap::Sealed), area.kind, unescaped.text)
        });
    }
    opening.spend(unescaped.text.len())?;
    let inner = opening.deepen(area, area.wrapped(wrap), Bytes::from(text))?;
    opening.within(Step::Decoded, |opening| {
        value(
            opening,
            &inner,
            Wrap::Escaped(Escape::Percent),
            unescaped.text,
        )
    })
}

/// Lists the files that stand as `data:` URLs in the middle of a text, as in Markdown and HTML.
pub(super) fn list_inline_files(
    opening: &mut Opening<'_>,
    text: &str,
) -> Result<(), Uninspectable> {
    for mark in memmem::find_iter(text.as_bytes(), INLINE_MARK) {
        let start = mark + INLINE_MARK.len();
        let coded = text.as_bytes().get(start..).unwrap_or_default();
        let len = coded
            .iter()
            .take_while(|&&byte| base64::is_symbol(byte))
            .count();
        let coded = coded.get(..len).unwrap_or_default();
        if let Some(reason) = head_format(coded)
            && len / 4 * 3 >= PICTURE_BYTES_MIN
        {
            opening.within(Step::Decoded, |opening| {
                opening.list_opaque(&FileLabel::default(), len / 4 * 3, reason)
            })?;
        }
    }
    Ok(())
}

/// Lists a file that is written in base64, from end to end of `area`.
pub(super) fn base64_file(
    opening: &mut Opening<'_>,
    area: &Area,
    label: &FileLabel,
) -> Result<(), Uninspectable> {
    let coded = opening.bytes(area);
    if let Some(reason @ (Uninspectable::NoOcr | Uninspectable::Audio)) = head_format(&coded) {
        return opening.within(Step::Decoded, |opening| {
            opening.list_opaque(label, coded.len() / 4 * 3, reason)
        });
    }
    let Some(decoded) = base64::decode(&coded) else {
        text::list_file(opening, area, None, label)?;
        return opening.list_opaque(label, coded.len(), Uninspectable::Corrupt);
    };
    opening.spend(decoded.bytes.len())?;
    let wrap = decoded.alphabet.map_or(Wrap::Sealed, Wrap::Base64);
    let inner = opening.deepen(area, area.wrapped(wrap), Bytes::from(decoded.bytes))?;
    opening.within(Step::Decoded, |opening| {
        text::list_file(opening, &inner.of_kind(PartKind::FileText), None, label)
    })
}

fn may_be_json(text: &str) -> bool {
    json::has_structure_head(text.as_bytes())
        && matches!(text.trim_ascii_end().as_bytes().last(), Some(b'}' | b']'))
        && (text.contains('"') || text.bytes().filter(u8::is_ascii_digit).count() >= 6)
}

fn json_or_text(
    opening: &mut Opening<'_>,
    area: &Area,
    wrap: Wrap,
    text: String,
) -> Result<(), Uninspectable> {
    let bytes = Bytes::from(text);
    if let Some(checked) = json::check(&bytes) {
        let inner = opening.deepen(area, area.wrapped(wrap), bytes.clone())?;
        return opening.within(Step::Json, |opening| json::walk(opening, &inner, &checked));
    }
    let text = String::from_utf8(Vec::from(bytes)).unwrap_or_default();
    list_inline_files(opening, &text)?;
    opening.list(area.wrapped(wrap), area.kind, text)
}

/// The head of a `data:` URL (RFC 2397).
struct DataUrl {
    declared: String,
    is_base64: bool,
    start: usize,
}

impl DataUrl {
    /// Nothing for a text that only begins with one: what comes after it would be lost.
    fn parse(text: &str) -> Option<Self> {
        if !text.get(..5)?.eq_ignore_ascii_case("data:") {
            return None;
        }
        let head = text.get(5..memchr::memchr(b',', text.as_bytes())?)?;
        if head.contains(char::is_whitespace) {
            return None;
        }
        let lower = head.to_ascii_lowercase();
        let is_base64 = lower.ends_with(";base64");
        let coded = text.as_bytes().get(5 + head.len() + 1..)?;
        if is_base64 && !base64::is_plausible(coded) {
            return None;
        }
        Some(Self {
            is_base64,
            declared: lower.split(';').next().unwrap_or_default().to_owned(),
            start: 5 + head.len() + 1,
        })
    }

    fn label(&self) -> FileLabel {
        FileLabel {
            name: None,
            declared: Some(self.declared.clone()),
        }
    }
}

fn data_url(
    opening: &mut Opening<'_>,
    area: &Area,
    wrap: Wrap,
    text: String,
    url: &DataUrl,
) -> Result<(), Uninspectable> {
    let coded = text.as_bytes().get(url.start..).unwrap_or_default();
    if is_too_short_for_a_picture(coded, url) || !opening.may_deepen(area) {
        return opening.list(area.wrapped(wrap), area.kind, text);
    }
    let len = text.len();
    let outer = opening.deepen(area, area.wrapped(wrap), Bytes::from(text))?;
    let coded = outer.piece(&(url.start..len));
    if url.is_base64 {
        return base64_file(opening, &coded, &url.label());
    }
    let raw = opening.bytes(&coded);
    let unescaped = Escape::Percent.unescape(&raw);
    let wrap = if unescaped.is_exact {
        Wrap::Escaped(Escape::Percent)
    } else {
        Wrap::Sealed
    };
    opening.within(Step::Decoded, |opening| {
        opening.list(coded.wrapped(wrap), PartKind::FileText, unescaped.text)
    })
}

fn is_too_short_for_a_picture(coded: &[u8], url: &DataUrl) -> bool {
    let is_picture =
        url.declared.starts_with("image/") || head_format(coded) == Some(Uninspectable::NoOcr);
    url.is_base64 && is_picture && coded.len() / 4 * 3 < PICTURE_BYTES_MIN
}

fn base64_or_text(
    opening: &mut Opening<'_>,
    area: &Area,
    wrap: Wrap,
    text: String,
) -> Result<(), Uninspectable> {
    if head_format(text.as_bytes()).is_some() && opening.may_deepen(area) {
        let outer = opening.deepen(area, area.wrapped(wrap), Bytes::from(text))?;
        return base64_file(opening, &outer, &FileLabel::default());
    }
    let prose = base64::decode(text.as_bytes()).and_then(|decoded| {
        let prose = String::from_utf8(decoded.bytes).ok()?;
        is_prose(&prose).then_some((prose, decoded.alphabet))
    });
    let Some((prose, alphabet)) = prose.filter(|_| opening.may_deepen(area)) else {
        return opening.list(area.wrapped(wrap), area.kind, text);
    };
    opening.spend(prose.len())?;
    // It may be a word after all, so it is listed as it stands too.
    opening.list(area.wrapped(Wrap::Sealed), area.kind, text.clone())?;
    let outer = opening.deepen(area, area.wrapped(wrap), Bytes::from(text))?;
    let source = outer.wrapped(alphabet.map_or(Wrap::Sealed, Wrap::Base64));
    let inner = opening.deepen(&outer, source, Bytes::from(prose.clone()))?;
    opening.within(Step::Decoded, |opening| {
        value(opening, &inner, Wrap::Verbatim, prose)
    })
}

/// The reason for the known format that base64 text begins with.
fn head_format(coded: &[u8]) -> Option<Uninspectable> {
    let head = coded.get(..coded.len().min(BASE64_HEAD_BYTES))?;
    sniff::known_file(&base64::decode(head)?.bytes)
}

/// Whether decoded base64 reads like something that a person wrote.
fn is_prose(text: &str) -> bool {
    !text.contains(text::is_unreadable)
        && text
            .chars()
            .any(|char| char == ' ' || char == '\n' || (!char.is_ascii() && char.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{ID, PLACEHOLDER, opened, redacted, texts};

    #[test]
    fn data_urls_are_opened() {
        let picture = [b"\x89PNG\r\n\x1A\n", &[7; 92][..]].concat();
        let body = format!(
            r#"{{"a":"data:image/png;base64,{}","b":"data:image/png;base64,iVBORw0KGgo=","c":"data:text/plain;base64,{}","d":"data:,S%C4%90T%20{ID}"}}"#,
            base64::Alphabet::Standard.encode(&picture),
            base64::Alphabet::Standard.encode(ID.as_bytes()),
        );
        let opened = opened(&body, "application/json");
        assert_eq!(
            texts(&opened),
            [
                "/b=data:image/png;base64,iVBORw0KGgo=",
                "/c!decoded=001099000001",
                "/d!decoded=SĐT 001099000001"
            ]
        );
        let [opaque] = opened.payload.opaque() else {
            panic!("one picture expected");
        };
        assert_eq!(opaque.reason, Uninspectable::NoOcr);
        assert_eq!(opaque.declared_type.as_deref(), Some("image/png"));
        let encoded = base64::Alphabet::Standard.encode(ID.as_bytes());
        let changed = base64::Alphabet::Standard.encode(PLACEHOLDER.as_bytes());
        let expected = body.replace(&encoded, &changed).replace(ID, PLACEHOLDER);
        assert_eq!(String::from_utf8(redacted(&opened)).unwrap(), expected);
    }

    #[test]
    fn only_prose_and_files_in_base64_are_decoded() {
        let prose = base64::Alphabet::UrlSafe.encode(format!("Nguyễn Văn Thử {ID}").as_bytes());
        let body = format!(
            r#"["{prose}","00000000000040008000000000000001","abcdefghijklmnopqrstuvwxyz","JVBERi0xLjcKJeLjz9MKMSAwIG9iag=="]"#
        );
        let opened = opened(&body, "application/json");
        assert_eq!(
            texts(&opened),
            [
                &format!("/0={prose}"),
                "/0!decoded=Nguyễn Văn Thử 001099000001",
                "/1=00000000000040008000000000000001",
                "/2=abcdefghijklmnopqrstuvwxyz",
            ]
        );
        assert_eq!(opened.payload.opaque().len(), 1);
        let changed =
            base64::Alphabet::UrlSafe.encode(format!("Nguyễn Văn Thử {PLACEHOLDER}").as_bytes());
        let expected = body.replace(&prose, &changed);
        assert_eq!(String::from_utf8(redacted(&opened)).unwrap(), expected);
    }

    #[test]
    fn escapes_within_escapes_are_undone() {
        for (text, changed) in [
            (
                format!("https://a.example/%3Fq%3DCCCD%20{ID}"),
                "https://a.example/%3Fq%3DCCCD%20",
            ),
            (format!("CCCD%2520{ID}"), "CCCD%2520"),
        ] {
            let body = serde_json::to_string(&[&text]).unwrap();
            let opened = opened(&body, "application/json");
            let read = texts(&opened).join("\n");
            assert!(read.contains(&format!("CCCD {ID}")), "{read}");
            let redacted = String::from_utf8(redacted(&opened)).unwrap();
            assert_eq!(redacted, format!(r#"["{changed}{PLACEHOLDER}"]"#));
        }
    }

    #[test]
    fn a_percentage_is_no_escape() {
        for text in ["giảm 20%30 người", "100%", "50%-60%", "%zz"] {
            let body = serde_json::to_string(&[text]).unwrap();
            let opened = opened(&body, "application/json");
            assert_eq!(texts(&opened), [format!("/0={text}")]);
        }
    }

    #[test]
    fn pictures_in_the_middle_of_a_text_are_seen() {
        let picture = [b"\x89PNG\r\n\x1A\n", &[7; 92][..]].concat();
        let picture = base64::Alphabet::Standard.encode(&picture);
        for text in [
            format!("![anh](data:image/png;base64,{picture}) {ID}"),
            format!("data:image/png;base64,{picture} {ID}"),
        ] {
            let body = serde_json::to_string(&[&text]).unwrap();
            let opened = opened(&body, "application/json");
            assert_eq!(texts(&opened), [format!("/0={text}")]);
            assert_eq!(opened.payload.opaque().len(), 1);
            let redacted = String::from_utf8(redacted(&opened)).unwrap();
            assert_eq!(redacted, body.replace(ID, PLACEHOLDER));
        }
    }
}
