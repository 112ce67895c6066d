//! What does a placeholder look like? A category's label and a code: `CCCDK7X3M9Q`.
//!
//! ASCII capitals and digits only, because Markdown and JSON never escape them. The code has no
//! vowels (so no words), no letters and digits that are easily confused, at least one of each
//! kind, and never three digits in a row, so that no detector takes it for a number.

use std::ops::Range;

use crate::model::category::Category;

/// The symbols of a code: no vowels, and of each confusable pair (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B)
/// at most one.
const SYMBOLS: &[u8] = b"23456789CDFHJKMNPQRTVWX";
/// Symbols per code. 23^7 is 3.4 thousand million: among the few hundred values of one client a
/// chance collision is not to be expected, and it is met all the same.
pub(super) const CODE_SYMBOLS: usize = 7;
/// Digits in a row that a code may have.
const DIGIT_RUN_MAX: usize = 2;

/// The placeholder of a category with the code drawn from these bytes, if they give a good one.
pub(super) fn drawn(category: Category, bytes: &[u8]) -> Option<String> {
    let mut placeholder = category.placeholder_label().to_owned();
    let label_len = placeholder.len();
    let modulus = u32::try_from(SYMBOLS.len()).ok()?;
    for chunk in bytes.chunks_exact(4).take(CODE_SYMBOLS) {
        let number = u32::from_be_bytes(chunk.try_into().ok()?);
        let symbol = SYMBOLS.get(usize::try_from(number % modulus).ok()?)?;
        placeholder.push(char::from(*symbol));
    }
    is_code(placeholder.get(label_len..)?).then_some(placeholder)
}

/// Whether a whole text is a placeholder.
pub fn is_placeholder(text: &str) -> bool {
    labelled_at(text).is_some_and(|len| len == text.len())
}

/// Where placeholders may stand in a text, in order. Two may overlap (`CCCDCCCDK7X3M9Q`): which of
/// them is one, only the way back knows.
pub(super) fn placeholders_in(text: &str) -> impl Iterator<Item = Range<usize>> {
    let capitals = text.bytes().enumerate();
    capitals
        .filter(|(_, byte)| byte.is_ascii_uppercase())
        .filter_map(|(start, _)| {
            let len = labelled_at(text.get(start..)?)?;
            Some(start..start + len)
        })
}

/// The length of the placeholder with which the text starts. No label begins another, so at most
/// one fits.
fn labelled_at(text: &str) -> Option<usize> {
    Category::ALL.iter().find_map(|category| {
        let label = category.placeholder_label();
        let code = text.strip_prefix(label)?.get(..CODE_SYMBOLS)?;
        is_code(code).then_some(label.len() + CODE_SYMBOLS)
    })
}

/// What a text begins with, as far as its looks tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceholderStart {
    /// No placeholder.
    None,
    /// All of the text may be the beginning of one.
    Cut,
    /// One of this many bytes.
    Whole(usize),
}

/// Looks at the start of a text.
pub fn placeholder_start(text: &str) -> PlaceholderStart {
    if let Some(len) = labelled_at(text) {
        return PlaceholderStart::Whole(len);
    }
    let is_cut = Category::ALL.iter().any(|category| {
        let label = category.placeholder_label();
        let code = text.strip_prefix(label);
        label.starts_with(text)
            || code.is_some_and(|code| {
                code.len() < CODE_SYMBOLS && code.bytes().all(|byte| SYMBOLS.contains(&byte))
            })
    });
    if is_cut {
        PlaceholderStart::Cut
    } else {
        PlaceholderStart::None
    }
}

fn is_code(code: &str) -> bool {
    let mut run = 0;
    let mut longest = 0;
    for byte in code.bytes() {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let has_letter = code.bytes().any(|byte| byte.is_ascii_uppercase());
    code.len() == CODE_SYMBOLS
        && code.bytes().all(|byte| SYMBOLS.contains(&byte))
        && has_letter
        && (1..=DIGIT_RUN_MAX).contains(&longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_label_begins_another() {
        for a in Category::ALL {
            for b in Category::ALL {
                let (a, b) = (a.placeholder_label(), b.placeholder_label());
                assert!(a == b || !a.starts_with(b), "{a} {b}");
            }
        }
    }

    #[test]
    fn codes_look_like_nothing_else() {
        assert!(is_placeholder("CCCDK7X3M9Q"));
        for not in [
            "CCCDK7X3M9",
            "CCCDK7X3M9QQ",
            "CCCDKKXWMTQ",
            "CCCD2345678",
            "CCCDK777M9Q",
            "CCCDA7X3M9Q",
            "cccdk7x3m9q",
            "K7X3M9Q",
            "",
            "HC",
        ] {
            assert!(!is_placeholder(not), "{not}");
        }
    }

    #[test]
    fn placeholders_are_found_within_text() {
        let text = "Ông TENK7X3M9Q, CCCD CCCDK7X3M9Q.CCCDCCCDK7X3M9Qx Đ";
        let found: Vec<&str> = placeholders_in(text)
            .filter_map(|at| text.get(at))
            .collect();
        let expected = ["TENK7X3M9Q", "CCCDK7X3M9Q", "CCCDCCCDK7X", "CCCDK7X3M9Q"];
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn what_is_drawn_is_a_placeholder_and_none_begins_another(
            a in any::<[u8; 32]>(), b in any::<[u8; 32]>(),
            one in proptest::sample::select(Category::ALL),
            other in proptest::sample::select(Category::ALL),
        ) {
            let (a, b) = (drawn(one, &a), drawn(other, &b));
            for placeholder in a.iter().chain(&b) {
                prop_assert!(is_placeholder(placeholder));
                let digits: Vec<&str> = placeholder.split(|c: char| !c.is_ascii_digit()).collect();
                prop_assert!(digits.iter().all(|run| run.len() <= DIGIT_RUN_MAX));
            }
            if let (Some(a), Some(b)) = (a, b) {
                prop_assert!(a == b || (!a.starts_with(&b) && !b.starts_with(&a)));
            }
        }

        #[test]
        fn looking_for_placeholders_never_panics(text in "\\PC{0,60}|[A-ZĐ2-9]{0,60}") {
            for at in placeholders_in(&text) {
                prop_assert!(text.get(at).is_some_and(is_placeholder));
            }
        }
    }
}
