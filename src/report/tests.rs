//! What reports promise, tried on real logs.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::Confidence;
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFile, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
};
use crate::model::uninspectable::Uninspectable;
use crate::policy::Policy;
use crate::report::check::{Checked, check};
use crate::report::compose::compose;
use crate::report::form::Form;
use crate::report::period::CutOffs;
use crate::report::surroundings::Surroundings;
use crate::report::{Asked, Kind, Made, Period, ReportSettings, Written, deeds, make};
use crate::service::Catalogue;
use crate::store::{Act, Actor, Deed, Filter, Store, StoreKeys, StoreReader, StoreSettings, What};

/// 2026-03-02T09:00:00+07:00.
const MORNING: i64 = 1_772_416_800_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What must be in no report: the marks that every draft and secret brings along.
const MARKERS: [&str; 6] = [
    "MARKER-MASKED",
    "MARKER-FINGERPRINT",
    "MARKER-WHY",
    "MARKER-FILE",
    "MARKER-RULE",
    "MARKER-PLACE",
];

/// A log in a folder that goes away, with a clock that is set.
pub(super) struct Log {
    store: Store,
    pub(super) reader: StoreReader,
    _folder: TempDir,
}

thread_local! {
    /// Each test has its own thread, and so its own clock.
    static CLOCK: Cell<i64> = const { Cell::new(MORNING) };
}

impl Log {
    pub(super) async fn open() -> Self {
        CLOCK.set(MORNING);
        let folder = TempDir::new().unwrap();
        let settings = StoreSettings {
            path: folder.path().join("incidents.db"),
            node: "xa-thu".to_owned(),
        };
        let keys = StoreKeys::load_or_create(folder.path()).unwrap();
        let clock = || UnixMillis(CLOCK.get());
        let store = Store::open(&settings, keys, clock).await.unwrap();
        Self {
            store,
            reader: StoreReader::at(&settings.path),
            _folder: folder,
        }
    }

    pub(super) fn pass(millis: i64) {
        CLOCK.set(CLOCK.get() + millis);
    }

    /// Records an incident and gives its id.
    pub(super) async fn incident(&self, draft: IncidentDraft) -> String {
        self.store.record(draft).await.unwrap().id
    }

    pub(super) async fn deed(&self, deed: Deed) {
        self.store.act(Act::of(deed)).await.unwrap();
    }

    /// A person settles that data went out, detected so long before now.
    pub(super) async fn exposed(&self, id: &str, millis_before: i64) {
        let at = CLOCK.get() - millis_before;
        let deed = Deed::new(reviewer(), What::OutcomeSet)
            .incident(id)
            .fact("to", "exposed")
            .fact("detected_at", &at.to_string());
        self.deed(deed).await;
    }

    /// A year of a commune: units, services, what was done, decisions, a secret, an exposure.
    pub(super) async fn with_a_year() -> Self {
        let log = Self::open().await;
        let actions = [Action::Block, Action::Redact, Action::Audit];
        let kinds = [
            Category::CitizenId,
            Category::StudentRecord,
            Category::HealthRecord,
            Category::WelfareRecord,
            Category::PhoneNumber,
        ];
        let mut ids = Vec::new();
        for number in 0..30_usize {
            let mut draft = draft(number);
            draft.action = actions[number % 3];
            draft.findings[0].category = kinds[number % 5];
            draft.service = ["chatgpt", "gemini"][number % 2].to_owned();
            draft.unit = ["Trạm Y tế", "Trường Tiểu học"]
                .get(number % 3)
                .map(|u| (*u).to_owned());
            ids.push(log.incident(draft).await);
            Self::pass(3 * DAY);
        }
        log.incident(secret()).await;
        let mut unreadable = draft(90);
        unreadable.findings.clear();
        unreadable.uninspectable = Some(Uninspectable::Encrypted);
        log.incident(unreadable).await;
        for (id, status) in ids
            .iter()
            .zip(["false_alarm", "closed", "in_review", "closed"])
        {
            let deed = Deed::new(reviewer(), What::StatusSet).incident(id);
            log.deed(deed.fact("to", status)).await;
        }
        log.exposed(&ids[4], HOUR).await;
        log
    }
}

fn reviewer() -> Actor {
    Actor {
        name: "MARKER-PERSON".to_owned(),
        role: "reviewer".to_owned(),
        address: "10.0.0.9".to_owned(),
    }
}

