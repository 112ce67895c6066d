//! How are 32 bytes written so that a mistyped letter is noticed? Bech32 (BIP 173), as age does.

use zeroize::Zeroizing;

/// The letters, by their value.
const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// The generator of the checksum.
const GENERATOR: [u32; 5] = [
    0x3b6a_57b2,
    0x2650_8e6d,
    0x1ea1_19fa,
    0x3d42_33dd,
    0x2a14_62b3,
];
/// Letters of the checksum.
const CHECK_LETTERS: usize = 6;
/// The longest text read: keys have 62 and 74 letters.
const TEXT_BYTES_MAX: usize = 90;

/// Writes bytes under a prefix, in lower-case letters.
pub(super) fn encode(prefix: &str, bytes: &[u8; 32]) -> Zeroizing<String> {
    let mut values = regrouped(bytes);
    let check = checksum(prefix, &values);
    values.extend(check);
    let letters = values
        .iter()
        .filter_map(|value| LETTERS.get(usize::from(*value)));
    let mut text = Zeroizing::new(String::with_capacity(TEXT_BYTES_MAX));
    text.push_str(prefix);
    text.push('1');
    text.extend(letters.map(|letter| char::from(*letter)));
    text
}

/// Reads bytes under a prefix of lower-case letters; the text is all lower or all upper case.
pub(super) fn decode(prefix: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let is_one_case = text.bytes().all(|byte| !byte.is_ascii_uppercase())
        || text.bytes().all(|byte| !byte.is_ascii_lowercase());
    if text.len() > TEXT_BYTES_MAX || !is_one_case {
        return None;
    }
    let text = Zeroizing::new(text.to_ascii_lowercase());
    let (found, rest) = text.rsplit_once('1')?;
    if found != prefix {
        return None;
    }
    let value_of = |letter: u8| LETTERS.iter().position(|known| *known == letter);
    let values = rest
        .bytes()
        .map(|letter| value_of(letter).and_then(|value| u8::try_from(value).ok()));
    let values = Zeroizing::new(values.collect::<Option<Vec<u8>>>()?);
    let (data, check) = values.split_at_checked(values.len().checked_sub(CHECK_LETTERS)?)?;
    (checksum(prefix, data) == check).then(|| ungrouped(data))?
}

/// Eight-bit values as five-bit ones, the last filled up with zeros.
fn regrouped(bytes: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut values = Zeroizing::new(Vec::with_capacity(TEXT_BYTES_MAX));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            values.push(low_bits(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        values.push(low_bits(held << (5 - bits)));
    }
    values
}

/// The way back; nothing if it is not 32 bytes with zeros at the end.
fn ungrouped(values: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(values.len()));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for value in values {
        held = (held << 5) | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    if bits >= 5 || held != 0 {
        return None;
    }
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

fn low_bits(value: u32) -> u8 {
    u8::try_from(value & 0x1f).unwrap_or_default()
}

fn checksum(prefix: &str, values: &[u8]) -> Vec<u8> {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 0x1f);
    let all = high
        .chain([0])
        .chain(low)
        .chain(values.iter().copied())
        .chain([0; CHECK_LETTERS]);
    let sum = all.fold(1, step) ^ 1;
    (0..6)
        .map(|place| low_bits(sum >> (5 * (5 - place))))
        .collect()
}

fn step(sum: u32, value: u8) -> u32 {
    let top = sum >> 25;
    let next = ((sum & 0x01ff_ffff) << 5) ^ u32::from(value);
    let added = GENERATOR.iter().enumerate();
    added
        .filter(|(bit, _)| (top >> bit) & 1 == 1)
        .fold(next, |sum, (_, part)| sum ^ part)
}
