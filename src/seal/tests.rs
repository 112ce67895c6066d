//! What is sealed opens with its key alone; what age sealed opens here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::key::{Identity, NotAKey, Recipient};
use super::{NotOpened, OVERHEAD_BYTES_MAX, open, seal};

/// Made by `age-keygen` 1.1.1 (Debian 12).
const AGE_RECIPIENT: &str = "age1dfyzdggm470cs607dyuqwm8f4yu8vlyu7fdgxnuyk5mlhpnhrflsnxeksv";
const AGE_IDENTITY: &str =
    "AGE-SECRET-KEY-12H743EVF9AT0E4GTXA77XMWCL5KCQUZ905E9E770EG5W2PSZ8FMQ36NGF8";
/// Sealed by `age` 1.1.1 for that key.
const AGE_FILE: &str = "\
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBINmlzekJueDFUR1hkb2ZZb1k1RUdLdk1MOWJiWUNSTDM3bWhuQXNTY1hr\
    Cll5bWtKOEJJM1RJR3ZDV2QzTlV4WTlSektRV0ptWnAyTHhacTVUenllZjgKLS0tIDVvYm5OK0c3MmVnb0thVTJHNjJjcnFYL1Q5\
    NkwzNzJwUzJ2Q1V1UUYvWFEKSnOxO4/Cw13wv7MvzcZqjH5j08NharrYwiDay8/W7EPu6x8cKrVO9aLgf43w3jI8lZX3sEcu7vYc\
    EOviekDjU8+tbSfvE/ad86fiT1EYNQ7tsdZjThxjqeyx4EEW1tkKdjxYRA==";
/// Sealed by it for another key, that key and an SSH key.
const AGE_FILE_FOR_THREE: &str = "\
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBMZ2tLb1h6bndIazNHUlBQaGptU2ZvcmVRbHdUempWNHljZU5mK3VN\
    ZGwwCml4dlQ0Nk4yUTYrVkorVmdGd1JxQmpadDZzWXFnbkN2dzNtUk45WTBtWmcKLT4gWDI1NTE5IDBrSHZHZnF4UDFOVXls\
    TzFSSUtNMkVCRnkxZnhzVGllbzdRaitzOFFvRncKWmVNeFBtOUFadW1KcE4vVDRwTzBOaVplVzczQUY0djB3WXNHMld3aHpt\
    awotPiBzc2gtZWQyNTUxOSA0UFBWancgejVJdEdOSXJoOWFrV3YwYTYxZm5lMkR6UkM5YlFhd2tnTU9rcXd6Qk8yYwpTa1dQ\
    WjE1U3ExUDhoUmdvK1R4eVhvZjdvcUZ6cWZlL3gzMGM4WVVyaGx3Ci0tLSAvUnBxUExRdE1vdlN3aTVsZHdRb2pWcFpnT1JP\
    VmtzNDhrRXRoWWRVQzVVCoe0TtUUHP2oc1TsO+7Z1Zf1mQZaf3hYXECzLlOsdUkJmYOEaAz4aebRC7wR3N0Zc2aQGAGlhYm1";
const AGE_TEXT: &str = "Bản thử niêm phong: ngữ liệu mẫu, không phải của ai.";

fn pair() -> (Identity, Recipient) {
    let identity = Identity::make().unwrap();
    let recipient = identity.recipient().unwrap();
    (identity, recipient)
}

#[test]
fn a_file_of_age_opens_with_the_key_of_age() {
    let identity = Identity::parse(AGE_IDENTITY).unwrap();
    assert_eq!(identity.recipient().unwrap().to_string(), AGE_RECIPIENT);
    assert_eq!(identity.to_text().unwrap().as_str(), AGE_IDENTITY);
    let file = STANDARD.decode(AGE_FILE).unwrap();
    assert_eq!(
        open(&identity, &file).unwrap().as_slice(),
        AGE_TEXT.as_bytes()
    );
}

#[test]
fn a_file_for_several_opens_with_each_key_of_its_kind() {
    let identity = Identity::parse(AGE_IDENTITY).unwrap();
    let file = STANDARD.decode(AGE_FILE_FOR_THREE).unwrap();
    let opened = open(&identity, &file).unwrap();
    assert_eq!(opened.as_slice(), "Nhiều người nhận.".as_bytes());
}

#[test]
fn every_length_around_a_piece_opens_again_and_has_a_bounded_overhead() {
    let (identity, recipient) = pair();
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 262_144] {
        let text = vec![b'x'; length];
        let file = seal(&recipient, &text).unwrap();
        assert!(file.len() <= length + OVERHEAD_BYTES_MAX, "{length}");
        assert_eq!(open(&identity, &file).unwrap().as_slice(), text, "{length}");
    }
}

#[test]
fn another_key_opens_nothing_and_two_seals_are_never_alike() {
    let (_, recipient) = pair();
    let (stranger, _) = pair();
    let file = seal(&recipient, b"x").unwrap();
    assert_eq!(open(&stranger, &file).unwrap_err(), NotOpened::OtherKey);
    assert_ne!(file, seal(&recipient, b"x").unwrap());
}

#[test]
fn any_changed_or_missing_byte_is_noticed() {
    let (identity, recipient) = pair();
    let file = seal(&recipient, "chữ mẫu".as_bytes()).unwrap();
    for place in 0..file.len() {
        let mut changed = file.clone();
        changed[place] ^= 1;
        assert!(open(&identity, &changed).is_err(), "byte {place}");
        assert!(open(&identity, &file[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn a_cut_between_two_pieces_is_noticed() {
    let (identity, recipient) = pair();
    let file = seal(&recipient, &vec![b'x'; 65_536 * 2]).unwrap();
    let cut = &file[..file.len() - 65_536 - 16];
    assert_eq!(open(&identity, cut).unwrap_err(), NotOpened::Changed);
}

#[test]
fn a_mistyped_key_is_no_key_and_a_secret_one_is_told_apart() {
    assert_eq!(Recipient::parse("age1abc"), Err(NotAKey::Other));
    let mistyped = AGE_RECIPIENT.replace("dfyz", "dfyy");
    assert_eq!(Recipient::parse(&mistyped), Err(NotAKey::Other));
    assert_eq!(Recipient::parse(AGE_IDENTITY), Err(NotAKey::Secret));
    let weak = Recipient::of_bytes([0; 32]).to_string();
    assert_eq!(Recipient::parse(&weak), Err(NotAKey::Other));
    assert!(Identity::parse(AGE_RECIPIENT).is_none());
    assert!(Identity::parse(&AGE_IDENTITY.replace("VF9", "vF9")).is_none());
    assert!(Identity::parse(&format!("{AGE_IDENTITY}\n{AGE_IDENTITY}")).is_none());
    let with_comments = format!("# created: hôm nay\r\n# public key: x\r\n{AGE_IDENTITY}\r\n");
    assert!(Identity::parse(&with_comments).is_some());
}

#[test]
fn a_secret_key_is_not_printed() {
    let (identity, _) = pair();
    assert_eq!(format!("{identity:?}"), "Identity");
}

proptest! {
    #[test]
    fn what_is_sealed_opens_as_it_was(text in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let (identity, recipient) = pair();
        let file = seal(&recipient, &text).unwrap();
        prop_assert_eq!(open(&identity, &file).unwrap().to_vec(), text);
    }

    #[test]
    fn foreign_bytes_open_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..600), with_head: bool) {
        let (identity, _) = pair();
        let head: &[u8] = if with_head { b"age-encryption.org/v1\n-> X25519 " } else { b"" };
        prop_assert!(open(&identity, &[head, &bytes].concat()).is_err());
    }
}
