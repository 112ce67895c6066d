//! Any body under any claimed type opens or is refused; unchanged it gives back its very bytes.
#![no_main]

use bytes::Bytes;
use lachan::model::codec::{BodyFormat, Codec};
use lachan::model::limits::Limits;
use lachan::payload;
use libfuzzer_sys::fuzz_target;

const TYPES: [&str; 8] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/connect+json",
    "application/connect+proto",
    "application/x-ndjson",
    "text/plain; charset=windows-1258",
    "application/octet-stream",
];
const CODINGS: [Option<&str>; 4] = [None, Some("gzip"), Some("deflate"), Some("br, zstd")];
const CODECS: [Option<Codec>; 5] =
    [None, Some(Codec::Json), Some(Codec::Form), Some(Codec::Multipart), Some(Codec::Raw)];

fuzz_target!(|input: (u8, u8, u8, Vec<u8>)| {
    let (kind, coding, codec, body) = input;
    let body = Bytes::from(body);
    let format = BodyFormat {
        content_type: TYPES.get(usize::from(kind)).map(|kind| (*kind).to_owned()),
        content_encoding: CODINGS[usize::from(coding) % 4].map(str::to_owned),
        codec: CODECS[usize::from(codec) % 5],
    };
    if let Ok(opened) = payload::open(&body, &format, &Limits::default()) {
        assert_eq!(opened.payload.rewrite(&[]).unwrap(), body);
    }
});
