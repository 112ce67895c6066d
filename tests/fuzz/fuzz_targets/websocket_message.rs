//! Any WebSocket message and any query string opens or is refused.
#![no_main]

use bytes::Bytes;
use lachan::model::codec::Codec;
use lachan::model::limits::Limits;
use lachan::payload::{self, MessageKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, bool, Vec<u8>)| {
    let (is_text, is_signalr, bytes) = input;
    let kind = if is_text { MessageKind::Text } else { MessageKind::Binary };
    let codec = if is_signalr { Codec::SignalrJson } else { Codec::WsJson };
    let limits = Limits::default();
    let message = Bytes::from(bytes);
    let _ = payload::open_message(&message, kind, Some(codec), &limits);
    if let Ok(query) = std::str::from_utf8(&message) {
        let _ = payload::open_query(query, &limits);
    }
});
