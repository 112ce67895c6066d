//! What happened in one incident, and how does it stand? Its own page, reached by its code.
//!
//! Of a state secret only the facts that the law lets an office keep, only for those who may see
//! them, and each look is a deed (Luật 117/2025/QH15).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_query::{address_of, code_as_written};
use crate::admin::incident_words::{self, Chip};
use crate::admin::incident_work::{Work, last_of_work, work};
use crate::admin::incidents_page::{HERE, Line, line};
use crate::admin::{second_person, told};
use crate::model::deadline::{RunsFrom, WentOut, deadlines};
use crate::model::incident::Outcome;
use crate::model::review::{ReviewStatus, Role};
use crate::model::thousands::grouped;
use crate::report::clock::holidays;
use crate::store::evidence::facts;
use crate::store::exception::ExceptionState;
use crate::store::release::{ReleaseAnswer, ReleaseState, wish_of};
use crate::store::review::ReviewState;
use crate::store::{
    Act, Deed, DeedFilter, DeedRecord, InCommon, Incident, IncidentRecord, Narrow, NotKept,
    StoredDeed, What, WholeIncident,
};

/// How many related incidents are shown of each kind.
const RELATED_MAX: u32 = 5;
/// How many values are followed to other incidents.
const VALUES_MAX: usize = 5;
/// How many findings are shown singly.
const FINDINGS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    frame: Frame,
    incident: Told,
    status: Chip,
    outcome: Chip,
    findings: Vec<FindingLine>,
    findings_left: usize,
    clocks: Vec<Clock>,
    detected: String,
    confirmed: String,
    shown: String,
    related: Vec<Related>,
    history: Vec<Step>,
    wish: Option<String>,
    exceptions: Vec<String>,
    work: Option<Work>,
    may_except: bool,
    sealed_until: Option<String>,
    is_lifted: bool,
    is_auditor: bool,
}

/// The incident in words.
struct Told {
    code: String,
    time: String,
    action: Chip,
    severity: Chip,
    carries: String,
    service: String,
    unit: String,
    client: String,
    client_address: String,
    rule: String,
    subjects: u64,
    file: Option<String>,
    notes: Vec<String>,
    uninspectable: Option<String>,
    secret: Option<Secret>,
    repeats: u64,
    node: String,
    seq: String,
    hash: String,
}

struct Secret {
    level: String,
    place: String,
    bytes: String,
}

struct FindingLine {
    label: String,
    masked: String,
    count: u64,
    confidence: String,
    ground: Option<String>,
    why: String,
    rule: String,
    others: Option<String>,
}

struct Clock {
    what: &'static str,
    only_if: &'static str,
    basis: &'static str,
    from: &'static str,
    due: String,
    left: String,
    is_over: bool,
}

struct Related {
    title: String,
    all: String,
    lines: Vec<Line>,
}

struct Step {
    time: String,
    who: String,
    what: String,
    said: Option<String>,
}

/// The incident of a code, if this person may see it.
pub(super) async fn visible(desk: &Desk, visit: &Visit, code: &str) -> Result<Incident, Failure> {
    Ok(whole(desk, visit, code).await?.incident)
}

/// The same, with all that is known of it.
pub(super) async fn whole(
    desk: &Desk,
    visit: &Visit,
    code: &str,
) -> Result<WholeIncident, Failure> {
    let found = desk.reader.whole(&code_as_written(code)).await?;
    let found = found.ok_or(Failure::NotFound)?;
    if found.incident.record.secret.is_some() && !visit.sees_secrets() {
        return Err(Failure::NotFound);
    }
    Ok(found)
}

