//! What people allowed, tried on whole requests.

use crate::inspect::tests::{AT, CHATGPT, chatgpt_body, forwarded, inspector, request, sender};
use crate::inspect::{Content, Grant, Inspection, Inspector, Permits, Verdict};
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::incident::IncidentDraft;
use crate::model::note::Note;
use crate::policy::{Excepted, Exception, Exceptions};

const TEXT: &str = "Soạn thông báo đường dây nóng, điện thoại 0900000001.";
const SECRET: &str =
    "TUYỆT MẬT\nPhương án diễn tập giả định số 7 tại khu vực Z, điện thoại 0900000001.";

fn ask(inspector: &Inspector, text: &str, at: UnixMillis) -> Inspection {
    let body = chatgpt_body(text);
    let request = request(CHATGPT.0, CHATGPT.1, "application/json", body);
    inspector.inspect(&request, &sender(), at)
}

fn permits(inspector: &Inspector) -> std::sync::Arc<Permits> {
    inspector.parts.node.permits()
}

fn incident(inspection: &Inspection) -> &IncidentDraft {
    inspection.incident.as_ref().unwrap()
}

fn except(inspector: &Inspector, about: Excepted) {
    permits(inspector).set_exceptions(Exceptions::new(vec![Exception {
        id: "K-1".to_owned(),
        about,
        unit: None,
        until: UnixMillis(AT.0 + 1000),
    }]));
}

/// A list of made-up people, which is blocked.
fn listing() -> String {
    let people = (1..=6).map(|number| {
        format!("{number} | Nguyễn Văn Thử {number} | 00109900010{number} | 090000010{number}")
    });
    let head = "STT | Họ và tên | CCCD | Số điện thoại".to_owned();
    let lines: Vec<String> = std::iter::once(head).chain(people).collect();
    lines.join("\n")
}

#[test]
fn an_excepted_value_goes_as_it_came_until_its_day_and_is_counted() {
    let inspector = inspector();
    let before = ask(&inspector, TEXT, AT);
    assert_eq!(before.action, Action::Redact);
    let value = incident(&before).findings[0].fingerprint.clone();
    except(&inspector, Excepted::Value(value));
    let passed = ask(&inspector, TEXT, AT);
    assert_eq!(passed.action, Action::Allow);
    assert!(passed.incident.is_none());
    assert_eq!(forwarded(&passed), &chatgpt_body(TEXT));
    let other = ask(&inspector, &TEXT.replace("0001.", "0002."), AT);
    assert_eq!(other.action, Action::Redact);
    let late = ask(&inspector, TEXT, UnixMillis(AT.0 + 1000));
    assert_eq!(late.action, Action::Redact);
    assert_eq!(permits(&inspector).take_uses().get("K-1"), Some(&1));
}

#[test]
fn no_exception_lifts_a_state_secret() {
    let inspector = inspector();
    let before = ask(&inspector, SECRET, AT);
    let rule = incident(&before).secret.as_ref().unwrap().rule.clone();
    except(&inspector, Excepted::Rule(rule));
    let again = ask(&inspector, SECRET, AT);
    assert!(incident(&again).secret.is_some());
    assert!(matches!(again.verdict, Verdict::Refuse(_)));
}

fn grant(inspector: &Inspector, draft: &IncidentDraft) {
    let values = draft.findings.iter().map(|one| one.fingerprint.clone());
    permits(inspector).grant(Grant {
        incident: "the incident".to_owned(),
        client: sender().client.ip(),
        service: draft.service.clone(),
        content: Content {
            values: values.collect(),
            file: draft.file.clone(),
        },
        until: UnixMillis(AT.0 + 1000),
    });
}

#[test]
fn a_released_content_goes_as_it_came_once_and_is_recorded() {
    let inspector = inspector();
    let text = listing();
    let stopped = ask(&inspector, &text, AT);
    assert_eq!(stopped.action, Action::Block);
    grant(&inspector, incident(&stopped));
    let changed = ask(&inspector, &text.replace("000106", "000107"), AT);
    assert_eq!((changed.action, &changed.released), (Action::Block, &None));
    let sent = ask(&inspector, &text, AT);
    assert_eq!(sent.released.as_deref(), Some("the incident"));
    assert_eq!(forwarded(&sent), &chatgpt_body(&text));
    let draft = incident(&sent);
    assert_eq!(
        (draft.action, draft.policy_rule.as_str()),
        (Action::Audit, "released")
    );
    assert!(draft.notes.contains(&Note::Released));
    assert_eq!(ask(&inspector, &text, AT).action, Action::Block);
}

#[test]
fn a_state_secret_is_not_released_whatever_was_granted() {
    let inspector = inspector();
    let stopped = ask(&inspector, SECRET, AT);
    let mut draft = incident(&stopped).clone();
    let plain = ask(&inspector, TEXT, AT);
    draft.findings.clone_from(&incident(&plain).findings);
    grant(&inspector, &draft);
    let again = ask(&inspector, SECRET, AT);
    assert_eq!((again.action, again.released), (Action::Block, None));
}
