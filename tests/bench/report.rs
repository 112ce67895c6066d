//! How long does a report of a year take, and how much memory? Measured on a log that is made here.
//!
//! `cargo bench --bench report` fills a folder with a million incidents over a year (some minutes),
//! then makes the report of that year in a process of its own and prints its time and its peak.
//! `cargo bench --bench report -- 50000` takes fewer; `-- 50000 DIR` keeps the folder.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot go on must say so loudly, and its result is what it prints"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use futures_util::future::join_all;
use lachan::model::category::{Category, Severity};
use lachan::model::decision::Action;
use lachan::model::exchange::{Carries, UnixMillis};
use lachan::model::finding::Confidence;
use lachan::model::incident::{
    Fingerprint, IncidentDraft, IncidentFinding, MaskedExcerpt, Outcome,
};
use lachan::report::check::{Checked, check};
use lachan::report::period::CutOffs;
use lachan::report::{Asked, Kind, Period, make};
use lachan::store::{Act, Actor, Deed, Store, StoreKeys, StoreReader, StoreSettings, What};

/// 2025-12-15T00:00:00+07:00, the first moment of the year that is reported.
const YEAR_BEGINS: i64 = 1_765_731_600_000;
const YEAR_MILLIS: i64 = 365 * 24 * 3_600_000;
/// Incidents recorded at a time.
const BATCH: usize = 512;

static CLOCK: AtomicI64 = AtomicI64::new(YEAR_BEGINS);

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    if let [word, folder] = args.as_slice()
        && word == "measure"
    {
        return runtime.block_on(measure(Path::new(folder)));
    }
    let count = args
        .first()
        .map_or(1_000_000, |text| text.parse().expect("a number"));
    let kept = args.get(1).map(PathBuf::from);
    let gone = tempfile::tempdir().expect("a folder");
    let folder = kept.unwrap_or_else(|| gone.path().to_owned());
    let begun = Instant::now();
    runtime.block_on(fill(&folder, count));
    println!(
        "filled with {count} incidents in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    let this = std::env::current_exe().expect("this program");
    let measured = Command::new(this).arg("measure").arg(&folder).status();
    assert!(
        measured.expect("a child").success(),
        "the measurement failed"
    );
}

fn settings(folder: &Path) -> StoreSettings {
    StoreSettings {
        path: folder.join("incidents.db"),
        node: "xa-thu".to_owned(),
    }
}

async fn fill(folder: &Path, count: usize) {
    std::fs::create_dir_all(folder).expect("a folder");
    let keys = StoreKeys::load_or_create(folder).expect("keys");
    let clock = || UnixMillis(CLOCK.load(Ordering::Relaxed));
    let store = Store::open(&settings(folder), keys, clock)
        .await
        .expect("a store");
    let step = YEAR_MILLIS / i64::try_from(count.max(1)).expect("a count");
    let mut done = 0;
    while done < count {
        let until = count.min(done + BATCH);
        let batch = (done..until).map(|number| store.record(draft(number)));
        let receipts = join_all(batch).await;
        CLOCK.fetch_add(
            step * i64::try_from(until - done).expect("a batch"),
            Ordering::Relaxed,
        );
        // One of a hundred is looked at, one of ten thousand went out.
        for (number, receipt) in (done..until).zip(receipts) {
            let id = receipt.expect("recorded").id;
            if number % 100 == 0 {
                store
                    .act(Act::of(deed(&id, What::StatusSet, "closed")))
                    .await
                    .expect("recorded");
            }
            if number % 10_000 == 0 {
                store
                    .act(Act::of(deed(&id, What::OutcomeSet, "exposed")))
                    .await
                    .expect("recorded");
            }
        }
        done = until;
    }
    store.close().await.expect("closed");
}

fn deed(id: &str, what: What, to: &str) -> Deed {
    Deed::new(Actor::terminal(), what)
        .incident(id)
        .fact("to", to)
}

fn draft(number: usize) -> IncidentDraft {
    let kinds = [
        Category::CitizenId,
        Category::PhoneNumber,
        Category::StudentRecord,
        Category::HealthRecord,
        Category::WelfareRecord,
        Category::PersonalRecord,
        Category::Credential,
    ];
    let services = ["chatgpt", "gemini", "claude", "copilot", "deepseek"];
    let units = [
        "Văn phòng HĐND và UBND",
        "Phòng Văn hóa - Xã hội",
        "Trạm Y tế",
        "Trường Tiểu học",
    ];
    let actions = [Action::Block, Action::Redact, Action::Redact, Action::Audit];
    let of = |salt: usize, many: usize| (number.wrapping_mul(2_654_435_761) >> salt) % many;
    IncidentDraft {
        client_address: format!("10.{}.{}.{}", of(3, 200), of(11, 200), number % 250),
        unit: units
            .get(of(5, units.len() + 1))
            .map(|name| (*name).to_owned()),
        service: services[of(7, services.len())].to_owned(),
        endpoint: "conversation".to_owned(),
        carries: [Carries::Prompt, Carries::Upload, Carries::Draft][of(9, 3)],
        action: actions[of(4, actions.len())],
        policy_rule: "identifier".to_owned(),
        severity: [Severity::Low, Severity::Medium, Severity::High][of(6, 3)],
        outcome: Outcome::Prevented,
        subjects: 1,
        findings: vec![IncidentFinding {
            category: kinds[of(8, kinds.len())],
            ground: None,
            confidence: Confidence::High,
            count: 1,
            masked: MaskedExcerpt("··01".to_owned()),
            fingerprint: Fingerprint(format!("{number:016x}")),
            rule: "a-rule".to_owned(),
            why: "Nhận theo nhãn bên cạnh.".to_owned(),
        }],
        file: None,
        notes: Vec::new(),
        uninspectable: None,
        secret: None,
    }
}

async fn measure(folder: &Path) {
    let reader = StoreReader::open(&settings(folder).path)
        .await
        .expect("a store");
    let asked = Asked {
        kind: Kind::Periodic,
        period: Period::parse("2026", CutOffs::default()).expect("a year"),
        cut_offs: CutOffs::default(),
        holidays: Vec::new(),
        unit: None,
        incident: None,
        tool: None,
        node: "xa-thu".to_owned(),
        office: None,
        texts: BTreeMap::new(),
    };
    let begun = Instant::now();
    let made = make(&reader, &asked).await.expect("a report");
    println!(
        "report of {} incidents: {:.2} s, peak {} MB",
        made.written.figures.incidents,
        begun.elapsed().as_secs_f64(),
        peak_kilobytes() / 1024
    );
    let begun = Instant::now();
    let checked = check(&reader, &made.written).await.expect("a check");
    assert_eq!(checked, Checked::Agrees);
    println!("counted again: {:.2} s", begun.elapsed().as_secs_f64());
}

/// The most memory that this process ever held.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}
