//! Is this request for the host of its connection, and what does it wish for?
//!
//! In: a head as it arrives on an intercepted connection, HTTP/1.0, 1.1 or 2. Out: the head as
//! `inspect` reads it (origin-form URI, fields of the connection gone) and the wish.
//!
//! Never: a guess. Two names for one host, an odd authority or an odd upgrade is refused.

use http::header::{self, HeaderValue};
use http::uri::{Authority, PathAndQuery};
use http::{Method, Uri, Version};

use super::failure::Failure;
use super::fields::{has_token, onward_request, onward_upgrade};
use super::pool::PoolKey;
use crate::model::limits::Limits;

/// The longest registered method has 16 letters (RFC 4437).
const METHOD_BYTES_MAX: usize = 20;

/// What a request wishes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// An answer.
    Answer,
    /// A WebSocket (RFC 6455).
    WebSocket,
}

/// Checks a head and makes it ready for `inspect`.
pub(super) fn admit(
    mut head: http::request::Parts,
    key: &PoolKey,
    limits: &Limits,
) -> Result<(http::request::Parts, Wish), Failure> {
    if head.headers.len() > limits.header_fields_max {
        return Err(Failure::TooManyFields);
    }
    if head.method == Method::CONNECT {
        return Err(Failure::Malformed(
            "CONNECT inside an intercepted connection",
        ));
    }
    // A method is letters; one made up of digits would carry a number past every reader.
    let method = head.method.as_str();
    if method.len() > METHOD_BYTES_MAX || !method.bytes().all(is_of_method) {
        return Err(Failure::Malformed("not a method that anybody knows"));
    }
    check_host(&head, key)?;
    let path = head.uri.path_and_query().cloned();
    head.uri = Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
    let wish = wish(&head)?;
    head.headers = match wish {
        Wish::Answer => onward_request(&head.headers),
        Wish::WebSocket => onward_upgrade(&head.headers),
    };
    Ok((head, wish))
}

fn is_of_method(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'-'
}

/// Every name of the host in the head must be that of the connection, with or without its port.
fn check_host(head: &http::request::Parts, key: &PoolKey) -> Result<(), Failure> {
    let mut fields = head.headers.get_all(header::HOST).iter();
    let field = fields.next();
    if fields.next().is_some() {
        return Err(Failure::Malformed("several Host fields"));
    }
    let in_uri = head.uri.authority();
    // RFC 9112 section 3.2: HTTP/1.1 has a Host. HTTP/1.0 may do without.
    if field.is_none() && in_uri.is_none() && head.version != Version::HTTP_10 {
        return Err(Failure::Malformed("no Host field"));
    }
    let in_field = field.map(authority_of).transpose()?;
    let names = in_uri.into_iter().chain(in_field.as_ref());
    for name in names {
        if !names_same(name, key)? {
            return Err(Failure::Misdirected {
                host: key.host.clone(),
            });
        }
    }
    Ok(())
}

fn authority_of(field: &HeaderValue) -> Result<Authority, Failure> {
    field
        .to_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(Failure::Malformed("unreadable Host field"))
}

fn names_same(name: &Authority, key: &PoolKey) -> Result<bool, Failure> {
    if name.as_str().contains('@') {
        return Err(Failure::Malformed("user in an authority"));
    }
    let host = name.host().trim_start_matches('[').trim_end_matches(']');
    let host = host.strip_suffix('.').unwrap_or(host);
    let has_port = name.as_str().len() > name.host().len();
    let same_port = !has_port || name.port_u16() == Some(key.port);
    Ok(host.eq_ignore_ascii_case(&key.host) && same_port)
}

