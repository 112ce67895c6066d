//! May this request have this page? Asked before any handler runs.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum_extra::extract::cookie::CookieJar;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::admin::api_failure::ApiFailure;
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::frame::{Visit, done_text};
use crate::admin::routes::Access;
use crate::admin::session::{self, Person};
use crate::store::Act;
use crate::store::account::Change;
use crate::store::chain::Hash;
use crate::store::token::TokenChange;

/// The use of a token is noted when the last noted one is so old.
const TOUCH_MILLIS: i64 = 60 * 1000;

/// What cannot stand in a query's value.
pub(super) const IN_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'=')
    .add(b'?');

/// The address of the browser, put into each request by the listener.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

impl Peer {
    /// Of a request; a test that names none comes from the machine itself.
    pub(super) fn of(extensions: &http::Extensions) -> IpAddr {
        let peer = extensions.get::<Self>();
        peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0)
    }
}

/// Lets a request through to its handler, with who asks; or says what is to be done first.
pub(super) async fn let_in(
    State((desk, access)): State<(Desk, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if access == Access::Token {
        return match token_holds(&desk, &parts.headers).await {
            Ok(()) => next.run(Request::from_parts(parts, body)).await,
            Err(failure) => failure.into_response(),
        };
    }
    match visit(&desk, access, &parts).await {
        Ok(visit) => {
            if let Some(visit) = visit {
                parts.extensions.insert(visit);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(failure) => failure.into_response(),
    }
}

/// Whether a program showed a token that holds (RFC 6750 §2.1), and notes its use.
async fn token_holds(desk: &Desk, headers: &HeaderMap) -> Result<(), ApiFailure> {
    let shown = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer "));
    let shown = shown.ok_or(ApiFailure::NoToken)?;
    let token = desk.reader.token(Hash::of(shown.as_bytes())).await?;
    let now = desk.now();
    let token = token
        .filter(|token| token.ends_at.is_none_or(|end| now < end))
        .ok_or(ApiFailure::NoToken)?;
    let is_noted = token
        .seen_at
        .is_some_and(|seen| now.0.saturating_sub(seen.0) < TOUCH_MILLIS);
    if !is_noted {
        let touch = Change::Token(TokenChange::Touch(token.name, now));
        // The token may have ended in the same moment.
        desk.act(Act::default().change(touch)).await?;
    }
    Ok(())
}

async fn visit(desk: &Desk, access: Access, request: &Parts) -> Result<Option<Visit>, Failure> {
    if access == Access::Anyone {
        return Ok(None);
    }
    let jar = CookieJar::from_headers(&request.headers);
    let Some(person) = session::person_of(&jar, desk).await? else {
        return Err(sign_in_first(request));
    };
    check(&person, access, request)?;
    let tie = session::existing_tie(&jar).ok_or(Failure::ForeignForm)?;
    Ok(Some(Visit {
        person,
        tie,
        address: Peer::of(&request.extensions).to_string(),
        done: query_value(request, "done").and_then(done_text),
    }))
}

fn check(person: &Person, access: Access, request: &Parts) -> Result<(), Failure> {
    if !person.is_signed_in() {
        return match access {
            Access::Anyone | Access::HalfWay | Access::Token => Ok(()),
            Access::Settling | Access::Roles(_) => Err(sign_in_first(request)),
        };
    }
    let account = &person.account;
    match access {
        Access::Anyone | Access::HalfWay | Access::Settling | Access::Token => Ok(()),
        Access::Roles(_) if account.must_change_password => {
            Err(Failure::First("/account/password"))
        }
        Access::Roles(_) if account.second_factor.is_none() => {
            Err(Failure::First("/account/second-factor"))
        }
        Access::Roles(_) if access.lets_in(account.role) => Ok(()),
        Access::Roles(_) => Err(Failure::Forbidden),
    }
}

/// What was wanted is shown after signing in; a form is not sent again.
fn sign_in_first(request: &Parts) -> Failure {
    let wanted = request
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let next = if request.method == Method::GET {
        wanted
    } else {
        "/"
    };
    Failure::SignInFirst(utf8_percent_encode(next, IN_QUERY).to_string())
}

fn query_value<'a>(request: &'a Parts, name: &str) -> Option<&'a str> {
    let pairs = request.uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

impl FromRequestParts<Desk> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _desk: &Desk) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Failure::Forbidden)
    }
}

impl FromRequestParts<Desk> for session::From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _desk: &Desk,
    ) -> Result<Self, std::convert::Infallible> {
        Ok(Self {
            address: Peer::of(&parts.extensions).to_string(),
            agent: agent(&parts.headers),
        })
    }
}

fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(http::header::USER_AGENT);
    let agent = agent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    agent.to_owned()
}
