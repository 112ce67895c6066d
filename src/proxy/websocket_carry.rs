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
use futures_util::{SinkExt, Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, sleep_until};
use tokio_util::codec::{FramedRead, FramedWrite};
use yawc::Role;
use yawc::close::CloseCode;
use yawc::frame::{Frame, OpCode};

use super::websocket::{MessageOutcome, RelayEnd};
use super::websocket_answers::{Answers, UpstreamAndUs};
use super::websocket_deflate::Agreement;
use super::websocket_down::Downward;
use super::websocket_frame::{Assembly, CloseNotice, FrameDecoder, FrameEncoder, stop_reason};
use crate::inspect::{Cleared, Message, MessageKind};

/// Why one direction stopped.
pub(super) enum Stop {
    /// Its source closed; the other end was told.
    Closed(Option<CloseCode>),
    /// Its source left without a close, or the other end takes no more.
    Gone,
    /// The judge had it closed, for this reason.
    Blocked(String),
    /// It must not go on.
    Fault(RelayEnd),
}

/// The client's frames, until it stops or must be stopped.
pub(super) async fn carry_up<C: AsyncRead, U: AsyncWrite, F: Future<Output = MessageOutcome>>(
    from: &mut Reader<C>,
    to: &mut Upward<U>,
    mut judge: impl FnMut(Message) -> F,
    answers: &Answers,
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
                    MessageOutcome::Answer(messages) => {
                        answers.say(messages).await;
                        continue;
                    }
                    MessageOutcome::Close(messages, reason) => {
                        answers.say(messages).await;
                        return Stop::Blocked(reason);
                    }
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
    from: &mut UpstreamAndUs<U>,
    to: &mut Writer<C>,
    mut downward: Downward,
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
        let frames = match frame.opcode() {
            OpCode::Ping => {
                put(&shared.upstream_ping, frame.payload().clone());
                vec![frame]
            }
            OpCode::Pong => {
                let payload = take(&shared.client_ping);
                vec![payload.map_or(frame, Frame::pong)]
            }
            OpCode::Text | OpCode::Binary | OpCode::Continuation => downward.take(frame),
            OpCode::Close => {
                let mut frames = downward.end();
                frames.push(frame);
                frames
            }
        };
        let sent = send_all(to, frames).await;
        if let Some(code) = closed {
            return Stop::Closed(code);
        }
        if sent.is_err() {
            return Stop::Gone;
        }
    }
}

async fn send_all<C: AsyncWrite>(to: &mut Writer<C>, frames: Vec<Frame>) -> yawc::Result<()> {
    for frame in frames {
        to.send(frame).await?;
    }
    Ok(())
}

