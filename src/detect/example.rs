//! Is a number an example of how such numbers are written: "nhập số CCCD (ví dụ: ...)"?
//!
//! In: text and a span. Out: whether a word for examples opens the clause before it, with nothing
//! but a label between. Where a name stands between, somebody's number serves as the example.
//!
//! Never: what the number means.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::fold::{begins_folded, folded};
use crate::model::part::Span;

/// So far before the number the word may begin, in bytes.
const REACH: usize = 96;
/// So many figures that count up or down are nobody's number.
const COUNTED_MIN: usize = 9;
/// Words for examples, in folded text.
const WORDS: [&str; 8] = [
    "vi du",
    "thi du",
    "vd",
    "v.d",
    "chang han",
    "chang han nhu",
    "e.g.",
    "for example",
];
static EXAMPLES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS).ok());
/// Words that may stand between it and the number.
const BETWEEN: [&str; 42] = [
    "ve", "cua", "so", "ma", "the", "la", "nhu", "cccd", "cmnd", "can", "cuoc", "cong", "dan",
    "dinh", "danh", "ca", "nhan", "sdt", "dt", "dien", "thoai", "di", "dong", "bhyt", "bhxh",
    "bao", "hiem", "xa", "hoi", "y", "te", "mst", "thue", "tai", "khoan", "ho", "chieu", "bien",
    "xe", "nhap", "ghi", "viet",
];

/// Whether the number is an example, or stands in the pattern of a message to a service: "Cú pháp:
/// BHXH 0123456789 gửi 8079".
pub(super) fn is_example(text: &str, span: Span) -> bool {
    is_called_one(text, span) || is_of_message(text, span)
}

/// Whether the figures count up or down, as those of forms and guides do: "012345678901".
pub(super) fn is_counted(value: &str) -> bool {
    let figures = value.bytes().filter(u8::is_ascii_digit).map(|f| f - b'0');
    let figures: Vec<u8> = figures.collect();
    let is_up = |pair: &[u8]| matches!(pair, [a, b] if (a + 1) % 10 == *b);
    let is_down = |pair: &[u8]| matches!(pair, [a, b] if (b + 1) % 10 == *a);
    let bare = figures
        .split(|figure| *figure != 0)
        .next()
        .map_or(0, <[u8]>::len);
    let counted = figures.get(bare.saturating_sub(1)..).unwrap_or_default();
    counted.len() >= COUNTED_MIN
        && (counted.windows(2).all(is_up) || counted.windows(2).all(is_down))
}

fn is_called_one(text: &str, span: Span) -> bool {
    let Some(examples) = &*EXAMPLES else {
        return false;
    };
    let small = folded(lead(text, span));
    examples.find_overlapping_iter(&small).any(|met| {
        let lead = small.get(..met.start()).unwrap_or_default();
        let between = small.get(met.end()..).unwrap_or_default();
        opens_clause(lead)
            && between
                .split(|c: char| !c.is_alphanumeric())
                .all(is_of_label)
    })
}

/// Whether a message to a short number is spelled out around the number.
fn is_of_message(text: &str, span: Span) -> bool {
    let rest = text.get(span.end..).unwrap_or_default();
    if !begins_folded(rest.trim_start(), "gui ") {
        return false;
    }
    let near = rest.get(..rest.floor_char_boundary(REACH)).unwrap_or(rest);
    let near = folded(near);
    let Some(service) = near.trim_start().strip_prefix("gui ") else {
        return false;
    };
    let service = service.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    let figures = service.bytes().take_while(u8::is_ascii_digit).count();
    let small = folded(lead(text, span));
    matches!(figures, 3 | 4)
        && ["cu phap", "soan tin", "soan"]
            .iter()
            .any(|w| small.contains(w))
}

/// What stands before the number on its line, as far as it is read.
fn lead(text: &str, span: Span) -> &str {
    let before = text.get(..span.start).unwrap_or_default();
    let near = before.len().saturating_sub(REACH);
    let near = before
        .get(before.ceil_char_boundary(near)..)
        .unwrap_or_default();
    near.rsplit('\n').next().unwrap_or_default()
}

/// Whether what stands before the word ends a clause: a commune may be named Ví Dụ.
fn opens_clause(lead: &str) -> bool {
    let bare = lead.trim_end_matches(' ');
    bare.is_empty() || bare.ends_with(|c: char| c.is_ascii_punctuation() || c == '–')
}

fn is_of_label(word: &str) -> bool {
    const NUMBER_DIGITS: usize = 9;
    let is_number = word.len() >= NUMBER_DIGITS && word.bytes().all(|b| b.is_ascii_digit());
    word.is_empty() || is_number || BETWEEN.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one(text: &str) -> bool {
        let at = text.find("0900000001").unwrap();
        is_example(text, Span::new(at, at + 10))
    }

    #[test]
    fn examples_are_told_by_the_word_before_them() {
        for text in [
            "nhập đủ 10 số, ví dụ 0900000001",
            "Ví dụ: số điện thoại 0900000001",
            "SĐT viết liền (VD: 0900000001)",
            "Nhap so, vi du: SDT 0900000001",
            "Ví dụ về số điện thoại: 0900000001",
            "Ví dụ: CCCD 001080000123, SĐT 0900000001",
            "Soạn tin BHXH 0900000001 gửi 8079",
            "Cú pháp: TRACUU 0900000001 gửi tổng đài 8888",
        ] {
            assert!(is_one(text), "{text}");
        }
        for text in [
            "UBND xã Ví Dụ 0900000001",
            "ví dụ anh Thử 0900000001",
            "có người gọi, ví dụ số của bà Mẫu: 0900000001",
            "soạn giúp giấy mời bà Mẫu 0900000001 gửi trước 1/2",
            "ví dụ 1: gọi 0900000001",
        ] {
            assert!(!is_one(text), "{text}");
        }
    }
}
