//! What does the proxy show when it is asked itself? The page that sets up a workstation.
//!
//! In: method, path and facts about this proxy. Out: `/` the set-up page with the notice that AI
//! traffic is monitored (NĐ 330/2026/NĐ-CP Đ61.2.c), `/proxy.pac` and `/wpad.dat`, `/ca.pem` and
//! `/ca.der` (and `/ca-standby.der` while the office changes its root); nothing for all else, which
//! `staff_pages` may have.
//!
//! Never: a figure about one person, anything secret; whoever reaches the proxy can read these.
//! The list of events is that of the asking address alone.

use askama::Template;
use http::header::{ALLOW, CONTENT_DISPOSITION};
use http::{HeaderValue, StatusCode};

use super::answer::{self, OwnAnswer, PageRights};
use super::guide::{Guide, guides};
use super::office::OfficeTexts;
use super::own_frame::OwnFrame;
use super::own_pages::StandbyRoot;
use super::pac::{self, HostPatternForPac};
use super::release_offer::OwnEvent;
use super::settings::PacScope;
use crate::model::address::ClientAddr;

/// Where the self-test is; reachable only through the proxy.
const SELF_TEST_URL: &str = "https://test.lachan.internal/";

/// The facts that the pages show.
pub struct PagesContext<'a> {
    /// The proxy as workstations dial it, `host:port`.
    pub proxy_address: &'a str,
    /// The office's other nodes, `host:port`.
    pub other_nodes: &'a [String],
    /// Which hosts the PAC file sends here.
    pub pac_scope: PacScope,
    /// The root certificates, PEM.
    pub ca_pem: &'a str,
    /// Our root certificate, DER.
    pub ca_der: &'a [u8],
    /// SHA-256 of the DER, in hexadecimal pairs joined by colons.
    pub ca_fingerprint: &'a str,
    /// The root that is to be trusted besides, where there is one.
    pub standby: Option<&'a StandbyRoot>,
    /// The hosts that the catalogue knows.
    pub pac_hosts: &'a [HostPatternForPac],
    /// The workstation's unit, where one is known.
    pub unit: Option<&'a str>,
    /// The workstation.
    pub client: ClientAddr,
    /// The program's version.
    pub version: &'a str,
    /// When the policy in force was read, as people write it.
    pub policy_time: &'a str,
    /// For how many days incidents are kept.
    pub retention_days: u32,
    /// Whether the proxy can do all that it should.
    pub ready: bool,
    /// The office's words.
    pub office: &'a OfficeTexts,
    /// What became of this workstation's requests lately.
    pub recent: &'a [OwnEvent],
    /// What the browser calls itself.
    pub user_agent: &'a str,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage<'a> {
    frame: OwnFrame<'a>,
    context: &'a PagesContext<'a>,
    guides: [Guide; 4],
    self_test_url: &'static str,
}

/// Answers a question to the proxy itself, where it is one of those here.
pub fn serve(path: &str, context: &PagesContext<'_>) -> Option<OwnAnswer> {
    Some(match (path, context.standby) {
        ("/", _) => setup(context),
        ("/proxy.pac" | "/wpad.dat", _) => answer::content(
            StatusCode::OK,
            // The script is pure ASCII, so no charset can be mistaken.
            "application/x-ns-proxy-autoconfig",
            pac_script(context),
        ),
        ("/ca.pem", _) => download(
            "application/x-pem-file",
            "attachment; filename=\"lachan-ca.pem\"",
            context.ca_pem.as_bytes().to_vec(),
        ),
        ("/ca.der", _) => download(
            "application/x-x509-ca-cert",
            "attachment; filename=\"lachan-ca.cer\"",
            context.ca_der.to_vec(),
        ),
        ("/ca-standby.der", Some(standby)) => download(
            "application/x-x509-ca-cert",
            "attachment; filename=\"lachan-ca-2.cer\"",
            standby.der.clone(),
        ),
        ("/may-nay.js", _) => answer::content(
            StatusCode::OK,
            "text/javascript; charset=utf-8",
            include_str!("templates/may-nay.js"),
        ),
        _ => return None,
    })
}

fn pac_script(context: &PagesContext<'_>) -> String {
    let others = context.other_nodes.iter().map(String::as_str);
    let nodes: Vec<&str> = std::iter::once(context.proxy_address)
        .chain(others)
        .collect();
    pac::script(&nodes, context.pac_scope, context.pac_hosts)
}

