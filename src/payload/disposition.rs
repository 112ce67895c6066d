//! What do the parameters of a header field say (`name`, `filename`, `boundary`, `charset`)?
//!
//! In: the value of a `Content-Disposition` or `Content-Type` field. Out: its parameters, each
//! with the bytes that hold its value.
//!
//! Never: split inside a quoted string, which is where a file name hides a `;`.

use std::ops::Range;

use percent_encoding::percent_decode_str;

/// One parameter.
pub(super) struct Parameter {
    /// Its name in lower case; `filename` for `filename*` too.
    pub(super) name: String,
    /// Its value, unquoted and decoded.
    pub(super) text: String,
    /// Where the value stands in the field, without quotes.
    pub(super) range: Range<usize>,
    /// Whether the bytes there are the text.
    pub(super) is_verbatim: bool,
}

/// The parameters of a field value, in order.
pub(super) fn parameters(value: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut at = end_of_item(value, 0);
    while at < value.len() {
        let start = at + 1;
        at = end_of_item(value, start);
        found.extend(parameter(value, start..at));
    }
    found
}

/// The one value of a parameter; nothing if it is missing or given twice.
pub(super) fn single(value: &str, name: &str) -> Option<String> {
    let mut named = parameters(value)
        .into_iter()
        .filter(|parameter| parameter.name == name);
    let first = named.next()?;
    named.next().is_none().then_some(first.text)
}

/// The next `;` outside quotes, or the end.
fn end_of_item(value: &str, start: usize) -> usize {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (offset, byte) in value.bytes().enumerate().skip(start) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b';' if !is_quoted => return offset,
            _ => {}
        }
    }
    value.len()
}

fn parameter(value: &str, item: Range<usize>) -> Option<Parameter> {
    let text = value.get(item.clone())?;
    let (name, raw) = text.split_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    let lead = raw.len() - raw.trim_start().len();
    let start = item.start + text.len() - raw.len() + lead;
    let raw = raw.trim();
    let inner = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(plain) = name.strip_suffix('*') {
        // RFC 8187: charset'language'percent-encoded.
        let coded = raw.splitn(3, '\'').nth(2).unwrap_or(raw);
        return Some(Parameter {
            name: plain.to_owned(),
            text: percent_decode_str(coded).decode_utf8_lossy().into_owned(),
            range: start..start + raw.len(),
            is_verbatim: false,
        });
    }
    let shown = inner.unwrap_or(raw);
    let text = unquoted(shown);
    let start = start + usize::from(inner.is_some());
    Some(Parameter {
        is_verbatim: text == shown,
        name,
        text,
        range: start..start + shown.len(),
    })
}

/// Undoes `\"` and `\\`. Other backslashes stay: browsers send Windows paths unescaped.
fn unquoted(shown: &str) -> String {
    shown.replace("\\\"", "\"").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(value: &str) -> Vec<(String, String)> {
        parameters(value)
            .into_iter()
            .map(|parameter| (parameter.name, parameter.text))
            .collect()
    }

    #[test]
    fn quotes_protect_semicolons() {
        let value = r#"form-data; name="file"; filename="a;b \"c\".txt"; x=1"#;
        let pairs = [("name", "file"), ("filename", "a;b \"c\".txt"), ("x", "1")];
        let pairs = pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(texts(value), pairs);
        let file = &parameters(value)[0];
        assert_eq!(value.get(file.range.clone()), Some("file"));
    }

    #[test]
    fn extended_names_are_decoded() {
        let value = "form-data; filename*=UTF-8''Th%E1%BB%AD.docx";
        assert_eq!(
            texts(value),
            [("filename".to_owned(), "Thử.docx".to_owned())]
        );
    }

    #[test]
    fn a_parameter_given_twice_is_not_single() {
        assert_eq!(single("a/b; boundary=x", "boundary"), Some("x".to_owned()));
        assert_eq!(single("a/b; boundary=x; boundary=y", "boundary"), None);
    }
}
