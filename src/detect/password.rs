//! Is what stands behind the label a password, or what instructions and programs write there?
//!
//! Never: a judgement of its strength; a weak password opens a mailbox, too.

use crate::detect::fold::folded;

/// Signs that people put into passwords, and hardly into words, paths and numbers.
const SIGNS: [char; 12] = ['@', '#', '$', '!', '%', '^', '&', '*', '+', '=', '?', '~'];
/// Passwords have at least so many characters.
const CHARS_MIN: usize = 4;
/// A number with a letter or two is a measure: `90d`, `512MB`.
const MEASURE_BYTES_MAX: usize = 5;

/// Whether the value may be a password that is in use.
pub(super) fn is_likely(value: &str) -> bool {
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let has_letter = value.contains(char::is_alphabetic);
    // `&Password` and `$password` are names in programs.
    let has_sign = value.trim_start_matches(SIGNS).contains(SIGNS);
    if value.chars().count() < CHARS_MIN || !(has_digit || value.contains(SIGNS)) {
        return false;
    }
    if !has_letter {
        return is_number(value) || value.contains(SIGNS) && !is_share(value);
    }
    if is_query(value) || is_setting(value) {
        return false;
    }
    has_sign && !is_mailbox(value) && !value.contains("://")
        || has_digit && !value.contains('/') && !is_measure(value)
}