fn wish(head: &http::request::Parts) -> Result<Wish, Failure> {
    let asks = has_token(&head.headers, &header::CONNECTION, "upgrade");
    let Some(wanted) = head.headers.get(header::UPGRADE).filter(|_| asks) else {
        return Ok(Wish::Answer);
    };
    let is_http1 = head.version == Version::HTTP_11;
    let wanted = wanted.as_bytes();
    if wanted.eq_ignore_ascii_case(b"websocket") && is_http1 && head.method == Method::GET {
        return Ok(Wish::WebSocket);
    }
    // An offer of HTTP/2 may always be ignored (RFC 9110 section 7.8), and is.
    if wanted.eq_ignore_ascii_case(b"h2c") {
        return Ok(Wish::Answer);
    }
    Err(Failure::UpgradeRefused)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::tls::Alpn;
    use http::Request;

    fn admitted(request: http::request::Builder) -> Result<(http::request::Parts, Wish), Failure> {
        let key = PoolKey {
            client: IpAddr::from([10, 0, 0, 1]),
            host: "chatgpt.com".to_owned(),
            port: 443,
            offer: Alpn::Both,
        };
        let head = request.body(()).unwrap().into_parts().0;
        admit(head, &key, &Limits::default())
    }

    #[test]
    fn the_host_may_carry_its_port_and_a_final_dot() {
        for host in ["chatgpt.com", "ChatGPT.com:443", "chatgpt.com."] {
            let (head, wish) = admitted(Request::get("/c?q=1").header("host", host)).unwrap();
            assert_eq!(
                (head.uri.to_string().as_str(), wish),
                ("/c?q=1", Wish::Answer)
            );
        }
    }

    #[test]
    fn another_host_is_misdirected_wherever_it_stands() {
        for request in [
            Request::get("/").header("host", "claude.ai"),
            Request::get("/").header("host", "chatgpt.com:8443"),
            Request::get("/").header("host", "chatgpt.com:"),
            Request::get("https://claude.ai/").header("host", "chatgpt.com"),
            Request::get("https://chatgpt.com/").header("host", "claude.ai"),
        ] {
            let refused = admitted(request).unwrap_err();
            assert!(matches!(refused, Failure::Misdirected { .. }), "{refused}");
        }
    }

    #[test]
    fn a_request_without_a_host_or_with_two_is_malformed() {
        for request in [
            Request::get("/"),
            Request::get("/")
                .header("host", "chatgpt.com")
                .header("host", "chatgpt.com"),
            Request::get("/").header("host", "a@chatgpt.com"),
        ] {
            let refused = admitted(request).unwrap_err();
            assert!(matches!(refused, Failure::Malformed(_)), "{refused}");
        }
        assert!(admitted(Request::get("/").version(Version::HTTP_10)).is_ok());
    }

    #[test]
    fn a_method_carries_no_number() {
        let ask = |method: &str| {
            let request = Request::builder().method(method);
            admitted(request.uri("/").header("host", "chatgpt.com"))
        };
        assert!(ask("PROPFIND").is_ok() && ask("VERSION-CONTROL").is_ok());
        assert!(ask("CCCD001099000001").is_err());
    }

    #[test]
    fn only_websocket_upgrades_are_served_and_h2c_is_ignored() {
        let upgrade = |to: &'static str| {
            admitted(
                Request::get("/")
                    .header("host", "chatgpt.com")
                    .header("connection", "keep-alive, Upgrade")
                    .header("upgrade", to)
                    .header("http2-settings", "x")
                    .header("sec-websocket-extensions", "permessage-deflate"),
            )
        };
        let (head, wish) = upgrade("WebSocket").unwrap();
        assert_eq!(wish, Wish::WebSocket);
        assert!(head.headers.contains_key("upgrade"));
        assert!(!head.headers.contains_key("sec-websocket-extensions"));
        let (head, wish) = upgrade("h2c").unwrap();
        assert_eq!(wish, Wish::Answer);
        assert!(!head.headers.contains_key("upgrade"));
        assert!(!head.headers.contains_key("http2-settings"));
        assert!(matches!(upgrade("tls/1.0"), Err(Failure::UpgradeRefused)));
    }
}
