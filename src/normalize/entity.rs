//! Does an HTML character reference stand here, and what does it mean?
//!
//! In: text that begins with `&`. Out: the reference's length and its meaning.
//!
//! Never: a reference without its semicolon (an ampersand in a URL is not one), or one that is
//! longer than any that HTML names.

/// The longest reference looked at, in bytes. HTML's longest name has 33.
const REFERENCE_BYTES_MAX: usize = 40;

/// The character reference with which the text begins.
pub(super) fn reference_at(text: &str) -> Option<(usize, String)> {
    if !text.starts_with('&') {
        return None;
    }
    let body = text.bytes().skip(1).take(REFERENCE_BYTES_MAX);
    let name = body
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
        .count();
    let reference = text.get(..name + 2).filter(|found| found.ends_with(';'))?;
    let decoded = htmlize::unescape(reference);
    if decoded == "&" {
        return Some(escaped_again(text, reference.len()));
    }
    (decoded != reference).then(|| (reference.len(), decoded.into_owned()))
}

/// A reference whose ampersand was escaped in its turn, once or twice: `&amp;#48;`.
fn escaped_again(text: &str, ampersand: usize) -> (usize, String) {
    let plain = (ampersand, "&".to_owned());
    let Some(mut rest) = text.get(ampersand..) else {
        return plain;
    };
    let mut lead = ampersand;
    if let Some(tail) = rest.strip_prefix("amp;") {
        rest = tail;
        lead += "amp;".len();
    }
    let end = rest
        .bytes()
        .take(REFERENCE_BYTES_MAX)
        .position(|b| b == b';');
    let Some(body) = end.and_then(|end| rest.get(..=end)) else {
        return plain;
    };
    let reference = format!("&{body}");
    let decoded = htmlize::unescape(reference.as_str());
    if decoded == reference {
        plain
    } else {
        (lead + body.len(), decoded.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_decimal_and_hexadecimal_references_are_read() {
        assert_eq!(reference_at("&amp;x"), Some((5, "&".to_owned())));
        assert_eq!(reference_at("&amp;#48;x"), Some((9, "0".to_owned())));
        assert_eq!(reference_at("&amp;amp;#48;x"), Some((13, "0".to_owned())));
        assert_eq!(reference_at("&amp; a;"), Some((5, "&".to_owned())));
        assert_eq!(reference_at("&#48;"), Some((5, "0".to_owned())));
        assert_eq!(reference_at("&#x1EAC;T"), Some((8, "Ậ".to_owned())));
    }

    #[test]
    fn a_plain_ampersand_is_no_reference() {
        assert_eq!(reference_at("& so on;"), None);
        assert_eq!(reference_at("&b=1"), None);
        assert_eq!(reference_at("&nosuchname;"), None);
    }
}
