//! How does a request look on the protocol that the upstream speaks?
//!
//! In: a head in the form that `exchange` made: origin-form URI, fields of the connection already
//! gone. Out: the same head for HTTP/1.1 (a `Host`, one `cookie` field, framing that fits the
//! body) or HTTP/2 (an authority in the URI, no `Host`).
//!
//! Never: a field that the client did not send, but for what the protocol itself needs.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::{PathAndQuery, Scheme};
use http::{Method, Uri, Version};
use http_body::Body;

use super::bodies::UpstreamBody;
use super::fields::{join_cookies, without};

/// The authority of an upstream: its host, and its port unless that is 443.
pub(super) struct Authority(String);

impl Authority {
    pub(super) fn new(host: &str, port: u16) -> Self {
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        Self(if port == 443 {
            host
        } else {
            format!("{host}:{port}")
        })
    }
}

/// The head for HTTP/1.1.
pub(super) fn for_http1(
    head: &http::request::Parts,
    body: &UpstreamBody,
    authority: &Authority,
) -> http::request::Parts {
    let mut shaped = head.clone();
    shaped.version = Version::HTTP_11;
    shaped.uri = Uri::from(path(head));
    if !shaped.headers.contains_key(header::HOST) {
        shaped.headers = with_host_first(&head.headers, authority);
    }
    join_cookies(&mut shaped.headers);
    if let UpstreamBody::Whole { trailers, .. } = body {
        frame_whole(&mut shaped, body, trailers.as_ref());
    }
    shaped
}

/// The head for HTTP/2.
pub(super) fn for_http2(
    head: &http::request::Parts,
    authority: &Authority,
) -> http::request::Parts {
    let mut shaped = head.clone();
    shaped.version = Version::HTTP_2;
    shaped.headers = without(&head.headers, |name| name == header::HOST);
    let uri = Uri::builder()
        .scheme(Scheme::HTTPS)
        .authority(authority.0.as_str())
        .path_and_query(path(head))
        .build();
    // The host was parsed from an authority before, so it always makes one again.
    shaped.uri = uri.unwrap_or_else(|_| Uri::from(path(head)));
    shaped
}

fn path(head: &http::request::Parts) -> PathAndQuery {
    head.uri
        .path_and_query()
        .cloned()
        .unwrap_or_else(|| PathAndQuery::from_static("/"))
}

fn with_host_first(received: &HeaderMap, authority: &Authority) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(received.keys_len() + 1);
    if let Ok(host) = HeaderValue::from_str(&authority.0) {
        headers.append(header::HOST, host);
    }
    for (name, value) in received {
        headers.append(name.clone(), value.clone());
    }
    headers
}

/// Sets the framing of a whole body: its length, or chunks where trailers follow it.
fn frame_whole(head: &mut http::request::Parts, body: &UpstreamBody, trailers: Option<&HeaderMap>) {
    if let Some(trailers) = trailers {
        let names: Vec<&str> = trailers.keys().map(HeaderName::as_str).collect();
        head.headers = without(&head.headers, |name| name == header::CONTENT_LENGTH);
        head.headers.insert(
            header::TRANSFER_ENCODING,
            HeaderValue::from_static("chunked"),
        );
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            head.headers.insert(header::TRAILER, names);
        }
        return;
    }
    let bytes = body.size_hint().exact().unwrap_or_default();
    let expects_length = [Method::POST, Method::PUT, Method::PATCH].contains(&head.method);
    if bytes > 0 || expects_length || head.headers.contains_key(header::CONTENT_LENGTH) {
        head.headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::Request;

    fn head(build: http::request::Builder) -> http::request::Parts {
        build.body(()).unwrap().into_parts().0
    }

    fn whole(bytes: &'static str) -> UpstreamBody {
        UpstreamBody::Whole {
            bytes: Some(Bytes::from_static(bytes.as_bytes())),
            trailers: None,
            share: None,
        }
    }

    #[test]
    fn http1_gets_a_host_first_one_cookie_and_a_length() {
        let received = head(
            Request::post("/c?x=1")
                .header("accept", "a")
                .header("cookie", "a=1")
                .header("cookie", "b=2"),
        );
        let shaped = for_http1(
            &received,
            &whole("hello"),
            &Authority::new("chatgpt.com", 443),
        );
        let names: Vec<_> = shaped.headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["host", "accept", "cookie", "content-length"]);
        assert_eq!(shaped.headers["host"], "chatgpt.com");
        assert_eq!(shaped.headers["cookie"], "a=1; b=2");
        assert_eq!(shaped.headers["content-length"], "5");
        assert_eq!(shaped.uri, "/c?x=1");
    }

    #[test]
    fn http1_sends_trailers_in_chunks() {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", HeaderValue::from_static("0"));
        let body = UpstreamBody::Whole {
            bytes: Some(Bytes::from_static(b"x")),
            trailers: Some(trailers),
            share: None,
        };
        let received = head(Request::post("/").header("content-length", "1"));
        let shaped = for_http1(&received, &body, &Authority::new("a.example", 443));
        assert_eq!(shaped.headers["transfer-encoding"], "chunked");
        assert_eq!(shaped.headers["trailer"], "grpc-status");
        assert!(!shaped.headers.contains_key("content-length"));
    }

    #[test]
    fn http2_gets_an_authority_and_no_host() {
        let received = head(
            Request::get("/c")
                .header("host", "a.example")
                .header("x", "1"),
        );
        let shaped = for_http2(&received, &Authority::new("a.example", 8443));
        assert_eq!(shaped.uri, "https://a.example:8443/c");
        assert!(!shaped.headers.contains_key("host"));
    }
}
