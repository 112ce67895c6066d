//! Which host and port does an authority name?

use http::uri::Authority;

/// A host and a port, as dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Lower case, no brackets, no dot at the end.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Target {
    /// Reads an authority in text form.
    pub(super) fn parse(text: &str, port_otherwise: u16) -> Option<Self> {
        Self::of(&text.parse().ok()?, Some(port_otherwise))
    }

    /// Reads an authority. Without a port, and none to fall back on, it names nothing.
    pub(super) fn of(authority: &Authority, port_otherwise: Option<u16>) -> Option<Self> {
        if authority.as_str().contains('@') {
            return None;
        }
        let has_port = authority.as_str().len() > authority.host().len();
        let port = if has_port {
            authority.port_u16()?
        } else {
            port_otherwise?
        };
        let host = normal_host(authority.host());
        (!host.is_empty() && port != 0).then_some(Self { host, port })
    }
}

/// A host name in the one form that the program compares: lower case, no brackets, no final dot.
pub(super) fn normal_host(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_in_one_form() {
        let target = Target::parse("ChatGPT.com.:443", 80).unwrap();
        assert_eq!((target.host.as_str(), target.port), ("chatgpt.com", 443));
        let target = Target::parse("[::1]:8443", 80).unwrap();
        assert_eq!((target.host.as_str(), target.port), ("::1", 8443));
        assert_eq!(Target::parse("a.example", 80).unwrap().port, 80);
    }

    #[test]
    fn odd_authorities_name_nothing() {
        for text in [
            "a@chatgpt.com:443",
            "chatgpt.com:",
            "chatgpt.com:0",
            "a:99999",
            "",
        ] {
            assert_eq!(Target::parse(text, 80), None, "{text}");
        }
        let bare: Authority = "chatgpt.com".parse().unwrap();
        assert_eq!(Target::of(&bare, None), None);
    }
}
