//! The checks of `lachan doctor` that look at the way out: roots, names, AI services.

use std::path::Path;
use std::time::Duration;

use rustls_pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::doctor::{Case, Line};
use crate::app::{read_roots, with_causes};
use crate::proxy::address_guard::{AddressGuard, Purpose};
use crate::proxy::dial::Dialer;
use crate::tls::{Alpn, UpstreamTls};

/// Services that any office would miss.
const HOSTS: [&str; 4] = [
    "chatgpt.com",
    "gemini.google.com",
    "claude.ai",
    "copilot.microsoft.com",
];
/// How long one connection may take, handshake included.
const REACH_MAX: Duration = Duration::from_secs(10);
/// Where Debian's package `ca-certificates` puts the public roots.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The certificates by which services are verified.
pub(super) fn roots(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "chứng chỉ gốc công cộng";
    if let Err(mistakes) = read_roots(case.settings) {
        return mistakes
            .into_iter()
            .map(|found| Line::bad(SUBJECT, found, "sửa upstream.extra_ca_files"))
            .collect();
    }
    vec![if Path::new(SYSTEM_ROOTS).exists() {
        Line::good(SUBJECT, "dùng bộ của hệ điều hành")
    } else {
        let found = "hệ điều hành chưa có; đang dùng bộ đi kèm phần mềm";
        Line::care(SUBJECT, found, "apt install ca-certificates")
    }]
}

/// Names resolve: those of the services, or that of the parent proxy.
pub(super) async fn names(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "phân giải tên miền";
    let dial = case.settings.upstream.dial_settings(REACH_MAX);
    let hosts: Vec<(String, u16)> = match &dial.parent_proxy {
        Some(parent) => vec![(parent.host.clone(), parent.port)],
        None => HOSTS
            .iter()
            .filter(|host| !dial.connect_to.iter().any(|fixed| fixed.host == **host))
            .map(|host| ((*host).to_owned(), 443))
            .collect(),
    };
    let mut failed = Vec::new();
    for (host, port) in &hosts {
        let looked_up = tokio::net::lookup_host((host.as_str(), *port));
        match tokio::time::timeout(REACH_MAX, looked_up).await {
            Ok(Ok(_addresses)) => {}
            Ok(Err(error)) => failed.push(format!("{host} ({error})")),
            Err(_elapsed) => failed.push(format!("{host} (quá lâu)")),
        }
    }
    vec![if failed.is_empty() {
        Line::good(SUBJECT, format!("{} tên", hosts.len()))
    } else {
        Line::bad(
            SUBJECT,
            format!("không được: {}", failed.join(", ")),
            "kiểm tra /etc/resolv.conf và máy chủ DNS (resolvectl status)",
        )
    }]
}

/// The services answer with a certificate that holds.
pub(super) async fn upstreams(case: &Case<'_>) -> Vec<Line> {
    const SUBJECT: &str = "công cụ AI";
    let Ok(tls) = read_roots(case.settings) else {
        return Vec::new();
    };
    let settings = case.settings;
    let guard = AddressGuard::new(settings.proxy.private_networks.clone(), Vec::new());
    let dialer = Dialer::new(settings.upstream.dial_settings(REACH_MAX), guard);
    let mut lines = Vec::new();
    for host in HOSTS {
        let reached = tokio::time::timeout(REACH_MAX, reach(&dialer, &tls, host)).await;
        lines.push(match reached.unwrap_or_else(|_elapsed| Err("quá lâu".to_owned())) {
            Ok(()) => Line::good(SUBJECT, format!("{host}: kết nối được, chứng chỉ đúng")),
            Err(reason) => Line::bad(
                SUBJECT,
                format!("{host}: {reason}"),
                "kiểm tra đường Internet, tường lửa và upstream.parent_proxy; nếu lỗi chứng chỉ, \
                 kiểm tra đồng hồ và thiết bị kiểm tra TLS phía trên",
            ),
        });
    }
    lines
}

async fn reach(dialer: &Dialer, tls: &UpstreamTls, host: &str) -> Result<(), String> {
    let dialled = dialer
        .dial(host, 443, Purpose::AiHost)
        .await
        .map_err(|error| with_causes(&error))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    TlsConnector::from(tls.client_config(Alpn::Both))
        .connect(name, dialled.stream)
        .await
        .map(drop)
        .map_err(|error| with_causes(&error))
}
