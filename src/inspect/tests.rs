//! The story told by examples: whole requests in, verdicts and incidents out.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use crate::detect::Detector;
use crate::inspect::{
    CollectedRequest, Inspection, Inspector, InspectorParts, Node, RefusalReason, Sender, Verdict,
};
use crate::model::address::ClientAddr;
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::limits::Limits;
use crate::model::note::Note;
use crate::policy::Policy;
use crate::service::Catalogue;

pub(super) const CHATGPT: (&str, &str) = ("chatgpt.com", "/backend-api/f/conversation");
pub(super) const AT: UnixMillis = UnixMillis(1_795_000_000_000);
const SENTENCE: &str =
    "Soạn giấy mời ông Nguyễn Văn Thử, số CCCD 001099000001, điện thoại 0900000001.";

pub(super) fn inspector() -> Inspector {
    Inspector::new(InspectorParts {
        catalogue: Arc::new(Catalogue::builtin().unwrap()),
        detector: Arc::new(Detector::builtin().unwrap()),
        policy: Arc::new(Policy::builtin().unwrap()),
        limits: Arc::new(Limits::default()),
        node: Arc::new(Node::new([1; 32], [2; 32], &Limits::default())),
    })
}

pub(super) fn sender() -> Sender {
    Sender {
        client: ClientAddr("10.0.0.7:50000".parse().unwrap()),
        unit: None,
    }
}

pub(super) fn request(
    host: &str,
    path: &str,
    kind: &str,
    body: impl Into<Bytes>,
) -> CollectedRequest {
    let body = body.into();
    let (head, ()) = http::Request::post(path)
        .header(CONTENT_TYPE, kind)
        .header(CONTENT_LENGTH, body.len())
        .body(())
        .unwrap()
        .into_parts();
    CollectedRequest {
        head,
        host: host.to_owned(),
        body,
        trailers: None,
    }
}

pub(super) fn chatgpt_body(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(
        r#"{{"action":"next", "messages":[{{"id":"00000000-0000-4000-8000-000000000001","content":{{"content_type":"text","parts":[{text}]}}}}],"model":"auto"}}"#
    )
}

fn inspect_chatgpt(text: &str) -> Inspection {
    let body = chatgpt_body(text);
    inspector().inspect(
        &request(CHATGPT.0, CHATGPT.1, "application/json", body),
        &sender(),
        AT,
    )
}

pub(super) fn forwarded(inspection: &Inspection) -> &Bytes {
    match &inspection.verdict {
        Verdict::Forward { request, .. } => &request.as_inner().body,
        Verdict::Refuse(_) | Verdict::AnswerHere { .. } => panic!("expected a forward"),
    }
}

pub(super) fn refused(inspection: &Inspection) -> RefusalReason {
    match &inspection.verdict {
        Verdict::Refuse(facts) => facts.reason,
        Verdict::Forward { .. } | Verdict::AnswerHere { .. } => panic!("expected a refusal"),
    }
}

#[test]
fn a_harmless_prompt_passes_byte_for_byte_without_an_incident() {
    let text = "Viết giúp tôi \"đoạn\" mở đầu báo cáo\nquý III, tổng 1.234.567 đồng.";
    let inspection = inspect_chatgpt(text);
    assert_eq!(forwarded(&inspection), &chatgpt_body(text));
    assert_eq!(inspection.incident, None);
}

#[test]
fn identifiers_become_placeholders_in_an_otherwise_identical_body() {
    let inspection = inspect_chatgpt(SENTENCE);
    let body = String::from_utf8(forwarded(&inspection).to_vec()).unwrap();
    assert!(
        !body.contains("001099000001") && !body.contains("0900000001"),
        "{body}"
    );
    assert!(body.contains("CCCD") && body.contains("SDT"), "{body}");
    let frame = chatgpt_body("");
    let (before, after) = frame.split_once("\"\"").unwrap();
    assert!(body.starts_with(before) && body.ends_with(after));
    let incident = inspection.incident.expect("an incident");
    assert_eq!(incident.action, Action::Redact);
    let counted = |category| {
        incident
            .findings
            .iter()
            .filter(|f| f.category == category)
            .map(|f| f.count)
            .sum::<u32>()
    };
    assert_eq!(counted(Category::CitizenId), 1);
    assert_eq!(counted(Category::PhoneNumber), 1);
}

#[test]
fn the_content_length_follows_the_redacted_body() {
    let inspection = inspect_chatgpt(SENTENCE);
    let Verdict::Forward { request, redacted } = inspection.verdict else {
        panic!("forward")
    };
    assert!(redacted);
    let request = request.into_inner();
    let length = request.head.headers.get(CONTENT_LENGTH).unwrap();
    assert_eq!(length.to_str().unwrap(), request.body.len().to_string());
}

#[test]
fn the_same_value_has_the_same_placeholder() {
    let body = |inspection: &Inspection| forwarded(inspection).clone();
    assert_eq!(
        body(&inspect_chatgpt(SENTENCE)),
        body(&inspect_chatgpt(SENTENCE))
    );
}

#[test]
fn redacting_twice_changes_nothing() {
    let once = String::from_utf8(forwarded(&inspect_chatgpt(SENTENCE)).to_vec()).unwrap();
    let again = inspector().inspect(
        &request(CHATGPT.0, CHATGPT.1, "application/json", once.clone()),
        &sender(),
        AT,
    );
    assert_eq!(forwarded(&again), &once);
}

