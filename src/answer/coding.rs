//! What is under the content coding of an answer, as it comes?
//!
//! In: `Content-Encoding`, and pieces of the body. Out: the bytes underneath, each as soon as it
//! can be known, so that an event is not held back.
//!
//! Never: an unknown coding (the answer then passes as it is), more from one piece than a bound.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// 8 MiB, the largest window that RFC 9659 allows for `zstd` on the wire.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
const BROTLI_BUFFER_BYTES: usize = 4096;
/// How many codings may be chained.
const CODINGS_MAX: usize = 3;

/// The answer's coding is broken, or grows over the bound.
#[derive(Debug, thiserror::Error)]
#[error("the content coding of the answer is broken or grows over its bound")]
pub struct BrokenCoding;

/// Undoes the codings of one answer.
pub struct Decoder {
    /// Outermost first.
    layers: Vec<Layer>,
}

enum Layer {
    Gzip(MultiGzDecoder<Sink>),
    /// `deflate`, with or without a zlib head: the first byte tells.
    Unknown(usize),
    Zlib(ZlibDecoder<Sink>),
    Deflate(DeflateDecoder<Sink>),
    Brotli(Box<brotli::DecompressorWriter<Sink>>),
    Zstd(zstd::stream::write::Decoder<'static, Sink>),
}

/// Where decoded bytes go, up to a bound.
struct Sink {
    bytes: Vec<u8>,
    bytes_max: usize,
    /// Not every decoder tells of a sink that takes no more.
    is_over: bool,
}

impl Decoder {
    /// A decoder for a `Content-Encoding`; nothing where one of its codings is unknown.
    pub fn new(field: &str, bytes_max: usize) -> Option<Self> {
        let names = field
            .split(',')
            .map(|name| name.trim().to_ascii_lowercase());
        let names: Vec<String> = names
            .filter(|name| !name.is_empty() && name != "identity")
            .collect();
        if names.len() > CODINGS_MAX {
            return None;
        }
        let layers = names.iter().rev().map(|name| Layer::new(name, bytes_max));
        Some(Self {
            layers: layers.collect::<Option<_>>()?,
        })
    }

    /// The bytes under the next ones.
    ///
    /// # Errors
    /// When they are not what the field says, or too many.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, BrokenCoding> {
        let mut bytes = bytes.to_vec();
        for layer in &mut self.layers {
            bytes = layer.push(&bytes).map_err(|_| BrokenCoding)?;
        }
        Ok(bytes)
    }
}

impl Layer {
    fn new(name: &str, bytes_max: usize) -> Option<Self> {
        let sink = Sink {
            bytes: Vec::new(),
            bytes_max,
            is_over: false,
        };
        Some(match name {
            "gzip" | "x-gzip" => Self::Gzip(MultiGzDecoder::new(sink)),
            "deflate" => Self::Unknown(bytes_max),
            "br" => Self::Brotli(Box::new(brotli::DecompressorWriter::new(
                sink,
                BROTLI_BUFFER_BYTES,
            ))),
            "zstd" => {
                let mut decoder = zstd::stream::write::Decoder::new(sink).ok()?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).ok()?;
                Self::Zstd(decoder)
            }
            _ => return None,
        })
    }

    fn push(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        if let (Self::Unknown(bytes_max), Some(first)) = (&*self, bytes.first()) {
            let sink = Sink {
                bytes: Vec::new(),
                bytes_max: *bytes_max,
                is_over: false,
            };
            // RFC 1950: the low four bits of a zlib stream are its method, always 8.
            *self = if first & 0x0f == 8 {
                Self::Zlib(ZlibDecoder::new(sink))
            } else {
                Self::Deflate(DeflateDecoder::new(sink))
            };
        }
        let sink = match self {
            Self::Unknown(_) => return Ok(Vec::new()),
            Self::Gzip(decoder) => {
                write(decoder, bytes)?;
                decoder.get_mut()
            }
            Self::Zlib(decoder) => {
                write(decoder, bytes)?;
                decoder.get_mut()
            }
            Self::Deflate(decoder) => {
                write(decoder, bytes)?;
                decoder.get_mut()
            }
            Self::Brotli(decoder) => {
                write(&mut **decoder, bytes)?;
                // It writes one buffer a call once its input is used up.
                loop {
                    let written = decoder.get_ref().bytes.len();
                    let _used: usize = decoder.write(&[])?;
                    if decoder.get_ref().bytes.len() == written {
                        break;
                    }
                }
                decoder.get_mut()
            }
            Self::Zstd(decoder) => {
                write(decoder, bytes)?;
                decoder.get_mut()
            }
        };
        if sink.is_over {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(std::mem::take(&mut sink.bytes))
    }
}

