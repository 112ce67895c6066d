//! Signing in and out: the password, then the code, each of the same time and text for everybody.
//!
//! An unknown name, a wrong password and a disabled account cannot be told apart: the same hash is
//! computed, the same words are said, the same lock is set.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::attempts::Permission;
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::{self, Form};
use crate::admin::frame::{Visit, page_with};
use crate::admin::second_factor::use_recovery_code;
use crate::admin::session::{self, From};
use crate::model::sensitive::Sensitive;
use crate::store::account::{Account, Change, SessionStage};
use crate::store::{Act, Actor, Deed, What};

/// The page that asks for name and password.
#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    token: String,
    next: String,
    name: String,
    refused: bool,
}

/// The page that asks for the code.
#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    token: String,
    out_token: String,
    next: String,
    refused: bool,
}

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

/// A path of ours to go on to; anything else is the first page.
fn safe_next(next: &str) -> &str {
    let is_ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if is_ours { next } else { "/" }
}

/// `GET /sign-in`
pub(super) async fn ask(
    State(desk): State<Desk>,
    Query(wanted): Query<Wanted>,
    jar: CookieJar,
) -> Result<Response, Failure> {
    let (jar, tie) = session::tie(jar).ok_or(Failure::Crypto)?;
    let page = SignInPage {
        token: form::token(&desk, &tie, "/sign-in"),
        next: safe_next(&wanted.next).to_owned(),
        name: String::new(),
        refused: false,
    };
    Ok((jar, page_with(StatusCode::OK, &page)?).into_response())
}

/// `POST /sign-in`
pub(super) async fn check(
    State(desk): State<Desk>,
    jar: CookieJar,
    from: From,
    form: Form,
) -> Result<Response, Failure> {
    let name = form.text("name").to_lowercase();
    let next = safe_next(form.text("next")).to_owned();
    let password = Sensitive::new(form.raw("password").to_owned());
    let account = match begin(&desk, &name, &from).await? {
        Some(lock) => {
            let known = desk.reader.account(&name).await?;
            let is_open = known.as_ref().filter(|account| !account.is_disabled);
            let kept = is_open.map(|account| account.password_hash.as_str());
            let is_right = desk.passwords.is_right(password, kept).await;
            let account = known.clone().filter(|_| is_right);
            if account.is_none() {
                tell_refused(&desk, known.as_ref(), &from, lock).await?;
            }
            account
        }
        None => None,
    };
    let Some(account) = account else {
        let tie = session::existing_tie(&jar).ok_or(Failure::ForeignForm)?;
        let page = SignInPage {
            token: form::token(&desk, &tie, "/sign-in"),
            next,
            name,
            refused: true,
        };
        return page_with(StatusCode::UNAUTHORIZED, &page);
    };
    desk.attempts.succeeded(&name, address(&from));
    let stage = match account.second_factor {
        Some(_) => SessionStage::Password,
        None => SessionStage::Full,
    };
    let opened = session::open(jar, &account.name, stage, &from, desk.now());
    let (jar, mut act) = opened.ok_or(Failure::Crypto)?;
    let mut place = format!("/sign-in/code?next={next}");
    if stage == SessionStage::Full {
        act = act.deed(Deed::new(actor(&account, &from), What::SignedIn));
        place = next;
    }
    desk.act(act).await?;
    Ok((jar, Redirect::to(&place)).into_response())
}

/// Begins an attempt; gives whether it locks if it fails, or nothing while there is a lock.
pub(super) async fn begin(desk: &Desk, name: &str, from: &From) -> Result<Option<bool>, Failure> {
    match desk.attempts.begin(name, address(from), desk.now()) {
        Permission::Granted { locks } => Ok(Some(locks)),
        Permission::Locked(_until) => {
            // The time of a comparison passes all the same.
            let nothing = Sensitive::new(String::new());
            desk.passwords.is_right(nothing, None).await;
            Ok(None)
        }
    }
}

/// Records a refusal. A name that is no account's is not written down: it may be a password that
/// was typed in the wrong place.
pub(super) async fn tell_refused(
    desk: &Desk,
    known: Option<&Account>,
    from: &From,
    locks: bool,
) -> Result<(), Failure> {
    let nobody = Actor {
        name: String::new(),
        role: "nobody".to_owned(),
        address: from.address.clone(),
    };
    let about = |what| {
        let deed = Deed::new(nobody.clone(), what);
        match known {
            Some(account) => deed.subject(&account.name),
            None => deed,
        }
    };
    let mut act = Act::of(about(What::SignInRefused));
    if locks {
        act = act.deed(about(What::SignInLocked));
    }
    desk.act(act).await
}

