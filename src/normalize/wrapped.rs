//! Which line ends are where a program broke a long line, in the middle of its sentence?
//!
//! In: text. Out: the line ends of mails and of pages copied as text that part words of one sentence,
//! to be read as spaces: "xã Ví\nDụ".
//!
//! Never: the ends of entries, fields, rows, headings and code; lines that are not about as long as
//! the longest of their paragraph.

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

/// A line that was broken has so many characters at least ...
const LINE_CHARS_MIN: usize = 50;
/// ... and at most.
const LINE_CHARS_MAX: usize = 120;
/// A letter has so many bytes at most.
const LETTER_BYTES_MAX: usize = 4;
/// So many words stand on such a line at least.
const SPACES_MIN: usize = 5;
/// The label of a field is not longer, in bytes.
const LABEL_BYTES_MAX: usize = 40;
/// A mark is not longer, in bytes.
const STAMP_BYTES_MAX: usize = 64;
/// Paragraphs of more lines are lists.
const LINES_MAX: usize = 64;

/// A line of a paragraph.
struct Line<'t> {
    span: Span,
    text: &'t str,
    chars: usize,
}

/// The line ends within sentences.
pub(super) fn lines(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    let mut paragraph: Vec<Line<'_>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r', ' ']);
        let span = Span::new(at, at + bare.len());
        at += line.len();
        if bare.is_empty() {
            read(&std::mem::take(&mut paragraph), &mut found);
            continue;
        }
        let chars = match bare.len() {
            length if length < LINE_CHARS_MIN => length,
            length if length > LINE_CHARS_MAX * LETTER_BYTES_MAX => length,
            _ => bare.chars().count(),
        };
        paragraph.push(Line {
            span,
            text: bare,
            chars,
        });
    }
    read(&paragraph, &mut found);
    found
}

