//! Does a home stand on another line than a name, so that it is not of the one named? Tables of streets
//! and lists of works name both.
//!
//! In: a name and a home without a label. Out: whether other things are told on the lines between.
//!
//! Never: homes with a label; forms have a line for each field.

use crate::detect::letter::is_of_word;
use crate::detect::record::gap;
use crate::model::part::Span;

/// A line with one value has so many words at most.
const VALUE_WORDS_MAX: usize = 3;
/// Signs of another row or entry: "7 | Đường tổ 5", "10. Hẻm 45".
const SIGNS: [char; 4] = ['|', '.', ':', '\t'];

/// Whether the home is on another line, and is not what comes next. Where each value has a line of its
/// own, all are of one person.
pub(super) fn is_on_other_line(text: &str, name: Span, home: Span) -> bool {
    let between = gap(name, home).of(text);
    let mut lines = between.split('\n');
    let (Some(rest), Some(lead)) = (lines.next(), lines.next_back()) else {
        return false;
    };
    // A tag or a key names the field.
    if lead.trim_start().starts_with(['<', '"', '\'']) {
        return false;
    }
    let (ends_line, opens_line) = (!rest.contains(is_of_word), !lead.contains(is_of_word));
    let is_value = |line: &str| line.split_whitespace().count() <= VALUE_WORDS_MAX;
    if lines.clone().next().is_some() {
        return !(ends_line && opens_line && lines.all(is_value));
    }
    let is_behind = name.end <= home.start;
    is_behind && !ends_line && !opens_line && !opens_address(lead)
}

/// Whether a number opens the line, and the home goes on behind it: "25C1 Nguyễn Huệ, ".
fn opens_address(lead: &str) -> bool {
    let lead = lead.trim_start();
    lead.starts_with(|c: char| c.is_ascii_digit()) && lead.ends_with(", ") && !lead.contains(SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_other(text: &str, name: &str, home: &str) -> bool {
        let span = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        is_on_other_line(text, span(name), span(home))
    }

    #[test]
    fn homes_in_other_rows_are_of_others() {
        for text in [
            "6 | Lê Văn Mẫu | trọn đường | 2.190\n7 | Đường tổ 5",
            "5. Lê Văn Mẫu - 27 trụ\n6. Lý Mẫu - 9 trụ\n7. tổ 5",
            "TH Lê Văn Mẫu: phòng 5\nmỗi phòng 24 em\nThi tại tổ 5",
        ] {
            assert!(is_other(text, "Lê Văn Mẫu", "tổ 5"), "{text}");
        }
    }

    #[test]
    fn homes_on_the_same_line_and_right_below_are_theirs() {
        for text in [
            "Lê Văn Mẫu, trú tổ 5",
            "Lê Văn Mẫu\n(hiện ở) tổ 5",
            "1. Lê Văn Mẫu (con bà Thử)\ntổ 5",
            "Lê Văn Mẫu\nNam\n1980\ntổ 5",
            "Lê Văn Mẫu, PID 01\n25C1 Nguyễn Huệ, tổ 5",
            "tổ 5\nmột hộ: Lê Văn Mẫu",
            "<ten>Lê Văn Mẫu</ten>\n<khac>a</khac>\n<o>tổ 5</o>",
        ] {
            assert!(!is_other(text, "Lê Văn Mẫu", "tổ 5"), "{text}");
        }
    }
}
