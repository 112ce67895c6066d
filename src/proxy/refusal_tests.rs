//! Does a refusal in every shape say the same, and can its client read it?

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, VARY};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::answer::{AnswerFormat, OwnAnswer};
use super::office::OfficeTexts;
use super::refusal::{RefusalContext, refuse};
use crate::inspect::{FoundForPeople, RefusalFacts, RefusalReason, RequestIds};
use crate::model::category::{Category, SecretLevel};
use crate::model::exchange::UnixMillis;
use crate::model::incident::Receipt;
use crate::model::uninspectable::Uninspectable;
use crate::proxy::answer::text_of;
use crate::service::{RefusalKind, RefusalShape};

use super::refusal_readers::{bytes_of, shown};

const FORMATS: [AnswerFormat; 3] = [AnswerFormat::Page, AnswerFormat::Json, AnswerFormat::Text];
const INCIDENT: &str = "01930000-0000-7000-8000-000000000001";

fn reasons() -> Vec<RefusalReason> {
    let secrets = [SecretLevel::A, SecretLevel::B, SecretLevel::C];
    let mut reasons = vec![
        RefusalReason::InternalDocument,
        RefusalReason::Credential,
        RefusalReason::People,
        RefusalReason::PersonalData,
    ];
    reasons.extend(secrets.map(RefusalReason::StateSecret));
    reasons.extend(Uninspectable::ALL.map(RefusalReason::Uninspectable));
    reasons
}

fn facts(reason: RefusalReason, shape: RefusalShape) -> RefusalFacts {
    RefusalFacts {
        shape,
        service_name: String::from("ChatGPT <b>"),
        reason,
        message: Some(String::from("Gọi số nội bộ 11 nếu cần gấp.")),
        rule: String::from("people-five"),
        found: vec![FoundForPeople {
            label: Category::CitizenId.label(),
            masked: String::from("CCCD …01"),
            count: 7,
        }],
        subjects: 1_250,
        is_fixed: false,
        ids: RequestIds {
            conversation: Some(String::from("c-1")),
            parent: Some(String::from("6")),
            reply: Some(String::from("r-1")),
            invocation: None,
        },
    }
}

fn refused(reason: RefusalReason, shape: RefusalShape, format: AnswerFormat) -> OwnAnswer {
    let office = OfficeTexts::default();
    let receipt = Receipt {
        id: String::from(INCIDENT),
        code: String::from("K7Q2-M4"),
        recorded_at: UnixMillis(0),
    };
    let context = RefusalContext {
        format,
        origin: Some(HeaderValue::from_static("https://chatgpt.com")),
        office: &office,
        at: UnixMillis(1_781_247_900_000),
        now_label: "14:05 ngày 12/6/2026",
    };
    refuse(&facts(reason, shape), Some(&receipt), &context)
}

/// The shapes that answer a request, not a message on a socket.
fn shapes() -> impl Iterator<Item = RefusalShape> {
    RefusalShape::ALL
        .into_iter()
        .filter(|shape| shape.kind() != RefusalKind::Socket)
}

#[test]
fn every_reason_in_every_shape_shows_the_code_and_the_masked_values() {
    for reason in reasons() {
        for shape in shapes() {
            let answer = refused(reason, shape, AnswerFormat::Json);
            let status = match shape.kind() {
                RefusalKind::Stream => StatusCode::OK,
                RefusalKind::Error | RefusalKind::Socket => StatusCode::FORBIDDEN,
            };
            assert_eq!(answer.status(), status);
            let text = shown(shape, &answer);
            assert!(text.contains("K7Q2-M4"), "{text}");
            assert!(text.contains("ChatGPT <b>"), "{text}");
            assert!(!text.contains(['{', '}', '!']), "{text}");
            let shows_values = text.contains("CCCD …01");
            let is_secret = matches!(reason, RefusalReason::StateSecret(_));
            assert_eq!(shows_values, !is_secret, "{text}");
        }
    }
}

#[test]
fn a_stream_has_the_head_of_any_refusal_and_says_its_length() {
    for shape in shapes().filter(|shape| shape.kind() == RefusalKind::Stream) {
        for format in [AnswerFormat::Json, AnswerFormat::Text] {
            let answer = refused(RefusalReason::People, shape, format);
            let headers = answer.headers();
            assert_eq!(headers["lachan-incident"], INCIDENT);
            assert_eq!(headers["lachan-action"], "block");
            assert_eq!(headers["cache-control"], "no-store");
            assert_eq!(headers["x-should-retry"], "false");
            assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://chatgpt.com");
            assert_eq!(
                headers["content-length"],
                bytes_of(&answer).len().to_string().as_str()
            );
        }
        let page = refused(RefusalReason::People, shape, AnswerFormat::Page);
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
    }
}

/// Signs that Markdown would eat or act on. A chat window renders what a stream says.
#[test]
fn the_words_survive_a_chat_window_that_renders_markdown() {
    for reason in reasons() {
        let answer = refused(reason, RefusalShape::ClaudeStream, AnswerFormat::Json);
        let text = shown(RefusalShape::ClaudeStream, &answer).replace("ChatGPT <b>", "ChatGPT");
        assert!(
            !text.contains(['*', '_', '`', '[', ']', '<', '#', '~', '|', '\\']),
            "{text}"
        );
        // Lists start lines; nothing is indented into a block of code.
        assert!(
            text.lines().all(|line| !line.starts_with([' ', '\t', '>'])),
            "{text}"
        );
    }
}

