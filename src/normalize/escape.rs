//! Which escapes of other notations stand in the text?
//!
//! In: raw text. Out: the escapes to be read as their characters: `%C4%91` (URLs), `=C4=91`
//! (quoted-printable), `\u0111`, `\u{111}`, `\x30`, `U+0111`.
//!
//! Never: a lone `%20` or `=20` of prose; bytes that are no UTF-8.

use std::collections::HashSet;

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// The escapes that stand in the text, in order.
pub(super) fn escapes(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if memchr::memchr(b'%', bytes).is_some() {
        coded_bytes(text, "%", &mut found);
        spaces_of_forms(text, &mut found);
    }
    if memchr::memchr(b'\\', bytes).is_some() {
        coded_bytes(text, "\\x", &mut found);
        code_points(text, &mut found);
        line_ends_of_json(text, &mut found);
    }
    if memchr::memmem::find(bytes, b"U+").is_some() {
        code_points(text, &mut found);
    }
    if memchr::memchr_iter(b'=', bytes).any(|at| is_quoted(bytes, at)) {
        quoted_printable(text, &mut found);
    }
    found.sort_by_key(|replacement| replacement.span);
    found
}

/// Whether escapes of escapes were read, so that others stand there now: `%25C4%2591`.
pub(super) fn is_escaped_again(text: &str) -> bool {
    let bytes = text.as_bytes();
    let letters = memchr::memchr_iter(b'%', bytes).filter(|at| {
        is_quoted(bytes, *at)
            && bytes
                .get(at + 1)
                .is_some_and(|byte| *byte > b'9' || *byte == b'8')
    });
    letters.take(2).count() == 2
}

/// The signs of base64 that URLs escape, within words of such.
pub(super) fn signs_of_base64(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let escaped = memchr::memchr_iter(b'%', bytes).filter_map(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at))?;
        let sign = match bytes.get(at + 1..at + 3)? {
            [b'2', b'B' | b'b'] => "+",
            [b'2', b'F' | b'f'] => "/",
            [b'3', b'D' | b'd'] => "=",
            _ => return None,
        };
        let is_in_word = before.is_ascii_alphanumeric();
        is_in_word.then(|| Replacement::new(Span::new(at, at + 3), sign))
    });
    escaped.collect()
}

fn is_quoted(bytes: &[u8], at: usize) -> bool {
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    is_hex(at + 1) && is_hex(at + 2)
}

/// Runs of bytes, each written as the sign and two hexadecimal digits.
fn coded_bytes(text: &str, sign: &str, found: &mut Vec<Replacement>) {
    let mut next = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), sign) {
        if at < next {
            continue;
        }
        let run = bytes_at(text, at, sign);
        if run.is_empty() {
            continue;
        }
        next = at + run.len() * (sign.len() + 2);
        // One escape of ASCII is as often "50%20" as not; more, or letters, are meant.
        let is_sign = sign == "%" && run.iter().all(|byte| SIGNS.contains(byte));
        let is_meant = run.len() >= 2
            || is_in_escaped_word(text, at, sign)
            || is_sign && !is_in_address(text, at);
        if is_meant {
            characters(&run, at, sign.len() + 2, found);
        }
    }
}

/// The bytes of the escapes that follow one another from a place on.
fn bytes_at(text: &str, at: usize, sign: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.get(at..).unwrap_or_default();
    while let Some(tail) = rest.strip_prefix(sign) {
        let Some(byte) = tail
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        else {
            break;
        };
        if tail.starts_with('+') {
            break;
        }
        bytes.push(byte);
        rest = tail.get(2..).unwrap_or_default();
    }
    bytes
}

/// Signs that stand between keys and values: nobody writes `%3A` in prose.
const SIGNS: &[u8] = b":=;&|\"\n";

/// Whether the word before is an address.
fn is_in_address(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(WORD_REACH));
    let near = text.get(from..at).unwrap_or_default();
    let word = near.rsplit(char::is_whitespace).next();
    word.is_some_and(|word| word.contains("://") || word.contains('/') || word.contains('?'))
}

/// Whether the word around has another escape: `CCCD%3A%20...`.
fn is_in_escaped_word(text: &str, at: usize, sign: &str) -> bool {
    let is_end = |c: char| c.is_whitespace();
    let ahead = text.get(at + sign.len()..).unwrap_or_default();
    let behind = text.get(..at).unwrap_or_default();
    let near_behind = behind.get(behind.floor_char_boundary(at.saturating_sub(WORD_REACH))..);
    let ahead = ahead
        .get(..ahead.floor_char_boundary(WORD_REACH))
        .unwrap_or_default();
    let word_ahead = ahead.split(is_end).next().unwrap_or_default();
    let word_behind = near_behind.and_then(|text| text.rsplit(is_end).next());
    let has_escape = |word: &str| {
        memchr::memmem::find_iter(word.as_bytes(), sign)
            .any(|at| is_quoted(word.as_bytes(), at + sign.len() - 1))
    };
    // The fields of a query are written by forms.
    let is_address = word_behind.is_some_and(|word| {
        let (path, fields) = word.split_once('?').unwrap_or((word, ""));
        path.contains("://") && !fields.contains('=')
    });
    !is_address && (has_escape(word_ahead) || word_behind.is_some_and(has_escape))
}

