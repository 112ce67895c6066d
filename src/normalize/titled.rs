//! Which paragraphs are written with a capital for Every Word, as some keyboards do, so that no
//! capital tells a name?
//!
//! In: text. Out: their words in small letters.
//!
//! Never: headings and lists of names. Words that only stand between others, "Của", "Cho", must begin
//! with capitals there too. Marks of secrecy stay.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;
use crate::normalize::syllable::words_of;

/// Words that stand between others in a sentence, and begin with a capital only at its beginning.
const BETWEEN: [&str; 30] = [
    "Của", "Và", "Cho", "Là", "Tại", "Với", "Theo", "Các", "Được", "Đã", "Ở", "Bị", "Có", "Không",
    "Đến", "Trên", "Về", "Này", "Để", "Khi", "Những", "Trong", "Nhưng", "Cua", "Duoc", "Khong",
    "Voi", "Tren", "Nhung", "Cac",
];
/// So many of them stand in such a paragraph ...
const BETWEEN_MIN: usize = 2;
/// ... and so many words.
const WORDS_MIN: usize = 10;
/// One word in so many may begin small.
const WORDS_FOR_SMALL: usize = 16;
/// One word in so many may be in capitals, as abbreviations are.
const WORDS_FOR_SHOUTED: usize = 3;
/// So many small words in the beginning make it another paragraph.
const SMALL_MAX: usize = 2;
/// A line that holds a mark has so many words at most: "Độ Mật: Tối Mật".
const MARK_WORDS_MAX: usize = 5;
/// Words of marks.
const MARKS: [&str; 3] = ["Mật", "Nội", "Bộ"];

/// So many small words tell of the whole text, if most of its words are.
const GLANCE_WORDS: usize = 24;

/// The words of paragraphs in which every word begins with a capital, in small letters.
pub(super) fn words(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    if !may_be_titled(text) {
        return found;
    }
    let mut start = 0;
    let gaps = memchr::memmem::find_iter(text.as_bytes(), "\n\n");
    for gap in gaps.chain([text.len()]) {
        let paragraph = text.get(start..gap).unwrap_or_default();
        if is_titled(paragraph) {
            lower(paragraph, start, &mut found);
        }
        start = gap + 2;
    }
    found
}

/// Whether so many words begin with capitals that a part of the text could be such a paragraph. Most
/// texts tell in their first words.
fn may_be_titled(text: &str) -> bool {
    let (mut small, mut other) = (0, 0);
    for space in memchr::memchr_iter(b' ', text.as_bytes()) {
        match text.as_bytes().get(space + 1) {
            Some(b'a'..=b'z') => small += 1,
            _ => other += 1,
        }
        if small > GLANCE_WORDS && small > other {
            return false;
        }
    }
    other > small
}

/// Whether every word of the paragraph begins with a capital, those between others too.
fn is_titled(paragraph: &str) -> bool {
    let (mut words, mut small, mut between, mut shouted) = (0, 0, 0, 0);
    for word in words_of(paragraph) {
        let word = word.of(paragraph);
        words += 1;
        shouted += usize::from(is_shouted(word));
        match word.chars().next() {
            Some(first) if first.is_lowercase() => small += 1,
            _ if BETWEEN.contains(&word) => between += 1,
            _ => {}
        }
        if small > SMALL_MAX && small * WORDS_FOR_SMALL > words {
            return false;
        }
    }
    words >= WORDS_MIN
        && between >= BETWEEN_MIN
        && small * WORDS_FOR_SMALL <= words
        && shouted * WORDS_FOR_SHOUTED <= words
}

/// Whether the word is in capitals; a letter alone does not tell.
fn is_shouted(word: &str) -> bool {
    word.chars().nth(1).is_some_and(char::is_uppercase)
}

/// Adds the words of a paragraph that begin with a capital, in small letters; those in capitals stay,
/// and so do codes and passwords.
fn lower(paragraph: &str, from: usize, found: &mut Vec<Replacement>) {
    let mut start = from;
    for line in paragraph.split_inclusive('\n') {
        if !may_be_mark(line) {
            for place in whole_words(line) {
                let word = place.of(line);
                let first = word.chars().next().unwrap_or_default();
                if first.is_uppercase() && !is_shouted(word) {
                    let at = start + place.start;
                    let span = Span::new(at, at + first.len_utf8());
                    found.push(Replacement::new(span, first.to_lowercase().to_string()));
                }
            }
        }
        start += line.len();
    }
}

/// The words of a line that have nothing but signs around them, up to the next space.
fn whole_words(line: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    line.split_inclusive(char::is_whitespace)
        .filter_map(move |piece| {
            let start = at;
            at += piece.len();
            let bare = piece.trim_start_matches(|c: char| !c.is_alphanumeric());
            let lead = piece.len() - bare.len();
            let word = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
            let is_word = !word.is_empty() && word.chars().all(char::is_alphabetic);
            is_word.then(|| Span::new(start + lead, start + lead + word.len()))
        })
}

/// Whether a line is short and has a word of marks.
fn may_be_mark(line: &str) -> bool {
    words_of(line).nth(MARK_WORDS_MAX).is_none()
        && words_of(line).any(|word| MARKS.contains(&word.of(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    fn read(text: &str) -> String {
        apply(text, &words(text)).0
    }

    #[test]
    fn a_paragraph_of_words_with_capitals_is_read_in_small_letters() {
        assert_eq!(
            read(
                "Xem Giúp Em Trường Hợp Của Bà (Trần Thị Mẫu) Ở Thôn Đoài Với Ạ.\nTối Mật\nCCCD Của Bà Là Số Này"
            ),
            "xem giúp em trường hợp của bà (trần thị mẫu) ở thôn đoài với ạ.\nTối Mật\nCCCD của bà là số này"
        );
    }

    #[test]
    fn codes_and_passwords_keep_their_capitals() {
        let text =
            "Hộ Chiếu Của Ông Là B1234567, Biển Số 36B-123.45 Và Mật Khẩu Là Xa@2026 Hay Mau-Xa";
        assert!(read(text).ends_with(
            "của ông là B1234567, biển số 36B-123.45 và mật khẩu là Xa@2026 hay Mau-Xa"
        ));
    }

    #[test]
    fn headings_names_and_other_paragraphs_stay() {
        for text in [
            "Trung Tâm Văn Hóa Và Thể Thao Thành Phố Hồ Chí Minh Kính Báo",
            "HỎI ÔNG LÊ VĂN THỬ Ở THÔN MẪU MUỐN LÀM CĂN CƯỚC THÌ LÀM Ở ĐÂU",
            "Nguyễn Văn Thử, Trần Thị Mẫu, Lê Văn Ví, Phạm Thị Dụ, Vũ Văn Năm",
            "Ủy Ban Nhân Dân Xã Mẫu Đã Ban Hành Quy Chế của cơ quan và gửi các phòng ban Của Xã Được Biết",
            "",
        ] {
            assert_eq!(read(text), text);
        }
        let second = "Không ai cả.\n\nDanh Sách Của Các Hộ Được Vay Vốn Tại Thôn Đoài Xã Ví Dụ";
        let lowered = read(second);
        assert!(lowered.starts_with("Không ai cả.\n\ndanh sách của các hộ"));
    }
}