fn draft(number: usize) -> IncidentDraft {
    IncidentDraft {
        client_address: format!("10.0.1.{number}"),
        unit: None,
        service: "chatgpt".to_owned(),
        endpoint: "conversation".to_owned(),
        carries: Carries::Prompt,
        action: Action::Block,
        policy_rule: "identifier".to_owned(),
        severity: Severity::Low,
        outcome: Outcome::Prevented,
        subjects: 2,
        findings: vec![IncidentFinding {
            category: Category::CitizenId,
            ground: None,
            confidence: Confidence::High,
            count: 2,
            masked: MaskedExcerpt("MARKER-MASKED".to_owned()),
            fingerprint: Fingerprint(format!("MARKER-FINGERPRINT{number}")),
            rule: "citizen-id".to_owned(),
            why: "MARKER-WHY".to_owned(),
        }],
        file: Some(IncidentFile {
            name_masked: "MARKER-FILE".to_owned(),
            kind: "docx".to_owned(),
            bytes: 9,
        }),
        notes: Vec::new(),
        uninspectable: None,
        secret: None,
    }
}

fn secret() -> IncidentDraft {
    IncidentDraft {
        severity: Severity::Critical,
        secret: Some(SecretFacts {
            level: SecretLevel::B,
            rule: "MARKER-RULE".to_owned(),
            place: "MARKER-PLACE".to_owned(),
            bytes: 512,
            digest: Fingerprint("MARKER-FINGERPRINT-SECRET".to_owned()),
        }),
        ..draft(91)
    }
}

pub(super) fn asked(kind: Kind) -> Asked {
    Asked {
        kind,
        period: Period::parse("2026", CutOffs::default()).unwrap(),
        cut_offs: CutOffs::default(),
        unit: None,
        incident: None,
        node: "xa-thu".to_owned(),
        office: Some("Ủy ban nhân dân xã Ví Dụ".to_owned()),
        texts: BTreeMap::new(),
    }
}

static AROUND: LazyLock<Surroundings> = LazyLock::new(surroundings);

pub(super) fn around() -> &'static Surroundings {
    &AROUND
}

fn surroundings() -> Surroundings {
    let settings = ReportSettings {
        office: Some("Ủy ban nhân dân xã Ví Dụ".to_owned()),
        place: Some("Ví Dụ".to_owned()),
        signs_for: vec!["TM. ỦY BAN NHÂN DÂN".to_owned()],
        signer_position: Some("CHỦ TỊCH".to_owned()),
        approved_tools: Some("ChatGPT, Gemini".to_owned()),
        ..ReportSettings::default()
    };
    let catalogue = Catalogue::builtin().unwrap();
    Surroundings::new(settings, &catalogue, &Policy::builtin().unwrap())
}

async fn made(log: &Log, kind: Kind) -> Made {
    make(&log.reader, &asked(kind)).await.unwrap()
}

/// The incidents of the year as `lachan incidents list --json` gives them.
async fn listed(log: &Log) -> Vec<Value> {
    let filter = Filter {
        limit: 10_000,
        ..Filter::default()
    };
    let incidents = log.reader.list(&filter).await.unwrap();
    incidents
        .iter()
        .map(|incident| incident.to_json())
        .collect()
}

