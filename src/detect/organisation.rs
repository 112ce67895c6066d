//! Whose is an account: does the block of lines above it name a firm and nobody behind it?
//!
//! In: text and the place of an account. Out: whether it is an organisation's, as on an invoice.
//!
//! Never: firms named behind the account, nor beyond an empty line.

use crate::detect::fold::folded;
use crate::detect::prefilter::around;
use crate::model::part::Span;

/// The lines of a firm on an invoice stand within so many bytes.
const REACH: usize = 360;

const FIRMS: [&str; 6] = [
    "cong ty",
    "don vi ban",
    "don vi thu huong",
    "hop tac xa",
    "doanh nghiep",
    "tnhh",
];
const PERSONS: [&str; 9] = [
    "ho ten",
    "ho va ten",
    " ong ",
    " ba ",
    "chu tai khoan",
    "chu tk",
    "nguoi huong",
    "nguoi thu huong",
    "ben b",
];

/// Whether the last owner named above the span is a firm.
pub(super) fn owns(text: &str, span: Span) -> bool {
    let near = around(text, Span::new(span.start, span.start), REACH);
    let above = Span::new(near.start, span.start).of(text);
    let block = above.rsplit("\n\n").next().unwrap_or_default();
    let plain = folded(block).replace(['\n', ':', '.', '('], " ");
    let last = |words: &[&str]| words.iter().filter_map(|word| plain.rfind(word)).max();
    last(&FIRMS).is_some_and(|firm| last(&PERSONS).is_none_or(|person| person < firm))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_firms(text: &str) -> bool {
        let at = text.find("0123456789").unwrap();
        owns(text, Span::new(at, at + 10))
    }

    #[test]
    fn accounts_of_firms_are_told_from_those_of_people() {
        assert!(is_firms("CÔNG TY MẪU\nMST: 1\nSố tài khoản: 0123456789"));
        assert!(!is_firms(
            "Công ty Mẫu\nÔng Nguyễn Văn Thử\nSTK: 0123456789"
        ));
        assert!(!is_firms("Công ty Mẫu\n\nSTK: 0123456789"));
        assert!(!is_firms("STK: 0123456789"));
    }
}
