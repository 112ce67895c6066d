//! Which texts are handed out to be sealed, and what a lift by two people covers.

use std::collections::BTreeSet;

use crate::inspect::tests::{AT, CHATGPT, chatgpt_body, forwarded, inspector, request, sender};
use crate::inspect::{BlockedText, Inspection, Inspector, Message, MessageKind, Verdict};
use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::incident::Fingerprint;
use crate::model::note::Note;

const SECRET: &str = "TUYỆT MẬT\nPhương án diễn tập giả định số 7 tại khu vực Z gồm ba hướng, sáu \
    chốt và lực lượng dự bị của xã Ví Dụ.";

fn keeping() -> Inspector {
    inspector().keeping_evidence(true)
}

fn ask(inspector: &Inspector, text: &str) -> Inspection {
    // A service gives each message a new id.
    static IDS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let id = IDS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let body = chatgpt_body(text).replace("000000000001", &format!("{id:012}"));
    let request = request(CHATGPT.0, CHATGPT.1, "application/json", body);
    inspector.inspect(&request, &sender(), AT)
}

fn listing() -> String {
    let people = (1..=6).map(|number| {
        format!("{number} | Nguyễn Văn Thử {number} | 00109900010{number} | 090000010{number}")
    });
    let head = "STT | Họ và tên | CCCD | Số điện thoại".to_owned();
    let lines: Vec<String> = std::iter::once(head).chain(people).collect();
    lines.join("\n")
}

fn kept(inspection: &Inspection) -> Option<&str> {
    match inspection.evidence.as_ref()? {
        BlockedText::Whole(text) => Some(text.expose().as_str()),
        BlockedText::TooLarge => panic!("too large"),
    }
}

fn digest(inspection: &Inspection) -> Fingerprint {
    let secret = inspection.incident.as_ref().unwrap().secret.as_ref();
    secret.unwrap().digest.clone()
}

fn lift(inspector: &Inspector, digest: Fingerprint) {
    let permits = inspector.parts.node.permits();
    permits.set_lifted(BTreeSet::from([digest]));
}

#[test]
fn the_words_of_a_blocked_request_are_handed_out_where_they_are_kept() {
    let text = listing();
    let stopped = ask(&keeping(), &text);
    assert_eq!(stopped.action, Action::Block);
    assert_eq!(kept(&stopped), Some(text.as_str()));
    assert!(!format!("{stopped:?}").contains("Nguyễn"));
    assert!(ask(&inspector(), &text).evidence.is_none());
}

