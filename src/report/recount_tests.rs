//! Are the figures of any log what a person counts from the list of incidents? Random logs, made
//! through the store's own writer, are counted again in plain code that shares nothing with ours: from
//! what `lachan incidents list --json` gives, and from a note of what was done.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most deeds say nothing that a test notes down"
)]

use std::collections::BTreeMap;

use super::fixture::{DAY, HOUR, Log, asked, draft, listed, reviewer};
use super::recount;
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::VULNERABLE_RULE;
use crate::model::incident::{Fingerprint, IncidentDraft, Outcome, SecretFacts};
use crate::model::uninspectable::Uninspectable;
use crate::report::check::{Checked, check};
use crate::report::{Kind, make};
use crate::store::{Deed, What};

pub(super) const MINUTE: i64 = 60_000;
/// 2024-12-15, 2025-12-15 and 2026-12-15, each at midnight in Việt Nam.
const YEARS: [i64; 3] = [1_734_195_600_000, 1_765_731_600_000, 1_797_267_600_000];
const UNITS: [Option<&str>; 4] = [None, Some("Trạm Y tế"), Some("Văn phòng"), Some("Một cửa")];
const SERVICES: [&str; 4] = ["chatgpt", "gemini", "deepseek", "self-test"];
const STATUSES: [&str; 5] = ["new", "in_review", "confirmed", "false_alarm", "closed"];
const DOCUMENTS: [(&str, Option<&str>); 6] = [
    ("breach-notice", None),
    ("incident", None),
    ("incident", Some("first")),
    ("ai-incident", None),
    ("ai-incident", Some("final")),
    ("secrecy-notice", None),
];

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn draft(&mut self, number: usize) -> IncidentDraft {
        let mut one = draft(number);
        one.unit = self.one(&UNITS).map(str::to_owned);
        one.service = (*self.one(&SERVICES)).to_owned();
        one.carries = *self.one(&Carries::ALL);
        one.action = *self.one(&[Action::Audit, Action::Redact, Action::Block]);
        one.severity = *self.one(&Severity::ALL);
        one.outcome = *self.one(&[Outcome::Prevented, Outcome::Unknown]);
        one.subjects = u32::try_from(self.below(9)).unwrap();
        one.uninspectable = self.is(10).then(|| *self.one(&Uninspectable::ALL));
        let pattern = one.findings[0].clone();
        one.findings.clear();
        for place in 0..self.below(4) {
            let mut found = pattern.clone();
            found.category = *self.one(Category::ALL);
            if found.category == Category::StateSecret || self.is(15) {
                found.category = Category::WelfareRecord;
            }
            if self.is(40) {
                found.rule = VULNERABLE_RULE.to_owned();
            }
            found.fingerprint = Fingerprint(format!("{number}-{place}"));
            one.findings.push(found);
        }
        one.secret = self.is(8).then(|| SecretFacts {
            level: SecretLevel::A,
            rule: "mark".to_owned(),
            place: "line".to_owned(),
            bytes: 7,
            digest: Fingerprint(format!("secret-{number}")),
        });
        one
    }
}

/// What was done about an incident, as a person would note it down.
pub(super) struct Done {
    pub(super) incident: String,
    pub(super) at: i64,
    pub(super) what: What,
    pub(super) to: String,
    pub(super) detected: Option<i64>,
}

/// A log, and what no list tells of it.
pub(super) struct Noted {
    pub(super) log: Log,
    pub(super) done: Vec<Done>,
    /// By incident: whether its records of social policy are of beneficiaries, and of the vulnerable.
    pub(super) welfare: BTreeMap<String, (bool, bool)>,
    /// Of each day, unit: let through and stopped.
    pub(super) requests: Vec<(String, String, (u64, u64))>,
}

