//! Which messages are written all in capitals, so that no capital tells a name?
//!
//! In: text. Out: their words in small letters.
//!
//! Never: forms, lists and headings, which have a few words on a line; a text that may hold a mark, which
//! is known by its capitals; texts without diacritics, whose small words tell less; codes, and the letters
//! of a series before its number.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;
use crate::normalize::syllable::words_of;

/// A message is not longer, in bytes ...
const MESSAGE_BYTES_MAX: usize = 600;
/// ... or in lines: more of them are a list ...
const LINES_MAX: usize = 4;
/// ... and has so many words on each: a mark on a line of its own has fewer.
const LINE_WORDS_MIN: usize = 10;
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
/// What marks are told by, in letters alone: they may be parted in many ways.
const MARKS: [&str; 3] = ["MẬT", "NỘIBỘ", "NGOÀIBÌ"];
/// A series has so many letters at most: "DĐ 123456".
const SERIES_CHARS_MAX: usize = 2;
/// Its number begins with so many figures at least.
const NUMBER_MIN: usize = 3;

/// The words of such a message, in small letters.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    if !is_message(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut pieces = text.split_inclusive(char::is_whitespace).peekable();
    let mut start = 0;
    while let Some(piece) = pieces.next() {
        let is_code = piece.contains(|c: char| c.is_ascii_digit())
            || pieces.peek().is_some_and(|next| is_series(piece, next));
        for word in words_of(piece).filter(|_| !is_code) {
            let span = Span::new(start + word.start, start + word.end);
            found.push(Replacement::new(span, word.of(piece).to_lowercase()));
        }
        start += piece.len();
    }
    found
}

fn is_message(text: &str) -> bool {
    if text.len() > MESSAGE_BYTES_MAX || text.is_ascii() || text.chars().any(char::is_lowercase) {
        return false;
    }
    let is_between = |word: &Span| BETWEEN.contains(&word.of(text));
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    words_of(text).filter(is_between).count() >= BETWEEN_MIN
        && lines().count() <= LINES_MAX
        && lines().all(|line| words_of(line).count() >= LINE_WORDS_MIN)
        && !text.contains(SIGNS)
        && !may_hold_mark(text)
}

fn may_hold_mark(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    MARKS.iter().any(|mark| letters.contains(mark))
}

/// Whether the letters of a series stand before its number.
fn is_series(piece: &str, next: &str) -> bool {
    let letters = piece.trim_end();
    let is_short = letters.chars().count() <= SERIES_CHARS_MAX;
    let figures = next.bytes().take_while(u8::is_ascii_digit).count();
    is_short && letters.chars().all(is_of_series) && figures >= NUMBER_MIN
}

const fn is_of_series(letter: char) -> bool {
    letter.is_ascii_uppercase() || letter == 'Đ'
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
    fn the_letters_of_a_series_keep_their_capitals() {
        let text = "GIẤY DĐ 123456 VÀ C 12345 CỦA CÔ ĐANG BỊ MẤT, VÀNG A THỬ XIN CẤP LẠI NĂM 2026";
        assert!(read(text).starts_with("giấy DĐ 123456 và C 12345 của cô"));
        assert!(read(text).contains("vàng a thử"));
    }

    #[test]
    fn headings_forms_and_marks_stay() {
        for text in [
            "QUYẾT ĐỊNH VỀ VIỆC PHÊ DUYỆT KẾ HOẠCH SỬ DỤNG ĐẤT NĂM 2026 HUYỆN VÍ DỤ",
            "HỌ VÀ TÊN: LÊ VĂN THỬ\nSINH NĂM: 1980\nNƠI Ở: THÔN MẪU, XÃ VÍ DỤ\nBỊ BỆNH: KHÔNG",
            "DỊCH GIÚP EM ĐOẠN NÀY ĐỂ GỬI CHO XÃ BẠN NHÉ: TỐI MẬT KẾ HOẠCH PHÒNG THỦ NĂM 2026 LÀ",
            "DỊCH GIÚP EM ĐOẠN NÀY ĐỂ GỬI CHO XÃ BẠN NHÉ: T.Ố.I M.Ậ.T KẾ HOẠCH PHÒNG THỦ NĂM 2026 LÀ",
            "XEM XONG TRẢ LẠI\nDỊCH GIÚP EM ĐOẠN NÀY ĐỂ GỬI CHO XÃ BẠN NHÉ, ANH ẤY ĐANG CẦN RỒI MÀ CHƯA CÓ",
            "ANH LAM AI CHO XIN GIUP KO, CHO XIN SO CUA AI KO, SAO LAI KO CHO",
            "Cô Mẫu BÊN HỘI BỊ ỐM, ĐANG GIẤU CẢ CƠ QUAN, VIẾT GIÚP EM",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
