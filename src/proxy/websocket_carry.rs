//! How do frames go each way? Up through a judge, down as they come.
//!
//! What goes up is what [`Upward`] can write, and nothing else:
//! - messages that are `Cleared`, each in one frame;
//! - pings without a payload, one for each of the client's, whose own payload waits here and is
//!   given back with the answer;
//! - pongs with the payload of the upstream's own ping, not the one that the client answered with;
//! - closes with the client's code, without its reason.
//!
//! Each direction alone writes to its end, so neither waits for a lock that the other holds.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep_until};
use tokio_util::codec::{FramedRead, FramedWrite};
use yawc::Role;
use yawc::close::CloseCode;
use yawc::codec::Encoder;
use yawc::frame::{Frame, OpCode};

use super::websocket::{MessageOutcome, RelayEnd};
use super::websocket_frame::{Assembly, CloseNotice, FrameDecoder, stop_reason};
use crate::inspect::{Cleared, Message, MessageKind};

/// Why one direction stopped.
pub(super) enum Stop {
    /// Its source closed; the other end was told.
    Closed(Option<CloseCode>),
    /// Its source left without a close, or the other end takes no more.
    Gone,
    /// It must not go on.
    Fault(RelayEnd),
}

/// The client's frames, until it stops or must be stopped.
pub(super) async fn carry_up<C: AsyncRead, U: AsyncWrite, F: Future<Output = MessageOutcome>>(
    from: &mut Reader<C>,
    to: &mut Upward<U>,
    mut judge: impl FnMut(Message) -> F,
    shared: &Shared,
    max: usize,
) -> Stop {
    let mut assembly = Assembly::new(max);
    loop {
        let frame = match next(from, shared).await {
            Ok(frame) => frame,
            Err(stop) => return stop,
        };
        let sent = match frame.opcode() {
            OpCode::Text | OpCode::Binary | OpCode::Continuation => match assembly.push(frame) {
                Ok(None) => continue,
                Ok(Some(message)) => match judge(message).await {
                    MessageOutcome::Forward(message) => to.message(message).await,
                    MessageOutcome::Close => return Stop::Fault(RelayEnd::Blocked),
                },
                Err(end) => return Stop::Fault(end),
            },
            OpCode::Ping => {
                put(&shared.client_ping, frame.into_payload());
                to.ping().await
            }
            OpCode::Pong => match take(&shared.upstream_ping) {
                Some(payload) => to.pong(payload).await,
                // Nobody asked: a sign of life that stays here.
                None => continue,
            },
            OpCode::Close => match CloseNotice::parse(&frame) {
                Ok(notice) => {
                    // If it cannot be told, the other direction sees the end.
                    drop(to.close(notice.code).await);
                    return Stop::Closed(notice.code);
                }
                Err(end) => return Stop::Fault(end),
            },
        };
        if sent.is_err() {
            return Stop::Gone;
        }
    }
}

/// The upstream's frames, until it stops or must be stopped.
pub(super) async fn carry_down<U: AsyncRead, C: AsyncWrite>(
    from: &mut Reader<U>,
    to: &mut Writer<C>,
    shared: &Shared,
) -> Stop {
    loop {
        let frame = match next(from, shared).await {
            Ok(frame) => frame,
            Err(stop) => return stop,
        };
        let closed = match frame.opcode() {
            OpCode::Close => match CloseNotice::parse(&frame) {
                Ok(notice) => Some(notice.code),
                Err(end) => return Stop::Fault(end),
            },
            OpCode::Text | OpCode::Binary | OpCode::Continuation | OpCode::Ping | OpCode::Pong => {
                None
            }
        };
        let (opcode, fin, payload) = frame.into_parts();
        let payload = match opcode {
            OpCode::Ping => {
                put(&shared.upstream_ping, payload.clone());
                payload
            }
            OpCode::Pong => take(&shared.client_ping).unwrap_or(payload),
            OpCode::Text | OpCode::Binary | OpCode::Continuation | OpCode::Close => payload,
        };
        let sent = to.send(Frame::from((opcode, payload)).with_fin(fin)).await;
        if let Some(code) = closed {
            return Stop::Closed(code);
        }
        if sent.is_err() {
            return Stop::Gone;
        }
    }
}

