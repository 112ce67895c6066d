//! Which pages are there, and who may see each? The one table; everything else is refused.
//!
//! A route without an access rule cannot be written. The rights are those of the roles: an
//! administrator sets accounts, a reviewer works on incidents, an auditor reads everything and
//! changes nothing but what the law wants from him.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

use crate::admin::access::let_in;
use crate::admin::desk::Desk;
use crate::admin::frame::Section;
use crate::admin::{
    account_page, api, assets, connections_page, evidence_page, exceptions_page, incident_export,
    incident_page, incident_work, incidents_page, lift_page, log_page, machines_page, overview,
    releases_page, report_page, reports_page, rules_page, setup, sign_in, staff_page, tool_page,
    tools_page, users_page, wording_page,
};
use crate::model::review::Role;

/// Who may have a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody.
    Anyone,
    /// Whoever gave the password and is asked for the second factor.
    HalfWay,
    /// Whoever is signed in, even before a password or second factor that is due is set.
    Settling,
    /// Whoever shows a token of the API.
    Token,
    /// These roles.
    Roles(&'static [Role]),
}

impl Access {
    /// Whether a role may have it, once signed in.
    pub(super) fn lets_in(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::HalfWay | Self::Settling => true,
            Self::Token => false,
            Self::Roles(roles) => roles.contains(&role),
        }
    }
}

/// Every role.
pub(super) const EVERYBODY: Access = Access::Roles(&Role::ALL);
/// Accounts and settings.
pub(super) const ADMIN: Access = Access::Roles(&[Role::Admin]);
/// What an auditor reads.
pub(super) const AUDITOR: Access = Access::Roles(&[Role::Auditor]);
/// What a reviewer works on.
const REVIEWER: Access = Access::Roles(&[Role::Reviewer]);
/// What is prepared by one and decided by the other.
const ADMIN_AND_REVIEWER: Access = Access::Roles(&[Role::Admin, Role::Reviewer]);
/// Accounts, to be read.
const ADMIN_AND_AUDITOR: Access = Access::Roles(&[Role::Admin, Role::Auditor]);
/// What leaves the pages.
const REVIEWER_AND_AUDITOR: Access = Access::Roles(&[Role::Reviewer, Role::Auditor]);

/// Where one can go from every page.
pub(super) const SECTIONS: [Section; 15] = [
    Section {
        path: "/",
        label: "Tổng quan",
        access: EVERYBODY,
    },
    Section {
        path: "/incidents",
        label: "Sự kiện",
        access: EVERYBODY,
    },
    Section {
        path: "/releases",
        label: "Đề nghị cho gửi",
        access: REVIEWER_AND_AUDITOR,
    },
    Section {
        path: "/exceptions",
        label: "Trường hợp loại trừ",
        access: EVERYBODY,
    },
    Section {
        path: "/users",
        label: "Tài khoản",
        access: ADMIN_AND_AUDITOR,
    },
    Section {
        path: "/log",
        label: "Nhật ký thao tác",
        access: AUDITOR,
    },
    Section {
        path: "/reports",
        label: "Báo cáo",
        access: REVIEWER_AND_AUDITOR,
    },
    Section {
        path: "/account",
        label: "Tài khoản của tôi",
        access: EVERYBODY,
    },
    Section {
        path: "/troubles",
        label: "Báo sự cố",
        access: EVERYBODY,
    },
    Section {
        path: "/tools",
        label: "Công cụ AI",
        access: EVERYBODY,
    },
    Section {
        path: "/machines",
        label: "Bộ phận, máy trạm",
        access: EVERYBODY,
    },
    Section {
        path: "/lessons",
        label: "Tập huấn",
        access: EVERYBODY,
    },
    Section {
        path: "/rules",
        label: "Quy tắc kiểm soát",
        access: EVERYBODY,
    },
    Section {
        path: "/wording",
        label: "Lời văn",
        access: ADMIN_AND_AUDITOR,
    },
    Section {
        path: "/connections",
        label: "Kết nối",
        access: ADMIN_AND_AUDITOR,
    },
];

/// One route.
pub(super) struct Route {
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "read by the tests that ask for every route as every role"
        )
    )]
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    handler: MethodRouter<Desk>,
}

fn get<T: 'static>(path: &'static str, access: Access, handler: impl Handler<T, Desk>) -> Route {
    Route {
        method: Method::GET,
        path,
        access,
        handler: on(MethodFilter::GET, handler),
    }
}

fn post<T: 'static>(path: &'static str, access: Access, handler: impl Handler<T, Desk>) -> Route {
    Route {
        method: Method::POST,
        path,
        access,
        handler: on(MethodFilter::POST, handler),
    }
}

/// All routes.
pub(super) fn table() -> Vec<Route> {
    let mut table = doors();
    table.extend(own_account());
    table.extend(incidents());
    table.extend(tools_and_staff());
    table.extend(for_programs());
    table.extend(reports());
    table.extend([
        get("/", EVERYBODY, overview::show),
        get("/users", ADMIN_AND_AUDITOR, users_page::list),
        post("/users", ADMIN, users_page::add),
        get("/users/{name}", ADMIN_AND_AUDITOR, users_page::one),
        post("/users/{name}", ADMIN, users_page::change),
        post("/users/{name}/password", ADMIN, users_page::reset_password),
        post(
            "/users/{name}/second-factor",
            ADMIN,
            users_page::remove_factor,
        ),
        get("/log", AUDITOR, log_page::list),
        post("/log/verify", AUDITOR, log_page::verify),
    ]);
    table
}

