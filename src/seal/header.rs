//! The head of an age file: for whom it is, and that it is unchanged.
//!
//! ```text
//! age-encryption.org/v1
//! -> X25519 <the sender's point of this file>
//! <the file's key, wrapped with what both can compute>
//! --- <a MAC over all of this with the file's key>
//! ```
//!
//! Stanzas of other kinds, and for other recipients, are stepped over.

use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::NotOpened;
use super::derive::{FileKey, derive};
use super::key::{Identity, Recipient};

const VERSION: &str = "age-encryption.org/v1";
const KIND: &str = "X25519";
const WRAP_PURPOSE: &str = "age-encryption.org/v1/X25519";
/// Characters of a full line of a stanza's body.
const LINE_CHARS: usize = 64;
/// The largest head read: some hundred recipients.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// A wrapped file key: sixteen bytes and a tag.
const WRAPPED_BYTES: usize = 32;

/// The head of a file for one recipient.
pub(super) fn write(recipient: &Recipient, file_key: &FileKey) -> Option<Vec<u8>> {
    let sender = Identity::make()?;
    let share = sender.recipient()?;
    let shared = sender.shared_with(recipient)?;
    let mut wrapped = file_key.0.to_vec();
    wrapping_key(&shared, &share, recipient)?
        .seal_in_place_append_tag(no_nonce(), Aad::empty(), &mut wrapped)
        .ok()?;
    let head = format!(
        "{VERSION}\n-> {KIND} {}\n{}\n---",
        STANDARD_NO_PAD.encode(share.bytes()),
        STANDARD_NO_PAD.encode(&wrapped)
    );
    let mac = hmac::sign(&mac_key(file_key)?, head.as_bytes());
    let head = format!("{head} {}\n", STANDARD_NO_PAD.encode(mac));
    Some(head.into_bytes())
}

/// The key of a file, and what follows its head.
pub(super) fn read<'f>(
    identity: &Identity,
    file: &'f [u8],
) -> Result<(FileKey, &'f [u8]), NotOpened> {
    let head = Head::split(file).ok_or(NotOpened::NotAge)?;
    let own = identity.recipient().ok_or(NotOpened::OtherKey)?;
    let mut keys = head.stanzas.iter();
    let file_key = keys
        .find_map(|stanza| stanza.unwrap_with(identity, &own))
        .ok_or(NotOpened::OtherKey)?;
    let key = mac_key(&file_key).ok_or(NotOpened::Changed)?;
    hmac::verify(&key, head.signed.as_bytes(), &head.mac)
        .map_err(|_unspecified| NotOpened::Changed)?;
    Ok((file_key, head.rest))
}

struct Head<'f> {
    stanzas: Vec<Stanza>,
    /// Everything up to and with the three dashes.
    signed: &'f str,
    mac: Vec<u8>,
    rest: &'f [u8],
}

/// One X25519 stanza.
struct Stanza {
    share: [u8; 32],
    wrapped: [u8; WRAPPED_BYTES],
}

impl<'f> Head<'f> {
    fn split(file: &'f [u8]) -> Option<Self> {
        let searched = file.get(..file.len().min(HEAD_BYTES_MAX))?;
        let dashes = memchr::memmem::find(searched, b"\n--- ")? + 1;
        let line_end = searched
            .iter()
            .skip(dashes)
            .position(|byte| *byte == b'\n')?
            + dashes;
        let signed = std::str::from_utf8(file.get(..dashes + 3)?).ok()?;
        let mac = STANDARD_NO_PAD
            .decode(file.get(dashes + 4..line_end)?)
            .ok()?;
        let mut lines = signed.lines();
        if lines.next() != Some(VERSION) {
            return None;
        }
        let lines: Vec<&str> = lines.take_while(|line| *line != "---").collect();
        Some(Self {
            stanzas: stanzas(&lines)?,
            signed,
            mac,
            rest: file.get(line_end + 1..)?,
        })
    }
}

/// The stanzas that we know, of lines that are all stanzas.
fn stanzas(lines: &[&str]) -> Option<Vec<Stanza>> {
    let mut known = Vec::new();
    let mut lines = lines.iter().copied();
    while let Some(first) = lines.next() {
        let mut words = first.strip_prefix("-> ")?.split(' ');
        let mut body = String::new();
        // A body ends with a line that is not full.
        loop {
            let line = lines.next()?;
            body.push_str(line);
            if line.len() < LINE_CHARS {
                break;
            }
        }
        if words.next() != Some(KIND) {
            continue;
        }
        let share = STANDARD_NO_PAD.decode(words.next()?).ok()?;
        let wrapped = STANDARD_NO_PAD.decode(body).ok()?;
        known.push(Stanza {
            share: share.try_into().ok()?,
            wrapped: wrapped.try_into().ok()?,
        });
    }
    Some(known)
}

impl Stanza {
    fn unwrap_with(&self, identity: &Identity, own: &Recipient) -> Option<FileKey> {
        let share = Recipient::of_bytes(self.share);
        let shared = identity.shared_with(&share)?;
        let mut wrapped = Zeroizing::new(self.wrapped);
        let opened = wrapping_key(&shared, &share, own)?
            .open_in_place(no_nonce(), Aad::empty(), wrapped.as_mut_slice())
            .ok()?;
        let key: &[u8; 16] = (&*opened).try_into().ok()?;
        Some(FileKey(Zeroizing::new(*key)))
    }
}

fn wrapping_key(shared: &[u8; 32], share: &Recipient, own: &Recipient) -> Option<LessSafeKey> {
    let salt = [share.bytes().as_slice(), own.bytes()].concat();
    let key = derive(shared, &salt, WRAP_PURPOSE)?;
    let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).ok()?;
    Some(LessSafeKey::new(key))
}

/// Each wrapping key is used once, so age has its nonce zero.
fn no_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

fn mac_key(file_key: &FileKey) -> Option<hmac::Key> {
    let key = file_key.derive(&[], "header")?;
    Some(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()))
}
