//! Does a number stand free, or is it a piece of something longer?
//!
//! In: text and a span that a rule for numbers found. Out: whether the neighbours let it stand.
//!
//! Never: what the number means.

use std::ops::RangeInclusive;

use crate::detect::fold::folded;
use crate::detect::letter::{is_letter, is_of_word};
use crate::model::category::Category;
use crate::model::part::Span;

/// How far the word before a value is read, in bytes.
const WORD_BYTES_MAX: usize = 160;
/// A run of digits this long may be a number of its own, beside another.
const OWN_NUMBER_DIGITS: usize = 9;

/// Phone numbers and identity numbers have so many.
const PEOPLES_DIGITS: RangeInclusive<usize> = 9..=12;

/// Before the comma of a decimal stand fewer digits.
const LISTED_DIGITS: usize = 4;

/// Abbreviations that people write right against the number.
const GLUED: [&str; 18] = [
    "cccd", "cmnd", "cmt", "cmtnd", "sdt", "dt", "tel", "phone", "mst", "stk", "bhyt", "bhxh",
    "lh", "zalo", "gplx", "so", "sdd", "id",
];

/// Whether the span is a number of its own. `within` is the cell or text that bounds it.
pub(super) fn stands_free(text: &str, span: Span, within: Span) -> bool {
    let before = Span::new(within.start.min(span.start), span.start).of(text);
    let after = Span::new(span.end, within.end.max(span.end)).of(text);
    let value = span.of(text);
    let (before, after) = without_emphasis(before, after);
    let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '(');
    (if is_number {
        begins_number(before, value)
    } else {
        !before.ends_with(is_of_word) || ends_with_label(before)
    }) && ends_number(after, value)
        && !is_in_url(before)
        && !is_in_uuid(before)
}

/// The neighbours without the stars of Markdown around a value: `**Số:** **001099000001**`. More
/// stars than that hide digits of a longer number, unless they stand on both sides.
fn without_emphasis<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    const BOLD_STARS: usize = 2;
    const STARS_MAX: usize = 3;
    let (bare_before, bare_after) = (before.trim_end_matches('*'), after.trim_start_matches('*'));
    let opening = before.len() - bare_before.len();
    let closing = after.len() - bare_after.len();
    if opening.max(closing) <= BOLD_STARS || (opening == closing && opening <= STARS_MAX) {
        (bare_before, bare_after)
    } else {
        (before, after)
    }
}

fn begins_number(before: &str, value: &str) -> bool {
    let mut back = before.chars().rev();
    let Some(last) = back.next() else {
        return true;
    };
    if last.is_ascii_digit() || last == '%' || last == '*' {
        return false;
    }
    if is_letter(last) {
        return ends_with_label(before);
    }
    let digit_before = back.next().is_some_and(|c| c.is_ascii_digit());
    if last == ',' && is_nought(before) {
        return false;
    }
    !digit_before
        || last == ' ' && ends_with_date(before)
        || joins_two_numbers(last, before.bytes().rev().skip(1), group(value.bytes()))
}

/// Whether a label to which values are glued ends the text: "BHYTDN401", "SĐT0912".
fn ends_with_label(before: &str) -> bool {
    let letters = before.chars().rev().take_while(|c| is_letter(*c)).take(8);
    let bytes: usize = letters.map(char::len_utf8).sum();
    let word = before.get(before.len() - bytes..).unwrap_or_default();
    GLUED.contains(&folded(word).as_str())
}

/// Whether the whole part of a decimal below one stands there: "0,".
fn is_nought(before: &str) -> bool {
    let lead = before.strip_suffix("0,");
    lead.is_some_and(|lead| !lead.ends_with(|c: char| is_of_word(c) || matches!(c, ',' | '.')))
}

/// Whether the words end with a date and a space: "14/04/1956 ".
fn ends_with_date(before: &str) -> bool {
    let word = last_bytes(before)
        .trim_end()
        .rsplit([' ', '\n', '\t'])
        .next();
    let parts: Vec<&str> = word.unwrap_or_default().split(['/', '-', '.']).collect();
    let are_figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = |part: &str| matches!(part.len(), 1 | 2) && are_figures(part);
    let [day, month, year] = parts.as_slice() else {
        return false;
    };
    let day = day.trim_start_matches(|c: char| !c.is_ascii_digit());
    is_short(day) && is_short(month) && year.len() == 4 && are_figures(year)
}

