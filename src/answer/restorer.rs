//! One answer on its way down: bytes in, bytes out.
//!
//! Never: holds more than its bound. Over it, or where the bytes have another form than the row
//! says, all that follows passes as it comes.

use super::plain::Plain;
use super::session::{Patience, Session};
use super::split::{Next, Splitter};
use super::unit::{Length, Unit};
use super::{Fields, Values};
use crate::model::answer::AnswerForm;

/// What kind of body an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerKind {
    form: AnswerForm,
    /// Whether what is to be lines may be one document.
    may_be_document: bool,
}

impl AnswerKind {
    /// The kind that a media type and a row make; nothing where no value may stand: pages,
    /// scripts, pictures, files.
    pub fn of(content_type: &str, row: AnswerForm) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default();
        let essence = essence.trim().to_ascii_lowercase();
        let is_json = essence == "application/json";
        let form = match essence.as_str() {
            "text/event-stream" => AnswerForm::Events,
            "application/json" | "text/json" | "application/json+protobuf" => match row {
                AnswerForm::Events
                | AnswerForm::Messages
                | AnswerForm::Records
                | AnswerForm::Text => AnswerForm::Document,
                AnswerForm::Lines
                | AnswerForm::Document
                | AnswerForm::Array
                | AnswerForm::Google
                | AnswerForm::Connect => row,
            },
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/x-jsonlines"
            | "application/stream+json" => AnswerForm::Lines,
            "application/connect+json" => AnswerForm::Connect,
            // Several services stream under a type that says nothing.
            "text/plain" | "application/octet-stream" | "" if row == AnswerForm::Lines => row,
            "text/plain" if matches!(row, AnswerForm::Google | AnswerForm::Text) => row,
            _ => return None,
        };
        Some(Self {
            form,
            may_be_document: is_json && form == AnswerForm::Lines,
        })
    }
}

/// Turns the placeholders of one answer, or of one socket's messages, back into values.
pub struct Restorer {
    session: Session,
    form: AnswerForm,
    /// Whether the answer's first byte, which settles the form, came.
    form_is_settled: bool,
    splitter: Splitter,
    plain: Plain,
    buffer: Vec<u8>,
    bytes_max: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// All that follows passes as it comes.
    Passing,
}

impl Restorer {
    /// For an answer of this kind; `bytes_max` bounds what is held of it.
    pub fn new(
        kind: AnswerKind,
        fields: Box<dyn Fields>,
        values: Box<dyn Values>,
        bytes_max: usize,
    ) -> Self {
        let patience = match kind.form {
            _ if kind.may_be_document => Patience::FirstMayBeAll,
            AnswerForm::Document => Patience::Ends,
            AnswerForm::Array => Patience::FirstElement,
            AnswerForm::Events
            | AnswerForm::Lines
            | AnswerForm::Google
            | AnswerForm::Connect
            | AnswerForm::Records
            | AnswerForm::Messages
            | AnswerForm::Text => Patience::Waits,
        };
        Self::build(kind.form, patience, fields, values, bytes_max)
    }

    /// For the messages of a socket of this form.
    pub fn of_socket(
        form: AnswerForm,
        fields: Box<dyn Fields>,
        values: Box<dyn Values>,
        bytes_max: usize,
    ) -> Self {
        Self::build(form, Patience::Waits, fields, values, bytes_max)
    }

    fn build(
        form: AnswerForm,
        patience: Patience,
        fields: Box<dyn Fields>,
        values: Box<dyn Values>,
        bytes_max: usize,
    ) -> Self {
        Self {
            session: Session::new(fields, values, patience),
            form,
            form_is_settled: false,
            splitter: Splitter::new(form),
            plain: Plain::default(),
            buffer: Vec::new(),
            bytes_max,
            state: State::Reading,
        }
    }

