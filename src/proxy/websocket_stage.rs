//! How is a relay tested? Between a client and an upstream that speak frames, in memory.
//!
//! Tests only.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;
use yawc::Role;
use yawc::close::CloseCode;
use yawc::frame::{Frame, OpCode};

use super::websocket::{MessageOutcome, RelayEnd, Side, relay};
use super::websocket_carry::{Reader, Writer, legs};
use crate::inspect::{Cleared, Message};
use crate::model::limits::Limits;

/// What the judge saw.
pub(super) type Seen = Arc<Mutex<Vec<Bytes>>>;

/// One end that a test plays.
pub(super) struct End {
    reader: Reader<DuplexStream>,
    writer: Writer<DuplexStream>,
}

impl End {
    fn new(io: DuplexStream, role: Role) -> Self {
        let (reader, writer) = legs(io, role, usize::MAX - 1, None);
        Self { reader, writer }
    }

    pub(super) async fn send(&mut self, frame: Frame) {
        self.writer.send(frame).await.unwrap();
    }

    /// Sends bytes that need not be frames.
    pub(super) async fn send_raw(&mut self, bytes: &[u8]) {
        self.writer.get_mut().write_all(bytes).await.unwrap();
    }

    /// The next frame; `None` at the end of the stream.
    pub(super) async fn next(&mut self) -> Option<(OpCode, bool, Bytes)> {
        self.reader
            .next()
            .await
            .map(|frame| frame.unwrap().into_parts())
    }

    /// Expects a whole message.
    pub(super) async fn expect(&mut self, opcode: OpCode, payload: &[u8]) {
        let next = self.next().await;
        assert_eq!(next, Some((opcode, true, Bytes::copy_from_slice(payload))));
    }

    /// Expects a close and nothing after it.
    pub(super) async fn expect_close(&mut self, code: CloseCode, reason: &str) {
        let mut payload = u16::from(code).to_be_bytes().to_vec();
        payload.extend_from_slice(reason.as_bytes());
        self.expect(OpCode::Close, &payload).await;
        assert_eq!(self.next().await, None);
    }
}

/// A relay with small limits and a judge that closes on "bí mật", answers "hỏi riêng" itself and
/// hides "0900000001".
pub(super) fn stage() -> (End, End, Seen, JoinHandle<RelayEnd>) {
    stage_idle(Limits::default().tunnel_idle_max)
}

/// The same, with a bound on silence.
pub(super) fn stage_idle(tunnel_idle_max: Duration) -> (End, End, Seen, JoinHandle<RelayEnd>) {
    let limits = Limits {
        message_bytes_max: 1000,
        handshake_max: Duration::from_millis(500),
        tunnel_idle_max,
        ..Limits::default()
    };
    let (client, client_far) = tokio::io::duplex(64 * 1024);
    let (upstream, upstream_far) = tokio::io::duplex(64 * 1024);
    let seen = Seen::default();
    let judged = Arc::clone(&seen);
    let task = tokio::spawn(async move {
        let judge = |message: Message| {
            judged.lock().unwrap().push(message.payload.clone());
            async move { outcome(message) }
        };
        let plain = |io| Side {
            io,
            compression: None,
        };
        relay(plain(client_far), plain(upstream_far), judge, None, &limits).await
    });
    (
        End::new(client, Role::Client),
        End::new(upstream, Role::Server),
        seen,
        task,
    )
}

fn outcome(mut message: Message) -> MessageOutcome {
    let text = String::from_utf8_lossy(&message.payload).into_owned();
    if text.contains("bí mật") {
        let last_words = vec!["{\"error\":1}".to_owned()];
        return MessageOutcome::Close(last_words, "mã K7Q2-M4".to_owned());
    }
    if text.contains("hỏi riêng") {
        return MessageOutcome::Answer(vec!["một".to_owned(), "hai".to_owned()]);
    }
    if text.contains("0900000001") {
        message.payload = text.replace("0900000001", "SDT1X7QK").into();
    }
    MessageOutcome::Forward(Cleared::for_test(message))
}
