//! What only two people do together: opening a sealed text, lifting a false alarm.

use http::StatusCode;

use super::browser::{Answer, Browser, PASSWORD, TestOffice};
use super::incident_tests::{as_role, count, draft, office, secret};
use super::second_factor::FactorSecret;
use crate::model::exchange::UnixMillis;
use crate::model::incident::{Fingerprint, Receipt};
use crate::model::review::Role;
use crate::seal::{self, Identity};
use crate::store::account::{Account, Change};
use crate::store::{Act, DeedFilter, DeedRecord, Evidence, SealedText, Trust, What, verify};

/// Stands in the sealed text and nowhere else.
const MARKER: &str = "Dòng chữ mẫu <b>chỉ có trong nội dung niêm phong</b>.";

/// An office with a second auditor's and a reviewer's second factor set, and a key of the auditor.
struct Case {
    office: TestOffice,
    auditor: Browser,
    identity: Identity,
    factor: FactorSecret,
}

impl Case {
    async fn open() -> Self {
        let office = office().await;
        office.account("kiem2", Role::Auditor).await;
        let factor = FactorSecret::make().unwrap();
        for name in ["kiem2", "reviewer", "admin", "auditor"] {
            let mut account = account(&office, name).await;
            account.second_factor = office.desk.sealer.seal(&factor, name);
            let put = Act::default().change(Change::PutAccount(account));
            office.store.act(put).await.unwrap();
        }
        let auditor = as_role(&office, Role::Auditor).await;
        Self {
            office,
            auditor,
            identity: Identity::make().unwrap(),
            factor,
        }
    }

    async fn sealed(&self) -> Receipt {
        let recipient = self.identity.recipient().unwrap();
        let evidence = Evidence::Sealed(SealedText {
            file: seal::seal(&recipient, MARKER.as_bytes()).unwrap(),
            recipient: recipient.to_string(),
            days: 90,
            total_bytes_max: 10_000,
        });
        let recorded = self.office.store.record_with(draft("aa"), Some(evidence));
        recorded.await.unwrap()
    }