#[test]
fn every_form_says_the_same_and_carries_the_same_head() {
    for reason in reasons() {
        for format in FORMATS {
            let answer = refused(reason, RefusalShape::OpenAi, format);
            let headers = answer.headers();
            assert_eq!(headers["lachan-incident"], INCIDENT);
            assert_eq!(headers["lachan-action"], "block");
            assert_eq!(headers["cache-control"], "no-store");
            assert_eq!(headers["x-should-retry"], "false");
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://chatgpt.com");
            assert_eq!(headers["access-control-allow-credentials"], "true");
            assert_eq!(
                headers["access-control-expose-headers"],
                "Lachan-Incident, Lachan-Action"
            );
            assert_eq!(headers[VARY], "Origin");
            let content_type = headers[CONTENT_TYPE].to_str().unwrap();
            assert!(content_type.ends_with("; charset=utf-8"), "{content_type}");
            let body = text_of(&answer);
            assert_eq!(headers["content-length"], body.len().to_string().as_str());
            assert!(body.contains("K7Q2-M4"));
            assert!(body.contains("Gọi số nội bộ 11 nếu cần gấp."));
        }
    }
}

#[test]
fn a_page_escapes_what_is_not_ours() {
    let answer = refused(
        RefusalReason::People,
        RefusalShape::Generic,
        AnswerFormat::Page,
    );
    let body = text_of(&answer);
    assert!(!body.contains("<b>"));
    assert!(body.contains("ChatGPT &#60;b&#62;"));
    assert!(body.contains("1.250 người"));
}

#[test]
fn the_errors_are_those_of_the_services() {
    let body = |shape| -> Value {
        let answer = refused(RefusalReason::Credential, shape, AnswerFormat::Json);
        let text = shown(shape, &answer);
        let mut body = serde_json::from_str(&text_of(&answer)).unwrap();
        shorten(&mut body, &text);
        body
    };
    let openai = json!({"error": {"message": "M", "type": "invalid_request_error",
        "param": null, "code": "blocked_by_la_chan"}});
    assert_eq!(body(RefusalShape::OpenAi), openai);
    assert_eq!(body(RefusalShape::Generic), openai);
    for (shape, expected) in [
        (
            RefusalShape::Anthropic,
            json!({"type": "error", "error": {"type": "permission_error", "message": "M"}}),
        ),
        (
            RefusalShape::Google,
            json!({"error": {"code": 403, "message": "M", "status": "PERMISSION_DENIED"}}),
        ),
        (
            RefusalShape::Detail,
            json!({"detail": {"message": "M", "code": "blocked_by_la_chan"}}),
        ),
        (RefusalShape::DetailText, json!({"detail": "M"})),
        (
            RefusalShape::CodeMsg,
            json!({"code": 403, "msg": "M", "data": null}),
        ),
        (
            RefusalShape::CodeSuccess,
            json!({"code": 1, "success": false, "msg": "M",
                "data": {"code": "blocked_by_la_chan", "details": "M"}}),
        ),
        (RefusalShape::Message, json!({"message": "M"})),
        (
            RefusalShape::GraphQl,
            json!({"data": null, "errors": [{"message": "M"}]}),
        ),
        (
            RefusalShape::Trpc,
            json!([{"error": {"json": {"message": "M", "code": -32603,
                "data": {"code": "FORBIDDEN", "httpStatus": 403}}}}]),
        ),
    ] {
        assert_eq!(body(shape), expected);
    }
}

/// Puts M in place of the notice.
fn shorten(value: &mut Value, notice: &str) {
    match value {
        Value::String(text) if text == notice => *value = json!("M"),
        Value::Array(values) => values.iter_mut().for_each(|one| shorten(one, notice)),
        Value::Object(fields) => fields.values_mut().for_each(|one| shorten(one, notice)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn without_origin_and_receipt_nothing_is_made_up() {
    let office = OfficeTexts::default();
    let context = RefusalContext {
        format: AnswerFormat::Json,
        origin: None,
        office: &office,
        at: UnixMillis(1_781_247_900_000),
        now_label: "14:05 ngày 12/6/2026",
    };
    let facts = facts(RefusalReason::People, RefusalShape::OpenAi);
    let answer = refuse(&facts, None, &context);
    assert!(!answer.headers().contains_key("lachan-incident"));
    assert!(!answer.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert!(!answer.headers().contains_key(VARY));
}

#[test]
fn a_state_secret_is_told_by_its_level_alone() {
    let answer = refused(
        RefusalReason::StateSecret(SecretLevel::B),
        RefusalShape::OpenAi,
        AnswerFormat::Text,
    );
    let text = text_of(&answer);
    assert!(text.contains("dấu chỉ độ mật (Tối mật)"), "{text}");
    assert!(!text.contains("định danh"), "{text}");
    assert!(!text.contains("1.250"), "{text}");
}
