//! Is it told of somebody whose name is not told: "anh K.T.H (SN 1986, trú xã Ví Dụ)"?
//!
//! Newspapers and judgments name people so.
//!
//! Never: a name; initials behind a name, as in "Nguyễn Văn T.", are part of it.

use crate::detect::letter::{fold_char, is_capital};
use crate::detect::title::is_title;
use crate::model::part::Span;

/// How far behind the initials it is still told of their person, in bytes.
const REACH: usize = 120;

/// Whether the clause before a place is about somebody told by a title and initials, and not about
/// somebody named behind these.
pub(super) fn is_of_anonymous(text: &str, named: Option<Span>, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let near = before.len().saturating_sub(REACH);
    let near = near.max(named.map_or(0, |name| name.end));
    let near = before.get(before.ceil_char_boundary(near)..);
    let clause = near.unwrap_or_default().rsplit(['\n', ';']).next();
    let mut title = false;
    let mut is_told = false;
    for word in clause.unwrap_or_default().split(' ') {
        is_told = title && is_initials(word) || is_told && !ends_sentence(word);
        title = is_somebody(word);
    }
    is_told
}

/// "K.T.H", "N.V.A.", "H.T.": capitals with dots between, or none of them a vowel: "NTD".
fn is_initials(word: &str) -> bool {
    let bare = word.trim_end_matches([',', ':', ')', '.']);
    if bare.contains('.') {
        return bare
            .split('.')
            .all(|letter| letter.chars().count() == 1 && letter.starts_with(is_capital));
    }
    let letters = bare.chars().count();
    let is_vowel = |c: char| matches!(fold_char(c), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    (2..=4).contains(&letters) && bare.chars().all(|c| is_capital(c) && !is_vowel(c))
}

/// Whether somebody is spoken of by title, or by what he is in a file: "bệnh nhân", "nam sinh".
fn is_somebody(word: &str) -> bool {
    let bare = word.trim_start_matches(['(', '“', '"']);
    is_title(bare)
        || matches!(
            bare,
            "nhân" | "sinh" | "cáo" | "hại" | "can" | "tượng" | "gái" | "trai"
        )
}

fn ends_sentence(word: &str) -> bool {
    word.ends_with('.') && !is_initials(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_anonymous(text: &str) -> bool {
        let at = text.find('#').unwrap_or(text.len());
        is_of_anonymous(text, None, at)
    }

    #[test]
    fn what_is_told_behind_initials_is_nobodys() {
        for text in [
            "anh K.T.H (SN #1986",
            "chị H.N.T. (sinh năm 1994, ở #",
            "bà N.V.A., trú tại #",
            "chị NTD (#",
            "nam sinh T.V.T. (SN #",
        ] {
            assert!(is_anonymous(text), "{text}");
        }
    }

    #[test]
    fn whoever_is_named_behind_them_is_told_of() {
        let text = "anh K.T.H bị Trần Văn Thử (SN 1986";
        let name = text.find("Trần").map(|at| Span::new(at, text.len() - 10));
        assert!(is_of_anonymous(text, None, text.len()));
        assert!(!is_of_anonymous(text, name, text.len()));
    }

    #[test]
    fn names_and_other_abbreviations_are_told_of() {
        for text in [
            "anh Nguyễn Văn T. (SN #1986",
            "trụ sở tại P.H, Q.1, ở #",
            "anh K.T.H đã về. Sinh ngày #",
            "anh K.T.H; Trần Văn Thử, SN #",
            "anh K (SN #",
        ] {
            assert!(!is_anonymous(text), "{text}");
        }
    }
}