fn ends_number(after: &str, value: &str) -> bool {
    let mut ahead = after.chars();
    let Some(next) = ahead.next() else {
        return true;
    };
    if is_of_word(next) || matches!(next, '%' | '*') {
        return false;
    }
    if next == '_' {
        // "001099000001_truoc.jpg", "001099000001_0900000001", but not two ids joined to one.
        let beyond = after.bytes().skip(1);
        let digits = beyond.take_while(u8::is_ascii_digit).count();
        return digits == 0 || after.starts_with("_0") && PEOPLES_DIGITS.contains(&digits);
    }
    let digit_after = ahead.next().is_some_and(|c| c.is_ascii_digit());
    // No decimal begins with a zero and a figure, or a letter: "0912 345 678,4A", "AA 123456,120".
    let is_whole = value.starts_with('0') && !value.starts_with("0,")
        || value.starts_with(char::is_alphabetic);
    let is_listed = next == ',' && is_whole && !value.contains(',');
    !digit_after
        || is_listed
        || joins_two_numbers(next, after.bytes().skip(1), group(value.bytes().rev()))
}

/// How long the first group of digits is.
fn group(bytes: impl Iterator<Item = u8>) -> usize {
    bytes
        .skip_while(|byte| !byte.is_ascii_digit())
        .take_while(u8::is_ascii_digit)
        .count()
}

/// Whether a sign between two groups of digits parts two numbers instead of joining one.
fn joins_two_numbers(sign: char, beyond: impl Iterator<Item = u8>, beside: usize) -> bool {
    match sign {
        '.' => false,
        // A list without spaces, but not a decimal: "1980,001099000001". Decimals are short.
        ',' => {
            beside >= OWN_NUMBER_DIGITS
                || beyond.take_while(u8::is_ascii_digit).count() >= LISTED_DIGITS
        }
        // "0912345678/0987654321", but not "12/0912" nor a UUID.
        '-' | '/' | '+' => beyond.take_while(u8::is_ascii_digit).count() >= OWN_NUMBER_DIGITS,
        // A number written in groups goes on with a group as long as the one beside it.
        ' ' | '_' => {
            let beyond = beyond.take_while(u8::is_ascii_digit).count();
            // Pairs go on in pairs, a dump of bytes, and figures one by one in such.
            (beyond <= 2 && beside != 2 && beyond.max(beside) > 1)
                || beyond >= OWN_NUMBER_DIGITS
                || beyond != beside
        }
        _ => true,
    }
}

/// Whether the value stands inside a URL; addresses that name a telephone are not URLs here.
fn is_in_url(before: &str) -> bool {
    let near = last_bytes(before);
    let word = near
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '(' | '|'))
        .next()
        .unwrap_or_default();
    let is_call = ["zalo.me/", "wa.me/", "tel:"]
        .iter()
        .any(|call| word.ends_with(call));
    let is_path = word.contains("://")
        || word.starts_with("www.")
        || word.matches('/').count() >= 3
        || begins_with_host(word)
        // A DOI.
        || word.contains('/') && word.starts_with("10.");
    is_path && !is_call && !is_labelled_field(word)
}

/// Whether the word opens with the name of a host: `meeting.vidu.vn/0900000001`.
fn begins_with_host(word: &str) -> bool {
    const TOPS: [&str; 8] = ["vn", "com", "net", "org", "io", "me", "ly", "info"];
    let host = word.split_once('/').map(|(host, _)| host);
    let top = host.and_then(|host| host.rsplit_once('.'));
    top.is_some_and(|(name, top)| TOPS.contains(&top) && name.is_ascii() && name.len() > 1)
}

/// Whether the word ends with a field of a query that is named for a person's number:
/// `?cccd=`, `&sdt=`.
fn is_labelled_field(word: &str) -> bool {
    let key = word
        .strip_suffix('=')
        .and_then(|word| word.rsplit(['?', '&']).next());
    key.is_some_and(|key| GLUED.contains(&folded(key).as_str()) && key != "id")
}

fn last_bytes(text: &str) -> &str {
    let start = text.len().saturating_sub(WORD_BYTES_MAX);
    text.get(text.ceil_char_boundary(start)..)
        .unwrap_or_default()
}

