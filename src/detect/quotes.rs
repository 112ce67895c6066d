//! Which signs of quotation does a pattern mean by `"`?
//!
//! Programs write straight ones, and word processors make them round: what may not stand in a
//! password, or may stand around it, is the same.

/// The signs that stand for `"`.
const ROUND: &str = "“”";

/// The pattern with round signs beside each straight one.
pub(super) fn pattern(written: &str) -> String {
    let mut pattern = String::with_capacity(written.len() + 16);
    let mut is_in_class = false;
    let mut before = None;
    for c in written.chars() {
        if before != Some('\\') {
            is_in_class = c == '[' || is_in_class && c != ']';
        }
        match c {
            '"' if is_in_class => pattern.extend(["\"", ROUND]),
            '"' => pattern.extend(["[\"", ROUND, "]"]),
            _ => pattern.push(c),
        }
        before = Some(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_signs_stand_beside_straight_ones() {
        assert_eq!(pattern(r#"a["']b"#), r#"a["“”']b"#);
        assert_eq!(pattern(r#""x" [^\]"]+"#), r#"["“”]x["“”] [^\]"“”]+"#);
    }
}
