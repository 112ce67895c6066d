//! Which words were torn into letters, as text taken from a PDF is?
//!
//! In: composed text. Out: runs such as `s ố  đ i ệ n` to be read as words. Where the spaces
//! between words cannot be told from those between letters, Vietnamese syllables tell them.
//!
//! Never: digits; rules know that numbers are written in groups. Stamps in spaced capitals
//! (`M Ậ T`) are words that rules know too.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;
use crate::normalize::syllable::syllables;

/// Fewer single letters in a row are as well a list: "a b c".
const LETTERS_MIN: usize = 4;
/// Every run of that many letters covers one of the places looked at.
const STRIDE: usize = 5;

/// The torn words.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    let mut found: Vec<Replacement> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = found.last().map_or(0, |last| last.span.end);
        let probe = text.ceil_char_boundary(at);
        let step = match run_at(text, probe, start) {
            Some(run) if run.letters.len() >= LETTERS_MIN => {
                let end = run.span.end;
                found.push(Replacement::new(run.span, joined(&run)));
                end - at.min(end)
            }
            Some(_) | None => 0,
        };
        at += step.max(STRIDE);
    }
    found
}

/// Single letters, each followed by spaces.
struct Run {
    span: Span,
    /// Each letter, and how many spaces stand behind it.
    letters: Vec<(char, usize)>,
}

/// The run of single letters around a place, not reaching before `start`.
fn run_at(text: &str, probe: usize, start: usize) -> Option<Run> {
    let bytes = text.as_bytes();
    // Cheap test first: in a run, one of two neighbours is a space, and single letters follow.
    let near = text.get(probe..)?.chars().take(4);
    if near.clone().filter(|c| *c == ' ').count() == 0 {
        return None;
    }
    let mut from = probe;
    // Back to where the run begins: letters alone between spaces.
    let mut back = text.get(start..probe)?.char_indices().rev().peekable();
    let mut was_letter = text.get(probe..)?.starts_with(char::is_alphabetic);
    while let Some((at, c)) = back.next() {
        if c == ' ' {
            was_letter = false;
        } else if c.is_alphabetic() && !was_letter {
            let is_alone = back
                .peek()
                .is_none_or(|(_, before)| !before.is_alphanumeric());
            if !is_alone {
                break;
            }
            was_letter = true;
            from = start + at;
        } else {
            break;
        }
    }
    if !text.get(from..)?.starts_with(char::is_alphabetic) {
        from += text.get(from..)?.find(char::is_alphabetic)?;
    }
    let before = text.get(..from)?.chars().next_back();
    if before.is_some_and(char::is_alphanumeric) || from > probe + STRIDE {
        return None;
    }
    debug_assert!(from <= bytes.len());
    Some(letters_from(text, from))
}

fn letters_from(text: &str, from: usize) -> Run {
    let mut letters = Vec::new();
    let mut end = from;
    let mut chars = text
        .get(from..)
        .unwrap_or_default()
        .char_indices()
        .peekable();
    while let Some((at, c)) = chars.next_if(|(_, c)| c.is_alphabetic()) {
        let is_alone = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
        if !is_alone {
            break;
        }
        let mut spaces = 0;
        while chars.next_if(|(_, c)| *c == ' ').is_some() {
            spaces += 1;
        }
        end = from + at + c.len_utf8();
        letters.push((c, spaces));
        if spaces == 0 {
            break;
        }
    }
    Run {
        span: Span::new(from, end),
        letters,
    }
}

/// The run as words: parted where the wider spaces are, else into syllables where it is some.
fn joined(run: &Run) -> String {
    let narrow = run.letters.iter().map(|(_, spaces)| *spaces);
    let least = narrow.filter(|spaces| *spaces > 0).min().unwrap_or(1);
    let mut words: Vec<Vec<char>> = vec![Vec::new()];
    for (letter, spaces) in &run.letters {
        if let Some(word) = words.last_mut() {
            word.push(*letter);
        }
        if *spaces > least {
            words.push(Vec::new());
        }
    }
    let read = words
        .iter()
        .filter(|word| !word.is_empty())
        .flat_map(|word| pieces(word))
        .map(|piece| {
            let split = syllables(piece);
            if split.is_empty() {
                piece.iter().collect()
            } else {
                split.join(" ")
            }
        });
    read.collect::<Vec<String>>().join(" ")
}

/// The letters, parted into abbreviations in capitals and the rest: `CCCD`, `số`.
fn pieces(word: &[char]) -> Vec<&[char]> {
    let all_capitals = word.iter().all(|c| c.is_uppercase());
    if all_capitals {
        return vec![word];
    }
    let is_abbreviated = |at: usize| {
        let is_capital = |at: usize| word.get(at).is_some_and(|c| c.is_uppercase());
        is_capital(at) && (is_capital(at + 1) || at.checked_sub(1).is_some_and(is_capital))
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in 1..=word.len() {
        if at == word.len() || is_abbreviated(at) != is_abbreviated(at - 1) {
            pieces.extend(word.get(start..at));
            start = at;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn torn_words_are_put_together() {
        for (written, meant) in [
            ("C C C D: 0 0 1", "CCCD: 0 0 1"),
            ("x C C C D s ố c ă n c ư ớ c: 1", "x CCCD số căn cước: 1"),
            ("a) s ố đ i ệ n t h o ạ i: 1", "a) số điện thoại: 1"),
            (
                "xin  S ố  đ ị n h  d a n h  xong",
                "xin  Số định danh  xong",
            ),
            ("T U Y Ệ T  M Ậ T", "TUYỆT MẬT"),
            ("Ô. A và B, phương án a b", "Ô. A và B, phương án a b"),
            ("a, b, c, d, e", "a, b, c, d, e"),
            ("ông ý à ừ", "ông ý à ừ"),
        ] {
            assert_eq!(apply(written, &words(written)).0, meant, "{written}");
        }
    }
}
