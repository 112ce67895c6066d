//! Do the words before a value only hand it over: "Hùng:", `[10:22] Lan: dạ`, "số của em đây:"?
//!
//! Then its label stands in the line before, where somebody asked for it.
//!
//! Never: what the value is.

use std::sync::LazyLock;

use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_of_word};
use crate::detect::words::{self, WordSet};

const NAMES: &str = include_str!("../../patterns/words/names.txt");
const CODES: &str = include_str!("../../patterns/words/codes.txt");
/// What is longer says something.
const BYTES_MAX: usize = 64;
/// Who speaks and when is told in so many bytes.
const SPEAKER_BYTES_MAX: usize = 48;
/// A name, and a few words.
const WORDS_MAX: usize = 7;

/// Given names in small letters, with and without their diacritics.
static GIVEN: LazyLock<WordSet> = LazyLock::new(|| either_way(words::syllables(NAMES, "given")));
/// The small words.
static SMALL: LazyLock<WordSet> =
    LazyLock::new(|| either_way(words::syllables(CODES, "handing over")));

fn either_way(full: WordSet) -> WordSet {
    let plain: Vec<String> = full.iter().map(folded).collect();
    full.into_iter().chain(plain).collect()
}

/// Whether the word, in small letters, may be a given name.
pub(super) fn is_name(small: &str) -> bool {
    GIVEN.contains(small)
}

/// Whether the word, in small letters, only hands over.
pub(super) fn is_small_word(small: &str) -> bool {
    SMALL.contains(small)
}

/// Whether the words, which begin a line, only hand over what follows.
pub(super) fn only_hands_over(lead: &str) -> bool {
    if lead.len() > BYTES_MAX || lead.contains(['\t', ';', '<']) {
        return false;
    }
    let bare = lead.trim_start();
    let bare = match bare.strip_prefix('[') {
        Some(time) => time.split_once(']').map_or(bare, |(_, rest)| rest),
        None => bare,
    };
    let words = bare.split(|c: char| !is_of_word(c));
    let mut count = 0;
    words.filter(|word| !word.is_empty()).all(|word| {
        count += 1;
        let small = in_small(word);
        let is_known = is_name(&small) || is_small_word(&small);
        let is_time = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        count <= WORDS_MAX && (is_known || is_time)
    })
}

/// What somebody says in a chat, without who says it when: `[14:05] Trưởng thôn 3: ông Thử`. A
/// line in which nothing is said yet is left whole.
pub(super) fn behind_speaker(line: &str) -> &str {
    let told = || {
        let near = line.get(..line.floor_char_boundary(2 * SPEAKER_BYTES_MAX))?;
        let (time, rest) = near.trim_start().strip_prefix('[')?.split_once(']')?;
        let (speaker, said) = rest.split_once(": ")?;
        let is_time = time.len() <= SPEAKER_BYTES_MAX && time.contains(':');
        let said = line.get(near.len() - said.len()..)?;
        let is_said = said.contains(is_of_word) && !only_hands_over(said);
        (is_time && is_said && speaker.len() <= SPEAKER_BYTES_MAX).then_some(said)
    };
    told().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_speaks_is_told_apart_from_what_is_said() {
        for (line, said) in [
            ("[14:05] Trưởng thôn 3: ông Thử 1941 ", "ông Thử 1941 "),
            ("[10:22] Lan: dạ ", "[10:22] Lan: dạ "),
            ("Trưởng thôn 3: ông Thử ", "Trưởng thôn 3: ông Thử "),
        ] {
            assert_eq!(behind_speaker(line), said);
        }
    }

    #[test]
    fn speakers_and_small_words_hand_over_and_labels_do_not() {
        for lead in [
            "Hùng: ",
            "[10:22] Lan Anh: dạ ",
            "dạ số của em đây ạ: ",
            "Trả lời: ",
            "Số: ",
            "10:05 Hung: ",
        ] {
            assert!(only_hands_over(lead), "{lead}");
        }
        for lead in ["Mã hồ sơ: ", "Số phiếu ", "Quê quán: ", "tổng là "] {
            assert!(!only_hands_over(lead), "{lead}");
        }
    }
}
