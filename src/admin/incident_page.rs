//! What happened in one incident, and how does it stand? Its own page, reached by its code.
//!
//! Of a state secret only the facts that the law lets an office keep, only for those who may see
//! them, and each look is a deed (Luật 117/2025/QH15).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use futures_util::future::try_join_all;

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
    Act, Deed, DeedFilter, DeedRecord, Incident, IncidentFilter, IncidentRecord, Narrow, NotKept,
    What,
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
    let found = desk.reader.find(&code_as_written(code)).await?;
    let incident = found.ok_or(Failure::NotFound)?;
    if incident.record.secret.is_some() && !visit.sees_secrets() {
        return Err(Failure::NotFound);
    }
    Ok(incident)
}

/// `GET /incidents/{code}`
pub(super) async fn show(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let incident = visible(&desk, &visit, &code).await?;
    let record = &incident.record;
    if record.secret.is_some() {
        let look = Deed::new(visit.actor(), What::SecretSeen).incident(&record.id);
        desk.act(Act::of(look)).await?;
    }
    let state = desk.reader.review_state(&record.id).await?;
    let state = state.unwrap_or_default();
    let about = DeedFilter {
        incident: Some(record.id.clone()),
        ..DeedFilter::default()
    };
    // Side by side: each asks its own question.
    let reader = &desk.reader;
    let (deeds, exceptions, kept, repeats) = tokio::try_join!(
        reader.deeds(&about),
        reader.exceptions(),
        reader.evidence(&record.id),
        reader.repeats(&record.id),
    )?;
    let (related, is_lifted) =
        tokio::try_join!(related(&desk, &incident), is_lifted(&desk, record))?;
    let seen = last_of_work(&deeds);
    let own = exceptions.iter().filter(|one| one.code == record.code);
    let is_reviewer = visit.role() == Role::Reviewer;
    let work = if is_reviewer {
        Some(work(&desk, record, &state, seen).await?)
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
        clocks: clocks(&desk, record, &state),
        detected: state.detected_at.map(told::long).unwrap_or_default(),
        confirmed: state.confirmed_at.map(told::long).unwrap_or_default(),
        shown: (desk.words_shown)(record),
        related,
        history: deeds.iter().map(|deed| step(&deed.record)).collect(),
        wish: wish_of(&deeds).map(|release| wish(&release)),
        exceptions: own.map(exception).collect(),
        may_except: is_reviewer && is_false_alarm && record.secret.is_none(),
        incident: told_of(&desk, &incident, repeats),
        sealed_until: kept.map(|kept| told::long(kept.ends_at)),
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
        let title = format!("Cùng giá trị {label} {masked}");
        let by = (Narrow::Fingerprint, finding.fingerprint.0.clone());
        (title, by, None)
    });
    let title = "Trước đó, cùng máy trạm".to_owned();
    let by = (Narrow::Client, record.client_address.clone());
    let all = alike.chain([(title, by, Some(incident.seq))]);
    let all = all.map(|(title, by, before)| related_by(desk, incident, title, by, before));
    let found = try_join_all(all).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn related_by(
    desk: &Desk,
    incident: &Incident,
    title: String,
    by: (Narrow, String),
    before_seq: Option<u64>,
) -> Result<Option<Related>, Failure> {
    let all = address_of(by.0, &by.1);
    let filter = IncidentFilter {
        narrowings: vec![by],
        before_seq,
        limit: RELATED_MAX + 1,
        ..IncidentFilter::default()
    };
    let found = desk.reader.incidents(&filter).await?.lines;
    let others = found.into_iter().filter(|one| one.seq != incident.seq);
    let shown = usize::try_from(RELATED_MAX).unwrap_or(usize::MAX);
    let lines: Vec<Line> = others.take(shown).map(|one| line(desk, one)).collect();
    Ok((!lines.is_empty()).then_some(Related { title, all, lines }))
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
