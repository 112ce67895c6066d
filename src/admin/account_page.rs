//! The own account: password, second factor, recovery codes, sessions.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page, page_with};
use crate::admin::password::check_strength;
use crate::admin::second_factor::{FactorSecret, make_recovery_codes};
use crate::admin::words::password_fault;
use crate::admin::{qr, told};
use crate::model::sensitive::Sensitive;
use crate::store::account::Change;
use crate::store::{Act, Deed, What};

const HERE: &str = "/account";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    login: String,
    has_factor: bool,
    codes_left: usize,
    sees_secrets: bool,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    address: String,
    agent: String,
    opened: String,
    seen: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "account_password.html")]
struct PasswordPage {
    frame: Frame,
    is_due: bool,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "account_factor.html")]
struct FactorPage {
    frame: Frame,
    is_due: bool,
    asks_password: bool,
    sealed: String,
    typed: String,
    qr: String,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

/// `GET /account`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    let account = &visit.person.account;
    let sessions = desk.reader.sessions(&account.name).await?;
    let this = visit.person.session.token_hash;
    page(&AccountPage {
        frame: Frame::new(&desk, &visit, HERE),
        login: account.name.clone(),
        has_factor: account.second_factor.is_some(),
        codes_left: account.recovery_codes.len(),
        sees_secrets: visit.sees_secrets(),
        sessions: sessions
            .into_iter()
            .map(|session| SessionLine {
                is_this: session.token_hash == this,
                address: session.address,
                agent: session.agent,
                opened: told::short(session.created_at),
                seen: told::short(session.seen_at),
            })
            .collect(),
    })
}

/// `POST /account/sessions`: the others end.
pub(super) async fn end_sessions(
    State(desk): State<Desk>,
    visit: Visit,
    _form: Form,
) -> Result<Response, Failure> {
    let name = &visit.person.account.name;
    let deed = Deed::new(visit.actor(), What::SessionsEnded).subject(name);
    desk.act(Act::of(deed).change(end_others(&visit))).await?;
    Ok(Redirect::to("/account?done=sessions").into_response())
}

fn end_others(visit: &Visit) -> Change {
    Change::EndSessions {
        account: visit.person.account.name.clone(),
        except: Some(visit.person.session.token_hash),
    }
}

/// `GET /account/password`
pub(super) async fn ask_password(
    State(desk): State<Desk>,
    visit: Visit,
) -> Result<Response, Failure> {
    page(&password_page(&desk, &visit, None))
}

fn password_page(desk: &Desk, visit: &Visit, fault: Option<&'static str>) -> PasswordPage {
    PasswordPage {
        frame: Frame::new(desk, visit, HERE),
        is_due: visit.person.account.must_change_password,
        fault,
    }
}

