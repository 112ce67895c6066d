//! What is kept sealed, what is not, and that nobody changes it unnoticed.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use super::evidence::facts;
use super::tests::{NOON, draft, meddle, open, reader, secret_draft, settings};
use super::verify_report::{Broken, Fault};
use super::*;
use crate::model::decision::Action;
use crate::store::account::Change;

const MINUTE_MILLIS: i64 = 60 * 1000;

fn blocked(fingerprint: &str) -> IncidentDraft {
    IncidentDraft {
        action: Action::Block,
        ..draft(fingerprint)
    }
}

fn sealed(file: &[u8]) -> Option<Evidence> {
    Some(Evidence::Sealed(SealedText {
        file: file.to_vec(),
        recipient: "age1mau".to_owned(),
        days: 90,
        total_bytes_max: 100,
    }))
}

async fn verified(dir: &Path) -> Option<Broken> {
    let report = verify(&reader(dir).await, &Trust::default()).await;
    report.unwrap().broken
}

async fn last_reason(dir: &Path, incident: &str) -> Option<String> {
    let filter = DeedFilter {
        incident: Some(incident.to_owned()),
        what: Some(What::EvidenceNotKept),
        ..DeedFilter::default()
    };
    let deeds = reader(dir).await.deeds(&filter).await.unwrap();
    deeds
        .first()
        .and_then(|deed| deed.record.fact(facts::REASON).map(str::to_owned))
}

#[tokio::test]
async fn a_sealed_text_is_kept_until_its_day_and_the_chain_tells_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let receipt = store
        .record_with(blocked("aa"), sealed(b"niem phong"))
        .await
        .unwrap();
    let reader = reader(dir.path()).await;
    let kept = reader.evidence(&receipt.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.bytes, kept.ends_at.0),
        (10, NOON + 90 * 24 * 60 * MINUTE_MILLIS)
    );
    let bytes = reader.sealed_bytes(&receipt.id).await.unwrap();
    assert_eq!(bytes.as_deref(), Some(b"niem phong".as_slice()));
    assert_eq!(verified(dir.path()).await, None);

    let before = UnixMillis(kept.ends_at.0 - 1);
    assert!(reader.evidence_over(before).await.unwrap().is_empty());
    let over = reader.evidence_over(kept.ends_at).await.unwrap();
    assert_eq!(over, std::slice::from_ref(&receipt.id));
    let gone = Deed::new(Actor::guard(), What::EvidenceExpired).incident(&receipt.id);
    let end = Act::of(gone).change(Change::EndEvidence(receipt.id.clone()));
    store.act(end.clone()).await.unwrap();
    assert!(reader.evidence(&receipt.id).await.unwrap().is_none());
    assert_eq!(verified(dir.path()).await, None);
    assert!(matches!(store.act(end).await, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn whatever_is_changed_about_a_sealed_text_is_found() {
    let changes = [
        "DELETE FROM evidence",
        "UPDATE evidence SET incident = 'other'",
        "UPDATE evidence SET sealed_at = sealed_at + 1",
        "UPDATE evidence SET ends_at = ends_at - 1",
        "UPDATE evidence SET bytes = bytes + 1",
        "UPDATE evidence SET recipient = 'age1khac'",
        "UPDATE evidence SET sealed = x'00'",
        "INSERT INTO evidence VALUES ('x', 1, 2, 1, 'age1mau', x'00')",
    ];
    for change in changes {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await;
        let receipt = store
            .record_with(blocked("aa"), sealed(b"niem phong"))
            .await;
        let id = receipt.unwrap().id;
        store.close().await.unwrap();
        meddle(dir.path(), change).await;
        let broken = verified(dir.path()).await.unwrap();
        assert_eq!(broken.fault, Fault::Evidence, "{change}");
        let bytes = reader(dir.path()).await.sealed_bytes(&id).await;
        let is_given = matches!(
            bytes.as_ref().map(Option::as_deref),
            Ok(Some(b"niem phong"))
        );
        let is_about_bytes = change.contains("SET sealed =") || change.contains("DELETE");
        assert!(!(is_given && is_about_bytes), "{change}: {bytes:?}");
    }
}

#[tokio::test]
async fn of_a_state_secret_and_beside_one_nothing_is_kept() {
    static NOW: AtomicI64 = AtomicI64::new(NOON);
    let dir = tempfile::tempdir().unwrap();
    let keys = StoreKeys::load_or_create(dir.path()).unwrap();
    let clock = || UnixMillis(NOW.load(Ordering::SeqCst));
    let pass = |minutes: i64| NOW.fetch_add(minutes * MINUTE_MILLIS, Ordering::SeqCst);
    let store = Store::open(&settings(dir.path()), keys, clock)
        .await
        .unwrap();
    let reader = reader(dir.path()).await;
    let other = IncidentDraft {
        client_address: "10.0.0.6".to_owned(),
        ..blocked("aa")
    };
    let long_before = store
        .record_with(blocked("aa"), sealed(b"1"))
        .await
        .unwrap();
    pass(90);
    let before = store
        .record_with(blocked("bb"), sealed(b"2"))
        .await
        .unwrap();
    let elsewhere = store.record_with(other, sealed(b"3")).await.unwrap();
    pass(20);
    let secret = store
        .record_with(secret_draft("cc"), sealed(b"4"))
        .await
        .unwrap();
    let after = store
        .record_with(blocked("dd"), sealed(b"5"))
        .await
        .unwrap();
    pass(61);
    let long_after = store
        .record_with(blocked("ee"), sealed(b"6"))
        .await
        .unwrap();
    for (receipt, is_kept) in [
        (&long_before, true),
        (&before, false),
        (&elsewhere, true),
        (&secret, false),
        (&after, false),
        (&long_after, true),
    ] {
        let kept = reader.evidence(&receipt.id).await.unwrap();
        assert_eq!(kept.is_some(), is_kept, "{}", receipt.code);
    }
    assert_eq!(
        last_reason(dir.path(), &after.id).await.as_deref(),
        Some("other_case")
    );
    assert_eq!(verified(dir.path()).await, None);
}

#[tokio::test]
async fn what_finds_no_room_or_repeats_is_not_kept_and_the_first_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = store
        .record_with(blocked("aa"), sealed(&[1; 60]))
        .await
        .unwrap();
    let repeat = store
        .record_with(blocked("aa"), sealed(&[2; 10]))
        .await
        .unwrap();
    assert_eq!(first, repeat);
    let full = store
        .record_with(blocked("bb"), sealed(&[3; 60]))
        .await
        .unwrap();
    assert_eq!(
        last_reason(dir.path(), &full.id).await.as_deref(),
        Some(NotKept::Full.as_str())
    );
    let too_large = Some(Evidence::NotKept(NotKept::TooLarge));
    let large = store.record_with(blocked("cc"), too_large).await.unwrap();
    assert_eq!(
        last_reason(dir.path(), &large.id).await.as_deref(),
        Some(NotKept::TooLarge.as_str())
    );
    let reader = reader(dir.path()).await;
    let all = reader.all_evidence().await.unwrap();
    assert_eq!(
        (all.len(), all[0].incident.as_str()),
        (1, first.id.as_str())
    );
    assert_eq!(
        reader.sealed_bytes(&first.id).await.unwrap(),
        Some(vec![1; 60])
    );
}
