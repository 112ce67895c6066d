//! Which signs stand around a name that no capitals tell?
//!
//! Never: what the words say; `name_before` and `small_list` read those.

use crate::detect::capital::Word;
use crate::detect::letter::is_of_word;

/// Whether a sign that ends what is said follows the word: labels have a colon or a value behind
/// them.
pub(super) fn ends_clause(text: &str, word: Word<'_>) -> bool {
    let rest = text.get(word.span.end..).unwrap_or_default();
    // Columns of a form are parted by spaces.
    let is_parted = rest.starts_with("   ");
    let rest = rest.trim_start_matches(' ');
    is_parted
        || rest.is_empty()
        || rest.starts_with([
            ',', ';', '(', ')', '-', '–', '\n', '.', '|', '\t', '"', '<', '/',
        ])
}

/// Whether a number or a bullet opens the line, or a number in a bracket an entry within it: "gồm:
/// (1) lê mẫu; (2) ".
pub(super) fn is_entry(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_bullet = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '.' | ',' | '(' | ')' | '-' | '+' | '*' | ' ' | '/' | '>' | '•'
            )
    };
    let part = line.rsplit([':', ';']).next().unwrap_or_default();
    let is_within = part.len() < line.len()
        && part.trim_end().ends_with(')')
        && part.contains(|c: char| c.is_ascii_digit());
    let entry = if is_within { part } else { line };
    !entry.trim().is_empty() && entry.chars().all(is_bullet)
}

/// Whether what stands behind a name does not belong to its sentence.
pub(super) fn is_closed(after: &str) -> bool {
    let bare = after.trim_start_matches(' ');
    !bare.starts_with(is_of_word) || bare.starts_with("và ") || bare.starts_with("va ")
}

/// Whether a sign parts the name from what stands before.
pub(super) fn is_apart(before: &str) -> bool {
    before
        .trim_end_matches(' ')
        .ends_with([';', ':', ',', '\n', '"', '\'', '('])
}

/// Whether nothing stands before on the line.
pub(super) fn is_line_start(before: &str) -> bool {
    before
        .rsplit('\n')
        .next()
        .is_none_or(|line| line.trim().is_empty())
}

/// Whether a label's colon, a quote, a tag or a line's end stands right before.
pub(super) fn is_behind_sign(before: &str) -> bool {
    before.ends_with('\n') || before.trim_end().ends_with([':', '=', '"', '>', '\''])
}
