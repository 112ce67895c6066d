//! How much do the words of a line speak for a former encoding?
//!
//! In: a line and an encoding. Out: votes for and against it. A word speaks for it whose reading is
//! a Vietnamese syllable while it is none as it stands.
//!
//! Never: which encoding is right; [`super::charset`] weighs that.

use crate::model::part::Span;
use crate::normalize::character::is_invisible;
use crate::normalize::charset::{belongs, words};
use crate::normalize::legacy::{Charset, decode, is_tcvn3_sign};
use crate::normalize::syllable::is_syllable;
use crate::normalize::telex;

/// So much speaks for an encoding in a line of few words, such as a label.
const SURE_LEAST: usize = 2;

/// What the words of a line say for one encoding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    /// Readings that are syllables, of words that are none.
    pub good: usize,
    /// Readings that are none.
    pub bad: usize,
    /// Words spelled as in no other language, which count twice.
    sure: usize,
}

impl Votes {
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            good: self.good + other.good,
            bad: self.bad + other.bad,
            sure: self.sure + other.sure,
        }
    }

    pub(super) const fn carry(self, least: usize) -> bool {
        let is_short_and_sure = self.sure > 0 && self.bad == 0 && self.good >= SURE_LEAST;
        (self.good >= least || is_short_and_sure) && self.good >= 2 * self.bad
    }
}

/// What the words of the line say.
pub(super) fn votes(charset: Charset, line: &str) -> Votes {
    let mut votes = Votes::default();
    let is_eight_bit = matches!(charset, Charset::Tcvn3 | Charset::Vni | Charset::Cp1258);
    if is_eight_bit && !line.chars().any(|c| !c.is_ascii() && belongs(charset, c)) {
        return votes;
    }
    let whole = Span::new(0, line.len());
    for word in words(charset, line, whole) {
        let written = word.of(line);
        match charset {
            Charset::Telex => vote_telex(written, &mut votes),
            Charset::Viqr => vote_viqr(written, &mut votes),
            Charset::Tcvn3 | Charset::Vni | Charset::Cp1258 => {
                vote_eight_bit(charset, written, &mut votes);
            }
        }
    }
    if charset == Charset::Telex && votes.bad > votes.good {
        // Most words would be none in Vietnamese: another language, with doubled letters.
        votes.good = 0;
    }
    votes
}

fn vote_eight_bit(charset: Charset, written: &str, votes: &mut Votes) {
    // Signs alone are signs, and µ before a letter is a measure.
    let has_letter = written.bytes().any(|byte| byte.is_ascii_alphabetic());
    if written.is_ascii() || !has_letter || written.starts_with('µ') {
        return;
    }
    let visible: String = written.chars().filter(|c| !is_invisible(*c)).collect();
    let read = decode(charset, written);
    let fits = is_syllable(&read) && is_read_whole(charset, written, &read);
    match (fits, is_syllable(&visible) && !has_raised_letter(written)) {
        // A sign inside a word that is none of any language's letters speaks twice.
        (true, false) if charset == Charset::Tcvn3 && written.chars().any(is_tcvn3_sign) => {
            votes.good += 2;
        }
        (true, false) if has_own_pair(charset, written) => votes.good += 2,
        (true, false) => votes.good += 1,
        (false, _) => votes.bad += 1,
        (true, true) => {}
    }
}

/// Whether a capital beyond ASCII stands behind a small letter: `theÒ`.
fn has_raised_letter(written: &str) -> bool {
    let mut pairs = written.chars().zip(written.chars().skip(1));
    pairs.any(|(first, second)| first.is_lowercase() && second.is_uppercase() && !second.is_ascii())
}

/// Whether two letters stand side by side as in no language: VNI writes `eâ` for one letter, and in
/// TCVN3 and windows-1258 a capital may stand for a small letter or its tone.
fn has_own_pair(charset: Charset, written: &str) -> bool {
    let mut pairs = written.chars().zip(written.chars().skip(1));
    let is_raised = charset != Charset::Vni && has_raised_letter(written);
    is_raised
        || pairs.any(|(first, second)| match charset {
            Charset::Vni => {
                "aeAE".contains(first) && "áàÁÀ".contains(second)
                    || "aeoAEO".contains(first) && "âåäãûùøõúüÂÅÄÃÛÙØÕÚÜ".contains(second)
                    || "uöôUÖÔ".contains(first) && "ûùøõïÛÙØÕÏ".contains(second)
            }
            Charset::Cp1258 => "aeuyâêôãýõ".contains(first) && "ìòð".contains(second),
            Charset::Tcvn3 | Charset::Viqr | Charset::Telex => false,
        })
}

/// Whether no sign of the word was left as it was: a letter that the encoding does not have.
fn is_read_whole(charset: Charset, written: &str, read: &str) -> bool {
    let shared = "ÀÁÂÈÉÊÙÚÔÓàáâèéêùúôó";
    charset != Charset::Tcvn3
        || written.chars().count() == read.chars().count()
            && !written
                .chars()
                .zip(read.chars())
                .any(|(was, is)| was == is && !was.is_ascii() && !shared.contains(was))
}

