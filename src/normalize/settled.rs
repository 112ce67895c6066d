//! Is a text comparable as it stands, or what has to be read otherwise?
//!
//! Most texts are, and most others only have signs and letters to be composed. One walk over the
//! bytes looks up three neighbours at a time: a [`Kind`] of place that a step might read as something
//! else is told by the bytes that may stand there. Only what is met by these is looked at closely.
//!
//! Never: less than what a step would change. More may be wrong, and costs time only.

use std::sync::LazyLock;

use crate::normalize::entity::reference_at;
use crate::normalize::tag::tag_at;
use crate::normalize::{charset, doubled, emphasis, mojibake, spaced, spoken};

/// What has to be read otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unsettled {
    /// Nothing.
    Nothing,
    /// Signs of bold words, and what composing and the steps behind it read.
    Signs,
    /// Anything: escapes, tags, other encodings.
    Anything,
}

/// What the steps could change in the text.
pub(super) fn unsettled(text: &str) -> Unsettled {
    let met = doubtful_places(text);
    if met == Unsettled::Anything
        || text.starts_with('>')
        || !charset::beyond_ascii(text).is_empty()
    {
        return Unsettled::Anything;
    }
    let has_signs = met == Unsettled::Signs
        || !emphasis::bold(text).is_empty()
        || !doubled::spaces(text).is_empty()
        || !spoken::numbers(text).is_empty();
    match has_signs {
        true => Unsettled::Signs,
        false => Unsettled::Nothing,
    }
}

/// So many bytes are judged at once.
const BLOCK_BYTES: usize = 64;

/// A kind of place: which bytes may stand first, second and third.
type Kind = [fn(u8) -> bool; 3];

/// What the steps before composing may read.
const WRITTEN_OTHERWISE: [Kind; 16] = [
    // Lines that mail quotes.
    [|b| b == b'\n', |b| b == b'>', whatever],
    // Controls, escapes of code, VIQR.
    [is_control, whatever, whatever],
    // UTF-8 read as windows-1252, and a byte that was lost then.
    [
        |b| b == 0xc3,
        |b| matches!(b, 0x82..=0x86 | 0x8c | 0xa1 | 0xa2),
        is_high,
    ],
    [|b| b == 0xef, |b| b == 0xbf, |b| b == 0xbd],
    // Escapes, references and tags.
    [|b| matches!(b, b'%' | b'='), is_hex, is_hex],
    [|b| b == b'U', |b| b == b'+', whatever],
    [
        |b| b == b'&',
        |b| b == b'#' || b.is_ascii_alphanumeric(),
        whatever,
    ],
    [
        |b| b == b'<',
        |b| b == b'/' || b.is_ascii_alphabetic(),
        |b| b.is_ascii_alphanumeric() || matches!(b, b'>' | b' ' | b'/'),
    ],
    // Telex.
    [
        |b| matches!(b, b'u' | b'U' | b'd' | b'D'),
        |b| matches!(b, b'w' | b'W' | b'd' | b'D'),
        whatever,
    ],
    [
        |b| b.is_ascii_alphabetic(),
        |b| matches!(b, b'j' | b'J'),
        |b| !is_vowel(b),
    ],
    [
        |b| matches!(b, b'a' | b'A'),
        |b| matches!(b, b'a' | b'A'),
        |b| b.is_ascii_alphabetic(),
    ],
    [
        |b| matches!(b, b'i' | b'I' | b'y' | b'Y' | b'u' | b'U'),
        |b| matches!(b, b'e' | b'E'),
        |b| matches!(b, b'e' | b'E'),
    ],
    [
        |b| matches!(b, b'u' | b'U'),
        |b| matches!(b, b'o' | b'O'),
        |b| matches!(b, b'o' | b'O'),
    ],
    [
        |b| matches!(b, b'e' | b'E' | b'o' | b'O'),
        |b| matches!(b, b'e' | b'E' | b'o' | b'O'),
        |b| matches!(b, b'f' | b'F' | b'x' | b'X'),
    ],
    // VIQR without a hat.
    [is_vowel, |b| b == b'~', whatever],
    [
        |b| matches!(b, b'o' | b'O' | b'u' | b'U'),
        |b| b == b'+',
        |b| b.is_ascii_alphabetic() || matches!(b, b'\'' | b'`' | b'?' | b'~'),
    ],
];

