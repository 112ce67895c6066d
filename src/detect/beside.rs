//! Does a word before a value label it, or another number?
//!
//! In: the folded text between a word and a value. Out: on which side the word stands, if it
//! speaks for this value at all.
//!
//! Never: what the words mean to a rule; `context` knows.

use crate::detect::context::Side;
use crate::detect::fold::is_word;
use crate::detect::tag;

/// How long the words that name the owner of a value may be.
const OWNER_CHARS_MAX: usize = 48;
/// How long a remark behind a label may be.
const REMARK_BYTES_MAX: usize = 32;
/// How long the second half of a label may be: "CCCD/Hộ chiếu:".
const OTHER_BYTES_MAX: usize = 32;
/// So many digits between are another number.
const NUMBER_DIGITS: usize = 6;

/// Words that may stand between a label and its value.
const FILLERS: [&[u8]; 16] = [
    b"ma", b"chinh", b"chu", b"so", b"la", b"cua", b"toi", b"em", b"no", b"number", b"is", b"moi",
    b"cu", b"nay", b"value", b"thi",
];
/// Words that begin the name of an owner.
const OWNERS: [&[u8]; 34] = [
    b"khi", b"khan", b"cu", b"moi", b"gan", b"hang", b"nhan", b"dang", b"gui", b"lien", b"hien",
    b"cua", b"rieng", b"ong", b"ba", b"anh", b"chi", b"em", b"co", b"chu", b"bac", b"thay",
    b"chau", b"con", b"me", b"bo", b"cha", b"vo", b"chong", b"nguoi", b"phu", b"chinh", b"ca",
    b"ms",
];

/// Words for whose number it is, behind "của".
const KIN: [&[u8]; 18] = [
    b"cua", b"ong", b"ba", b"anh", b"chi", b"em", b"co", b"chu", b"bac", b"chau", b"con", b"me",
    b"bo", b"cha", b"vo", b"chong", b"noi", b"ngoai",
];

/// Words that begin like an owner ("cô") and name an office.
const OFFICES: [&[u8]; 2] = [b"co so", b"co quan"];

/// How a word stands to the value, by what lies between; `None` where it belongs to another.
pub(super) fn side_before(between: &[u8]) -> Option<Side> {
    let between = without_other(without_remark(tag::without_end(between)));
    let is_sign = |byte: &u8| !is_word(*byte);
    if between.iter().all(is_sign) {
        return Some(Side::Beside);
    }
    let longest = between
        .split(|byte| !byte.is_ascii_digit() && !matches!(byte, b'.' | b' ' | b'-'))
        .map(|run| run.iter().filter(|byte| byte.is_ascii_digit()).count())
        .max();
    if longest.unwrap_or(0) < NUMBER_DIGITS {
        let words = between.split(is_sign).filter(|word| !word.is_empty());
        // "mã số BHXH của chồng em 0123456789" needs no sign.
        let are_kin = words.clone().next() == Some(b"cua".as_slice());
        let only_fillers = words
            .clone()
            .all(|word| FILLERS.contains(&word) || are_kin && KIN.contains(&word));
        return Some(if only_fillers || is_owner(between) {
            Side::Beside
        } else {
            Side::Before
        });
    }
    // Between lies another number: the word speaks for this one, too, only where nothing but numbers
    // follows that one.
    let first = between.iter().position(u8::is_ascii_digit).unwrap_or(0);
    let is_list = between
        .get(first..)
        .unwrap_or_default()
        .split(is_sign)
        .all(|word| word.iter().all(u8::is_ascii_digit) || matches!(word, b"va" | b"hoac"));
    is_list.then_some(Side::Listed)
}

/// What lies between without a remark right behind the label: "(nếu có)".
fn without_remark(between: &[u8]) -> &[u8] {
    let Some(remark) = between.trim_ascii_start().strip_prefix(b"(") else {
        return between;
    };
    let near = remark.get(..REMARK_BYTES_MAX).unwrap_or(remark);
    let end = near
        .iter()
        .position(|byte| *byte == b')' || byte.is_ascii_digit());
    match end.filter(|end| remark.get(*end) == Some(&b')')) {
        Some(end) => remark.get(end + 1..).unwrap_or_default(),
        None => between,
    }
}

/// What lies between without the other name of the label: "CCCD/Hộ chiếu:".
fn without_other(between: &[u8]) -> &[u8] {
    let Some(other) = between.trim_ascii_start().strip_prefix(b"/") else {
        return between;
    };
    let near = other.get(..OTHER_BYTES_MAX).unwrap_or(other);
    let end = near
        .iter()
        .position(|byte| !(byte.is_ascii_lowercase() || matches!(byte, b' ' | b'/' | b'(' | b')')));
    match end.filter(|end| near.get(*end) == Some(&b':')) {
        Some(end) => other.get(end..).unwrap_or_default(),
        None => between,
    }
}

/// Whether the words between a label and a colon, or "là", before the value say whose it is: "CCCD
/// của ông Nguyễn Văn Thử: ...".
fn is_owner(between: &[u8]) -> bool {
    let is_quote = |byte: &u8| matches!(byte, b'\'' | b'"' | b'*' | b'_' | b' ');
    let end = between.iter().rposition(|byte| !is_quote(byte));
    let words = end.and_then(|end| between.get(..=end)).unwrap_or_default();
    let words = words.trim_ascii();
    let first = words.split(|byte| !is_word(*byte)).next();
    words.len() <= OWNER_CHARS_MAX
        && [b":".as_slice(), b" la", b" so", b" phai"]
            .iter()
            .any(|end| words.ends_with(end))
        && first.is_some_and(|first| OWNERS.contains(&first))
        && !OFFICES.iter().any(|office| words.starts_with(office))
        && !words
            .iter()
            .any(|b| b.is_ascii_digit() || b".;,|\n\t".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_before_another_number_belongs_to_that_number() {
        for between in [
            ": ",
            " so: ",
            " (neu co): ",
            " cua ong nguyen van thu: ",
            " cua me em la ",
            " cua chau so ",
            " rieng cua anh hung: ",
            " nhan ma: ",
            " cua chau la '",
            " gan chip so ",
            " ma so ",
            " cua chong em ",
            " dang ky: ",
            " chi hanh: ",
            " cu: ",
            "/ho chieu: ",
            "/cmnd/ho chieu so: ",
            ": <b>",
            ":</td>\n<td class=\"so\"><span>",
        ] {
            assert_eq!(
                side_before(between.as_bytes()),
                Some(Side::Beside),
                "{between}"
            );
        }
        for between in [
            " (12 so) cu: ",
            " cua ong thu, ma ho so: ",
            " cap ngay 01/02/2020 ",
            "/stk 12: ",
            " ma may: ",
            ": a > b ",
        ] {
            assert_eq!(
                side_before(between.as_bytes()),
                Some(Side::Before),
                "{between}"
            );
        }
        assert_eq!(side_before(b": 0900000001, "), Some(Side::Listed));
        assert_eq!(side_before(b": 001099000001; stk "), None);
    }
}
