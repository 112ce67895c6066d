//! Which words were torn in two, as text taken from a PDF is: "Ph ạm V ăn Thử, s inh n gày"?
//!
//! In: composed text. Out: the spaces within its words, to be read as nothing.
//!
//! Never: single letters in a row; `spaced` reads those. A few letters that stand alone tell nothing,
//! as points of a law and the initials of a judgment do: what is left of words in small letters must
//! stand in the text again and again.

use unicode_normalization::UnicodeNormalization;

use crate::model::part::Span;
use crate::normalize::edits::Replacement;
use crate::normalize::syllable::{is_syllable, words_of};

/// So many words that were put together, and did not begin with a single capital, tell that words are
/// torn ...
const SURE_MIN: usize = 3;
/// ... if one word in so many is a rest of one.
const WORDS_FOR_REST: usize = 100;
/// Each time after so many words it is asked whether rests are seldom.
const GLANCE_SPACES: usize = 64;
/// Words of one vowel and what may end it; behind an open syllable these are no rests of it.
const WORDS: [&str; 46] = [
    "ai", "anh", "ao", "áo", "ăn", "ấp", "ấy", "ân", "âm", "em", "én", "ép", "êm", "ích", "in",
    "ít", "oan", "ong", "ông", "ốm", "ơn", "ở", "ổn", "ôm", "ôn", "ốc", "ổ", "uống", "út", "uy",
    "ưng", "ước", "ưu", "ý", "yên", "yêu", "yếu", "ứng", "ủy", "uỷ", "ức", "ảnh", "ánh", "án",
    "an", "ác",
];

/// The spaces within torn words.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    if !has_rests(text) {
        return Vec::new();
    }
    let words: Vec<Span> = words_of(text).collect();
    let mut joins = Vec::new();
    let mut sure = 0;
    let mut at = 0;
    while let Some(pair) = words.get(at..at + 2) {
        let beyond = words.get(at + 2).copied();
        let is_torn = match pair {
            [first, second] => is_torn(text, *first, *second, beyond),
            _ => false,
        };
        if let Some(first) = pair.first().filter(|_| is_torn) {
            let space = Span::new(first.end, first.end + 1);
            joins.push(Replacement::new(space, String::new()));
            sure += usize::from(!is_initial(first.of(text)));
            at += 1;
        }
        at += 1;
    }
    let are_torn = sure >= SURE_MIN || sure + 1 == SURE_MIN && joins.len() > SURE_MIN;
    match are_torn {
        true => joins,
        false => Vec::new(),
    }
}

/// Whether two words are one that was torn; the word beyond them may belong to the second.
fn is_torn(text: &str, first: Span, second: Span, beyond: Option<Span>) -> bool {
    let is_beside =
        |a: Span, b: Span| a.end + 1 == b.start && Span::new(a.end, b.start).of(text) == " ";
    let (one, two) = (first.of(text), second.of(text));
    if !is_beside(first, second) || !goes_on(one, two) || !is_joined(one, two) {
        return false;
    }
    if !is_syllable(one) {
        return true;
    }
    if is_syllable(two) {
        let opens = two.chars().next().is_some_and(is_vowel);
        return opens && one.chars().next_back().is_some_and(is_vowel) && !WORDS.contains(&two);
    }
    // "có t hể" is no "cót".
    !beyond.is_some_and(|beyond| {
        let three = beyond.of(text);
        is_beside(second, beyond)
            && goes_on(two, three)
            && is_joined(two, three)
            && !WORDS.contains(&three)
    })
}

/// Whether two words together are a syllable, and one that is written so: "gh" stands before e and i.
fn is_joined(one: &str, two: &str) -> bool {
    let opens_narrow = matches!(one, "g" | "gh" | "ng" | "ngh" | "n")
        && two.trim_start_matches(['g', 'h']).len() < two.len();
    let vowel = two.trim_start_matches(['g', 'h']).chars().next();
    let is_narrow = vowel.is_none_or(|vowel| {
        let base = std::iter::once(vowel).nfd().next();
        matches!(base, Some('e' | 'i'))
    });
    (!opens_narrow || is_narrow || two.starts_with('g')) && is_syllable(&format!("{one}{two}"))
}

/// Whether the letters of a word could go on so: in small letters, or all in capitals.
fn goes_on(one: &str, two: &str) -> bool {
    let is_capital = |word: &str| word.chars().all(char::is_uppercase);
    two.chars().all(char::is_lowercase)
        || is_capital(two) && is_capital(one) && one.len() + two.len() > 2
}

/// Whether what is left of words stands behind the spaces of a text often enough: consonants, and
/// not a single one in capitals. Most texts tell in their first words that nothing is torn.
fn has_rests(text: &str) -> bool {
    let (mut spaces, mut rests) = (0, 0);
    for space in memchr::memchr_iter(b' ', text.as_bytes()) {
        spaces += 1;
        let behind = text.as_bytes().get(space + 1..).unwrap_or_default();
        rests += usize::from(opens_with_rest(behind));
        if spaces % GLANCE_SPACES == 0 && rests * WORDS_FOR_REST < spaces {
            return false;
        }
    }
    rests > 0 && rests * WORDS_FOR_REST >= spaces
}

fn opens_with_rest(behind: &[u8]) -> bool {
    let is_consonant = |byte: u8| byte.is_ascii_lowercase() && !is_vowel(char::from(byte));
    match behind {
        [one, b' ', ..] => is_consonant(*one),
        [one, two, b' ', ..] => is_consonant(one.to_ascii_lowercase()) && is_consonant(*two),
        _ => false,
    }
}

/// Whether the word is one capital, as initials are.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

/// Whether the letter is a vowel, whatever its marks.
fn is_vowel(letter: char) -> bool {
    let base = match letter.is_ascii() {
        true => Some(letter),
        false => std::iter::once(letter).nfd().next(),
    };
    base.is_some_and(|base| "aeiouyAEIOUY".contains(base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        apply(text, &words(text)).0
    }

    #[test]
    fn torn_words_are_put_together() {
        for (written, meant) in [
            (
                "Ông Ph ạm V ăn Th ử, s inh n gày 12/03/1980, t rú tại t hôn Mẫu",
                "Ông Phạm Văn Thử, sinh ngày 12/03/1980, trú tại thôn Mẫu",
            ),
            (
                "Bà Trần T hị Ma i ở xã n ày c ó t hể làm ở trườn g họ c",
                "Bà Trần Thị Mai ở xã này có thể làm ở trường học",
            ),
        ] {
            assert_eq!(read(written), meant);
        }
    }

    #[test]
    fn points_of_a_law_and_initials_stay() {
        for text in [
            "Điểm b khoản 2, điểm c khoản 3, điểm d khoản 4 Điều 5 của Luật này",
            "Anh T hỏi chị H ở đâu, bà N gọi ông L, cháu K ăn",
            "nhóm n, nhóm m, lớp 5 b, lớp 5 c ở trường",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
