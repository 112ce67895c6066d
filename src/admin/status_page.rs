//! Is the guard well? One page, in Vietnamese, for the administrator.

use askama::Template;
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;

/// What the status page shows.
#[derive(Clone, Debug, Template)]
#[template(path = "status.html")]
pub struct Status {
    /// The program's version.
    pub version: &'static str,
    /// Where clients reach the proxy.
    pub proxies: Vec<String>,
    /// Whether incidents can be stored.
    pub is_store_writable: bool,
    /// The last number of the chain.
    pub chain_seq: u64,
    /// AI services in the catalogue.
    pub services_count: usize,
    /// The CA's fingerprint.
    pub ca_fingerprint: String,
    /// Days until the CA expires.
    pub ca_days_left: i64,
    /// What a person should look at; empty when all is well.
    pub complaints: Vec<String>,
    /// Hosts that look like AI services and stand in no catalogue, the newest first.
    pub discovered: Vec<String>,
    /// Programs on workstations that refuse our CA: client, program, host.
    pub not_inspectable: Vec<String>,
    /// How well requests could be read, by service.
    pub coverage: Vec<CoverageRow>,
}

/// How well the requests to one service could be read, in total.
#[derive(Clone, Debug)]
pub struct CoverageRow {
    /// The service's id.
    pub service: String,
    /// By a row of the catalogue.
    pub parsed: u64,
    /// Without a row.
    pub generic: u64,
    /// Not, or not all of it.
    pub uninspectable: u64,
    /// Passed unread.
    pub tunnelled: u64,
}

/// Answers one request of a browser.
pub(super) fn answer(method: &Method, path: &str, status: &Status) -> Response<Full<Bytes>> {
    if method != Method::GET && method != Method::HEAD {
        let mut response = page(
            StatusCode::METHOD_NOT_ALLOWED,
            "text/plain",
            "GET\n".to_owned(),
        );
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    if path != "/" {
        let text = "Không có trang này. Trang tình trạng ở địa chỉ /\n".to_owned();
        return page(StatusCode::NOT_FOUND, "text/plain", text);
    }
    match status.render() {
        Ok(html) => page(StatusCode::OK, "text/html", html),
        Err(_template) => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain",
            String::new(),
        ),
    }
}

fn page(status: StatusCode, kind: &str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::try_from(format!("{kind}; charset=utf-8")) {
        headers.insert(CONTENT_TYPE, kind);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
        ),
    );
    response
}