async fn next(
    from: &mut (impl Stream<Item = yawc::Result<Frame>> + Unpin),
    shared: &Shared,
) -> Result<Frame, Stop> {
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
pub(super) type Writer<T> = FramedWrite<WriteHalf<T>, FrameEncoder>;

/// One end as frames. `role` is ours towards it: a client masks, a server does not.
pub(super) fn legs<T: AsyncRead + AsyncWrite>(
    io: T,
    role: Role,
    max: usize,
    compression: Option<Agreement>,
) -> (Reader<T>, Writer<T>) {
    let (read, write) = tokio::io::split(io);
    (
        FramedRead::new(read, FrameDecoder::new(role, max, compression)),
        FramedWrite::new(write, FrameEncoder::new(role, compression)),
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

#[cfg(test)]
mod tests {
    use super::super::websocket_stage::stage;
    use super::*;

    #[tokio::test]
    async fn a_client_message_in_fragments_is_judged_whole_and_goes_up_in_one_frame() {
        let (mut client, mut upstream, seen, _relay) = stage();
        let text = "Thử từng mảnh";
        let bytes = Bytes::from_static(text.as_bytes());
        // The cut is within a character.
        let (head, tail) = (bytes.slice(..4), bytes.slice(4..));
        client.send(Frame::text(head).with_fin(false)).await;
        client.send(Frame::ping("giữa chừng")).await;
        client.send(Frame::continuation("").with_fin(false)).await;
        client.send(Frame::continuation(tail)).await;
        upstream.expect(OpCode::Ping, b"").await;
        upstream.expect(OpCode::Text, text.as_bytes()).await;
        assert_eq!(*seen.lock().unwrap(), [bytes]);
    }

    #[tokio::test]
    async fn fragments_keep_their_order_and_bounds_on_the_way_down() {
        let (mut client, mut upstream, _, _relay) = stage();
        upstream.send(Frame::text("một ").with_fin(false)).await;
        upstream.send(Frame::ping("p")).await;
        upstream.send(Frame::continuation("hai")).await;
        let first = (OpCode::Text, false, Bytes::from_static("một ".as_bytes()));
        assert_eq!(client.next().await, Some(first));
        client.expect(OpCode::Ping, b"p").await;
        client.expect(OpCode::Continuation, b"hai").await;
    }

    #[tokio::test]
    async fn a_client_ping_goes_up_without_its_payload_and_comes_back_with_it() {
        let (mut client, mut upstream, _, _relay) = stage();
        client.send(Frame::ping("001099000001")).await;
        upstream.expect(OpCode::Ping, b"").await;
        upstream.send(Frame::pong("")).await;
        client.expect(OpCode::Pong, b"001099000001").await;
    }

    #[tokio::test]
    async fn an_upstream_ping_is_answered_with_its_own_payload_whatever_the_client_says() {
        let (mut client, mut upstream, _, _relay) = stage();
        client.send(Frame::pong("001099000001")).await;
        upstream.send(Frame::ping("nhịp")).await;
        client.expect(OpCode::Ping, "nhịp".as_bytes()).await;
        client.send(Frame::pong("001099000001")).await;
        client.send(Frame::pong("001099000001")).await;
        client.send(Frame::text("xong")).await;
        upstream.expect(OpCode::Pong, "nhịp".as_bytes()).await;
        upstream.expect(OpCode::Text, b"xong").await;
    }

    #[tokio::test]
    async fn a_client_close_keeps_its_code_and_loses_its_reason() {
        let (mut client, mut upstream, _, relay) = stage();
        let code = CloseCode::from(4001);
        client.send(Frame::close(code, "001099000001")).await;
        upstream
            .expect(OpCode::Close, &4001_u16.to_be_bytes())
            .await;
        // What was under way still comes down.
        upstream.send(Frame::text("cuối")).await;
        upstream.send(Frame::close(code, "tạm biệt")).await;
        client.expect(OpCode::Text, "cuối".as_bytes()).await;
        client.expect_close(code, "tạm biệt").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }

    #[tokio::test]
    async fn an_upstream_close_comes_down_with_code_and_reason_and_its_answer_goes_up() {
        let (mut client, mut upstream, _, relay) = stage();
        let code = CloseCode::Restart;
        upstream.send(Frame::close(code, "bảo trì")).await;
        let mut payload = 1012_u16.to_be_bytes().to_vec();
        payload.extend_from_slice("bảo trì".as_bytes());
        client.expect(OpCode::Close, &payload).await;
        client.send(Frame::close(code, "")).await;
        upstream.expect_close(code, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }

    #[tokio::test]
    async fn an_empty_close_stays_empty() {
        let (mut client, mut upstream, _, relay) = stage();
        client
            .send(Frame::from((OpCode::Close, Bytes::new())))
            .await;
        upstream.expect(OpCode::Close, b"").await;
        upstream
            .send(Frame::from((OpCode::Close, Bytes::new())))
            .await;
        client.expect(OpCode::Close, b"").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }

    #[tokio::test]
    async fn a_side_that_never_answers_a_close_is_not_waited_for() {
        let (mut client, mut upstream, _, relay) = stage();
        client.send(Frame::close(CloseCode::Normal, "")).await;
        upstream
            .expect(OpCode::Close, &1000_u16.to_be_bytes())
            .await;
        client.expect_close(CloseCode::Normal, "").await;
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }
}
