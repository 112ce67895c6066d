//! How does the proxy answer by itself? Head fields of every answer that no server upstream wrote.
//!
//! In: status, kind of content, body. Out: a response that is never stored, never retried by an
//! SDK, readable by the page that asked (CORS), and, as HTML, unable to load or run anything that
//! the page did not bring along.
//!
//! Never: a word of the request, apart from its own `Origin`.

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;

use super::page_style;

/// An answer made here.
pub type OwnAnswer = Response<Full<Bytes>>;

/// The id of the incident behind an answer.
pub(super) const LACHAN_INCIDENT: HeaderName = HeaderName::from_static("lachan-incident");
/// What was done with the request.
pub(super) const LACHAN_ACTION: HeaderName = HeaderName::from_static("lachan-action");
/// Keeps the SDKs of OpenAI and Anthropic from sending the same content again.
const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// In which form the one who asked can read an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFormat {
    /// A browser that loads a page.
    Page,
    /// A program, or a page's script: the service's own error shape.
    Json,
    /// Something that accepts neither.
    Text,
}

impl AnswerFormat {
    /// Reads it from a request's head. Browsers say in `Sec-Fetch-Mode` whether they load a page;
    /// only where they do not is `Accept` trusted with that question.
    pub fn of(headers: &HeaderMap) -> Self {
        let accept: Vec<&str> = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let accepts = |kind: &str| accept.iter().any(|value| value.contains(kind));
        let loads_page = match headers.get(SEC_FETCH_MODE) {
            Some(mode) => mode == "navigate",
            None => accepts("text/html"),
        };
        if loads_page {
            return Self::Page;
        }
        let takes_json = accept.is_empty()
            || ["json", "*/*", "application/*", "event-stream"]
                .into_iter()
                .any(accepts);
        if takes_json { Self::Json } else { Self::Text }
    }
}

/// What an HTML page may do beyond showing itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageRights {
    /// Nothing: a notice, perhaps inside a frame of the service's own page.
    Notice,
    /// Be followed by links; our own page, in no frame.
    OwnPage,
    /// The same, and send its own form.
    OwnForm,
    /// Run our own script and ask our own host.
    OwnScript,
}

/// An HTML page.
pub(super) fn page(status: StatusCode, html: String, rights: PageRights) -> OwnAnswer {
    let mut answer = content(status, "text/html; charset=utf-8", html);
    answer.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        match rights {
            PageRights::Notice => page_style::NOTICE_POLICY.clone(),
            PageRights::OwnPage => page_style::OWN_PAGE_POLICY.clone(),
            PageRights::OwnForm => page_style::OWN_FORM_POLICY.clone(),
            PageRights::OwnScript => page_style::OWN_SCRIPT_POLICY.clone(),
        },
    );
    let referrer = match rights {
        PageRights::Notice | PageRights::OwnPage | PageRights::OwnScript => "no-referrer",
        // Without a referrer browsers call the origin of a form "null".
        PageRights::OwnForm => "same-origin",
    };
    answer
        .headers_mut()
        .insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
    answer
}

/// A page from a template. Writing into a string cannot fail; should it, the client hears of it.
pub(super) fn rendered(
    status: StatusCode,
    template: &impl askama::Template,
    rights: PageRights,
) -> OwnAnswer {
    match template.render() {
        Ok(html) => page(status, html, rights),
        Err(_) => content(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            "Lá Chắn chưa hiển thị được trang này.\n",
        ),
    }
}

/// The answer as the method wants it: HEAD gets the head of GET (RFC 9110 §9.3.2).
pub(super) fn for_method(method: &Method, answer: OwnAnswer) -> OwnAnswer {
    if method == Method::HEAD {
        answer.map(|_| Full::default())
    } else {
        answer
    }
}

/// Any other content. `content_type` names its charset where it is text: without it, clients
/// show Vietnamese as garbage.
pub(super) fn content(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> OwnAnswer {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, length);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_SHOULD_RETRY, HeaderValue::from_static("false"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Lets the page that asked read the answer. With credentials a `*` is not allowed, so the origin
/// is named (Fetch standard, "CORS protocol and credentials").
pub(super) fn allow_origin(answer: &mut OwnAnswer, origin: Option<&HeaderValue>) {
    let Some(origin) = origin else { return };
    let headers = answer.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Lachan-Incident, Lachan-Action"),
    );
    headers.insert(VARY, HeaderValue::from_static("Origin"));
}

/// The whole body of an answer, for tests.
#[cfg(test)]
pub(super) fn text_of(answer: &OwnAnswer) -> String {
    use futures_util::FutureExt as _;
    use http_body_util::BodyExt as _;

    let collected = answer.body().clone().collect().now_or_never();
    let bytes = collected
        .expect("a body that is all there never waits")
        .expect("and never fails")
        .to_bytes();
    String::from_utf8(bytes.to_vec()).expect("our bodies are text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(fields: &[(&'static str, &'static str)]) -> AnswerFormat {
        let headers = fields
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        AnswerFormat::of(&headers)
    }

    #[test]
    fn a_page_load_gets_a_page() {
        let accept = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        assert_eq!(format(&[accept]), AnswerFormat::Page);
        assert_eq!(
            format(&[accept, ("sec-fetch-mode", "navigate")]),
            AnswerFormat::Page
        );
    }

    #[test]
    fn a_script_that_accepts_anything_gets_json() {
        assert_eq!(
            format(&[("accept", "text/html"), ("sec-fetch-mode", "cors")]),
            AnswerFormat::Text
        );
        assert_eq!(
            format(&[("accept", "*/*"), ("sec-fetch-mode", "cors")]),
            AnswerFormat::Json
        );
        assert_eq!(
            format(&[("accept", "text/event-stream")]),
            AnswerFormat::Json
        );
        assert_eq!(format(&[]), AnswerFormat::Json);
    }

    #[test]
    fn what_accepts_no_json_gets_text() {
        assert_eq!(format(&[("accept", "text/plain")]), AnswerFormat::Text);
        assert_eq!(format(&[("accept", "image/png")]), AnswerFormat::Text);
    }

    #[test]
    fn a_page_can_load_nothing_that_it_did_not_bring_along() {
        let answer = page(StatusCode::OK, String::from("x"), PageRights::Notice);
        let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(answer.headers()[CONTENT_LENGTH], "1");
        assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    }
}
