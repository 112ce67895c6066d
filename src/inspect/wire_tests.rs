//! Messages on sockets, drafts, and bodies that are sealed over their text.

use bytes::Bytes;

use super::tests::{AT, forwarded, inspector, refused, request, sender};
use crate::inspect::{Message, MessageInspection, MessageKind, MessageVerdict, Verdict};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::note::Note;

const COPILOT: (&str, &str) = ("copilot.microsoft.com", "/c/api/chat");
const M365: (&str, &str) = ("substrate.office.com", "/m365Copilot/Chathub/o@t");
const TEXT: &str = "Soạn giấy mời, CCCD 001099000001.";
const SECRET: &str = "TUYỆT MẬT";

fn judged((host, path): (&str, &str), kind: MessageKind, message: &str) -> MessageInspection {
    let message = Message {
        kind,
        payload: Bytes::from(message.to_owned()),
    };
    inspector().inspect_message(host, path, message, &sender(), AT)
}

fn forwarded_message(inspection: MessageInspection) -> String {
    let MessageVerdict::Forward(message) = inspection.verdict else {
        panic!("expected a forward")
    };
    String::from_utf8(message.into_inner().payload.to_vec()).unwrap()
}

#[test]
fn a_citizen_id_in_a_message_becomes_a_placeholder_and_nothing_else_changes() {
    let around = |text: &str| {
        format!(r#"{{"event":"send", "content":[{{"type":"text","text":"{text}"}}],"n":1.0}}"#)
    };
    let hit = judged(COPILOT, MessageKind::Text, &around(TEXT));
    assert_eq!(hit.incident.as_ref().unwrap().action, Action::Redact);
    let sent = forwarded_message(hit);
    assert!(sent.contains("CCCD ") && !sent.contains("001099000001"));
    let frame = around("");
    let (before, after) = frame.split_once("\"\"").unwrap();
    assert!(sent.starts_with(before) && sent.ends_with(after), "{sent}");
    let harmless = around("Xin chào");
    let judged = judged(COPILOT, MessageKind::Text, &harmless);
    assert_eq!(forwarded_message(judged), harmless);
}

#[test]
fn one_record_of_many_is_edited_and_the_others_stay() {
    let records = |text: &str| {
        format!(
            "{{\"type\":6}}\u{1e}{{\"arguments\":[{{\"message\":{{\"text\":\"{text}\"}}}}],\
             \"invocationId\":\"3\",\"target\":\"chat\",\"type\":4}}\u{1e}"
        )
    };
    let sent = forwarded_message(judged(M365, MessageKind::Text, &records(TEXT)));
    assert!(sent.starts_with("{\"type\":6}\u{1e}{"), "{sent}");
    assert!(sent.ends_with("\"type\":4}\u{1e}") && !sent.contains("001099000001"));

    let MessageVerdict::Refuse(facts) = judged(M365, MessageKind::Text, &records(SECRET)).verdict
    else {
        panic!("expected a refusal")
    };
    assert_eq!(facts.ids.invocation.as_deref(), Some("3"));
}

#[test]
fn annotations_with_places_in_the_text_forbid_an_edit() {
    let record = format!(
        "{{\"arguments\":[{{\"message\":{{\"text\":\"{TEXT}\",\"messageAnnotations\":\
         [{{\"startIndex\":4,\"text\":\"giấy mời\"}}]}}}}],\"type\":4}}\u{1e}"
    );
    let inspection = judged(M365, MessageKind::Text, &record);
    assert!(matches!(inspection.verdict, MessageVerdict::Refuse(_)));
    assert_eq!(inspection.incident.unwrap().action, Action::Block);
}

#[test]
fn a_block_only_socket_refuses_what_it_could_hide_elsewhere() {
    let op = r#"{"action":"submit_ot","ch":["+0:0:CCCD 001099000001:0"],"rev":0,"id":1}"#;
    let place = ("capi.grammarly.com", "/freews");
    let inspection = judged(place, MessageKind::Text, op);
    assert_eq!(inspection.carries, Carries::Draft);
    assert!(matches!(inspection.verdict, MessageVerdict::Refuse(_)));
}

#[test]
fn a_draft_with_a_hit_is_answered_here() {
    for (host, path, body, answer) in [
        (
            "chatgpt.com",
            "/backend-api/f/conversation/prepare",
            r#"{"partial_query":{"content":{"parts":["CCCD 001099000001"]}}}"#,
            "content_policy_violation",
        ),
        (
            "chatgpt.com",
            "/backend-api/conversation/experimental/generate_autocompletions",
            r#"{"input_text":"CCCD 001099000001"}"#,
            "completions",
        ),
        (
            "claude.ai",
            "/api/organizations/o/chat_conversations/c/title",
            r#"{"message_content":"CCCD 001099000001"}"#,
            "title",
        ),
    ] {
        let asked = request(host, path, "application/json", body);
        let inspection = inspector().inspect(&asked, &sender(), AT);
        let Verdict::AnswerHere { body, .. } = &inspection.verdict else {
            panic!("expected a local answer to {path}")
        };
        assert!(String::from_utf8_lossy(body).contains(answer));
        let incident = inspection.incident.unwrap();
        assert_eq!(
            (incident.action, incident.carries),
            (Action::Block, Carries::Draft)
        );
    }
}

fn chatgpt_with_offsets(offsets: &str) -> String {
    format!(
        r#"{{"messages":[{{"content":{{"parts":["{TEXT}"]}},"metadata":{{"serialization_metadata":{{"custom_symbol_offsets":{offsets}}}}}}}]}}"#
    )
}

#[test]
fn places_of_symbols_move_with_the_text_or_forbid_an_edit() {
    let sent = |offsets: &str| {
        let body = chatgpt_with_offsets(offsets);
        let path = "/backend-api/f/conversation";
        let asked = request("chatgpt.com", path, "application/json", body);
        inspector().inspect(&asked, &sender(), AT)
    };
    let empty = sent("[]");
    assert!(!String::from_utf8_lossy(forwarded(&empty)).contains("001099000001"));
    // The last character, after the number.
    let end = TEXT.chars().count();
    let moved = sent(&format!(r#"[{{"start":{}, "end" : {end}}}]"#, end - 1));
    let moved = String::from_utf8_lossy(forwarded(&moved)).into_owned();
    let body: serde_json::Value = serde_json::from_str(&moved).unwrap();
    let text = body["messages"][0]["content"]["parts"][0].as_str().unwrap();
    let end = text.chars().count();
    assert!(moved.contains(&format!(r#"[{{"start":{}, "end" : {end}}}]"#, end - 1)));
    for offsets in [
        "[5]",
        r#"[{"startIndex":0,"endIndex":400,"symbol":"a"}]"#,
        r#"{"0":3}"#,
    ] {
        let inspection = sent(offsets);
        refused(&inspection);
        let notes = inspection.incident.unwrap().notes;
        assert!(notes.contains(&Note::SignedBody), "{offsets}");
    }
}

#[test]
fn a_query_sealed_by_a_digest_of_its_text_is_not_edited() {
    let single = |query: &str| {
        let mut asked = request("translate.google.com", "/translate_a/single", "", "");
        asked.head.method = http::Method::GET;
        asked.head.uri = format!("/translate_a/single?{query}").parse().unwrap();
        inspector().inspect(&asked, &sender(), AT)
    };
    let text = "q=CCCD%20001099000001";
    refused(&single(&format!("client=webapp&tk=1234.5678&{text}")));
    let free = single(&format!("client=gtx&{text}"));
    assert!(matches!(
        free.verdict,
        Verdict::Forward { redacted: true, .. }
    ));
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