const WORD_REACH: usize = 240;

/// The characters that the bytes write, each with its own place; broken UTF-8 stays as it is.
fn characters(bytes: &[u8], start: usize, width: usize, found: &mut Vec<Replacement>) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let from = start + at * width;
            at += c.len_utf8();
            // A control character is not text that somebody escaped.
            if !c.is_control() || matches!(c, '\n' | '\r' | '\t') {
                let span = Span::new(from, start + at * width);
                found.push(Replacement::new(span, c));
            }
        }
        at += chunk.invalid().len();
    }
}

/// `\u0111`, `\u{111}`, `\U00000111` and `U+0111`; pairs of surrogates are one character.
fn code_points(text: &str, found: &mut Vec<Replacement>) {
    let mut high: Option<(usize, u32)> = None;
    let mut has_any = false;
    for sign in ["\\u", "\\U", "U+"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), sign) {
            let Some((code, length)) = code_at(text.get(at + 2..).unwrap_or_default(), sign) else {
                continue;
            };
            let end = at + 2 + length;
            let at = first_backslash(text, at);
            let pair = high
                .take()
                .filter(|(from, _)| is_one_escape(text, *from, at));
            let (from, code) = match (pair, code) {
                (Some((from, first)), 0xdc00..=0xdfff) => {
                    (from, 0x10000 + ((first - 0xd800) << 10) + (code - 0xdc00))
                }
                (_, 0xd800..=0xdbff) => {
                    high = Some((at, code));
                    continue;
                }
                (_, code) => (at, code),
            };
            if let Some(c) = char::from_u32(code).filter(|c| !c.is_control()) {
                has_any = true;
                found.push(Replacement::new(Span::new(from, end), c));
            }
        }
    }
    if has_any {
        line_ends(text, found);
        latin_letters(text, found);
    }
}

/// Where an escape begins that was escaped again: `\\u0111`, in JSON within JSON.
fn first_backslash(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let more = before
        .iter()
        .rev()
        .take(DEPTH_MAX)
        .take_while(|byte| **byte == b'\\');
    at - more.count()
}

/// Whether nothing but one escape of a code point stands between the places.
fn is_one_escape(text: &str, from: usize, to: usize) -> bool {
    let escape = text.get(from..to).unwrap_or_default();
    escape.trim_start_matches('\\').len() == 5
}

/// So many backslashes may stand before the last one of an escape.
const DEPTH_MAX: usize = 7;

/// In a text with such escapes `\xe0` is a letter of Latin-1, as Python and JavaScript write it,
/// where it is no piece of UTF-8.
fn latin_letters(text: &str, found: &mut Vec<Replacement>) {
    let known: HashSet<usize> = found.iter().map(|known| known.span.start).collect();
    for at in memchr::memmem::find_iter(text.as_bytes(), "\\x") {
        let hex = text.get(at + 2..at + 4).unwrap_or_default();
        let code = u8::from_str_radix(hex, 16).ok();
        if let Some(code) = code.filter(|code| *code >= 0xa0 && !known.contains(&at)) {
            found.push(Replacement::new(Span::new(at, at + 4), char::from(code)));
        }
    }
}

/// Forms write spaces as `+`, in words with escaped letters that are no addresses; `found` is in order.
fn spaces_of_forms(text: &str, found: &mut Vec<Replacement>) {
    let mut spaces = Vec::new();
    for word in text.split_ascii_whitespace() {
        if memchr::memchr(b'+', word.as_bytes()).is_none() || word.contains("://") {
            continue;
        }
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        let first = found.partition_point(|known| known.span.start < start);
        let within = found.iter().skip(first);
        let letters = within
            .take_while(|known| known.span.start < start + word.len())
            .filter(|known| !known.read.is_ascii())
            .take(LETTERS_OF_FORMS)
            .count();
        if letters == LETTERS_OF_FORMS || word.contains("%3A+") && !word.contains('/') {
            let signs = memchr::memchr_iter(b'+', word.as_bytes());
            spaces.extend(
                signs.map(|at| Replacement::new(Span::new(start + at, start + at + 1), " ")),
            );
        }
    }
    found.append(&mut spaces);
}

/// So many escaped letters tell that a word was written by a form.
const LETTERS_OF_FORMS: usize = 2;

