//! What are these bytes, whatever their label says?
//!
//! In: bytes that are no text. Out: the reason why they cannot be read. Until documents are
//! opened, every file format that is not text is one of these reasons.
//!
//! Never: open a file; only its first bytes and a few tell-tale words are looked at.

use memchr::memmem;

use crate::model::uninspectable::Uninspectable;

const MEDIA_TYPE_BYTES_MAX: usize = 100;
const OLE_MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The stream that holds an encrypted Office document, as an OLE directory writes its name.
const ENCRYPTED_PACKAGE: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// First bytes that mark a format beyond doubt, and the reason that follows.
const MAGICS: &[(&[u8], Uninspectable)] = &[
    (b"\x89PNG\r\n\x1A\n", Uninspectable::NoOcr),
    (b"\xFF\xD8\xFF", Uninspectable::NoOcr),
    (b"GIF87a", Uninspectable::NoOcr),
    (b"GIF89a", Uninspectable::NoOcr),
    (b"II*\0", Uninspectable::NoOcr),
    (b"MM\0*", Uninspectable::NoOcr),
    (b"OggS", Uninspectable::Audio),
    (b"fLaC", Uninspectable::Audio),
    (b"ID3\x02", Uninspectable::Audio),
    (b"ID3\x03", Uninspectable::Audio),
    (b"ID3\x04", Uninspectable::Audio),
    (b"#!AMR", Uninspectable::Audio),
    (b"\x1A\x45\xDF\xA3", Uninspectable::Audio),
    (b"\x1F\x8B\x08", Uninspectable::Unknown),
    (b"\x28\xB5\x2F\xFD", Uninspectable::Unknown),
    (b"7z\xBC\xAF\x27\x1C", Uninspectable::Unknown),
    (b"Rar!\x1A\x07", Uninspectable::Unknown),
    (b"\xFD7zXZ\0", Uninspectable::Unknown),
    (b"PK\x05\x06", Uninspectable::Unknown),
];

/// The reason for bytes whose first bytes mark a known file format; nothing for others.
pub(super) fn known_file(bytes: &[u8]) -> Option<Uninspectable> {
    if bytes.starts_with(b"PK\x03\x04") {
        // Bit 0 of the general purpose flags (APPNOTE.TXT section 4.4.4).
        let is_encrypted = bytes.get(6).is_some_and(|flags| flags & 1 == 1);
        return Some(encrypted_or_unknown(is_encrypted));
    }
    if bytes.starts_with(OLE_MAGIC) {
        let is_encrypted = memmem::find(bytes, ENCRYPTED_PACKAGE).is_some();
        return Some(encrypted_or_unknown(is_encrypted));
    }
    if bytes.starts_with(b"%PDF-") {
        let is_encrypted = memmem::find(bytes, b"/Encrypt").is_some();
        return Some(encrypted_or_unknown(is_encrypted));
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => Some(Uninspectable::NoOcr),
        (Some(b"RIFF"), _, Some(b"WAVE" | b"AVI ")) => Some(Uninspectable::Audio),
        (_, Some(b"ftyp"), Some(b"heic" | b"heix" | b"heif" | b"mif1" | b"msf1" | b"avif")) => {
            Some(Uninspectable::NoOcr)
        }
        (_, Some(b"ftyp"), Some(_)) => Some(Uninspectable::Audio),
        _ => MAGICS
            .iter()
            .find(|(magic, _)| bytes.starts_with(magic))
            .map(|(_, reason)| *reason),
    }
}

/// The reason for bytes that are known to be no text.
pub(super) fn binary(bytes: &[u8]) -> Uninspectable {
    known_file(bytes).unwrap_or(match bytes {
        // Two bytes are too few to tell a picture or sound from a text, but not from binary.
        [b'B', b'M', ..] => Uninspectable::NoOcr,
        [0xFF, 0xFB | 0xF3 | 0xF2 | 0xF1 | 0xF9, ..] => Uninspectable::Audio,
        _ => Uninspectable::Unknown,
    })
}

/// `type/subtype` of a media type in lower case, if it is well formed (RFC 9110 section 8.3.1).
pub(super) fn essence(media_type: &str) -> Option<String> {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_token = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let (kind, subtype) = essence.split_once('/')?;
    (essence.len() <= MEDIA_TYPE_BYTES_MAX && is_token(kind) && is_token(subtype))
        .then_some(essence)
}

const fn encrypted_or_unknown(is_encrypted: bool) -> Uninspectable {
    if is_encrypted {
        Uninspectable::Encrypted
    } else {
        Uninspectable::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let reasons: [(&[u8], Uninspectable); 9] = [
            (b"\x89PNG\r\n\x1A\n\0\0", Uninspectable::NoOcr),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Uninspectable::NoOcr),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Uninspectable::NoOcr),
            (b"\0\0\0\x18ftypheic\0\0", Uninspectable::NoOcr),
            (b"\0\0\0\x18ftypM4A \0\0", Uninspectable::Audio),
            (b"RIFF\x24\0\0\0WAVEfmt ", Uninspectable::Audio),
            (b"PK\x03\x04\x14\0\x09\0\x08\0", Uninspectable::Encrypted),
            (b"PK\x03\x04\x14\0\0\0\x08\0", Uninspectable::Unknown),
            (b"%PDF-1.7 /Encrypt 5 0 R", Uninspectable::Encrypted),
        ];
        for (bytes, reason) in reasons {
            assert_eq!(known_file(bytes), Some(reason), "{bytes:?}");
        }
    }

    #[test]
    fn an_encrypted_office_document_is_encrypted() {
        let package = [OLE_MAGIC, &[0; 500], ENCRYPTED_PACKAGE].concat();
        assert_eq!(known_file(&package), Some(Uninspectable::Encrypted));
        assert_eq!(known_file(OLE_MAGIC), Some(Uninspectable::Unknown));
    }

    #[test]
    fn a_media_type_is_cut_to_its_essence() {
        assert_eq!(essence("Text/CSV; charset=x"), Some("text/csv".to_owned()));
        assert_eq!(essence("Nguyễn Văn Thử/x"), None);
    }
}
