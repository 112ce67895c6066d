//! Is this workstation protected? The self-test: a page and an AI stand-in behind the proxy.
//!
//! Like EICAR for virus scanners: the page sends a made-up sentence to a stand-in that answers
//! with what it received. The request passes through the guard like any other, so what the
//! stand-in shows is what an AI service would have seen. Its answers are not restored.
//!
//! In: method, path, content type, body (already inspected), facts to show. Out: a response.
//!
//! Never: anything sent on; a real person's data asked for.
//!
//! Read next: `selftest_chat` (the stand-in).

use askama::Template;
use bytes::Bytes;
use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::answer::{self, OwnAnswer, PageRights};
use super::office::OfficeTexts;
use super::selftest_chat;
use crate::model::exchange::UnixMillis;

/// What the page sends: nobody's name and numbers, visibly so.
const SAMPLE_SENTENCE: &str = "Soạn giấy mời ông Nguyễn Văn Thử, số CCCD 001099000001, số điện \
     thoại 0900000001, đến UBND xã làm việc về đơn đề nghị cấp lại giấy tờ.";

/// The values that must not arrive: with them the page decides between "Đạt" and "Chưa đạt".
const SAMPLE_VALUES: [(&str, &str); 2] = [
    ("Số định danh cá nhân (CCCD)", "001099000001"),
    ("Số điện thoại", "0900000001"),
];

/// The facts that the page shows.
pub struct SelfTestContext<'a> {
    /// The office's words.
    pub office: &'a OfficeTexts,
    /// The program's version.
    pub version: &'a str,
    /// When the policy in force was read, as people write it.
    pub policy_time: &'a str,
    /// The workstation's unit, where one is known.
    pub unit: Option<&'a str>,
    /// The workstation, as people know it.
    pub client: &'a str,
    /// The time of the request.
    pub now: UnixMillis,
}

/// A request to the self-test host, after inspection.
pub struct SelfTestRequest<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, without query.
    pub path: &'a str,
    /// `Content-Type`, where there is one.
    pub content_type: Option<&'a str>,
    /// The whole body.
    pub body: &'a Bytes,
}

/// Answers a request to the self-test host.
pub fn serve(request: &SelfTestRequest<'_>, context: &SelfTestContext<'_>) -> OwnAnswer {
    let allowed = match request.path {
        "/" | "/may-nay" | "/selftest.js" | "/v1/models" => [Method::GET, Method::HEAD].as_slice(),
        "/try" | "/v1/chat/completions" => [Method::POST].as_slice(),
        _ => return not_found(request),
    };
    if !allowed.contains(request.method) {
        return method_not_allowed(allowed);
    }
    let answer = match request.path {
        "/selftest.js" => answer::content(
            StatusCode::OK,
            "text/javascript; charset=utf-8",
            include_str!("templates/selftest.js"),
        ),
        // For the set-up page: that this answer can be had at all is all that it wants to know.
        "/may-nay" => answer::content(StatusCode::OK, "text/plain; charset=utf-8", "1\n"),
        "/v1/models" => selftest_chat::models(),
        "/v1/chat/completions" => selftest_chat::complete(request.body, context.now),
        "/try" => page(context, Some(form_prompt(request))),
        _ => page(context, None),
    };
    answer::for_method(request.method, answer)
}

#[derive(Template)]
#[template(path = "selftest.html")]
struct SelfTestPage<'a> {
    context: &'a SelfTestContext<'a>,
    sentence: &'static str,
    values: &'static [(&'static str, &'static str)],
    received: Option<String>,
    protected: bool,
}

fn page(context: &SelfTestContext<'_>, received: Option<String>) -> OwnAnswer {
    let protected = received.as_deref().is_some_and(is_protected);
    let page = SelfTestPage {
        context,
        sentence: SAMPLE_SENTENCE,
        values: &SAMPLE_VALUES,
        received,
        protected,
    };
    answer::rendered(StatusCode::OK, &page, PageRights::OwnScript)
}

/// Whether something arrived and no sample value in it, however its digits are set apart.
fn is_protected(received: &str) -> bool {
    let digits: String = received.chars().filter(char::is_ascii_digit).collect();
    !received.trim().is_empty()
        && SAMPLE_VALUES
            .iter()
            .all(|(_, value)| !digits.contains(value))
}

