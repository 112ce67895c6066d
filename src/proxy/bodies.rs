//! Which bodies travel up and down?
//!
//! Up: a whole body with its share of the budget, or an unread one on a shared host. Down: a body
//! of ours, or the upstream's, frame by frame as it comes, with a bound on silence; through
//! `restoring` where it may hold placeholders.
//!
//! Never: collecting an answer, or holding one back.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use super::budget::Share;
use super::restoring::Restored;

/// Any error of a body.
pub(super) type BodyError = Box<dyn Error + Send + Sync>;

/// A request body on its way up.
pub(super) enum UpstreamBody {
    /// A whole, inspected body. Its share of the budget is given back with it.
    Whole {
        /// The bytes, until sent.
        bytes: Option<Bytes>,
        /// Trailer fields, until sent.
        trailers: Option<HeaderMap>,
        /// The share held.
        share: Option<Share>,
    },
    /// A body that is passed on unread.
    Passing(Incoming),
}

impl UpstreamBody {
    /// A body without bytes.
    pub(super) const fn empty() -> Self {
        Self::Whole {
            bytes: None,
            trailers: None,
            share: None,
        }
    }
}

impl Body for UpstreamBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Whole {
                bytes,
                trailers,
                share,
            } => {
                let frame = match bytes.take().filter(|bytes| !bytes.is_empty()) {
                    Some(bytes) => Some(Frame::data(bytes)),
                    None => trailers.take().map(Frame::trailers),
                };
                if frame.is_none() {
                    drop(share.take());
                }
                Poll::Ready(frame.map(Ok))
            }
            Self::Passing(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole {
                bytes, trailers, ..
            } => bytes.as_ref().is_none_or(Bytes::is_empty) && trailers.is_none(),
            Self::Passing(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole { bytes, .. } => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Passing(body) => body.size_hint(),
        }
    }
}

/// A body on its way down to the client.
pub(super) enum AnswerBody {
    /// One of ours.
    Own(Full<Bytes>),
    /// The upstream's.
    Upstream(Streamed),
    /// The upstream's, with placeholders turned back.
    Restored(Box<Restored>),
}

impl From<Full<Bytes>> for AnswerBody {
    fn from(body: Full<Bytes>) -> Self {
        Self::Own(body)
    }
}

impl AnswerBody {
    /// No bytes at all.
    pub(super) fn empty() -> Self {
        Self::Own(Full::default())
    }

    /// Marks the client's connection as in use until this body was read.
    pub(super) fn holding(self, in_use: Arc<()>) -> Self {
        match self {
            Self::Own(body) => Self::Own(body),
            Self::Upstream(streamed) => Self::Upstream(Streamed {
                in_use: Some(in_use),
                ..streamed
            }),
            Self::Restored(mut restored) => {
                restored.inner.in_use = Some(in_use);
                Self::Restored(restored)
            }
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match self.get_mut() {
            Self::Own(body) => Pin::new(body)
                .poll_frame(cx)
                .map_err(|never| match never {}),
            Self::Upstream(body) => Pin::new(body).poll_frame(cx),
            Self::Restored(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Own(body) => body.is_end_stream(),
            Self::Upstream(body) => body.inner.is_end_stream(),
            // What is held may still follow.
            Self::Restored(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Own(body) => body.size_hint(),
            Self::Upstream(body) => body.inner.size_hint(),
            Self::Restored(_) => SizeHint::default(),
        }
    }
}

/// An upstream's body, frame by frame, with a bound on silence.
pub(super) struct Streamed {
    inner: Incoming,
    idle_max: Duration,
    silence: Pin<Box<Sleep>>,
    is_waiting: bool,
    in_use: Option<Arc<()>>,
}

impl Streamed {
    pub(super) fn new(inner: Incoming, idle_max: Duration) -> Self {
        Self {
            inner,
            idle_max,
            silence: Box::pin(sleep(idle_max)),
            is_waiting: false,
            in_use: None,
        }
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.is_waiting = false;
            if frame.is_none() {
                this.in_use = None;
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        // Silence is counted from the first fruitless look: a slow client is no silent upstream.
        if !this.is_waiting {
            this.is_waiting = true;
            this.silence.as_mut().reset(Instant::now() + this.idle_max);
        }
        ready!(this.silence.as_mut().poll(cx));
        Poll::Ready(Some(Err("the upstream fell silent".into())))
    }
}
