//! Where does one unit of an answer end?
//!
//! In: the bytes that came and were not passed on. Out: the next whole unit. How far the bytes were
//! searched is remembered, so that bytes that come one by one are each looked at once.
//!
//! Never: a unit before its end came, because only whole ones can be read.

use std::ops::Range;

use super::unit::{Length, Unit, utf16_units};
use crate::model::answer::AnswerForm;

/// SignalR's record separator.
pub(super) const RECORD_END: u8 = 0x1E;
const CONNECT_HEAD_BYTES: usize = 5;
/// A Connect frame whose contents are compressed.
const COMPRESSED: u8 = 0x01;
const GOOGLE_DIGITS_MAX: usize = 9;
/// Before the JSON of a line: a number and a colon.
const LINE_LABEL_BYTES_MAX: usize = 8;

/// What the splitter found.
pub(super) enum Next {
    /// A unit; so many bytes are used up.
    Unit(Unit, usize),
    /// Its end is not here yet.
    More,
    /// These bytes have another form.
    Broken,
}

/// A splitter of one form.
#[derive(Debug)]
pub(super) struct Splitter {
    form: AnswerForm,
    /// How far the bytes were searched.
    searched: usize,
    /// UTF-16 code units, or depth of brackets, up to there.
    count: usize,
    /// Whether the search is within a string.
    quote: Quote,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Quote {
    #[default]
    Outside,
    Inside,
    /// After a backslash.
    Escaped,
}

impl Splitter {
    /// A splitter.
    pub(super) const fn new(form: AnswerForm) -> Self {
        Self {
            form,
            searched: 0,
            count: 0,
            quote: Quote::Outside,
        }
    }

    /// The first unit of the bytes.
    pub(super) fn next(&mut self, bytes: &[u8]) -> Next {
        let next = match self.form {
            AnswerForm::Events => self.event(bytes),
            AnswerForm::Lines => self.until(bytes, b'\n').map_or(Next::More, |end| {
                Next::Unit(line_unit(bytes.get(..end).unwrap_or_default()), end)
            }),
            AnswerForm::Records => self.until(bytes, RECORD_END).map_or(Next::More, |end| {
                let record = bytes.get(..end).unwrap_or_default().to_vec();
                let json = 0..end.saturating_sub(1);
                Next::Unit(Unit::content(record, json, Length::Untold), end)
            }),
            AnswerForm::Google => self.google(bytes),
            AnswerForm::Connect => connect(bytes),
            AnswerForm::Array => self.element(bytes),
            // Whole: known at the end only.
            AnswerForm::Document | AnswerForm::Messages | AnswerForm::Text => Next::More,
        };
        if matches!(next, Next::Unit(..)) {
            *self = Self {
                // Within an array, only the depth is remembered: its own bracket.
                count: usize::from(self.form == AnswerForm::Array),
                ..Self::new(self.form)
            };
        }
        next
    }

    /// What is left at the end, as far as it is a unit.
    pub(super) fn rest(&self, bytes: &[u8]) -> Unit {
        match self.form {
            AnswerForm::Events => event_unit(bytes),
            AnswerForm::Lines => line_unit(bytes),
            AnswerForm::Records
            | AnswerForm::Document
            | AnswerForm::Messages
            | AnswerForm::Text => Unit::content(bytes.to_vec(), 0..bytes.len(), Length::Untold),
            AnswerForm::Google | AnswerForm::Connect | AnswerForm::Array => {
                Unit::content(bytes.to_vec(), 0..0, Length::Untold)
            }
        }
    }

    /// One past the first byte of this kind.
    fn until(&mut self, bytes: &[u8], wanted: u8) -> Option<usize> {
        let found = memchr::memchr(wanted, bytes.get(self.searched..).unwrap_or_default());
        let found = found.map(|at| self.searched + at + 1);
        self.searched = bytes.len();
        found
    }

    /// Events end with an empty line; line ends are LF, CR LF or CR (WHATWG HTML, "server-sent
    /// events"). A CR at the very end waits for its LF.
    fn event(&mut self, bytes: &[u8]) -> Next {
        while let Some(&byte) = bytes.get(self.searched) {
            let after = bytes.get(self.searched + 1);
            let line_end = match (byte, after) {
                (b'\n', _) => 1,
                (b'\r', Some(b'\n')) => 2,
                (b'\r', Some(_)) => 1,
                (b'\r', None) => return Next::More,
                _ => 0,
            };
            self.searched += line_end.max(1);
            if line_end == 0 {
                self.count = 1;
            } else if self.count == 0 {
                let end = self.searched;
                let event = bytes.get(..end).unwrap_or_default();
                return Next::Unit(event_unit(event), end);
            } else {
                self.count = 0;
            }
        }
        Next::More
    }