/// Writes, and flushes so that nothing decoded stays behind.
fn write(decoder: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    decoder.write_all(bytes)?;
    decoder.flush()
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.bytes_max {
            self.is_over = true;
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;

    /// Events in each coding, as servers write them: flushed after each event.
    fn coded(name: &str, events: &[&str]) -> Vec<Vec<u8>> {
        fn each<W: Write>(
            mut coder: W,
            events: &[&str],
            taken: impl Fn(&mut W) -> Vec<u8>,
        ) -> Vec<Vec<u8>> {
            let pieces = events.iter().map(|event| {
                coder.write_all(event.as_bytes()).unwrap();
                coder.flush().unwrap();
                taken(&mut coder)
            });
            pieces.collect()
        }
        let level = Compression::default();
        match name {
            "gzip" => each(
                flate2::write::GzEncoder::new(Vec::new(), level),
                events,
                |c| std::mem::take(c.get_mut()),
            ),
            "zlib" => each(
                flate2::write::ZlibEncoder::new(Vec::new(), level),
                events,
                |c| std::mem::take(c.get_mut()),
            ),
            "deflate" => each(
                flate2::write::DeflateEncoder::new(Vec::new(), level),
                events,
                |c| std::mem::take(c.get_mut()),
            ),
            "br" => each(
                brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22),
                events,
                |c| std::mem::take(c.get_mut()),
            ),
            _ => each(
                zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap(),
                events,
                |c| std::mem::take(c.get_mut()),
            ),
        }
    }

    #[test]
    fn each_event_comes_out_as_soon_as_it_came_in() {
        let long = format!("data: {}\n\n", "hai ".repeat(5000));
        let events = ["data: một\n\n", long.as_str()];
        for (name, field) in [
            ("gzip", "gzip"),
            ("zlib", "deflate"),
            ("deflate", "deflate"),
            ("br", "br"),
            ("zstd", "zstd"),
        ] {
            let mut decoder = Decoder::new(field, 100_000).unwrap();
            for (piece, event) in coded(name, &events).iter().zip(events) {
                assert_eq!(decoder.push(piece).unwrap(), event.as_bytes(), "{name}");
            }
            let mut decoder = Decoder::new(field, 100_000).unwrap();
            let mut bytes = Vec::new();
            for byte in coded(name, &events).concat() {
                bytes.extend(decoder.push(&[byte]).unwrap());
            }
            assert_eq!(bytes, events.concat().as_bytes(), "{name}");
        }
    }

    #[test]
    fn unknown_codings_are_not_touched_and_bombs_end() {
        assert!(Decoder::new("compress", 10).is_none());
        assert!(Decoder::new("gzip, dcb", 10).is_none());
        assert!(Decoder::new("identity", 10).is_some());
        for name in ["gzip", "deflate", "br", "zstd"] {
            let bomb = coded(name, &[&"0".repeat(1 << 20)]).concat();
            let mut decoder = Decoder::new(name, 100_000).unwrap();
            assert!(decoder.push(&bomb).is_err(), "{name}");
        }
    }

    #[test]
    fn random_bytes_are_broken_not_a_panic() {
        for name in ["gzip", "deflate", "br", "zstd"] {
            let mut decoder = Decoder::new(name, 1000).unwrap();
            drop(decoder.push(&[0x55; 300]));
            drop(decoder.push(&[0xaa; 300]));
        }
    }
}
