//! What people do reaches the chain, changes what follows from it, and nothing else.

use std::path::Path;

use super::account::{Account, Change, Session, SessionStage};
use super::chain::Hash;
use super::review::TO;
use super::tests::{NOON, draft, many, meddle, open, reader, secret_draft, settings};
use super::*;
use crate::model::review::Role;

pub(super) fn account(name: &str) -> Account {
    Account {
        name: name.to_owned(),
        full_name: "Trần Thị Thử".to_owned(),
        role: Role::Reviewer,
        password_hash: "$argon2id$".to_owned(),
        second_factor: None,
        second_factor_step: 0,
        recovery_codes: vec![Hash::of(b"code")],
        sees_secrets: false,
        is_disabled: false,
        must_change_password: false,
        created_at: UnixMillis(NOON),
        version: 0,
    }
}

fn deed(what: What) -> Deed {
    Deed::new(Actor::terminal(), what)
}

async fn is_intact(dir: &Path) -> bool {
    let report = verify(&reader(dir).await, &Trust::default()).await.unwrap();
    assert!(report.is_intact(), "{report:?}");
    report.is_intact()
}

#[tokio::test]
async fn an_account_and_its_deed_are_kept_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let added = deed(What::AccountAdded).subject("lan");
    let add = |account| Act::of(added.clone()).change(Change::AddAccount(account));
    assert_eq!(store.act(add(account("lan"))).await.unwrap(), [1]);
    let again = store.act(add(account("lan"))).await;
    assert!(matches!(again, Err(StoreError::Conflict)));
    assert_eq!(store.chain_seq(), 1);
    let reader = reader(dir.path()).await;
    assert_eq!(reader.account("lan").await.unwrap(), Some(account("lan")));
    assert!(reader.has_accounts().await.unwrap());
    let first = Act::default().change(Change::AddFirstAccount(account("hoa")));
    assert!(matches!(store.act(first).await, Err(StoreError::Conflict)));
    assert!(store.is_writable());
    assert!(is_intact(dir.path()).await);
}

#[tokio::test]
async fn of_two_changes_from_the_same_state_one_comes_too_late() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let add = Act::default().change(Change::AddAccount(account("lan")));
    store.act(add).await.unwrap();
    let put = Act::default().change(Change::PutAccount(account("lan")));
    store.act(put.clone()).await.unwrap();
    assert!(matches!(store.act(put).await, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn sessions_are_opened_found_and_ended() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let session = |token: &[u8]| Session {
        token_hash: Hash::of(token),
        account: "lan".to_owned(),
        stage: SessionStage::Full,
        address: "10.0.0.9".to_owned(),
        agent: "Firefox".to_owned(),
        created_at: UnixMillis(NOON),
        seen_at: UnixMillis(NOON),
    };
    let open = Act::default()
        .change(Change::AddAccount(account("lan")))
        .change(Change::OpenSession(session(b"a")))
        .change(Change::OpenSession(session(b"b")));
    store.act(open).await.unwrap();
    let reader = reader(dir.path()).await;
    let (found, owner) = reader.session(Hash::of(b"a")).await.unwrap().unwrap();
    assert_eq!((found, owner.name.as_str()), (session(b"a"), "lan"));
    let end = Change::EndSessions {
        account: "lan".to_owned(),
        except: Some(Hash::of(b"b")),
    };
    store.act(Act::default().change(end)).await.unwrap();
    assert!(reader.session(Hash::of(b"a")).await.unwrap().is_none());
    assert_eq!(reader.sessions("lan").await.unwrap(), [session(b"b")]);
}

#[tokio::test]
async fn a_process_beside_the_running_one_may_add_to_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let running = open(dir.path()).await;
    running.record(draft("aa")).await.unwrap();
    let command = open(dir.path()).await;
    command
        .act(Act::of(deed(What::AccountAdded)))
        .await
        .unwrap();
    command.close().await.unwrap();
    running.record(draft("bb")).await.unwrap();
    assert!(running.is_writable());
    assert!(is_intact(dir.path()).await);
}

/// An old store has the same chain and other tables beside it.
#[tokio::test]
async fn a_store_of_the_first_format_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let receipt = store.record(draft("aa")).await.unwrap();
    store.record(secret_draft("5ec0")).await.unwrap();
    let status = deed(What::StatusSet).incident(&receipt.id);
    store.act(Act::of(status.fact(TO, "closed"))).await.unwrap();
    store.close().await.unwrap();
    let old = "DROP TABLE deed; DROP TABLE total; DROP TABLE finding; DROP TABLE account; \
               DROP TABLE session; DROP TABLE incident; CREATE TABLE incident (seq INTEGER); \
               PRAGMA user_version = 1";
    meddle(dir.path(), old).await;
    let path = settings(dir.path()).path;
    let unread = StoreReader::open(&path).await;
    assert!(matches!(unread, Err(StoreError::Older(_))));
    let store = open(dir.path()).await;
    store.record(many("v", 1)).await.unwrap();
    store.close().await.unwrap();
    assert!(is_intact(dir.path()).await);
    let asked = reader(dir.path()).await;
    let state = asked.review_state(&receipt.id).await.unwrap().unwrap();
    assert_eq!(state.status.as_deref(), Some("closed"));
    let filter = DeedFilter {
        incident: Some(receipt.id.clone()),
        what: Some(What::StatusSet),
        ..DeedFilter::default()
    };
    assert_eq!(
        asked.deeds(&filter).await.unwrap()[0].record.fact(TO),
        Some("closed")
    );
    let day = totals::day_of(UnixMillis(NOON));
    for (secrets, count) in [(Secrets::Hidden, 2), (Secrets::Shown, 3)] {
        let totals = asked.totals(&[totals::Dimension::All], (day, day), secrets);
        let totals = totals.await.unwrap();
        assert_eq!(
            totals[0].iter().map(|total| total.count).sum::<u64>(),
            count
        );
    }
    let found = reader(dir.path()).await.find(&receipt.code).await.unwrap();
    assert_eq!(found.unwrap().record.id, receipt.id);
}
