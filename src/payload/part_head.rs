//! What does the head of a part of a multipart body say (RFC 7578 section 4)?
//!
//! In: the bytes of a part. Out: its name, file names and types, each with its own bytes, and
//! where its body begins.
//!
//! Never: drop a field; one that nobody needs can carry text all the same.

use std::ops::Range;

use crate::model::sensitive::Sensitive;

use super::disposition::{self, Parameter};
use super::opening::FileLabel;

const HEADER_FIELDS_MAX: usize = 32;
/// How HuggingChat marks a file that it sends as base64 text.
const BASE64_MARK: &str = "base64;";

/// The head of a part; ranges count from the part's start.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) name_range: Range<usize>,
    pub(super) file_names: Vec<FileName>,
    pub(super) content_type: Option<String>,
    is_base64: bool,
    /// Fields that nobody needs, which can carry text all the same.
    pub(super) others: Vec<(String, Range<usize>)>,
    pub(super) body: usize,
    pub(super) is_ambiguous: bool,
}

/// A file name.
pub(super) struct FileName {
    /// The name, decoded.
    pub(super) text: String,
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Whether the bytes are the text.
    pub(super) is_verbatim: bool,
}

impl Head {
    /// Reads a head. Nothing if there is none, or none that ends.
    pub(super) fn parse(part: &[u8]) -> Option<Self> {
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
                let coding = value.trim().to_ascii_lowercase();
                self.is_base64 |= coding == "base64";
                // Such as quoted-printable, which some servers undo (RFC 7578 section 4.7).
                let is_plain = matches!(coding.as_str(), "7bit" | "8bit" | "binary" | "base64");
                self.is_ambiguous |= !is_plain;
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

    /// What is known of the file in the part.
    pub(super) fn label(&self) -> FileLabel {
        FileLabel {
            name: self
                .file_names
                .last()
                .map(|name| Sensitive::new(name.text.clone())),
            declared: self.content_type.clone(),
        }
    }

    /// Whether the body is a file in base64.
    pub(super) fn is_marked_base64(&self) -> bool {
        self.is_base64
            || self.name.starts_with(BASE64_MARK)
            || self
                .file_names
                .iter()
                .any(|name| name.text.starts_with(BASE64_MARK))
    }
}
