//! One event, line, frame, record or message of an answer: its JSON, and what stands around it.

use std::ops::Range;

/// A piece of an answer that is read for itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    /// All of it, as it came.
    pub(super) bytes: Vec<u8>,
    /// Its JSON.
    pub(super) json: Range<usize>,
    /// Which length stands before the JSON.
    pub(super) length: Length,
    /// What it can be.
    pub(super) kind: UnitKind,
}

/// The length that a unit tells of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Length {
    /// None.
    #[default]
    Untold,
    /// A decimal number of UTF-16 code units; it counts line ends too, which stay as they are.
    Utf16,
    /// Four bytes after a byte of flags.
    Bytes,
}

/// What a unit is to the texts before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// It may hold texts; if not, it ends those before.
    #[default]
    Content,
    /// A sign of life or padding, which ends nothing.
    Idle,
}

impl Unit {
    /// A sign of life or padding.
    pub(super) fn idle(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            kind: UnitKind::Idle,
            ..Self::default()
        }
    }

    /// A unit with its JSON.
    pub(super) fn content(bytes: Vec<u8>, json: Range<usize>, length: Length) -> Self {
        Self {
            bytes,
            json,
            length,
            kind: UnitKind::Content,
        }
    }

    /// Its JSON.
    pub(super) fn json(&self) -> &[u8] {
        self.bytes.get(self.json.clone()).unwrap_or_default()
    }

    /// The same unit around other JSON; nothing where its length cannot be told.
    pub(super) fn with(&self, json: &[u8]) -> Option<Vec<u8>> {
        let before = self.bytes.get(..self.json.start)?;
        let after = self.bytes.get(self.json.end..)?;
        let head = match self.length {
            Length::Untold => before.to_vec(),
            Length::Utf16 => {
                let digits = before.iter().take_while(|byte| byte.is_ascii_digit());
                let (number, rest) = before.split_at_checked(digits.count())?;
                let told: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
                let told = (told + utf16_len(json)).checked_sub(utf16_len(self.json()))?;
                [told.to_string().as_bytes(), rest].concat()
            }
            Length::Bytes => {
                let told = u32::try_from(json.len()).ok()?;
                [before.get(..1)?, &told.to_be_bytes()].concat()
            }
        };
        Some([&head, json, after].concat())
    }
}

/// The length in UTF-16 code units: one each, two for what takes four bytes of UTF-8.
pub(super) fn utf16_len(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| utf16_units(*byte)).sum()
}

/// How many units a character has whose UTF-8 begins with this byte; none for other bytes.
pub(super) const fn utf16_units(first: u8) -> usize {
    match first {
        0x80..=0xBF => 0,
        0xF0..=0xFF => 2,
        _ => 1,
    }
}
