//! How does a WebSocket pass? Frame by frame down, and up only as whole messages that were judged.
//!
//! In go two streams that were upgraded (both 101 answers sent, each leg compressed as was agreed on
//! it, by default not at all), and a judge; out comes why the relay ended. RFC 6455 framing is
//! yawc's.
//!
//! No text that a client chose goes up unjudged, not even in a ping or a close, and both ends still
//! see that the other lives. What comes down keeps its fragments, order, payloads and reasons.
//!
//! Never: buffers beyond one message up and one frame down (`limits.message_bytes_max` each).
//!
//! Read next: `websocket_carry` (the two directions), `websocket_answers` (what we say ourselves),
//! `websocket_frame` (what one end says), `websocket_deflate` (compression).

use std::borrow::Cow;

use futures_util::SinkExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use yawc::Role;
use yawc::close::CloseCode;
use yawc::frame::Frame;

use super::websocket_answers::from_upstream_and_us;
use super::websocket_carry::{Reader, Shared, Stop, Upward, Writer, carry_down, carry_up, legs};
use super::websocket_deflate::Agreement;
use super::websocket_down::{Downward, Turning};
use crate::inspect::{Cleared, Message};
use crate::model::limits::Limits;

/// What is to become of a message on its way up.
#[derive(Debug)]
pub enum MessageOutcome {
    /// It goes up.
    Forward(Cleared<Message>),
    /// It does not; the client gets these text messages instead, and the socket lives on.
    Answer(Vec<String>),
    /// It does not; the client gets these text messages, then both sides are closed with 1008, the
    /// client with this reason.
    Close(Vec<String>, String),
}

/// Why a relay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayEnd {
    /// One side closed and the other was told.
    Closed,
    /// One side left without closing; the other was told.
    Lost,
    /// The judge said so.
    Blocked,
    /// A message up, or a frame down, over `limits.message_bytes_max`.
    TooLarge,
    /// A text message that is not UTF-8.
    InvalidText,
    /// Frames that break RFC 6455.
    BrokenProtocol,
    /// Nothing either way for `limits.tunnel_idle_max`.
    Idle,
}

impl RelayEnd {
    /// The code (RFC 6455 section 7.4.1) and the reason that the client is closed with.
    const fn notice(self) -> (CloseCode, &'static str) {
        match self {
            Self::Closed => (CloseCode::Normal, ""),
            Self::Lost | Self::Idle => (CloseCode::Away, ""),
            Self::Blocked => (CloseCode::Policy, ""),
            Self::TooLarge => (CloseCode::Size, "Lá Chắn: nội dung quá lớn"),
            Self::InvalidText => (CloseCode::Invalid, ""),
            Self::BrokenProtocol => (CloseCode::Protocol, ""),
        }
    }
}

/// One side of a relay.
pub(super) struct Side<T> {
    pub(super) io: T,
    /// `None` where nothing is compressed.
    pub(super) compression: Option<Agreement>,
}

/// Passes frames between a client and an upstream until one closes, leaves or breaks the rules, or
/// `judge` has a message closed. Returns when both sides were told.
pub(super) async fn relay<C, U, J, F>(
    client: Side<C>,
    upstream: Side<U>,
    judge: J,
    turning: Option<Turning>,
    limits: &Limits,
) -> RelayEnd
where
    C: AsyncRead + AsyncWrite,
    U: AsyncRead + AsyncWrite,
    J: FnMut(Message) -> F,
    F: Future<Output = MessageOutcome>,
{
    let max = limits.message_bytes_max;
    let shared = Shared::new();
    let (mut from_client, mut down) = legs(client.io, Role::Server, max, client.compression);
    let (from_upstream, up) = legs(upstream.io, Role::Client, max, upstream.compression);
    let mut up = Upward::new(up);
    let (answers, mut from_upstream) = from_upstream_and_us(from_upstream);

    let finish = {
        let upward = carry_up(&mut from_client, &mut up, judge, &answers, &shared, max);
        let downward = carry_down(
            &mut from_upstream,
            &mut down,
            Downward::new(turning, max),
            &shared,
        );
        let mut upward = std::pin::pin!(upward);
        let mut downward = std::pin::pin!(downward);
        let closing_max = limits.handshake_max;
        tokio::select! {
            stop = &mut upward => after_client(stop, timeout(closing_max, downward)).await,
            stop = &mut downward => after_upstream(stop, timeout(closing_max, upward)).await,
            () = shared.silence(limits.tunnel_idle_max) => Finish::both(RelayEnd::Idle),
        }
    };

    let client_side = async {
        from_upstream.last_words(&mut down).await;
        close_client(&mut down, finish.client).await;
        // Unread bytes would turn our close into a reset that hides it.
        drain(&mut from_client, limits.drain_bytes_max).await;
    };
    let upstream_side = up.end(finish.upstream);
    let both = async { tokio::join!(client_side, upstream_side) };
    // A side that does not take its close is dropped.
    drop(timeout(limits.handshake_max, both).await);
    finish.end
}

