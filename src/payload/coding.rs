//! Which content codings cover a body, what is under them, and how are they put back?
//!
//! In: the body and its `Content-Encoding`. Out: the bytes underneath, and the chain to code
//! changed bytes again (RFC 9110 section 8.4).
//!
//! Never: write more than the bound, however far a bomb would grow; accept a body that ends
//! early or goes on after its end.

use std::io::{self, Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::model::limits::Limits;
use crate::model::uninspectable::Uninspectable;

/// 8 MiB, the largest window that RFC 9659 allows for `zstd` on the wire.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
const ZSTD_LEVEL: i32 = 3;
const BROTLI_BUFFER_BYTES: usize = 4096;
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW_LOG: u32 = 22;

/// One content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentCoding {
    /// `gzip`, `x-gzip`.
    Gzip,
    /// `deflate` as the standard has it: with a zlib head.
    Zlib,
    /// `deflate` as some clients have it: without.
    Deflate,
    /// `br`.
    Brotli,
    /// `zstd`.
    Zstd,
}

/// A body with its codings undone.
pub(super) struct Undone {
    /// What was underneath.
    pub(super) bytes: Bytes,
    /// The codings, in the order in which they were applied.
    pub(super) chain: Vec<ContentCoding>,
}

/// Undoes all codings that the field names.
pub(super) fn undo(
    body: &Bytes,
    field: Option<&str>,
    limits: &Limits,
) -> Result<Undone, Uninspectable> {
    let names: Vec<String> = field
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    if names.len() > limits.codings_count_max {
        return Err(Uninspectable::TooLarge);
    }
    let mut bytes = body.clone();
    let mut chain = Vec::with_capacity(names.len());
    for name in names.iter().rev() {
        let (undone, coding) = undo_named(&bytes, name, limits.decoded_bytes_max)?;
        bytes = undone;
        chain.push(coding);
    }
    if bytes.len() > limits.decoded_bytes_max {
        return Err(Uninspectable::TooLarge);
    }
    chain.reverse();
    Ok(Undone { bytes, chain })
}

/// Applies a chain of codings.
pub(super) fn redo(bytes: Bytes, chain: &[ContentCoding]) -> io::Result<Bytes> {
    chain
        .iter()
        .try_fold(bytes, |bytes, coding| coding.apply(&bytes).map(Bytes::from))
}

impl ContentCoding {
    /// What is under the coding, at most `bytes_max` bytes.
    pub(super) fn remove(self, coded: &[u8], bytes_max: usize) -> Result<Bytes, Uninspectable> {
        match self {
            Self::Gzip => remove_gzip(coded, bytes_max),
            Self::Zlib => {
                let mut decoder = ZlibDecoder::new(coded);
                let bytes = read_bounded(&mut decoder, bytes_max)?;
                ends(decoder.into_inner().is_empty(), bytes)
            }
            Self::Deflate => {
                let mut decoder = DeflateDecoder::new(coded);
                let bytes = read_bounded(&mut decoder, bytes_max)?;
                ends(decoder.into_inner().is_empty(), bytes)
            }
            Self::Brotli => remove_brotli(coded, bytes_max),
            Self::Zstd => remove_zstd(coded, bytes_max),
        }
    }

    /// Bytes under the coding.
    pub(super) fn apply(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Zlib => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Brotli => {
                let mut encoder = brotli::CompressorWriter::new(
                    Vec::new(),
                    BROTLI_BUFFER_BYTES,
                    BROTLI_QUALITY,
                    BROTLI_WINDOW_LOG,
                );
                encoder.write_all(bytes)?;
                Ok(encoder.into_inner())
            }
            Self::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL),
        }
    }
}

fn undo_named(
    coded: &Bytes,
    name: &str,
    bytes_max: usize,
) -> Result<(Bytes, ContentCoding), Uninspectable> {
    let coding = match name {
        "gzip" | "x-gzip" => ContentCoding::Gzip,
        "br" => ContentCoding::Brotli,
        "zstd" => ContentCoding::Zstd,
        "deflate" if has_zlib_head(coded) => {
            // The first two bytes of a headless stream can look like a head by chance.
            let undone = ContentCoding::Zlib.remove(coded, bytes_max);
            if !matches!(undone, Err(Uninspectable::Corrupt)) {
                return undone.map(|bytes| (bytes, ContentCoding::Zlib));
            }
            ContentCoding::Deflate
        }
        "deflate" => ContentCoding::Deflate,
        _ => return Err(Uninspectable::Unknown),
    };
    Ok((coding.remove(coded, bytes_max)?, coding))
}