async fn next<T: AsyncRead>(from: &mut Reader<T>, shared: &Shared) -> Result<Frame, Stop> {
    let frame = match from.next().await {
        Some(Ok(frame)) => frame,
        Some(Err(error)) => {
            return Err(stop_reason(&error).map_or(Stop::Gone, Stop::Fault));
        }
        None => return Err(Stop::Gone),
    };
    shared.beat();
    Ok(frame)
}

/// The only way up.
pub(super) struct Upward<U>(Writer<U>);

impl<U: AsyncWrite> Upward<U> {
    pub(super) const fn new(writer: Writer<U>) -> Self {
        Self(writer)
    }

    /// Says the last word, if there is one, and ends the stream.
    pub(super) async fn end(&mut self, code: Option<CloseCode>) {
        // An end that is gone already needs no telling.
        if code.is_some() {
            drop(self.close(code).await);
        }
        drop(self.0.get_mut().shutdown().await);
    }

    async fn message(&mut self, message: Cleared<Message>) -> yawc::Result<()> {
        let Message { kind, payload } = message.into_inner();
        let frame = match kind {
            MessageKind::Text => Frame::text(payload),
            MessageKind::Binary => Frame::binary(payload),
        };
        self.0.send(frame).await
    }

    async fn ping(&mut self) -> yawc::Result<()> {
        self.0.send(Frame::ping(Bytes::new())).await
    }

    /// `payload` is the upstream's own.
    async fn pong(&mut self, payload: Bytes) -> yawc::Result<()> {
        self.0.send(Frame::pong(payload)).await
    }

    async fn close(&mut self, code: Option<CloseCode>) -> yawc::Result<()> {
        let frame = match code {
            Some(code) => Frame::close(code, ""),
            None => Frame::from((OpCode::Close, Bytes::new())),
        };
        self.0.send(frame).await
    }
}

pub(super) type Reader<T> = FramedRead<ReadHalf<T>, FrameDecoder>;
pub(super) type Writer<T> = FramedWrite<WriteHalf<T>, Encoder>;

/// One end as frames. `role` is ours towards it: a client masks, a server does not.
pub(super) fn legs<T: AsyncRead + AsyncWrite>(
    io: T,
    role: Role,
    max: usize,
) -> (Reader<T>, Writer<T>) {
    let (read, write) = tokio::io::split(io);
    (
        FramedRead::new(read, FrameDecoder::new(role, max)),
        FramedWrite::new(write, Encoder::new(role)),
    )
}

/// What both directions know.
pub(super) struct Shared {
    /// When the last frame came, either way.
    last_frame: Mutex<Instant>,
    /// The payload of the client's ping that waits for the upstream's pong.
    client_ping: Mutex<Option<Bytes>>,
    /// The payload of the upstream's ping that waits for the client's pong.
    upstream_ping: Mutex<Option<Bytes>>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            last_frame: Mutex::new(Instant::now()),
            client_ping: Mutex::new(None),
            upstream_ping: Mutex::new(None),
        }
    }

    fn beat(&self) {
        *self
            .last_frame
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Ends when no frame came for `max`.
    pub(super) async fn silence(&self, max: Duration) {
        loop {
            let last = *self
                .last_frame
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= max {
                return;
            }
            sleep_until(last + max).await;
        }
    }
}

/// Only the latest ping needs an answer (RFC 6455 section 5.5.3).
fn put(slot: &Mutex<Option<Bytes>>, payload: Bytes) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(payload);
}

fn take(slot: &Mutex<Option<Bytes>>) -> Option<Bytes> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}
