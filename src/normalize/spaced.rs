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
/// A run without wider spaces that is longer than a page is no text.
const SPLIT_LETTERS_MAX: usize = 4000;

/// The torn words.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    let mut found: Vec<Replacement> = Vec::new();
    let mut done = 0;
    // Of four letters in a row two stand between spaces, one right behind the other.
    let mut alone = 0;
    let mut last = None;
    for space in memchr::memchr_iter(b' ', text.as_bytes()) {
        let between = last.map_or("", |last| Span::new(last, space).of(text));
        alone = match single_letter(between) {
            Between::Nothing => alone,
            Between::Letter => alone + 1,
            Between::Other => 0,
        };
        if alone == LETTERS_MIN - 2 && space >= done {
            let run = letters_from(text, beginning(text, space));
            if run.letters.len() >= LETTERS_MIN {
                found.push(Replacement::new(run.span, joined(&run)));
            }
            done = run.span.end;
        }
        last = Some(space + 1);
    }
    found
}

/// What stands between two spaces.
enum Between {
    Nothing,
    Letter,
    Other,
}

fn single_letter(between: &str) -> Between {
    if between.len() > 3 {
        return Between::Other;
    }
    let mut chars = between.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Between::Nothing,
        (Some(c), None) if c.is_alphabetic() => Between::Letter,
        (Some(_), _) => Between::Other,
    }
}

/// Whether a space stands between two single letters with spaces around: of four letters in a row
/// two do.
pub(super) fn parts_letters(text: &str, space: usize) -> bool {
    let lead = text.get(..space).unwrap_or_default();
    let rest = text.get(space..).unwrap_or_default();
    let mut back = lead.trim_end_matches(' ').chars().rev();
    let mut ahead = rest.trim_start_matches(' ').chars();
    let is_alone = |letter: Option<char>, beyond: Option<char>| {
        letter.is_some_and(char::is_alphabetic) && beyond == Some(' ')
    };
    is_alone(back.next(), back.next()) && is_alone(ahead.next(), ahead.next())
}

/// Where the run begins of which two letters stand right before the space.
fn beginning(text: &str, space: usize) -> usize {
    let mut from = space;
    let mut letters = 0;
    let lead = text.get(..space).unwrap_or_default();
    let mut back = lead.char_indices().rev().filter(|(_, c)| *c != ' ');
    while let Some((at, c)) = back.next().filter(|_| letters < LETTERS_MIN - 1) {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        if !c.is_alphabetic() || before.is_some_and(char::is_alphanumeric) {
            break;
        }
        from = at;
        letters += 1;
    }
    from
}

/// Single letters, each followed by spaces.
struct Run {
    span: Span,
    /// Each letter, and how many spaces stand behind it.
    letters: Vec<(char, usize)>,
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
            let split = if piece.len() <= SPLIT_LETTERS_MAX {
                syllables(piece)
            } else {
                Vec::new()
            };
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
