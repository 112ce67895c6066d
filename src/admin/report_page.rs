//! One report: to be read, written on, approved, downloaded.
//!
//! What people write makes a new version with the figures of now; versions are never changed. Who
//! approved which version, the chain says by its digest.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::report_desk::{Version, digest_of, is_secret, versions};
use crate::admin::report_view::{DocumentView, Part, view};
use crate::admin::reports_page::{HERE, made, to_report};
use crate::report::compose::compose;
use crate::report::form::Form as FileForm;
use crate::report::make::{TEXTS_MAX, make_as_of};
use crate::report::{Asked, Kind, Made, Written, check, deeds};
use crate::store::{Act, Deed, What};

/// What stands before the name of a field in a form.
const FIELD: &str = "text.";

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    document: DocumentView,
    version: Option<Version>,
    others: Vec<Version>,
    id: String,
    head: u64,
    digest: String,
    forms: Vec<&'static str>,
}

impl ReportPage {
    fn token(&self, tail: &str) -> String {
        self.frame.token(&format!("{HERE}/{}{tail}", self.id))
    }

    fn is_approved(&self) -> bool {
        let version = self.version.as_ref();
        version.is_some_and(|version| version.approved.is_some())
    }
}

/// The report of an address, if this person may see it.
fn read(desk: &Desk, visit: &Visit, id: &str) -> Result<(Written, Kind), Failure> {
    let written = desk.reports.shelf.read(&digest_of(id));
    let written = written.ok_or(Failure::NotFound)?;
    let kind = Kind::parse(&written.kind).ok_or(Failure::NotFound)?;
    if is_secret(kind) && !visit.sees_secrets() {
        return Err(Failure::Forbidden);
    }
    Ok((written, kind))
}

/// `GET /reports/{id}`
pub(super) async fn show(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let (written, kind) = read(&desk, &visit, &id)?;
    if is_secret(kind) {
        let seen = written
            .incidents
            .iter()
            .map(|incident| Deed::new(visit.actor(), What::SecretSeen).incident(&incident.id));
        desk.act(seen.fold(Act::default(), Act::deed)).await?;
    }
    let around = desk.reports.around.load_full();
    let document = compose(&written, &around).ok_or(Failure::NotFound)?;
    let mut all = versions(&desk).await?;
    let subject = deeds::subject(&written);
    all.retain(|version| version.subject == subject);
    let place = all
        .iter()
        .position(|version| version.digest == written.digest);
    let version = place.map(|place| all.remove(place));
    page(&ReportPage {
        frame: Frame::new(&desk, &visit, HERE),
        document: view(&document),
        version,
        others: all,
        id,
        head: written.chain.head.seq,
        digest: written.digest,
        forms: FileForm::ALL.into_iter().map(FileForm::name).collect(),
    })
}

/// `POST /reports/{id}`: what was written, with the figures of now.
pub(super) async fn write(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let (written, _) = read(&desk, &visit, &id)?;
    if !written.sources.is_empty() {
        // It is made of other offices' reports, not of this log.
        return Err(Failure::BadForm);
    }
    let mut asked = asked_again(&desk, &written).ok_or(Failure::NotFound)?;
    for (name, text) in form.under(FIELD).take(TEXTS_MAX) {
        asked.texts.insert(name.to_owned(), text.to_owned());
    }
    match made(&desk, &visit, asked).await? {
        Ok(written) => Ok(to_report(&written, "?done=saved")),
        Err(_fault) => Err(Failure::BadForm),
    }
}

/// `POST /reports/{id}/approve`
pub(super) async fn approve(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let (written, _) = read(&desk, &visit, &id)?;
    let signer = visit.person.account.full_name.clone();
    let deeds = deeds::approved(&visit.actor(), &written, &signer);
    desk.act(deeds.into_iter().fold(Act::default(), Act::deed))
        .await?;
    Ok(Redirect::to(&format!("{HERE}/{id}?done=approved")).into_response())
}

/// Which form is wanted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    form: Option<String>,
}

/// `GET /reports/{id}/file`
pub(super) async fn file(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Failure> {
    let (written, kind) = read(&desk, &visit, &id)?;
    let form = wanted.form.as_deref().and_then(FileForm::parse);
    let form = form.ok_or(Failure::NotFound)?;
    let asked = asked_again(&desk, &written).ok_or(Failure::NotFound)?;
    let head = written.chain.head.clone();
    let mut made = if written.sources.is_empty() {
        let made = make_as_of(&desk.reader, &asked, head).await;
        made.map_err(Failure::Report)?
    } else {
        // A sum has no lines of this log.
        Made {
            written: written.clone(),
            lines: BTreeMap::new(),
        }
    };
    // The lines come from the log; the report is the one that was kept.
    made.written = written;
    let around = desk.reports.around.load_full();
    let name = format!(
        "{}-{}.{}",
        kind.name(),
        made.written.period.name,
        form.name()
    );
    let deed = Deed::new(visit.actor(), What::Exported)
        .subject(&deeds::subject(&made.written))
        .fact("format", form.name())
        .fact("digest", &made.written.digest);
    let bytes = tokio::task::spawn_blocking(move || form.write(&made, &around)).await;
    let bytes = bytes.map_err(|_panic| Failure::NotFound)?;
    let bytes = bytes.map_err(Failure::ReportForm)?;
    desk.act(Act::of(deed)).await?;
    let media = match form {
        FileForm::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        FileForm::Pdf => "application/pdf",
        FileForm::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileForm::Csv => "text/csv; charset=utf-8",
        FileForm::Json => "application/json",
    };
    let disposition = format!("attachment; filename=\"lachan-{name}\"");
    let head = [
        (CONTENT_TYPE, media.to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    Ok((head, bytes).into_response())
}

/// What a report was made from, to be made again.
fn asked_again(desk: &Desk, written: &Written) -> Option<Asked> {
    let mut asked = check::asked(written).ok()?;
    let around = desk.reports.around.load();
    asked.cut_offs = around.settings.cut_offs;
    asked.office.clone_from(&around.settings.office);
    Some(asked)
}