    /// Takes the next bytes and gives those that can go on.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.state == State::Passing {
            return bytes.to_vec();
        }
        if self.form == AnswerForm::Text {
            return self.plain.push(bytes, self.session.values());
        }
        self.buffer.extend_from_slice(bytes);
        self.settle_form();
        let mut out = Vec::new();
        let mut used = 0;
        loop {
            let rest = self.buffer.get(used..).unwrap_or_default();
            match self.splitter.next(rest) {
                Next::Unit(unit, bytes) => {
                    used += bytes.max(1);
                    self.session.take(unit, &mut out);
                }
                Next::More if rest.len() <= self.bytes_max => break,
                Next::More | Next::Broken => {
                    self.state = State::Passing;
                    break;
                }
            }
        }
        self.buffer.drain(..used.min(self.buffer.len()));
        if self.state == State::Passing {
            out.push(self.give_up());
        }
        out.concat()
    }

    /// How many bytes wait for their unit's end.
    pub const fn held_bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Gives what was held; all that follows passes as it comes.
    pub fn give_up(&mut self) -> Vec<u8> {
        let mut out = vec![self.plain.finish()];
        self.session.finish(&mut out);
        out.push(std::mem::take(&mut self.buffer));
        self.state = State::Passing;
        out.concat()
    }

    /// What is to be an array may be a document: an error, or an answer that does not stream. What
    /// is to be server-sent events may be lines of JSON (Meta): an event does not begin so. The first
    /// byte of the answer tells, wherever the network cut what follows.
    fn settle_form(&mut self) {
        if self.form_is_settled {
            return;
        }
        let first = self.buffer.trim_ascii_start().first();
        self.form_is_settled = first.is_some();
        if first != Some(&b'{') {
            return;
        }
        match self.form {
            AnswerForm::Array => {
                self.form = AnswerForm::Document;
                self.session.expect_document();
            }
            AnswerForm::Events => self.form = AnswerForm::Lines,
            AnswerForm::Lines
            | AnswerForm::Document
            | AnswerForm::Google
            | AnswerForm::Connect
            | AnswerForm::Records
            | AnswerForm::Messages
            | AnswerForm::Text => return,
        }
        self.splitter = Splitter::new(self.form);
    }

    /// The last bytes.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut out = vec![self.plain.finish()];
        let rest = std::mem::take(&mut self.buffer);
        if !rest.is_empty() {
            let is_worth_it = self.form != AnswerForm::Document
                || std::str::from_utf8(&rest).is_ok_and(|text| self.session.sees_placeholder(text));
            if is_worth_it {
                let unit = self.splitter.rest(&rest);
                self.session.take(unit, &mut out);
            } else {
                out.push(rest);
            }
        }
        self.session.finish(&mut out);
        self.state = State::Passing;
        out.concat()
    }

    /// Whether messages may pass unread: no value is known, and no text is half turned back.
    pub fn is_idle(&self) -> bool {
        self.session.is_idle()
    }

    /// Takes a message of a socket and gives the messages to send in its place.
    pub fn message(&mut self, message: &[u8]) -> Vec<Vec<u8>> {
        if self.session.is_idle() || message.len() > self.bytes_max {
            return vec![message.to_vec()];
        }
        let mut out = Vec::new();
        if self.form != AnswerForm::Records {
            let unit = Unit::content(message.to_vec(), 0..message.len(), Length::Untold);
            self.session.take(unit, &mut out);
            return out;
        }
        let mut rest = message;
        while !rest.is_empty() {
            let (unit, bytes) = match Splitter::new(self.form).next(rest) {
                Next::Unit(unit, bytes) => (unit, bytes),
                Next::More | Next::Broken => (self.splitter.rest(rest), rest.len()),
            };
            self.session.take(unit, &mut out);
            rest = rest.get(bytes..).unwrap_or_default();
        }
        let joined = out.concat();
        if joined.is_empty() {
            Vec::new()
        } else {
            vec![joined]
        }
    }

    /// The messages that still waited when the socket closed.
    pub fn last_messages(&mut self) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        self.session.finish(&mut out);
        out
    }
}
