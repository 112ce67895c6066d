//! What the store promises, tried on real files.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};

use super::*;
use crate::model::category::{Category, SecretLevel};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::incident::{
    Fingerprint, IncidentFile, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
};
use crate::model::note::Note;

/// A draft whose only value has this fingerprint.
pub(super) fn draft(fingerprint: &str) -> IncidentDraft {
    IncidentDraft {
        client_address: "10.0.0.5".to_owned(),
        unit: Some("Một cửa".to_owned()),
        service: "chatgpt".to_owned(),
        endpoint: "conversation".to_owned(),
        carries: Carries::Prompt,
        action: Action::Redact,
        policy_rule: "single".to_owned(),
        severity: Severity::Low,
        outcome: Outcome::Prevented,
        subjects: 1,
        findings: vec![IncidentFinding {
            category: Category::CitizenId,
            ground: None,
            confidence: Confidence::High,
            count: 2,
            masked: MaskedExcerpt("CCCD ..01".to_owned()),
            fingerprint: Fingerprint(fingerprint.to_owned()),
            rule: "citizen-id".to_owned(),
            why: "Nhận là số định danh cá nhân: có nhãn \"cccd\" bên cạnh.".to_owned(),
        }],
        file: None,
        notes: vec![Note::UnknownPath],
        uninspectable: None,
        secret: None,
    }
}

/// A draft of a state secret with this digest, which wrongly brings a file and findings along.
pub(super) fn secret_draft(digest: &str) -> IncidentDraft {
    IncidentDraft {
        action: Action::Block,
        severity: Severity::Critical,
        file: Some(IncidentFile {
            name_masked: "MARKER-FILE".to_owned(),
            kind: "docx".to_owned(),
            bytes: 7,
        }),
        secret: Some(SecretFacts {
            level: SecretLevel::A,
            rule: "secret-mark".to_owned(),
            place: "line".to_owned(),
            bytes: 900,
            digest: Fingerprint(digest.to_owned()),
        }),
        ..draft("MARKER-FINGERPRINT")
    }
}

/// 2026-06-12T14:05:00+07:00.
pub(super) const NOON: i64 = 1_781_247_900_000;

pub(super) fn settings(dir: &Path) -> StoreSettings {
    StoreSettings {
        path: dir.join("incidents.db"),
        node: "xa-thu".to_owned(),
    }
}

pub(super) async fn open(dir: &Path) -> Store {
    let keys = StoreKeys::load_or_create(dir).unwrap();
    let clock = || UnixMillis(NOON);
    Store::open(&settings(dir), keys, clock).await.unwrap()
}

pub(super) async fn reader(dir: &Path) -> StoreReader {
    StoreReader::open(&settings(dir).path).await.unwrap()
}

/// Changes the database behind the store's back.
pub(super) async fn meddle(dir: &Path, sql: &str) {
    let mut connection = meddler(dir).await;
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

pub(super) async fn meddler(dir: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(settings(dir).path);
    options.connect().await.unwrap()
}

/// How often an incident was repeated, as its page tells.
async fn repeats(reader: &StoreReader, id: &str) -> u64 {
    reader.whole(id).await.unwrap().unwrap().repeats
}

/// A draft of its own client and value.
pub(super) fn many(prefix: &str, number: usize) -> IncidentDraft {
    let mut draft = draft(&format!("{prefix}{number}"));
    draft.client_address = format!("10.0.1.{number}");
    draft
}

#[tokio::test]
async fn an_incident_is_listed_as_the_contract_says() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let receipt = store.record(draft("00112233445566aa")).await.unwrap();
    let listed = reader(dir.path())
        .await
        .list(&Filter::default())
        .await
        .unwrap();
    let [incident] = listed.as_slice() else {
        panic!("not one incident");
    };
    let expected = json!({
        "version": 1, "id": receipt.id, "code": receipt.code, "seq": 1,
        "recorded_at": "2026-06-12T14:05:00.000+07:00", "node": "xa-thu",
        "client": {"address": "10.0.0.5", "unit": "Một cửa", "user": null},
        "service": "chatgpt", "endpoint": "conversation", "carries": "prompt",
        "action": "redact", "policy_rule": "single", "severity": "low",
        "outcome": "prevented", "subjects": 1,
        "findings": [{"category": "citizen_id", "ground": null, "confidence": "high",
            "count": 2, "masked": "CCCD ..01", "fingerprint": "00112233445566aa"}],
        "file": null, "notes": ["unknown_path"],
        "prev": "0".repeat(64), "hash": incident.hash.to_string(),
    });
    assert_eq!(incident.to_json().to_string(), expected.to_string());
    assert_eq!(
        incident.to_line(),
        format!(
            "14:05:00 12/06/2026  {}  chatgpt  đã che  số định danh cá nhân [CCCD ..01] x2",
            receipt.code
        )
    );
    let reader = reader(dir.path()).await;
    let by_code = reader.find(&receipt.code.to_lowercase()).await.unwrap();
    assert_eq!(by_code.as_ref(), Some(incident));
}