#[tokio::test]
async fn figures_are_those_of_the_incident_list() {
    let log = Log::with_a_year().await;
    let figures = made(&log, Kind::Periodic).await.written.figures;
    let list = listed(&log).await;
    let count = |test: &dyn Fn(&Value) -> bool| list.iter().filter(|i| test(i)).count() as u64;
    assert_eq!(figures.incidents, list.len() as u64);
    for action in ["block", "redact", "audit"] {
        assert_eq!(figures.actions[action], count(&|i| i["action"] == action));
    }
    for service in ["chatgpt", "gemini"] {
        assert_eq!(
            figures.services[service].incidents,
            count(&|i| i["service"] == service)
        );
    }
    let nowhere = count(&|i| i["client"]["unit"].is_null());
    assert_eq!(figures.units[""].incidents, nowhere);
    let has = |i: &Value, name: &str| {
        let findings = i["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["category"] == name)
    };
    for category in ["citizen_id", "student_record", "health_record"] {
        assert_eq!(figures.categories[category], count(&|i| has(i, category)));
    }
    assert_eq!(
        figures.groups["pupils"].incidents,
        count(&|i| has(i, "student_record"))
    );
    assert_eq!(figures.categories["state_secret"], 1);
    let subjects: u64 = list.iter().map(|i| i["subjects"].as_u64().unwrap()).sum();
    assert_eq!(figures.subjects, subjects);
    assert_eq!(figures.statuses["closed"], 2);
    assert_eq!(figures.statuses["false_alarm"], 1);
    assert_eq!(figures.statuses["new"], list.len() as u64 - 4);
    assert_eq!(figures.outcomes["exposed"], 1);
    assert_eq!(figures.units["Trường Tiểu học"].exposed, 1);
    assert_eq!(figures.uninspectable["encrypted"], 1);
    assert_eq!(
        figures
            .months
            .values()
            .map(|row| row.incidents)
            .sum::<u64>(),
        figures.incidents
    );
    assert_eq!(figures.deeds["status_set"], 4);
}

#[tokio::test]
async fn a_unit_has_its_own_figures_and_a_self_test_none() {
    let log = Log::with_a_year().await;
    let mut test = draft(95);
    test.service = "self-test".to_owned();
    log.incident(test).await;
    let mut unit = asked(Kind::Periodic);
    unit.unit = Some("Trạm Y tế".to_owned());
    let figures = make(&log.reader, &unit).await.unwrap().written.figures;
    assert_eq!(figures.incidents, 10);
    assert_eq!(figures.units.keys().collect::<Vec<_>>(), ["Trạm Y tế"]);
    let whole = made(&log, Kind::Periodic).await.written.figures;
    assert_eq!((whole.incidents, whole.self_tests), (32, 1));
}

#[tokio::test]
async fn the_same_log_gives_the_same_bytes_and_a_change_of_the_log_others() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let first = made(&log, kind).await;
        // That a report was made is in the log, and changes no report.
        for deed in deeds::made(&Actor::terminal(), &first.written, "json") {
            log.deed(deed).await;
        }
        let again = made(&log, kind).await;
        assert_eq!(first, again, "{}", kind.name());
        for form in Form::ALL {
            let write = |made| form.write(made, around()).unwrap();
            assert_eq!(
                write(&first),
                write(&again),
                "{} {}",
                kind.name(),
                form.name()
            );
        }
    }
    let before = made(&log, Kind::Periodic).await;
    log.incident(draft(96)).await;
    assert_ne!(before, made(&log, Kind::Periodic).await);
}

#[tokio::test]
async fn a_report_agrees_with_its_log_later_and_a_changed_one_does_not() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let written = made(&log, kind).await.written;
        log.incident(draft(96)).await;
        let read = Written::read(&written.to_text()).unwrap();
        let checked = check(&log.reader, &read).await.unwrap();
        assert_eq!(checked, Checked::Agrees, "{}", kind.name());

        let mut changed = read.clone();
        changed.figures.incidents -= 1;
        let Checked::Differs(lines) = check(&log.reader, &changed).await.unwrap() else {
            panic!("a changed figure must be found");
        };
        assert!(lines[0].contains("digest"), "{lines:?}");
        assert!(lines[1].starts_with("figures.incidents"), "{lines:?}");

        // Sealed anew by somebody who knows how: the log says otherwise.
        let Checked::Differs(lines) = check(&log.reader, &changed.sealed()).await.unwrap() else {
            panic!("a forged figure must be found");
        };
        assert_eq!(lines.len(), 1, "{lines:?}");
    }
    let other = Log::open().await;
    let written = made(&log, Kind::Periodic).await.written;
    let checked = check(&other.reader, &written).await.unwrap();
    assert!(
        matches!(checked, Checked::Differs(_)),
        "another log is no source"
    );
}

#[tokio::test]
async fn legal_clocks_run_from_the_detection_to_the_document() {
    let log = Log::with_a_year().await;
    let clock = |made: &Made| made.written.figures.response.clocks["personal_data_72h"];
    let before = made(&log, Kind::Periodic).await;
    assert_eq!((clock(&before).started, clock(&before).not_made), (1, 1));
    let notice = made(&log, Kind::BreachNotice).await.written;
    assert_eq!(notice.incidents.len(), 1);
    Log::pass(70 * HOUR);
    for deed in deeds::made(&Actor::terminal(), &notice, "docx") {
        log.deed(deed).await;
    }
    let after = made(&log, Kind::Periodic).await;
    assert_eq!((clock(&after).in_time, clock(&after).not_made), (1, 0));
    let case = &after.written.cases[0];
    assert_eq!(case.documents[0].0, "breach-notice");
    // Settled to have been detected earlier, the same document came too late.
    log.exposed(&case.id, 80 * HOUR).await;
    assert_eq!(clock(&made(&log, Kind::Periodic).await).late, 1);
}

