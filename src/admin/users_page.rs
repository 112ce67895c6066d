//! Accounts: an administrator adds and changes them, an auditor reads them.
//!
//! A password that the administrator has made is shown once and must be changed at the first
//! sign-in. Nobody takes the own role or access away: the last administrator would lock out all.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page, page_with};
use crate::admin::words::account_name;
use crate::admin::{password, told};
use crate::model::review::Role;
use crate::model::sensitive::Sensitive;
use crate::store::account::{Account, Change};
use crate::store::{Act, Deed, DeedFilter, What};

const HERE: &str = "/users";
/// The longest name of a person.
const FULL_NAME_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    frame: Frame,
    users: Vec<UserLine>,
    may_change: bool,
    roles: Vec<RoleChoice>,
    typed: Typed,
    fault: Option<&'static str>,
}

#[derive(Default)]
struct Typed {
    name: String,
    full_name: String,
}

struct UserLine {
    name: String,
    full_name: String,
    role: &'static str,
    has_factor: bool,
    is_disabled: bool,
    sees_secrets: bool,
}

struct RoleChoice {
    name: &'static str,
    label: &'static str,
    about: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "user.html")]
struct UserPage {
    frame: Frame,
    user: UserLine,
    created: String,
    may_change: bool,
    is_self: bool,
    version: i64,
    roles: Vec<RoleChoice>,
    deeds: Vec<DeedOfUser>,
}

struct DeedOfUser {
    time: String,
    label: String,
    /// Who did it, where it was somebody else.
    by: Option<String>,
}

impl UserPage {
    /// The token of a form about this account.
    fn token(&self, tail: &str) -> String {
        self.frame
            .token(&format!("/users/{}{tail}", self.user.name))
    }
}

#[derive(Template)]
#[template(path = "made_password.html")]
struct MadePage {
    frame: Frame,
    name: String,
    password: String,
}

fn line(account: Account) -> UserLine {
    UserLine {
        role: account.role.label(),
        has_factor: account.second_factor.is_some(),
        is_disabled: account.is_disabled,
        sees_secrets: account.sees_secrets || account.role == Role::Auditor,
        name: account.name,
        full_name: account.full_name,
    }
}

fn role_choices(chosen: Role) -> Vec<RoleChoice> {
    let about = |role| match role {
        Role::Admin => "đặt cấu hình, quản lý tài khoản, xác nhận trường hợp loại trừ",
        Role::Reviewer => "xem xét sự kiện, quyết định đề nghị cho gửi, lập báo cáo",
        Role::Auditor => "xem tất cả, không thay đổi, kiểm tra tính toàn vẹn của nhật ký",
    };
    Role::ALL
        .into_iter()
        .map(|role| RoleChoice {
            name: role.as_str(),
            label: role.label(),
            about: about(role),
            is_chosen: role == chosen,
        })
        .collect()
}

/// `GET /users`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    users_page(&desk, &visit, Typed::default(), None).await
}

async fn users_page(
    desk: &Desk,
    visit: &Visit,
    typed: Typed,
    fault: Option<&'static str>,
) -> Result<Response, Failure> {
    let users = desk.reader.accounts().await?;
    let status = match fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let users_page = UsersPage {
        frame: Frame::new(desk, visit, HERE),
        users: users.into_iter().map(line).collect(),
        may_change: visit.role() == Role::Admin,
        roles: role_choices(Role::Reviewer),
        typed,
        fault,
    };
    page_with(status, &users_page)
}

/// `POST /users`
pub(super) async fn add(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let name = form.text("name").to_lowercase();
    let full_name: String = form
        .text("full_name")
        .chars()
        .take(FULL_NAME_CHARS_MAX)
        .collect();
    let role = Role::parse(form.text("role")).ok_or(Failure::BadForm)?;
    let mut fault = account_name(&name).err();
    if fault.is_none() && full_name.is_empty() {
        fault = Some("Đề nghị nhập họ và tên.");
    }
    if fault.is_none() && desk.reader.account(&name).await?.is_some() {
        fault = Some("Tên đăng nhập này đã có.");
    }
    if fault.is_some() {
        return users_page(&desk, &visit, Typed { name, full_name }, fault).await;
    }
    let made = password::make()?;
    let account = Account {
        name: name.clone(),
        full_name,
        role,
        password_hash: desk.passwords.hash(Sensitive::new(made.clone())).await?,
        second_factor: None,
        second_factor_step: 0,
        recovery_codes: Vec::new(),
        sees_secrets: false,
        is_disabled: false,
        must_change_password: true,
        created_at: desk.now(),
        version: 0,
    };
    let deed = Deed::new(visit.actor(), What::AccountAdded)
        .subject(&name)
        .fact("role", role.as_str());
    desk.act(Act::of(deed).change(Change::AddAccount(account)))
        .await?;
    made_page(&desk, &visit, name, made)
}

