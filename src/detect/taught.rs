//! Is somebody spoken of as lessons, stories and shows do: "soạn bài giảng về", "nhân vật", "đêm nhạc"?
//!
//! In: the persons of a text. Out: those around whom such words stand, in their own paragraph, count
//! no more.
//!
//! Never: whether the one named is known; whose number or telephone is told counts all the same.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::detect::letter::in_small;
use crate::detect::prefilter::around;
use crate::detect::record::{Person, Sources};
use crate::model::category::Category;
use crate::model::part::Span;

/// The words stand so near, in bytes.
const REACH: usize = 240;

/// Stories and sums at school: nobody lives in them. "truyen" is "truyền" too.
const STORIES: [&str; 39] = [
    "bài văn mẫu",
    "lời bài hát",
    "câu thơ",
    "bài thơ",
    "thơ hồ xuân hương",
    "bài hát \"",
    "vợ chồng a phủ",
    "lần tuổi",
    "lan tuoi",
    "tiểu phẩm",
    "tieu pham",
    "phân tích nhân vật",
    "nhân vật trong",
    "phan tich nhan vat",
    "tóm tắt truyện",
    "truyện ngắn",
    "truyện dài",
    "truyện kể",
    "truyện kiều",
    "cổ tích",
    "tiểu thuyết",
    "đoạn trích",
    "đặt câu với",
    "đặt câu có",
    "giải bài toán",
    "bài toán sau",
    "bài toán:",
    "trong phim",
    "phim \"",
    "phim “",
    "ca dao",
    "truyen ngan",
    "co tich",
    "tieu thuyet",
    "doan trich",
    "dat cau voi",
    "dat cau co",
    "giai bai toan",
    "bai toan sau",
];
/// Lessons and shows about those whom all know.
const LESSONS: [&str; 12] = [
    "bài giảng về",
    "câu hỏi trắc nghiệm",
    "sơ đồ tư duy",
    "nữ tướng",
    "đêm nhạc",
    "hợp mệnh",
    "bai giang ve",
    "cau hoi trac nghiem",
    "so do tu duy",
    "nu tuong",
    "dem nhac",
    "hop menh",
];
static TOLD: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(STORIES.iter().chain(&LESSONS)).ok());

impl Sources<'_> {
    /// Persons of lessons and stories count no more, but for their numbers.
    pub(super) fn release_taught(&self, persons: &mut [Person]) {
        let is_shown = |person: &Person| {
            person.counts
                && person.values.iter().all(|value| {
                    let value = self.candidates.get(*value);
                    let category = value.and_then(|value| self.category(value));
                    matches!(category, Some(Category::BirthDate | Category::HomeAddress))
                })
        };
        let mut shown = persons.iter_mut().filter(|person| is_shown(person));
        let Some(first) = shown.next() else {
            return;
        };
        if !tells_lesson(self.text) {
            return;
        }
        for person in [first].into_iter().chain(shown) {
            person.counts &= !tells_lesson(paragraph(self.text, person.name.span));
        }
    }
}

/// Whether a lesson, a show or a story is spoken of in the text.
fn tells_lesson(text: &str) -> bool {
    let told = TOLD.as_ref();
    told.is_some_and(|told| told.is_match(&*in_small(text)))
}

/// What stands around a place in its paragraph, as far as it is read.
fn paragraph(text: &str, at: Span) -> &str {
    let near = around(text, at, REACH);
    let before = Span::new(near.start, at.start).of(text);
    let after = Span::new(at.end, near.end).of(text);
    // What a colon leads to belongs to the words before it.
    let mut gaps = before.rmatch_indices("\n\n");
    let start = gaps
        .find(|(gap, _)| !before.get(..*gap).is_some_and(ends_with_colon))
        .map_or(near.start, |(gap, _)| near.start + gap);
    let end = after.find("\n\n").map_or(near.end, |gap| at.end + gap);
    Span::new(start, end).of(text)
}

fn ends_with_colon(text: &str) -> bool {
    text.trim_end().ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taught(text: &str) -> bool {
        let at = text.find("Thử").or_else(|| text.find("Thu")).unwrap();
        tells_lesson(paragraph(text, Span::new(at, at + 3)))
    }

    #[test]
    fn lessons_and_stories_are_told_by_their_words() {
        for text in [
            "Soạn bài giảng về Lê Thử, quê ở Mẫu",
            "Thử mồ côi mẹ. Kể tóm tắt truyện cho bé",
            "Soan bai giang ve Le Thu, que o Mau",
            "Đặt câu với từ \"bà Thử bị cảm\"",
            "Viết tiểu phẩm:\n\nanh Thử nghiện rượu",
        ] {
            assert!(taught(text), "{text}");
        }
        for text in [
            "Bà Thử mắc bệnh truyền nhiễm, viết bài tuyên truyền",
            "Soạn bài giảng về luật\n\nông Thử bị ốm",
            "Ong Thu mac benh truyen nhiem",
        ] {
            assert!(!taught(text), "{text}");
        }
    }
}
