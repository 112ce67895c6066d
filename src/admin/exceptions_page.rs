//! What was wrongly recognized, and is left alone for a time? Exceptions: proposed by a reviewer
//! from a false alarm, confirmed by an administrator, ended by either day or hand.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::incident_page::whole;
use crate::admin::incident_words;
use crate::admin::standing::put_exceptions_in_force;
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::{ReviewStatus, Role};
use crate::store::exception::{ExceptionState, Scope, Standing, facts};
use crate::store::totals::{day_of, start_of_day};
use crate::store::{Act, Deed, What};

const HERE: &str = "/exceptions";
/// The longest time for which something is excepted, in days: then it is looked at again.
const DAYS_MAX: i64 = 366;
/// What is wrong with a day.
const UNTIL: &str = "Ngày hết hiệu lực phải từ hôm nay đến không quá một năm. Đề nghị quay lại và sửa \
                     ô “Đến hết ngày”. Chưa có gì thay đổi.";
/// What is wrong with a rule switched off everywhere.
const ONE_UNIT: &str = "Phạm vi “mọi giá trị” chỉ áp dụng cho một bộ phận. Đề nghị quay lại và chọn bộ \
                        phận. Chưa có gì thay đổi.";
/// How long a reason may be.
const REASON_CHARS_MAX: usize = 500;

#[derive(Template)]
#[template(path = "exceptions.html")]
struct ExceptionsPage {
    frame: Frame,
    exceptions: Vec<Line>,
    may_decide: bool,
}

struct Line {
    id: String,
    code: String,
    about: String,
    place: String,
    until: String,
    reason: String,
    proposed: String,
    standing: String,
    tone: &'static str,
    uses: u64,
    waits: bool,
    holds: bool,
}

/// How an exception stands, in words.
pub(super) fn standing(state: &ExceptionState) -> String {
    match state.standing {
        Standing::Proposed => "chờ quản trị viên xác nhận".to_owned(),
        Standing::Confirmed => format!("{} xác nhận", state.decided_by),
        Standing::Declined => format!("{} không chấp nhận", state.decided_by),
        Standing::Ended => format!("{} đã chấm dứt", state.decided_by),
    }
}

fn line(state: ExceptionState, now: UnixMillis) -> Line {
    let category = incident_words::category(&state.category);
    let holds = state.holds_at(now);
    let (standing, tone) = match state.standing {
        Standing::Confirmed if !holds => ("đã hết hạn".to_owned(), ""),
        Standing::Confirmed => (standing(&state), "good"),
        Standing::Proposed => (standing(&state), "care"),
        Standing::Declined | Standing::Ended => (standing(&state), ""),
    };
    Line {
        about: match state.scope {
            Scope::Value => {
                let masked = incident_words::masked(&state.category, &state.masked);
                format!("{category} {masked}")
            }
            Scope::Rule => format!("{category}: mọi giá trị theo quy tắc {}", state.rule),
        },
        place: state.unit.clone().unwrap_or("mọi bộ phận".to_owned()),
        until: last_day(state.until),
        proposed: format!("{}, {}", state.proposed_by, told::short(state.proposed_at)),
        waits: state.standing == Standing::Proposed,
        uses: state.uses,
        id: state.id,
        code: state.code,
        reason: state.reason,
        standing,
        tone,
        holds,
    }
}

/// `GET /exceptions`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let all = desk.reader.exceptions().await?;
    let now = desk.now();
    page(&ExceptionsPage {
        frame: Frame::new(&desk, &visit, HERE),
        exceptions: all.into_iter().map(|one| line(one, now)).collect(),
        may_decide: visit.role() == Role::Admin,
    })
}