/// RFC 1950 section 2.2: method 8, and the first two bytes divisible by 31.
fn has_zlib_head(coded: &[u8]) -> bool {
    matches!(coded, [method, flags, ..]
        if method & 0x0F == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0)
}

/// Member by member. A head with a comment or other extras carries text that is no part of the body
/// (RFC 1952 section 2.3), and nobody reads it but a curious receiver.
fn remove_gzip(mut coded: &[u8], bytes_max: usize) -> Result<Bytes, Uninspectable> {
    let mut bytes = Vec::new();
    loop {
        let mut decoder = GzDecoder::new(coded);
        let member = read_bounded(&mut decoder, bytes_max.saturating_sub(bytes.len()))?;
        bytes.extend_from_slice(&member);
        let has_text = decoder.header().is_some_and(|head| {
            head.comment().is_some() || head.extra().is_some() || head.filename().is_some()
        });
        if has_text {
            return Err(Uninspectable::Unknown);
        }
        coded = decoder.into_inner();
        if coded.is_empty() {
            return Ok(Bytes::from(bytes));
        }
    }
}

/// Frame by frame. A skippable frame carries what no decoder shows (RFC 8878 section 3.1.2).
fn remove_zstd(mut coded: &[u8], bytes_max: usize) -> Result<Bytes, Uninspectable> {
    let mut bytes = Vec::new();
    loop {
        if matches!(coded, [first, 0x2A, 0x4D, 0x18, ..] if first & 0xF0 == 0x50) {
            return Err(Uninspectable::Unknown);
        }
        let mut decoder = zstd::stream::read::Decoder::with_buffer(coded)
            .and_then(|mut decoder| {
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Ok(decoder.single_frame())
            })
            .map_err(|_| Uninspectable::Corrupt)?;
        let frame = read_bounded(&mut decoder, bytes_max.saturating_sub(bytes.len()))?;
        bytes.extend_from_slice(&frame);
        coded = decoder.finish();
        if coded.is_empty() {
            return Ok(Bytes::from(bytes));
        }
    }
}

fn remove_brotli(coded: &[u8], bytes_max: usize) -> Result<Bytes, Uninspectable> {
    // RFC 7932 section 9.1 reserves this window size; the "large window" extension uses it to
    // ask for up to 1 GiB, which no browser accepts as `br`.
    if coded.first().is_some_and(|byte| byte & 0x7F == 0x11) {
        return Err(Uninspectable::Corrupt);
    }
    let mut decoder = brotli::Decompressor::new(coded, BROTLI_BUFFER_BYTES);
    let bytes = read_bounded(&mut decoder, bytes_max)?;
    // The decoder reports bytes after the end only when it is asked once more, and only those
    // that it has buffered.
    let is_at_end = decoder.read(&mut [0]).is_ok_and(|read| read == 0);
    ends(is_at_end && decoder.get_ref().is_empty(), bytes)
}

fn read_bounded(decoder: &mut impl Read, bytes_max: usize) -> Result<Bytes, Uninspectable> {
    let mut bytes = Vec::new();
    let over = u64::try_from(bytes_max).map_or(u64::MAX, |max| max.saturating_add(1));
    decoder
        .take(over)
        .read_to_end(&mut bytes)
        .map_err(|_| Uninspectable::Corrupt)?;
    if bytes.len() > bytes_max {
        return Err(Uninspectable::TooLarge);
    }
    Ok(Bytes::from(bytes))
}

