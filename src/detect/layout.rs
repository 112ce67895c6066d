//! How does the text stand on the page: lines, cells, the header of a document?
//!
//! In: comparable text. Out: answers about places in it, each in constant or logarithmic time.
//!
//! Never: the meaning of what stands there; tables of people are `table`'s.

use std::cell::OnceCell;

use memchr::memchr_iter;

use crate::detect::fold::begins_folded;
use crate::model::part::Span;

/// So many lines that are not empty belong to the header of a document (NĐ 30/2020/NĐ-CP,
/// phụ lục I: the marks stand in the upper half of the first page).
const HEADER_LINES: usize = 15;
/// So near to a line of the header's fixed parts, counted in lines that are not empty.
const ANCHOR_LINES: usize = 4;
/// Words before a mark in sentences that tell of it: "đóng dấu / MẬT / lên trang đầu".
const TELLING: [&str; 18] = [
    "dấu", "mức", "độ", "loại", "chữ", "là", "đóng", "từ", "cấp", "và", "hoặc", "hay", "có", "ghi",
    "mang", "thuộc", "liệu", "bản",
];
/// Lines below a mark that begin with a small letter though no sentence goes on.
const FOLLOWS: [&str; 3] = ["v/v", "ngày", "kính gửi"];
/// Tags that set off words within a line are no longer than this; what is longer ends a cell.
const INLINE_BYTES_MAX: usize = 160;
/// So many spaces part two columns of a flattened header.
const COLUMN_SPACES: usize = 3;

/// The lines of a text.
pub(super) struct Layout<'t> {
    text: &'t str,
    lines: Vec<Line>,
    /// The ordinals of the lines that hold a fixed part of a document's header.
    anchors: OnceCell<Vec<usize>>,
    /// The ordinals of the lines of digital signatures.
    signatures: OnceCell<Vec<usize>>,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where it stands, without its line end.
    pub span: Span,
    /// How many lines that are not empty stand before it.
    pub ordinal: usize,
}

impl<'t> Layout<'t> {
    /// Looks at the text once.
    pub(super) fn new(text: &'t str) -> Self {
        let mut layout = Self {
            text,
            lines: Vec::new(),
            anchors: OnceCell::new(),
            signatures: OnceCell::new(),
        };
        let mut start = 0;
        let mut ordinal = 0;
        for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let span = Span::new(start, end);
            let line = span.of(text).trim();
            layout.lines.push(Line { span, ordinal });
            ordinal += usize::from(!line.is_empty());
            start = end + 1;
        }
        layout
    }

    /// The text it was made of.
    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// All lines, in order.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The index of the line on which a byte stands.
    pub(super) fn line_index(&self, at: usize) -> usize {
        let after = self.lines.partition_point(|line| line.span.start <= at);
        after.saturating_sub(1)
    }

    /// The line on which a byte stands.
    pub(super) fn line(&self, at: usize) -> Line {
        let found = self.lines.get(self.line_index(at)).copied();
        found.unwrap_or(Line {
            span: Span::new(0, self.text.len()),
            ordinal: 0,
        })
    }

    /// Whether the span stands alone on its line, in its cell or in its column.
    pub(super) fn is_own_cell(&self, span: Span) -> bool {
        let line = self.line(span.start).span;
        let before = Span::new(line.start, span.start).of(self.text);
        let after = Span::new(span.end, line.end.max(span.end)).of(self.text);
        let is_own = begins_cell(before) && ends_cell(after) || is_field(before, after);
        is_own && !self.is_of_sentence(span)
    }

    /// Whether a sentence that tells of marks runs from the line before over the span to the line
    /// behind it. Between the lines of another sentence stands the mark of a page.
    fn is_of_sentence(&self, span: Span) -> bool {
        let index = self.line_index(span.start);
        let other = |index: Option<usize>| {
            let line = index.and_then(|index| self.lines.get(index));
            let line = line.map_or("", |line| line.span.of(self.text));
            line.trim_matches(is_decoration)
        };
        let (lead, rest) = (other(index.checked_sub(1)), other(index.checked_add(1)));
        if rest.starts_with("là ") || rest.starts_with("LÀ ") {
            return true;
        }
        let is_torn = lead.ends_with(|c: char| c.is_lowercase() || c == ',')
            && rest.starts_with(char::is_lowercase)
            && lead.contains(' ');
        let last = lead.rsplit(' ').next().unwrap_or_default();
        is_torn
            && TELLING.contains(&last)
            && !is_anchor(lead)
            && !FOLLOWS.iter().any(|word| rest.starts_with(word))
    }

    /// Whether the span stands in the header of a document.
    pub(super) fn is_header(&self, span: Span) -> bool {
        let ordinal = self.line(span.start).ordinal;
        ordinal < HEADER_LINES || self.is_near_anchor(ordinal)
    }

    /// Whether the span stands near a fixed part of a document's header.
    pub(super) fn is_beside_anchor(&self, span: Span) -> bool {
        self.is_near_anchor(self.line(span.start).ordinal)
    }

    /// Whether the span stands in the block that a digital signature prints.
    pub(super) fn is_in_signature(&self, span: Span) -> bool {
        let signatures = self.signatures.get_or_init(|| self.ordinals(is_signature));
        is_near(signatures, self.line(span.start).ordinal)
    }

    fn is_near_anchor(&self, ordinal: usize) -> bool {
        let anchors = self.anchors.get_or_init(|| self.ordinals(is_anchor));
        is_near(anchors, ordinal)
    }

    /// The ordinals of the lines of a kind.
    fn ordinals(&self, is_wanted: fn(&str) -> bool) -> Vec<usize> {
        let lines = self.lines.iter();
        let wanted = lines.filter(|line| is_wanted(line.span.of(self.text).trim()));
        wanted.map(|line| line.ordinal).collect()
    }
}