/// Tools, units, what clerks report and learn, and the rules in force.
fn tools_and_staff() -> Vec<Route> {
    vec![
        get("/tools", EVERYBODY, tools_page::list),
        get("/tools/find", EVERYBODY, tools_page::find),
        get("/tools/{id}", EVERYBODY, tool_page::one),
        post("/tools/{id}", ADMIN_AND_REVIEWER, tool_page::enter),
        post("/tools/{id}/approve", ADMIN, tool_page::approve),
        post("/tools/{id}/withdraw", ADMIN, tool_page::withdraw),
        get("/machines", EVERYBODY, machines_page::list),
        post("/machines", ADMIN, machines_page::settle),
        post("/machines/units", ADMIN, machines_page::unit),
        get("/troubles", EVERYBODY, staff_page::list),
        get("/troubles/{code}", EVERYBODY, staff_page::one),
        post("/troubles/{code}", REVIEWER, staff_page::handle),
        get("/lessons", EVERYBODY, staff_page::lessons),
        post("/lessons/export", EVERYBODY, staff_page::export),
        get("/rules", EVERYBODY, rules_page::show),
        post("/rules/try", EVERYBODY, rules_page::try_out),
        get("/wording", ADMIN_AND_AUDITOR, wording_page::show),
        post("/wording", ADMIN, wording_page::save),
        get("/connections", ADMIN_AND_AUDITOR, connections_page::show),
        post("/connections/test", ADMIN, connections_page::test),
        post("/connections/tokens", ADMIN, connections_page::make_token),
        post(
            "/connections/tokens/end",
            ADMIN,
            connections_page::end_token,
        ),
    ]
}

/// What programs read.
fn for_programs() -> Vec<Route> {
    vec![
        get("/api/v1/openapi.json", Access::Anyone, api::document),
        get("/api/v1/incidents", Access::Token, api::incidents),
        get("/api/v1/incidents/{id}", Access::Token, api::incident),
        get("/api/v1/summary", Access::Token, api::summary),
        get("/api/v1/tools", Access::Token, api::tools),
        get("/api/v1/status", Access::Token, api::status),
    ]
}

/// Signing in and out, and what everybody gets.
fn doors() -> Vec<Route> {
    vec![
        get("/static/{name}", Access::Anyone, assets::serve),
        get("/sign-in", Access::Anyone, sign_in::ask),
        post("/sign-in", Access::Anyone, sign_in::check),
        get("/sign-in/code", Access::HalfWay, sign_in::ask_code),
        post("/sign-in/code", Access::HalfWay, sign_in::check_code),
        post("/sign-out", Access::HalfWay, sign_in::out),
        get("/setup/{token}", Access::Anyone, setup::ask),
        post("/setup/{token}", Access::Anyone, setup::make),
    ]
}

/// Incidents, and what people decide about them.
fn incidents() -> Vec<Route> {
    vec![
        get("/incidents", EVERYBODY, incidents_page::list),
        post("/incidents/bulk", REVIEWER, incidents_page::bulk),
        post(
            "/incidents/export",
            REVIEWER_AND_AUDITOR,
            incident_export::export,
        ),
        get("/incidents/{code}", EVERYBODY, incident_page::show),
        post("/incidents/{code}", REVIEWER, incident_work::change),
        post(
            "/incidents/{code}/exception",
            REVIEWER,
            exceptions_page::propose,
        ),
        get("/incidents/{code}/evidence", AUDITOR, evidence_page::ask),
        post("/incidents/{code}/evidence", AUDITOR, evidence_page::open),
        get("/incidents/{code}/lift", AUDITOR, lift_page::ask),
        post("/incidents/{code}/lift", AUDITOR, lift_page::lift),
        post("/incidents/{code}/lift/end", AUDITOR, lift_page::end),
        get("/exceptions", EVERYBODY, exceptions_page::list),
        post("/exceptions/{id}", ADMIN, exceptions_page::decide),
        get("/releases", REVIEWER_AND_AUDITOR, releases_page::list),
        get(
            "/releases/stream",
            REVIEWER_AND_AUDITOR,
            releases_page::stream,
        ),
        post("/releases/{code}", REVIEWER, releases_page::decide),
    ]
}

/// What everybody does with the own account.
fn own_account() -> Vec<Route> {
    vec![
        get("/account", EVERYBODY, account_page::show),
        post("/account/sessions", EVERYBODY, account_page::end_sessions),
        post("/account/recovery", EVERYBODY, account_page::renew_recovery),
        get(
            "/account/password",
            Access::Settling,
            account_page::ask_password,
        ),
        post(
            "/account/password",
            Access::Settling,
            account_page::set_password,
        ),
        get(
            "/account/second-factor",
            Access::Settling,
            account_page::ask_factor,
        ),
        post(
            "/account/second-factor",
            Access::Settling,
            account_page::set_factor,
        ),
    ]
}

/// Reports: made, written on, approved, downloaded.
fn reports() -> Vec<Route> {
    let access = REVIEWER_AND_AUDITOR;
    vec![
        get("/reports", access, reports_page::list),
        post("/reports", access, reports_page::add),
        get("/reports/{id}", access, report_page::show),
        post("/reports/{id}", access, report_page::write),
        post("/reports/{id}/approve", access, report_page::approve),
        get("/reports/{id}/file", access, report_page::file),
    ]
}

/// The routes as a service, each behind its access rule.
pub(super) fn router(desk: &Desk) -> Router {
    let mut router = Router::new();
    for route in table() {
        let guard = from_fn_with_state((desk.clone(), route.access), let_in);
        router = router.route(route.path, route.handler.layer(guard));
    }
    router
        .fallback(async || crate::admin::failure::Failure::NotFound)
        .method_not_allowed_fallback(api::other_method)
        .with_state(desk.clone())
}
