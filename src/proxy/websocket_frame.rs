//! What does one end of a WebSocket say? Frames, checked as strictly as RFC 6455 allows, put
//! together to whole messages.
//!
//! In go bytes; out come frames ([`FrameDecoder`], yawc's with the checks that it leaves to its
//! upper layers, inflated where that was agreed), messages ([`Assembly`]) and closes
//! ([`CloseNotice`]); the other way [`FrameEncoder`]. What is not understood is an end of the relay,
//! never passed on.

use bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};
use yawc::close::CloseCode;
use yawc::frame::{Frame, OpCode};
use yawc::{Role, WebSocketError};

use super::websocket::RelayEnd;
use super::websocket_deflate::{Agreement, Deflater, Inflater};
use crate::inspect::{Message, MessageKind};

/// Control frames carry no more (RFC 6455 section 5.5).
const CONTROL_BYTES_MAX: u8 = 125;
/// The bit of a frame's first byte that says that its message is compressed (RFC 7692 section 6).
const COMPRESSED: u8 = 0x40;

/// yawc's decoder, and before it the checks of a header that yawc leaves to its upper layers.
pub(super) struct FrameDecoder {
    inner: yawc::codec::Decoder,
    role: Role,
    header: Header,
    inflater: Option<Inflater>,
    payload_max: usize,
    /// Whether the message that is being read is compressed.
    is_compressed: bool,
}

/// Whether the header of the frame that is being read was looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Unseen,
    Checked,
}

impl FrameDecoder {
    /// `role` is ours; frames of `payload_max` bytes and fewer pass.
    pub(super) fn new(role: Role, payload_max: usize, compression: Option<Agreement>) -> Self {
        Self {
            // Its bound is exclusive.
            inner: yawc::codec::Decoder::new(role, payload_max.saturating_add(1)),
            role,
            header: Header::Unseen,
            inflater: compression.map(Inflater::new),
            payload_max,
            is_compressed: false,
        }
    }

    fn check(&self, first: u8, second: u8) -> Result<(), WebSocketError> {
        // Compression marks the first frame of a message, and nothing else was agreed on.
        let begins_message = matches!(first & 0x0f, 1 | 2);
        let is_agreed = self.inflater.is_some() && begins_message;
        let known = if is_agreed { COMPRESSED } else { 0 };
        if first & 0x70 & !known != 0 {
            return Err(WebSocketError::ReservedBitsNotZero);
        }
        if first & 0x08 != 0 && second & 0x7f > CONTROL_BYTES_MAX {
            return Err(WebSocketError::PingFrameTooLarge);
        }
        // Clients mask, servers do not (RFC 6455 section 5.1).
        let masked = second & 0x80 != 0;
        if masked != (self.role == Role::Server) {
            return Err(WebSocketError::InvalidFragment);
        }
        Ok(())
    }
}

impl Decoder for FrameDecoder {
    type Item = Frame;
    type Error = WebSocketError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Frame>, WebSocketError> {
        if self.header == Header::Unseen {
            let [first, second, ..] = &mut source[..] else {
                return Ok(None);
            };
            self.check(*first, *second)?;
            if matches!(*first & 0x0f, 1 | 2) {
                self.is_compressed = *first & COMPRESSED != 0;
                *first &= !COMPRESSED;
            }
            self.header = Header::Checked;
        }
        let Some(frame) = self.inner.decode(source)? else {
            return Ok(None);
        };
        self.header = Header::Unseen;
        let is_data = !frame.opcode().is_control();
        match &mut self.inflater {
            Some(inflater) if is_data && self.is_compressed => {
                let (opcode, is_fin, payload) = frame.into_parts();
                let payload = inflater.inflate(&payload, is_fin, self.payload_max)?;
                Ok(Some(Frame::from((opcode, payload)).with_fin(is_fin)))
            }
            Some(_) | None => Ok(Some(frame)),
        }
    }
}

/// yawc's encoder, and before it the compression that was agreed on.
pub(super) struct FrameEncoder {
    inner: yawc::codec::Encoder,
    deflater: Option<Deflater>,
}

impl FrameEncoder {
    /// `role` is ours.
    pub(super) fn new(role: Role, compression: Option<Agreement>) -> Self {
        Self {
            inner: yawc::codec::Encoder::new(role),
            deflater: compression.map(Deflater::new),
        }
    }
}

impl Encoder<Frame> for FrameEncoder {
    type Error = WebSocketError;

    fn encode(&mut self, frame: Frame, to: &mut BytesMut) -> Result<(), WebSocketError> {
        let Some(deflater) = self
            .deflater
            .as_mut()
            .filter(|_| !frame.opcode().is_control())
        else {
            return self.inner.encode(frame, to);
        };
        let (opcode, is_fin, payload) = frame.into_parts();
        let payload = deflater.deflate(&payload, is_fin)?;
        let start = to.len();
        let frame = Frame::from((opcode, payload)).with_fin(is_fin);
        self.inner.encode(frame, to)?;
        if opcode != OpCode::Continuation
            && let Some(first) = to.get_mut(start)
        {
            *first |= COMPRESSED;
        }
        Ok(())
    }
}

