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
    (decoded != reference).then(|| (reference.len(), decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_decimal_and_hexadecimal_references_are_read() {
        assert_eq!(reference_at("&amp;x"), Some((5, "&".to_owned())));
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
