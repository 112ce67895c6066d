//! Who signs with? A second person, present at the same form: own name, password and one-time code.
//!
//! Held to what signing in is held to: the same locks, the same deeds of refusal, the same time for
//! a name that is nobody's. A code counts once, so it is used up whatever comes of the form.

use crate::admin::attempts::Permission;
use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::Visit;
use crate::admin::session::From;
use crate::admin::sign_in::{address, begin, tell_refused};
use crate::model::decision::Action;
use crate::model::sensitive::Sensitive;
use crate::store::account::{Account, Change};

/// How long a reason may be.
const REASON_CHARS_MAX: usize = 500;

/// Somebody who signed with.
pub(super) struct SecondPerson {
    account: Account,
}

/// Why nobody signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// The same person twice.
    Self_,
    /// Name, password and code do not belong together, or there is a lock.
    NotThem,
    /// Somebody who has no part in this.
    OtherRole,
}

impl Unsigned {
    /// The name in the chain.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Self_ => "same_person",
            Self::NotThem => "second_person_not_confirmed",
            Self::OtherRole => "second_person_other_role",
        }
    }

    /// What is said on the page.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Self_ => {
                "Người thứ hai đang trùng với người thực hiện. Đề nghị mời một người khác cùng ký."
            }
            Self::NotThem => {
                "Chưa xác nhận được người thứ hai: tên, mật khẩu hoặc mã không đúng, mã đã dùng, \
                 hoặc tài khoản đang bị tạm khóa. Chờ mã mới rồi thực hiện lại."
            }
            Self::OtherRole => {
                "Tài khoản của người thứ hai không có vai trò dùng cho việc này. Đề nghị mời người \
                 có vai trò phù hợp cùng ký; quản trị viên biết ai có vai trò đó."
            }
        }
    }
}

/// What went wrong with a form of two people, by its name in the chain, in a few words.
pub(super) fn fault_words(name: &str) -> &'static str {
    match name {
        "same_person" => "người thứ hai trùng người thực hiện",
        "second_person_not_confirmed" => "chưa xác nhận được người thứ hai",
        "second_person_other_role" => "người thứ hai không có vai trò dùng cho việc này",
        "no_key" => "khóa riêng không đúng dạng",
        "other_key" => "không phải khóa của nội dung này",
        "changed" => "tệp niêm phong đã bị thay đổi",
        _ => "lý do khác",
    }
}

impl SecondPerson {
    /// Who signed this form with the person who sends it. The name of somebody who is known comes
    /// with a refusal, for the log.
    pub(super) async fn of(
        desk: &Desk,
        visit: &Visit,
        form: &Form,
        has_part: fn(&Account) -> bool,
    ) -> Result<Result<Self, (Unsigned, Option<String>)>, Failure> {
        let name = form.text("second_name").to_lowercase();
        if name == visit.person.account.name {
            return Ok(Err((Unsigned::Self_, None)));
        }
        let from = From {
            address: visit.address.clone(),
            agent: String::new(),
        };
        let not_them = |known: Option<&Account>| {
            let name = known.map(|account| account.name.clone());
            Ok(Err((Unsigned::NotThem, name)))
        };
        let Some(locks) = begin(desk, &name, &from).await? else {
            return not_them(None);
        };
        let known = desk.reader.account(&name).await?;
        let is_open = known.as_ref().filter(|account| !account.is_disabled);
        let kept = is_open.map(|account| account.password_hash.as_str());
        let password = Sensitive::new(form.raw("second_password").to_owned());
        let is_right = desk.passwords.is_right(password, kept).await;
        let Some(mut account) = known.clone().filter(|_| is_right) else {
            tell_refused(desk, known.as_ref(), &from, locks).await?;
            return not_them(known.as_ref());
        };
        desk.attempts.succeeded(&name, address(&from));
        let counted_as = format!("code {name}");
        let permission = desk.attempts.begin(&counted_as, address(&from), desk.now());
        let Permission::Granted { locks } = permission else {
            return not_them(Some(&account));
        };
        let step = step_of(desk, &account, form.text("second_code"));
        let Some(step) = step.filter(|_| !account.must_change_password) else {
            tell_refused(desk, Some(&account), &from, locks).await?;
            return not_them(Some(&account));
        };
        desk.attempts.succeeded(&counted_as, address(&from));
        if !has_part(&account) {
            return Ok(Err((Unsigned::OtherRole, Some(account.name))));
        }
        account.second_factor_step = step;
        Ok(Ok(Self { account }))
    }

    /// The name, for deeds.
    pub(super) fn name(&self) -> &str {
        &self.account.name
    }

    /// The code that was given counts no more.
    pub(super) fn uses_code(&self) -> Change {
        Change::PutAccount(self.account.clone())
    }
}

/// The step of a one-time code; recovery codes are for signing in alone.
fn step_of(desk: &Desk, account: &Account, code: &str) -> Option<i64> {
    let sealed = account.second_factor.as_deref()?;
    let secret = desk.sealer.open(sealed, &account.name)?;
    secret.step_of(code, account.second_factor_step, desk.now())
}

/// The reason that a form of two people gives, or what is wrong with it. It is kept, so it is held to
/// what a prompt is held to.
pub(super) fn reason_of(
    desk: &Desk,
    form: &Form,
    missing: &'static str,
) -> Result<String, &'static str> {
    let reason: String = form.text("reason").chars().take(REASON_CHARS_MAX).collect();
    if reason.is_empty() {
        return Err(missing);
    }
    let scan = (desk.rules)().scan_text(reason.clone(), desk.now());
    if scan.action > Action::Allow {
        return Err(
            "Lý do có thông tin cá nhân hoặc nội dung không được ghi vào nhật ký. Đề nghị viết \
             lại, không nêu họ tên, số giấy tờ, số điện thoại, dấu mật.",
        );
    }
    Ok(reason)
}