fn made_page(
    desk: &Desk,
    visit: &Visit,
    name: String,
    password: String,
) -> Result<Response, Failure> {
    page(&MadePage {
        frame: Frame::new(desk, visit, HERE),
        name,
        password,
    })
}

/// `GET /users/{name}`
pub(super) async fn one(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let account = desk.reader.account(&name).await?.ok_or(Failure::NotFound)?;
    let filter = DeedFilter {
        subject: Some(name.clone()),
        limit: 20,
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&filter).await?;
    let deeds = deeds.into_iter().map(|deed| {
        let record = deed.record;
        let by = Some(record.actor.name.clone());
        DeedOfUser {
            time: told::short(record.recorded_at),
            label: record.label().to_owned(),
            by: by.filter(|actor| !actor.is_empty() && *actor != name),
        }
    });
    let deeds: Vec<DeedOfUser> = deeds.collect();
    page(&UserPage {
        frame: Frame::new(&desk, &visit, HERE),
        created: told::short(account.created_at),
        may_change: visit.role() == Role::Admin,
        is_self: visit.person.account.name == name,
        version: account.version,
        roles: role_choices(account.role),
        deeds,
        user: line(account),
    })
}

/// `POST /users/{name}`
pub(super) async fn change(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = of_others(&desk, &visit, &name, &form).await?;
    let before = account.clone();
    account.role = Role::parse(form.text("role")).ok_or(Failure::BadForm)?;
    account.is_disabled = form.is_ticked("is_disabled");
    account.sees_secrets = form.is_ticked("sees_secrets");
    let full_name: String = form
        .text("full_name")
        .chars()
        .take(FULL_NAME_CHARS_MAX)
        .collect();
    if !full_name.is_empty() {
        account.full_name = full_name;
    }
    if account == before {
        return Ok(Redirect::to(&format!("/users/{name}")).into_response());
    }
    let yes_no = |is: bool| if is { "yes" } else { "no" };
    let deed = Deed::new(visit.actor(), What::AccountChanged)
        .subject(&name)
        .fact("role", account.role.as_str())
        .fact("disabled", yes_no(account.is_disabled))
        .fact("sees_secrets", yes_no(account.sees_secrets));
    // Rights that were taken away must not live on in an open session.
    let act = Act::of(deed)
        .change(Change::PutAccount(account))
        .change(end_all(&name));
    desk.act(act).await?;
    Ok(Redirect::to(&format!("/users/{name}?done=saved")).into_response())
}

/// `POST /users/{name}/password`
pub(super) async fn reset_password(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = of_others(&desk, &visit, &name, &form).await?;
    let made = password::make()?;
    account.password_hash = desk.passwords.hash(Sensitive::new(made.clone())).await?;
    account.must_change_password = true;
    let deed = Deed::new(visit.actor(), What::PasswordSet)
        .subject(&name)
        .fact("by", "admin");
    let act = Act::of(deed)
        .change(Change::PutAccount(account))
        .change(end_all(&name));
    desk.act(act).await?;
    made_page(&desk, &visit, name, made)
}

/// `POST /users/{name}/second-factor`
pub(super) async fn remove_factor(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = of_others(&desk, &visit, &name, &form).await?;
    account.second_factor = None;
    account.recovery_codes = Vec::new();
    let deed = Deed::new(visit.actor(), What::SecondFactorRemoved).subject(&name);
    let act = Act::of(deed)
        .change(Change::PutAccount(account))
        .change(end_all(&name));
    desk.act(act).await?;
    Ok(Redirect::to(&format!("/users/{name}?done=saved")).into_response())
}

/// The account as the form's page showed it. The own one is changed on its own page.
async fn of_others(
    desk: &Desk,
    visit: &Visit,
    name: &str,
    form: &Form,
) -> Result<Account, Failure> {
    if visit.person.account.name == name {
        return Err(Failure::Forbidden);
    }
    let account = desk.reader.account(name).await?.ok_or(Failure::NotFound)?;
    if form.text("version") != account.version.to_string() {
        return Err(Failure::Conflict);
    }
    Ok(account)
}

fn end_all(name: &str) -> Change {
    Change::EndSessions {
        account: name.to_owned(),
        except: None,
    }
}
