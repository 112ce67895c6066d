//! What do the fields of a multipart body hold?
//!
//! In: an area and its boundary. Out: values, file names, texts of files, nested bodies. The
//! splitter is ours because parsers hide where a part stands, and stall or skip where two of them
//! would disagree (RFC 2046 section 5.1.1, RFC 7578).
//!
//! Never: trust one reading of an ambiguous body; that one is listed as text too, and no part of
//! it is editable.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::model::note::Note;
use crate::model::part::PartKind;
use crate::model::sensitive::Sensitive;
use crate::model::uninspectable::Uninspectable;

use super::disposition::{self, Parameter};
use super::layer::{Area, Wrap};
use super::opening::{FileLabel, Opening, key_step};
use super::{nested, text};

const HEADER_FIELDS_MAX: usize = 32;
/// RFC 2046 allows 70.
const BOUNDARY_BYTES_MAX: usize = 200;
/// How HuggingChat marks a file that it sends as base64 text.
const BASE64_MARK: &str = "base64;";

/// A body cut at its boundary.
pub(super) struct Cut {
    parts: Vec<Range<usize>>,
    is_ambiguous: bool,
}

/// Cuts a body. Nothing if no boundary line is in it.
pub(super) fn cut(bytes: &[u8], content_type: Option<&str>) -> Option<Cut> {
    let named = content_type
        .map(disposition::parameters)
        .unwrap_or_default()
        .into_iter()
        .filter(|parameter| parameter.name == "boundary")
        .map(|parameter| parameter.text.into_bytes());
    let mut boundaries: Vec<Vec<u8>> = named.filter(|boundary| !boundary.is_empty()).collect();
    let is_named_twice = boundaries.len() > 1;
    if boundaries.is_empty() {
        boundaries.extend(boundary_of_first_line(bytes));
    }
    let mut cut = boundaries
        .iter()
        .find_map(|boundary| cut_at(bytes, boundary))?;
    cut.is_ambiguous |= is_named_twice;
    Some(cut)
}

