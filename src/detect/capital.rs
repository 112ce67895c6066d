//! Where do capitalized words follow one another? Names are looked for there and nowhere else.
//!
//! Never: whether they are a name; `person` decides.

use crate::detect::fold::{folded, has_diacritics};
use crate::detect::letter::{is_capital, is_letter, is_of_word};
use crate::model::part::Span;

/// A capitalized word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    /// Where.
    pub span: Span,
    /// As written.
    pub text: &'t str,
}

/// Runs of capitalized words with single spaces between, all capitals or not.
pub(super) fn capitalized_runs(text: &str, island: Span) -> Vec<Vec<Word<'_>>> {
    let mut runs: Vec<Vec<Word<'_>>> = Vec::new();
    for word in capitalized_words(text, island) {
        let continued = runs.last_mut().filter(|run| {
            run.last().is_some_and(|last| {
                let gap = Span::new(last.span.end, word.span.start).of(text);
                let is_letter = || is_single(last.text) || is_single(word.text);
                matches!(gap, " " | "  ")
                    && (is_shouted(last.text) == is_shouted(word.text) || is_letter())
            })
        });
        match continued {
            Some(run) => run.push(word),
            None => runs.push(vec![word]),
        }
    }
    runs
}

/// The words of an island that begin with a capital; one cut at its edge is left out.
fn capitalized_words(text: &str, island: Span) -> impl Iterator<Item = Word<'_>> {
    let inside = island.of(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let capital = next_capital(inside, at)?;
            let (before, from) = inside.split_at_checked(capital)?;
            let whole = from.split(|c| !is_part(c)).next().unwrap_or_default();
            at = capital + whole.len();
            let lead = before.trim_end_matches(is_part).len();
            let is_first = before
                .get(lead..)
                .is_none_or(|lead| lead.chars().all(is_quote));
            // A program of a database marks its texts: `N'Lê Văn Thử'`.
            let marked = whole
                .strip_prefix("N'")
                .filter(|rest| rest.starts_with(is_capital) && before.ends_with(['(', ',']));
            let word = unquoted(marked.unwrap_or(whole));
            let start = island.start + capital + marked.map_or(0, |_| "N'".len());
            let span = Span::new(start, start + word.len());
            let before = text.get(..island.start + lead)?.chars().next_back();
            let after = text.get(span.end..)?.chars().next();
            let is_whole = ![before, after].into_iter().flatten().any(is_of_word);
            if is_first && is_whole {
                return Some(Word { span, text: word });
            }
        }
    })
}

/// The words of an island, in capitals or not; one cut at its edge is left out.
pub(super) fn words_of(text: &str, island: Span) -> impl Iterator<Item = Word<'_>> {
    let inside = island.of(text);
    inside
        .split(|c| !is_part(c))
        .map(unquoted)
        .filter(|word| !word.is_empty())
        .filter_map(move |word| {
            let start = island.start + (word.as_ptr().addr() - inside.as_ptr().addr());
            let span = Span::new(start, start + word.len());
            let before = text.get(..start)?.chars().next_back();
            let after = text.get(span.end..)?.chars().next();
            let is_whole = ![before, after].into_iter().flatten().any(is_of_word);
            is_whole.then_some(Word { span, text: word })
        })
}

/// Where the next capital stands, from a place on.
fn next_capital(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let byte = text.as_bytes().get(at)?;
        if byte.is_ascii() {
            if byte.is_ascii_uppercase() {
                return Some(at);
            }
            at += 1;
        } else {
            let c = text.get(at..)?.chars().next()?;
            if is_capital(c) {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
}

fn is_part(c: char) -> bool {
    is_letter(c) || is_quote(c)
}

const fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// The word without the quotes around it; an apostrophe after the letter of a name of the highlands
/// belongs to it: `H'`, but not `'Nguyễn Văn A'`.
fn unquoted(word: &str) -> &str {
    let word = word.trim_start_matches(is_quote);
    if is_single(word) && word.starts_with(['H', 'K', 'Y', 'h', 'k', 'y']) {
        return word;
    }
    word.trim_end_matches(is_quote)
}

/// Whether the word is one letter.
fn is_single(word: &str) -> bool {
    word.chars().filter(|c| is_letter(*c)).count() == 1
}

/// Whether the word is written in capitals; single letters are both.
pub(super) fn is_shouted(word: &str) -> bool {
    word.chars().filter(|c| is_letter(*c)).all(is_capital)
}

/// Whether the word begins with a capital.
pub(super) fn is_capitalized(word: &str) -> bool {
    word.chars().next().is_some_and(is_capital)
}

/// Whether the word can be a Vietnamese syllable: short, with a vowel. `CCCD` and `HBsAg` cannot.
pub(super) fn is_syllable(word: &str) -> bool {
    let plain = folded(word);
    // The marks of the highlands stand before names: `H' Nga`, `K' Brêm`.
    if matches!(plain.as_str(), "h'" | "k'" | "h" | "k") || matches!(word, "H’" | "K’") {
        return true;
    }
    let is_mixed =
        word.chars().skip(1).any(is_capital) && !is_shouted(word) && !word.contains(is_quote);
    word.chars().count() <= 9
        && !is_mixed
        && word
            .chars()
            .all(|c| is_letter(c) || c == '\'' || c == '’' || c == '.')
        && plain.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && (has_diacritics(word) || plain.len() <= 8)
}
