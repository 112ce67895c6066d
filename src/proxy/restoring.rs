//! How does an answer come down with the clerk's own values in it?
//!
//! In: the service's answer and what `inspect` knows of it. Out: the same answer, decoded, its
//! placeholders turned back event by event, never to be stored; or the very same where there is
//! nothing to turn back.
//!
//! Never: a body held back for more than its unfinished event, a length, tag or digest that was
//! made of other bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, header};
use http_body::{Body, Frame};

use super::bodies::{AnswerBody, BodyError, Streamed};
use super::budget::Growing;
use super::fields::without;
use crate::inspect::{BodyRestorer, Restoring};

/// Fields that tell of the bytes as the service sent them.
const OF_THE_BYTES: [HeaderName; 11] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::ETAG,
    header::LAST_MODIFIED,
    header::ACCEPT_RANGES,
    header::AGE,
    header::EXPIRES,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("digest"),
];

/// The answer with its placeholders turned back.
pub(super) fn restored(
    restoring: Option<&Restoring>,
    answer: Response<AnswerBody>,
    held: Growing,
) -> Response<AnswerBody> {
    let body = restoring.and_then(|known| known.of_body(answer.status(), answer.headers()));
    let Some(body) = body else { return answer };
    let (mut head, inner) = answer.into_parts();
    let streamed = match inner {
        AnswerBody::Upstream(streamed) => streamed,
        own @ (AnswerBody::Own(_) | AnswerBody::Restored(_)) => {
            return Response::from_parts(head, own);
        }
    };
    head.headers = without(&head.headers, |name| OF_THE_BYTES.contains(name));
    head.headers
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let restored = Restored {
        inner: streamed,
        body,
        held,
        state: State::Reading,
    };
    Response::from_parts(head, AnswerBody::Restored(Box::new(restored)))
}

/// An upstream's body on its way through a [`BodyRestorer`].
pub(super) struct Restored {
    pub(super) inner: Streamed,
    body: BodyRestorer,
    held: Growing,
    state: State,
}

enum State {
    Reading,
    /// The last bytes were given; these trailers, if any, are left.
    Ending(Option<Frame<Bytes>>),
}

impl Restored {
    fn turn(&mut self, bytes: &Bytes) -> Result<Vec<u8>, BodyError> {
        let BodyRestorer { decoder, restorer } = &mut self.body;
        let mut out = guarded(|| Ok(restorer.push(&decoder.push(bytes)?)))?;
        // Nobody waits in the middle of an answer: over the budget the rest passes as it is.
        if self.held.follow(restorer.held_bytes()).is_err() {
            out.extend(restorer.give_up());
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<Vec<u8>, BodyError> {
        guarded(|| Ok(self.body.restorer.finish()))
    }
}

impl Body for Restored {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        loop {
            if let State::Ending(trailers) = &mut this.state {
                return Poll::Ready(trailers.take().map(Ok));
            }
            let bytes = match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                None => {
                    this.state = State::Ending(None);
                    this.end()
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => this.turn(&bytes),
                    Err(trailers) => {
                        this.state = State::Ending(Some(trailers));
                        this.end()
                    }
                },
            };
            match bytes {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
                Err(error) => {
                    this.state = State::Ending(None);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

/// A panic ends this answer only.
fn guarded(turn: impl FnOnce() -> Result<Vec<u8>, BodyError>) -> Result<Vec<u8>, BodyError> {
    catch_unwind(AssertUnwindSafe(turn)).unwrap_or_else(|_| Err("the answer was not read".into()))
}
