//! What do the fields of a form or query string say?
//!
//! In: an area of `application/x-www-form-urlencoded`. Out: names and values as parts, percent
//! escapes undone exactly once; a value may hold JSON (Gemini's `f.req`).
//!
//! Never: reorder, drop or re-encode a field that is not edited.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use crate::model::note::Note;
use crate::model::part::PartKind;
use crate::model::uninspectable::Uninspectable;

use super::layer::{Area, Wrap};
use super::opening::{Opening, key_step};
use super::unescape::Escape;
use super::{json, nested};

/// Field names are short words; the head of a file is not.
const NAME_BYTES_MAX: usize = 200;

/// How far bytes keep to the form that their label promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// They are a form.
    Form,
    /// They can be read as a form, or as a text that happens to look like one.
    Both,
    /// They are something else.
    Other,
}

/// How far bytes are a form. The label is often a lie: resumable uploads carry raw files under
/// it, and scripts carry plain text.
pub(super) fn likeness(bytes: &[u8]) -> Likeness {
    if json::has_structure_head(bytes) && json::check(bytes).is_some() {
        return Likeness::Other;
    }
    let is_coded = bytes.iter().all(u8::is_ascii_graphic);
    let first = bytes.split(|&byte| byte == b'&').next().unwrap_or_default();
    let has_name = memchr(b'=', first).is_some_and(|end| {
        (1..=NAME_BYTES_MAX).contains(&end)
            && first.iter().take(end).all(|byte| {
                byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"-_.~*%+[]$:@!".contains(byte)
            })
    });
    let is_one_line = !bytes.iter().any(u8::is_ascii_control);
    match (is_coded, has_name, is_one_line) {
        (true, true, _) | (false, true, true) => Likeness::Form,
        (true, false, _) if memchr(b'=', bytes).is_some() || memchr(b'%', bytes).is_some() => {
            Likeness::Both
        }
        (false, true, false) => Likeness::Both,
        (_, false, _) => Likeness::Other,
    }
}

/// Lists names and values.
pub(super) fn walk(opening: &mut Opening<'_>, area: &Area) -> Result<(), Uninspectable> {
    let bytes = opening.bytes(area);
    let mut start = 0;
    for end in memchr_iter(b'&', &bytes).chain([bytes.len()]) {
        field(opening, area, &bytes, start..end)?;
        start = end + 1;
    }
    Ok(())
}

fn field(
    opening: &mut Opening<'_>,
    area: &Area,
    bytes: &[u8],
    range: Range<usize>,
) -> Result<(), Uninspectable> {
    let raw = bytes.get(range.clone()).unwrap_or_default();
    if raw.is_empty() {
        return Ok(());
    }
    let name_len = memchr(b'=', raw).unwrap_or(raw.len());
    let name = Escape::Form.unescape(raw.get(..name_len).unwrap_or_default());
    let name_area = area.piece(&(range.start..range.start + name_len));
    let value = Escape::Form.unescape(raw.get(name_len + 1..).unwrap_or_default());
    let value_area = area.piece(&((range.start + name_len + 1).min(range.end)..range.end));
    if !(name.is_exact && value.is_exact) {
        opening.note(Note::InvalidUtf8);
    }
    opening.enter(key_step(&name.text));
    let source = name_area.wrapped(wrap(name.is_exact));
    let listed = opening
        .list(source, PartKind::Key, name.text)
        .and_then(|()| nested::value(opening, &value_area, wrap(value.is_exact), value.text));
    opening.leave();
    listed
}

const fn wrap(is_exact: bool) -> Wrap {
    if is_exact {
        Wrap::Escaped(Escape::Form)
    } else {
        Wrap::Sealed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{assert_redacts_in_place, opened, texts};

    #[test]
    fn json_in_json_in_a_form_is_edited_through_all_levels() {
        let body = "f.req=%5Bnull%2C%22%5B%5B%5C%22S%C4%90T+100%25%20%2B%20CCCD%20001099000001%2C%20Th%E1%BB%AD%5C%22%2C0%5D%5D%22%5D&at=AExample%3A1790000000000&";
        let opened = opened(body, "application/x-www-form-urlencoded;charset=utf-8");
        assert_eq!(
            texts(&opened),
            [
                "/f.req!json/1!json/0/0=SĐT 100% + CCCD 001099000001, Thử",
                "/at=AExample:1790000000000",
            ]
        );
        assert_redacts_in_place(body, "application/x-www-form-urlencoded");
    }

    #[test]
    fn a_form_label_is_not_believed() {
        let label = "application/x-www-form-urlencoded";
        for body in [
            "DANH SÁCH\nNguyễn Văn Thử;001099000001\n",
            "File name: 001099000001.docx",
            r#"{"text":"CCCD = 001099000001"}"#,
        ] {
            assert_eq!(opened(body, label).notes, [Note::TypeMismatch], "{body}");
            assert_redacts_in_place(body, label);
        }
        assert_redacts_in_place("text=Xin chào 001099000001&to=vi", label);
    }

    #[test]
    fn a_file_that_looks_like_a_form_is_read_both_ways_and_not_edited() {
        let opened = opened("a=%30%30\nb=1", "application/x-www-form-urlencoded");
        assert_eq!(texts(&opened), ["/a=00\nb=1", "=a=%30%30\nb=1"]);
        assert!(opened.payload.parts().iter().all(|part| !part.editable));
    }
}