/// What composing and the steps behind it may read.
const COMPOSED: [Kind; 14] = [
    // Letters of other alphabets, marks, and the ends of lines of Windows.
    [is_beyond_latin, whatever, whatever],
    // Of Latin-1 and the blocks behind it Vietnamese has a few letters.
    [|b| b == 0xc2, |b| matches!(b, 0x80..=0xa0 | 0xad), whatever],
    [|b| b == 0xc3, |b| matches!(b, 0x90 | 0xb0), whatever],
    [
        |b| b == 0xc4,
        |b| !matches!(b, 0x82 | 0x83 | 0x90 | 0x91 | 0xa8 | 0xa9),
        whatever,
    ],
    [|b| b == 0xc5, |b| !matches!(b, 0xa8 | 0xa9), whatever],
    [
        |b| b == 0xc6,
        |b| !matches!(b, 0xa0 | 0xa1 | 0xaf | 0xb0),
        whatever,
    ],
    [|b| b == 0xe1, |b| !matches!(b, 0xba | 0xbb), whatever],
    [|b| b == 0xe1, |b| b == 0xba, |b| b < 0xa0],
    [|b| b == 0xe1, |b| b == 0xbb, |b| b > 0xb9],
    // Quotes, bullets, dots, arrows and boxes are settled; spaces and dashes of their own are not.
    [
        |b| b == 0xe2,
        |b| !matches!(b, 0x80 | 0x82 | 0x86 | 0x96 | 0x97),
        whatever,
    ],
    [
        |b| b == 0xe2,
        |b| matches!(b, 0x80 | 0x82),
        |b| matches!(b, 0x80..=0x97 | 0xa8..=0xaf),
    ],
    // Raised digits in a row.
    [|b| matches!(b, 0xb2 | 0xb3 | 0xb9), |b| b == 0xc2, whatever],
    // A letter alone, beside another one: torn words.
    [|b| b == b' ', |b| b.is_ascii_alphabetic(), |b| b == b' '],
    [
        is_continuation,
        |b| b == b' ',
        |b| b == b' ' || !b.is_ascii(),
    ],
];

/// The bits of the kinds that only composing and what is behind it read.
const OF_COMPOSED: u32 = u32::MAX << WRITTEN_OTHERWISE.len();

const fn whatever(_: u8) -> bool {
    true
}

const fn is_vowel(byte: u8) -> bool {
    matches!(
        byte.to_ascii_lowercase(),
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
    )
}

const fn is_control(byte: u8) -> bool {
    !matches!(byte, b'\n' | b'\t' | b'\r' | b' '..=b'~' | 0x80..=0xff)
        || matches!(byte, b'\\' | b'^')
}

const fn is_beyond_latin(byte: u8) -> bool {
    byte == b'\r' || matches!(byte, 0xc7..=0xff) && !matches!(byte, 0xe1 | 0xe2)
}

/// The first byte of a sign that windows-1252 has for a byte beyond ASCII, but no letter.
const fn is_high(byte: u8) -> bool {
    matches!(byte, 0xc2 | 0xc5 | 0xc6 | 0xe2)
}

const fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

const fn is_continuation(byte: u8) -> bool {
    matches!(byte, 0x80..=0xbf)
}

/// For each byte the kinds in which it may stand first, second and third: a bit for each.
static PLACES: LazyLock<[[u32; 3]; 256]> = LazyLock::new(|| {
    let mut places = [[0; 3]; 256];
    let kinds = WRITTEN_OTHERWISE.iter().chain(&COMPOSED);
    for (bit, kind) in kinds.enumerate() {
        for (byte, bits) in (0..=u8::MAX).zip(places.iter_mut()) {
            for (may_stand, bits) in kind.iter().zip(bits.iter_mut()) {
                *bits |= u32::from(may_stand(byte)) << bit;
            }
        }
    }
    places
});

/// What the last two bytes may begin: the last one first of three, and both first and second.
type Begun = (u32, u32);

/// The kinds of the places that end within the bytes, and what is begun behind them.
fn kinds_within(places: &[[u32; 3]; 256], begun: Begun, bytes: &[u8]) -> (u32, Begun) {
    let (mut one, mut two) = begun;
    let mut met = 0;
    for byte in bytes {
        let [first, second, third] = places.get(usize::from(*byte)).copied().unwrap_or_default();
        met |= two & third;
        two = one & second;
        one = first;
    }
    (met, (one, two))
}

fn doubtful_places(text: &str) -> Unsettled {
    let places = &*PLACES;
    let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK_BYTES>();
    // Two zeros behind the text end the last places.
    let mut tail = rest.to_vec();
    tail.extend([0, 0]);
    let blocks = blocks.iter().map(<[u8; BLOCK_BYTES]>::as_slice);
    let mut begun = (0, 0);
    let mut start = 0;
    let mut worst = Unsettled::Nothing;
    for block in blocks.chain([tail.as_slice()]) {
        let (met, next) = kinds_within(places, begun, block);
        if met != 0 {
            worst = worst.max(doubts(places, begun, block, |at| {
                let place = (start + at).checked_sub(2);
                place.is_some_and(|place| may_be_read(text, place))
            }));
            if worst == Unsettled::Anything {
                break;
            }
        }
        begun = next;
        start += block.len();
    }
    worst
}

