//! How does a clerk ask that a stopped content may be sent all the same? A page for one incident.
//!
//! The refusal names its address. The page is for the workstation whose content was stopped, and
//! nobody else; it takes a reason, then shows what became of it. The content itself is neither
//! asked for nor kept: whoever decides goes to the clerk to read it.
//!
//! Never: a state secret; a reason that itself tells about a person; another workstation's events.

use askama::Template;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;

use super::Core;
use super::answer::{self, OwnAnswer, PageRights};
use super::bodies::AnswerBody;
use super::client::Client;
use super::incident_label;
use crate::inspect::Content;
use crate::model::decision::Action;
use crate::model::exchange::UnixMillis;
use crate::store::release::{CODE, REASON, ReleaseAnswer, ReleaseState, WAITING_MILLIS};
use crate::store::{Act, Actor, Deed, Incident, StoreError, What};

/// Where the pages are.
const PLACE: &str = "/release/";
/// The name by which workstations reach them.
const HOST: &str = "http://lachan.internal";
/// How large a form may be.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// How long a reason may be: a sentence or two.
const REASON_CHARS_MAX: usize = 500;
/// The shortest reason that says anything.
const REASON_CHARS_MIN: usize = 10;

#[derive(Template)]
#[template(path = "release.html")]
struct ReleasePage<'a> {
    code: &'a str,
    time: &'a str,
    contact: &'a str,
    is_sealed: bool,
    asked: Option<Asked>,
    may_ask: bool,
    typed: &'a str,
    fault: Option<&'static str>,
}

/// A wish as its clerk sees it.
struct Asked {
    reason: String,
    at: String,
    answer: Answer,
}

enum Answer {
    Waiting,
    Lapsed,
    Granted { until: String },
    Declined { reason: String },
    Used { at: String },
}

/// The address of the page for an incident.
pub(super) fn address_of(code: &str) -> String {
    format!("{HOST}{PLACE}{code}")
}

/// The same, from another page of ours.
pub(super) fn place_of(code: &str) -> String {
    format!("{PLACE}{code}")
}

/// The code that a path names, if it is one of these pages.
pub(super) fn code_of(path: &str) -> Option<&str> {
    let code = path.strip_prefix(PLACE)?;
    let is_code = |symbol: u8| symbol.is_ascii_alphanumeric() || symbol == b'-';
    (code.len() <= 16 && code.bytes().all(is_code)).then_some(code)
}

/// Answers a request for the page of an incident.
pub(super) async fn serve(
    core: &Core,
    client: &Client,
    code: String,
    request: Request<Incoming>,
) -> Response<AnswerBody> {
    let desk = Desk { core, client };
    let answered = desk.answer(&code, request).await;
    let answer = answered.unwrap_or_else(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, cause, "the page of a release failed");
        answer::content(
            StatusCode::SERVICE_UNAVAILABLE,
            "text/plain; charset=utf-8",
            "Tạm thời chưa thực hiện được. Đề nghị thử lại sau ít phút.\n",
        )
    });
    answer.map(AnswerBody::from)
}

struct Desk<'a> {
    core: &'a Core,
    client: &'a Client,
}

impl Desk<'_> {
    async fn answer(
        &self,
        code: &str,
        request: Request<Incoming>,
    ) -> Result<OwnAnswer, StoreError> {
        let found = self.core.parts.reader.find(code).await?;
        let Some(incident) = found.filter(|incident| self.is_own(incident)) else {
            return Ok(nowhere());
        };
        match *request.method() {
            Method::GET | Method::HEAD => self.page(&incident, "", None).await,
            Method::POST if is_foreign(request.headers()) => Ok(nowhere()),
            Method::POST => {
                let body = Limited::new(request.into_body(), FORM_BYTES_MAX)
                    .collect()
                    .await;
                let body = body.map(http_body_util::Collected::to_bytes);
                self.ask(&incident, &body.unwrap_or_default()).await
            }
            _ => Ok(nowhere()),
        }
    }

    /// Whether the incident is one of this workstation, and no state secret.
    fn is_own(&self, incident: &Incident) -> bool {
        let record = &incident.record;
        record.client_address == self.client.sender.client.ip().to_string()
            && record.secret.is_none()
    }

    async fn page(
        &self,
        incident: &Incident,
        typed: &str,
        fault: Option<&'static str>,
    ) -> Result<OwnAnswer, StoreError> {
        let record = &incident.record;
        let now = (self.core.parts.clock)();
        let asked = self.core.parts.reader.release(&record.id).await?;
        let settings = self.core.parts.settings.load();
        let page = ReleasePage {
            code: &record.code,
            time: &incident_label::at(record.recorded_at),
            contact: settings.office.contact(),
            is_sealed: settings.evidence.recipient.is_some(),
            may_ask: may_ask(incident, asked.as_ref(), now),
            asked: asked.map(|asked| told(asked, now)),
            typed,
            fault,
        };
        let status = match fault {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        Ok(answer::rendered(status, &page, PageRights::OwnPage))
    }

    async fn ask(&self, incident: &Incident, body: &[u8]) -> Result<OwnAnswer, StoreError> {
        let parts = &self.core.parts;
        let now = (parts.clock)();
        let reason = reason_of(body);
        if let Some(fault) = self.fault_of(&reason, now) {
            // What tells about a person is not even shown again.
            return self.page(incident, "", Some(fault)).await;
        }
        let record = &incident.record;
        let asked = parts.reader.release(&record.id).await?;
        if may_ask(incident, asked.as_ref(), now) {
            let address = self.client.sender.client.ip().to_string();
            let actor = Actor {
                name: address.clone(),
                role: "clerk".to_owned(),
                address,
            };
            let deed = Deed::new(actor, What::ReleaseAsked)
                .incident(&record.id)
                .fact(CODE, &record.code)
                .fact(REASON, &reason);
            parts.store.act(Act::of(deed)).await?;
        }
        Ok(see(&record.code))
    }

    /// What is wrong with a reason. It is kept and read, so it is held to what a prompt is held to.
    fn fault_of(&self, reason: &str, now: UnixMillis) -> Option<&'static str> {
        if reason.chars().count() < REASON_CHARS_MIN {
            return Some("Đề nghị ghi rõ lý do trong một hoặc hai câu.");
        }
        let inspector = self.core.parts.inspector.load();
        let scan = inspector.scan_text(reason.to_owned(), now);
        (scan.action > Action::Allow).then_some(
            "Lý do có thông tin cá nhân hoặc nội dung không được ghi vào đây. Đề nghị viết lại, \
             không nêu họ tên, số giấy tờ, số điện thoại.",
        )
    }
}

