//! Does a bare number stand in a program, a log or a dump?
//!
//! In: a number without a label, and where it stands. Out: whether its neighbours are those of a
//! program: an operator, a key for ids and times, a log's time and level, hexadecimal words.
//! Strings of a program under no such key are left out: people stand in those too.
//!
//! Never: a look further than [`AROUND_BYTES`], so that the work per number is constant.

use crate::detect::letter::is_of_word;
use crate::model::part::Span;

/// How far the neighbours are read, in bytes.
const AROUND_BYTES: usize = 120;
/// Hexadecimal words beside a number are as long as this, or longer.
const HEX_CHARS_MIN: usize = 6;
/// The words with which keys of ids, times and sizes end, as programs write them.
const KEYS: [&str; 34] = [
    "id",
    "ids",
    "uid",
    "pid",
    "tid",
    "uuid",
    "ts",
    "time",
    "timestamp",
    "at",
    "seq",
    "offset",
    "size",
    "bytes",
    "len",
    "length",
    "count",
    "max",
    "min",
    "hash",
    "sha",
    "rev",
    "ref",
    "nonce",
    "token",
    "addr",
    "ptr",
    "port",
    "seed",
    "version",
    "sync",
    "expire",
    "expires",
    "crc",
];
/// The words with which lines of programs open.
const OPENERS: [&str; 14] = [
    "const", "let", "var", "static", "final", "int", "long", "return", "if", "while", "#define",
    "select", "where", "def",
];
const LEVELS: [&str; 8] = [
    "INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL", "NOTICE",
];

/// Whether the number is a program's: as those around it are, or by its key. `line` is where it
/// stands, `key` the key of its field.
pub(super) fn is_technical(text: &str, line: Span, span: Span, key: Option<&str>) -> bool {
    let is_alone = text.trim().len() == span.len();
    if names_addressee(around(text, line, span).0) {
        return false;
    }
    is_among_technical(text, line, span)
        || has_digits_only(text, span)
            && (is_alone && key.is_some_and(is_key) || is_under_key(around(text, line, span).0))
}

/// Whether a log tells to whom a message went: "to=0912345678".
fn names_addressee(before: &str) -> bool {
    const KEYS: [&str; 8] = [
        "to",
        "from",
        "recipient",
        "receiver",
        "msisdn",
        "mobile",
        "caller",
        "callee",
    ];
    let key = before.trim_end_matches(['"', ' ']).strip_suffix(['=', ':']);
    let key = key.map(|key| key.trim_end_matches('"'));
    let word = key.and_then(|key| key.rsplit(|c: char| !c.is_ascii_alphanumeric()).next());
    word.is_some_and(|word| KEYS.iter().any(|key| word.eq_ignore_ascii_case(key)))
}

/// Whether what stands around the number is a program's.
pub(super) fn is_among_technical(text: &str, line: Span, span: Span) -> bool {
    let (before, after) = around(text, line, span);
    let opening = Span::new(line.start, line.end.max(line.start)).of(text);
    has_digits_only(text, span)
        && (is_assigned(before, after, opening)
            || is_option(before)
            || is_in_log(opening)
            || is_beside_hex(before, after))
}

fn has_digits_only(text: &str, span: Span) -> bool {
    span.of(text).bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands before and behind the number in its line, as far as it is read.
fn around(text: &str, line: Span, span: Span) -> (&str, &str) {
    let start = line.start.max(span.start.saturating_sub(AROUND_BYTES));
    let start = text.ceil_char_boundary(start).min(span.start);
    let end = line.end.min(span.end + AROUND_BYTES);
    let end = text.floor_char_boundary(end).max(span.end);
    (
        Span::new(start, span.start).of(text),
        Span::new(span.end, end).of(text),
    )
}

/// Whether an operator of a program stands before: `MAX = 0776737645;`, `created_at > 0781413789`.
fn is_assigned(before: &str, after: &str, line: &str) -> bool {
    let bare = before.trim_end();
    if [">=", "<=", "==", "!=", " <", " >"]
        .iter()
        .any(|sign| bare.ends_with(sign))
    {
        return bare.len() > 2;
    }
    let Some(left) = bare.strip_suffix('=') else {
        return false;
    };
    let name = last_word(left.trim_end_matches([' ', ':']));
    let opener = line.split_whitespace().next().unwrap_or_default();
    let is_program = after.trim_start().starts_with(';')
        || OPENERS.contains(&opener.to_ascii_lowercase().as_str())
        || name.contains('_');
    !name.is_empty() && name.is_ascii() && is_program
}

/// Whether an option of a command stands before: `--id `, `--keep=`.
fn is_option(before: &str) -> bool {
    let name = last_word(before.trim_end_matches([' ', '=']));
    name.strip_prefix("--")
        .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()) && name.is_ascii())
}