/// Adds the line ends of a paragraph.
fn read(paragraph: &[Line<'_>], found: &mut Vec<Replacement>) {
    let width = paragraph.iter().map(|line| line.chars).max().unwrap_or(0);
    let is_prose = (LINE_CHARS_MIN..=LINE_CHARS_MAX).contains(&width)
        && (2..=LINES_MAX).contains(&paragraph.len())
        && paragraph.iter().any(|line| has_words(line));
    if !is_prose {
        return;
    }
    let pairs = paragraph.iter().zip(paragraph.iter().skip(1));
    let full: Vec<bool> = pairs
        .clone()
        .map(|(line, next)| is_full(line, next, width))
        .collect();
    for (at, (line, next)) in pairs.enumerate() {
        let is = |at: Option<usize>| at.and_then(|at| full.get(at)).copied().unwrap_or(false);
        let is_beside_full = is(at.checked_sub(1)) || is(Some(at + 1));
        let goes_on = is_sentence(line.text, next.text) || is_unfinished(line.text);
        if is(Some(at)) && (goes_on || is_beside_full && is_alike(line.text, next.text)) {
            let end = Span::new(line.span.end, next.span.start);
            found.push(Replacement::new(end, " ".to_owned()));
        }
    }
}

/// Whether the line is long enough, and of words.
fn has_words(line: &Line<'_>) -> bool {
    let mut spaces = memchr::memchr_iter(b' ', line.text.as_bytes());
    line.chars >= LINE_CHARS_MIN && spaces.nth(SPACES_MIN - 1).is_some()
}

/// Whether the next word had no place on the line, and neither line is an entry, a row or code.
fn is_full(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    let next_word = || next.text.split(' ').next().unwrap_or_default();
    let is_code = |text: &str| text.contains(['\t', '|', '{', '}', '=', '<', '>', '`', '\\']);
    has_words(line)
        && line.chars + 1 + next_word().chars().count() > width
        && !line.text.contains("   ")
        && !line
            .text
            .ends_with(['.', ':', ';', '!', '?', '"', '”', '…'])
        && !is_code(line.text)
        && !is_code(next.text)
        && !is_stamp(next.text)
        && !is_row(line.text)
        && !is_row(next.text)
        && !opens_entry(next.text)
}

/// Whether the line may be a mark or a heading of its own: a few words in capitals.
fn is_stamp(line: &str) -> bool {
    line.len() <= STAMP_BYTES_MAX && !line.contains(char::is_lowercase)
}

/// Whether commas or semicolons part cells, without a space behind: "1,03/BC-CAX,Mật".
fn is_row(line: &str) -> bool {
    let bytes = line.as_bytes().windows(2);
    let parts = |pair: &&[u8]| matches!(pair, [b',' | b';', next] if *next != b' ');
    bytes.filter(parts).count() >= 2
}

/// Whether a bullet, a number or a label opens the line.
fn opens_entry(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    let label = line.get(..line.floor_char_boundary(LABEL_BYTES_MAX));
    let is_number = word.ends_with(['.', ')', '/']) && word.chars().count() <= 4;
    !line.starts_with(char::is_alphanumeric)
        || is_number
        || label.is_some_and(|label| label.contains(':'))
}

/// Whether the next line begins in small letters in a text with capitals.
fn is_sentence(line: &str, next: &str) -> bool {
    next.starts_with(char::is_lowercase)
        && line.contains(char::is_uppercase)
        && line.contains(char::is_lowercase)
}

/// Whether a comma ends the line, or a word behind which something must follow: "xã", "ông".
fn is_unfinished(line: &str) -> bool {
    const WORDS: [&str; 40] = [
        "thôn",
        "xóm",
        "ấp",
        "bản",
        "buôn",
        "làng",
        "xã",
        "phường",
        "tỉnh",
        "huyện",
        "quận",
        "phố",
        "đường",
        "ngõ",
        "hẻm",
        "ông",
        "bà",
        "anh",
        "chị",
        "là",
        "tại",
        "ở",
        "của",
        "và",
        "với",
        "do",
        "số",
        "thon",
        "xom",
        "buon",
        "xa",
        "phuong",
        "tinh",
        "huyen",
        "duong",
        "ong",
        "tai",
        "cua",
        "voi",
        "va",
    ];
    let word = line.rsplit(' ').next().unwrap_or_default().to_lowercase();
    line.ends_with(',') && !line.ends_with("\",") || WORDS.contains(&word.as_str())
}

/// Whether both lines are written alike, and are no two entries of a list: each with a year or a
/// number of its own, or parted alike.
fn is_alike(line: &str, next: &str) -> bool {
    let is_shouted = |text: &str| !text.contains(char::is_lowercase);
    let has_number = |text: &str| {
        let mut digits = text.split(|c: char| !c.is_ascii_digit());
        digits.any(|run| run.len() >= 4)
    };
    let parts = |text: &str| text.matches([',', ';']).count();
    let are_entries = parts(line) >= 2 && parts(line) == parts(next);
    is_shouted(line) == is_shouted(next) && !(has_number(line) && has_number(next)) && !are_entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> usize {
        lines(text).len()
    }

    #[test]
    fn lines_broken_within_a_sentence_are_joined() {
        let text = "Ngày 14/5/2026, Công an xã tiếp nhận hồ sơ đăng ký tạm trú của bà Lê Thị\nMẫu, trú tại thôn Đông, xã Ví Dụ, tỉnh Hưng Yên, hiện ở cùng con gái tại\nxóm 3, xã Ví Dụ.";
        assert_eq!(joined(text), 2);
        assert_eq!(joined(&text.to_lowercase()), 2);
    }

    #[test]
    fn entries_fields_and_rows_stay() {
        for text in [
            "Nguyễn Văn Thử, sinh năm 1980, thôn Đông, xã Ví Dụ, tỉnh Hưng Yên\nTrần Thị Mẫu, sinh năm 1985, thôn Đoài, xã Ví Dụ, tỉnh Hưng Yên\nLê Văn Ví, sinh năm 1990, thôn Đoài, xã Ví Dụ, tỉnh Hưng Yên",
            "Kính gửi: Ban Thường vụ, các chi bộ trực thuộc trong toàn xã\nMẬT\nSố: 12/BC",
            "Họ và tên người đề nghị xác nhận tình trạng hôn nhân: Lê Văn Thử\nĐịa chỉ: thôn Đông, xã Ví Dụ",
            "- Bà Trần Thị Mẫu ở thôn Đông đề nghị xem xét hỗ trợ gạo dịp Tết\n- Ông Lê Văn Thử ở thôn Đoài đề nghị xem xét hỗ trợ gạo dịp Tết",
            "1,03/BC-CAX,Tình hình an ninh trật tự xã,Tối mật,Công an tỉnh\n2,04/KH-CAX,Kế hoạch huấn luyện dân quân,Thường,UBND xã Ví Dụ",
            "Nguyễn Văn Thử, thôn Đông, xã Ví Dụ, thuộc hộ nghèo của xã Mẫu\nTrần Thị Mẫu, thôn Đoài, xã Ví Dụ, thuộc hộ nghèo của xã Mẫu Ví\nLê Văn Ví, thôn Đoài, xã Ví Dụ, thuộc hộ cận nghèo của xã Mẫu",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKB\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKB",
        ] {
            assert_eq!(joined(text), 0, "{text}");
        }
    }
}
