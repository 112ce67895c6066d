//! What oddity did a stage see that is worth keeping, without being a failure?

/// A non-fatal oddity. Its text goes into the incident, so it never quotes the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note {
    /// A finding in a field that the catalogue row does not list (or cannot be edited).
    UnlistedField,
    /// A known AI host with a path that no row names.
    UnknownPath,
    /// The body said one type and was another.
    TypeMismatch,
    /// JSON with the same key twice.
    DuplicateKey,
    /// A multipart body that can be read in two ways; it was read as text too.
    AmbiguousMultipart,
    /// Nesting went deeper than the bound; the rest was scanned as text.
    NestingBound,
    /// The body carries a digest or signature, so it cannot be edited.
    SignedBody,
    /// A WebSocket message that fits no codec of its row; it was scanned as text.
    UnframedMessage,
    /// Bytes that are no valid UTF-8 in a text; they were scanned with replacement characters.
    InvalidUtf8,
    /// The content repeats one that was blocked as a state secret.
    SecretRepeat,
    /// The exchange was the self-test.
    SelfTest,
    /// A person gave leave to send this content once.
    Released,
    /// Two people said that the marking of state secrecy in this content is a false alarm.
    SecretLifted,
}

impl Note {
    /// The name kept in incidents and printed by `scan`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnlistedField => "unlisted_field",
            Self::UnknownPath => "unknown_path",
            Self::TypeMismatch => "type_mismatch",
            Self::DuplicateKey => "duplicate_key",
            Self::AmbiguousMultipart => "ambiguous_multipart",
            Self::NestingBound => "nesting_bound",
            Self::SignedBody => "signed_body",
            Self::UnframedMessage => "unframed_message",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::SecretRepeat => "secret_repeat",
            Self::SelfTest => "self_test",
            Self::Released => "released",
            Self::SecretLifted => "secret_lifted",
        }
    }
}
