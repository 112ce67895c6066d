//! How do incidents leave for a table or another program? As CSV or JSON Lines, masked as ever.
//!
//! CSV begins with the mark by which Excel knows UTF-8, and no cell is a formula: names of units
//! and services come from settings, and what a client sent could otherwise run on the reader's
//! machine. State secrets are never exported.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::json;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::Visit;
use crate::admin::incident_query::IncidentQuery;
use crate::admin::incident_words;
use crate::admin::told;
use crate::store::incident_json::rfc3339;
use crate::store::{Act, Deed, Incident, IncidentLine, What};

/// How many incidents one file has at most.
const EXPORT_INCIDENTS_MAX: usize = 20_000;
/// How many are read at a time.
const PAGE_INCIDENTS: u32 = 500;

const COLUMNS: [&str; 15] = [
    "Mã sự kiện",
    "Thời điểm",
    "Việc đã làm",
    "Mức",
    "Loại thông tin",
    "Trích (đã che)",
    "Số người",
    "Công cụ AI",
    "Bộ phận",
    "Máy trạm",
    "Quy tắc",
    "Trạng thái",
    "Kết quả",
    "Người phụ trách",
    "Mã băm",
];

/// `POST /incidents/export`
pub(super) async fn export(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let query = IncidentQuery::read(form.pairs());
    let is_csv = match form.text("format") {
        "csv" => true,
        "json" => false,
        _ => return Err(Failure::BadForm),
    };
    let found = collect(&desk, &query).await?;
    let (kind, ending, body) = if is_csv {
        ("text/csv; charset=utf-8", "csv", as_csv(&desk, &found)?)
    } else {
        ("application/jsonl", "jsonl", as_json(&found))
    };
    let deed = Deed::new(visit.actor(), What::Exported)
        .fact("format", ending)
        .fact("filter", &query.address(None))
        .fact("incidents", &found.len().to_string());
    desk.act(Act::of(deed)).await?;
    let day = told::day_field(desk.now());
    let name = format!("attachment; filename=\"su-kien-{day}.{ending}\"");
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// All that the filter lets through, or the remedy where that is too much for one file.
async fn collect(
    desk: &Desk,
    query: &IncidentQuery,
) -> Result<Vec<(IncidentLine, Incident)>, Failure> {
    let mut filter = query.filter(false, PAGE_INCIDENTS);
    let mut found = Vec::new();
    loop {
        let page = desk.reader.incidents(&filter).await?;
        let records = desk.reader.records(&page.lines).await?;
        found.extend(page.lines.into_iter().zip(records));
        if found.len() > EXPORT_INCIDENTS_MAX {
            return Err(Failure::TooMuch);
        }
        match page.next {
            Some(next) => filter.before_seq = Some(next),
            None => return Ok(found),
        }
    }
}

fn as_csv(desk: &Desk, found: &[(IncidentLine, Incident)]) -> Result<Vec<u8>, Failure> {
    // The mark by which Excel knows UTF-8.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let broken = |_error: csv::Error| Failure::BadForm;
    writer.write_record(COLUMNS).map_err(broken)?;
    for (line, incident) in found {
        writer
            .write_record(cells(desk, line, incident).map(|cell| harmless(&cell)))
            .map_err(broken)?;
    }
    writer.into_inner().map_err(|_error| Failure::BadForm)
}

fn cells(desk: &Desk, line: &IncidentLine, incident: &Incident) -> [String; 15] {
    let record = &incident.record;
    let masked: Vec<&str> = record
        .findings
        .iter()
        .map(|finding| finding.masked.0.as_str())
        .filter(|masked| !masked.is_empty())
        .collect();
    [
        line.code.clone(),
        told::short(line.recorded_at),
        incident_words::action(&line.action).label,
        incident_words::severity(&line.severity).label,
        incident_words::content(&line.categories, line.uninspectable.as_deref()),
        masked.join("; "),
        line.subjects.to_string(),
        desk.service_name(&line.service),
        line.unit.clone().unwrap_or_default(),
        line.client.clone(),
        record.policy_rule.clone(),
        incident_words::status(&line.status).label,
        incident_words::outcome(&line.outcome).label,
        line.assignee.clone().unwrap_or_default(),
        incident.hash.to_string(),
    ]
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && cell != "-" {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn as_json(found: &[(IncidentLine, Incident)]) -> Vec<u8> {
    let mut lines = String::new();
    for (line, incident) in found {
        let mut whole = incident.to_json();
        let review = json!({
            "status": line.status,
            "assignee": line.assignee,
            "outcome": line.outcome,
            "detected_at": line.detected_at.map(rfc3339),
        });
        if let Some(object) = whole.as_object_mut() {
            object.insert("review".to_owned(), review);
        }
        lines.push_str(&whole.to_string());
        lines.push('\n');
    }
    lines.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for evil in ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(harmless(evil).starts_with('\''), "{evil:?}");
        }
        assert_eq!(harmless("Một cửa"), "Một cửa");
    }
}
