//! What stands around every page? Who is signed in, where one can go, what was just done.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form;
use crate::admin::routes::{Access, SECTIONS};
use crate::admin::session::Person;
use crate::model::review::Role;

/// What stands around a page of somebody who is signed in.
#[derive(Clone)]
pub(super) struct Frame {
    /// The person's name.
    pub(super) name: String,
    /// What the role is called.
    pub(super) role: &'static str,
    /// Where one can go.
    pub(super) sections: Vec<SectionLink>,
    /// What was just done, to be said once.
    pub(super) done: Option<&'static str>,
    /// What signing out carries.
    pub(super) sign_out_token: String,
    /// The paths' tokens, made as they are asked for.
    tokens: Tokens,
}

/// One place to go.
#[derive(Clone)]
pub(super) struct SectionLink {
    pub(super) path: &'static str,
    pub(super) label: &'static str,
    pub(super) is_here: bool,
}

#[derive(Clone)]
struct Tokens {
    desk: Desk,
    tie: String,
}

impl Frame {
    /// The frame of a page of this person in a section.
    pub(super) fn new(desk: &Desk, visit: &Visit, section: &str) -> Self {
        let account = &visit.person.account;
        let sections = SECTIONS
            .iter()
            .filter(|section| section.access.lets_in(account.role));
        let tokens = Tokens {
            desk: desk.clone(),
            tie: visit.tie.clone(),
        };
        Self {
            name: account.full_name.clone(),
            role: account.role.label(),
            sections: sections
                .map(|one| SectionLink {
                    path: one.path,
                    label: one.label,
                    is_here: one.path == section,
                })
                .collect(),
            done: visit.done,
            sign_out_token: tokens.of("/sign-out"),
            tokens,
        }
    }

    /// The token of a form that is sent to a path.
    pub(super) fn token(&self, path: &str) -> String {
        self.tokens.of(path)
    }

    /// The token of a form that is sent to the path of one thing.
    pub(super) fn token_at(&self, before: &str, name: &str, after: &str) -> String {
        self.tokens.of(&[before, name, after].concat())
    }
}

impl Tokens {
    fn of(&self, path: &str) -> String {
        form::token(&self.desk, &self.tie, path)
    }
}

/// Who asks, and by what.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) person: Person,
    /// What ties forms to the browser.
    pub(super) tie: String,
    /// The network address.
    pub(super) address: String,
    /// What was just done, from the address of the page.
    pub(super) done: Option<&'static str>,
}

impl Visit {
    /// The person's role.
    pub(super) const fn role(&self) -> Role {
        self.person.account.role
    }

    /// Whether the person may see incidents of state secrets (Luật 117/2025/QH15).
    pub(super) const fn sees_secrets(&self) -> bool {
        matches!(self.person.account.role, Role::Auditor) || self.person.account.sees_secrets
    }

    /// As the actor of a deed.
    pub(super) fn actor(&self) -> crate::store::Actor {
        self.person.actor(&self.address)
    }
}

/// A page of a few words, for somebody who may not be signed in.
#[derive(Template)]
#[template(path = "plain.html")]
pub(super) struct Plain {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

/// A page as an answer.
pub(super) fn page(template: &impl Template) -> Result<Response, Failure> {
    page_with(StatusCode::OK, template)
}

/// A page as an answer of another status.
pub(super) fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Failure> {
    Ok((status, Html(template.render()?)).into_response())
}

/// What a page says was just done: a closed set, so that no link can put words into a page.
pub(super) fn done_text(name: &str) -> Option<&'static str> {
    Some(match name {
        "saved" => "Đã lưu.",
        "added" => "Đã thêm tài khoản.",
        "password" => "Đã đổi mật khẩu. Các phiên làm việc khác đã kết thúc.",
        "sessions" => "Đã kết thúc các phiên làm việc khác.",
        "proposed" => "Đã gửi đề xuất. Quản trị viên xác nhận thì có hiệu lực.",
        "factor" => "Đã bật xác thực hai lớp.",
        "queued" => "Đã đưa vào hàng chờ gửi. Kết quả hiện trong phần Cảnh báo gần đây.",
        "approved" => "Đã phê duyệt phiên bản này.",
        _ => return None,
    })
}

/// Where one can go, and for whom.
pub(super) struct Section {
    pub(super) path: &'static str,
    pub(super) label: &'static str,
    pub(super) access: Access,
}