#[tokio::test]
async fn an_empty_log_and_an_empty_period_make_every_report() {
    let empty = Log::open().await;
    let full = Log::with_a_year().await;
    for kind in Kind::all() {
        let none = made(&empty, kind).await;
        assert_eq!(none.written.chain.head.seq, 0);
        let mut later = asked(kind);
        later.period = Period::parse("2030-H1", CutOffs::default()).unwrap();
        let later = make(&full.reader, &later).await.unwrap();
        for made in [none, later] {
            assert_eq!(made.written.figures.incidents, 0);
            assert!(compose(&made.written, around()).is_some());
            for form in Form::ALL {
                assert!(!form.write(&made, around()).unwrap().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn no_value_and_no_person_is_in_any_document() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let made = made(&log, kind).await;
        let document = compose(&made.written, around()).unwrap();
        let texts = [format!("{document:?}"), made.written.to_text()];
        for marker in MARKERS.iter().chain(&["MARKER-PERSON", "10.0.0.9"]) {
            for text in &texts {
                assert!(!text.contains(marker), "{marker} in {}", kind.name());
            }
        }
        if kind != Kind::SecrecyNotice {
            let code = &made_secret_code(&log).await;
            assert!(!texts[0].contains(code.as_str()), "{}", kind.name());
        }
    }
}

async fn made_secret_code(log: &Log) -> String {
    made(log, Kind::SecrecyNotice).await.written.incidents[0]
        .code
        .clone()
}

#[tokio::test]
async fn a_named_incident_is_told_and_a_secret_only_in_its_notice() {
    let log = Log::with_a_year().await;
    let listed = listed(&log).await;
    let code = |i: &Value| i["code"].as_str().unwrap().to_owned();
    let secret = listed
        .iter()
        .find(|i| !i["secret"].is_null())
        .map(code)
        .unwrap();
    let open = listed
        .iter()
        .find(|i| i["secret"].is_null())
        .map(code)
        .unwrap();
    let about = |kind, code: &str| {
        let mut asked = asked(kind);
        asked.incident = Some(code.to_owned());
        asked
    };
    let minutes = make(&log.reader, &about(Kind::Minutes, &open))
        .await
        .unwrap();
    assert_eq!(minutes.written.incidents[0].code, open);
    for (kind, code) in [
        (Kind::Minutes, &secret),
        (Kind::SecrecyNotice, &open),
        (Kind::Periodic, &open),
        (Kind::Incident, &"222-222".to_owned()),
    ] {
        assert!(
            make(&log.reader, &about(kind, code)).await.is_err(),
            "{}",
            kind.name()
        );
    }
    let notice = make(&log.reader, &about(Kind::SecrecyNotice, &secret)).await;
    assert_eq!(
        notice.unwrap().written.incidents[0].level.as_deref(),
        Some("B")
    );
}

#[tokio::test]
async fn what_people_wrote_stands_in_the_document_and_too_much_is_refused() {
    let log = Log::open().await;
    let mut with_text = asked(Kind::Periodic);
    let text = "Đã tổ chức 02 lớp tập huấn.";
    with_text
        .texts
        .insert("training".to_owned(), format!(" {text} "));
    with_text
        .texts
        .insert("outlook".to_owned(), "  ".to_owned());
    let made = make(&log.reader, &with_text).await.unwrap();
    assert_eq!(made.written.texts.len(), 1);
    let document = compose(&made.written, around()).unwrap();
    assert!(format!("{document:?}").contains(text));
    with_text
        .texts
        .insert("outlook".to_owned(), "x".repeat(20_001));
    assert!(make(&log.reader, &with_text).await.is_err());
}

#[tokio::test]
async fn reports_cite_laws_in_force_and_speak_plainly() {
    let log = Log::with_a_year().await;
    for kind in Kind::all() {
        let made = made(&log, kind).await;
        let text = format!("{:?}", compose(&made.written, around()).unwrap());
        for repealed in [
            "13/2023", "29/2018", "26/2020", "24/2020", "85/2016", "53/2022", "BM-SC",
        ] {
            assert!(!text.contains(repealed), "{repealed} in {}", kind.name());
        }
        for word in ["khử nhận dạng", "giải trình", "kỷ luật"] {
            assert!(!text.contains(word), "{word} in {}", kind.name());
        }
    }
}
