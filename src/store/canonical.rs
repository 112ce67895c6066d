//! As which bytes is a record kept and hashed? The canonical form, version 1.
//!
//! A record's body is a sequence of values without names, in a fixed order, so that the same
//! record always has the same bytes and JSON can change its looks without breaking a hash:
//!
//! | value | bytes |
//! |---|---|
//! | format | one byte, `01`; `02` for an incident whose findings name rule and reason |
//! | number | 8 bytes, big-endian, unsigned |
//! | time | 8 bytes, big-endian, two's complement: milliseconds since 1970-01-01T00:00:00Z |
//! | text, bytes | 4 bytes big-endian length, then the bytes (text is UTF-8) |
//! | optional | `00`, or `01` and the value |
//! | list | 4 bytes big-endian count, then the elements |
//!
//! Enumerations are text: the contract's names. The bodies:
//!
//! - **incident**: format, id, code, recorded_at (time), node, client address, optional unit,
//!   optional user, service, endpoint, carries, action, policy rule, severity, outcome, subjects
//!   (number), list of findings (category, optional ground, confidence, count, masked,
//!   fingerprint; in format 2 also rule, why), optional file (masked name, kind, bytes), list of notes, optional uninspectable,
//!   optional secret (level, rule, place, bytes, digest).
//! - **event**: format, recorded_at (time), what, incident id, count, from (time), until (time),
//!   gravest severity.
//! - **deed**: format, recorded_at (time), node, actor, role, address, what, optional incident id,
//!   optional subject, list of facts (name, value).
//! - **checkpoint**: format, recorded_at (time), node, seq, hash (bytes), public key (bytes),
//!   signature (bytes).
//!
//! Reading is strict: an unknown format, a cut value or bytes left over are refused. Nothing is
//! taken out of a body that is not named above.

/// The format byte that opens a body.
pub const FORMAT: u8 = 1;
/// The format byte of an incident whose findings name their rule and reason.
pub const FORMAT_WITH_REASONS: u8 = 2;

/// A body that is not in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not in canonical form")]
pub struct NotCanonical;

/// Writes values one after another.
#[derive(Debug)]
pub(super) struct Encoder(Vec<u8>);

impl Encoder {
    /// Begins a body with the format byte.
    pub(super) fn new() -> Self {
        Self::in_format(FORMAT)
    }

    /// Begins a body of another format.
    pub(super) fn in_format(format: u8) -> Self {
        Self(vec![format])
    }

    /// The finished body.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Writes a number.
    pub(super) fn number(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Writes a time.
    pub(super) fn time(&mut self, millis: i64) -> &mut Self {
        self.0.extend_from_slice(&millis.to_be_bytes());
        self
    }

    /// Writes text.
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// Writes bytes. Those beyond 4 GiB are cut: no value of a record comes near.
    pub(super) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        let length = self.count(value.len());
        self.0.extend(value.iter().take(length));
        self
    }

    /// Writes a value that may be missing.
    pub(super) fn optional<T>(
        &mut self,
        value: Option<&T>,
        write: impl FnOnce(&mut Self, &T),
    ) -> &mut Self {
        match value {
            None => self.0.push(0),
            Some(value) => {
                self.0.push(1);
                write(self, value);
            }
        }
        self
    }

    /// Writes a list.
    pub(super) fn list<T>(&mut self, values: &[T], write: impl Fn(&mut Self, &T)) -> &mut Self {
        let count = self.count(values.len());
        for value in values.iter().take(count) {
            write(self, value);
        }
        self
    }

    /// Writes a length and gives back how much of it is kept.
    fn count(&mut self, count: usize) -> usize {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&count.to_be_bytes());
        usize::try_from(count).unwrap_or(usize::MAX)
    }
}

/// Reads values one after another.
#[derive(Debug)]
pub(super) struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    /// Opens a body and takes its format byte.
    pub(super) fn new(body: &'a [u8]) -> Result<Self, NotCanonical> {
        match body.split_first() {
            Some((&FORMAT, rest)) => Ok(Self(rest)),
            Some(_) | None => Err(NotCanonical),
        }
    }

    /// Opens a body of one of several formats.
    pub(super) fn of_formats(body: &'a [u8], formats: &[u8]) -> Result<(u8, Self), NotCanonical> {
        match body.split_first() {
            Some((format, rest)) if formats.contains(format) => Ok((*format, Self(rest))),
            Some(_) | None => Err(NotCanonical),
        }
    }

    /// Ends the body: nothing may be left.
    pub(super) fn end(&self) -> Result<(), NotCanonical> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(NotCanonical)
        }
    }

    /// Reads a number.
    pub(super) fn number(&mut self) -> Result<u64, NotCanonical> {
        self.array().map(u64::from_be_bytes)
    }

    /// Reads a time.
    pub(super) fn time(&mut self) -> Result<i64, NotCanonical> {
        self.array().map(i64::from_be_bytes)
    }

    /// Reads text.
    pub(super) fn text(&mut self) -> Result<String, NotCanonical> {
        let bytes = self.bytes()?;
        let text = std::str::from_utf8(bytes).map_err(|_broken| NotCanonical)?;
        Ok(text.to_owned())
    }

    /// Reads bytes.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], NotCanonical> {
        let length = self.count()?;
        self.take(length)
    }

    /// Reads a value that may be missing.
    pub(super) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, NotCanonical>,
    ) -> Result<Option<T>, NotCanonical> {
        match self.array()? {
            [0] => Ok(None),
            [1] => read(self).map(Some),
            [_] => Err(NotCanonical),
        }
    }

    /// Reads a list. Its count is not trusted: memory grows with the elements that are there.
    pub(super) fn list<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, NotCanonical>,
    ) -> Result<Vec<T>, NotCanonical> {
        let count = self.count()?;
        (0..count).map(|_| read(self)).collect()
    }

    fn count(&mut self) -> Result<usize, NotCanonical> {
        let count = u32::from_be_bytes(self.array()?);
        usize::try_from(count).map_err(|_too_many| NotCanonical)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NotCanonical> {
        let (array, rest) = self.0.split_first_chunk().ok_or(NotCanonical)?;
        self.0 = rest;
        Ok(*array)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], NotCanonical> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NotCanonical)?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_exactly_the_documented_bytes() {
        let mut encoder = Encoder::new();
        encoder
            .number(258)
            .time(-1)
            .text("Mã")
            .optional(None::<&u64>, |e, v| {
                e.number(*v);
            })
            .list(&[7_u64], |e, v| {
                e.number(*v);
            });
        let expected = [
            &[1_u8][..],
            &[0, 0, 0, 0, 0, 0, 1, 2],
            &[255; 8],
            &[0, 0, 0, 3, b'M', 0xC3, 0xA3],
            &[0],
            &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7],
        ]
        .concat();
        assert_eq!(encoder.into_bytes(), expected);
    }

    #[test]
    fn a_list_that_claims_more_than_is_there_is_refused_without_much_memory() {
        let body = [1, 255, 255, 255, 255, 0, 0];
        let mut decoder = Decoder::new(&body).unwrap();
        assert_eq!(decoder.list(Decoder::number), Err(NotCanonical));
    }

    #[test]
    fn an_unknown_format_and_bytes_left_over_are_refused() {
        assert!(Decoder::new(&[2]).is_err());
        assert!(Decoder::new(&[]).is_err());
        assert_eq!(Decoder::new(&[1, 0]).unwrap().end(), Err(NotCanonical));
    }
}
