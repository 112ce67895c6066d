//! A log of a made-up year, for the tests of reports.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::{Confidence, VULNERABLE_RULE};
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFile, IncidentFinding, MaskedExcerpt, Outcome, SecretFacts,
};
use crate::model::request_counts::RequestCounts;
use crate::model::uninspectable::Uninspectable;
use crate::policy::Policy;
use crate::report::draft::Drafts;
use crate::report::period::CutOffs;
use crate::report::shelf::Shelf;
use crate::report::surroundings::Surroundings;
use crate::report::{Asked, Kind, Made, Period, ReportSettings, make};
use crate::service::Catalogue;
use crate::store::{
    Act, Actor, Deed, Filter, Store, StoreKeys, StoreReader, StoreSettings, What, requests_counted,
};

/// 2026-03-02T09:00:00+07:00.
pub(super) const MORNING: i64 = 1_772_416_800_000;
pub(super) const HOUR: i64 = 3_600_000;
pub(super) const DAY: i64 = 24 * HOUR;

/// What must be in no report: the marks that every draft and secret brings along.
pub(super) const MARKERS: [&str; 6] = [
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
    folder: TempDir,
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
            folder,
        }
    }

    /// What drafts are made with.
    pub(super) fn drafts(&self) -> Drafts {
        Drafts {
            store: self.store.clone(),
            reader: self.reader.clone(),
            shelf: Shelf::in_data_folder(self.folder.path()),
            node: "xa-thu".to_owned(),
        }
    }

    pub(super) fn now() -> i64 {
        CLOCK.get()
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

    /// A tool is entered and allowed.
    pub(super) async fn tool(&self, id: &str) {
        let entered = Deed::new(reviewer(), What::ToolEntered)
            .subject(id)
            .fact("name", "ChatGPT")
            .fact("vendor", "OpenAI")
            .fact("purpose", "Soạn thảo, tóm tắt văn bản công khai")
            .fact("risk", "thấp")
            .fact("data_allowed", "Dữ liệu công khai");
        self.deed(entered).await;
        let approved = Deed::new(reviewer(), What::ToolApproved)
            .subject(id)
            .fact("approver", "Chủ tịch Ủy ban nhân dân xã")
            .fact("until", "2026-12-31");
        self.deed(approved).await;
    }

    /// Requests of a day: so many were let through and so many stopped.
    pub(super) async fn requests(&self, day: &str, unit: &str, (allowed, blocked): (u64, u64)) {
        let counts = RequestCounts {
            requests: allowed + blocked,
            messages: blocked,
            allowed,
            blocked,
            ..RequestCounts::default()
        };
        let line = [("chatgpt", unit, &counts)].into_iter();
        self.deed(requests_counted(day, 1, line)).await;
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
            if number == 3 {
                draft.findings[0].rule = VULNERABLE_RULE.to_owned();
            }
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
        log.tool("chatgpt").await;
        log.requests("2026-03-02", "Trạm Y tế", (90, 10)).await;
        log.requests("2026-03-02", "", (50, 0)).await;
        log.requests("2026-05-02", "Trạm Y tế", (7, 3)).await;
        log
    }
}

pub(super) fn reviewer() -> Actor {
    Actor {
        name: "MARKER-PERSON".to_owned(),
        role: "reviewer".to_owned(),
        address: "10.0.0.9".to_owned(),
    }
}

pub(super) fn draft(number: usize) -> IncidentDraft {
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
        holidays: Vec::new(),
        unit: None,
        incident: None,
        tool: None,
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

pub(super) async fn made(log: &Log, kind: Kind) -> Made {
    make(&log.reader, &asked(kind)).await.unwrap()
}

/// The incidents of the year as `lachan incidents list --json` gives them.
pub(super) async fn listed(log: &Log) -> Vec<Value> {
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
