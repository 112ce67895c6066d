//! Does a document begin behind a request on the same line: "Dịch sang tiếng Anh: TỐI MẬT", with its
//! header on the lines below?
//!
//! Never: whether it is a document; its header says so.

use crate::detect::layout::{Layout, is_anchor};
use crate::detect::letter::in_small;
use crate::model::part::Span;

/// A request has at least so many words.
const WORDS_MIN: usize = 2;
/// So many lines below show whether a document follows.
const LINES_BELOW: usize = 3;

impl Layout<'_> {
    /// Whether the span, in the first line with anything on it, opens a document behind a request.
    pub(super) fn is_behind_request(&self, span: Span) -> bool {
        let text = self.text();
        let line = self.line(span.start);
        let before = Span::new(line.span.start, span.start).of(text);
        let lead = before.trim_end_matches([' ', '"', '“', '‘', '«', '(']);
        let is_request = line.ordinal == 0
            && lead.ends_with(':')
            && lead.split_whitespace().count() >= WORDS_MIN;
        if !is_request {
            return false;
        }
        let behind = text.get(line.span.end..).unwrap_or_default();
        let below = behind
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        let mut below = below.take(LINES_BELOW).peekable();
        // "Các độ mật: MẬT", with the others on the lines below, is about marks.
        let tells_of_marks = ["mật", "dấu", "độ"]
            .iter()
            .any(|word| in_small(lead).contains(word));
        let is_title = |line: &&str| {
            let has_small = line.chars().any(char::is_lowercase);
            !has_small && line.contains(' ') && !line.contains("MẬT")
        };
        !tells_of_marks && below.peek().is_some_and(is_title) || below.any(is_anchor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_behind(text: &str) -> bool {
        let at = text.find("MẬT").unwrap();
        Layout::new(text).is_behind_request(Span::new(at, at + "MẬT".len()))
    }

    #[test]
    fn a_document_may_begin_behind_a_request() {
        for text in [
            "Dịch sang tiếng Anh: MẬT\nUBND XÃ VÍ DỤ\nSố: 1/BC-UBND",
            "Tóm tắt giúp tôi: “MẬT\nTHÔNG BÁO\nKết quả",
            "Soạn lại văn bản mật này: MẬT\n\nỦY BAN NHÂN DÂN\nXÃ VÍ DỤ",
        ] {
            assert!(is_behind(text), "{text}");
        }
    }

    #[test]
    fn what_is_told_of_marks_is_no_document() {
        for text in [
            "Các độ mật gồm: MẬT\nTỐI MẬT\nTUYỆT MẬT",
            "Nghĩa của từ: MẬT\nlà gì",
            "MẬT\nTHÔNG BÁO",
            "Một hai ba\nDịch giúp tôi: MẬT\nTHÔNG BÁO CHUNG",
        ] {
            assert!(!is_behind(text), "{text}");
        }
    }
}