#[tokio::test]
async fn of_a_state_secret_only_the_permitted_facts_reach_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.record(secret_draft("5ec0")).await.unwrap();
    store.close().await.unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(memchr::memmem::find(&bytes, b"MARKER").is_none());
    }
    let listed = reader(dir.path())
        .await
        .list(&Filter::default())
        .await
        .unwrap();
    let json = listed[0].to_json();
    assert_eq!(json["findings"], json!([]));
    assert_eq!(json["file"], json!(null));
    let facts = json!({"level": "A", "rule": "secret-mark", "place": "line", "bytes": 900,
        "digest": "5ec0"});
    assert_eq!(json["secret"], facts);
    assert!(listed[0].to_line().ends_with("bí mật nhà nước (mức A)"));
}

#[tokio::test]
async fn many_at_once_all_get_a_place_of_their_own_and_the_chain_holds() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let tasks: Vec<_> = (0..600)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.record(many("v", number)).await.unwrap().code })
        })
        .collect();
    // A reader beside the writer sees a whole chain, however short.
    let reader = reader(dir.path()).await;
    let report = verify(&reader, &Trust::default()).await.unwrap();
    assert!(report.is_intact(), "{report:?}");
    let mut codes = std::collections::HashSet::new();
    for task in tasks {
        codes.insert(task.await.unwrap());
    }
    assert_eq!(codes.len(), 600);
    assert_eq!(store.pending(), 0);
    assert_eq!(store.incidents_recorded(Severity::Low), 600);
    let report = verify(&reader, &Trust::default()).await.unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!((report.incidents, report.checkpoints), (600, 2));
    assert_eq!(report.records, store.chain_seq());
    assert_eq!(report.unsigned, 600 - 2 * 256);
}

#[tokio::test]
async fn pages_come_newest_first_and_a_time_range_restricts() {
    static NOW: AtomicI64 = AtomicI64::new(NOON);
    let dir = tempfile::tempdir().unwrap();
    let keys = StoreKeys::load_or_create(dir.path()).unwrap();
    let clock = || UnixMillis(NOW.fetch_add(1000, Ordering::SeqCst));
    let store = Store::open(&settings(dir.path()), keys, clock)
        .await
        .unwrap();
    let mut times = Vec::new();
    for number in 0..5 {
        times.push(store.record(many("v", number)).await.unwrap().recorded_at);
    }
    let reader = reader(dir.path()).await;
    let mut filter = Filter {
        limit: 2,
        ..Filter::default()
    };
    let seqs = |page: &[Incident]| page.iter().map(|i| i.seq).collect::<Vec<_>>();
    let first = reader.list(&filter).await.unwrap();
    assert_eq!(seqs(&first), [5, 4]);
    filter.before_seq = Some(4);
    assert_eq!(seqs(&reader.list(&filter).await.unwrap()), [3, 2]);
    let between = Filter {
        since: Some(times[1]),
        until: Some(times[3]),
        ..Filter::default()
    };
    assert_eq!(seqs(&reader.list(&between).await.unwrap()), [3, 2]);
}