/// `GET /incidents/{code}`
pub(super) async fn show(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let whole = whole(&desk, &visit, &code).await?;
    let WholeIncident {
        incident, state, ..
    } = &whole;
    let record = &incident.record;
    if record.secret.is_some() {
        let look = Deed::new(visit.actor(), What::SecretSeen).incident(&record.id);
        desk.act(Act::of(look)).await?;
    }
    let about = DeedFilter {
        incident: Some(record.id.clone()),
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&about).await?;
    // Each exception came from an incident, and is among the deeds about it.
    let is_proposal =
        |deed: &StoredDeed| What::parse(&deed.record.what) == Some(What::ExceptionProposed);
    let exceptions = if deeds.iter().any(is_proposal) {
        desk.reader.exceptions().await?
    } else {
        Vec::new()
    };
    let related = related(&desk, incident).await?;
    let is_lifted = is_lifted(&desk, record).await?;
    let seen = last_of_work(&deeds);
    let own = exceptions.iter().filter(|one| one.code == record.code);
    let is_reviewer = visit.role() == Role::Reviewer;
    let work = if is_reviewer {
        Some(work(&desk, record, state, seen).await?)
    } else {
        None
    };
    let is_false_alarm = state.status.as_deref() == Some(ReviewStatus::FalseAlarm.as_str());
    page(&IncidentPage {
        frame: Frame::new(&desk, &visit, HERE),
        status: incident_words::status(state.status.as_deref().unwrap_or_default()),
        outcome: incident_words::outcome(state.outcome.as_deref().unwrap_or_default()),
        findings: findings(record),
        findings_left: record.findings.len().saturating_sub(FINDINGS_MAX),
        clocks: clocks(&desk, record, state),
        detected: state.detected_at.map(told::long).unwrap_or_default(),
        confirmed: state.confirmed_at.map(told::long).unwrap_or_default(),
        shown: (desk.words_shown)(record),
        related,
        history: deeds.iter().map(|deed| step(&deed.record)).collect(),
        wish: wish_of(&deeds).map(|release| wish(&release)),
        exceptions: own.map(exception).collect(),
        may_except: is_reviewer && is_false_alarm && record.secret.is_none(),
        incident: told_of(&desk, incident, whole.repeats),
        sealed_until: whole.sealed_until.map(told::long),
        is_lifted,
        is_auditor: visit.role() == Role::Auditor,
        work,
    })
}

/// Whether two people called the marking of this content a false alarm.
async fn is_lifted(desk: &Desk, record: &IncidentRecord) -> Result<bool, Failure> {
    let Some(secret) = &record.secret else {
        return Ok(false);
    };
    Ok(desk.reader.lifted().await?.contains(&secret.digest.0))
}

fn told_of(desk: &Desk, incident: &Incident, repeats: u64) -> Told {
    let record = &incident.record;
    Told {
        code: record.code.clone(),
        time: told::long(record.recorded_at),
        action: incident_words::action(&record.action),
        severity: incident_words::severity(&record.severity),
        carries: incident_words::carries(&record.carries),
        service: desk.service_name(&record.service),
        unit: record.unit.clone().unwrap_or_default(),
        client: record.client_address.clone(),
        client_address: address_of(Narrow::Client, &record.client_address),
        rule: record.policy_rule.clone(),
        subjects: record.subjects,
        file: record.file.as_ref().map(|file| {
            format!(
                "{} ({}), {} byte",
                file.name_masked,
                file.kind,
                grouped(file.bytes)
            )
        }),
        notes: record
            .notes
            .iter()
            .map(|n| incident_words::note(n))
            .collect(),
        uninspectable: record
            .uninspectable
            .as_deref()
            .map(incident_words::uninspectable),
        secret: record.secret.as_ref().map(|secret| Secret {
            level: secret.level.clone(),
            place: secret.place.clone(),
            bytes: grouped(secret.bytes),
        }),
        repeats,
        node: record.node.clone(),
        seq: grouped(incident.seq),
        hash: incident.hash.to_string(),
    }
}

fn findings(record: &IncidentRecord) -> Vec<FindingLine> {
    let findings = record.findings.iter().take(FINDINGS_MAX);
    findings
        .map(|finding| FindingLine {
            label: incident_words::category(&finding.category),
            masked: incident_words::masked(&finding.category, &finding.masked.0),
            count: finding.count,
            confidence: incident_words::confidence(&finding.confidence),
            ground: finding.ground.clone(),
            why: finding.why.clone(),
            rule: finding.rule.clone(),
            others: (!finding.fingerprint.0.is_empty())
                .then(|| address_of(Narrow::Fingerprint, &finding.fingerprint.0)),
        })
        .collect()
}

fn clocks(desk: &Desk, record: &IncidentRecord, state: &ReviewState) -> Vec<Clock> {
    let now = desk.now();
    let is_exposed = state.outcome.as_deref() == Some(Outcome::Exposed.as_str());
    let (Some(detected), Some(confirmed), true) =
        (state.detected_at, state.confirmed_at, is_exposed)
    else {
        return Vec::new();
    };
    let went_out = match record.secret {
        Some(_) => WentOut::StateSecret,
        None => WentOut::Data,
    };
    let holidays = holidays(&desk.reports.around.load().settings.holidays);
    deadlines(went_out, detected, confirmed, &holidays)
        .into_iter()
        .map(|deadline| Clock {
            what: deadline.what,
            only_if: deadline.only_if,
            basis: deadline.basis,
            from: match deadline.runs_from {
                RunsFrom::Detection => "từ lúc phát hiện",
                RunsFrom::Confirmation => "từ lúc xác nhận",
            },
            due: told::long(deadline.due_at),
            left: told::left(deadline.due_at, now),
            is_over: deadline.due_at <= now,
        })
        .collect()
}

