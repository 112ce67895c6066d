//! How do answers for programs look? Their fields are a contract: they are added to, not changed.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::status::Status;
use crate::model::exchange::UnixMillis;
use crate::store::incident_json::rfc3339;
use crate::store::registry::day_of;
use crate::store::review::ReviewState;
use crate::store::tool::Tool;
use crate::store::totals::{self, Dimension};
use crate::store::{Incident, Sum};

/// A page of incidents, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiIncidents {
    /// The incidents.
    pub(super) incidents: Vec<ApiIncident>,
    /// What `before` asks for the next page; null on the last.
    pub(super) next: Option<u64>,
}

/// One incident. Of a state secret there are no `details`.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiIncident {
    /// The id (`UUIDv7`).
    id: String,
    /// The short code.
    code: String,
    /// Its number in the chain.
    seq: u64,
    /// When it was recorded, RFC 3339 at +07:00.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// `low`, `medium`, `high`, `critical`.
    severity: String,
    /// Of a state secret: A, B or C.
    level: Option<String>,
    /// Everything else; null for a state secret.
    details: Option<ApiDetails>,
}

/// What is told of an incident that is no state secret.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiDetails {
    /// The node that recorded it.
    node: String,
    /// The workstation's unit.
    unit: Option<String>,
    /// The service's id.
    service: String,
    /// What the request carried.
    carries: String,
    /// `audit`, `redact`, `block`.
    action: String,
    /// The policy rule that decided.
    policy_rule: String,
    /// How many people the content told about.
    subjects: u64,
    /// Categories, each with how often it was found.
    findings: BTreeMap<String, u64>,
    /// Why something could not be inspected.
    uninspectable: Option<String>,
    /// `new`, `in_review`, `confirmed`, `false_alarm`, `closed`.
    status: String,
    /// `prevented`, `exposed`, `unknown`, as it stands now.
    outcome: String,
}

impl ApiIncident {
    /// An incident and how it stands.
    pub(super) fn of(incident: &Incident, state: Option<&ReviewState>) -> Self {
        let record = &incident.record;
        let level = record.secret.as_ref().map(|secret| secret.level.clone());
        let details = level.is_none().then(|| {
            let mut findings: BTreeMap<String, u64> = BTreeMap::new();
            for finding in &record.findings {
                let count = findings.entry(finding.category.clone()).or_default();
                *count = count.saturating_add(finding.count);
            }
            let status = state.and_then(|state| state.status.clone());
            let outcome = state.and_then(|state| state.outcome.clone());
            ApiDetails {
                node: record.node.clone(),
                unit: record.unit.clone(),
                service: record.service.clone(),
                carries: record.carries.clone(),
                action: record.action.clone(),
                policy_rule: record.policy_rule.clone(),
                subjects: record.subjects,
                findings,
                uninspectable: record.uninspectable.clone(),
                status: status.unwrap_or_else(|| "new".to_owned()),
                outcome: outcome.unwrap_or_else(|| record.outcome.clone()),
            }
        });
        Self {
            id: record.id.clone(),
            code: record.code.clone(),
            seq: incident.seq,
            recorded_at: rfc3339(record.recorded_at),
            severity: record.severity.clone(),
            level,
            details,
        }
    }
}

/// Figures of a span of days, without state secrets.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiSummary {
    /// The first day.
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    to: String,
    /// The figures.
    lines: Vec<SummaryLine>,
}

/// One figure.
#[derive(Serialize, ToSchema)]
pub(super) struct SummaryLine {
    /// What is counted by: `all`, `service`, `unit`, `category`, `severity`, `uninspectable`.
    by: &'static str,
    /// Its value; empty for all.
    name: String,
    /// `audit`, `redact`, `block`.
    action: String,
    /// How many incidents.
    count: u64,
}

impl SummaryLine {
    /// The figures of one dimension.
    pub(super) fn of(dimension: Dimension, sums: &[Sum]) -> impl Iterator<Item = Self> {
        sums.iter().map(move |sum| Self {
            by: dimension.as_str(),
            name: sum.name.clone(),
            action: sum.action.clone(),
            count: sum.count,
        })
    }
}

impl ApiSummary {
    /// A summary of these days.
    pub(super) fn new((first, last): (i64, i64), lines: Vec<SummaryLine>) -> Self {
        let day = |day| day_of(totals::start_of_day(day));
        Self {
            from: day(first),
            to: day(last),
            lines,
        }
    }
}

/// The register of AI tools.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiTools {
    /// The tools.
    pub(super) tools: Vec<ApiTool>,
}

/// One tool of the register.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiTool {
    /// The service's id, or its host.
    id: String,
    /// Its name.
    name: String,
    /// Whether it may be used now.
    is_approved: bool,
    /// The last day it may be used.
    #[schema(format = Date)]
    until: Option<String>,
    /// Whether the preliminary assessment is whole.
    is_assessed: bool,
    /// The fields of its entry.
    fields: BTreeMap<&'static str, String>,
}

impl ApiTool {
    /// A tool as it stands now.
    pub(super) fn of(tool: &Tool, now: UnixMillis) -> Self {
        let fields = tool.fields.iter();
        Self {
            id: tool.id.clone(),
            name: tool.name().to_owned(),
            is_approved: tool.is_approved(&day_of(now)),
            until: tool.approval.as_ref().and_then(|one| one.until.clone()),
            is_assessed: tool.is_assessed(),
            fields: fields
                .map(|(field, value)| (field.as_str(), value.clone()))
                .collect(),
        }
    }
}

/// How the node is.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiStatus {
    /// The program's version.
    version: &'static str,
    /// Whether incidents can be stored.
    is_store_writable: bool,
    /// The last number of the chain.
    chain_seq: u64,
    /// Days until the interception CA expires.
    ca_days_left: i64,
    /// What a person should look at.
    complaints: Vec<String>,
}

impl ApiStatus {
    /// The state of the node.
    pub(super) fn of(status: &Status) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            is_store_writable: status.is_store_writable,
            chain_seq: status.chain_seq,
            ca_days_left: status.ca_days_left,
            complaints: status.complaints.clone(),
        }
    }
}
