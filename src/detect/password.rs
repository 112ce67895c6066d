//! Is what stands behind the label a password, or what instructions and programs write there?
//!
//! Never: a judgement of its strength; a weak password opens a mailbox, too.

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
    has_sign && !is_mailbox(value) && !value.contains("://")
        || has_digit && !value.contains('/') && !is_measure(value)
}

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

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert!(!is_likely(value), "{value}");
        }
    }
}
