//! What did the blocked text say? Only the auditor opens it, with the own key and a second person.
//!
//! The key comes with the form, is used once in memory, and is kept nowhere. Each opening, and each
//! try that fails, is a deed that names both; it is in the chain before the text is shown.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use zeroize::Zeroizing;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page, page_with};
use crate::admin::incident_page::visible;
use crate::admin::incidents_page::HERE;
use crate::admin::second_person::{SecondPerson, reason_of};
use crate::admin::told;
use crate::model::review::Role;
use crate::model::thousands::grouped;
use crate::seal::{self, Identity, NotOpened};
use crate::store::account::Account;
use crate::store::evidence::facts;
use crate::store::{Act, Deed, Incident, KeptEvidence, StoreError, What};

#[derive(Template)]
#[template(path = "evidence.html")]
struct AskPage {
    frame: Frame,
    code: String,
    sealed: String,
    until: String,
    bytes: String,
    recipient: String,
    reason: String,
    second_name: String,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "evidence_open.html")]
struct OpenPage {
    frame: Frame,
    code: String,
    text: Zeroizing<String>,
    second: String,
    opened: String,
}

/// Why a text was not opened: its name in the chain, and what is said.
type Fault = (&'static str, &'static str);

const NO_REASON: &str = "Đề nghị ghi lý do mở.";
const NO_KEY: Fault = (
    "no_key",
    "Khóa riêng chưa đúng dạng: dán dòng bắt đầu bằng AGE-SECRET-KEY-1, hoặc cả nội dung tệp khóa.",
);
const OTHER_KEY: Fault = (
    "other_key",
    "Khóa riêng này không mở được: nội dung được niêm phong cho khóa khác. Đề nghị dùng khóa riêng \
     của khóa công khai ghi trên trang này.",
);
const CHANGED: Fault = (
    "changed",
    "Tệp niêm phong đã bị thay đổi hoặc hỏng, không mở được. Đề nghị kiểm tra tính toàn vẹn của \
     nhật ký.",
);

/// Who may sign with: somebody who works on incidents. Administrators make accounts, and could make
/// themselves a witness.
fn has_part(account: &Account) -> bool {
    match account.role {
        Role::Reviewer | Role::Auditor => true,
        Role::Admin => false,
    }
}

async fn kept(desk: &Desk, visit: &Visit, code: &str) -> Result<(Incident, KeptEvidence), Failure> {
    let incident = visible(desk, visit, code).await?;
    let kept = desk.reader.evidence(&incident.record.id).await?;
    Ok((incident, kept.ok_or(Failure::NotFound)?))
}

/// `GET /incidents/{code}/evidence`
pub(super) async fn ask(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let (incident, kept) = kept(&desk, &visit, &code).await?;
    page(&ask_page(&desk, &visit, (&incident, &kept), None, None))
}

fn ask_page(
    desk: &Desk,
    visit: &Visit,
    (incident, kept): (&Incident, &KeptEvidence),
    typed: Option<&Form>,
    fault: Option<&'static str>,
) -> AskPage {
    // What was typed comes back but for secrets.
    let typed = |name| typed.map_or("", |form| form.text(name)).to_owned();
    AskPage {
        frame: Frame::new(desk, visit, HERE),
        code: incident.record.code.clone(),
        sealed: told::long(kept.sealed_at),
        until: told::long(kept.ends_at),
        bytes: grouped(kept.bytes),
        recipient: kept.recipient.clone(),
        reason: typed("reason"),
        second_name: typed("second_name"),
        fault,
    }
}

/// `POST /incidents/{code}/evidence`
pub(super) async fn open(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let (incident, kept) = kept(&desk, &visit, &code).await?;
    let again = |fault| {
        let about = (&incident, &kept);
        let page = ask_page(&desk, &visit, about, Some(&form), Some(fault));
        page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
    };
    let reason = match reason_of(&desk, &form, NO_REASON) {
        Ok(reason) => reason,
        Err(fault) => return again(fault),
    };
    let id = incident.record.id.as_str();
    let deed = |what| Deed::new(visit.actor(), what).incident(id);
    let not_opened = |fault, second: Option<&str>| {
        let deed = deed(What::EvidenceNotOpened).fact(facts::FAULT, fault);
        Act::of(match second {
            Some(second) => deed.fact(facts::SECOND, second),
            None => deed,
        })
    };
    let second = match SecondPerson::of(&desk, &visit, &form, has_part).await? {
        Ok(second) => second,
        Err((unsigned, name)) => {
            desk.act(not_opened(unsigned.as_str(), name.as_deref()))
                .await?;
            return again(unsigned.label());
        }
    };
    match opened(&desk, id, form.text("key")).await? {
        Err((name, told)) => {
            let failed = not_opened(name, Some(second.name()));
            desk.act(failed.change(second.uses_code())).await?;
            again(told)
        }
        Ok(text) => {
            let deed = deed(What::EvidenceOpened)
                .fact(facts::REASON, &reason)
                .fact(facts::SECOND, second.name());
            desk.act(Act::of(deed).change(second.uses_code())).await?;
            page(&OpenPage {
                frame: Frame::new(&desk, &visit, HERE),
                code: incident.record.code.clone(),
                text,
                second: second.name().to_owned(),
                opened: told::long(desk.now()),
            })
        }
    }
}

/// The text of an incident, opened with a key that is gone afterwards.
async fn opened(
    desk: &Desk,
    incident: &str,
    key: &str,
) -> Result<Result<Zeroizing<String>, Fault>, Failure> {
    let Some(identity) = Identity::parse(key) else {
        return Ok(Err(NO_KEY));
    };
    let sealed = match desk.reader.sealed_bytes(incident).await {
        Ok(sealed) => sealed.ok_or(Failure::NotFound)?,
        Err(StoreError::Damaged { .. }) => return Ok(Err(CHANGED)),
        Err(error) => return Err(error.into()),
    };
    Ok(match seal::open(&identity, &sealed) {
        Ok(text) => Ok(Zeroizing::new(
            String::from_utf8_lossy(text.as_slice()).into_owned(),
        )),
        Err(NotOpened::OtherKey) => Err(OTHER_KEY),
        Err(NotOpened::NotAge | NotOpened::Changed) => Err(CHANGED),
    })
}
