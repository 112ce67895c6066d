//! How does the client of a socket hear from us, between the frames of its service?
//!
//! In: text messages of ours, from the direction that judges. Out: one stream of frames for the
//! direction that carries down, theirs and ours. A message of ours stands between two whole
//! messages of theirs, never within one (RFC 6455 section 5.4); their frames keep their order.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{SinkExt, Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use yawc::frame::{Frame, OpCode};

use super::websocket_carry::{Reader, Writer};

/// Messages that wait to go down. A client that reads nothing is judged no further meanwhile.
const WAITING_MAX: usize = 16;

/// Where our messages go in.
pub(super) struct Answers(mpsc::Sender<String>);

impl Answers {
    /// Says them, in order. Nobody hears them when the way down has ended.
    pub(super) async fn say(&self, messages: Vec<String>) {
        for message in messages {
            if self.0.send(message).await.is_err() {
                return;
            }
        }
    }
}

/// The frames of the upstream, and ours between its messages.
pub(super) struct UpstreamAndUs<U> {
    upstream: Reader<U>,
    answers: mpsc::Receiver<String>,
    /// Whether the upstream's last data frame left its message open.
    is_within: bool,
}

/// Joins the upstream's frames with what we say.
pub(super) fn from_upstream_and_us<U>(upstream: Reader<U>) -> (Answers, UpstreamAndUs<U>) {
    let (say, answers) = mpsc::channel(WAITING_MAX);
    let joined = UpstreamAndUs {
        upstream,
        answers,
        is_within: false,
    };
    (Answers(say), joined)
}

impl<U> UpstreamAndUs<U> {
    /// What we said and nobody carried down, before the socket is closed. Within a message of the
    /// upstream's nothing more can be said.
    pub(super) async fn last_words<C: AsyncWrite>(&mut self, to: &mut Writer<C>) {
        while !self.is_within
            && let Ok(message) = self.answers.try_recv()
            && to.send(Frame::text(message)).await.is_ok()
        {}
    }
}

impl<U: AsyncRead> Stream for UpstreamAndUs<U> {
    type Item = yawc::Result<Frame>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.is_within
            && let Poll::Ready(Some(message)) = self.answers.poll_recv(cx)
        {
            return Poll::Ready(Some(Ok(Frame::text(message))));
        }
        let next = self.upstream.poll_next_unpin(cx);
        if let Poll::Ready(Some(Ok(frame))) = &next {
            match frame.opcode() {
                OpCode::Text | OpCode::Binary | OpCode::Continuation => {
                    self.is_within = !frame.is_fin();
                }
                OpCode::Ping | OpCode::Pong | OpCode::Close => {}
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use yawc::close::CloseCode;

    use super::super::websocket::RelayEnd;
    use super::super::websocket_stage::stage;
    use super::*;

    #[tokio::test]
    async fn a_refused_message_is_answered_and_the_socket_lives_on() {
        let (mut client, mut upstream, _, relay) = stage();
        client.send(Frame::text("hỏi riêng")).await;
        client.expect(OpCode::Text, b"m\xe1\xbb\x99t").await;
        client.expect(OpCode::Text, b"hai").await;
        client.send(Frame::text("tiếp")).await;
        upstream.expect(OpCode::Text, "tiếp".as_bytes()).await;
        upstream.send(Frame::text("vâng")).await;
        client.expect(OpCode::Text, "vâng".as_bytes()).await;
        client.send(Frame::close(CloseCode::Normal, "")).await;
        upstream.send(Frame::close(CloseCode::Normal, "")).await;
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }

    #[tokio::test]
    async fn our_answer_waits_for_the_end_of_their_message() {
        let (mut client, mut upstream, seen, _relay) = stage();
        upstream.send(Frame::text("câu ").with_fin(false)).await;
        let first = (OpCode::Text, false, Bytes::from_static("câu ".as_bytes()));
        assert_eq!(client.next().await, Some(first));
        client.send(Frame::text("hỏi riêng")).await;
        while seen.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        upstream.send(Frame::ping("p")).await;
        client.expect(OpCode::Ping, b"p").await;
        upstream.send(Frame::continuation("trả lời")).await;
        client
            .expect(OpCode::Continuation, "trả lời".as_bytes())
            .await;
        client.expect(OpCode::Text, "một".as_bytes()).await;
    }

    #[tokio::test]
    async fn last_words_come_before_the_close() {
        let (mut client, mut upstream, _, relay) = stage();
        client.send(Frame::text("công văn bí mật")).await;
        client.expect(OpCode::Text, b"{\"error\":1}").await;
        client.expect_close(CloseCode::Policy, "mã K7Q2-M4").await;
        upstream.expect_close(CloseCode::Policy, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Blocked);
    }
}