/// `POST /incidents/{code}/exception`: a reviewer proposes.
pub(super) async fn propose(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let whole = whole(&desk, &visit, &code).await?;
    let record = &whole.incident.record;
    if whole.state.status.as_deref() != Some(ReviewStatus::FalseAlarm.as_str()) {
        return Err(Failure::Conflict);
    }
    let place: usize = form.text("finding").parse().map_err(|_| Failure::BadForm)?;
    let finding = record.findings.get(place).ok_or(Failure::BadForm)?;
    let scope = Scope::parse(form.text("scope")).ok_or(Failure::BadForm)?;
    let unit = form.text("unit");
    let is_own_unit = unit.is_empty() || record.unit.as_deref() == Some(unit);
    // A whole rule is switched off in one unit at most.
    let is_bounded = scope == Scope::Value || !unit.is_empty() || record.unit.is_none();
    let is_known = match scope {
        Scope::Value => !finding.fingerprint.0.is_empty(),
        Scope::Rule => !finding.rule.is_empty(),
    };
    let reason: String = form.text("reason").chars().take(REASON_CHARS_MAX).collect();
    let until = until(&form, desk.now())?;
    if !is_bounded {
        return Err(Failure::BadField(ONE_UNIT));
    }
    if !(is_own_unit && is_known) || reason.is_empty() {
        return Err(Failure::BadForm);
    }
    let all = desk.reader.exceptions().await?;
    let earlier = all.iter().filter(|one| one.code == record.code).count();
    let mut deed = Deed::new(visit.actor(), What::ExceptionProposed)
        .incident(&record.id)
        .subject(&format!("{}-{}", record.code, earlier + 1))
        .fact(facts::CODE, &record.code)
        .fact(facts::SCOPE, scope.as_str())
        .fact(facts::FINGERPRINT, &finding.fingerprint.0)
        .fact(facts::RULE, &finding.rule)
        .fact(facts::CATEGORY, &finding.category)
        .fact(facts::MASKED, &finding.masked.0)
        .fact(facts::UNTIL, &until.0.to_string())
        .fact(facts::REASON, &reason);
    if !unit.is_empty() {
        deed = deed.fact(facts::UNIT, unit);
    }
    desk.act(Act::of(deed)).await?;
    let place = format!("/incidents/{}?done=proposed", record.code);
    Ok(Redirect::to(&place).into_response())
}

/// The last day on which something holds that ends at midnight after it.
fn last_day(until: UnixMillis) -> String {
    let last = told::day_field(UnixMillis(until.0.saturating_sub(1)));
    format!("hết ngày {}", told::day_written(&last))
}

/// The end of the day that a form names: not in the past, and not for ever.
fn until(form: &Form, now: UnixMillis) -> Result<UnixMillis, Failure> {
    let day = told::day_of_field(form.text("until")).ok_or(Failure::BadField(UNTIL))?;
    let today = day_of(now);
    if day < today || day > today + DAYS_MAX {
        return Err(Failure::BadField(UNTIL));
    }
    Ok(start_of_day(day + 1))
}

/// `POST /exceptions/{id}`: an administrator confirms, declines, ends.
pub(super) async fn decide(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let all = desk.reader.exceptions().await?;
    let found = all.into_iter().find(|one| one.id == id);
    let exception = found.ok_or(Failure::NotFound)?;
    let what = match (form.text("decision"), exception.standing) {
        ("confirm", Standing::Proposed) => What::ExceptionConfirmed,
        ("decline", Standing::Proposed) => What::ExceptionDeclined,
        ("end", Standing::Confirmed) => What::ExceptionEnded,
        ("confirm" | "decline" | "end", _) => return Err(Failure::Conflict),
        _ => return Err(Failure::BadForm),
    };
    let incident = desk.reader.find(&exception.code).await?;
    let mut deed = Deed::new(visit.actor(), what).subject(&id);
    if let Some(incident) = incident {
        deed = deed.incident(&incident.record.id);
    }
    desk.act(Act::of(deed)).await?;
    put_exceptions_in_force(&desk.reader, &desk.permits, desk.now()).await?;
    Ok(Redirect::to("/exceptions?done=saved").into_response())
}
