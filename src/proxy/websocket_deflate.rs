//! How are the messages of a socket compressed, where the office allows it? permessage-deflate (RFC
//! 7692), each leg for itself.
//!
//! In: what a client offers and what an upstream answers; payloads of frames. Out: what we offer
//! and answer, which is always the same few words; payloads inflated and deflated. Both ends are
//! asked to remember nothing between messages, so that a socket that is still costs no memory, and
//! what one end compressed never stands in the other's window.
//!
//! Never: a word of the client's in what goes up, or more inflated than the bound of a frame.

use bytes::Bytes;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use http::{HeaderMap, HeaderValue, header};
use yawc::WebSocketError;

const NAME: &str = "permessage-deflate";
/// What we offer to every upstream.
const OFFER: HeaderValue = HeaderValue::from_static(
    "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
);
/// The window that both ends know without a word (RFC 7692 section 7.1.2), as a power of two.
const WINDOW_BITS: u8 = 15;
/// The smallest window that zlib deflates without a head.
const WINDOW_BITS_MIN: u8 = 9;
/// What ends every deflated message and is left out on the wire (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
/// The first room for output; it doubles as it fills.
const STEP_BYTES: usize = 16 * 1024;

/// How one leg of a socket is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Agreement {
    /// The window in which the other end inflates what we deflate.
    window_bits: u8,
    /// Whether the other end deflates with what earlier messages left.
    remembers: bool,
}

/// What a client offered and we can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offered(Agreement);

impl Offered {
    /// The first of the client's offers that we can accept.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        extensions(headers).find_map(|(name, params)| {
            let mut window_bits = WINDOW_BITS;
            let is_known = name == NAME
                && params.into_iter().all(|(key, value)| match key {
                    "client_no_context_takeover" | "server_no_context_takeover" => value.is_none(),
                    "client_max_window_bits" => value.is_none_or(|value| bits(value).is_some()),
                    "server_max_window_bits" => match value.and_then(bits) {
                        Some(bits) if bits >= WINDOW_BITS_MIN => {
                            window_bits = bits;
                            true
                        }
                        Some(_) | None => false,
                    },
                    _ => false,
                });
            is_known.then_some(Self(Agreement {
                window_bits,
                remembers: false,
            }))
        })
    }

    /// What the upstream is offered for it.
    pub(super) const fn onward(self) -> HeaderValue {
        OFFER
    }

    /// What the client is answered.
    pub(super) fn answer(self) -> HeaderValue {
        let begin = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        let text = match self.0.window_bits {
            WINDOW_BITS => begin.to_owned(),
            bits => format!("{begin}; server_max_window_bits={bits}"),
        };
        HeaderValue::from_str(&text).unwrap_or(OFFER)
    }

    /// How the client's leg is compressed.
    pub(super) const fn agreement(self) -> Agreement {
        self.0
    }
}

impl Agreement {
    /// What an upstream answered to our offer; nothing where it declined, or answered what we did
    /// not offer: its compressed frames then break the protocol.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let mut answered = extensions(headers);
        let (name, params) = answered.next()?;
        let mut agreement = Self {
            window_bits: WINDOW_BITS,
            remembers: true,
        };
        let is_known = params.into_iter().all(|(key, value)| match key {
            "client_no_context_takeover" => value.is_none(),
            "server_no_context_takeover" => {
                agreement.remembers = false;
                value.is_none()
            }
            // Its window is ours or smaller.
            "server_max_window_bits" => value.and_then(bits).is_some(),
            _ => false,
        });
        (name == NAME && is_known && answered.next().is_none()).then_some(agreement)
    }
}

fn bits(value: &str) -> Option<u8> {
    value.parse().ok().filter(|bits| (8..=15).contains(bits))
}

type Params<'h> = Vec<(&'h str, Option<&'h str>)>;