fn vote_viqr(written: &str, votes: &mut Votes) {
    let has_hat = written.contains(['^', '(', '+']);
    let read = decode(Charset::Viqr, written);
    let is_read = is_syllable(read.trim_end_matches(['.', '?', '\'', '~', '`', '(']));
    if has_hat && is_read {
        // A hat and a tone: "be^.nh".
        let is_sure = written
            .matches(['^', '(', '+', '\'', '`', '?', '~', '.'])
            .count()
            > 1;
        votes.good += if is_sure { 2 } else { 1 };
        votes.sure += 1;
    } else if has_hat {
        votes.bad += 1;
    } else if is_read && has_inner_tone(written) {
        votes.good += 1;
        votes.sure += usize::from(written.contains('~'));
    }
}

/// Whether a sign for a tone stands within the word: "ho.c". At its end it may be a quote or a stop.
fn has_inner_tone(written: &str) -> bool {
    let bare = written.trim_end_matches(['.', '?', '\'', '`']);
    bare.contains(['.', '?', '\'', '~', '`'])
}

fn vote_telex(written: &str, votes: &mut Votes) {
    let typed = telex::compose(written);
    // "VNeID" is a name of no language.
    let is_mixed = written.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        && written.bytes().any(|b| b.is_ascii_lowercase());
    let is_known =
        is_mixed || is_syllable(written) || written.bytes().all(|b| b.is_ascii_uppercase());
    if is_syllable(&typed.word) && typed.word != written {
        // One key alone makes syllables of English words too: "is", "too".
        let is_sure = typed.hats > 0 && (typed.has_tone || typed.word.starts_with(['đ', 'Đ']))
            || typed.word.contains(['ư', 'Ư']);
        let is_own = has_telex_keys(written) || typed.word.contains(['ư', 'Ư']);
        votes.good += usize::from(is_sure || is_own) + usize::from(is_own);
        votes.sure += usize::from(is_own);
    } else if !is_known && written.len() > 1 {
        votes.bad += 1;
    }
}

/// Whether there are signs of VIQR: a hat, a horn within a word, or a tilde behind a vowel.
pub(super) fn has_viqr_signs(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    memchr::memchr(b'^', bytes).is_some()
        || memchr::memchr_iter(b'+', bytes).any(|place| {
            let before = place.checked_sub(1).map_or(b' ', at);
            let after = at(place + 1);
            matches!(before, b'o' | b'O' | b'u' | b'U')
                && (after.is_ascii_alphabetic() || matches!(after, b'\'' | b'`' | b'?' | b'~'))
        })
        || memchr::memchr_iter(b'~', bytes).any(|at| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            before.is_some_and(is_vowel_key)
        })
}

const fn is_vowel_key(byte: &u8) -> bool {
    matches!(
        byte.to_ascii_lowercase(),
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
    )
}

/// Whether a word has keys as no other language has letters: a `j` before a consonant or at the end,
/// `aa` before a letter, or a rhyme of two vowels with a hat.
fn has_telex_keys(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |at: usize| bytes.get(at).copied().unwrap_or(b' ').to_ascii_lowercase();
    let has_tone = memchr::memchr2_iter(b'j', b'J', bytes).any(|place| {
        let before = place.checked_sub(1).map_or(b' ', at);
        let after = at(place + 1);
        before.is_ascii_lowercase()
            && before != b'j'
            && (!after.is_ascii_alphanumeric() || matches!(after, b'c' | b'm' | b'n' | b't' | b'p'))
    });
    has_tone
        || ["aa", "AA", "Aa"].iter().any(|pair| {
            memchr::memmem::find_iter(bytes, pair)
                .any(|place| at(place + 2).is_ascii_lowercase() && at(place + 2) != b'a')
        })
        || bytes
            .windows(4)
            .any(|keys| has_own_rhyme(keys.first_chunk()))
}

/// Whether the keys begin `iê`, `yê`, `uê` or `uô` behind another letter than `q`, or end a hat with
/// a tone before a consonant: `vieen`, `thuees`, `hoofng`.
fn has_own_rhyme(keys: Option<&[u8; 4]>) -> bool {
    let Some(keys) = keys.map(|keys| keys.map(|key| key.to_ascii_lowercase())) else {
        return false;
    };
    match keys {
        [before, b'i' | b'y' | b'u', b'e', b'e'] | [before, b'u', b'o', b'o'] => {
            before.is_ascii_alphabetic() && before != b'q'
        }
        [b'o', b'o', b'f' | b'x', after] | [b'e', b'e', b'f' | b'x', after] => {
            matches!(after, b'n' | b'm' | b'c' | b'p' | b'i' | b'u')
        }
        _ => false,
    }
}

/// Whether there are pairs of letters that Telex Vietnamese always has and English never:
/// "uw", or "dd" at the beginning of a word.
pub(super) fn has_telex_signs(text: &str) -> bool {
    let bytes = text.as_bytes();
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at));
    let has_horn = memchr::memchr2_iter(b'w', b'W', bytes)
        .any(|at| before(at).is_some_and(|byte| matches!(byte, b'u' | b'U')));
    has_horn
        || has_telex_keys(text)
        || ["dd", "DD", "Dd"].iter().any(|bar| {
            memchr::memmem::find_iter(bytes, bar)
                .any(|at| !before(at).is_some_and(u8::is_ascii_alphanumeric))
        })
}
