//! Which words hold a text in base64 or in hexadecimal?
//!
//! In: composed text. Out: whole words to be read as the text they hold, nested to
//! [`DEPTH_MAX`].
//!
//! Never: words that hold anything but readable text: keys, digests and pictures stay.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::model::part::Span;
use crate::normalize::edits::{Replacement, apply};

/// How deep texts within texts are read.
const DEPTH_MAX: usize = 3;
/// Nine digits are twelve signs of base64; shorter words hold no identifier.
const SIGNS_MIN: usize = 12;
/// Of so many signs one stands at a place looked at, with [`PROBE_SIGNS`] from there on.
const STRIDE: usize = SIGNS_MIN + 1 - PROBE_SIGNS;
/// Words of prose have fewer letters in a row that bear no marks.
const PROBE_SIGNS: usize = 5;
/// Lines of base64 have 64 or 76 signs; the lines of one text are read together.
const LINE_SIGNS_MIN: usize = 60;

/// The words that hold texts.
pub(super) fn texts(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(probe) = bytes.get(at..at + PROBE_SIGNS) {
        if !probe.iter().all(|byte| is_sign(*byte)) {
            at += STRIDE;
            continue;
        }
        let span = word_around(text, at);
        if span.len() >= SIGNS_MIN
            && let Some(held) = held_by(span.of(text))
        {
            found.push(Replacement::new(span, opened(held)));
        }
        at = span.end.max(at + STRIDE);
    }
    found.extend(spaced_hexadecimal(text));
    found.sort_by_key(|replacement| replacement.span);
    found
}

/// The text, with the texts that it holds opened too.
fn opened(held: String) -> String {
    let mut read = held;
    for _ in 1..DEPTH_MAX {
        let inner = texts_once(&read);
        if inner.is_empty() {
            break;
        }
        read = apply(&read, &inner).0;
    }
    read
}

/// One level of [`texts`], for texts within texts. Web tokens (RFC 7519) stay: opened they would be
/// keys no more.
fn texts_once(text: &str) -> Vec<Replacement> {
    let is_other = |c: char| !u8::try_from(c).is_ok_and(is_sign);
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_in_token = false;
    for word in text.split_inclusive(is_other) {
        let signs = word.trim_end_matches(is_other);
        let goes_on = word.ends_with('.');
        let is_of_token = is_in_token || goes_on && signs.starts_with("eyJ");
        is_in_token = is_of_token && goes_on;
        if !is_of_token
            && signs.len() >= SIGNS_MIN
            && let Some(held) = held_by(signs)
        {
            found.push(Replacement::new(
                Span::new(start, start + signs.len()),
                held,
            ));
        }
        start += word.len();
    }
    found
}

const fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
}

/// The word around a place; lines as long as those of base64 are taken together.
fn word_around(text: &str, at: usize) -> Span {
    let bytes = text.as_bytes();
    let lead = bytes.get(..at).unwrap_or_default();
    let first = at - lead.iter().rev().take_while(|byte| is_sign(**byte)).count();
    let mut end = first + signs_from(bytes, first);
    // What an assignment gives stands behind its sign: `data=MDkx...`. At the end the sign fills up.
    let signs = Span::new(first, end).of(text).trim_end_matches('=');
    let start = first + signs.rfind('=').map_or(0, |sign| sign + 1);
    let mut line = end - start;
    while line >= LINE_SIGNS_MIN && bytes.get(end) == Some(&b'\n') {
        line = signs_from(bytes, end + 1);
        if line < 4 || bytes.get(end + 1 + line).is_some_and(|next| *next != b'\n') {
            break;
        }
        end += 1 + line;
    }
    Span::new(start, end)
}

fn signs_from(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| is_sign(**byte)).count()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The text that the word holds.
fn held_by(word: &str) -> Option<String> {
    let signs: String = word.split('\n').collect();
    let signs = signs.strip_prefix("0x").unwrap_or(&signs);
    let is_hex = signs.len().is_multiple_of(2) && signs.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        let text = from_hexadecimal(signs.as_bytes()).and_then(readable);
        // Numbers are hexadecimal too, by chance.
        return text.filter(|_| !signs.bytes().all(|b| b.is_ascii_digit()) || is_all_digits(signs));
    }
    let engine = if signs.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    engine
        .decode(signs.trim_start_matches('='))
        .ok()
        .and_then(readable)
}

/// Whether the digits write digits: 30 to 39 each, and enough of them for an identifier.
fn is_all_digits(signs: &str) -> bool {
    let is_digit = |pair: &[u8]| matches!(pair, [b'3', b'0'..=b'9']);
    signs.len() >= 18 && signs.as_bytes().chunks(2).all(is_digit)
}

