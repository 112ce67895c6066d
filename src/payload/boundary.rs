//! Where do the parts of a multipart body begin and end (RFC 2046 section 5.1.1)?
//!
//! In: bytes and the boundary, or none. Out: the range of each part, and whether another parser
//! could cut elsewhere: bare line feeds, no closing line, text before or after, two boundaries.
//!
//! Never: stall on a hostile body; it is read once.

use std::ops::Range;

use memchr::memmem::Finder;

use super::disposition;

/// RFC 2046 allows 70.
const BOUNDARY_BYTES_MAX: usize = 200;

/// A body cut at its boundary.
pub(super) struct Cut {
    /// The parts, heads and all.
    pub(super) parts: Vec<Range<usize>>,
    /// Whether another parser could cut elsewhere.
    pub(super) is_ambiguous: bool,
}

/// Cuts a body, and stops after more parts than `parts_max`. Nothing if no boundary line is in
/// it.
pub(super) fn cut(bytes: &[u8], content_type: Option<&str>, parts_max: usize) -> Option<Cut> {
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
        .find_map(|boundary| cut_at(bytes, boundary, parts_max))?;
    cut.is_ambiguous |= is_named_twice;
    Some(cut)
}

fn boundary_of_first_line(bytes: &[u8]) -> Option<Vec<u8>> {
    let line = bytes.split(|&byte| byte == b'\n').next()?;
    let boundary = line.trim_ascii_end().strip_prefix(b"--")?;
    let is_fit = (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len())
        && boundary.iter().all(u8::is_ascii_graphic);
    is_fit.then(|| boundary.to_vec())
}

fn cut_at(bytes: &[u8], boundary: &[u8], parts_max: usize) -> Option<Cut> {
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
        if parts.len() > parts_max {
            break;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_boundary_is_another_one() {
        let body = "--b\r\n\r\nx\r\n--bc\r\n--b--\r\n";
        let cut = cut(body.as_bytes(), Some("multipart/form-data; boundary=b"), 9).unwrap();
        assert_eq!(cut.parts.first(), Some(&(5..14)));
        assert_eq!(cut.parts.len(), 1);
        assert!(!cut.is_ambiguous);
    }
}
