//! Does a request to the AI stand before a pasted text on the same line: "Dịch sang tiếng Anh: TỐI
//! MẬT", with the rest of the document on the lines below?
//!
//! In: text. Out: the space behind the request, to be read as an empty line, so that what was pasted
//! stands on its own, as it did where it was copied; the signs of quotation around it, to be read as
//! nothing.
//!
//! Never: a change of what either says.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// A request is not longer, in bytes.
const REQUEST_BYTES_MAX: usize = 240;
/// Behind it stand so many words, or it is a field with its value.
const WORDS_MIN: usize = 2;

/// How requests begin, with diacritics and without.
const OPENINGS: [&str; 36] = [
    "hãy ",
    "giúp ",
    "nhờ ",
    "tóm tắt",
    "dịch ",
    "viết ",
    "sửa ",
    "soạn ",
    "chỉnh ",
    "rút gọn",
    "kiểm tra ",
    "rà soát ",
    "tổng hợp ",
    "phân tích ",
    "trích ",
    "so sánh ",
    "giải thích ",
    "nội dung",
    "giup ",
    "tom tat",
    "dich ",
    "viet ",
    "sua ",
    "soan ",
    "kiem tra ",
    "tong hop ",
    "noi dung",
    "please ",
    "can you ",
    "translate ",
    "summarize",
    "summarise",
    "rewrite ",
    "proofread",
    "explain ",
    "fix ",
];

/// Words at the end of what asks for one value: "Kiểm tra số CCCD: …".
const LABELS: [&str; 20] = [
    "khẩu", "khau", "password", "pass", "mk", "otp", "mã", "ma", "số", "so", "cccd", "cmnd", "sđt",
    "sdt", "khoản", "khoan", "tên", "ten", "sinh", "chỉ",
];

/// Where the request ends, if one opens the text.
pub(super) fn ends(text: &str) -> Vec<Replacement> {
    let start = text.len() - text.trim_start().len();
    let near = text.get(start..text.floor_char_boundary(start + REQUEST_BYTES_MAX));
    let line = near
        .unwrap_or_default()
        .split('\n')
        .next()
        .unwrap_or_default();
    let Some(colon) = line.find(':') else {
        return Vec::new();
    };
    let request = line.get(..colon).unwrap_or_default().to_lowercase();
    let from = start + colon + 1;
    let behind = text.get(from..).unwrap_or_default();
    let pasted = behind.trim_start_matches([' ', '\n', '"', '“', '‘', '«']);
    let gap = Span::new(from, text.len() - pasted.len());
    let is_request = OPENINGS.iter().any(|opening| request.starts_with(opening));
    let has_words = pasted.split_whitespace().take(WORDS_MIN).count() == WORDS_MIN;
    let signs = gap.of(text);
    let last = request.split_whitespace().next_back().unwrap_or_default();
    let first = pasted.chars().find(|c| c.is_alphanumeric());
    let is_label = LABELS.contains(&last) || first.is_some_and(|c| c.is_ascii_digit());
    let asked = line.get(..colon).unwrap_or_default();
    let is_apart = is_request && !is_label && !names_somebody(asked) && is_document(asked, pasted);
    if !is_apart || !has_words || signs.is_empty() || signs.contains("\n\n") {
        return Vec::new();
    }
    let mut read = vec![Replacement::new(gap, "\n\n")];
    let is_quoted = !signs.trim().is_empty();
    read.extend(
        closing(text)
            .filter(|_| is_quoted)
            .map(|sign| Replacement::new(sign, "")),
    );
    read
}

/// Whether something was pasted, and the request does not go on: "Soạn giấy mời cho hộ nghèo: Lê Thị
/// Thử" is one sentence. What is pasted has several lines, or is written otherwise.
fn is_document(request: &str, pasted: &str) -> bool {
    let (line, rest) = pasted.split_once('\n').unwrap_or((pasted, ""));
    let unquoted = line.trim_end_matches(['”', '’', '»', ' ']);
    let is_plain = !request.is_ascii() && unquoted.is_ascii();
    let is_shouted = !line.chars().any(char::is_lowercase);
    let is_name = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.any(char::is_lowercase)
    };
    let names = pasted
        .split_whitespace()
        .take(2)
        .filter(|word| is_name(word));
    is_plain || is_shouted || !rest.trim().is_empty() && names.count() < 2
}

/// Whether two words in a row have capitals: what follows is about whoever is named so.
fn names_somebody(request: &str) -> bool {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let words = || request.split_whitespace();
    words()
        .zip(words().skip(1))
        .any(|(one, two)| is_capital(one) && is_capital(two))
}

/// The sign that ends a quotation at the end of a text.
fn closing(text: &str) -> Option<Span> {
    let bare = text.trim_end();
    let quoted = bare.trim_end_matches(['"', '”', '’', '»']);
    (quoted.len() < bare.len()).then_some(Span::new(quoted.len(), bare.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn parted(text: &str) -> String {
        apply(text, &ends(text)).0
    }

    #[test]
    fn what_is_pasted_stands_on_its_own() {
        for (text, wanted) in [
            (
                "Dịch sang tiếng Anh: MẬT\nUBND",
                "Dịch sang tiếng Anh:\n\nMẬT\nUBND",
            ),
            (
                "Nội dung: “Họ tên, CCCD\nThử, 036”",
                "Nội dung:\n\nHọ tên, CCCD\nThử, 036",
            ),
            (
                "Tóm tắt giúp: ho ba mau ngheo",
                "Tóm tắt giúp:\n\nho ba mau ngheo",
            ),
            (
                "Please summarize: | A | B |\n| c | d |",
                "Please summarize:\n\n| A | B |\n| c | d |",
            ),
        ] {
            assert_eq!(parted(text), wanted);
        }
    }

    #[test]
    fn fields_and_requests_that_stand_apart_stay() {
        for text in [
            "Họ tên: Nguyễn Văn Thử",
            "Tóm tắt giúp:\n\nHọ tên: Nguyễn Văn Thử",
            "Kính gửi: UBND xã Ví Dụ",
            "Soạn giấy mời cho hộ nghèo: Lê Thị Mẫu và Trần Văn Thử",
            "Soạn giấy mời cho hộ nghèo: Lê Thị Mẫu\nTrần Văn Thử",
            "Kiểm tra số CCCD: của ông Thử",
            "Viết lại: 036090001234 của ông Thử",
            "Viết nhận xét cho em Lê Thử lớp 7A: toán 4,5; văn 6",
            "Hãy đọc",
            "",
        ] {
            assert_eq!(parted(text), text);
        }
    }
}
