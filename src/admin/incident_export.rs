//! How do incidents leave for a table or another program? As CSV or JSON Lines, masked as ever.
//!
//! CSV begins with the mark by which Excel knows UTF-8, and no cell is a formula: names of units
//! and services come from settings, and what a client sent could otherwise run on the reader's
//! machine. State secrets are never exported.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream, StreamExt as _};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::json;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form as FormFields;
use crate::admin::frame::Visit;
use crate::admin::incident_query::IncidentQuery;
use crate::admin::incident_words;
use crate::admin::told;
use crate::store::incident_json::rfc3339;
use crate::store::{Act, Deed, Incident, IncidentFilter, IncidentLine, What};

/// How many are read at a time at first, so that the file begins at once, and afterwards.
const FIRST_INCIDENTS: u32 = 50;
const PAGE_INCIDENTS: u32 = 500;
/// The mark by which Excel knows UTF-8.
const MARK: &str = "\u{feff}";

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

/// In which form incidents leave.
#[derive(Clone, Copy)]
enum Form {
    Csv,
    Json,
}

/// `POST /incidents/export`: page by page as they are found, however many.
pub(super) async fn export(
    State(desk): State<Desk>,
    visit: Visit,
    fields: FormFields,
) -> Result<Response, Failure> {
    let query = IncidentQuery::read(fields.pairs());
    let (form, kind, ending) = match fields.text("format") {
        "csv" => (Form::Csv, "text/csv; charset=utf-8", "csv"),
        "json" => (Form::Json, "application/jsonl", "jsonl"),
        _ => return Err(Failure::BadForm),
    };
    let filter = query.filter(false, FIRST_INCIDENTS);
    let first = Piece::read(&desk, filter, form).await?;
    // Records are only ever added: with the last number, the filter says which ones left.
    let deed = Deed::new(visit.actor(), What::Exported)
        .fact("format", ending)
        .fact("filter", &query.address(None))
        .fact("until", &desk.store.chain_seq().to_string());
    desk.act(Act::of(deed)).await?;
    let day = told::day_field(desk.now());
    let name = format!("attachment; filename=\"su-kien-{day}.{ending}\"");
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(file(desk, form, first))).into_response())
}

/// A part of the file, and where the next one begins.
struct Piece {
    bytes: Vec<u8>,
    next: Option<IncidentFilter>,
}

impl Piece {
    async fn read(desk: &Desk, filter: IncidentFilter, form: Form) -> Result<Self, Failure> {
        let page = desk.reader.incidents(&filter).await?;
        let records = desk.reader.records(&page.lines).await?;
        let found: Vec<_> = page.lines.into_iter().zip(records).collect();
        Ok(Self {
            bytes: match form {
                Form::Csv => as_csv(desk, &found)?,
                Form::Json => as_json(&found),
            },
            next: page.next.map(|next| IncidentFilter {
                before_seq: Some(next),
                limit: PAGE_INCIDENTS,
                ..filter
            }),
        })
    }
}

/// The whole file. One that breaks off is seen by the browser as a download that failed.
fn file(
    desk: Desk,
    form: Form,
    first: Piece,
) -> impl Stream<Item = Result<Vec<u8>, Failure>> + Send + 'static {
    let head = match form {
        Form::Csv => csv_head(),
        Form::Json => Ok(Vec::new()),
    };
    let rest = stream::try_unfold(first.next, move |next| {
        let desk = desk.clone();
        async move {
            let Some(filter) = next else {
                return Ok(None);
            };
            let piece = Piece::read(&desk, filter, form).await?;
            Ok(Some((piece.bytes, piece.next)))
        }
    });
    stream::iter([head, Ok(first.bytes)]).chain(rest)
}

fn csv_head() -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    writer.write_record(COLUMNS).map_err(broken)?;
    writer.into_inner().map_err(|_error| Failure::BadForm)
}

fn as_csv(desk: &Desk, found: &[(IncidentLine, Incident)]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (line, incident) in found {
        writer
            .write_record(cells(desk, line, incident).map(|cell| harmless(&cell)))
            .map_err(broken)?;
    }
    writer.into_inner().map_err(|_error| Failure::BadForm)
}

fn broken(_error: csv::Error) -> Failure {
    Failure::BadForm
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
