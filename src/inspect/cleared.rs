//! The proof that something was inspected: the only thing that may go to an AI upstream.
//!
//! [`Cleared`] can be made in `inspect` only; `proxy::upstream` sends nothing else. So a path that
//! forgets to inspect does not compile.

use bytes::Bytes;

/// Something that `inspect` has let through.
#[derive(Debug)]
pub struct Cleared<T>(T);

impl<T> Cleared<T> {
    pub(super) const fn new(inner: T) -> Self {
        Self(inner)
    }

    /// For tests of what lies above `inspect`; not in the program.
    #[cfg(test)]
    pub(crate) const fn for_test(inner: T) -> Self {
        Self(inner)
    }

    /// Looks at it.
    pub const fn as_inner(&self) -> &T {
        &self.0
    }

    /// Takes it out, to be sent.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// A whole request, inspected.
#[derive(Debug)]
pub struct Request {
    /// Method, URI, version, header fields; `Content-Length` fits the body.
    pub head: http::request::Parts,
    /// The body to send.
    pub body: Bytes,
    /// Trailer fields to send after it.
    pub trailers: Option<http::HeaderMap>,
}

/// A request on a shared host outside the paths of its rows: its head was looked at, its body is
/// streamed unread.
#[derive(Debug)]
pub struct Passing;

/// One WebSocket message.
#[derive(Debug)]
pub struct Message {
    /// Text or binary.
    pub kind: MessageKind,
    /// Its payload.
    pub payload: Bytes,
}

/// The two kinds of WebSocket messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// UTF-8 text.
    Text,
    /// Bytes.
    Binary,
}
