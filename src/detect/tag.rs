//! Where do tags of HTML and XML stand around a value?
//!
//! Never: their meaning; those of a list to choose from are told from the rest.

/// How long a tag beside a value may be.
const TAG_BYTES_MAX: usize = 80;

/// Tags that part what stands on either side: things to choose from, rows of a table.
const APART: [&[u8]; 3] = [b"option", b"tr>", b"/tr"];

/// The text between a label and a value without the tags right before the value: `Mã BN: <b>`,
/// `</td><td>`.
pub(super) fn without_end(between: &[u8]) -> &[u8] {
    let mut rest = between;
    while let Some(tag) = rest.trim_ascii_end().strip_suffix(b">") {
        let reach = tag.len().saturating_sub(TAG_BYTES_MAX);
        let near = tag.get(reach..).unwrap_or_default();
        let Some(open) = near.iter().rposition(|byte| *byte == b'<') else {
            break;
        };
        let name = near.get(open + 1..).unwrap_or_default();
        if APART.iter().any(|apart| name.starts_with(apart)) {
            break;
        }
        rest = rest.get(..reach + open).unwrap_or_default();
    }
    rest
}

/// The beginning of a line without its tags: `<p><b>`.
pub(super) fn without_lead(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(tag) = rest.strip_prefix('<') {
        let near = tag
            .get(..tag.floor_char_boundary(TAG_BYTES_MAX))
            .unwrap_or(tag);
        let Some(end) = near.find('>') else {
            break;
        };
        rest = tag.get(end + 1..).unwrap_or_default().trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_beside_a_value_are_left_out() {
        assert_eq!(without_end(b": </td><td> <b>"), b": ");
        assert_eq!(without_end(b" a > b"), b" a > b");
        assert_eq!(without_end(b"<option>"), b"<option>");
        assert_eq!(without_lead("<p> <b>x"), "x");
        assert_eq!(without_lead("x <b>"), "x <b>");
    }
}