/// The extensions that a head names, each with its parameters. What is not ASCII is left out.
fn extensions(headers: &HeaderMap) -> impl Iterator<Item = (&str, Params<'_>)> {
    let fields = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter();
    let lists = fields.filter_map(|field| field.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(|extension| {
        let mut pieces = extension.split(';').map(str::trim);
        let name = pieces.next().unwrap_or_default();
        let params = pieces.map(|piece| match piece.split_once('=') {
            Some((key, value)) => (key.trim_end(), Some(value.trim().trim_matches('"'))),
            None => (piece, None),
        });
        (name, params.collect())
    })
}

/// Inflates the messages of one end, frame by frame.
pub(super) struct Inflater {
    state: Option<Decompress>,
    remembers: bool,
}

impl Inflater {
    pub(super) const fn new(agreement: Agreement) -> Self {
        Self {
            state: None,
            remembers: agreement.remembers,
        }
    }

    /// A frame's payload; `is_last` where its message ends.
    pub(super) fn inflate(
        &mut self,
        payload: &[u8],
        is_last: bool,
        bytes_max: usize,
    ) -> Result<Bytes, WebSocketError> {
        let state = self.state.get_or_insert_with(|| Decompress::new(false));
        let mut out = Vec::new();
        pour(state, payload, &mut out, bytes_max)?;
        if is_last {
            pour(state, &TAIL, &mut out, bytes_max)?;
            if !self.remembers {
                self.state = None;
            }
        }
        Ok(out.into())
    }
}

fn pour(
    state: &mut Decompress,
    mut input: &[u8],
    out: &mut Vec<u8>,
    bytes_max: usize,
) -> Result<(), WebSocketError> {
    loop {
        if out.len() > bytes_max {
            return Err(WebSocketError::FrameTooLarge);
        }
        let step = STEP_BYTES.max(out.len());
        out.reserve_exact(step.min(bytes_max + 1 - out.len()));
        let before = (state.total_in(), out.len());
        let status = state
            .decompress_vec(input, out, FlushDecompress::Sync)
            .map_err(|_| WebSocketError::InvalidFragment)?;
        let used = state.total_in() - before.0;
        input = usize::try_from(used)
            .ok()
            .and_then(|used| input.get(used..))
            .unwrap_or_default();
        match status {
            // A final block ends the stream, not the message (RFC 7692 section 7.2.3.4).
            Status::StreamEnd => state.reset(false),
            Status::Ok | Status::BufError if used == 0 && out.len() == before.1 => return Ok(()),
            Status::Ok | Status::BufError => {}
        }
        if input.is_empty() && out.len() < out.capacity() {
            return Ok(());
        }
    }
}

/// Deflates the messages for one end, frame by frame.
pub(super) struct Deflater {
    state: Option<Compress>,
    window_bits: u8,
}

impl Deflater {
    pub(super) const fn new(agreement: Agreement) -> Self {
        Self {
            state: None,
            window_bits: agreement.window_bits,
        }
    }

    /// A frame's payload; `is_last` where its message ends.
    pub(super) fn deflate(
        &mut self,
        payload: &[u8],
        is_last: bool,
    ) -> Result<Bytes, WebSocketError> {
        let state = self.state.get_or_insert_with(|| {
            Compress::new_with_window_bits(Compression::fast(), false, self.window_bits)
        });
        let mut out = squeeze(state, payload)?;
        if is_last {
            self.state = None;
            if out.ends_with(&TAIL) {
                out.truncate(out.len() - TAIL.len());
            }
            // An empty block: nothing was left to say.
            if out.is_empty() {
                out.push(0);
            }
        }
        Ok(out.into())
    }
}

fn squeeze(state: &mut Compress, payload: &[u8]) -> Result<Vec<u8>, WebSocketError> {
    let mut out = Vec::new();
    let mut input = payload;
    loop {
        let step = STEP_BYTES.max(out.len());
        out.reserve_exact(step.min(input.len() + 64));
        let before = state.total_in();
        state
            .compress_vec(input, &mut out, FlushCompress::Sync)
            .map_err(|_| WebSocketError::CompressionNotSupported)?;
        let used = state.total_in() - before;
        input = usize::try_from(used)
            .ok()
            .and_then(|used| input.get(used..))
            .unwrap_or_default();
        // Room that is left says that all is out.
        if input.is_empty() && out.len() < out.capacity() {
            return Ok(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(field: &str) -> HeaderMap {
        let value = HeaderValue::from_str(field).unwrap();
        HeaderMap::from_iter([(header::SEC_WEBSOCKET_EXTENSIONS, value)])
    }

    fn leg(window_bits: u8, remembers: bool) -> Agreement {
        Agreement {
            window_bits,
            remembers,
        }
    }

    #[test]
    fn the_offers_of_browsers_and_libraries_are_accepted() {
        for (offer, answered) in [
            ("permessage-deflate; client_max_window_bits", ""),
            (
                "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
                "; server_max_window_bits=12",
            ),
            ("x-webkit-deflate-frame, permessage-deflate", ""),
            (
                "permessage-deflate; server_max_window_bits=8, permessage-deflate",
                "",
            ),
            (
                "permessage-deflate;client_max_window_bits=\"10\" ; server_no_context_takeover",
                "",
            ),
        ] {
            let offered = Offered::read(&head(offer)).unwrap();
            let answer = offered.answer();
            let begin =
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
            assert_eq!(answer.to_str().unwrap(), format!("{begin}{answered}"));
        }
    }

    #[test]
    fn other_offers_and_answers_that_were_not_asked_for_are_not_accepted() {
        for offer in [
            "",
            "permessage-bzip2",
            "permessage-deflate; cccd=001099000001",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; client_no_context_takeover=1",
        ] {
            assert_eq!(Offered::read(&head(offer)), None, "{offer}");
        }
        for answer in [
            "",
            "permessage-deflate; client_max_window_bits=12",
            "permessage-deflate, permessage-deflate",
            "permessage-deflate; server_max_window_bits",
        ] {
            assert_eq!(Agreement::read(&head(answer)), None, "{answer}");
        }
        let plain = Agreement::read(&head("permessage-deflate"));
        assert_eq!(plain, Some(leg(15, true)));
        let asked = "permessage-deflate; server_no_context_takeover; server_max_window_bits=12";
        assert_eq!(Agreement::read(&head(asked)), Some(leg(15, false)));
    }

    #[test]
    fn the_examples_of_the_standard_are_read() {
        // RFC 7692 section 7.2.3: in one block, in two frames, from what is remembered, without
        // compression, with a final block, in two blocks.
        let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
        let mut inflater = Inflater::new(leg(15, true));
        assert_eq!(inflater.inflate(&hello, true, 5).unwrap(), "Hello");
        let again = inflater.inflate(&[0xf2, 0x00, 0x11, 0x00, 0x00], true, 5);
        assert_eq!(again.unwrap(), "Hello");
        let mut inflater = Inflater::new(leg(15, false));
        let head = inflater.inflate(&hello[..3], false, 5).unwrap();
        let tail = inflater.inflate(&hello[3..], true, 5).unwrap();
        assert_eq!([head, tail].concat(), b"Hello");
        let stored = [0x00, 5, 0, 0xfa, 0xff, b'H', b'e', b'l', b'l', b'o', 0x00];
        assert_eq!(inflater.inflate(&stored, true, 5).unwrap(), "Hello");
        let ended = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];
        assert_eq!(inflater.inflate(&ended, true, 5).unwrap(), "Hello");
        let two = [
            0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00,
        ];
        assert_eq!(inflater.inflate(&two, true, 5).unwrap(), "Hello");
    }

    #[test]
    fn a_bomb_goes_off_at_the_bound_and_rubbish_is_refused() {
        let mut deflater = Deflater::new(leg(15, false));
        let bomb = deflater.deflate(&vec![0; 8 << 20], true).unwrap();
        assert!(bomb.len() < 1 << 18);
        let mut inflater = Inflater::new(leg(15, false));
        let held = inflater.inflate(&bomb, true, 1000);
        assert!(matches!(held, Err(WebSocketError::FrameTooLarge)));
        let mut inflater = Inflater::new(leg(15, false));
        assert!(inflater.inflate(&[0xff; 40], true, 1000).is_err());
    }

    proptest! {
        #[test]
        fn what_is_deflated_in_any_frames_is_inflated_again(
            pieces in prop::collection::vec(prop::collection::vec(0_u8..4, 0..3000), 1..5),
            bits in 9_u8..=15,
            cut in any::<prop::sample::Index>(),
        ) {
            let mut deflater = Deflater::new(leg(bits, false));
            let mut inflater = Inflater::new(leg(15, false));
            for _ in 0..2 {
                let last = pieces.len() - 1;
                let mut wire = Vec::new();
                for (at, piece) in pieces.iter().enumerate() {
                    wire.extend(deflater.deflate(piece, at == last).unwrap());
                }
                // The other end may cut the frames anew.
                let cut = cut.index(wire.len() + 1);
                let head = inflater.inflate(&wire[..cut], false, 1 << 20).unwrap();
                let tail = inflater.inflate(&wire[cut..], true, 1 << 20).unwrap();
                prop_assert_eq!([head, tail].concat(), pieces.concat());
            }
        }
    }
}
