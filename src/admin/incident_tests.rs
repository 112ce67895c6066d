//! What people do with incidents, as browsers do it.

use http::StatusCode;

use super::browser::{Browser, TestOffice};
use super::decision_tests::{ask_release, propose};
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFinding, MaskedExcerpt, Outcome, Receipt, SecretFacts,
};
use crate::model::review::Role;
use crate::store::account::SessionStage;
use crate::store::{DeedFilter, IncidentFilter, Narrow, What};

/// What a client may try to run in a page.
const SCRIPT: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";

pub(super) fn draft(value: &str) -> IncidentDraft {
    IncidentDraft {
        client_address: "10.0.0.5".to_owned(),
        unit: Some("Một cửa".to_owned()),
        service: "chatgpt".to_owned(),
        endpoint: "conversation".to_owned(),
        carries: Carries::Prompt,
        action: Action::Block,
        policy_rule: "many_people".to_owned(),
        severity: Severity::High,
        outcome: Outcome::Prevented,
        subjects: 1,
        findings: vec![IncidentFinding {
            category: Category::PhoneNumber,
            ground: None,
            confidence: Confidence::High,
            count: 2,
            masked: MaskedExcerpt("SDT …01".to_owned()),
            fingerprint: Fingerprint(value.to_owned()),
            rule: "mobile".to_owned(),
            why: "Có nhãn bên cạnh.".to_owned(),
        }],
        file: None,
        notes: Vec::new(),
        uninspectable: None,
        secret: None,
    }
}

pub(super) fn secret() -> IncidentDraft {
    IncidentDraft {
        severity: Severity::Critical,
        secret: Some(SecretFacts {
            level: SecretLevel::B,
            rule: "secret-mark".to_owned(),
            place: "line".to_owned(),
            bytes: 900,
            digest: Fingerprint("5ec0".to_owned()),
        }),
        ..draft("aa")
    }
}

pub(super) async fn office() -> TestOffice {
    let office = TestOffice::open().await;
    for role in Role::ALL {
        office.account(role.as_str(), role).await;
    }
    office
}

pub(super) async fn record(office: &TestOffice, draft: IncidentDraft) -> Receipt {
    office.store.record(draft).await.unwrap()
}

pub(super) async fn as_role(office: &TestOffice, role: Role) -> Browser {
    office.signed_in(role.as_str(), SessionStage::Full).await
}

pub(super) async fn count(office: &TestOffice, what: What) -> usize {
    let filter = DeedFilter {
        what: Some(what),
        ..DeedFilter::default()
    };
    office.desk.reader.deeds(&filter).await.unwrap().len()
}

/// The fields of the form by which a reviewer works on an incident, as shown.
pub(super) fn work<'a>(
    seen: &'a str,
    status: &'a str,
    outcome: &'a str,
) -> Vec<(&'a str, &'a str)> {
    vec![
        ("seen", seen),
        ("status", status),
        ("assignee", "reviewer"),
        ("outcome", outcome),
        ("detected_at", "2026-06-12T14:05"),
    ]
}

#[tokio::test]
async fn only_what_a_person_says_went_out_starts_the_clocks() {
    let office = office().await;
    let receipt = record(&office, draft("aa")).await;
    let path = format!("/incidents/{}", receipt.code);
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get(&path).await;
    assert!(!shown.body.contains("Thời hạn theo luật"));
    let seen = shown.hidden("seen");
    let saved = reviewer
        .submit(&shown, &path, &work(&seen, "confirmed", "exposed"))
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    office.pass(20 * 60_000);
    let shown = reviewer.get(&path).await;
    for words in [
        "14:05 ngày 15/6/2026",
        "còn 71 giờ 40 phút",
        "Mẫu số 08",
        "AI01a",
    ] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    // A form that saw an earlier state changes nothing.
    let late = reviewer
        .submit(&shown, &path, &work(&seen, "closed", "prevented"))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let told = format!("Sự cố {}", receipt.code);
    let overview = as_role(&office, Role::Admin).await.get("/").await;
    assert!(overview.body.contains(&told), "{}", overview.body);
    let seen = shown.hidden("seen");
    let back = reviewer
        .submit(&shown, &path, &work(&seen, "confirmed", "prevented"))
        .await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let shown = reviewer.get(&path).await;
    assert!(!shown.body.contains("Thời hạn theo luật"));
    let overview = reviewer.get("/").await;
    assert!(!overview.body.contains(&told), "{}", overview.body);
}