/// `GET /sign-in/code`
pub(super) async fn ask_code(
    State(desk): State<Desk>,
    Query(wanted): Query<Wanted>,
    visit: Visit,
) -> Result<Response, Failure> {
    if visit.person.is_signed_in() {
        return Ok(Redirect::to("/").into_response());
    }
    page_with(
        StatusCode::OK,
        &code_page(&desk, &visit, &wanted.next, false),
    )
}

fn code_page(desk: &Desk, visit: &Visit, next: &str, refused: bool) -> CodePage {
    CodePage {
        token: form::token(desk, &visit.tie, "/sign-in/code"),
        out_token: form::token(desk, &visit.tie, "/sign-out"),
        next: safe_next(next).to_owned(),
        refused,
    }
}

/// `POST /sign-in/code`
pub(super) async fn check_code(
    State(desk): State<Desk>,
    jar: CookieJar,
    from: From,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = visit.person.account.clone();
    let counted_as = format!("code {}", account.name);
    let next = safe_next(form.text("next")).to_owned();
    let permission = desk.attempts.begin(&counted_as, address(&from), desk.now());
    let Permission::Granted { locks } = permission else {
        let end = Act::default().change(Change::EndSession(visit.person.session.token_hash));
        desk.act(end).await?;
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let Some(used) = use_code(&desk, &mut account, form.text("code")) else {
        tell_refused(&desk, Some(&account), &from, locks).await?;
        let page = code_page(&desk, &visit, &next, true);
        return page_with(StatusCode::UNAUTHORIZED, &page);
    };
    desk.attempts.succeeded(&counted_as, address(&from));
    let opened = session::open(jar, &account.name, SessionStage::Full, &from, desk.now());
    let (jar, mut act) = opened.ok_or(Failure::Crypto)?;
    let who = actor(&account, &from);
    if used == Used::RecoveryCode {
        let left = account.recovery_codes.len().to_string();
        act = act.deed(Deed::new(who.clone(), What::RecoveryCodeUsed).fact("left", &left));
    }
    act = act
        .change(Change::PutAccount(account))
        .deed(Deed::new(who, What::SignedIn));
    desk.act(act).await?;
    Ok((jar, Redirect::to(&next)).into_response())
}

/// What was used to sign in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    OneTimeCode,
    RecoveryCode,
}

/// Uses a code up; nothing if it is none.
fn use_code(desk: &Desk, account: &mut Account, code: &str) -> Option<Used> {
    let sealed = account.second_factor.as_deref()?;
    let secret = desk.sealer.open(sealed, &account.name)?;
    if let Some(step) = secret.step_of(code, account.second_factor_step, desk.now()) {
        account.second_factor_step = step;
        return Some(Used::OneTimeCode);
    }
    use_recovery_code(account, code).then_some(Used::RecoveryCode)
}

/// `POST /sign-out`
pub(super) async fn out(
    State(desk): State<Desk>,
    jar: CookieJar,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let act = Act::of(Deed::new(visit.actor(), What::SignedOut))
        .change(Change::EndSession(visit.person.session.token_hash));
    desk.act(act).await?;
    Ok((session::without_session(jar), Redirect::to("/sign-in")).into_response())
}

fn actor(account: &Account, from: &From) -> Actor {
    Actor {
        name: account.name.clone(),
        role: account.role.as_str().to_owned(),
        address: from.address.clone(),
    }
}

/// The address that attempts are counted by.
pub(super) fn address(from: &From) -> std::net::IpAddr {
    let unknown = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    from.address.parse().unwrap_or(unknown)
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn after_signing_in_only_pages_of_ours_are_gone_to() {
        assert_eq!(
            safe_next("/incidents/K7M-2F4?x=1"),
            "/incidents/K7M-2F4?x=1"
        );
        for foreign in ["", "https://x", "//x", "/\\x", "/a\nb", "javascript:x"] {
            assert_eq!(safe_next(foreign), "/");
        }
    }
}