/// `POST /account/password`
pub(super) async fn set_password(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = visit.person.account.clone();
    let new = Sensitive::new(form.raw("password").to_owned());
    let fault = if !is_own_password(&desk, &visit, form.raw("current")).await {
        Some("Mật khẩu hiện tại không đúng.")
    } else if form.raw("password") != form.raw("again") {
        Some("Hai lần nhập mật khẩu mới chưa giống nhau.")
    } else if form.raw("password") == form.raw("current") {
        Some("Mật khẩu mới phải khác mật khẩu hiện tại.")
    } else {
        check_strength(&new, &account.name)
            .err()
            .map(password_fault)
    };
    if fault.is_some() {
        let page = password_page(&desk, &visit, fault);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    account.password_hash = desk.passwords.hash(new).await?;
    account.must_change_password = false;
    let deed = Deed::new(visit.actor(), What::PasswordSet).subject(&account.name);
    let act = Act::of(deed)
        .change(Change::PutAccount(account))
        .change(end_others(&visit));
    desk.act(act).await?;
    Ok(Redirect::to("/account?done=password").into_response())
}

/// Whether this is the password of who asks; guesses are counted like those of signing in.
async fn is_own_password(desk: &Desk, visit: &Visit, password: &str) -> bool {
    let account = &visit.person.account;
    let counted_as = format!("own {}", account.name);
    let unknown = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
    let address = visit.address.parse().unwrap_or(unknown);
    let permission = desk.attempts.begin(&counted_as, address, desk.now());
    if !matches!(
        permission,
        crate::admin::attempts::Permission::Granted { .. }
    ) {
        return false;
    }
    let password = Sensitive::new(password.to_owned());
    let kept = Some(account.password_hash.as_str());
    let is_right = desk.passwords.is_right(password, kept).await;
    if is_right {
        desk.attempts.succeeded(&counted_as, address);
    }
    is_right
}

/// `GET /account/second-factor`: a new secret, sealed into the form until its first code is typed.
pub(super) async fn ask_factor(
    State(desk): State<Desk>,
    visit: Visit,
) -> Result<Response, Failure> {
    let secret = FactorSecret::make().ok_or(Failure::Crypto)?;
    page(&factor_page(&desk, &visit, &secret, None)?)
}

fn factor_page(
    desk: &Desk,
    visit: &Visit,
    secret: &FactorSecret,
    fault: Option<&'static str>,
) -> Result<FactorPage, Failure> {
    let account = &visit.person.account;
    let sealed = desk
        .sealer
        .seal(secret, &account.name)
        .ok_or(Failure::Crypto)?;
    let address = secret.address(&account.name).ok_or(Failure::Crypto)?;
    Ok(FactorPage {
        frame: Frame::new(desk, visit, HERE),
        is_due: account.second_factor.is_none(),
        asks_password: account.second_factor.is_some(),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
        typed: secret.typed(),
        qr: qr::svg(&address).ok_or(Failure::Crypto)?,
        fault,
    })
}

/// `POST /account/second-factor`
pub(super) async fn set_factor(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let mut account = visit.person.account.clone();
    let sealed = URL_SAFE_NO_PAD.decode(form.text("sealed"));
    let sealed = sealed.map_err(|_not_ours| Failure::BadForm)?;
    let secret = desk
        .sealer
        .open(&sealed, &account.name)
        .ok_or(Failure::BadForm)?;
    let replaces = account.second_factor.is_some();
    let step = secret.step_of(form.text("code"), 0, desk.now());
    let fault = if replaces && !is_own_password(&desk, &visit, form.raw("current")).await {
        Some("Mật khẩu hiện tại không đúng.")
    } else if step.is_none() {
        Some("Mã chưa đúng. Đề nghị kiểm tra giờ của điện thoại và nhập mã đang hiển thị.")
    } else {
        None
    };
    let (None, Some(step)) = (fault, step) else {
        let page = factor_page(&desk, &visit, &secret, fault)?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let (codes, hashes) = make_recovery_codes().ok_or(Failure::Crypto)?;
    account.second_factor = Some(sealed);
    account.second_factor_step = step;
    account.recovery_codes = hashes;
    let deed = Deed::new(visit.actor(), What::SecondFactorSet).subject(&account.name);
    let act = Act::of(deed)
        .change(Change::PutAccount(account))
        .change(end_others(&visit));
    desk.act(act).await?;
    let frame = Frame::new(&desk, &visit, HERE);
    page(&CodesPage { frame, codes })
}

/// `POST /account/recovery`: new codes; the old ones end.
pub(super) async fn renew_recovery(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    if !is_own_password(&desk, &visit, form.raw("current")).await {
        return Err(Failure::BadForm);
    }
    let mut account = visit.person.account.clone();
    let (codes, hashes) = make_recovery_codes().ok_or(Failure::Crypto)?;
    account.recovery_codes = hashes;
    let deed = Deed::new(visit.actor(), What::RecoveryCodesMade).subject(&account.name);
    desk.act(Act::of(deed).change(Change::PutAccount(account)))
        .await?;
    let frame = Frame::new(&desk, &visit, HERE);
    page(&CodesPage { frame, codes })
}
