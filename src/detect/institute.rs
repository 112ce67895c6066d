//! Does a word for a stay in hospital belong to the name of an institute: "vào Viện Kiểm sát", "đắc
//! cử vào Viện Dân biểu"?
//!
//! Never: hospitals that are called institutes, "Viện Huyết học".

use crate::detect::fold::folded;
use crate::model::part::Span;

/// What an institute is for is told in so many bytes.
const NAME_BYTES_MAX: usize = 24;

/// What institutes that are no hospitals are for.
const INSTITUTES: [&str; 26] = [
    "kiem sat",
    "cong to",
    "han lam",
    "nghien cuu",
    "khoa hoc",
    "dan bieu",
    "nguyen lao",
    "quy hoach",
    "kinh te",
    "chien luoc",
    "su hoc",
    "van hoc",
    "triet hoc",
    "ngon ngu",
    "toan",
    "luat",
    "dao tao",
    "cong nghe",
    "ky thuat",
    "thiet ke",
    "quan ly",
    "dai hoc",
    "co mat",
    "bao tang",
    "quoc hoi",
    "my thuat",
];

/// Whether the word for a stay ends with the first word of an institute's name.
pub(super) fn is_of_institute(text: &str, condition: Span) -> bool {
    if !folded(condition.of(text)).ends_with(" vien") {
        return false;
    }
    let behind = text.get(condition.end..).unwrap_or_default();
    let near = behind.get(..behind.floor_char_boundary(NAME_BYTES_MAX));
    let Some(name) = near.and_then(|near| near.strip_prefix(' ')) else {
        return false;
    };
    let plain = folded(name);
    INSTITUTES.iter().any(|institute| {
        plain
            .strip_prefix(institute)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn institutes_are_told_from_hospitals() {
        let is_institute = |text: &str| is_of_institute(text, Span::new(0, "vào Viện".len()));
        assert!(is_institute("vào Viện Kiểm sát nhân dân"));
        assert!(is_institute("vào Viện Hàn lâm"));
        assert!(!is_institute("vào Viện Huyết học"));
        assert!(!is_institute("vào viện lúc 8 giờ"));
    }
}
