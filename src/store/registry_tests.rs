//! What the office lays down stands as the last deed says, and survives a migration.

use super::account::Change;
use super::alert::{AlertChange, AlertState};
use super::chain::Hash;
use super::registry::day_of;
use super::tests::{NOON, open, reader};
use super::token::{Token, TokenChange};
use super::tool::ToolField;
use super::*;

fn registry(store: &Store) -> Arc<Registry> {
    store.registry()
}

async fn say(store: &Store, what: What, subject: &str, facts: &[(&str, &str)]) {
    let mut deed = Deed::new(Actor::terminal(), what).subject(subject);
    for (name, value) in facts {
        deed = deed.fact(name, value);
    }
    store.act(Act::of(deed)).await.unwrap();
}

#[tokio::test]
async fn a_tool_is_approved_until_its_last_day_and_no_longer_once_withdrawn() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    say(
        &store,
        What::ToolEntered,
        "gpt",
        &[("name", "GPT"), ("risk", "thấp")],
    )
    .await;
    let last = day_of(UnixMillis(NOON));
    say(
        &store,
        What::ToolApproved,
        "gpt",
        &[("approver", "Chủ tịch"), ("until", &last)],
    )
    .await;
    let now = registry(&store);
    let tool = now.find_tool("gpt").unwrap();
    assert_eq!((tool.name(), tool.field(ToolField::Risk)), ("GPT", "thấp"));
    assert!(!tool.is_assessed());
    assert_eq!(now.approved_names(UnixMillis(NOON)), ["GPT"]);
    assert!(!now.is_approved("gpt", UnixMillis(NOON + 86_400_000)));
    assert!(!now.is_approved("other", UnixMillis(NOON)));
    say(&store, What::ToolWithdrawn, "gpt", &[]).await;
    let now = registry(&store);
    assert!(!now.is_approved("gpt", UnixMillis(NOON)));
    assert_eq!(now.find_tool("gpt").unwrap().name(), "GPT");
}

#[tokio::test]
async fn a_machine_has_its_unit_only_once_confirmed_and_networks_go_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let client = "10.0.0.7".parse().unwrap();
    let chosen = [("machine", "VP-01"), ("unit", "Văn phòng")];
    say(&store, What::MachineNamed, "10.0.0.7", &chosen).await;
    assert_eq!(registry(&store).unit_of(client), None);
    say(&store, What::MachineConfirmed, "10.0.0.7", &chosen).await;
    assert_eq!(registry(&store).unit_of(client), Some("Văn phòng"));
    say(
        &store,
        What::UnitSet,
        "Một cửa",
        &[("networks", "10.0.0.0/29 nonsense")],
    )
    .await;
    assert_eq!(registry(&store).unit_of(client), Some("Một cửa"));
    say(&store, What::UnitRemoved, "Một cửa", &[]).await;
    say(&store, What::MachineRemoved, "10.0.0.7", &[]).await;
    assert_eq!(*registry(&store), Registry::default());
    say(&store, What::WordingSet, "contact", &[("to", "anh Ba")]).await;
    assert_eq!(registry(&store).wording("contact"), Some("anh Ba"));
    say(&store, What::WordingSet, "contact", &[("to", "")]).await;
    assert_eq!(registry(&store).wording("contact"), None);
}

#[tokio::test]
async fn the_unit_confirmed_before_holds_until_another_is_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let client = "10.0.0.7".parse().unwrap();
    let first = [("machine", "MC-01"), ("unit", "Một cửa")];
    say(&store, What::MachineConfirmed, "10.0.0.7", &first).await;
    let again = [
        ("machine", "VP-02"),
        ("unit", "Văn phòng"),
        ("until_then", "Một cửa"),
    ];
    for doubt in [What::MachineDoubted, What::MachineNamed] {
        say(&store, doubt, "10.0.0.7", &again).await;
        assert_eq!(registry(&store).unit_of(client), Some("Một cửa"));
    }
    say(&store, What::MachineConfirmed, "10.0.0.7", &again).await;
    assert_eq!(registry(&store).unit_of(client), Some("Văn phòng"));
}

#[tokio::test]
async fn tokens_and_alerts_are_kept_and_change_in_one_act_with_their_deed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let token = Token {
        name: "siem".to_owned(),
        token_hash: Hash::of(b"x"),
        made_by: "lan".to_owned(),
        made_at: UnixMillis(NOON),
        ends_at: None,
        seen_at: None,
    };
    let add = || {
        let deed = Deed::new(Actor::terminal(), What::TokenMade).subject("siem");
        Act::of(deed).change(Change::Token(TokenChange::Add(token.clone())))
    };
    store.act(add()).await.unwrap();
    assert!(matches!(store.act(add()).await, Err(StoreError::Conflict)));
    let view = reader(dir.path()).await;
    assert_eq!(
        view.token(Hash::of(b"x")).await.unwrap(),
        Some(token.clone())
    );
    let change = |change| Act::default().change(Change::Alert(change));
    let queue = AlertChange::Queue {
        channel: "mail".to_owned(),
        looked_at: Some(7),
        bodies: vec!["{}".to_owned()],
        at: UnixMillis(NOON),
    };
    store.act(change(queue)).await.unwrap();
    assert_eq!(view.alert_cursor("mail").await.unwrap(), Some(7));
    let due = view.due_alerts(UnixMillis(NOON), 10).await.unwrap();
    let later = UnixMillis(NOON + 1000);
    let failed = AlertChange::Failed(due[0].id, later, "no answer".to_owned());
    store.act(change(failed)).await.unwrap();
    assert!(
        view.due_alerts(UnixMillis(NOON), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let again = view.due_alerts(later, 10).await.unwrap();
    assert_eq!(
        (again[0].attempts, again[0].fault.as_deref()),
        (1, Some("no answer"))
    );
    store
        .act(change(AlertChange::Sent(due[0].id)))
        .await
        .unwrap();
    assert_eq!(view.alerts().await.unwrap()[0].state, AlertState::Sent);
    store.act(change(AlertChange::Forget(later))).await.unwrap();
    assert!(view.alerts().await.unwrap().is_empty());
    let end = Change::Token(TokenChange::End("siem".to_owned()));
    store.act(Act::default().change(end)).await.unwrap();
    assert!(view.tokens().await.unwrap().is_empty());
}