/// Whether the value is the last group of a UUID or a like identifier.
fn is_in_uuid(before: &str) -> bool {
    let near = last_bytes(before);
    let start = near
        .bytes()
        .rev()
        .take_while(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        .count();
    let word = near.get(near.len() - start..).unwrap_or_default();
    word.ends_with('-') && word.matches('-').count() >= 3
}

/// Whether the value is (a piece of) one of our own placeholders, such as `CCCD1X7Q2B`, or a
/// choice of a form that nobody ticked: `[ ] Tối mật`.
pub(super) fn is_placeholder(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    if is_unticked(before) && !span.of(text).bytes().any(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let lead = before.bytes().rev().take(24);
    let lead = lead.take_while(u8::is_ascii_alphanumeric).count();
    // It may stand right behind letters, as the password on a command line does.
    [span.start - lead, span.start]
        .into_iter()
        .any(|at| begins_with_placeholder(text.get(at..).unwrap_or_default()))
}

fn begins_with_placeholder(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    let length = text
        .bytes()
        .take(40)
        .take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        .count();
    let word = text.get(..length).unwrap_or_default();
    Category::ALL.iter().any(|category| {
        word.strip_prefix(category.placeholder_label())
            .is_some_and(is_code)
    })
}

/// Whether an empty box stands right before.
fn is_unticked(before: &str) -> bool {
    const EMPTY: [&str; 7] = [
        "[ ]", "[]", "( )", "\u{2610}", "\u{25a1}", "\u{25cb}", "\u{25a2}",
    ];
    let lead = before.trim_end_matches(' ');
    EMPTY.iter().any(|empty| lead.ends_with(empty))
}

/// Whether the signs are those of a placeholder's code: at least six, no vowels.
fn is_code(code: &str) -> bool {
    let has_vowel = code
        .bytes()
        .any(|byte| matches!(byte, b'A' | b'E' | b'I' | b'O' | b'U'));
    let all_digits = code.bytes().all(|byte| byte.is_ascii_digit());
    // "BHYTDN4010000000001" is a card's number behind its label.
    let figures = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let is_card = figures.len() == 13 && figures.bytes().all(|byte| byte.is_ascii_digit());
    (6..=16).contains(&code.len()) && !has_vowel && !is_card && (code.len() <= 8 || !all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(text: &str, value: &str) -> bool {
        let at = text.find(value).unwrap();
        stands_free(
            text,
            Span::new(at, at + value.len()),
            Span::new(0, text.len()),
        )
    }

    #[test]
    fn a_number_of_its_own_stands_free() {
        for text in [
            "0900000001",
            "SĐT0900000001.",
            "(0900000001)",
            "0900000001/0900000002",
            "0900000001, 5",
            "https://zalo.me/0900000001",
            "**0900000001**, a",
            "(_0900000001_)",
            "a 12 0900000001 b",
            "sinh 14/04/1956 0900000001",
            "**0900000001**",
            "*SĐT: 0900000001*",
            "***0900000001***",
            "**SĐT:**0900000001",
            "sdt_0900000001_moi.jpg",
            "_0900000001_",
        ] {
            assert!(free(text, "0900000001"), "{text}");
        }
    }

    #[test]
    fn a_piece_of_something_longer_does_not() {
        for text in [
            "10900000001",
            "0900000001.5",
            "3.0900000001",
            "tăng 0,0900000001 lần",
            "a0900000001",
            "0900000001f",
            "12-0900000001",
            "https://vidu.vn/a/0900000001",
            "meeting.vidu.vn/0900000001",
            "BGM+220+0900000001",
            "0900000001***",
            "*0900000001***",
            "91*0900000001*",
        ] {
            assert!(!free(text, "0900000001"), "{text}");
        }
    }

    #[test]
    fn groups_of_a_longer_number_or_of_bytes_do_not() {
        assert!(!free("0x0001_0203_0405_0607", "0203_0405_0607"));
        assert!(!free("30 09 02 01 02 02 01 03", "09 02 01 02 02"));
        assert!(free("Thử 14/04/1956 0583 225 849", "0583 225 849"));
        assert!(!free("mã 14041956 1956 0583 225 849", "0583 225 849"));
        assert!(free("gọi 09 12 34 56 78 nhé", "09 12 34 56 78"));
        assert!(free("20260101_0900000001.jpg", "0900000001"));
    }

    #[test]
    fn our_own_placeholders_are_known() {
        for (text, value) in [
            ("CCCD1X7Q2B", "1X7Q2B"),
            ("MHS123456", "MHS123456"),
            ("a TEN1X7Q2B", "TEN1X7Q2B"),
        ] {
            let at = text.find(value).unwrap();
            assert!(
                is_placeholder(text, Span::new(at, at + value.len())),
                "{text}"
            );
        }
        assert!(!is_placeholder("CCCD001099000001", Span::new(4, 16)));
        assert!(is_placeholder("mysql -pMKHAU1X7Q2B", Span::new(8, 19)));
        assert!(is_placeholder("[ ] Mật", Span::new(4, 9)));
        assert!(!is_placeholder("- [ ] 0900000001", Span::new(6, 16)));
    }
}
