//! How is a person told that a request was refused? In the service's own wire shape, so that the
//! text appears where the answer would have; or as a page, where a page was asked for.
//!
//! In: what `inspect` says about the refusal, the store's receipt, the office's words. Out: a
//! complete response. Never: a value that was found, other than masked; for a state secret not
//! even that (Luật 117/2025/QH15).
//!
//! Read next: `refusal_text` (the words), `wire_error` (the shapes).

use http::{HeaderValue, StatusCode};

use super::answer::{
    self, AnswerFormat, LACHAN_ACTION, LACHAN_INCIDENT, OwnAnswer, PageRights, allow_origin,
};
use super::office::OfficeTexts;
use super::refusal_text;
use super::wire_error::wire_error;
use crate::inspect::RefusalFacts;
use crate::model::incident::Receipt;

/// The `code` that programs see in a refusal.
const CODE: &str = "blocked_by_la_chan";

/// Around what a refusal is made.
pub struct RefusalContext<'a> {
    /// How the one who asked can read it.
    pub format: AnswerFormat,
    /// The request's `Origin`, where it had one.
    pub origin: Option<HeaderValue>,
    /// The office's words.
    pub office: &'a OfficeTexts,
    /// The time as people write it: "14:05 ngày 12/6/2026".
    pub now_label: &'a str,
}

/// Makes the answer to a refused request. Without a receipt there is no code to read out.
pub fn refuse(
    facts: &RefusalFacts,
    receipt: Option<&Receipt>,
    context: &RefusalContext<'_>,
) -> OwnAnswer {
    let code = receipt.map(|receipt| receipt.code.as_str());
    let notice = refusal_text::word(facts, code, context.office, context.now_label);
    let status = StatusCode::FORBIDDEN;
    let mut answer = match context.format {
        AnswerFormat::Page => answer::page(status, notice.html(), PageRights::Notice),
        AnswerFormat::Json => {
            let error = wire_error(facts.shape, status, CODE, &notice.plain());
            answer::content(status, "application/json; charset=utf-8", error.to_string())
        }
        AnswerFormat::Text => answer::content(status, "text/plain; charset=utf-8", notice.plain()),
    };
    let headers = answer.headers_mut();
    headers.insert(LACHAN_ACTION, HeaderValue::from_static("block"));
    if let Some(id) = receipt.and_then(|receipt| HeaderValue::from_str(&receipt.id).ok()) {
        headers.insert(LACHAN_INCIDENT, id);
    }
    allow_origin(&mut answer, context.origin.as_ref());
    answer
}

#[cfg(test)]
mod tests {
    use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, VARY};
    use serde_json::{Value, json};

    use super::*;
    use crate::inspect::{FoundForPeople, RefusalReason};
    use crate::model::category::{Category, SecretLevel};
    use crate::model::exchange::UnixMillis;
    use crate::model::uninspectable::Uninspectable;
    use crate::proxy::answer::text_of;
    use crate::service::RefusalShape;

    const SHAPES: [RefusalShape; 7] = [
        RefusalShape::OpenAi,
        RefusalShape::Anthropic,
        RefusalShape::Google,
        RefusalShape::Detail,
        RefusalShape::CodeMsg,
        RefusalShape::Message,
        RefusalShape::Generic,
    ];
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
            now_label: "14:05 ngày 12/6/2026",
        };
        refuse(&facts(reason, shape), Some(&receipt), &context)
    }

    /// Where each shape carries the text that its client shows.
    fn message(shape: RefusalShape, body: &Value) -> String {
        let place = match shape {
            RefusalShape::OpenAi
            | RefusalShape::Generic
            | RefusalShape::Anthropic
            | RefusalShape::Google => "/error/message",
            RefusalShape::Detail => "/detail/message",
            RefusalShape::CodeMsg => "/msg",
            RefusalShape::Message => "/message",
        };
        body.pointer(place).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn every_reason_in_every_shape_shows_the_code_and_the_masked_values() {
        for reason in reasons() {
            for shape in SHAPES {
                let answer = refused(reason, shape, AnswerFormat::Json);
                assert_eq!(answer.status(), StatusCode::FORBIDDEN);
                let text = message(shape, &serde_json::from_str(&text_of(&answer)).unwrap());
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
    fn the_shapes_are_those_of_the_services() {
        let body = |shape| -> Value {
            let answer = refused(RefusalReason::Credential, shape, AnswerFormat::Json);
            let mut body: Value = serde_json::from_str(&text_of(&answer)).unwrap();
            for place in ["/error/message", "/detail/message", "/msg", "/message"] {
                if let Some(text) = body.pointer_mut(place) {
                    *text = json!("M");
                }
            }
            body
        };
        let openai = json!({"error": {"message": "M", "type": "invalid_request_error",
            "param": null, "code": "blocked_by_la_chan"}});
        assert_eq!(body(RefusalShape::OpenAi), openai);
        assert_eq!(body(RefusalShape::Generic), openai);
        assert_eq!(
            body(RefusalShape::Anthropic),
            json!({"type": "error", "error": {"type": "permission_error", "message": "M"}})
        );
        assert_eq!(
            body(RefusalShape::Google),
            json!({"error": {"code": 403, "message": "M", "status": "PERMISSION_DENIED"}})
        );
        assert_eq!(
            body(RefusalShape::Detail),
            json!({"detail": {"message": "M", "code": "blocked_by_la_chan"}})
        );
        assert_eq!(
            body(RefusalShape::CodeMsg),
            json!({"code": 403, "msg": "M", "data": null})
        );
        assert_eq!(body(RefusalShape::Message), json!({"message": "M"}));
    }

    #[test]
    fn without_origin_and_receipt_nothing_is_made_up() {
        let office = OfficeTexts::default();
        let context = RefusalContext {
            format: AnswerFormat::Json,
            origin: None,
            office: &office,
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
}
