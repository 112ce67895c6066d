//! What else is known of an incident? Events: counts now, and later what people do about it.

use crate::model::exchange::UnixMillis;

use super::canonical::{Decoder, Encoder, NotCanonical};

/// An event: what else is known of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// When it was recorded.
    pub recorded_at: UnixMillis,
    /// What it is: [`REPEATS`], [`OVER_RATE`] or [`CONTINUED`].
    pub what: String,
    /// The incident that stands for what is counted; for [`CONTINUED`] the draft's.
    pub incident: String,
    /// How many.
    pub count: u64,
    /// When the first of them came.
    pub from: UnixMillis,
    /// When the last of them came.
    pub until: UnixMillis,
    /// The gravest severity among them.
    pub gravest: String,
}

/// An event that counts repeats of an incident.
pub const REPEATS: &str = "repeats";
/// An event that counts what went over a client's rate after an incident.
pub const OVER_RATE: &str = "over_rate";

/// An event that tells that a draft was sent: the incident recorded just before it is that of the
/// message, and stands for the draft.
pub const CONTINUED: &str = "continued";

impl EventRecord {
    /// The body's bytes.
    pub fn to_canonical(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder
            .time(self.recorded_at.0)
            .text(&self.what)
            .text(&self.incident)
            .number(self.count)
            .time(self.from.0)
            .time(self.until.0)
            .text(&self.gravest);
        encoder.into_bytes()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// When it is not exactly one event in canonical form.
    pub fn from_canonical(body: &[u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(body)?;
        let record = Self {
            recorded_at: UnixMillis(decoder.time()?),
            what: decoder.text()?,
            incident: decoder.text()?,
            count: decoder.number()?,
            from: UnixMillis(decoder.time()?),
            until: UnixMillis(decoder.time()?),
            gravest: decoder.text()?,
        };
        decoder.end()?;
        Ok(record)
    }
}
