//! The body of an age file: pieces of 64 KiB, numbered, the last one marked (STREAM).
//!
//! A piece cannot be changed, moved or left out, and the end cannot be cut off.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use super::derive::FileKey;

/// Bytes of text in one piece.
const PIECE_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const SALT_BYTES: usize = 16;

/// Appends a text to the head of its file.
pub(super) fn seal(file_key: &FileKey, text: &[u8], file: &mut Vec<u8>) -> Option<()> {
    let mut salt = [0; SALT_BYTES];
    rand::fill(&mut salt).ok()?;
    let key = payload_key(file_key, &salt)?;
    file.extend_from_slice(&salt);
    let mut pieces: Vec<&[u8]> = text.chunks(PIECE_BYTES).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    let last = pieces.len() - 1;
    for (number, piece) in pieces.into_iter().enumerate() {
        let start = file.len();
        file.extend_from_slice(piece);
        let written = file.get_mut(start..)?;
        let nonce = nonce(number, number == last)?;
        let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), written);
        file.extend_from_slice(tag.ok()?.as_ref());
    }
    Some(())
}

/// The text that follows the head of a file.
pub(super) fn open(file_key: &FileKey, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (salt, sealed) = sealed.split_first_chunk::<SALT_BYTES>()?;
    let key = payload_key(file_key, salt)?;
    let mut text = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let pieces: Vec<&[u8]> = sealed.chunks(PIECE_BYTES + TAG_BYTES).collect();
    let last = pieces.len().checked_sub(1)?;
    for (number, piece) in pieces.into_iter().enumerate() {
        // Only an empty text has an empty piece.
        if number > 0 && piece.len() <= TAG_BYTES {
            return None;
        }
        let mut piece = Zeroizing::new(piece.to_vec());
        let nonce = nonce(number, number == last)?;
        let opened = key.open_in_place(nonce, Aad::empty(), &mut piece).ok()?;
        text.extend_from_slice(opened);
    }
    Some(text)
}

fn payload_key(file_key: &FileKey, salt: &[u8]) -> Option<LessSafeKey> {
    let key = file_key.derive(salt, "payload")?;
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).ok()?;
    Some(LessSafeKey::new(key))
}

/// Eleven bytes of number, one that marks the last piece.
fn nonce(number: usize, is_last: bool) -> Option<Nonce> {
    let number = u64::try_from(number).ok()?.to_be_bytes();
    let mut bytes = [0; 12];
    bytes.get_mut(3..11)?.copy_from_slice(&number);
    *bytes.last_mut()? = u8::from(is_last);
    Some(Nonce::assume_unique_for_key(bytes))
}
