//! Which signs set words of Markdown in bold?
//!
//! In: raw text. Out: pairs of two asterisks around words of one line, to be read as nothing:
//! `**Mật khẩu:** abc` is `Mật khẩu: abc`.
//!
//! Never: asterisks that mask a value, `0912****678`, or one that has no other on its line.

use memchr::memmem;

use crate::model::part::Span;
use crate::normalize::edits::Replacement;

const SIGN: &str = "**";

/// The signs of bold words, in order.
pub(super) fn bold(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    let (mut open, mut last): (Option<Span>, Option<Span>) = (None, None);
    let mut line_end = 0;
    for start in memmem::find_iter(text.as_bytes(), SIGN) {
        let sign = Span::new(start, start + SIGN.len());
        if start >= line_end {
            (open, last) = (None, None);
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            line_end = memchr::memchr(b'\n', rest).map_or(text.len(), |length| start + length);
        }
        let before = text
            .get(..start)
            .and_then(|before| before.chars().next_back());
        let after = text.get(sign.end..).and_then(|after| after.chars().next());
        if before == Some('*') || after == Some('*') {
            (open, last) = (None, None);
            continue;
        }
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let closes = !is_space(before) && !is_word(after);
        let opens = !is_word(before) && !is_space(after);
        let is_gap = |first: Span| Span::new(first.end, start).of(text).trim().is_empty();
        match (open, last) {
            (Some(first), _) if closes => {
                found.extend([first, sign].map(|span| Replacement::new(span, "")));
                (open, last) = (None, None);
            }
            (Some(_), _) => {}
            // Between words that are bold one by one: "TỐI** **MẬT".
            (None, Some(first)) if opens && is_gap(first) => {
                found.extend([first, sign].map(|span| Replacement::new(span, "")));
                last = None;
            }
            (None, _) if opens => open = Some(sign),
            (None, _) => last = closes.then_some(sign),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::edits::apply;

    #[test]
    fn pairs_around_words_are_nothing() {
        for (written, meant) in [
            ("**Mật khẩu:** abc", "Mật khẩu: abc"),
            ("- **Ông Thử** và **bà Mẫu**.", "- Ông Thử và bà Mẫu."),
            ("**“Thử”**", "“Thử”"),
            ("TUYỆT** **MẬT", "TUYỆT MẬT"),
        ] {
            assert_eq!(apply(written, &bold(written)).0, meant);
        }
    }

    #[test]
    fn other_asterisks_stay() {
        for text in [
            "0912****678",
            "0912**678 và 0913**789",
            "mật khẩu: abc**",
            "** ghi chú **",
            "2 ** 3 ** 4",
            "**mở\nđóng**",
            "***",
        ] {
            assert_eq!(apply(text, &bold(text)).0, text);
        }
    }
}