fn ends(is_at_end: bool, bytes: Bytes) -> Result<Bytes, Uninspectable> {
    if is_at_end {
        Ok(bytes)
    } else {
        Err(Uninspectable::Corrupt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ContentCoding; 5] = [
        ContentCoding::Gzip,
        ContentCoding::Zlib,
        ContentCoding::Deflate,
        ContentCoding::Brotli,
        ContentCoding::Zstd,
    ];

    const fn name(coding: ContentCoding) -> &'static str {
        match coding {
            ContentCoding::Gzip => "x-gzip",
            ContentCoding::Zlib | ContentCoding::Deflate => "deflate",
            ContentCoding::Brotli => "br",
            ContentCoding::Zstd => "zstd",
        }
    }

    #[test]
    fn every_coding_is_undone_and_remembered() {
        for coding in ALL {
            let coded = Bytes::from(coding.apply("Nguyễn Văn Thử".as_bytes()).unwrap());
            let undone = undo(&coded, Some(name(coding)), &Limits::default()).unwrap();
            assert_eq!(undone.bytes, "Nguyễn Văn Thử");
            assert_eq!(undone.chain, [coding]);
        }
    }

    #[test]
    fn a_chain_is_undone_from_its_end() {
        let chain = [ContentCoding::Gzip, ContentCoding::Brotli];
        let coded = redo(Bytes::from_static(b"thu"), &chain).unwrap();
        let undone = undo(&coded, Some("gzip, identity, BR"), &Limits::default()).unwrap();
        assert_eq!(undone.bytes, "thu");
        assert_eq!(undone.chain, chain);
    }

    #[test]
    fn a_bomb_ends_at_the_bound() {
        let limits = Limits {
            decoded_bytes_max: 100_000,
            ..Limits::default()
        };
        for coding in ALL {
            let bomb = Bytes::from(coding.apply(&vec![0; 8 << 20]).unwrap());
            let reason = undo(&bomb, Some(name(coding)), &limits).err();
            assert_eq!(reason, Some(Uninspectable::TooLarge), "{coding:?}");
        }
    }

    #[test]
    fn a_cut_or_lengthened_body_is_corrupt() {
        for coding in ALL {
            let coded = coding.apply("thôn Mẫu, xã Ví Dụ".as_bytes()).unwrap();
            for broken in [&coded[..coded.len() - 3], &[&coded[..], b"xyz"].concat()] {
                let broken = Bytes::copy_from_slice(broken);
                let reason = undo(&broken, Some(name(coding)), &Limits::default()).err();
                assert_eq!(reason, Some(Uninspectable::Corrupt), "{coding:?}");
            }
        }
    }

    #[test]
    fn windows_over_the_bound_are_refused() {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL).unwrap();
        encoder.window_log(ZSTD_WINDOW_LOG_MAX + 1).unwrap();
        encoder.write_all(b"x").unwrap();
        let wide = encoder.finish().unwrap();
        assert!(ContentCoding::Zstd.remove(&wide, 10).is_err());
        assert!(
            ContentCoding::Brotli
                .remove(&[0x11, 0x1E, 0, 0], 10)
                .is_err()
        );
    }

    #[test]
    fn an_unknown_coding_and_a_long_chain_are_refused() {
        let body = Bytes::from_static(b"x");
        let reason = |field| undo(&body, Some(field), &Limits::default()).err();
        assert_eq!(reason("compress"), Some(Uninspectable::Unknown));
        assert_eq!(
            reason("gzip, gzip, gzip, gzip, gzip"),
            Some(Uninspectable::TooLarge)
        );
    }

    #[test]
    fn text_beside_the_coded_body_is_not_passed_over() {
        let gzip = |head: flate2::GzBuilder| {
            let mut encoder = head.write(Vec::new(), Compression::default());
            encoder.write_all(b"x").unwrap();
            encoder.finish().unwrap()
        };
        let plain = || gzip(flate2::GzBuilder::new());
        let comment = gzip(flate2::GzBuilder::new().comment("CCCD 001099000001"));
        let named = gzip(flate2::GzBuilder::new().filename("CCCD 001099000001"));
        let frame = || ContentCoding::Zstd.apply(b"x").unwrap();
        let skipped = [&[0x5A, 0x2A, 0x4D, 0x18, 2, 0, 0, 0], &b"hi"[..]].concat();
        for (coding, coded) in [
            (ContentCoding::Gzip, comment.clone()),
            (ContentCoding::Gzip, [plain(), comment].concat()),
            (ContentCoding::Gzip, named),
            (ContentCoding::Zstd, [skipped.clone(), frame()].concat()),
            (ContentCoding::Zstd, [frame(), skipped].concat()),
        ] {
            let removed = coding.remove(&coded, 100);
            assert_eq!(removed, Err(Uninspectable::Unknown), "{coding:?}");
        }
        for (coding, coded) in [
            (ContentCoding::Gzip, [plain(), plain()].concat()),
            (ContentCoding::Zstd, [frame(), frame()].concat()),
        ] {
            assert_eq!(coding.remove(&coded, 100).unwrap(), "xx");
            assert_eq!(coding.remove(&coded, 1), Err(Uninspectable::TooLarge));
        }
    }
}
