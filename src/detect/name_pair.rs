//! Are two capitalized words a surname and a given name, by what stands around them?
//!
//! Names of three words tell themselves more often; `person` reads those.

use crate::detect::capital::Word;
use crate::detect::fold::folded;
use crate::detect::letter::{in_small, is_capital};
use crate::detect::name_signs::{is_entry, is_line_start};
use crate::detect::person::{Names, WORDS_BARE_MAX};
use crate::detect::phrase::Spelling;
use crate::detect::small_list::{Telling, told_by_number, without_signs};
use crate::detect::title::is_title;
use crate::detect::unlisted_name::is_foreign;

impl Names {
    /// Whether a birth with the word for it stands behind the words, whichever they are: only people
    /// are born. In an entry a date is enough for words that are built as no other words are.
    pub(super) fn is_born(&self, text: &str, run: &[Word<'_>], before: &str) -> bool {
        let ([first, second, ..], Some(last)) = (run, run.last()) else {
            return false;
        };
        let telling = told_behind_word(text, last.text);
        let has_sex = || matches!(folded(second.text).as_str(), "thi" | "van");
        let is_unlike = || has_sex() || run.iter().any(|word| is_foreign(word.text));
        let opens_line = || is_entry(before) || is_line_start(before);
        let is_titled = is_title(first.text)
            || matches!(
                first.text,
                "Ong" | "Ba" | "Anh" | "Chi" | "Em" | "Chau" | "Be" | "Cu"
            )
            || self.is_office(first.text)
            || run.len() > 2 && self.surnames.contains(&in_small(second.text));
        let is_told = telling == Telling::Born
            || telling == Telling::Surely && opens_line() && is_unlike()
            || telling > Telling::Nothing && run.len() > 2 && has_sex();
        run.len() <= WORDS_BARE_MAX && !is_titled && is_told && !self.ends_with_field(run)
    }

    /// Whether the last word opens the next field: "Nữ  Năm sinh", "HỘ NGHÈO NĂM 2026"; behind a
    /// surname it is a given name.
    pub(super) fn ends_with_field(&self, run: &[Word<'_>]) -> bool {
        let ([first, ..], Some(last)) = (run, run.last()) else {
            return false;
        };
        self.next_fields.contains(&in_small(last.text))
            && !self.surnames.contains(&in_small(first.text))
    }

    /// Whether the first two words are no name together, whatever follows: "Danh Sách Trẻ", a street.
    pub(super) fn opens_with_word(&self, run: &[Word<'_>]) -> bool {
        let [first, second, ..] = run else {
            return false;
        };
        let lower = in_small(second.text);
        let both = format!("{} {}", folded(first.text), folded(second.text));
        // "Đường Trần Phú", "Đường Phú Đa"; "Đường Thị Sen" is somebody.
        let is_street = match &*in_small(first.text) {
            "đường" => !self.middles.contains(&lower),
            "duong" => self.surnames.contains(&lower) && !self.middles.contains(&lower),
            _ => false,
        };
        is_street || !self.middles.contains(&lower) && self.not_names.contains(&both)
    }

    /// Whether the two words of the run are a surname and a given name, with a birth or a number
    /// behind them: "Lương Huy, SN 1967". A year is enough where they open a line.
    pub(super) fn is_told_pair(
        &self,
        text: &str,
        run: &[Word<'_>],
        before: &str,
        spelling: Spelling,
    ) -> bool {
        let [first, second] = run else {
            return false;
        };
        let telling = told_behind_word(text, second.text);
        if telling == Telling::Nothing
            || self.ends_with_field(run)
            || !self.givens.contains(&folded(second.text))
        {
            return false;
        }
        let is_of_line = || {
            let lower = in_small(first.text);
            // Places have years too.
            let is_clear = match spelling {
                Spelling::Full => true,
                Spelling::Plain => self.small.surnames_plain.contains(&lower),
            };
            is_clear && (is_entry(before) || is_line_start(before))
        };
        let both = || format!("{} {}", folded(first.text), folded(second.text));
        (telling >= Telling::Surely || is_of_line()) && !self.communes.contains(&both())
    }
}

/// What is told behind the last word of a name.
pub(super) fn told_behind_word(text: &str, last: &str) -> Telling {
    let after = without_signs(behind(text, last));
    // Most words have nothing of the kind behind them.
    const BIRTHS: [&str; 9] = [
        "sinh", "Sinh", "SINH", "SN", "sn", "NS", "ns", "NTNS", "ntns",
    ];
    let is_birth = || BIRTHS.iter().any(|birth| after.starts_with(birth));
    if after.starts_with(|c: char| c.is_ascii_digit()) || is_birth() {
        told_by_number(after)
    } else {
        Telling::Nothing
    }
}

/// Whether the word is "sinh" with a date behind it.
pub(super) fn is_birth_word(text: &str, word: &Word<'_>) -> bool {
    let behind = text.get(word.span.end..).unwrap_or_default();
    let behind = behind.strip_prefix(' ').unwrap_or_default();
    matches!(word.text, "sinh" | "sn")
        && ["ngày", "ngay", "năm", "nam"]
            .iter()
            .any(|word| behind.starts_with(word))
        || word.text == "sinh" && behind.starts_with(|c: char| c.is_ascii_digit())
}

/// The text behind one of its words.
fn behind<'t>(text: &'t str, word: &str) -> &'t str {
    let end = word.as_ptr().addr() + word.len() - text.as_ptr().addr();
    text.get(end..).unwrap_or_default()
}

/// Whether the second word of a name is a woman's "Thị", whatever the first is: "Lùng Thị …", but not
/// "Đô Thị …".
pub(super) fn has_sex(first: &str, second: &str) -> bool {
    const WORDS: [&str; 20] = [
        "đô", "siêu", "chỉ", "tiếp", "thành", "phố", "hiển", "cận", "viễn", "khiếm", "loạn",
        "biểu", "ám", "kỳ", "kì", "thiếu", "niêm", "yết", "giám", "thị",
    ];
    matches!(second, "Thị" | "THỊ") && !WORDS.contains(&first)
}

/// Whether a capitalized word stands behind the second word of a name.
pub(super) fn has_third(text: &str, second: &str) -> bool {
    let mut after = behind(text, second).chars();
    after.next() == Some(' ') && after.next().is_some_and(is_capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_and_numbers_are_told_behind_a_pair() {
        for (text, telling) in [
            ("Lương Huy, SN 1967", Telling::Born),
            ("Lương Huy, sinh năm 1967", Telling::Born),
            ("Lương Huy - 12/03/1980", Telling::Surely),
            ("Lương Huy, 1967, thôn", Telling::Loosely),
            ("Lương Huy, ngày 12", Telling::Nothing),
            ("Lương Huy thăm", Telling::Nothing),
        ] {
            let last = text.get(8..11).unwrap();
            assert_eq!(told_behind_word(text, last), telling, "{text}");
        }
    }
}
