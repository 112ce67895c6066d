//! A store as large as a node's gets in years, made by code, for measuring.
//!
//! It is made once, in `target/million`, ends on the day on which it is made, and is kept:
//! `cargo nextest run --run-ignored all a_store_of_a_million`.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::model::incident::{Fingerprint, IncidentDraft, MaskedExcerpt, SecretFacts};

use super::append::{Append, Head};
use super::exception::facts;
use super::review::{DETECTED_AT, TO};
use super::tests::{NOON, draft, open, reader, settings};
use super::{Act, Actor, Deed, Filter, StoreKeys, What, schema};

/// How many incidents it has.
pub(crate) const INCIDENTS: u64 = 1_000_000;
/// How many lie in one transaction, at one time.
const BATCH: u64 = 1000;
/// The time between two batches: all of them fill two years.
const STEP_MILLIS: i64 = 63_000_000;

const SERVICES: [&str; 12] = [
    "openai-chatgpt-web",
    "google-gemini-web",
    "deepseek-web",
    "ms-copilot",
    "anthropic-claude-web",
    "openai-api",
    "perplexity-web",
    "google-translate",
    "xai-grok",
    "qwen-intl-web",
    "kimi-web",
    "mistral-lechat",
];
const UNITS: [Option<&str>; 6] = [
    Some("Trung tâm Phục vụ hành chính công"),
    Some("Phòng Văn hóa - Xã hội"),
    Some("Văn phòng"),
    Some("Phòng Kinh tế"),
    Some("Công an xã"),
    None,
];

/// What becomes of those that somebody looks at.
const STATUSES: [&str; 4] = ["in_review", "confirmed", "false_alarm", "closed"];

/// The folder of the store, made if it is not there whole.
pub(crate) async fn folder() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/million");
    let whole = dir.join("whole");
    if !whole.exists() {
        std::fs::remove_dir_all(&dir).ok();
        fill(&dir).await;
        std::fs::write(whole, "").unwrap();
    }
    let decided = dir.join("decided");
    if !decided.exists() {
        decide(&dir).await;
        std::fs::write(decided, "").unwrap();
    }
    dir
}

/// What people of an office do in two years: they look at every thirtieth incident, some went out,
/// and exceptions were used thousands of times.
async fn decide(dir: &Path) {
    let store = open(dir).await;
    let reader = reader(dir).await;
    let reviewer = || Actor {
        name: "nguoi-xem-xet".to_owned(),
        role: "reviewer".to_owned(),
        address: "10.0.0.9".to_owned(),
    };
    let deed = |what| Deed::new(reviewer(), what);
    let mut act = Act::default();
    for number in 0..INCIDENTS / 30 {
        let filter = Filter {
            before_seq: Some(number * 30 + 31),
            limit: 1,
            ..Filter::default()
        };
        let found = reader.list(&filter).await.unwrap();
        let record = &found[0].record;
        let of = |what| deed(what).incident(&record.id);
        let status = STATUSES[usize::try_from(number % 4).unwrap()];
        act = act.deed(of(What::StatusSet).fact(TO, status));
        if number % 3 == 0 {
            act = act.deed(of(What::Assigned).fact(TO, "nguoi-xem-xet"));
        }
        if number % 100 == 0 {
            let out = of(What::OutcomeSet).fact(TO, "exposed");
            act = act.deed(out.fact(DETECTED_AT, &NOON.to_string()));
        }
        if number % 20 == 0 {
            act = act.deed(of(What::ReleaseAsked).fact("reason", "Cần cho cuộc họp"));
            act = act.deed(of(What::ReleaseDeclined).fact("reason", "Chưa rõ lý do"));
        }
        if number % 200 == 0 {
            let proposed = deed(What::ExceptionProposed)
                .subject(&format!("NL-{number}"))
                .fact(facts::SCOPE, "value")
                .fact(facts::FINGERPRINT, "aa")
                .fact(facts::CODE, &record.code)
                .fact(facts::UNTIL, &(NOON * 2).to_string());
            act = act.deed(proposed);
            let confirmed = deed(What::ExceptionConfirmed).subject(&format!("NL-{number}"));
            act = act.deed(confirmed);
        }
        let used = deed(What::ExceptionUsed).subject(&format!("NL-{}", number / 200 * 200));
        act = act.deed(used.fact(facts::COUNT, "3"));
        if act.deeds.len() > 500 {
            store.act(std::mem::take(&mut act)).await.unwrap();
        }
    }
    store.act(act).await.unwrap();
    store.close().await.unwrap();
}

async fn fill(dir: &Path) {
    let keys = StoreKeys::load_or_create(dir).unwrap();
    let path = settings(dir).path;
    schema::make_file(&path).unwrap();
    let mut connection = schema::open_writable(&path, &keys.public_key())
        .await
        .unwrap();
    sqlx::raw_sql("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
        .execute(&mut connection)
        .await
        .unwrap();
    let mut head = Head::load(&mut connection).await.unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let first = now - STEP_MILLIS * i64::try_from(INCIDENTS / BATCH).unwrap();
    for batch in 0..INCIDENTS / BATCH {
        let now = UnixMillis(first + STEP_MILLIS * i64::try_from(batch).unwrap());
        let begun = Append::begin(&mut connection, head, "xa-thu", &keys, now).await;
        let mut append = begun.unwrap();
        for number in batch * BATCH..(batch + 1) * BATCH {
            append.incident(one(number), None).await.unwrap();
        }
        head = append.commit().await.unwrap();
    }
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await
        .unwrap();
}

/// The draft of a number: like those of an office, in a fixed mixture.
pub(crate) fn one(number: u64) -> IncidentDraft {
    let pick = |salt: u64, of: usize| {
        let mixed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ (salt << 32));
        usize::try_from((mixed >> 33) % 1_000_003).unwrap() % of
    };
    let mut draft = draft(&format!("{:016x}", number / 3));
    draft.client_address = format!("10.0.{}.{}", pick(1, 2), pick(2, 60));
    draft.service = SERVICES[pick(3, 40).min(11)].to_owned();
    draft.unit = UNITS[pick(4, 6)].map(str::to_owned);
    draft.action = [Action::Redact, Action::Redact, Action::Block, Action::Audit][pick(5, 4)];
    draft.severity = [Severity::Low, Severity::Medium, Severity::High][pick(6, 30).min(2)];
    draft.findings[0].category = Category::ALL[pick(7, 60) % 24];
    draft.findings[0].masked = MaskedExcerpt("SDT …01".to_owned());
    let mut second = draft.findings[0].clone();
    second.category = Category::PhoneNumber;
    second.fingerprint = Fingerprint(format!("p{:015x}", pick(8, 20_000)));
    draft.findings.push(second);
    if pick(9, 5000) == 0 {
        draft.secret = Some(SecretFacts {
            level: SecretLevel::C,
            rule: "secret-mark".to_owned(),
            place: "line".to_owned(),
            bytes: 900,
            digest: Fingerprint(format!("{number:016x}")),
        });
        draft.severity = Severity::Critical;
        draft.action = Action::Block;
    }
    draft
}

#[tokio::test]
#[ignore = "makes a store of a million incidents, which takes minutes"]
async fn a_store_of_a_million_incidents_is_made() {
    assert!(folder().await.join("incidents.db").exists());
}
