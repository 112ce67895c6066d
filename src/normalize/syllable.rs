//! Is this a Vietnamese syllable, and which syllables is a run of letters?
//!
//! Vietnamese has few syllables: 28 onsets, some 160 rhymes, six tones, and a rhyme that ends in
//! c, ch, p or t bears only two of them. What a charset makes of a word is right when it is one.
//!
//! Never: meaning; names of other peoples are no syllables here.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
];

static RHYMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
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

/// Whether the word is a Vietnamese syllable, in any case.
pub(super) fn is_syllable(word: &str) -> bool {
    let mut bare = String::new();
    let mut tone = None;
    for mark in word.nfd() {
        if is_tone(mark) {
            if tone.replace(mark).is_some() {
                return false;
            }
        } else {
            bare.extend(mark.to_lowercase());
        }
    }
    let bare: String = bare.nfc().collect();
    if bare.chars().count() > LETTERS_MAX {
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