/// The field `prompt` of the plain form, empty where there is none.
fn form_prompt(request: &SelfTestRequest<'_>) -> String {
    let is_form = request
        .content_type
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let Ok(body) = std::str::from_utf8(request.body) else {
        return String::new();
    };
    let field = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("prompt="));
    let spaced = field
        .filter(|_| is_form)
        .unwrap_or_default()
        .replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

fn not_found(request: &SelfTestRequest<'_>) -> OwnAnswer {
    if request.path.starts_with("/v1/") {
        return selftest_chat::error(
            StatusCode::NOT_FOUND,
            "not_found",
            "Công cụ AI giả lập chỉ có /v1/chat/completions và /v1/models.",
        );
    }
    answer::content(
        StatusCode::NOT_FOUND,
        "text/plain; charset=utf-8",
        "Không có trang này. Trang tự kiểm tra ở địa chỉ /\n",
    )
}

fn method_not_allowed(allowed: &[Method]) -> OwnAnswer {
    let mut answer = selftest_chat::error(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Địa chỉ này không nhận phương thức đã gửi.",
    );
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
        answer.headers_mut().insert(ALLOW, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::answer::text_of;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn asked(method: &Method, path: &str, content_type: Option<&str>, body: &str) -> OwnAnswer {
        let office = OfficeTexts::default();
        let context = SelfTestContext {
            office: &office,
            version: "0.1.0",
            policy_time: "08:00 ngày 12/6/2026",
            unit: None,
            client: "10.0.0.7",
            now: UnixMillis(1_780_000_000_000),
        };
        let body = Bytes::copy_from_slice(body.as_bytes());
        let request = SelfTestRequest {
            method,
            path,
            content_type,
            body: &body,
        };
        serve(&request, &context)
    }

    #[test]
    fn the_page_shows_what_will_be_sent_and_runs_only_its_own_script() {
        let answer = asked(&Method::GET, "/", None, "");
        let html = text_of(&answer);
        for (_, value) in SAMPLE_VALUES {
            assert!(SAMPLE_SENTENCE.contains(value));
            assert!(
                html.contains(&format!("data-sample>{value}</dd>")),
                "{value}"
            );
        }
        assert!(html.contains("Chưa thử."));
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("script-src 'self'; connect-src 'self'"));
        assert!(!policy.contains("unsafe"));
        assert!(!html.contains("onclick"));
    }

    #[test]
    fn without_a_script_the_form_shows_the_verdict() {
        let good = text_of(&asked(
            &Method::POST,
            "/try",
            Some(FORM),
            "prompt=s%E1%BB%91+CCCD1X7Q",
        ));
        assert!(good.contains("<strong>Đạt.</strong>"));
        assert!(good.contains("số CCCD1X7Q"));
        let leaked = "x=1&prompt=001+099+000001+%3Cb%3E";
        let bad = text_of(&asked(&Method::POST, "/try", Some(FORM), leaked));
        assert!(bad.contains("<strong>Chưa đạt.</strong>"));
        assert!(bad.contains("&#60;b&#62;") && !bad.contains("<b>"));
    }

    #[test]
    fn nothing_received_is_not_a_pass() {
        for (content_type, body) in [
            (Some(FORM), "prompt="),
            (Some(FORM), ""),
            (None, "prompt=a"),
        ] {
            let html = text_of(&asked(&Method::POST, "/try", content_type, body));
            assert!(html.contains("<strong>Chưa đạt.</strong>"), "{body}");
        }
    }

    #[test]
    fn the_script_and_the_stand_in_agree_on_the_introduction() {
        let script = text_of(&asked(&Method::GET, "/selftest.js", None, ""));
        let literal = serde_json::to_string(selftest_chat::INTRODUCTION).unwrap();
        assert!(script.contains(&format!("var introduction = {literal};")));
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        let status = |method, path| asked(&method, path, None, "").status();
        assert_eq!(status(Method::GET, "/nothing"), StatusCode::NOT_FOUND);
        assert_eq!(status(Method::GET, "/v1/files"), StatusCode::NOT_FOUND);
        assert_eq!(status(Method::HEAD, "/"), StatusCode::OK);
        let answer = asked(&Method::GET, "/v1/chat/completions", None, "");
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()[ALLOW], "POST");
    }
}