async fn noted(seed: u64) -> Noted {
    let mut chance = Chance(seed);
    let log = Log::open().await;
    Log::pass(YEARS[0] + 20 * DAY - Log::now());
    let mut noted = Noted {
        log,
        done: Vec::new(),
        welfare: BTreeMap::new(),
        requests: Vec::new(),
    };
    let mut ids = Vec::new();
    for number in 0..150 {
        let draft = chance.draft(number);
        let is = |wanted: bool| {
            let mut found = draft.findings.iter();
            found.any(|one| {
                one.category == Category::WelfareRecord && (one.rule == VULNERABLE_RULE) == wanted
            })
        };
        let welfare = (is(false), is(true));
        let id = noted.log.incident(draft).await;
        noted.welfare.insert(id.clone(), welfare);
        ids.push(id);
        for _ in 0..chance.below(3) {
            Log::pass(i64::try_from(chance.below(90)).unwrap() * HOUR + 7 * MINUTE);
            let id = chance.one(&ids).clone();
            noted.act(id, &mut chance).await;
        }
        if chance.is(20) {
            let day = ["2025-03-09", "2026-02-27", "2026-07-01"];
            let unit = chance.one(&UNITS).unwrap_or_default().to_owned();
            let counts = (chance.below(500), chance.below(20));
            let day = (*chance.one(&day)).to_owned();
            noted.log.requests(&day, &unit, counts).await;
            noted.requests.push((day, unit, counts));
        }
        Log::pass(i64::try_from(chance.below(200)).unwrap() * HOUR + MINUTE);
    }
    noted
}

impl Noted {
    async fn act(&mut self, incident: String, chance: &mut Chance) {
        let at = Log::now();
        let what = *chance.one(&[
            What::StatusSet,
            What::OutcomeSet,
            What::OutcomeSet,
            What::NoteAdded,
            What::ReleaseAsked,
            What::ReleaseDeclined,
            What::SecretSeen,
            What::ReportMade,
            What::ReportMade,
        ]);
        let mut deed = Deed::new(reviewer(), what).incident(&incident);
        let (mut to, mut detected) = (String::new(), None);
        match what {
            What::StatusSet => (*chance.one(&STATUSES)).clone_into(&mut to),
            What::OutcomeSet => {
                let to_exposed = chance.is(70);
                (if to_exposed { "exposed" } else { "prevented" }).clone_into(&mut to);
                let before = i64::try_from(chance.below(80)).unwrap() * HOUR;
                detected = (to_exposed && chance.is(80)).then_some(at - before);
            }
            What::ReportMade => {
                let (kind, stage) = chance.one(&DOCUMENTS);
                to = stage.map_or_else(|| (*kind).to_owned(), |stage| format!("{kind}/{stage}"));
                deed = deed.fact("kind", kind);
                deed = stage.map_or(deed.clone(), |stage| deed.fact("stage", stage));
            }
            _ => {} // Nothing more is noted of the others.
        }
        if what != What::ReportMade && !to.is_empty() {
            deed = deed.fact("to", &to);
        }
        if let Some(detected) = detected {
            deed = deed.fact("detected_at", &detected.to_string());
        }
        self.log.deed(deed).await;
        self.done.push(Done {
            incident,
            at,
            what,
            to,
            detected,
        });
    }
}

#[tokio::test]
async fn every_figure_is_what_a_person_counts_from_the_list() {
    let mut exposed = 0;
    for seed in 1..=6 {
        let noted = noted(seed).await;
        let list = listed(&noted.log).await;
        for unit in UNITS {
            let mut asked = asked(Kind::Periodic);
            asked.unit = unit.map(str::to_owned);
            let written = make(&noted.log.reader, &asked).await.unwrap().written;
            for (year, figures) in [
                (1, &written.figures),
                (0, &written.before.as_ref().unwrap().figures),
            ] {
                let counted = recount::figures(&noted, &list, (YEARS[year], YEARS[year + 1]), unit);
                let told = serde_json::to_value(figures).unwrap();
                for (name, value) in counted.as_object().unwrap() {
                    assert_eq!(
                        told[name], *value,
                        "{name}, seed {seed}, {unit:?}, year {year}"
                    );
                }
                assert_eq!(
                    told.as_object().unwrap().len(),
                    counted.as_object().unwrap().len()
                );
                exposed += counted["outcomes"]["exposed"].as_u64().unwrap_or_default();
            }
            let checked = check(&noted.log.reader, &written).await.unwrap();
            assert_eq!(checked, Checked::Agrees);
        }
    }
    assert!(exposed > 100, "the logs have enough of everything");
}