    /// Sends the form of two people.
    async fn sign(&mut self, path: &str, second: &str, changes: &[(&str, &str)]) -> Answer {
        let code = self.factor.code_at(self.office.desk.now());
        let key = self.identity.to_text().unwrap();
        let mut fields = vec![
            ("reason", "Theo đề nghị xác minh số 1"),
            ("key", key.as_str()),
            ("second_name", second),
            ("second_password", PASSWORD),
            ("second_code", code.as_str()),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        let shown = self.auditor.get(path).await;
        self.auditor.submit(&shown, path, &fields).await
    }

    /// Lets the next one-time code come.
    fn wait(&self) {
        self.office.pass(90_000);
    }

    async fn last(&self, what: What) -> DeedRecord {
        let filter = DeedFilter {
            what: Some(what),
            limit: 1,
            ..DeedFilter::default()
        };
        let deeds = self.office.desk.reader.deeds(&filter).await.unwrap();
        deeds.into_iter().next().unwrap().record
    }
}

async fn account(office: &TestOffice, name: &str) -> Account {
    office.desk.reader.account(name).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_sealed_text_is_shown_to_two_people_and_both_are_named() {
    let mut case = Case::open().await;
    let receipt = case.sealed().await;
    let path = format!("/incidents/{}/evidence", receipt.code);
    let opened = case.sign(&path, "reviewer", &[]).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    assert!(opened.body.contains("Dòng chữ mẫu &#60;b&#62;chỉ có"));
    assert_eq!(opened.headers["cache-control"], "no-store");
    let deed = case.last(What::EvidenceOpened).await;
    assert_eq!(deed.actor.name, "auditor");
    assert_eq!(deed.incident.as_deref(), Some(receipt.id.as_str()));
    assert_eq!(deed.fact("second"), Some("reviewer"));
    assert_eq!(deed.fact("reason"), Some("Theo đề nghị xác minh số 1"));
    let page = case
        .auditor
        .get(&format!("/incidents/{}", receipt.code))
        .await;
    assert!(page.body.contains("mở nội dung niêm phong, cùng reviewer"));
    assert!(!page.body.contains("Dòng chữ mẫu"));
    // The same code of the second person does not count again.
    let again = case.sign(&path, "reviewer", &[]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let report = verify(&case.office.desk.reader, &Trust::default()).await;
    assert!(report.unwrap().is_intact());
}

#[tokio::test]
async fn every_try_that_fails_shows_nothing_and_is_written_down() {
    let mut case = Case::open().await;
    let receipt = case.sealed().await;
    let path = format!("/incidents/{}/evidence", receipt.code);
    let other_key = Identity::make().unwrap().to_text().unwrap();
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let tries: [(&str, Fields<'_>, &str); 7] = [
        ("auditor", &[], "same_person"),
        ("admin", &[], "second_person_other_role"),
        ("nobody-there", &[], "second_person_not_confirmed"),
        (
            "kiem2",
            &[("second_password", "sai")],
            "second_person_not_confirmed",
        ),
        (
            "kiem2",
            &[("second_code", "000000")],
            "second_person_not_confirmed",
        ),
        ("kiem2", &[("key", "AGE-SECRET-KEY-1")], "no_key"),
        ("kiem2", &[("key", other_key.as_str())], "other_key"),
    ];
    for (number, (second, changes, fault)) in tries.into_iter().enumerate() {
        case.wait();
        let answer = case.sign(&path, second, changes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
        assert!(!answer.body.contains("Dòng chữ mẫu"));
        assert!(!answer.body.contains(PASSWORD) && !answer.body.contains(other_key.as_str()));
        assert_eq!(
            count(&case.office, What::EvidenceNotOpened).await,
            number + 1
        );
        let deed = case.last(What::EvidenceNotOpened).await;
        assert_eq!(deed.fact("fault"), Some(fault));
    }
    let deed = case.last(What::EvidenceNotOpened).await;
    assert_eq!(deed.fact("second"), Some("kiem2"));
    assert_eq!(count(&case.office, What::EvidenceOpened).await, 0);
    let no_reason = case.sign(&path, "kiem2", &[("reason", " ")]).await;
    assert!(no_reason.body.contains("Đề nghị ghi lý do mở."));
    let personal = [("reason", "Gọi ông Nguyễn Văn Thử, CCCD 001099000001")];
    let refused = case.sign(&path, "kiem2", &personal).await;
    assert!(refused.body.contains("Lý do có thông tin cá nhân"));
}

#[tokio::test]
async fn guessing_the_second_persons_password_locks_it_as_signing_in_does() {
    let mut case = Case::open().await;
    let receipt = case.sealed().await;
    let path = format!("/incidents/{}/evidence", receipt.code);
    for _ in 0..5 {
        case.sign(&path, "kiem2", &[("second_password", "sai")])
            .await;
    }
    let locked = case.sign(&path, "kiem2", &[]).await;
    assert_eq!(locked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&case.office, What::SignInLocked).await, 1);
    case.wait();
    let opened = case.sign(&path, "kiem2", &[]).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
}

#[tokio::test]
async fn a_disabled_account_or_one_without_a_second_factor_signs_nothing() {
    let mut case = Case::open().await;
    let receipt = case.sealed().await;
    let path = format!("/incidents/{}/evidence", receipt.code);
    let mut disabled = account(&case.office, "kiem2").await;
    disabled.is_disabled = true;
    let mut bare = account(&case.office, "reviewer").await;
    bare.second_factor = None;
    let put = Act::default()
        .change(Change::PutAccount(disabled))
        .change(Change::PutAccount(bare));
    case.office.store.act(put).await.unwrap();
    for second in ["kiem2", "reviewer"] {
        let answer = case.sign(&path, second, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{second}");
    }
    assert_eq!(count(&case.office, What::EvidenceOpened).await, 0);
}

#[tokio::test]
async fn others_see_that_a_text_is_kept_and_cannot_open_it() {
    let case = Case::open().await;
    let receipt = case.sealed().await;
    let path = format!("/incidents/{}", receipt.code);
    let mut reviewer = as_role(&case.office, Role::Reviewer).await;
    let shown = reviewer.get(&path).await;
    assert!(shown.body.contains("Chỉ người kiểm tra mở được"));
    let page = reviewer.get(&format!("{path}/evidence")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let plain = case.office.store.record(draft("bb")).await.unwrap();
    let mut auditor = as_role(&case.office, Role::Auditor).await;
    let none = auditor
        .get(&format!("/incidents/{}/evidence", plain.code))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

fn is_lifted(case: &Case) -> bool {
    let digest = Fingerprint("5ec0".to_owned());
    case.office.desk.permits.has_lift_of(&digest)
}

#[tokio::test]
async fn a_false_alarm_is_lifted_by_two_and_taken_back_by_the_auditor() {
    let mut case = Case::open().await;
    let receipt = case.office.store.record(secret()).await.unwrap();
    let path = format!("/incidents/{}/lift", receipt.code);
    // A reviewer who may not see state secrets has no part in it.
    let other = case.sign(&path, "reviewer", &[]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_lifted(&case));
    let deed = case.last(What::SecretNotLifted).await;
    assert_eq!(deed.fact("fault"), Some("second_person_other_role"));
    case.wait();
    let lifted = case.sign(&path, "kiem2", &[]).await;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.body);
    assert!(is_lifted(&case));
    let deed = case.last(What::SecretLifted).await;
    assert_eq!(
        (deed.actor.name.as_str(), deed.fact("second")),
        ("auditor", Some("kiem2"))
    );

    // A start reads it from the chain.
    let again = crate::inspect::Permits::default();
    let now = UnixMillis(0);
    super::put_in_force(&case.office.desk.reader, &again, now)
        .await
        .unwrap();
    assert!(again.has_lift_of(&Fingerprint("5ec0".to_owned())));

    let incident = format!("/incidents/{}", receipt.code);
    let shown = case.auditor.get(&incident).await;
    let ended = case
        .auditor
        .submit(&shown, &format!("{path}/end"), &[])
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert!(!is_lifted(&case));
}

#[tokio::test]
async fn only_incidents_of_state_secrets_are_lifted_and_only_by_auditors() {
    let mut case = Case::open().await;
    let plain = case.office.store.record(draft("aa")).await.unwrap();
    let none = case
        .auditor
        .get(&format!("/incidents/{}/lift", plain.code))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let receipt = case.office.store.record(secret()).await.unwrap();
    for role in [Role::Admin, Role::Reviewer] {
        let mut browser = as_role(&case.office, role).await;
        let page = browser
            .get(&format!("/incidents/{}/lift", receipt.code))
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
}