/// In a text with such escapes `\n`, `\t` and `\"` are escapes too, and no names of folders.
fn line_ends(text: &str, found: &mut Vec<Replacement>) {
    for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
        let read = match text.as_bytes().get(at + 1) {
            Some(b'n' | b'r') => "\n",
            Some(b't') => "\t",
            Some(b'"') => "\"",
            Some(_) | None => continue,
        };
        let start = first_backslash(text, at);
        found.push(Replacement::new(Span::new(start, at + 2), read));
    }
}

/// What stands between the braces and quotes of JSON has its line ends written as `\n`.
fn line_ends_of_json(text: &str, found: &mut Vec<Replacement>) {
    let bare = text.trim();
    let is_json = [('{', '}'), ('[', ']'), ('"', '"')]
        .into_iter()
        .any(|(open, close)| bare.starts_with(open) && bare.ends_with(close));
    if is_json && bare.contains('"') && found.is_empty() {
        line_ends(text, found);
    }
}

fn code_at(rest: &str, sign: &str) -> Option<(u32, usize)> {
    if let Some(tail) = rest.strip_prefix('{') {
        let digits = tail.split('}').next().filter(|hex| hex.len() <= 6)?;
        return Some((u32::from_str_radix(digits, 16).ok()?, digits.len() + 2));
    }
    let length = if sign == "\\U" { 8 } else { 4 };
    let hex = rest.get(..length)?;
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| Some((u32::from_str_radix(hex, 16).ok()?, length)))?
}

/// The soft line ends of quoted-printable, which part letters too: `=C4=\n=91`.
pub(super) fn soft_line_ends(text: &str) -> Vec<Replacement> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'=', bytes) {
        let rest = text.get(at + 1..).unwrap_or_default();
        let mut ends = ["\r\n", "\n"].into_iter();
        if let Some(end) = ends.find(|end| rest.starts_with(end)) {
            found.push(Replacement::new(Span::new(at, at + 1 + end.len()), ""));
        }
    }
    let is_coded = || {
        memchr::memchr_iter(b'=', bytes).any(|at| {
            let first = bytes.get(at + 1).copied().unwrap_or(0);
            is_quoted(bytes, at) && matches!(first, b'8'..=b'9' | b'A'..=b'F')
        })
    };
    if !found.is_empty() && !is_coded() {
        found.clear();
    }
    found
}

/// `=C4=91`. Prose has equals signs too: a letter beyond ASCII or a run of escapes is needed.
fn quoted_printable(text: &str, found: &mut Vec<Replacement>) {
    let mut runs = Vec::new();
    let mut is_meant = false;
    let mut next = 0;
    for at in memchr::memchr_iter(b'=', text.as_bytes()) {
        if at < next {
            continue;
        }
        let run = bytes_at(text, at, "=");
        if !run.is_empty() {
            next = at + run.len() * 3;
            let is_letters = !run.is_ascii() && std::str::from_utf8(&run).is_ok();
            is_meant |= is_letters || run.len() >= 3 || run == b"=";
            runs.push((at, run));
        }
    }
    if !is_meant {
        return;
    }
    for (at, run) in runs {
        characters(&run, at, 3, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        let joined = apply(text, &soft_line_ends(text)).0;
        apply(&joined, &escapes(&joined)).0
    }

    #[test]
    fn escapes_of_each_notation_are_read() {
        for (written, meant) in [
            ("S%C4%90T%3A%200912", "SĐT: 0912"),
            ("%30%39%31%32", "0912"),
            ("S=C4=90T: 09=31=32", "SĐT: 0912"),
            ("dài =C4=90=\n0912", "dài Đ0912"),
            ("m=E1=BA=\r\n=ADt", "mật"),
            (r#"{"a": "tên\n0912"}"#, "{\"a\": \"tên\n0912\"}"),
            (r"\u0053\u0110T\n0912", "SĐT\n0912"),
            (r"\x30\x39\u{31}", "091"),
            (r"m\xe3 b\u1ec7nh \xc4\x90", "mã bệnh Đ"),
            ("m%C3%A3+s%E1%BB%91+0912", "mã số 0912"),
            ("Student+ID%3A+2091", "Student ID: 2091"),
            ("bks%3D92C-905.40", "bks=92C-905.40"),
            (r"\ud83d\ude00 a", "😀 a"),
            ("U+0030U+0039", "09"),
            (
                r#"{"a": "{\\"t\\u00ean\\":\\n\\ud83d\\ude00"}"#,
                "{\"a\": \"{\"tên\":\n😀\"}",
            ),
        ] {
            assert_eq!(read(written), meant, "{written}");
        }
    }

    #[test]
    fn prose_code_and_broken_escapes_stay() {
        for text in [
            "giảm 50%20 người",
            "a=10, b=20",
            "x==30",
            r"C:\xampp\users",
            "100%",
            "%zz",
            "U+1",
            "https://vidu.vn/tag%20abc-1234567890.html",
            "a+b%20c+d",
            r"C:\xe0\users",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
