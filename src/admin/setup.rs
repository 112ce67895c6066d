//! The first administrator: made by whoever has the link from the terminal, once.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::{self, Form};
use crate::admin::frame::page_with;
use crate::admin::password::check_strength;
use crate::admin::session::{self, From};
use crate::admin::words::{account_name, password_fault};
use crate::model::review::Role;
use crate::model::sensitive::Sensitive;
use crate::store::account::{Account, Change, SessionStage};
use crate::store::{Actor, Deed, What};

/// The page that makes the first account.
#[derive(Template)]
#[template(path = "first_account.html")]
struct SetupPage {
    path: String,
    token: String,
    name: String,
    full_name: String,
    fault: Option<&'static str>,
}

/// `GET /setup/{token}`
pub(super) async fn ask(
    State(desk): State<Desk>,
    Path(link): Path<String>,
    jar: CookieJar,
) -> Result<Response, Failure> {
    check_link(&desk, &link).await?;
    let (jar, tie) = session::tie(jar).ok_or(Failure::Crypto)?;
    let path = format!("/setup/{link}");
    let page = SetupPage {
        token: form::token(&desk, &tie, &path),
        path,
        name: String::new(),
        full_name: String::new(),
        fault: None,
    };
    Ok((jar, page_with(StatusCode::OK, &page)?).into_response())
}

/// `POST /setup/{token}`
pub(super) async fn make(
    State(desk): State<Desk>,
    Path(link): Path<String>,
    jar: CookieJar,
    from: From,
    form: Form,
) -> Result<Response, Failure> {
    check_link(&desk, &link).await?;
    let name = form.text("name").to_lowercase();
    let password = Sensitive::new(form.raw("password").to_owned());
    let fault = account_name(&name)
        .err()
        .or_else(|| check_strength(&password, &name).err().map(password_fault))
        .or_else(|| {
            let differ = form.raw("password") != form.raw("again");
            differ.then_some("Hai lần nhập mật khẩu chưa giống nhau.")
        });
    if fault.is_some() {
        let tie = session::existing_tie(&jar).ok_or(Failure::ForeignForm)?;
        let path = format!("/setup/{link}");
        let page = SetupPage {
            token: form::token(&desk, &tie, &path),
            path,
            name,
            full_name: form.text("full_name").to_owned(),
            fault,
        };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let password_hash = desk.passwords.hash(password).await?;
    let account = first_account(&name, form.text("full_name"), password_hash, &desk);
    let opened = session::open(jar, &name, SessionStage::Full, &from, desk.now());
    let (jar, act) = opened.ok_or(Failure::Crypto)?;
    let who = Actor {
        name: name.clone(),
        role: Role::Admin.as_str().to_owned(),
        address: from.address,
    };
    let added = Deed::new(who.clone(), What::AccountAdded)
        .subject(&name)
        .fact("role", Role::Admin.as_str())
        .fact("by", "setup link");
    let mut act = act.deed(added).deed(Deed::new(who, What::SignedIn));
    act.changes.insert(0, Change::AddFirstAccount(account));
    desk.act(act).await?;
    if let Some(setup) = &desk.setup {
        setup.close();
    }
    Ok((jar, Redirect::to("/account/second-factor")).into_response())
}

fn first_account(name: &str, full_name: &str, password_hash: String, desk: &Desk) -> Account {
    let full_name = if full_name.is_empty() {
        name
    } else {
        full_name
    };
    Account {
        name: name.to_owned(),
        full_name: full_name.chars().take(100).collect(),
        role: Role::Admin,
        password_hash,
        second_factor: None,
        second_factor_step: 0,
        recovery_codes: Vec::new(),
        sees_secrets: false,
        is_disabled: false,
        must_change_password: false,
        created_at: desk.now(),
        version: 0,
    }
}

/// A wrong link and one that was used look like any address that is none.
async fn check_link(desk: &Desk, link: &str) -> Result<(), Failure> {
    let opens = desk
        .setup
        .as_ref()
        .is_some_and(|setup| setup.opens(link, desk.now()));
    if !opens || desk.reader.has_accounts().await? {
        return Err(Failure::NotFound);
    }
    Ok(())
}
