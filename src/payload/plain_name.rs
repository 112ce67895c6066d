//! Does a text read like a name that a programmer gave?
//!
//! Names of fields and steps of paths come from the client. Those that may be values (ids, numbers,
//! tokens, mail addresses, names of people) are never told.

/// The longest name that a programmer gives, in bytes.
const NAME_BYTES_MAX: usize = 40;

/// Whether a text reads like a name that a programmer gave: a few short words of ASCII letters,
/// hardly a digit. Ids, numbers, tokens, mail addresses, sentences and slugs do not.
pub(super) fn is_name(text: &str) -> bool {
    const DIGITS_MAX: usize = 3;
    const WORDS_MAX: usize = 5;
    const WORD_BYTES_MAX: usize = 16;
    const SHOUTED_BYTES_MAX: usize = 5;
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$');
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:$".contains(&byte);
    let is_spelled = text.len() <= NAME_BYTES_MAX
        && text.bytes().next().is_some_and(is_start)
        && text.bytes().all(is_inner)
        && text.bytes().filter(u8::is_ascii_digit).count() <= DIGITS_MAX;
    if !is_spelled {
        return false;
    }
    let words = words(text);
    words.len() <= WORDS_MAX
        && words.iter().all(|word| {
            let is_shouted = word.len() > SHOUTED_BYTES_MAX
                && !word.bytes().any(|byte| byte.is_ascii_lowercase());
            let is_hex = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            word.len() <= WORD_BYTES_MAX && !is_shouted && !is_hex && digit_runs(word) <= 1
        })
}

/// The words of a name: `frontendService_v1` has three.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_lower = false;
    for c in text.chars() {
        let starts = !c.is_ascii_alphanumeric() || (is_lower && c.is_ascii_uppercase());
        if starts {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
        is_lower = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// How often a word changes to digits: names do it once (`v1beta`), tokens often.
fn digit_runs(word: &str) -> usize {
    word.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .count()
}