    /// `)]}'` and empty lines, then a number, a line end, and so many code units counted from that
    /// line end on.
    fn google(&mut self, bytes: &[u8]) -> Next {
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        if digits == 0 {
            return match bytes.first() {
                None => Next::More,
                Some(b')' | b'\n' | b'\r') => self.until(bytes, b'\n').map_or(Next::More, |end| {
                    let line = bytes.get(..end).unwrap_or_default();
                    Next::Unit(Unit::idle(line.to_vec()), end)
                }),
                Some(_) => Next::Broken,
            };
        }
        let told = std::str::from_utf8(bytes.get(..digits).unwrap_or_default());
        let told = told.ok().and_then(|told| told.parse::<usize>().ok());
        let Some(told) = told.filter(|_| digits <= GOOGLE_DIGITS_MAX) else {
            return Next::Broken;
        };
        self.searched = self.searched.max(digits);
        while let Some(&byte) = bytes.get(self.searched) {
            if self.searched == digits && byte != b'\n' {
                return Next::Broken;
            }
            // A character is counted at its first byte and goes with all of them.
            if self.count >= told && utf16_units(byte) > 0 {
                break;
            }
            self.count += utf16_units(byte);
            self.searched += 1;
        }
        let end = self.searched;
        let body = bytes.get(..end).unwrap_or_default();
        if self.count < told || (bytes.len() == end && !body.ends_with(b"\n")) {
            return Next::More;
        }
        let json_end = end - usize::from(body.ends_with(b"\n"));
        let json = (digits + 1).min(json_end)..json_end;
        Next::Unit(Unit::content(body.to_vec(), json, Length::Utf16), end)
    }

    /// The next element of an array, with the bracket, comma or space before it as idle units.
    fn element(&mut self, bytes: &[u8]) -> Next {
        while let Some(&byte) = bytes.get(self.searched) {
            self.searched += 1;
            match (self.quote, byte) {
                (Quote::Escaped, _) | (Quote::Outside, b'"') => self.quote = Quote::Inside,
                (Quote::Inside, b'\\') => self.quote = Quote::Escaped,
                (Quote::Inside, b'"') => self.quote = Quote::Outside,
                (Quote::Outside, b'[' | b'{') => self.count += 1,
                (Quote::Outside, b']' | b'}') => {
                    let Some(depth) = self.count.checked_sub(1) else {
                        return Next::Broken;
                    };
                    self.count = depth;
                    if depth == 1 {
                        let end = self.searched;
                        let element = bytes.get(..end).unwrap_or_default();
                        let head = element.iter().take_while(|byte| !is_bracket(**byte));
                        let start = head.count();
                        return Next::Unit(
                            Unit::content(element.to_vec(), start..end, Length::Untold),
                            end,
                        );
                    }
                }
                (Quote::Outside, _) if self.count == 0 && !byte.is_ascii_whitespace() => {
                    return Next::Broken;
                }
                (Quote::Outside | Quote::Inside, _) => {}
            }
            if byte == b'[' && self.count == 1 && self.quote == Quote::Outside {
                let opening = bytes.get(..self.searched).unwrap_or_default();
                return Next::Unit(Unit::idle(opening.to_vec()), self.searched);
            }
        }
        Next::More
    }
}

const fn is_bracket(byte: u8) -> bool {
    matches!(byte, b'[' | b'{')
}

fn connect(bytes: &[u8]) -> Next {
    let Some(&[flags, a, b, c, d]) = bytes.get(..CONNECT_HEAD_BYTES) else {
        return Next::More;
    };
    let end = usize::try_from(u32::from_be_bytes([a, b, c, d]))
        .ok()
        .and_then(|len| len.checked_add(CONNECT_HEAD_BYTES));
    let Some(end) = end else { return Next::Broken };
    let Some(frame) = bytes.get(..end) else {
        return Next::More;
    };
    let json = if flags & COMPRESSED == 0 {
        CONNECT_HEAD_BYTES..end
    } else {
        end..end
    };
    Next::Unit(Unit::content(frame.to_vec(), json, Length::Bytes), end)
}

/// An event with the JSON of its only `data` line.
fn event_unit(event: &[u8]) -> Unit {
    let mut data: Option<Range<usize>> = None;
    let (mut lines, mut is_ping) = (0, false);
    let mut start = 0;
    for line in event.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let text = line.trim_ascii_end();
        if let Some(json) = text.strip_prefix(b"data:") {
            lines += 1;
            let json_start = start + text.len() - json.trim_ascii_start().len();
            data = Some(json_start..start + text.len());
        } else if let Some(name) = text.strip_prefix(b"event:") {
            is_ping = matches!(name.trim_ascii(), b"ping" | b"heartbeat" | b"keepalive");
        }
        start += line.len();
    }
    match data {
        Some(json) if lines == 1 && !json.is_empty() && !is_ping => {
            Unit::content(event.to_vec(), json, Length::Untold)
        }
        // Data in several lines is no JSON that any of these services writes.
        Some(_) if lines > 1 => Unit::content(event.to_vec(), 0..0, Length::Untold),
        Some(_) | None => Unit::idle(event.to_vec()),
    }
}

/// A line with its JSON, perhaps after a number and a colon.
fn line_unit(line: &[u8]) -> Unit {
    let text = line.trim_ascii_end();
    let start = text.len() - text.trim_ascii_start().len();
    let body = text.get(start..).unwrap_or_default();
    let label = body
        .iter()
        .position(|byte| *byte == b':')
        .filter(|at| (1..LINE_LABEL_BYTES_MAX).contains(at))
        .filter(|at| {
            let label = body.get(..*at).unwrap_or_default();
            label.iter().all(u8::is_ascii_alphanumeric)
        });
    let start = start + label.map_or(0, |at| at + 1);
    if body.is_empty() {
        return Unit::idle(line.to_vec());
    }
    Unit::content(line.to_vec(), start..text.len(), Length::Untold)
}
