//! With which words are people spoken of by their given name: "ông", "Chị", "c Hoa", "cô Sáu Lành"?
//!
//! Never: which name follows; `name_before` decides.

use crate::detect::letter::{is_letter, is_of_word};
use crate::detect::phrase::Spelling;

/// Whether the word says which child of the family somebody is, as the South names people: "cô Sáu
/// Lành".
pub(super) fn is_order(word: &str) -> bool {
    matches!(
        word,
        "Hai" | "Ba" | "Tư" | "Năm" | "Sáu" | "Bảy" | "Tám" | "Chín" | "Mười" | "Út" | "Cả"
    )
}

/// Whether the word is a title that has lost its diacritics, and hardly anything else.
pub(super) fn is_plain_title(word: &str, spelling: Spelling) -> bool {
    spelling == Spelling::Plain && matches!(word, "anh" | "chi" | "ong" | "chau" | "bac")
}

/// Whether a title shortened to its first letter ends the text, as in notes: "c Hoa", "A. Tùng".
pub(super) fn is_behind_short_title(before: &str) -> bool {
    let bare = before.trim_end_matches(' ');
    let (letter, is_capital) = match bare.strip_suffix('.') {
        Some(bare) => (bare, true),
        None => (bare, false),
    };
    let word = letter.rsplit(|c: char| !is_of_word(c)).next();
    bare.len() < before.len()
        && word.is_some_and(|word| match is_capital {
            true => matches!(word, "A" | "C" | "E" | "B" | "O" | "Ô"),
            false => matches!(word, "a" | "c" | "e" | "b" | "o"),
        })
}

/// Whether a word ends the text that goes before a child's given name, and before others: "con Khánh
/// Linh", "tên Phúc An".
pub(super) fn is_behind_child(before: &str) -> bool {
    let bare = before.strip_suffix(' ').unwrap_or_default();
    bare.rsplit(|c| !is_letter(c))
        .next()
        .is_some_and(is_of_child)
}

fn is_of_child(word: &str) -> bool {
    matches!(word, "con" | "Con" | "tên" | "Tên" | "bạn" | "Bạn")
}

/// Whether the word, which is no title itself, may be the last before a given name: "con", "cô giáo",
/// "đồng chí".
pub(super) fn ends_title(word: &str) -> bool {
    is_of_child(word) || matches!(word, "giáo" | "chí")
}

/// Whether "ông" or "chị" ends the text.
pub(super) fn is_behind_title(before: &str) -> bool {
    before.ends_with(' ')
        && (ends_with_comrade(before)
            || without_teacher(before.trim_end())
                .rsplit(|c| !is_letter(c))
                .next()
                .is_some_and(is_title))
}

/// Whether "đồng chí" ends the text.
pub(super) fn ends_with_comrade(before: &str) -> bool {
    ["đồng chí", "Đồng chí"]
        .iter()
        .any(|title| before.trim_end().ends_with(title))
}

/// The text without the word that makes a teacher of a title: "cô giáo".
pub(super) fn without_teacher(before: &str) -> &str {
    before.strip_suffix(" giáo").unwrap_or(before)
}

/// Whether the word is a title of a grown person, without its diacritics too.
pub(super) fn is_plain_title_of(word: &str) -> bool {
    matches!(
        word,
        "ONG" | "BA" | "ANH" | "CHI" | "Ong" | "Ba" | "Anh" | "Chi"
    ) || is_title(word)
}

/// Whether the word is a title with which people are spoken of by their given name.
pub(super) fn is_title(word: &str) -> bool {
    matches!(
        word,
        "ông"
            | "Ông"
            | "ÔNG"
            | "bà"
            | "Bà"
            | "BÀ"
            | "anh"
            | "Anh"
            | "ANH"
            | "chị"
            | "Chị"
            | "CHỊ"
            | "em"
            | "Em"
            | "EM"
            | "bé"
            | "Bé"
            | "BÉ"
            | "cháu"
            | "Cháu"
            | "CHÁU"
            | "cô"
            | "Cô"
            | "CÔ"
            | "chú"
            | "Chú"
            | "CHÚ"
            | "bác"
            | "Bác"
            | "BÁC"
            | "cụ"
            | "Cụ"
            | "CỤ"
            | "dì"
            | "Dì"
            | "DÌ"
            | "thím"
            | "Thím"
            | "THÍM"
            | "cậu"
            | "Cậu"
            | "CẬU"
            | "thầy"
            | "Thầy"
            | "THẦY"
            | "thằng"
            | "Thằng"
            | "THẰNG"
            | "mợ"
            | "Mợ"
            | "dượng"
            | "Dượng"
            | "mệ"
            | "Mệ"
            | "đc"
    )
}