#[tokio::test]
async fn nothing_went_out_before_it_was_stopped_or_in_the_future() {
    let office = office().await;
    let receipt = record(&office, draft("aa")).await;
    let path = format!("/incidents/{}", receipt.code);
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get(&path).await;
    let seen = shown.hidden("seen");
    for detected in ["2026-06-12T14:04", "2026-06-12T14:06", "soon", ""] {
        let mut fields = work(&seen, "confirmed", "exposed");
        fields.retain(|(name, _)| *name != "detected_at");
        fields.push(("detected_at", detected));
        let refused = reviewer.submit(&shown, &path, &fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{detected}");
    }
}

#[tokio::test]
async fn no_text_of_a_client_or_a_colleague_runs_in_a_page() {
    let office = office().await;
    let mut evil = draft("aa");
    let finding = &mut evil.findings[0];
    for field in [
        &mut evil.client_address,
        &mut evil.service,
        &mut evil.endpoint,
        &mut evil.policy_rule,
        &mut finding.masked.0,
        &mut finding.fingerprint.0,
        &mut finding.rule,
        &mut finding.why,
    ] {
        *field = SCRIPT.to_owned();
    }
    evil.unit = Some(SCRIPT.to_owned());
    let receipt = record(&office, evil).await;
    let path = format!("/incidents/{}", receipt.code);
    ask_release(&office, &receipt, SCRIPT).await;
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get(&path).await;
    let seen = shown.hidden("seen");
    let mut fields = work(&seen, "false_alarm", "prevented");
    fields.push(("note", SCRIPT));
    let saved = reviewer.submit(&shown, &path, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    propose(&mut reviewer, &receipt, SCRIPT).await;
    let searched = "/incidents?q=%22%3E%3Cscript%3E&client=%22%3E%3Cscript%3E";
    let pages = [
        path.as_str(),
        "/",
        "/incidents",
        "/releases",
        "/exceptions",
        searched,
    ];
    for page in pages {
        let answer = as_role(&office, Role::Reviewer).await.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.body.contains("<script>"), "{page}: {}", answer.body);
        assert!(!answer.body.contains("<img"), "{page}");
    }
    let mut auditor = as_role(&office, Role::Auditor).await;
    let log = auditor.get("/log").await;
    assert!(!log.body.contains("<script>") && !log.body.contains("<img"));
    let shown = auditor.get("/incidents").await;
    let table = auditor
        .submit(&shown, "/incidents/export", &[("format", "csv")])
        .await;
    assert!(table.body.starts_with('\u{feff}'), "{}", table.body);
}

#[tokio::test]
async fn an_export_is_what_the_filter_shows_and_is_written_down() {
    let office = office().await;
    let mut other = draft("bb");
    other.unit = Some("=2+5".to_owned());
    record(&office, draft("aa")).await;
    record(&office, other).await;
    record(&office, secret()).await;
    let mut auditor = as_role(&office, Role::Auditor).await;
    let shown = auditor.get("/incidents").await;
    let all = [("format", "csv")];
    let table = auditor.submit(&shown, "/incidents/export", &all).await;
    assert_eq!(table.body.lines().count(), 3, "{}", table.body);
    assert!(table.body.contains(",'=2+5,") && !table.body.contains(",=2+5"));
    let one = [("format", "json"), ("unit", "Một cửa")];
    let lines = auditor.submit(&shown, "/incidents/export", &one).await;
    let json: serde_json::Value = serde_json::from_str(lines.body.trim()).unwrap();
    assert_eq!(json["review"]["status"], "new");
    assert_eq!(count(&office, What::Exported).await, 2);
}

#[tokio::test]
async fn state_secrets_are_for_the_auditor_and_each_look_is_a_deed() {
    let office = office().await;
    let receipt = record(&office, secret()).await;
    let path = format!("/incidents/{}", receipt.code);
    for role in [Role::Admin, Role::Reviewer] {
        let mut browser = as_role(&office, role).await;
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        for list in ["/incidents", "/incidents?category=state_secret", "/"] {
            let answer = browser.get(list).await;
            assert!(!answer.body.contains(&receipt.code), "{list} for {role:?}");
        }
    }
    let by_code = format!("/incidents?q={}", receipt.code);
    let found = as_role(&office, Role::Reviewer).await.get(&by_code).await;
    assert!(!found.location().contains("/incidents/"), "no oracle");
    assert_eq!(count(&office, What::SecretSeen).await, 0);
    let mut auditor = as_role(&office, Role::Auditor).await;
    let listed = auditor.get("/incidents").await;
    assert!(!listed.body.contains(&receipt.code), "not by the way");
    let listed = auditor.get("/incidents?category=state_secret").await;
    assert!(listed.body.contains(&receipt.code));
    let shown = auditor.get(&path).await;
    assert!(shown.body.contains("<dd>B</dd>"), "{}", shown.body);
    assert_eq!(count(&office, What::SecretSeen).await, 2);
}

#[tokio::test]
async fn several_incidents_are_changed_at_once_and_only_by_a_reviewer() {
    let office = office().await;
    let first = record(&office, draft("aa")).await;
    let second = record(&office, draft("bb")).await;
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get("/incidents?severity=high").await;
    let fields = [
        ("back", "/incidents?severity=high"),
        ("bulk", "in_review"),
        ("code", first.code.as_str()),
        ("code", second.code.as_str()),
    ];
    let done = reviewer.submit(&shown, "/incidents/bulk", &fields).await;
    assert_eq!(done.location(), "/incidents?severity=high&done=saved");
    let filter = IncidentFilter {
        narrowings: vec![(Narrow::Status, "in_review".to_owned())],
        limit: 10,
        ..IncidentFilter::default()
    };
    let page = office.desk.reader.incidents(&filter).await.unwrap();
    assert_eq!(page.lines.len(), 2);
    // Once more changes nothing, and leaves nothing in the log.
    let before = office.store.chain_seq();
    reviewer.submit(&shown, "/incidents/bulk", &fields).await;
    assert_eq!(office.store.chain_seq(), before);
}
