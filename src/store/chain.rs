//! How is one record tied to the one before it? By a hash over both.
//!
//! `hash = SHA-256(prev ‖ seq ‖ kind ‖ SHA-256(body))`, where `prev` is the hash of the record
//! before (32 zero bytes before record 1), `seq` has 8 bytes big-endian, `kind` is its name after
//! a 4-byte big-endian length, and `body` is in [canonical](super::canonical) form. A body may
//! expire; its hash stays, so the chain can always be recomputed from record 1.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256, digest};

/// A SHA-256 value. Shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What stands before record 1.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::finished(digest(&SHA256, bytes).as_ref())
    }

    /// A hash that was stored; nothing if it has not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// A hash as it is shown; nothing if it is not 64 hexadecimal digits.
    pub fn from_hex(hex: &str) -> Option<Self> {
        from_hex(hex).as_deref().and_then(Self::from_bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn finished(bytes: &[u8]) -> Self {
        // SHA-256 always has 32 bytes; the zero hash, which no record has, stands for the rest.
        Self::from_bytes(bytes).unwrap_or(Self::ZERO)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An incident.
    Incident,
    /// Something counted about an incident: repeats, and what went over a rate.
    Event,
    /// A signature over the chain so far.
    Checkpoint,
    /// What a person did: a review, a sign-in, a change of an account.
    Deed,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Incident, Self::Event, Self::Checkpoint, Self::Deed];

    /// The name in the chain.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Event => "event",
            Self::Checkpoint => "checkpoint",
            Self::Deed => "deed",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The hash of a record from what it is made of.
pub fn link(prev: Hash, seq: u64, kind: &str, body_hash: Hash) -> Hash {
    let length = u32::try_from(kind.len()).unwrap_or(u32::MAX);
    let mut context = Context::new(&SHA256);
    context.update(prev.as_bytes());
    context.update(&seq.to_be_bytes());
    context.update(&length.to_be_bytes());
    context.update(kind.as_bytes());
    context.update(body_hash.as_bytes());
    Hash::finished(context.finish().as_ref())
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

/// The bytes behind hexadecimal digits.
pub(super) fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_the_documented_hash() {
        let body_hash = Hash::of(b"body");
        let mut bytes = vec![0; 32];
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5]);
        bytes.extend(b"event");
        bytes.extend(body_hash.as_bytes());
        assert_eq!(link(Hash::ZERO, 1, "event", body_hash), Hash::of(&bytes));
    }

    #[test]
    fn hashes_read_back_from_hexadecimal() {
        let hash = Hash::of(b"");
        assert!(hash.to_string().starts_with("e3b0c44298fc1c14"));
        assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(Hash::from_hex("e3b"), None);
        assert_eq!(Hash::from_hex("zz"), None);
    }
}