#[test]
fn the_words_of_a_blocked_message_of_a_socket_are_handed_out_too() {
    let inspector = keeping();
    let text = listing();
    let words = serde_json::to_string(&text).unwrap();
    let payload = format!(r#"{{"event":"send","content":[{{"type":"text","text":{words}}}]}}"#);
    let message = Message {
        kind: MessageKind::Text,
        payload: payload.into(),
    };
    let path = "/c/api/chat";
    let stopped = inspector.inspect_message("copilot.microsoft.com", path, message, &sender(), AT);
    assert_eq!(stopped.action, Action::Block);
    match stopped.evidence {
        Some(BlockedText::Whole(kept)) => assert_eq!(kept.expose().as_str(), text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_redacted_or_let_through_is_not() {
    let redacted = ask(
        &keeping(),
        "Soạn thông báo đường dây nóng, điện thoại 0900000001.",
    );
    assert_eq!(redacted.action, Action::Redact);
    assert!(redacted.evidence.is_none());
    assert!(ask(&keeping(), "Chào bạn.").evidence.is_none());
}

#[test]
fn a_text_above_the_bound_is_said_to_be_too_large() {
    let filling = "Câu không có gì đáng chú ý. ".repeat(10_000);
    let stopped = ask(&keeping(), &format!("{}\n{filling}", listing()));
    assert!(matches!(stopped.evidence, Some(BlockedText::TooLarge)));
}

#[test]
fn of_a_state_secret_nothing_is_handed_out_nor_of_its_repeat_nor_of_a_lifted_one() {
    let inspector = keeping();
    let with_people = format!("{SECRET}\n{}", listing());
    let stopped = ask(&inspector, &with_people);
    assert!(stopped.evidence.is_none());
    let unmarked = with_people.replace("TUYỆT MẬT\n", "");
    let repeat = ask(&inspector, &unmarked);
    assert!(repeat.incident.as_ref().unwrap().secret.is_some());
    assert!(repeat.evidence.is_none());
    lift(&inspector, digest(&stopped));
    let lifted = ask(&inspector, &with_people);
    assert_eq!(lifted.action, Action::Block);
    assert!(lifted.evidence.is_none());
}

#[test]
fn a_lifted_content_goes_whatever_ids_stand_around_it_and_is_recorded() {
    let inspector = inspector();
    let stopped = ask(&inspector, SECRET);
    assert!(matches!(stopped.verdict, Verdict::Refuse(_)));
    lift(&inspector, digest(&stopped));
    let sent = ask(&inspector, SECRET);
    assert!(!forwarded(&sent).is_empty());
    let draft = sent.incident.as_ref().unwrap();
    assert_eq!(
        (draft.action, draft.policy_rule.as_str()),
        (Action::Audit, "state_secret_lifted")
    );
    assert!(draft.secret.is_none() && draft.notes.contains(&Note::SecretLifted));
    // What was held back because of it goes, too.
    let unmarked = ask(&inspector, &SECRET.replace("TUYỆT MẬT\n", ""));
    assert_eq!(unmarked.action, Action::Allow);
}

#[test]
fn a_changed_content_with_the_marking_is_blocked_again() {
    let inspector = inspector();
    let stopped = ask(&inspector, SECRET);
    lift(&inspector, digest(&stopped));
    let changed = ask(&inspector, &SECRET.replace("sáu", "bảy"));
    assert!(changed.incident.as_ref().unwrap().secret.is_some());
    // And the lifted one still goes, though it is like the one that was blocked since.
    assert_eq!(ask(&inspector, SECRET).action, Action::Audit);
    let unmarked = SECRET.replace("TUYỆT MẬT\n", "").replace("sáu", "bảy");
    assert_eq!(ask(&inspector, &unmarked).action, Action::Block);
}

#[test]
fn what_else_is_found_in_a_lifted_content_counts() {
    let inspector = inspector();
    let text = format!("{SECRET} Điện thoại 0900000001.");
    let stopped = ask(&inspector, &text);
    lift(&inspector, digest(&stopped));
    let sent = ask(&inspector, &text);
    assert_eq!(sent.action, Action::Redact);
    let found = &sent.incident.as_ref().unwrap().findings;
    assert_eq!(found[0].category, Category::PhoneNumber);
    let with_people = format!("{SECRET}\n{}", listing());
    let stopped = ask(&inspector, &with_people);
    lift(&inspector, digest(&stopped));
    let people = ask(&inspector, &with_people);
    assert_eq!(people.action, Action::Block);
    assert!(people.incident.as_ref().unwrap().secret.is_none());
}

#[test]
fn a_lifted_marking_covers_no_other_document_beside_it() {
    let inspector = inspector();
    let beside = |words: &str| {
        let body =
            chatgpt_body("TUYỆT MẬT").replace("\"auto\"", &format!("\"auto\",\"x\":\"{words}\""));
        let request = request(CHATGPT.0, CHATGPT.1, "application/json", body);
        inspector.inspect(&request, &sender(), AT)
    };
    let stopped = beside("Phương án mẫu");
    lift(&inspector, digest(&stopped));
    assert_eq!(beside("Phương án mẫu").action, Action::Audit);
    assert_eq!(beside("Phương án khác").action, Action::Block);
}

#[test]
fn a_marking_added_beside_a_lifted_content_counts() {
    let inspector = inspector();
    let stopped = ask(&inspector, SECRET);
    lift(&inspector, digest(&stopped));
    let beside = chatgpt_body(SECRET).replace("\"auto\"", "\"TỐI MẬT\\nPhương án khác\"");
    let request = request(CHATGPT.0, CHATGPT.1, "application/json", beside);
    let sent = inspector.inspect(&request, &sender(), AT);
    assert!(sent.incident.as_ref().unwrap().secret.is_some());
}
