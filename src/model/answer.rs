//! In which wire form does an answer come? The catalogue names it, `answer` reads it.

/// The form of an answer's body, as a catalogue row names it. Server-sent events and single JSON
/// documents are told by their media type, whatever the row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerForm {
    /// Server-sent events with one JSON value each.
    Events,
    /// One JSON value a line, perhaps after a number and a colon.
    Lines,
    /// One JSON document.
    Document,
    /// One JSON array whose elements come one after the other.
    Array,
    /// Google's `)]}'` and chunks, each after its length in UTF-16 code units.
    Google,
    /// Connect frames of JSON.
    Connect,
    /// JSON records ended by 0x1E (SignalR).
    Records,
    /// WebSocket messages of one JSON value.
    Messages,
    /// Nothing but text.
    Text,
}

impl AnswerForm {
    /// All forms.
    pub const ALL: [Self; 9] = [
        Self::Events,
        Self::Lines,
        Self::Document,
        Self::Array,
        Self::Google,
        Self::Connect,
        Self::Records,
        Self::Messages,
        Self::Text,
    ];

    /// The catalogue's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Lines => "lines",
            Self::Document => "document",
            Self::Array => "array",
            Self::Google => "google",
            Self::Connect => "connect",
            Self::Records => "records",
            Self::Messages => "messages",
            Self::Text => "text",
        }
    }

    /// Reads the catalogue's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == word)
    }
}
