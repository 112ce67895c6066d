//! Who is behind a cookie? A session of the store, within its idle and its absolute bound.
//!
//! The cookie holds 32 random bytes and nothing else; the store keeps their SHA-256. A new token is
//! made at each step of signing in. `__Host-` ties the cookie to this host and to TLS.

use aws_lc_rs::rand;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::model::exchange::UnixMillis;
use crate::store::account::{Account, Change, Session, SessionStage};
use crate::store::chain::Hash;
use crate::store::{Act, Actor};

/// The cookie of a session.
const COOKIE: &str = "__Host-lachan";
/// The cookie of a browser that is not signed in: it ties the form of signing in to the browser.
const DOOR_COOKIE: &str = "__Host-lachan-door";
/// After so long without a request a session is over.
pub(super) const IDLE_MILLIS_MAX: i64 = 30 * 60 * 1000;
/// After so long it is over whatever happens: a working day.
pub(super) const LIFE_MILLIS_MAX: i64 = 12 * 60 * 60 * 1000;
/// The time for the second factor.
const CODE_MILLIS_MAX: i64 = 5 * 60 * 1000;
/// A use is noted when the last noted one is so old.
const TOUCH_MILLIS: i64 = 60 * 1000;
/// How much is kept of what a browser calls itself.
const AGENT_CHARS_MAX: usize = 120;

/// Somebody with a session.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) account: Account,
    pub(super) session: Session,
}

impl Person {
    /// As the actor of a deed.
    pub(super) fn actor(&self, address: &str) -> Actor {
        Actor {
            name: self.account.name.clone(),
            role: self.account.role.as_str().to_owned(),
            address: address.to_owned(),
        }
    }

    /// Whether everything that signing in asks for was given.
    pub(super) fn is_signed_in(&self) -> bool {
        self.session.stage == SessionStage::Full
    }
}

/// Finds who is behind the cookie of a request, and notes the use.
pub(super) async fn person_of(jar: &CookieJar, desk: &Desk) -> Result<Option<Person>, Failure> {
    let Some(token) = token_hash(jar) else {
        return Ok(None);
    };
    let Some((session, account)) = desk.reader.session(token).await? else {
        return Ok(None);
    };
    let now = desk.now();
    if account.is_disabled || is_over(&session, now) {
        let end = Act::default().change(Change::EndSession(token));
        desk.act(end).await?;
        return Ok(None);
    }
    if now.0.saturating_sub(session.seen_at.0) >= TOUCH_MILLIS {
        let touch = Act::default().change(Change::TouchSession(token, now));
        desk.act(touch).await?;
    }
    Ok(Some(Person { account, session }))
}

fn is_over(session: &Session, now: UnixMillis) -> bool {
    let life = match session.stage {
        SessionStage::Password => CODE_MILLIS_MAX,
        SessionStage::Full => LIFE_MILLIS_MAX,
    };
    // A clock set far back ends it, too.
    now.0.abs_diff(session.created_at.0) >= life.unsigned_abs()
        || now.0.saturating_sub(session.seen_at.0) >= IDLE_MILLIS_MAX
}

/// A new session and its cookie. The one that the browser had ends.
pub(super) fn open(
    jar: CookieJar,
    account: &str,
    stage: SessionStage,
    from: &From,
    now: UnixMillis,
) -> Option<(CookieJar, Act)> {
    let token = random_token()?;
    let session = Session {
        token_hash: Hash::of(token.as_bytes()),
        account: account.to_owned(),
        stage,
        address: from.address.clone(),
        agent: from.agent.chars().take(AGENT_CHARS_MAX).collect(),
        created_at: now,
        seen_at: now,
    };
    let mut act = Act::default().change(Change::ForgetSessions {
        created_before: UnixMillis(now.0.saturating_sub(LIFE_MILLIS_MAX)),
        seen_before: UnixMillis(now.0.saturating_sub(IDLE_MILLIS_MAX)),
    });
    if let Some(older) = token_hash(&jar) {
        act = act.change(Change::EndSession(older));
    }
    let act = act.change(Change::OpenSession(session));
    Some((jar.remove(door()).add(cookie(COOKIE, token)), act))
}

/// Where a request came from.
#[derive(Clone, Debug)]
pub(super) struct From {
    /// The network address.
    pub(super) address: String,
    /// What the browser calls itself.
    pub(super) agent: String,
}

/// The jar without a session.
pub(super) fn without_session(jar: CookieJar) -> CookieJar {
    jar.remove(removal(COOKIE))
}

/// What ties a form to this browser: the session's token, or that of the door. A browser without
/// either is given one for the door.
pub(super) fn tie(jar: CookieJar) -> Option<(CookieJar, String)> {
    if let Some(tie) = existing_tie(&jar) {
        return Some((jar, tie));
    }
    let token = random_token()?;
    Some((jar.add(cookie(DOOR_COOKIE, token.clone())), token))
}

/// What ties a form to this browser, if anything does.
pub(super) fn existing_tie(jar: &CookieJar) -> Option<String> {
    let cookie = jar.get(COOKIE).or_else(|| jar.get(DOOR_COOKIE))?;
    Some(cookie.value().to_owned())
}

fn token_hash(jar: &CookieJar) -> Option<Hash> {
    let token = jar.get(COOKIE)?.value();
    Some(Hash::of(token.as_bytes()))
}

fn random_token() -> Option<String> {
    let mut token = [0; 32];
    rand::fill(&mut token).ok()?;
    Some(URL_SAFE_NO_PAD.encode(token))
}

fn cookie(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .build()
}

fn door() -> Cookie<'static> {
    removal(DOOR_COOKIE)
}

/// A browser takes back a `__Host-` cookie only if the removal is one, too.
fn removal(name: &'static str) -> Cookie<'static> {
    cookie(name, String::new())
}
