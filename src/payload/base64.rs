//! Is a text base64, and can it be written back exactly?
//!
//! In: bytes that may be base64. Out: what they stand for, and the alphabet that would write the
//! very same bytes again.
//!
//! Never: decide what the decoded bytes are; [`super::nested`] does.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A way of writing bytes as base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `+`, `/`, padded.
    Standard,
    /// `+`, `/`, not padded.
    StandardBare,
    /// `-`, `_`, padded.
    UrlSafe,
    /// `-`, `_`, not padded.
    UrlSafeBare,
}

/// Decoded base64.
pub(super) struct Decoded {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// What writes them exactly as they were, if anything does.
    pub(super) alphabet: Option<Alphabet>,
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const LENIENT_STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const LENIENT_URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Decodes text that is base64 from end to end; line breaks and blanks are skipped.
pub(super) fn decode(text: &[u8]) -> Option<Decoded> {
    let compact = without_blanks(text)?;
    let is_url_safe = compact.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let engine = if is_url_safe {
        LENIENT_URL_SAFE
    } else {
        LENIENT_STANDARD
    };
    let bytes = engine.decode(&compact).ok()?;
    let alphabet = Alphabet::of(
        is_url_safe,
        compact.ends_with(b"=") || compact.len() % 4 == 0,
    );
    let is_exact = alphabet.encode(&bytes).as_bytes() == text;
    Some(Decoded {
        bytes,
        alphabet: is_exact.then_some(alphabet),
    })
}

/// Whether all of a text could be base64, without blanks. Stops at the first byte that cannot.
pub(super) fn is_plausible(text: &[u8]) -> bool {
    let end = text.len()
        - text
            .iter()
            .rev()
            .take(2)
            .take_while(|&&b| b == b'=')
            .count();
    text.iter().take(end).all(|byte| is_symbol(*byte))
}

impl Alphabet {
    const fn of(is_url_safe: bool, is_padded: bool) -> Self {
        match (is_url_safe, is_padded) {
            (false, true) => Self::Standard,
            (false, false) => Self::StandardBare,
            (true, true) => Self::UrlSafe,
            (true, false) => Self::UrlSafeBare,
        }
    }

    /// Writes bytes.
    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Standard => STANDARD.encode(bytes),
            Self::StandardBare => STANDARD_NO_PAD.encode(bytes),
            Self::UrlSafe => URL_SAFE.encode(bytes),
            Self::UrlSafeBare => URL_SAFE_NO_PAD.encode(bytes),
        }
    }
}

/// The text without blanks and line breaks, or nothing at the first byte that is no base64.
fn without_blanks(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if !text
        .iter()
        .all(|byte| is_symbol(*byte) || *byte == b'=' || is_blank(byte))
    {
        return None;
    }
    if text.iter().any(is_blank) {
        return Some(
            text.iter()
                .copied()
                .filter(|byte| !is_blank(byte))
                .collect(),
        );
    }
    Some(Cow::Borrowed(text))
}

/// Whether a byte is a symbol of either alphabet.
pub(super) const fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alphabet_is_written_back() {
        for text in ["YWI/Pj4=", "YWI/Pj4", "YWI_Pj4=", "YWI_Pj4", "YWJj"] {
            let decoded = decode(text.as_bytes()).unwrap();
            assert_eq!(decoded.alphabet.unwrap().encode(&decoded.bytes), text);
        }
    }

    #[test]
    fn lines_are_read_but_not_written_back() {
        let decoded = decode(b"YWJj\r\nZGVm").unwrap();
        assert_eq!(decoded.bytes, b"abcdef");
        assert!(decoded.alphabet.is_none());
    }

    #[test]
    fn prose_is_not_plausible() {
        assert!(!is_plausible("Soạn giúp tôi".as_bytes()));
        assert!(is_plausible(b"YWJj"));
    }
}