/// Other incidents with the same values, and of the same workstation. Those of state secrets have
/// only their digest in common, and are found by whoever may see them in the list.
async fn related(desk: &Desk, incident: &Incident) -> Result<Vec<Related>, Failure> {
    let record = &incident.record;
    let values = record.findings.iter().take(VALUES_MAX);
    let values = values.filter(|finding| !finding.fingerprint.0.is_empty());
    let alike = values.map(|finding| {
        let label = incident_words::category(&finding.category);
        let masked = incident_words::masked(&finding.category, &finding.masked.0);
        let by = InCommon {
            by: Narrow::Fingerprint,
            value: finding.fingerprint.0.clone(),
            before_seq: None,
        };
        (format!("Cùng giá trị {label} {masked}"), by)
    });
    let by_client = InCommon {
        by: Narrow::Client,
        value: record.client_address.clone(),
        before_seq: Some(incident.seq),
    };
    let by_client = ("Trước đó, cùng máy trạm".to_owned(), by_client);
    let (titles, wanted): (Vec<String>, Vec<InCommon>) = alike.chain([by_client]).unzip();
    let found = desk.reader.in_common(&wanted, RELATED_MAX + 1).await?;
    let shown = usize::try_from(RELATED_MAX).unwrap_or(usize::MAX);
    let all = titles.into_iter().zip(wanted).zip(found);
    let all = all.map(|((title, wanted), found)| {
        let others = found.into_iter().filter(|one| one.seq != incident.seq);
        Related {
            title,
            all: address_of(wanted.by, &wanted.value),
            lines: others.take(shown).map(|one| line(desk, one)).collect(),
        }
    });
    Ok(all.filter(|related| !related.lines.is_empty()).collect())
}

fn step(deed: &DeedRecord) -> Step {
    let to = deed.fact("to").unwrap_or_default();
    let what = match What::parse(&deed.what) {
        Some(What::StatusSet) => format!("trạng thái: {}", incident_words::status(to).label),
        Some(What::OutcomeSet) => format!("kết quả: {}", incident_words::outcome(to).label),
        Some(What::Assigned) if to.is_empty() => "bỏ phân công".to_owned(),
        Some(What::Assigned) => format!("phân công: {to}"),
        Some(What::EvidenceNotKept) => {
            let why = deed.fact(facts::REASON).and_then(NotKept::parse);
            format!("{}: {}", deed.label(), why.map_or("", NotKept::label))
        }
        Some(_) | None => deed.label().to_owned(),
    };
    let what = match deed.fact(facts::SECOND) {
        Some(second) => format!("{what}, cùng {second}"),
        None => what,
    };
    let said = ["note", "reason", "sent_as"]
        .into_iter()
        .find_map(|name| deed.fact(name))
        .filter(|_| deed.what != What::EvidenceNotKept.as_str())
        .or_else(|| deed.fact(facts::FAULT).map(second_person::fault_words));
    Step {
        time: told::short(deed.recorded_at),
        who: match deed.actor.role.as_str() {
            "clerk" => format!("người sử dụng máy {}", deed.actor.name),
            "guard" => "Lá Chắn".to_owned(),
            _ => deed.actor.name.clone(),
        },
        what,
        said: said.map(str::to_owned),
    }
}

fn wish(release: &ReleaseState) -> String {
    let answer = match &release.answer {
        ReleaseAnswer::Waiting => "chưa trả lời".to_owned(),
        ReleaseAnswer::Granted { by, .. } => format!("{by} đồng ý cho gửi một lần"),
        ReleaseAnswer::Declined { by, .. } => format!("{by} không đồng ý"),
        ReleaseAnswer::Used { at } => format!("đã gửi lúc {}", told::long(*at)),
    };
    format!("“{}”: {answer}", release.reason)
}

fn exception(state: &ExceptionState) -> String {
    format!(
        "{}: {}",
        state.id,
        crate::admin::exceptions_page::standing(state)
    )
}