#[test]
fn a_marked_document_is_refused_and_no_word_of_it_is_kept() {
    let text = "ỦY BAN NHÂN DÂN XÃ VÍ DỤ\nMẬT\nSố: 12/KH-UBND\nKế hoạch tuần tra khu vực kho.";
    let inspection = inspect_chatgpt(text);
    assert_eq!(
        refused(&inspection),
        RefusalReason::StateSecret(SecretLevel::C)
    );
    let incident = inspection.incident.expect("an incident");
    assert_eq!(incident.severity, Severity::Critical);
    assert!(incident.findings.is_empty() && incident.file.is_none());
    assert!(!format!("{incident:?}").contains("tuần tra"));
}

#[test]
fn deleting_the_marking_and_sending_again_does_not_help() {
    let inspector = inspector();
    let text = "Kế hoạch tuần tra khu vực kho vật tư của xã Ví Dụ trong tháng tới gồm ba ca.";
    let send = |text: &str| {
        let body = chatgpt_body(text);
        inspector.inspect(
            &request(CHATGPT.0, CHATGPT.1, "application/json", body),
            &sender(),
            AT,
        )
    };
    assert!(matches!(send(text).verdict, Verdict::Forward { .. }));
    refused(&send(&format!("MẬT\nSố: 12/KH-UBND\n{text}")));
    let again = send(text);
    refused(&again);
    assert!(again.incident.unwrap().notes.contains(&Note::SecretRepeat));
}

#[test]
fn a_hit_in_a_field_that_no_row_names_blocks_with_a_note() {
    let body = r#"{"messages":[],"surprise":"CCCD 001099000001"}"#;
    let inspection = inspector().inspect(
        &request(CHATGPT.0, CHATGPT.1, "application/json", body),
        &sender(),
        AT,
    );
    refused(&inspection);
    assert!(
        inspection
            .incident
            .unwrap()
            .notes
            .contains(&Note::UnlistedField)
    );
}

#[test]
fn an_unknown_path_of_an_ai_host_is_scanned_and_never_redacted() {
    let body = r#"{"anything":{"below":["số CCCD 001099000001"]}}"#;
    let path = "/backend-api/something/new";
    let inspection = inspector().inspect(
        &request("chatgpt.com", path, "application/json", body),
        &sender(),
        AT,
    );
    refused(&inspection);
    assert_eq!(inspection.endpoint, "unknown");
}

#[test]
fn a_citizen_id_in_the_url_blocks() {
    let path = "/search?q=s%E1%BB%91%20CCCD%20001099000001";
    let inspection = inspector().inspect(
        &request("chatgpt.com", path, "text/plain", ""),
        &sender(),
        AT,
    );
    refused(&inspection);
}

#[test]
fn a_signed_body_is_blocked_instead_of_edited() {
    let mut signed = request(
        CHATGPT.0,
        CHATGPT.1,
        "application/json",
        chatgpt_body(SENTENCE),
    );
    signed
        .head
        .headers
        .insert("content-digest", "sha-256=:AAAA:".parse().unwrap());
    let inspection = inspector().inspect(&signed, &sender(), AT);
    refused(&inspection);
    assert!(
        inspection
            .incident
            .unwrap()
            .notes
            .contains(&Note::SignedBody)
    );
}

#[test]
fn a_body_that_cannot_be_opened_is_refused() {
    let mut coded = request(CHATGPT.0, CHATGPT.1, "application/json", "not gzip at all");
    coded
        .head
        .headers
        .insert("content-encoding", "gzip".parse().unwrap());
    let inspection = inspector().inspect(&coded, &sender(), AT);
    assert!(matches!(
        refused(&inspection),
        RefusalReason::Uninspectable(_)
    ));
}

#[test]
fn people_can_log_in() {
    let body = r#"{"email":"thu@example.com","phone":"0900000001","password":"Mat-khau-1"}"#;
    for (host, path) in [
        ("auth.openai.com", "/api/accounts/login"),
        ("claude.ai", "/api/auth/send_magic_link"),
        ("chat.deepseek.com", "/api/v0/users/login"),
    ] {
        let inspection = inspector().inspect(
            &request(host, path, "application/json", body),
            &sender(),
            AT,
        );
        assert_eq!(forwarded(&inspection), body, "{host}{path}");
    }
}

#[test]
fn a_gemini_form_is_edited_three_levels_deep() {
    let inner = serde_json::to_string(&serde_json::json!([[SENTENCE, 0, null]])).unwrap();
    let outer = serde_json::to_string(&serde_json::json!([null, inner])).unwrap();
    let coded = percent_encoding::utf8_percent_encode(&outer, percent_encoding::NON_ALPHANUMERIC);
    let body = format!("f.req={coded}&at=AExample&");
    let path = "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate";
    let kind = "application/x-www-form-urlencoded;charset=utf-8";
    let inspection = inspector().inspect(
        &request("gemini.google.com", path, kind, body),
        &sender(),
        AT,
    );
    let body = String::from_utf8(forwarded(&inspection).to_vec()).unwrap();
    assert!(body.ends_with("&at=AExample&"), "{body}");
    let value = body
        .strip_prefix("f.req=")
        .unwrap()
        .strip_suffix("&at=AExample&")
        .unwrap();
    let decoded = percent_encoding::percent_decode_str(value)
        .decode_utf8()
        .unwrap();
    let outer: serde_json::Value = serde_json::from_str(&decoded).unwrap();
    let inner: serde_json::Value = serde_json::from_str(outer[1].as_str().unwrap()).unwrap();
    let text = inner[0][0].as_str().unwrap();
    assert!(
        text.contains("CCCD") && !text.contains("001099000001"),
        "{text}"
    );
}
