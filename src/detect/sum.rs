//! Does a word for debts or pay have its sum behind it: "nợ 20tr", "lương 9.200.000"?
//!
//! In: a word for a condition in its text. Out: whether it tells of somebody's money. Other words
//! for conditions need no sum.
//!
//! Never: whose money it is.

use crate::detect::fold::folded;
use crate::detect::letter::in_small;
use crate::model::part::Span;

/// A sum stands so far behind the word, in bytes ...
const REACH: usize = 30;
/// ... behind "no", which may be "nó", not so far ...
const PLAIN_REACH: usize = 12;
/// ... and what was to be paid back so far.
const CLAUSE_REACH: usize = 120;
/// Units of money behind a figure, without diacritics.
const UNITS: [&str; 9] = [
    "tr", "trieu", "k", "nghin", "ngan", "d", "dong", "vnd", "cu",
];
/// They tell that a loan was not paid back.
const UNPAID: [&str; 8] = [
    "khong tra",
    "chua tra",
    "qua han",
    "khong co kha nang",
    "mat kha nang",
    "tra no",
    "bo tron",
    "khoanh no",
];

/// Whether the word tells of money only with a sum behind it.
pub(super) fn needs_sum(word: &str) -> bool {
    matches!(word, "nợ" | "lương" | "phụ cấp" | "vay")
}

/// Whether a word that asks for a sum has none.
pub(super) fn lacks_sum(text: &str, word: Span) -> bool {
    let small = in_small(word.of(text));
    let behind = |reach: usize| {
        let rest = text.get(word.end..).unwrap_or_default();
        let near = rest
            .get(..rest.floor_char_boundary(reach))
            .unwrap_or_default();
        near.split(['\n', ';']).next().unwrap_or_default()
    };
    match &*small {
        "nợ" => !has_sum(behind(REACH)),
        "no" => !has_sum(behind(PLAIN_REACH)),
        "lương" | "phụ cấp" | "phu cap" | "luong" => {
            !has_sum(behind(REACH)) && !has_grade(behind(REACH))
        }
        "vay" => {
            let told = folded(behind(CLAUSE_REACH));
            !has_sum(behind(REACH)) || !UNPAID.iter().any(|unpaid| told.contains(unpaid))
        }
        _ => false,
    }
}

/// Whether a figure with a unit of money stands in the text, or one with points between its
/// thousands; nothing ends the clause before it.
fn has_sum(text: &str) -> bool {
    let Some(at) = text.find(|c: char| c.is_ascii_digit()) else {
        return false;
    };
    let (lead, figure) = text.split_at_checked(at).unwrap_or_default();
    if lead.contains(['.', '(', ':', '?']) || !lead.ends_with(' ') {
        return false;
    }
    let unit = figure.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let number = figure.len() - unit.len();
    let number = figure.get(..number).unwrap_or_default();
    let number = number.trim_end_matches(['.', ',']);
    let is_grouped = number.matches(['.', ',']).count() >= 1
        && number.rsplit(['.', ',']).next().map_or(0, str::len) == 3
        && number.len() >= 7;
    let word: String = unit
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    is_grouped || UNITS.contains(&folded(&word).as_str())
}

/// Whether a grade of pay stands in the text: "bậc 5", "hệ số 3.66".
fn has_grade(text: &str) -> bool {
    let plain = folded(text);
    ["bac ", "he so "].iter().any(|grade| {
        let behind = plain.split_once(grade).map_or("", |(_, behind)| behind);
        behind.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(text: &str, word: &str) -> bool {
        let at = text.find(word).unwrap();
        lacks_sum(text, Span::new(at, at + word.len()))
    }

    #[test]
    fn debts_and_pay_have_sums() {
        for (text, word) in [
            ("Thử nợ 20tr", "nợ"),
            ("nợ phân bón 4tr2", "nợ"),
            ("lương 9.200.000. Tính", "lương"),
            ("lương bậc 5 hệ số 3.66", "lương"),
            ("vay 30tr chưa trả", "vay"),
            ("bị nợ xấu", "nợ xấu"),
        ] {
            assert!(!lacks(text, word), "{text}");
        }
        for (text, word) in [
            ("xử lý nợ của 12 xã", "nợ"),
            ("vay 50 triệu nuôi bò", "vay"),
            ("lương tối thiểu", "lương"),
            ("nợ thuế quý 3", "nợ"),
        ] {
            assert!(lacks(text, word), "{text}");
        }
    }
}