fn setup(context: &PagesContext<'_>) -> OwnAnswer {
    let page = SetupPage {
        frame: OwnFrame {
            here: "/",
            office: context.office,
        },
        context,
        guides: guides(context.user_agent),
        self_test_url: SELF_TEST_URL,
    };
    answer::rendered(StatusCode::OK, &page, PageRights::OwnPage)
}

/// Downloads are saved, not opened: the fingerprint is to be compared before anyone trusts it.
fn download(content_type: &'static str, disposition: &'static str, body: Vec<u8>) -> OwnAnswer {
    let mut answer = answer::content(StatusCode::OK, content_type, body);
    answer
        .headers_mut()
        .insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    answer
}

/// The answer where there is no page.
pub(super) fn not_found() -> OwnAnswer {
    answer::content(
        StatusCode::NOT_FOUND,
        "text/plain; charset=utf-8",
        "Không có trang này. Trang cài đặt máy trạm ở địa chỉ /\n",
    )
}

/// The answer to a method that a page does not take.
pub(super) fn method_not_allowed() -> OwnAnswer {
    let mut answer = answer::content(
        StatusCode::METHOD_NOT_ALLOWED,
        "text/plain; charset=utf-8",
        "Trang này không nhận phương thức đã gửi.\n",
    );
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    answer
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;

    use super::*;
    use crate::proxy::answer::text_of;

    fn asked(path: &str, unit: Option<&str>, ready: bool) -> Option<OwnAnswer> {
        let office = OfficeTexts::default();
        let hosts = [HostPatternForPac::Exact(String::from("chatgpt.com"))];
        let context = PagesContext {
            proxy_address: "10.0.0.1:3128",
            other_nodes: &[],
            pac_scope: PacScope::Ai,
            standby: None,
            ca_pem: "-----BEGIN CERTIFICATE-----",
            ca_der: b"0der",
            ca_fingerprint: "AA:BB:CC",
            pac_hosts: &hosts,
            unit,
            client: ClientAddr("10.0.0.7:50000".parse().unwrap()),
            version: "0.1.0",
            policy_time: "08:00 ngày 12/6/2026",
            retention_days: 730,
            ready,
            office: &office,
            recent: &[],
            user_agent: "(X11; Linux x86_64) Chrome/140",
        };
        serve(path, &context)
    }

    #[test]
    fn the_set_up_page_shows_notice_certificate_and_pac_address() {
        let answer = asked("/", Some("Tổ <Một cửa>"), true).unwrap();
        let html = text_of(&answer);
        for words in [
            "Điều 61 Nghị định số 330/2026/NĐ-CP",
            "AA:BB:CC",
            "http://10.0.0.1:3128/proxy.pac",
            "https://test.lachan.internal/",
            "Tổ &#60;Một cửa&#62;",
            "Đang hoạt động",
            "10.0.0.7",
            "730 ngày",
            "Chưa có sự kiện nào.",
            "Linux: Chrome, Chromium, Edge <span class=\"when\">(máy này)",
        ] {
            assert!(html.contains(words), "{words}");
        }
        let words = html.split("</style>").nth(1).unwrap();
        assert!(!words.contains(['{', '}']));
    }

    #[test]
    fn a_proxy_that_is_not_ready_says_so() {
        let html = text_of(&asked("/", None, false).unwrap());
        assert!(html.contains("Chưa sẵn sàng"));
        assert!(html.contains("chưa được gán"));
    }

    #[test]
    fn the_files_have_their_types() {
        for (path, kind, start) in [
            ("/proxy.pac", "application/x-ns-proxy-autoconfig", "//"),
            ("/wpad.dat", "application/x-ns-proxy-autoconfig", "//"),
            ("/ca.pem", "application/x-pem-file", "-----BEGIN"),
            ("/ca.der", "application/x-x509-ca-cert", "0der"),
        ] {
            let answer = asked(path, None, true).unwrap();
            assert_eq!(answer.headers()[CONTENT_TYPE], kind);
            assert!(text_of(&answer).starts_with(start), "{path}");
            assert!(text_of(&answer).is_ascii(), "{path}");
        }
    }

    #[test]
    fn other_paths_are_not_here() {
        assert!(asked("/etc/passwd", None, true).is_none());
        assert!(asked("/ca-standby.der", None, true).is_none());
    }
}