fn from_hexadecimal(signs: &[u8]) -> Option<Vec<u8>> {
    let pairs = signs.chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    pairs.collect()
}

/// The bytes as text, where they are one: letters of Vietnamese, digits, signs, line ends, and
/// hardly a frame or a picture among them.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = if bytes.contains(&0) {
        from_utf16(&bytes)?
    } else {
        String::from_utf8(bytes).ok()?
    };
    let is_usual = |c: char| {
        matches!(c, ' '..='~' | '\n' | '\r' | '\t' | '\u{c}' | '\u{a0}'..='\u{1b0}' | '\u{300}'..='\u{323}'
            | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2026}')
    };
    let says_something = text.chars().filter(|c| c.is_alphanumeric()).count() >= 6;
    let strange = text.chars().filter(|c| !is_usual(*c)).count();
    let is_binary = text.chars().any(|c| c.is_control() && !is_usual(c));
    let is_text = !is_binary && strange * STRANGE_SHARE <= text.chars().count();
    (says_something && is_text).then_some(text)
}

/// One character in so many may be none of Vietnamese writing.
const STRANGE_SHARE: usize = 8;

/// Windows writes text in pairs of bytes, the low one first.
fn from_utf16(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .ok()
}

/// `43 43 43 44 3A 20 ...`: at least nine bytes, parted by spaces or colons.
fn spaced_hexadecimal(text: &str) -> Vec<Replacement> {
    const BYTES_MIN: usize = 9;
    const PROBE_BYTES: usize = 8;
    let bytes = text.as_bytes();
    let is_pair = |at: usize| matches!(bytes.get(at..at + 2), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    let mut found = Vec::new();
    let mut at = 0;
    // A run is at least 26 bytes long, and every third of its places is a gap.
    while let Some(block) = bytes.get(at..at + PROBE_BYTES) {
        if !block
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || is_gap(byte))
        {
            at += 3 * BYTES_MIN - PROBE_BYTES;
            continue;
        }
        let probe = (at..at + 3).find(|at| is_pair(*at) && bytes.get(at + 2).is_some_and(is_gap));
        let Some(mut start) = probe else {
            at += PROBE_BYTES;
            continue;
        };
        while start >= 3 && is_pair(start - 3) && bytes.get(start - 1).is_some_and(is_gap) {
            start -= 3;
        }
        let mut signs = Vec::new();
        let mut end = start;
        while is_pair(end) {
            signs.extend_from_slice(bytes.get(end..end + 2).unwrap_or_default());
            end += 3;
            if !bytes.get(end - 1).is_some_and(is_gap) {
                break;
            }
        }
        let span = Span::new(start, end.saturating_sub(1).min(text.len()));
        if signs.len() >= 2 * BYTES_MIN
            && let Some(held) = from_hexadecimal(&signs).and_then(readable)
        {
            found.push(Replacement::new(span, opened(held)));
        }
        at = end.max(at + 3);
    }
    found
}

const fn is_gap(byte: &u8) -> bool {
    matches!(byte, b' ' | b':' | b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        apply(text, &texts(text)).0
    }

    #[test]
    fn words_that_hold_texts_are_read() {
        let inner = STANDARD.encode("CCCD: 001099000001");
        let twice = STANDARD.encode(&inner);
        let web_token = "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.q3t6w9zCF";
        let held = STANDARD.encode(web_token);
        for (written, meant) in [
            ("mã MDAxMDk5MDAwMDAx nhé", "mã 001099000001 nhé"),
            ("MDEyMzQ1Njc4", "012345678"),
            (
                "hex 434343443a20303031303939303030303031.",
                "hex CCCD: 001099000001.",
            ),
            ("0x303031303939303030303031", "001099000001"),
            ("MAA5ADEAMgAzADQANQA2ADcAOAA=", "0912345678"),
            ("303031303939303030303031", "001099000001"),
            (
                "dump 43 43 43 44 3a 20 30 39 31 32 end",
                "dump CCCD: 0912 end",
            ),
            (twice.as_str(), "CCCD: 001099000001"),
            (held.as_str(), web_token),
        ] {
            assert_eq!(read(written), meant, "{written}");
        }
    }

    #[test]
    fn words_keys_and_numbers_stay() {
        for text in [
            "internationalization và nghiêng",
            "sk-abcDEFghiJKLmno123456789012345678",
            "001099000001 0912345678 12345678901234567890",
            "d41d8cd98f00b204e9800998ecf8427e",
            "550e8400-e29b-41d4-a716-446655440000",
            "12 15 18 20 22 25 28 30 33 36 40",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