/// What may be read of the places that end within the block, when they are looked at closely.
fn doubts(
    places: &[[u32; 3]; 256],
    mut begun: Begun,
    block: &[u8],
    looked_at: impl Fn(usize) -> bool,
) -> Unsettled {
    let mut worst = Unsettled::Nothing;
    for (at, byte) in block.chunks(1).enumerate() {
        let (met, next) = kinds_within(places, begun, byte);
        begun = next;
        let kind = match met {
            0 => continue,
            _ if met & !OF_COMPOSED == 0 => Unsettled::Signs,
            _ => Unsettled::Anything,
        };
        if kind > worst && looked_at(at) {
            worst = kind;
        }
    }
    worst
}

/// Whether a step may read what stands at a place as something else.
fn may_be_read(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let next = bytes.get(at + 1).copied().unwrap_or(0);
    let rest = || text.get(at..).unwrap_or_default();
    match bytes.get(at).copied().unwrap_or(0) {
        first if first.is_ascii_alphabetic() && b"jJ~+eEoO".contains(&next) => true,
        b'a' | b'A' if matches!(next, b'a' | b'A') => true,
        b'&' => reference_at(rest()).is_some(),
        b'<' => tag_at(rest()).is_some(),
        b'd' | b'D' => {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            matches!(next, b'd' | b'D') && !before.is_some_and(u8::is_ascii_alphanumeric)
        }
        b'u' | b'U' => matches!(next, b'w' | b'W') || next == b'+',
        0xc3 => {
            matches!(next, 0x90 | 0xb0)
                || mojibake::letter_at(rest()).is_some()
                || mojibake::has_lost_byte(rest())
        }
        b' ' => spaced::parts_letters(text, at) || spaced::parts_letters(text, at + 2),
        0x80..=0xbf => next == 0xc2 || spaced::parts_letters(text, at + 1),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::read;
    use proptest::prelude::*;

    /// Texts with all that is read otherwise, and many that are not.
    const TEXTS: [&str; 10] = [
        include_str!("../../tests/corpus/encodings.toml"),
        include_str!("../../tests/corpus/harmless.toml"),
        include_str!("../../tests/corpus/numbers.toml"),
        include_str!("../../tests/corpus/people.toml"),
        include_str!("../../tests/corpus/records.toml"),
        include_str!("../../tests/corpus/secrecy.toml"),
        include_str!("../../tests/corpus/disguises/disguises.toml"),
        include_str!("../../tests/records/forms.toml"),
        include_str!("../../tests/records/lists.toml"),
        include_str!("../../tests/fixtures/documents/cong-van-tap-huan.txt"),
    ];

    /// Whether what is left out changes nothing.
    fn holds(text: &str) -> bool {
        let unsettled = unsettled(text);
        let whole = read(text, Unsettled::Anything);
        match unsettled {
            Unsettled::Nothing => whole.text() == text,
            Unsettled::Signs | Unsettled::Anything => whole.text() == read(text, unsettled).text(),
        }
    }

    #[test]
    fn a_settled_text_is_one_that_no_step_changes() {
        for text in TEXTS {
            assert!(holds(text));
            for line in text.lines() {
                assert!(holds(line), "{line}");
            }
        }
    }

    #[test]
    fn most_texts_are_settled() {
        for text in [
            "Ủy ban nhân dân xã Ví Dụ, ngày 15/7/2026: tăng 5 % (“quý III”) … 345,6 m²; R&D",
            "Công dân có hộ khẩu tại xã\nCác thôn\n",
            "| STT | y tế | ở đâu |\n",
        ] {
            assert_eq!(unsettled(text), Unsettled::Nothing, "{text}");
        }
    }

    #[test]
    fn dashes_marks_and_ends_of_lines_need_no_more_than_composing() {
        for text in [
            "từ 1–5\u{a0}m",
            "tie\u{302}\u{301}ng",
            "một\r\nhai",
            "✔ xong 😀",
        ] {
            assert_eq!(unsettled(text), Unsettled::Signs, "{text}");
        }
    }

    /// Pieces at the edge of what the kinds tell.
    fn edgy() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            "[ a-zA-Z0-9%=&<#^+wdU]{1,5}",
            "[à-ỹ ]{1,4}",
            prop::sample::select(vec![
                " a ", " ở ", " ý  ", "đ ", "à ố ", "á“", "Ã¡", "²", "³¹", "ba ", "không ", "7 ",
                "₫", "…", "–", "**x**", "**", "😀", "\u{301}", "\u{fffd}", "=\r\n", "Ð", "ω",
                "=C4", "%4", "%41%", "uw", " dd", "1<b>", "&lt;", "\r\n", "café ", "soá ",
                "\u{1e80}", "\u{1efa}",
            ])
            .prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn no_step_changes_a_settled_text(text in edgy()) {
            prop_assert!(holds(&text));
        }
    }
}