/// What the two ends still have to be told.
struct Finish {
    end: RelayEnd,
    client: Option<(CloseCode, Cow<'static, str>)>,
    upstream: Option<CloseCode>,
}

impl Finish {
    const fn both(end: RelayEnd) -> Self {
        let (code, reason) = end.notice();
        Self {
            end,
            client: Some((code, Cow::Borrowed(reason))),
            upstream: Some(code),
        }
    }

    fn blocked(reason: String) -> Self {
        let (code, _) = RelayEnd::Blocked.notice();
        Self {
            client: Some((code, Cow::Owned(reason))),
            ..Self::both(RelayEnd::Blocked)
        }
    }
}

/// The client's direction stopped first; `downward` is what goes on the other way, for a while.
async fn after_client<E>(stop: Stop, downward: impl Future<Output = Result<Stop, E>>) -> Finish {
    let code = match stop {
        Stop::Closed(code) => code,
        Stop::Gone => return Finish::both(RelayEnd::Lost),
        Stop::Blocked(reason) => return Finish::blocked(reason),
        Stop::Fault(end) => return Finish::both(end),
    };
    let answered = matches!(downward.await, Ok(Stop::Closed(_)));
    Finish {
        end: RelayEnd::Closed,
        client: (!answered).then_some((code.unwrap_or(CloseCode::Normal), Cow::Borrowed(""))),
        upstream: None,
    }
}

/// The upstream's direction stopped first; `upward` is what goes on the other way, for a while.
async fn after_upstream<E>(stop: Stop, upward: impl Future<Output = Result<Stop, E>>) -> Finish {
    let code = match stop {
        Stop::Closed(code) => code,
        // Only what comes up is judged.
        Stop::Gone | Stop::Blocked(_) => return Finish::both(RelayEnd::Lost),
        Stop::Fault(end) => return Finish::both(end),
    };
    match upward.await {
        Ok(Stop::Fault(end)) => Finish {
            client: None,
            ..Finish::both(end)
        },
        Ok(Stop::Blocked(_)) => Finish {
            client: None,
            ..Finish::both(RelayEnd::Blocked)
        },
        Ok(Stop::Closed(_)) => Finish {
            end: RelayEnd::Closed,
            client: None,
            upstream: None,
        },
        Ok(Stop::Gone) | Err(_) => Finish {
            end: RelayEnd::Closed,
            client: None,
            upstream: Some(code.unwrap_or(CloseCode::Normal)),
        },
    }
}

async fn close_client<C: AsyncWrite>(
    to: &mut Writer<C>,
    notice: Option<(CloseCode, Cow<'static, str>)>,
) {
    // An end that is gone already needs no telling.
    if let Some((code, reason)) = notice {
        drop(to.send(Frame::close(code, reason.as_bytes())).await);
    }
    drop(to.get_mut().shutdown().await);
}

async fn drain<C: AsyncRead>(from: &mut Reader<C>, bytes_max: usize) {
    let mut scratch = vec![0; 8 * 1024];
    let mut drained = 0;
    while let Ok(count @ 1..) = from.get_mut().read(&mut scratch).await {
        drained += count;
        if drained >= bytes_max {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use yawc::frame::OpCode;

    use super::super::websocket_stage::{stage, stage_idle};
    use super::*;

    #[tokio::test]
    async fn messages_pass_both_ways_and_what_the_judge_changed_goes_up() {
        let (mut client, mut upstream, seen, relay) = stage();
        client.send(Frame::text("Xin chào")).await;
        upstream.expect(OpCode::Text, "Xin chào".as_bytes()).await;
        client.send(Frame::binary(vec![0, 255, 1])).await;
        upstream.expect(OpCode::Binary, &[0, 255, 1]).await;
        client.send(Frame::text("gọi 0900000001")).await;
        upstream
            .expect(OpCode::Text, "gọi SDT1X7QK".as_bytes())
            .await;
        upstream.send(Frame::text("Chào")).await;
        client.expect(OpCode::Text, "Chào".as_bytes()).await;
        assert_eq!(seen.lock().unwrap().len(), 3);
        client.send(Frame::close(CloseCode::Normal, "")).await;
        upstream.send(Frame::close(CloseCode::Normal, "")).await;
        assert_eq!(relay.await.unwrap(), RelayEnd::Closed);
    }

    #[tokio::test]
    async fn a_blocked_message_closes_both_sides_and_nothing_of_it_goes_up() {
        let (mut client, mut upstream, _, relay) = stage();
        client.send(Frame::text("công văn ").with_fin(false)).await;
        client.send(Frame::continuation("bí mật")).await;
        client.send(Frame::text("và thêm nữa")).await;
        client.expect(OpCode::Text, b"{\"error\":1}").await;
        client.expect_close(CloseCode::Policy, "mã K7Q2-M4").await;
        upstream.expect_close(CloseCode::Policy, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Blocked);
    }

    #[tokio::test]
    async fn a_message_over_the_bound_closes_with_1009_whole_or_in_fragments() {
        let (mut client, mut upstream, seen, relay) = stage();
        client.send(Frame::binary(vec![7; 1000])).await;
        upstream.expect(OpCode::Binary, &[7; 1000]).await;
        client.send(Frame::binary(vec![7; 1001])).await;
        let reason = "Lá Chắn: nội dung quá lớn";
        client.expect_close(CloseCode::Size, reason).await;
        upstream.expect_close(CloseCode::Size, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::TooLarge);
        assert_eq!(seen.lock().unwrap().len(), 1);

        let (mut client, mut upstream, _, relay) = stage();
        client
            .send(Frame::text("a".repeat(600)).with_fin(false))
            .await;
        client.send(Frame::continuation("a".repeat(600))).await;
        client.expect_close(CloseCode::Size, reason).await;
        upstream.expect_close(CloseCode::Size, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::TooLarge);
    }

    #[tokio::test]
    async fn a_header_that_promises_a_giant_frame_is_refused_at_once() {
        let (mut client, mut upstream, _, relay) = stage();
        client
            .send_raw(&[
                0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0,
            ])
            .await;
        upstream.expect_close(CloseCode::Size, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::TooLarge);
    }

    #[tokio::test]
    async fn text_that_is_not_utf8_closes_with_1007() {
        let (mut client, mut upstream, seen, relay) = stage();
        let broken = Frame::from((OpCode::Text, vec![b'a', 0xff]));
        client.send(broken).await;
        client.expect_close(CloseCode::Invalid, "").await;
        upstream.expect_close(CloseCode::Invalid, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::InvalidText);
        assert!(seen.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn frames_that_break_the_protocol_close_with_1002() {
        for bytes in [
            // Not masked.
            &[0x81, 1, b'a'][..],
            // Compressed, though nobody agreed on it.
            &[0xc1, 0x81, 0, 0, 0, 0, b'a'],
            // A continuation of nothing.
            &[0x80, 0x81, 0, 0, 0, 0, b'a'],
            // A message within a message.
            &[0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
            // A pong of 126 bytes.
            &[0x8a, 0xfe, 0, 126, 0, 0, 0, 0],
            // A ping in fragments.
            &[0x09, 0x80, 0, 0, 0, 0],
            // An unknown opcode.
            &[0x83, 0x80, 0, 0, 0, 0],
            // A close of one byte, and one with a code that must not be sent.
            &[0x88, 0x81, 0, 0, 0, 0, 3],
            &[0x88, 0x82, 0, 0, 0, 0, 3, 0xed],
        ] {
            let (mut client, mut upstream, seen, relay) = stage();
            client.send_raw(bytes).await;
            client.expect_close(CloseCode::Protocol, "").await;
            upstream.expect_close(CloseCode::Protocol, "").await;
            drop(client);
            assert_eq!(relay.await.unwrap(), RelayEnd::BrokenProtocol, "{bytes:?}");
            assert!(seen.lock().unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn a_side_that_leaves_is_told_to_the_other() {
        let (client, mut upstream, _, relay) = stage();
        drop(client);
        upstream.expect_close(CloseCode::Away, "").await;
        assert_eq!(relay.await.unwrap(), RelayEnd::Lost);

        let (mut client, upstream, _, relay) = stage();
        drop(upstream);
        client.expect_close(CloseCode::Away, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Lost);
    }

    #[tokio::test]
    async fn silence_ends_the_relay_and_any_frame_puts_it_off() {
        let (mut client, mut upstream, _, relay) = stage_idle(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(700)).await;
        upstream.send(Frame::ping("")).await;
        client.expect(OpCode::Ping, b"").await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(!relay.is_finished());
        client.expect_close(CloseCode::Away, "").await;
        upstream.expect_close(CloseCode::Away, "").await;
        drop(client);
        assert_eq!(relay.await.unwrap(), RelayEnd::Idle);
    }
}
