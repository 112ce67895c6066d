//! Which column does a value belong to that a statement of a database puts in:
//! `INSERT INTO nguoi (ho_ten, so_cccd) VALUES ('Nguyễn Văn Thử', '001099000001')`?
//!
//! Never: a look further back than [`REACH`], nor a value without its quote.

use crate::model::part::Span;

/// So far before a value its columns are looked for, in bytes.
const REACH: usize = 2_000;
/// Between the columns and the values.
const VALUES: [&str; 3] = ["VALUES", "values", "Values"];

/// The name of the value's column.
pub(super) fn column_of(text: &str, span: Span) -> Option<&str> {
    let before = text.get(..span.start)?.strip_suffix('\'')?;
    let near = before.len().saturating_sub(REACH);
    let near = before.get(before.ceil_char_boundary(near)..)?;
    let at = VALUES.iter().filter_map(|word| near.rfind(word)).max()?;
    let (columns, values) = near.split_at_checked(at)?;
    let (_, columns) = columns.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let values = values.get(VALUES.first()?.len()..)?;
    let name = columns.split(',').nth(place(values)?)?;
    let name = name.trim_matches([' ', '`', '"', '[', ']', '\n']);
    (!name.is_empty()).then_some(name)
}

/// How many values stand before the end, in the row that is open there.
fn place(values: &str) -> Option<usize> {
    let (mut count, mut is_open, mut is_quoted) = (0, false, false);
    for byte in values.bytes() {
        match byte {
            b'\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'(' => (count, is_open) = (0, true),
            b')' => is_open = false,
            b',' => count += 1,
            b';' => return None,
            _ => {}
        }
    }
    (is_open && !is_quoted).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_belong_to_the_columns_of_their_statement() {
        let text = "INSERT INTO nguoi (ho_ten, `cmnd`, [stk]) VALUES\n('Thử, Mẫu', '012345678', NULL),\n('Mẫu', N'012345679', '19030001');\nSELECT '5'";
        for (value, name) in [
            ("012345678", Some("cmnd")),
            ("012345679", Some("cmnd")),
            ("19030001", Some("stk")),
            ("5'", None),
        ] {
            let at = text.find(value).unwrap();
            let span = Span::new(at, at + value.len());
            assert_eq!(column_of(text, span), name, "{value}");
        }
    }
}
