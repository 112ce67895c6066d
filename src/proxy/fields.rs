//! Which header fields belong to one connection only, and which go on?
//!
//! Field lists are rebuilt, never thinned out: `HeaderMap::remove` moves the last field into the
//! gap, and some services look at the order. RFC 9110 §7.6.1 names the fields of one connection.
//!
//! Never: a field of ours added to what goes up.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// The fields of a request that go on to the upstream.
pub(super) fn onward_request(received: &HeaderMap) -> HeaderMap {
    let wants_trailers = received
        .get_all(header::TE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"));
    let mut onward = without(received, |name| {
        is_of_connection(name)
            || name == header::TE
            || name == header::EXPECT
            || name == "http2-settings"
            || name.as_str().starts_with("proxy-")
    });
    if wants_trailers {
        onward.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    onward
}

/// The fields of a WebSocket handshake that go on. Extensions are left out on both legs: each side
/// would compress with a state of its own, and messages must be read.
pub(super) fn onward_upgrade(received: &HeaderMap) -> HeaderMap {
    let mut onward = without(received, |name| {
        name == header::SEC_WEBSOCKET_EXTENSIONS
            || name == header::TRANSFER_ENCODING
            || name == header::EXPECT
            || name == "keep-alive"
            || name == "http2-settings"
            || name.as_str().starts_with("proxy-")
    });
    if onward.contains_key(header::CONNECTION) {
        onward.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    onward
}

/// The fields of an answer that go on to the client. `Alt-Svc` is left out so that browsers do not
/// learn of HTTP/3, which would go past the proxy (RFC 7838).
pub(super) fn onward_answer(received: &HeaderMap) -> HeaderMap {
    without(received, |name| {
        is_of_connection(name)
            || name == header::ALT_SVC
            || name.as_str().starts_with("proxy-auth")
            // Only an answer of ours names an incident.
            || name.as_str().starts_with("lachan-")
    })
}

/// A list without the fields that `leave_out` names and those that `Connection` names.
pub(super) fn without(received: &HeaderMap, leave_out: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let named = named_by_connection(received);
    let mut kept = HeaderMap::with_capacity(received.keys_len());
    for (name, value) in received {
        if !leave_out(name) && !named.iter().any(|other| other == name.as_str()) {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

/// Joins `cookie` fields, which HTTP/2 may split, for HTTP/1.1 (RFC 9113 §8.2.3).
pub(super) fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(header::COOKIE).iter().nth(1).is_none() {
        return;
    }
    let crumbs: Vec<&[u8]> = headers
        .get_all(header::COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if let Ok(joined) = HeaderValue::from_bytes(&crumbs.join(b"; ".as_slice())) {
        headers.insert(header::COOKIE, joined);
    }
}

/// Whether a list-valued field holds a token: `Connection: keep-alive, Upgrade`.
pub(super) fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(token))
}

fn is_of_connection(name: &HeaderName) -> bool {
    [
        header::CONNECTION,
        header::UPGRADE,
        header::TRANSFER_ENCODING,
        HeaderName::from_static("keep-alive"),
    ]
    .contains(name)
}

/// Fields that `Connection` cannot take away: they frame the message, or are treated apart.
const KEPT_ALWAYS: [&str; 5] = ["host", "content-length", "cookie", "te", "upgrade"];

/// The names listed in `Connection`.
fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !KEPT_ALWAYS.contains(&name.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(fields: &[(&'static str, &'static str)]) -> HeaderMap {
        fields
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        headers.keys().map(HeaderName::as_str).collect()
    }

    #[test]
    fn fields_of_the_connection_stay_here_and_the_rest_keeps_its_order() {
        let received = list(&[
            ("host", "chatgpt.com"),
            ("connection", "keep-alive, x-secret"),
            ("proxy-authorization", "Basic x"),
            ("x-secret", "1"),
            ("sec-ch-ua", "a"),
            ("te", "gzip, trailers"),
            ("expect", "100-continue"),
            ("user-agent", "b"),
            ("accept", "c"),
        ]);
        let onward = onward_request(&received);
        assert_eq!(
            names(&onward),
            ["host", "sec-ch-ua", "user-agent", "accept", "te"]
        );
        assert_eq!(onward.get("te").unwrap(), "trailers");
    }

    #[test]
    fn browsers_do_not_learn_of_http3() {
        let received = list(&[
            ("alt-svc", "h3"),
            ("lachan-incident", "forged"),
            ("transfer-encoding", "chunked"),
            ("etag", "1"),
        ]);
        assert_eq!(names(&onward_answer(&received)), ["etag"]);
    }

    #[test]
    fn cookie_crumbs_are_joined_in_place() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", HeaderValue::from_static("a=1"));
        headers.append("accept", HeaderValue::from_static("x"));
        headers.append("cookie", HeaderValue::from_static("b=2"));
        join_cookies(&mut headers);
        assert_eq!(headers.get("cookie").unwrap(), "a=1; b=2");
        assert_eq!(headers.get_all("cookie").iter().count(), 1);
        assert_eq!(names(&headers), ["cookie", "accept"]);
    }
}
