//! Which messages are written all in capitals, so that no capital tells a name?
//!
//! In: text. Out: their words in small letters.
//!
//! Never: forms, lists and headings, which have a word or a few on each line; a text with a mark of
//! secrecy, which is known by its capitals; texts without diacritics, whose small words tell less; codes.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;
use crate::normalize::syllable::words_of;

/// A message is not longer, in bytes ...
const MESSAGE_BYTES_MAX: usize = 600;
/// ... or in lines ...
const LINES_MAX: usize = 4;
/// ... and has so many words for each.
const WORDS_FOR_LINE: usize = 10;
/// So many words of a sentence stand in it.
const BETWEEN_MIN: usize = 2;
/// Words that a sentence has, and hardly a heading.
const BETWEEN: [&str; 41] = [
    "BỊ", "ĐANG", "ĐÃ", "THÌ", "LÀ", "MÀ", "NÊN", "CỨ", "CÒN", "CÓ", "KHÔNG", "KO", "NÀY", "ĐÓ",
    "ẤY", "LẠI", "RỒI", "CHƯA", "VỚI", "CHO", "MỚI", "GIÚP", "DÙM", "GIÙM", "ĐỂ", "GIỜ", "ĐƯỢC",
    "NHỜ", "VIẾT", "SOẠN", "XIN", "ĐÒI", "BỎ", "NÓI", "NGHE", "VÌ", "TỚI", "AI", "SAO", "NHÉ", "Ạ",
];
/// Signs of rows and of code.
const SIGNS: [char; 6] = ['<', '|', '\t', '{', '=', ';'];
/// Words of marks.
const MARKS: [&str; 2] = ["MẬT", "NỘI BỘ"];

/// The words of such a message, in small letters.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    if !is_message(text) {
        return Vec::new();
    }
    let mut start = 0;
    let mut found = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let is_code = piece.contains(|c: char| c.is_ascii_digit());
        for word in words_of(piece).filter(|_| !is_code) {
            let span = Span::new(start + word.start, start + word.end);
            found.push(Replacement::new(span, word.of(piece).to_lowercase()));
        }
        start += piece.len();
    }
    found
}

fn is_message(text: &str) -> bool {
    if text.len() > MESSAGE_BYTES_MAX || text.chars().any(char::is_lowercase) {
        return false;
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let words = || words_of(text).map(|word| word.of(text));
    let between = words().filter(|word| BETWEEN.contains(word)).count();
    lines <= LINES_MAX
        && between >= BETWEEN_MIN
        && words().count() >= WORDS_FOR_LINE * lines
        && !text.contains(SIGNS)
        && !MARKS.iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        apply(text, &words(text)).0
    }

    #[test]
    fn a_message_in_capitals_is_read_in_small_letters() {
        assert_eq!(
            read("CÔ MẪU BÊN HỘI BỊ ỐM, ĐANG GIẤU CẢ CƠ QUAN, BIỂN SỐ 36B-123.45, VIẾT GIÚP EM"),
            "cô mẫu bên hội bị ốm, đang giấu cả cơ quan, biển số 36B-123.45, viết giúp em"
        );
    }

    #[test]
    fn headings_forms_and_marks_stay() {
        for text in [
            "QUYẾT ĐỊNH VỀ VIỆC PHÊ DUYỆT KẾ HOẠCH SỬ DỤNG ĐẤT NĂM 2026 HUYỆN VÍ DỤ",
            "HỌ VÀ TÊN: LÊ VĂN THỬ\nSINH NĂM: 1980\nNƠI Ở: THÔN MẪU, XÃ VÍ DỤ\nBỊ BỆNH: KHÔNG",
            "DỊCH GIÚP EM ĐOẠN NÀY ĐỂ GỬI CHO XÃ BẠN NHÉ: TỐI MẬT KẾ HOẠCH PHÒNG THỦ NĂM 2026 LÀ",
            "Cô Mẫu BÊN HỘI BỊ ỐM, ĐANG GIẤU CẢ CƠ QUAN, VIẾT GIÚP EM",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