/// Whether the clerk may ask now.
pub(super) fn may_ask(incident: &Incident, asked: Option<&ReleaseState>, now: UnixMillis) -> bool {
    let age = now.0.saturating_sub(incident.record.recorded_at.0);
    let is_open = asked.is_some_and(|asked| {
        asked.waits_at(now)
            || asked.granted_until(now).is_some()
            || matches!(asked.answer, ReleaseAnswer::Used { .. })
    });
    Content::of(&incident.record).is_some() && age < WAITING_MILLIS && !is_open
}

fn told(asked: ReleaseState, now: UnixMillis) -> Asked {
    let until = asked.granted_until(now).map(incident_label::at);
    let waits = asked.waits_at(now);
    Asked {
        at: incident_label::at(asked.asked_at),
        reason: asked.reason,
        answer: match (asked.answer, until) {
            (ReleaseAnswer::Declined { reason, .. }, _) => Answer::Declined { reason },
            (ReleaseAnswer::Used { at }, _) => Answer::Used {
                at: incident_label::at(at),
            },
            (ReleaseAnswer::Granted { .. }, Some(until)) => Answer::Granted { until },
            (ReleaseAnswer::Waiting, _) if waits => Answer::Waiting,
            (ReleaseAnswer::Waiting | ReleaseAnswer::Granted { .. }, _) => Answer::Lapsed,
        },
    }
}

/// The reason of a form, without what could not be shown on one line.
fn reason_of(body: &[u8]) -> String {
    let pairs = body.split(|byte| *byte == b'&');
    let value = pairs
        .filter_map(|pair| pair.strip_prefix(b"reason="))
        .next()
        .unwrap_or_default();
    let spaced: Vec<u8> = value
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_encoding::percent_decode(&spaced).decode_utf8_lossy();
    let words: Vec<&str> = decoded.split_whitespace().collect();
    let plain = words.join(" ");
    let shown = plain.chars().filter(|symbol| !symbol.is_control());
    shown.take(REASON_CHARS_MAX).collect()
}

/// Whether another site's page sent the form.
fn is_foreign(headers: &HeaderMap) -> bool {
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_other_site = says("sec-fetch-site").is_some_and(|site| site != "same-origin");
    let host = says(header::HOST.as_str()).unwrap_or_default();
    let is_other_origin = says(header::ORIGIN.as_str())
        .is_some_and(|origin| origin.strip_prefix("http://") != Some(host));
    is_other_site || is_other_origin
}

fn see(code: &str) -> OwnAnswer {
    let mut answer = answer::content(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    if let Ok(place) = format!("{PLACE}{code}").parse() {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

fn nowhere() -> OwnAnswer {
    answer::content(
        StatusCode::NOT_FOUND,
        "text/plain; charset=utf-8",
        "Máy này không có sự kiện này, hoặc sự kiện không có chức năng đề nghị cho gửi. Đề nghị \
         kiểm tra mã sự kiện tại http://lachan.internal/ trên chính máy bị chặn.\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_name_a_page() {
        assert_eq!(code_of("/release/K7M-2F4"), Some("K7M-2F4"));
        for other in ["/release/../x", "/release/a b", "/", "/release"] {
            assert_eq!(code_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_reason_is_one_bounded_line() {
        let body =
            b"x=1&reason=C%E1%BA%A7n+g%E1%BA%A5p%0D%0A%1B%5B31m cho cu%E1%BB%99c h%E1%BB%8Dp";
        assert_eq!(reason_of(body), "Cần gấp [31m cho cuộc họp");
        let long = format!("reason={}", "a".repeat(9000));
        assert_eq!(reason_of(long.as_bytes()).len(), REASON_CHARS_MAX);
        assert_eq!(reason_of(b"other=1"), "");
    }

    #[test]
    fn a_form_of_another_site_is_foreign() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, http::HeaderValue::from_static(value))
            });
            pairs.collect::<HeaderMap>()
        };
        let own = [
            ("host", "lachan.internal"),
            ("origin", "http://lachan.internal"),
        ];
        assert!(!is_foreign(&headers(&own)));
        assert!(is_foreign(&headers(&[("sec-fetch-site", "cross-site")])));
        let other = [
            ("host", "lachan.internal"),
            ("origin", "https://evil.example"),
        ];
        assert!(is_foreign(&headers(&other)));
    }
}
