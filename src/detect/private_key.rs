//! Where does a private key end that has begun? A rule tells where it begins.
//!
//! Never: whether it is one.

use crate::detect::prefilter::around;
use crate::model::part::Span;

/// No key is longer, in bytes.
const KEY_BYTES_MAX: usize = 16 * 1024;
/// What closes a key.
const END: &str = "-----END";
const DASHES: &str = "-----";

/// The key with all of its body, up to the line that closes it; without such a line as far as the
/// lines are of a key.
pub(super) fn whole(text: &str, begun: Span) -> Span {
    let near = around(text, Span::new(begun.end, begun.end), KEY_BYTES_MAX);
    let rest = Span::new(begun.end, near.end.max(begun.end)).of(text);
    // The next dashes close it, or open another: of many heads each is read to the next alone.
    let closed = rest.find(DASHES).filter(|end| {
        let (body, close) = rest.split_at_checked(*end).unwrap_or_default();
        close.starts_with(END) && body.chars().all(is_of_key)
    });
    let length = match closed {
        Some(end) => {
            let close = rest.get(end + DASHES.len()..).unwrap_or_default();
            let dashes = close.find(DASHES).map_or(END.len(), |at| at + DASHES.len());
            end + (DASHES.len() + dashes).min(rest.len() - end)
        }
        None => open_length(rest),
    };
    Span::new(begun.start, begun.end + length)
}

/// How many bytes of a key that nothing closes follow: the rest of the line, and lines without a
/// space.
fn open_length(rest: &str) -> usize {
    let mut length = 0;
    for (at, line) in rest.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        // Behind the head its line ends.
        if bare.is_empty() && at > 0 || !bare.bytes().all(is_of_base64) {
            break;
        }
        length += line.len();
    }
    rest.get(..length).unwrap_or_default().trim_end().len()
}

const fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether the sign may stand in a key or its headers: "DEK-Info: AES-256-CBC,9F2A", "\n" in JSON.
const fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '+' | '/' | '=' | ':' | ',' | '-' | '.' | '(' | ')' | '\\' | ' ' | '\n' | '\r' | '\t'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "-----BEGIN PRIVATE KEY-----";

    fn key(text: &str) -> &str {
        let at = text.find(HEAD).unwrap();
        whole(text, Span::new(at, at + HEAD.len())).of(text)
    }

    #[test]
    fn a_key_reaches_to_the_line_that_closes_it() {
        let body = "AAAAB3NzaC1yc2E+/\n".repeat(200);
        let whole_key = format!("{HEAD}\n{body}-----END PRIVATE KEY-----");
        assert_eq!(key(&format!("{whole_key}\nkhóa này của anh")), whole_key);
        let in_json = format!("{HEAD}\\nAAAA\\n-----END PRIVATE KEY-----");
        assert_eq!(key(&format!("\"{in_json}\\n\"")), in_json);
    }

    #[test]
    fn a_key_that_nothing_closes_ends_with_its_lines() {
        let open = format!("{HEAD}\nAAAA\nBBBB");
        assert_eq!(key(&format!("{open}\nkhoa nay cua anh")), open);
        assert_eq!(key(&format!("{HEAD} là gì")), HEAD);
        let cut = format!("{HEAD}\nAAAA");
        assert_eq!(key(&cut), cut);
        let twice = format!("{HEAD}\n{HEAD}\nAAAA\n-----END PRIVATE KEY-----");
        assert_eq!(key(&twice), HEAD);
    }
}
