//! In which wire form does a body come? The catalogue names it, `payload` opens it.

/// The form of a request body or WebSocket message, named by a catalogue row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// One JSON value.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Everything is in the query string; the body is empty.
    Query,
    /// `multipart/form-data` and its relatives.
    Multipart,
    /// JSON records ended by 0x1E (SignalR).
    SignalrJson,
    /// Connect/gRPC-web frames of JSON.
    ConnectJson,
    /// Connect/gRPC frames of protobuf.
    ConnectProto,
    /// One JSON value in a WebSocket message.
    WsJson,
    /// Bytes as they are: a text or a file.
    Raw,
}

impl Codec {
    /// The catalogue's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
            Self::Query => "query",
            Self::Multipart => "multipart",
            Self::SignalrJson => "signalr-json",
            Self::ConnectJson => "connect-json",
            Self::ConnectProto => "connect-proto",
            Self::WsJson => "ws-json",
            Self::Raw => "raw",
        }
    }

    /// Reads the catalogue's word.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Json,
            Self::Form,
            Self::Query,
            Self::Multipart,
            Self::SignalrJson,
            Self::ConnectJson,
            Self::ConnectProto,
            Self::WsJson,
            Self::Raw,
        ]
        .into_iter()
        .find(|codec| codec.as_str() == word)
    }
}

/// What the request's head says about its body, before anything is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyFormat {
    /// The `Content-Type` field, as sent.
    pub content_type: Option<String>,
    /// The `Content-Encoding` field(s), joined with `, ` in order.
    pub content_encoding: Option<String>,
    /// What the catalogue row says, where there is one.
    pub codec: Option<Codec>,
}
