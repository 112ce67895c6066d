//! Where does this node tell what happens, and which programs may ask? Alerts and tokens.
//!
//! Channels are written in the settings file, with their secrets in files of their own; here one
//! sees what became of alerts and sends one to try. A token is shown once.

use askama::Template;
use aws_lc_rs::rand;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::Role;
use crate::store::account::Change;
use crate::store::alert::{Alert, AlertChange, AlertState};
use crate::store::chain::Hash;
use crate::store::incident_json::rfc3339;
use crate::store::token::{Token, TokenChange};
use crate::store::{Act, Deed, What};

const HERE: &str = "/connections";
/// How long a token may live, in days.
const TOKEN_DAYS: i64 = 366;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// The longest name of a token.
const NAME_CHARS_MAX: usize = 60;

/// A channel of the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelView {
    /// Its name.
    pub name: String,
    /// How it tells, and whom.
    pub about: String,
    /// From which severity on.
    pub severity_min: &'static str,
}

#[derive(Template)]
#[template(path = "connections.html")]
struct ConnectionsPage {
    frame: Frame,
    channels: Vec<ChannelView>,
    alerts: Vec<AlertLine>,
    tokens: Vec<TokenLine>,
    made: Option<String>,
    may_change: bool,
    fault: Option<&'static str>,
}

struct AlertLine {
    time: String,
    channel: String,
    state: &'static str,
    mood: &'static str,
    attempts: u32,
    next: String,
    fault: String,
}

struct TokenLine {
    name: String,
    made: String,
    ends: String,
    seen: String,
}

/// `GET /connections`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    connections_page(&desk, &visit, None, None).await
}

async fn connections_page(
    desk: &Desk,
    visit: &Visit,
    made: Option<String>,
    fault: Option<&'static str>,
) -> Result<Response, Failure> {
    let alerts = desk.reader.alerts().await?;
    let tokens = desk.reader.tokens().await?;
    page(&ConnectionsPage {
        frame: Frame::new(desk, visit, HERE),
        channels: (desk.channels)(),
        alerts: alerts.into_iter().take(30).map(alert_line).collect(),
        tokens: tokens.into_iter().map(token_line).collect(),
        made,
        may_change: visit.role() == Role::Admin,
        fault,
    })
}

fn alert_line(alert: Alert) -> AlertLine {
    AlertLine {
        time: told::short(alert.made_at),
        channel: alert.channel,
        state: alert.state.label(),
        mood: match alert.state {
            AlertState::Waiting => "",
            AlertState::Sent => "good",
            AlertState::GivenUp => "care",
        },
        attempts: alert.attempts,
        next: match alert.state {
            AlertState::Waiting => alert.due_at.map(told::short).unwrap_or_default(),
            AlertState::Sent | AlertState::GivenUp => String::new(),
        },
        fault: alert.fault.unwrap_or_default(),
    }
}

fn token_line(token: Token) -> TokenLine {
    let time = |at: Option<UnixMillis>, otherwise: &str| {
        at.map_or_else(|| otherwise.to_owned(), told::short)
    };
    TokenLine {
        made: format!("{}, {}", told::short(token.made_at), token.made_by),
        ends: time(token.ends_at, "không"),
        seen: time(token.seen_at, "chưa dùng"),
        name: token.name,
    }
}

/// `POST /connections/test`: tries a channel.
pub(super) async fn test(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let name = form.text("channel");
    let channels = (desk.channels)();
    let channel = channels.iter().find(|channel| channel.name == name);
    let channel = channel.ok_or(Failure::BadForm)?;
    let body = serde_json::json!({
        "kind": "test",
        "recorded_at": rfc3339(desk.now()),
        "severity": "low",
    });
    let queue = AlertChange::Queue {
        channel: channel.name.clone(),
        looked_at: None,
        bodies: vec![body.to_string()],
        at: desk.now(),
    };
    let deed = Deed::new(visit.actor(), What::AlertTried).subject(&channel.name);
    desk.act(Act::of(deed).change(Change::Alert(queue))).await?;
    Ok(Redirect::to("/connections?done=queued").into_response())
}

/// `POST /connections/tokens`: makes a token and shows it, once.
pub(super) async fn make_token(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let name: String = form.text("name").chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        let fault = Some("Đề nghị ghi mã này dùng cho phần mềm nào.");
        return connections_page(&desk, &visit, None, fault).await;
    }
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_unspecified| Failure::Crypto)?;
    let made = format!("lachan_{}", URL_SAFE_NO_PAD.encode(bytes));
    let now = desk.now();
    let token = Token {
        name: name.clone(),
        token_hash: Hash::of(made.as_bytes()),
        made_by: visit.person.account.name.clone(),
        made_at: now,
        ends_at: Some(UnixMillis(now.0.saturating_add(TOKEN_DAYS * DAY_MILLIS))),
        seen_at: None,
    };
    let deed = Deed::new(visit.actor(), What::TokenMade).subject(&name);
    let act = Act::of(deed).change(Change::Token(TokenChange::Add(token)));
    match desk.act(act).await {
        Err(Failure::Conflict) => {
            let fault = Some("Đã có mã truy cập mang tên này.");
            connections_page(&desk, &visit, None, fault).await
        }
        acted => {
            acted?;
            connections_page(&desk, &visit, Some(made), None).await
        }
    }
}

/// `POST /connections/tokens/end`
pub(super) async fn end_token(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let name = form.text("name").to_owned();
    let deed = Deed::new(visit.actor(), What::TokenEnded).subject(&name);
    let act = Act::of(deed).change(Change::Token(TokenChange::End(name)));
    desk.act(act).await?;
    Ok(Redirect::to("/connections?done=saved").into_response())
}