#[tokio::test]
async fn repeats_name_the_first_and_one_event_counts_them() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let first = store.record(draft("aa")).await.unwrap();
    for _ in 0..40 {
        assert_eq!(store.record(draft("aa")).await.unwrap(), first);
    }
    assert_eq!(store.chain_seq(), 1);
    store.close().await.unwrap();
    let reader = reader(dir.path()).await;
    assert_eq!(repeats(&reader, &first.id).await, 40);
    assert_eq!(reader.list(&Filter::default()).await.unwrap().len(), 1);
    let report = verify(&reader, &Trust::default()).await.unwrap();
    // The incident, the event and the checkpoint of closing.
    assert_eq!((report.records, report.unsigned), (3, 0));
    assert!(report.is_intact());
}

#[tokio::test]
async fn one_incident_is_listed_for_a_message_and_all_its_drafts() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut typed = draft("aa");
    typed.carries = Carries::Draft;
    typed.action = Action::Block;
    let first = store.record(typed.clone()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(store.record(typed.clone()).await.unwrap(), first);
    }
    let listed = |incidents: Vec<Incident>| -> Vec<String> {
        incidents.into_iter().map(|one| one.record.id).collect()
    };
    let reader = reader(dir.path()).await;
    let alone = reader.list(&Filter::default()).await.unwrap();
    assert_eq!(listed(alone), [first.id.as_str()]);

    let sent = store.record(draft("aa")).await.unwrap();
    let both = reader.list(&Filter::default()).await.unwrap();
    assert_eq!(listed(both), [sent.id.as_str()]);
    // Who read out the draft's code still finds it.
    assert!(reader.find(&first.code).await.unwrap().is_some());
    // The title that follows.
    assert_eq!(store.record(typed).await.unwrap(), sent);
    store.close().await.unwrap();
    assert_eq!(repeats(&reader, &sent.id).await, 6);
    assert_eq!(repeats(&reader, &first.id).await, 0);
    assert!(
        verify(&reader, &Trust::default())
            .await
            .unwrap()
            .is_intact()
    );
}

#[tokio::test]
async fn over_the_rate_a_client_makes_no_more_records_but_every_draft_has_a_receipt() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut last = None;
    for number in 0..100 {
        last = Some(store.record(draft(&format!("{number}"))).await.unwrap());
    }
    store.close().await.unwrap();
    let reader = reader(dir.path()).await;
    let listed = reader.list(&Filter::default()).await.unwrap();
    assert_eq!(listed.len(), 60);
    let newest = last.unwrap().id;
    assert_eq!(listed[0].record.id, newest);
    assert_eq!(repeats(&reader, &newest).await, 40);
}

#[tokio::test]
async fn files_are_for_this_user_alone() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data");
    let settings = settings(&folder);
    let keys = StoreKeys::load_or_create(dir.path()).unwrap();
    let store = Store::open(&settings, keys, || UnixMillis(NOON)).await;
    store.unwrap().record(draft("aa")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

/// Prints what a receipt costs: `cargo test --lib commit_cost -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, not a test"]
async fn commit_cost() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for waiting in [1_usize, 8, 64, 256] {
        let begun = std::time::Instant::now();
        let rounds = 2048 / waiting;
        for round in 0..rounds {
            let records = (0..waiting).map(|number| {
                let mut draft = many(&format!("{waiting}-{round}-"), number);
                draft.client_address = format!("{waiting} {round} {number}");
                store.record(draft)
            });
            for receipt in futures_util::future::join_all(records).await {
                receipt.unwrap();
            }
        }
        let each = begun.elapsed() / u32::try_from(rounds * waiting).unwrap();
        println!("{waiting} at once: {each:?} each");
    }
    let begun = std::time::Instant::now();
    let report = verify(&reader(dir.path()).await, &Trust::default()).await;
    let records = report.unwrap().records;
    println!("{records} records verified in {:?}", begun.elapsed());
}