/// Which end of the relay an error of a leg means; `None` when the leg is just gone.
pub(super) fn stop_reason(error: &WebSocketError) -> Option<RelayEnd> {
    if matches!(error, WebSocketError::FrameTooLarge) {
        Some(RelayEnd::TooLarge)
    } else if error.is_protocol_error() {
        Some(RelayEnd::BrokenProtocol)
    } else {
        None
    }
}

/// A message in the making.
pub(super) struct Assembly {
    kind: Option<MessageKind>,
    payload: BytesMut,
    bytes_max: usize,
}

impl Assembly {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self {
            kind: None,
            payload: BytesMut::new(),
            bytes_max,
        }
    }

    /// Takes the next data frame; gives the message when it is whole.
    pub(super) fn push(&mut self, frame: Frame) -> Result<Option<Message>, RelayEnd> {
        let (opcode, fin, payload) = frame.into_parts();
        let kind = match (opcode, self.kind) {
            (OpCode::Text, None) => MessageKind::Text,
            (OpCode::Binary, None) => MessageKind::Binary,
            (OpCode::Continuation, Some(kind)) => kind,
            (
                OpCode::Text
                | OpCode::Binary
                | OpCode::Continuation
                | OpCode::Ping
                | OpCode::Pong
                | OpCode::Close,
                _,
            ) => return Err(RelayEnd::BrokenProtocol),
        };
        if self.payload.len() + payload.len() > self.bytes_max {
            return Err(RelayEnd::TooLarge);
        }
        if !fin {
            self.kind = Some(kind);
            self.payload.extend_from_slice(&payload);
            return Ok(None);
        }
        self.kind = None;
        let payload = self.complete(payload);
        if kind == MessageKind::Text && std::str::from_utf8(&payload).is_err() {
            return Err(RelayEnd::InvalidText);
        }
        Ok(Some(Message { kind, payload }))
    }

    fn complete(&mut self, last: Bytes) -> Bytes {
        if self.payload.is_empty() {
            return last;
        }
        self.payload.extend_from_slice(&last);
        std::mem::take(&mut self.payload).freeze()
    }
}

/// What a close frame says, its reason aside.
pub(super) struct CloseNotice {
    /// `None` where the frame is empty.
    pub(super) code: Option<CloseCode>,
}

impl CloseNotice {
    /// Reads a close frame as RFC 6455 sections 5.5.1 and 7.4 have it.
    pub(super) fn parse(frame: &Frame) -> Result<Self, RelayEnd> {
        if frame.payload().is_empty() {
            return Ok(Self { code: None });
        }
        let code = frame.close_code().filter(|code| code.is_allowed());
        match (code, frame.close_reason()) {
            (Some(code), Ok(_)) => Ok(Self { code: Some(code) }),
            (None, _) | (Some(_), Err(_)) => Err(RelayEnd::BrokenProtocol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(role: Role, frames: &[Frame]) -> BytesMut {
        let mut bytes = BytesMut::new();
        let mut encoder = yawc::codec::Encoder::new(role);
        for frame in frames {
            encoder.encode(frame.clone(), &mut bytes).unwrap();
        }
        bytes
    }

    fn frames() -> [Frame; 4] {
        [
            Frame::text("thử"),
            Frame::ping(""),
            Frame::binary(vec![0xc1; 300]),
            Frame::close(CloseCode::Normal, "hết"),
        ]
    }

    #[test]
    fn frames_are_read_whether_they_come_together_or_byte_by_byte() {
        for (speaker, reader) in [(Role::Client, Role::Server), (Role::Server, Role::Client)] {
            let bytes = encoded(speaker, &frames());
            let mut decoder = FrameDecoder::new(reader, 1000, None);
            let mut source = BytesMut::new();
            let mut read = Vec::new();
            for byte in &bytes {
                source.extend_from_slice(&[*byte]);
                while let Some(frame) = decoder.decode(&mut source).unwrap() {
                    read.push(frame.into_parts());
                }
            }
            let mut together = bytes;
            let mut decoder = FrameDecoder::new(reader, 1000, None);
            for (frame, piecewise) in frames().into_iter().zip(read) {
                let whole = decoder.decode(&mut together).unwrap().unwrap();
                assert_eq!(whole.into_parts(), piecewise);
                assert_eq!(frame.into_parts(), piecewise);
            }
            assert!(together.is_empty());
        }
    }

    #[test]
    fn a_server_that_masks_is_refused() {
        let mut masked = encoded(Role::Client, &[Frame::text("thử")]);
        let mut decoder = FrameDecoder::new(Role::Client, 1000, None);
        assert!(decoder.decode(&mut masked).is_err());
    }
}