/// Whether one of the lines is near.
fn is_near(lines: &[usize], ordinal: usize) -> bool {
    let from = ordinal.saturating_sub(ANCHOR_LINES);
    let at = lines.partition_point(|line| *line < from);
    lines
        .get(at)
        .is_some_and(|line| *line <= ordinal + ANCHOR_LINES)
}

/// Whether the line belongs to a digital signature.
fn is_signature(line: &str) -> bool {
    [
        "ky boi",
        "nguoi ky:",
        "ky so boi",
        "duoc ky boi",
        "thoi gian ky",
        "ngay ky:",
    ]
    .iter()
    .any(|start| begins_folded(line, start))
}

/// Whether the line, or a cell of it, holds a fixed part of a document's header.
fn is_anchor(line: &str) -> bool {
    line.split(['|', '\t', '<', '>']).any(is_anchor_cell)
}

fn is_anchor_cell(line: &str) -> bool {
    const STARTS: [&str; 20] = [
        "Số:",
        "Số :",
        "SỐ:",
        "So:",
        "SO:",
        "Kính gửi",
        "KÍNH GỬI",
        "Kinh gui",
        "KINH GUI",
        "ỦY BAN NHÂN DÂN",
        "UỶ BAN NHÂN DÂN",
        "UY BAN NHAN DAN",
        "UBND TỈNH",
        "UBND XÃ",
        "UBND PHƯỜNG",
        // The page of an annex has no other.
        "Kèm theo",
        "Kem theo",
        "Ban hành kèm theo",
        "CÔNG ĐIỆN",
        "CONG DIEN",
    ];
    const PARTS: [&str; 9] = [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "DANG CONG SAN VIET NAM",
        "ĐỘC LẬP - TỰ DO",
        "DOC LAP - TU DO",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA",
        "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA",
        "CONG HOA XA HOI CHU NGHIA",
        "Độc lập - Tự do",
        "Doc lap - Tu do",
    ];
    // Headers are short; a paragraph that quotes one is not a header.
    if line.len() > 240 {
        return false;
    }
    let bare = line.trim_start_matches(is_decoration);
    STARTS.iter().any(|start| bare.starts_with(start))
        || PARTS.iter().any(|part| line.contains(part))
}

/// Whether only decoration and inline tags lie between the value and the beginning of its cell.
fn begins_cell(before: &str) -> bool {
    let mut spaces = 0;
    let mut back = before.char_indices().rev();
    while let Some((at, c)) = back.next() {
        if c == '>' {
            let lead =
                before.get(before.ceil_char_boundary(at.saturating_sub(INLINE_BYTES_MAX))..at);
            let tag = lead.and_then(|lead| lead.rsplit_once('<'));
            let Some((_, tag)) = tag.filter(|(_, tag)| is_inline(tag)) else {
                return !tag.is_some_and(|(_, tag)| is_choice(tag));
            };
            let begin = at - tag.len() - 1;
            back = before.get(..begin).unwrap_or_default().char_indices().rev();
        } else if parts_cells(c, &mut spaces) || c == ':' && is_key_of_text(before, at) {
            return true;
        } else if !is_decoration(c) {
            return false;
        }
    }
    true
}

/// Whether the value is a field of a row of which most are empty: "TỐI MẬT;;;".
fn is_field(before: &str, after: &str) -> bool {
    let is_sign = |text: &str| text.chars().all(|c| c == ';') && text.len() > 1;
    is_sign(after.trim_end()) && before.chars().all(|c| c == ';')
        || is_sign(before) && after.trim_end().chars().all(|c| c == ';')
}

