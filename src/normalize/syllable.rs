//! Is this a Vietnamese syllable, and which syllables is a run of letters?
//!
//! Vietnamese has few syllables: 28 onsets, some 160 rhymes, six tones, and a rhyme that ends in
//! c, ch, p or t bears only two of them. What a charset makes of a word is right when it is one.
//!
//! Never: meaning; names of other peoples are no syllables here.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization;

use crate::model::part::Span;

const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
];

static RHYMES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
     e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu \
     im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt \
     oc oe oen oeo oet oi om on ong oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân \
     uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên \
     uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng \
     yêt yêu"
        .split_ascii_whitespace()
        .collect()
});

/// No syllable has more letters (`nghiêng`).
pub(super) const LETTERS_MAX: usize = 7;

/// A tone mark, as the combining character that Unicode writes it with.
pub(super) const fn is_tone(mark: char) -> bool {
    matches!(
        mark,
        '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'
    )
}

/// A letter of Vietnamese in lower case without its tone, and the tone.
type Toned = (char, Option<char>);

/// Behind the letters of which [`TONED`] tells; those with a tone stand in two places.
const LATIN_END: usize = 0x250;
const MARKED_START: usize = 0x1ea0;
const MARKED_END: usize = 0x1efa;

static TONED: LazyLock<Vec<Toned>> = LazyLock::new(|| {
    let codes = (0..LATIN_END).chain(MARKED_START..MARKED_END);
    let letters = codes.filter_map(|code| u32::try_from(code).ok().and_then(char::from_u32));
    letters.map(toned).collect()
});

/// Takes a letter and its tone apart.
fn toned(letter: char) -> Toned {
    let mut tone = None;
    let marks = std::iter::once(letter).nfd();
    let bare: String = marks
        .filter(|mark| !(is_tone(*mark) && tone.replace(*mark).is_none()))
        .nfc()
        .collect();
    let small = bare.chars().flat_map(char::to_lowercase).next();
    (small.unwrap_or(letter), tone)
}

/// The same, looked up where it is known.
fn toned_of(known: &[Toned], letter: char) -> Option<Toned> {
    let place = match letter as usize {
        code @ 0..LATIN_END => code,
        code @ MARKED_START..MARKED_END => code - MARKED_START + LATIN_END,
        _ => return None,
    };
    known.get(place).copied()
}

/// The words of a text: letters that follow one another.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    text.split_inclusive(|c: char| !c.is_alphabetic())
        .filter_map(move |piece| {
            let start = at;
            at += piece.len();
            let word = piece.trim_end_matches(|c: char| !c.is_alphabetic());
            (!word.is_empty()).then_some(Span::new(start, start + word.len()))
        })
}

/// Whether the word is a Vietnamese syllable, in any case.
pub(super) fn is_syllable(word: &str) -> bool {
    let composed: Cow<'_, str> = match word.contains(is_loose) {
        true => word.nfc().collect(),
        false => word.into(),
    };
    let known = &**TONED;
    let mut bare = String::with_capacity(2 * LETTERS_MAX);
    let mut tone = None;
    for letter in composed.chars() {
        let Some((small, mark)) = toned_of(known, letter) else {
            return false;
        };
        if mark.is_some() && std::mem::replace(&mut tone, mark).is_some()
            || bare.len() >= 2 * LETTERS_MAX
        {
            return false;
        }
        bare.push(small);
    }
    is_bare_syllable(&bare, tone)
}

/// Whether the character is a mark that stands behind its letter.
const fn is_loose(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn is_bare_syllable(bare: &str, tone: Option<char>) -> bool {
    if bare.len() > LETTERS_MAX && bare.chars().count() > LETTERS_MAX {
        return false;
    }
    let is_stopped = ["c", "ch", "p", "t"].iter().any(|end| bare.ends_with(end));
    let bears_tone = !is_stopped || matches!(tone, None | Some('\u{301}' | '\u{323}'));
    bears_tone
        && ONSETS.iter().any(|onset| {
            bare.strip_prefix(onset)
                .is_some_and(|rhyme| RHYMES.contains(rhyme))
        })
}

/// How good a split is: few syllables that begin with a vowel, then few syllables.
type Cost = (usize, usize);

/// The syllables that the letters are when written without spaces; empty where they are none.
/// Of splits that are equally good the one with the longer onsets: `số căn`, not `sốc ăn`.
pub(super) fn syllables(letters: &[char]) -> Vec<String> {
    // From the end: the cost of each tail, and the length of its first syllable.
    let mut best: Vec<Option<(Cost, usize)>> = vec![None; letters.len() + 1];
    if let Some(end) = best.last_mut() {
        *end = Some(((0, 0), 0));
    }
    for start in (0..letters.len()).rev() {
        let longest = LETTERS_MAX.min(letters.len() - start);
        let splits = (1..=longest).filter_map(|length| {
            let ((vowels, count), _) = best.get(start + length).copied().flatten()?;
            let word: String = letters.get(start..start + length)?.iter().collect();
            let begins_with_vowel = usize::from(is_vowel(&word));
            is_syllable(&word).then_some(((vowels + begins_with_vowel, count + 1), length))
        });
        let chosen = splits.min();
        if let Some(place) = best.get_mut(start) {
            *place = chosen;
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(Some((_, length))) = best.get(at).copied().filter(|_| at < letters.len()) {
        found.extend(
            letters
                .get(at..at + length)
                .map(|word| word.iter().collect::<String>()),
        );
        at += length;
    }
    found
}

/// Whether the word begins with a vowel.
fn is_vowel(word: &str) -> bool {
    let base = word.nfd().next();
    base.is_some_and(|base| "aeiouyAEIOUY".contains(base))
}

/// Whether the text has letters that only Unicode gives Vietnamese: ă đ ơ ư and those with two
/// marks, or marks of their own.
pub(super) fn has_vietnamese(text: &str) -> bool {
    let bytes = text.as_bytes();
    // ẠẢ...ỹ are U+1EA0 to U+1EF9: E1 BA, E1 BB.
    memchr::memchr_iter(0xe1, bytes).any(|at| matches!(bytes.get(at + 1), Some(0xba | 0xbb)))
        || bytes.windows(2).any(|pair| {
            matches!(
                pair,
                // Ă ă Đ đ Ĩ ĩ | Ũ ũ | Ơ ơ | Ư ư | combining marks
                [0xc4, 0x82 | 0x83 | 0x90 | 0x91 | 0xa8 | 0xa9]
                    | [0xc5, 0xa8 | 0xa9]
                    | [0xc6, 0xa0 | 0xa1 | 0xaf | 0xb0]
                    | [0xcc, 0x80..=0xa3]
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in [
            "căn", "cước", "TUYỆT", "Mật", "giấy", "quyền", "thoại", "nghiêng", "là", "ý", "gì",
            "Nguyễn", "hoá", "hóa", "thuỷ", "quốc", "giếng",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in [
            "très",
            "für",
            "naïve",
            "mẳt",
            "Windowsđ",
            "été",
            "ắrien",
            "q",
            "b",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn letters_without_spaces_are_split_up() {
        let split = |text: &str| syllables(&text.chars().collect::<Vec<_>>()).join(" ");
        assert_eq!(split("sốđiệnthoại"), "số điện thoại");
        assert_eq!(split("căncướccôngdân"), "căn cước công dân");
        assert_eq!(split("sốcăncước"), "số căn cước");
        assert_eq!(split("CCCD"), "");
    }
}