/// Lists what the parts hold.
pub(super) fn walk(opening: &mut Opening<'_>, area: &Area, cut: &Cut) -> Result<(), Uninspectable> {
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

fn boundary_of_first_line(bytes: &[u8]) -> Option<Vec<u8>> {
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    let boundary = line.trim_ascii_end().strip_prefix(b"--")?;
    let is_fit = (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len())
        && boundary.iter().all(u8::is_ascii_graphic);
    is_fit.then(|| boundary.to_vec())
}

fn cut_at(bytes: &[u8], boundary: &[u8]) -> Option<Cut> {
    let delimiter = [b"--", boundary].concat();
    let finder = Finder::new(&delimiter);
    let (mut parts, mut open, mut is_closed) = (Vec::new(), None, false);
    let mut is_ambiguous = false;
    let mut at = 0;
    while let Some(found) = finder.find(bytes.get(at..)?) {
        let start = at + found;
        at = start + delimiter.len();
        let before = bytes.get(..start)?;
        if !(before.is_empty() || before.ends_with(b"\n")) {
            continue;
        }
        let Some(line) = Line::read(bytes.get(at..)?) else {
            continue;
        };
        let break_len = match before {
            [.., b'\r', b'\n'] => 2,
            [] => 0,
            _ => 1,
        };
        is_ambiguous |= break_len == 1 || line.is_odd;
        match open.take() {
            Some(from) => parts.push(from..start.saturating_sub(break_len).max(from)),
            None => is_ambiguous |= !before.trim_ascii().is_empty(),
        }
        at += line.len;
        if line.is_closing {
            is_closed = true;
            is_ambiguous |= !bytes.get(at..)?.trim_ascii().is_empty();
            break;
        }
        open = Some(at);
    }
    if let Some(from) = open {
        parts.push(from..bytes.len());
    }
    (is_closed || !parts.is_empty()).then_some(Cut {
        parts,
        is_ambiguous: is_ambiguous || !is_closed,
    })
}

/// What follows the boundary on its line.
struct Line {
    len: usize,
    is_closing: bool,
    is_odd: bool,
}

impl Line {
    /// Nothing if the boundary goes on, so that it is another one.
    fn read(rest: &[u8]) -> Option<Self> {
        let (is_closing, tail) = match rest.strip_prefix(b"--") {
            Some(tail) => (true, tail),
            None => (false, rest),
        };
        let padding = tail
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let dashes = if is_closing { 2 } else { 0 };
        let (end_len, is_odd) = match tail.get(padding..)? {
            [b'\r', b'\n', ..] => (2, padding > 0),
            [b'\n', ..] => (1, true),
            [] => (0, !is_closing),
            [..] => return None,
        };
        Some(Self {
            len: dashes + padding + end_len,
            is_closing,
            is_odd,
        })
    }
}

/// The head of a part; ranges count from the part's start.
struct Head {
    name: String,
    name_range: Range<usize>,
    file_names: Vec<FileName>,
    content_type: Option<String>,
    is_base64: bool,
    /// Fields that nobody needs, which can carry text all the same.
    others: Vec<(String, Range<usize>)>,
    body: usize,
    is_ambiguous: bool,
}

struct FileName {
    text: String,
    range: Range<usize>,
    is_verbatim: bool,
}

impl Head {
    fn parse(part: &[u8]) -> Option<Self> {
        let mut fields = [httparse::EMPTY_HEADER; HEADER_FIELDS_MAX];
        let Ok(httparse::Status::Complete((body, fields))) =
            httparse::parse_headers(part, &mut fields)
        else {
            return None;
        };
        let mut head = Self {
            name: String::new(),
            name_range: 0..0,
            file_names: Vec::new(),
            content_type: None,
            is_base64: false,
            others: Vec::new(),
            body,
            is_ambiguous: false,
        };
        for field in fields.iter() {
            let start = field.value.as_ptr().addr() - part.as_ptr().addr();
            head.take(field, start);
        }
        Some(head)
    }

    fn take(&mut self, field: &httparse::Header<'_>, start: usize) {
        let value = String::from_utf8_lossy(field.value);
        let is_utf8 = std::str::from_utf8(field.value).is_ok();
        match field.name.to_ascii_lowercase().as_str() {
            "content-disposition" => {
                for parameter in disposition::parameters(&value) {
                    self.take_parameter(parameter, start, is_utf8);
                }
            }
            "content-type" => self.content_type = Some(value.into_owned()),
            "content-transfer-encoding" => {
                self.is_base64 |= value.trim().eq_ignore_ascii_case("base64");
            }
            "content-length" => {}
            _ => self
                .others
                .push((field.name.to_owned(), start..start + field.value.len())),
        }
    }

    fn take_parameter(&mut self, parameter: Parameter, start: usize, is_utf8: bool) {
        let range = start + parameter.range.start..start + parameter.range.end;
        match parameter.name.as_str() {
            "name" => {
                self.is_ambiguous |= !self.name.is_empty();
                self.name = parameter.text;
                self.name_range = range;
            }
            "filename" => self.file_names.push(FileName {
                text: parameter.text,
                range,
                is_verbatim: parameter.is_verbatim && is_utf8,
            }),
            _ => {}
        }
    }

    fn label(&self) -> FileLabel {
        FileLabel {
            name: self
                .file_names
                .last()
                .map(|name| Sensitive::new(name.text.clone())),
            declared: self.content_type.clone(),
        }
    }

    fn is_marked_base64(&self) -> bool {
        self.is_base64
            || self.name.starts_with(BASE64_MARK)
            || self
                .file_names
                .iter()
                .any(|name| name.text.starts_with(BASE64_MARK))
    }
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
        && let Some(cut) = cut(&opening.bytes(body), content_type)
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
    if !head.file_names.is_empty() {
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