/// Whether a key for ids, times or sizes stands right before: `request_id=`, `"orderId": `.
fn is_under_key(before: &str) -> bool {
    let bare = before.trim_end_matches(['"', '\'', ' ']);
    let Some(left) = bare.strip_suffix(['=', ':', '#']) else {
        return false;
    };
    let name = last_word(left.trim_end_matches(['"', '\'', ' ']));
    // A word of a sentence is no key: "gọi lại at: ".
    (name.contains('_') || has_hump(name) || !bare.ends_with(':') || left.ends_with(['"', '\'']))
        && is_key(name)
}

/// Whether a key, in the way of programs, is one of ids, times or sizes.
fn is_key(key: &str) -> bool {
    let hump = key
        .char_indices()
        .rev()
        .find(|(_, c)| matches!(c, '_' | '-' | '.') || c.is_ascii_uppercase());
    let last = match hump {
        Some((at, c)) if c.is_ascii_uppercase() && has_hump(key) => key.get(at..),
        Some((at, c)) if !c.is_ascii_uppercase() => key.get(at + 1..),
        Some(_) | None => Some(key),
    };
    last.is_some_and(|last| KEYS.contains(&last.to_ascii_lowercase().as_str()))
}

/// Whether a capital follows a small letter: `orderId`.
fn has_hump(key: &str) -> bool {
    key.as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()))
}

/// Whether the line opens with a time and has a level, as logs write them.
fn is_in_log(line: &str) -> bool {
    let head = line
        .get(..line.floor_char_boundary(AROUND_BYTES))
        .unwrap_or_default();
    let bare = head.trim_start_matches(['[', ' ']);
    let is_timed = bare.get(..10).is_some_and(|date| {
        date.bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.' | b':'))
    });
    is_timed
        && head
            .split(|c: char| !c.is_ascii_uppercase())
            .any(|word| LEVELS.contains(&word))
}

/// Whether a neighbour is hexadecimal, with letters and figures, or most of the line is.
fn is_beside_hex(before: &str, after: &str) -> bool {
    let is_between = |c: char| !is_of_word(c);
    let left = before.trim_end_matches(' ').rsplit(is_between).next();
    let right = after.trim_start_matches(' ').split(is_between).next();
    [left, right].into_iter().flatten().any(is_hex)
}

fn is_hex(word: &str) -> bool {
    word.len() >= HEX_CHARS_MIN
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The word with which the text ends, with the signs of names in programs.
fn last_word(text: &str) -> &str {
    let is_part = |c: char| is_of_word(c) || matches!(c, '_' | '.' | '-');
    text.rsplit(|c: char| !is_part(c))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "0776737645";

    fn technical(text: &str, key: Option<&str>) -> bool {
        let at = text.find(NUMBER).unwrap();
        let span = Span::new(at, at + NUMBER.len());
        let (before, after) = text.split_at(at);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = after.find('\n').map_or(text.len(), |end| at + end);
        is_technical(text, Span::new(start, end), span, key)
    }

    #[test]
    fn numbers_of_programs_logs_and_dumps_are_nobodys() {
        for text in [
            "const MAX = 0776737645;",
            "WHERE ma_xa = '12' AND created_at > 0776737645 ORDER BY id",
            "request_id=0776737645 status=200",
            "{\"orderId\": \"0776737645\"}",
            "2026-03-12T08:15:22Z INFO worker done 0776737645",
            "[2026-03-12 08:15:22] ERROR 0776737645 timed out",
            "0x 9f3ac1 0776737645 77be01",
            "if x == 0776737645 {",
            "backup --id 0776737645 --keep 3",
        ] {
            assert!(technical(text, None), "{text}");
        }
        assert!(technical(NUMBER, Some("traceId")));
        let line = Span::new(0, NUMBER.len());
        assert!(!is_among_technical(NUMBER, line, line));
        assert!(technical(NUMBER, Some("created_at")));
    }

    #[test]
    fn numbers_that_people_write_are_somebodys() {
        for text in [
            "có gì gọi em 0776737645 nhé",
            "Lan = 0776737645",
            "chị Mẫu: 0776737645",
            "2026-03-12 08:15:22 Lan: 0776737645",
            "VALUES ('Nguyễn Văn Thử', '0776737645');",
            "> 0776737645",
            "a>0776737645",
            "0776737645",
        ] {
            assert!(!technical(text, None), "{text}");
        }
        assert!(!technical(NUMBER, Some("lien_he")));
    }
}