/// `abc&name=1`, as in the address of a page.
fn is_query(value: &str) -> bool {
    let field = value.split_once('&').map(|(_, field)| field);
    let key = field.and_then(|field| field.split_once('='));
    key.is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// `password_min_length=12`, `parents=[`, `1=Band`, `diemDat==`
fn is_setting(value: &str) -> bool {
    value.split_once('=').is_some_and(|(key, set)| {
        let is_key = key.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        let is_option = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
        is_key && (key.contains('_') || set.starts_with(['[', '{', '(']) || set == "=")
            || is_option && !set.is_empty() && set.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

/// A place in a page, or a pattern of a program: `routing.html#ip`, `[^@]*`.
fn is_of_page(value: &str) -> bool {
    const PLACES: [&str; 8] = [
        ".html#", ".htm#", ".md#", ".php#", ".rst#", "[^", "\\(", "(?:",
    ];
    PLACES.iter().any(|place| value.contains(place))
}

/// Whether the value is a password though no sign parts it from its label: letters and figures,
/// and no product's name.
pub(super) fn stands_alone(value: &str) -> bool {
    const CHARS_ALONE: usize = 7;
    let small = value.to_ascii_lowercase();
    let figures = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let has_sign = value.trim_start_matches(SIGNS).contains(SIGNS);
    let is_mixed = figures > 0 && letters >= 3 && value.len() >= CHARS_ALONE;
    value.is_ascii()
        && is_likely(value)
        && is_secret(value)
        && (has_sign || is_mixed && !PRODUCTS.iter().any(|product| small.starts_with(product)))
}

/// Products and formats whose names end with figures.
const PRODUCTS: [&str; 22] = [
    "windows",
    "win32",
    "win64",
    "office",
    "microsoft",
    "oracle",
    "sha2",
    "sha5",
    "sha1",
    "base64",
    "bcrypt",
    "argon2",
    "zip2",
    "vneid",
    "ioffice",
    "keepass",
    "aes",
    "rsa",
    "3des",
    "ecdsa",
    "tls",
    "iso",
];

/// Only figures, and no year.
fn is_number(value: &str) -> bool {
    let is_year = value.len() == 4 && (value.starts_with("19") || value.starts_with("20"));
    !is_year && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// A share: `95%`, `12,5%`, `>=90%`.
fn is_share(value: &str) -> bool {
    value.ends_with('%')
}

/// `canbo@vidu.gov.vn`
fn is_mailbox(value: &str) -> bool {
    let host = value.split_once('@').map(|(_, host)| host);
    let top = host.and_then(|host| host.rsplit_once('.'));
    let is_name = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
    };
    top.is_some_and(|(host, top)| {
        is_name(host) && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

fn is_measure(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    value.len() <= MEASURE_BYTES_MAX
        && unit.len() < value.len()
        && unit.chars().all(char::is_alphabetic)
}

/// Whether the value is no stand-in: passwords in instructions are words, stars, or one sign
/// repeated.
pub(super) fn is_secret(value: &str) -> bool {
    let mut chars = value.chars();
    let first = chars.next();
    let repeats = chars.all(|c| Some(c) == first);
    let is_masked = ["***", "...", "xxx", "XXX", "changeme"]
        .iter()
        .any(|mask| value.contains(mask));
    // The keys of Amazon's own guides.
    let is_example = ["EXAMPLE", "EXAMPLEKEY"]
        .iter()
        .any(|end| value.ends_with(end));
    let is_variable = is_variable(value) || is_of_program(value) || is_of_page(value);
    // An example names what is to be put there.
    let is_label = LABELS.contains(&folded(value).as_str());
    !(repeats || is_masked || is_example || is_variable || is_label)
}

/// Whether the value is a variable or a place to fill in: `$PASS`, `${pass}`, `%PASS%`, `<mật khẩu>`.
fn is_variable(value: &str) -> bool {
    match value.split_at_checked(1) {
        Some(("<" | "{" | "[", _)) => true,
        Some(("$", name)) => !name.contains(SIGNS) || name.starts_with(['{', '(']),
        Some(("%", name)) => {
            name.ends_with('%')
                || name.starts_with(['{', '('])
                || !name.contains(SIGNS) && !has_all(name)
        }
        Some(_) | None => false,
    }
}

/// Whether figures, small letters and capitals are mixed, as no name mixes them.
fn has_all(value: &str) -> bool {
    value.contains(|c: char| c.is_ascii_digit())
        && value.contains(|c: char| c.is_ascii_lowercase())
        && value.contains(|c: char| c.is_ascii_uppercase())
}

/// Words that examples put in place of a password.
const LABELS: [&str; 8] = [
    "password", "passwd", "pass", "pwd", "username", "user", "mat-khau", "mat khau",
];

/// Whether a program's type or variable stands behind the label: `&str`, `self._read`, `url_auth`.
fn is_of_program(value: &str) -> bool {
    const TYPES: [&str; 7] = ["&str", "&[", "&mut", "&self", "*mut", "*const", "__"];
    let is_name = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.');
    let small = value.to_ascii_lowercase();
    TYPES.iter().any(|start| small.starts_with(start))
        || value.contains('_') && value.bytes().all(is_name)
        || value.contains("._")
            && value
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'.'))
}

/// Whether letters only may be a password: not a word that forms and programs show there.
pub(super) fn is_of_words(value: &str) -> bool {
    const SHOWN: [&str; 12] = [
        "required",
        "optional",
        "password",
        "username",
        "encrypted",
        "undefined",
        "validation",
        "varchar",
        "administrator",
        "authentication",
        "invalid",
        "confirmation",
    ];
    let small = value.to_ascii_lowercase();
    is_secret(value) && !SHOWN.iter().any(|word| small.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_at_the_beginning_is_not_yet_a_variable() {
        for value in ["$wKq%5A6zgRx4", "%m5h8zNJn49K8", "%h5x@Kx1"] {
            assert!(is_secret(value), "{value}");
        }
        for value in [
            "$DB_PASS1",
            "${PASS1}",
            "%PASS1%",
            "%(pass1)s",
            "<pass1>",
            "$(cat p1)",
        ] {
            assert!(!is_secret(value), "{value}");
        }
    }

    #[test]
    fn passwords_are_told_from_what_stands_in_their_place() {
        for value in [
            "Vidu@2026",
            "abc12345",
            "123456",
            "2026vidu",
            "hunter2!",
            "a@b!c",
            "Qaz/wsx#1",
            "!@#$1234",
            "vidu.2026",
            "p4ss",
        ] {
            assert!(is_likely(value), "{value}");
        }
        for value in [
            "string",
            "req.body.password",
            "your_key_here",
            "/home/user1",
            "12/KH-UBND",
            "15/7/2026",
            "12-16",
            "10:30",
            "95%",
            "02",
            "2026",
            "90d",
            "2FA",
            "vanthu@vidu.gov.vn",
            "https://vidu.vn/1",
            "gửi",
            "***",
            "&Password",
            "abc&uname=13573",
        ] {
            assert!(!is_likely(value), "{value}");
        }
    }
}
