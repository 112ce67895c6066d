//! How does a WebSocket pass? Frame by frame down, and up only as whole messages that were judged.
//!
//! In go two streams that were upgraded (both 101 answers sent, `Sec-WebSocket-Extensions` removed
//! on both legs, so that nothing is compressed), and a judge; out comes why the relay ended. RFC
//! 6455 framing is yawc's.
//!
//! No text that a client chose goes up unjudged, not even in a ping or a close, and both ends still
//! see that the other lives. What comes down keeps its fragments, order, payloads and reasons.
//!
//! Never: buffers beyond one message up and one frame down (`limits.message_bytes_max` each).
//!
//! Read next: `websocket_carry` (the two directions), `websocket_frame` (what one end says).

use futures_util::SinkExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use yawc::Role;
use yawc::close::CloseCode;
use yawc::frame::Frame;

use super::websocket_carry::{Reader, Shared, Stop, Upward, Writer, carry_down, carry_up, legs};
use crate::inspect::{Cleared, Message};
use crate::model::limits::Limits;

/// What is to become of a message on its way up.
#[derive(Debug)]
pub enum MessageOutcome {
    /// It goes up.
    Forward(Cleared<Message>),
    /// Both sides are closed with 1008.
    Close,
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
            Self::Blocked => (CloseCode::Policy, "Lá Chắn đã chặn nội dung vừa gửi"),
            Self::TooLarge => (CloseCode::Size, "Lá Chắn: nội dung quá lớn"),
            Self::InvalidText => (CloseCode::Invalid, ""),
            Self::BrokenProtocol => (CloseCode::Protocol, ""),
        }
    }
}

/// Passes frames between a client and an upstream until one closes, leaves or breaks the rules, or
/// `judge` has a message closed. Returns when both sides were told.
pub async fn relay<C, U, J, F>(client: C, upstream: U, judge: J, limits: &Limits) -> RelayEnd
where
    C: AsyncRead + AsyncWrite,
    U: AsyncRead + AsyncWrite,
    J: FnMut(Message) -> F,
    F: Future<Output = MessageOutcome>,
{
    let max = limits.message_bytes_max;
    let shared = Shared::new();
    let (mut from_client, mut down) = legs(client, Role::Server, max);
    let (mut from_upstream, up) = legs(upstream, Role::Client, max);
    let mut up = Upward::new(up);

    let finish = {
        let upward = carry_up(&mut from_client, &mut up, judge, &shared, max);
        let downward = carry_down(&mut from_upstream, &mut down, &shared);
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
    client: Option<(CloseCode, &'static str)>,
    upstream: Option<CloseCode>,
}

impl Finish {
    const fn both(end: RelayEnd) -> Self {
        let (code, reason) = end.notice();
        Self {
            end,
            client: Some((code, reason)),
            upstream: Some(code),
        }
    }
}

/// The client's direction stopped first; `downward` is what goes on the other way, for a while.
async fn after_client<E>(stop: Stop, downward: impl Future<Output = Result<Stop, E>>) -> Finish {
    let code = match stop {
        Stop::Closed(code) => code,
        Stop::Gone => return Finish::both(RelayEnd::Lost),
        Stop::Fault(end) => return Finish::both(end),
    };
    let answered = matches!(downward.await, Ok(Stop::Closed(_)));
    Finish {
        end: RelayEnd::Closed,
        client: (!answered).then_some((code.unwrap_or(CloseCode::Normal), "")),
        upstream: None,
    }
}

/// The upstream's direction stopped first; `upward` is what goes on the other way, for a while.
async fn after_upstream<E>(stop: Stop, upward: impl Future<Output = Result<Stop, E>>) -> Finish {
    let code = match stop {
        Stop::Closed(code) => code,
        Stop::Gone => return Finish::both(RelayEnd::Lost),
        Stop::Fault(end) => return Finish::both(end),
    };
    match upward.await {
        Ok(Stop::Fault(end)) => Finish {
            client: None,
            ..Finish::both(end)
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
    notice: Option<(CloseCode, &'static str)>,
) {
    // An end that is gone already needs no telling.
    if let Some((code, reason)) = notice {
        drop(to.send(Frame::close(code, reason)).await);
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
