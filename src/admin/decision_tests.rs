//! Exceptions and wishes to send: what reviewers and administrators decide, as browsers do it.

use http::{Method, StatusCode};

use super::browser::{Browser, NOON, TestOffice};
use super::incident_tests::{as_role, count, draft, office, record, secret, work};
use super::{put_in_force, record_uses};
use crate::model::exchange::UnixMillis;
use crate::model::incident::Receipt;
use crate::model::review::Role;
use crate::store::exception::Standing;
use crate::store::{Act, Actor, Deed, Trust, What, verify};

pub(super) async fn propose(reviewer: &mut Browser, receipt: &Receipt, reason: &str) {
    let path = format!("/incidents/{}", receipt.code);
    let shown = reviewer.get(&path).await;
    let fields = [
        ("finding", "0"),
        ("scope", "value"),
        ("unit", ""),
        ("until", "2026-07-01"),
        ("reason", reason),
    ];
    let action = format!("{path}/exception");
    let proposed = reviewer.submit(&shown, &action, &fields).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.body);
}

#[tokio::test]
async fn a_false_alarm_becomes_an_exception_once_an_administrator_confirms() {
    let office = office().await;
    let receipt = record(&office, draft("aa")).await;
    let path = format!("/incidents/{}", receipt.code);
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get(&path).await;
    assert!(!shown.body.contains("/exception\""), "not before it is one");
    let seen = shown.hidden("seen");
    reviewer
        .submit(&shown, &path, &work(&seen, "false_alarm", "prevented"))
        .await;
    propose(&mut reviewer, &receipt, "Số tổng đài của xã").await;
    let id = format!("{}-1", receipt.code);
    let mut admin = as_role(&office, Role::Admin).await;
    assert!(
        admin
            .get("/")
            .await
            .body
            .contains("1 trường hợp loại trừ chờ")
    );
    let shown = admin.get("/exceptions").await;
    let action = format!("/exceptions/{id}");
    let confirm = [("decision", "confirm")];
    let confirmed = admin.submit(&shown, &action, &confirm).await;
    assert_eq!(confirmed.location(), "/exceptions?done=saved");
    let again = admin.submit(&shown, &action, &confirm).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let [state] = office
        .desk
        .reader
        .exceptions()
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(state.standing, Standing::Confirmed);
    assert!(state.holds_at(UnixMillis(NOON)));
    record_uses(&office.store, &office.desk.permits)
        .await
        .unwrap();
    let report = verify(&office.desk.reader, &Trust::default())
        .await
        .unwrap();
    assert!(report.is_intact(), "{report:?}");
}

/// What the proxy records when a clerk asks.
pub(super) async fn ask_release(office: &TestOffice, receipt: &Receipt, reason: &str) {
    let actor = Actor {
        name: "10.0.0.5".to_owned(),
        role: "clerk".to_owned(),
        address: "10.0.0.5".to_owned(),
    };
    let deed = Deed::new(actor, What::ReleaseAsked)
        .incident(&receipt.id)
        .fact("code", &receipt.code)
        .fact("reason", reason);
    office.store.act(Act::of(deed)).await.unwrap();
}

#[tokio::test]
async fn a_wish_is_granted_or_declined_once_with_a_reason() {
    let office = office().await;
    let first = record(&office, draft("aa")).await;
    let second = record(&office, draft("bb")).await;
    ask_release(&office, &first, "Cần cho cuộc họp chiều nay").await;
    ask_release(&office, &second, "Danh sách đã niêm yết").await;
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let shown = reviewer.get("/releases").await;
    assert!(shown.body.contains("Cần cho cuộc họp") && shown.body.contains("SDT …01"));
    let grant = format!("/releases/{}", first.code);
    let granted = reviewer
        .submit(&shown, &grant, &[("decision", "grant")])
        .await;
    assert_eq!(granted.location(), "/releases?done=saved");
    let twice = reviewer
        .submit(&shown, &grant, &[("decision", "grant")])
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let decline = format!("/releases/{}", second.code);
    let mute = reviewer
        .submit(&shown, &decline, &[("decision", "decline")])
        .await;
    assert_eq!(mute.status, StatusCode::BAD_REQUEST);
    let fields = [("decision", "decline"), ("reason", "Gửi số tổng hợp")];
    let declined = reviewer.submit(&shown, &decline, &fields).await;
    assert_eq!(declined.status, StatusCode::SEE_OTHER);
    let shown = reviewer.get("/releases").await;
    assert!(shown.body.contains("không đồng ý: Gửi số tổng hợp"));
    assert!(shown.body.contains("gửi được đến 14:20 12/06/2026"));
    // The wish and its answer outlive a start.
    let permits = crate::inspect::Permits::default();
    let now = office.desk.now();
    put_in_force(&office.desk.reader, &permits, now)
        .await
        .unwrap();
    assert!(format!("{permits:?}").contains(&first.id));
}

#[tokio::test]
async fn a_state_secret_is_never_released() {
    let office = office().await;
    let receipt = record(&office, secret()).await;
    ask_release(&office, &receipt, "Cần gấp").await;
    let mut reviewer = as_role(&office, Role::Reviewer).await;
    let path = format!("/releases/{}", receipt.code);
    let token = office.form_token(&reviewer, &path);
    let fields = [("form_token", token.as_str()), ("decision", "grant")];
    let same = [("sec-fetch-site", "same-origin")];
    let refused = reviewer.send(Method::POST, &path, &fields, &same).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(count(&office, What::ReleaseGranted).await, 0);
}
