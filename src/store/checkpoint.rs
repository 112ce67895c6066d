//! Who says that the chain was so long and had this hash then? The node, by its signature.
//!
//! A checkpoint signs `(node, seq, hash, time)` of the record before it. It stands in the chain,
//! and as a small JSON file it is kept elsewhere: in a report, a mail, the hub. Only there does it
//! show that the end of a chain was cut off.
//!
//! The signed message is, each part after its 4-byte big-endian length: `lachan checkpoint 1`,
//! the node, 8 bytes seq, 32 bytes hash, 8 bytes time (both numbers big-endian).

use serde_json::{Value, json};

use crate::model::exchange::UnixMillis;

use super::canonical::{Decoder, Encoder, NotCanonical};
use super::chain::{Hash, from_hex, to_hex};
use super::error::StoreError;
use super::incident_json::rfc3339;
use super::keys::{PublicKey, StoreKeys};

/// What opens every signed message, so that no other signature of the key can pass for one.
const PURPOSE: &[u8] = b"lachan checkpoint 1";

/// A signature over the chain up to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The node that signed.
    pub node: String,
    /// The last record it covers; 0 for an empty chain.
    pub seq: u64,
    /// That record's hash.
    pub hash: Hash,
    /// When it was signed.
    pub signed_at: UnixMillis,
    /// The key to check it with.
    pub public_key: PublicKey,
    /// The Ed25519 signature.
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// Signs the chain as it stands.
    pub(super) fn sign(
        keys: &StoreKeys,
        node: &str,
        seq: u64,
        hash: Hash,
        signed_at: UnixMillis,
    ) -> Result<Self, StoreError> {
        let signature = keys.sign(&message(node, seq, hash, signed_at))?;
        Ok(Self {
            node: node.to_owned(),
            seq,
            hash,
            signed_at,
            public_key: keys.public_key(),
            signature,
        })
    }

    /// Whether the signature is that of the key it names.
    pub fn is_signed(&self) -> bool {
        let message = message(&self.node, self.seq, self.hash, self.signed_at);
        self.public_key.verifies(&message, &self.signature)
    }

    /// The file to keep elsewhere.
    pub fn to_json(&self) -> Value {
        json!({
            "version": 1,
            "node": self.node,
            "seq": self.seq,
            "hash": self.hash.to_string(),
            "signed_at": rfc3339(self.signed_at),
            "signed_at_millis": self.signed_at.0,
            "public_key": to_hex(&self.public_key.0),
            "signature": to_hex(&self.signature),
        })
    }

    /// Reads such a file and checks its signature.
    ///
    /// # Errors
    /// When it is no checkpoint, or its signature does not hold.
    pub fn from_json(text: &str) -> Result<Self, StoreError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|_broken| StoreError::NotACheckpoint("it is not JSON"))?;
        let checkpoint = Self::from_value(&value).ok_or(StoreError::NotACheckpoint(
            "a field is missing or malformed",
        ))?;
        if checkpoint.is_signed() {
            Ok(checkpoint)
        } else {
            Err(StoreError::NotACheckpoint("its signature does not hold"))
        }
    }

    /// The body's bytes in the chain.
    pub(super) fn to_canonical(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder
            .time(self.signed_at.0)
            .text(&self.node)
            .number(self.seq)
            .bytes(self.hash.as_bytes())
            .bytes(&self.public_key.0)
            .bytes(&self.signature);
        encoder.into_bytes()
    }

    /// Reads a body from the chain.
    pub(super) fn from_canonical(body: &[u8]) -> Result<Self, NotCanonical> {
        let mut decoder = Decoder::new(body)?;
        let signed_at = UnixMillis(decoder.time()?);
        let checkpoint = Self {
            signed_at,
            node: decoder.text()?,
            seq: decoder.number()?,
            hash: Hash::from_bytes(decoder.bytes()?).ok_or(NotCanonical)?,
            public_key: PublicKey(decoder.bytes()?.to_vec()),
            signature: decoder.bytes()?.to_vec(),
        };
        decoder.end()?;
        Ok(checkpoint)
    }

    fn from_value(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        if value.get("version")?.as_u64()? != 1 {
            return None;
        }
        Some(Self {
            node: text("node")?.to_owned(),
            seq: value.get("seq")?.as_u64()?,
            hash: Hash::from_hex(text("hash")?)?,
            signed_at: UnixMillis(value.get("signed_at_millis")?.as_i64()?),
            public_key: PublicKey(from_hex(text("public_key")?)?),
            signature: from_hex(text("signature")?)?,
        })
    }
}

fn message(node: &str, seq: u64, hash: Hash, signed_at: UnixMillis) -> Vec<u8> {
    let parts: [&[u8]; 5] = [
        PURPOSE,
        node.as_bytes(),
        &seq.to_be_bytes(),
        hash.as_bytes(),
        &signed_at.0.to_be_bytes(),
    ];
    let mut message = Vec::new();
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        message.extend_from_slice(&length.to_be_bytes());
        message.extend_from_slice(part);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        let dir = tempfile::tempdir().unwrap();
        let keys = StoreKeys::load_or_create(dir.path()).unwrap();
        Checkpoint::sign(&keys, "xa-thu", 7, Hash::of(b"x"), UnixMillis(1000)).unwrap()
    }

    #[test]
    fn a_checkpoint_reads_back_from_its_file_and_its_body() {
        let checkpoint = checkpoint();
        let file = checkpoint.to_json().to_string();
        assert_eq!(Checkpoint::from_json(&file).unwrap(), checkpoint);
        let body = checkpoint.to_canonical();
        assert_eq!(Checkpoint::from_canonical(&body), Ok(checkpoint));
    }

    #[test]
    fn a_changed_file_is_refused() {
        let file = checkpoint().to_json().to_string();
        for changed in [
            file.replace("\"seq\":7", "\"seq\":6"),
            file.replace("xa-thu", "xa-khac"),
            file.replace("_millis\":1000", "_millis\":1001"),
        ] {
            assert_ne!(changed, file);
            let refused = Checkpoint::from_json(&changed);
            assert!(matches!(refused, Err(StoreError::NotACheckpoint(_))));
        }
    }
}