/// Whether a JSON key before the colon holds the text that follows: `{"prompt": "MẬT`.
fn is_key_of_text(before: &str, colon: usize) -> bool {
    const KEYS: [&str; 6] = [
        "prompt\"",
        "content\"",
        "text\"",
        "message\"",
        "input\"",
        "noi_dung\"",
    ];
    let lead = before.get(..colon).unwrap_or_default();
    KEYS.iter().any(|key| lead.ends_with(key))
}

/// Whether only decoration and inline tags lie between the value and the end of its cell.
fn ends_cell(after: &str) -> bool {
    let mut spaces = 0;
    let mut ahead = after.chars();
    while let Some(c) = ahead.next() {
        if c == '<' {
            let rest = ahead.as_str();
            let near = rest.get(..rest.floor_char_boundary(INLINE_BYTES_MAX));
            let tag = near.and_then(|near| near.split_once('>'));
            let Some((tag, _)) = tag.filter(|(tag, _)| is_inline(tag)) else {
                return true;
            };
            ahead = rest.get(tag.len() + 1..).unwrap_or_default().chars();
        } else if parts_cells(c, &mut spaces) {
            return true;
        } else if !is_decoration(c) {
            return false;
        }
    }
    true
}

/// Whether a cell or column ends with this sign, behind so many spaces.
const fn parts_cells(c: char, spaces: &mut usize) -> bool {
    *spaces = if c == ' ' { *spaces + 1 } else { 0 };
    matches!(c, '|' | '│' | '║' | '┃' | '\t') || *spaces >= COLUMN_SPACES
}

/// Whether a tag, told without its brackets, begins one of several things to choose from.
fn is_choice(tag: &str) -> bool {
    tag.get(..6)
        .is_some_and(|name| name.eq_ignore_ascii_case("option"))
}

/// Whether a tag, told without its brackets, sets off words within a line.
fn is_inline(tag: &str) -> bool {
    const INLINE: [&str; 12] = [
        "b", "strong", "i", "em", "u", "span", "font", "a", "mark", "big", "small", "ins",
    ];
    let name = tag.trim_start_matches('/');
    let name = name.split([' ', '/']).next().unwrap_or_default();
    INLINE
        .iter()
        .any(|inline| name.eq_ignore_ascii_case(inline))
}

/// Signs that frame or set off a line.
fn is_decoration(c: char) -> bool {
    " *_#>+-=[]{}【】()\"'~`“”«»─═┌┐└┘╔╗╚╝■□▪•./\\".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands_alone(text: &str) -> bool {
        let at = text.find("MẬT").unwrap();
        Layout::new(text).is_own_cell(Span::new(at, at + "MẬT".len()))
    }

    #[test]
    fn a_mark_stands_alone_on_its_line_in_its_cell_or_column() {
        for text in [
            "MẬT",
            "a\n  **MẬT**  \nb",
            "| MẬT | Số: 1 |",
            "Số: 1\tMẬT",
            "UBND XÃ   MẬT",
            "[ MẬT ]",
            "<td>MẬT</td>",
            "<p align=\"center\"><b><span style=\"color:red\">MẬT</span></b></p>",
            "Số: 1\nMẬT\nngày 1 tháng 3",
            "Độc lập - Tự do - Hạnh phúc\nMẬT\nv/v họp",
            "giao cho các đơn vị\nMẬT\nthực hiện nghiêm",
        ] {
            assert!(stands_alone(text), "{text}");
        }
    }

    #[test]
    fn a_word_of_a_sentence_does_not_stand_alone() {
        for text in [
            "văn bản MẬT",
            "MẬT là gì",
            "độ: MẬT, TỐI",
            "a MẬT",
            "hồ sơ <b>MẬT</b> của họ",
            "<p>hồ sơ <b>MẬT</b></p>",
            "tài liệu có dấu\nMẬT\nlên mạng",
        ] {
            assert!(!stands_alone(text), "{text}");
        }
    }

    #[test]
    fn the_header_is_the_first_lines_and_the_lines_beside_its_fixed_parts() {
        let text = "dòng\n".repeat(40) + "Số: 1/BC-UBND\nMẬT\n" + &"dòng\n".repeat(40) + "MẬT";
        let layout = Layout::new(&text);
        let first = text.find("MẬT").unwrap();
        let last = text.rfind("MẬT").unwrap();
        assert!(layout.is_header(Span::new(first, first + 5)));
        assert!(!layout.is_header(Span::new(last, last + 5)));
    }
}
