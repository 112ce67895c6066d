//! What does the proxy tell of what it does not see?
//!
//! Counts coverage in the figures and in the table, lists hosts that look like AI services, and
//! keeps account of clients that refuse our certificates.
//!
//! Never: the name of a host that neither is nor looks like an AI service.

use std::io;
use std::time::Duration;

use rustls::AlertDescription;

use super::Core;
use super::client::Client;
use super::failure::Failure;
use crate::inspect::Sender;
use crate::model::coverage::Coverage;
use crate::model::request_counts::RequestCounts;
use crate::telemetry::{Pair, Seen, Standing};

/// A client that waited longer than this for its handshake may have lost patience, not trust.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest name of a program that is told, in bytes.
const PROGRAM_BYTES_MAX: usize = 32;

impl Core {
    /// Counts how well something for a service could be read.
    pub(super) fn cover(&self, service: &str, coverage: Coverage) {
        self.parts.metrics.coverage(service, coverage);
        self.parts
            .watch
            .count(service, coverage, (self.parts.clock)());
    }

    /// Counts what came of a request, for the reports.
    pub(super) fn tally(&self, service: &str, sender: &Sender, counts: &RequestCounts) {
        let unit = sender.unit.as_deref().unwrap_or_default();
        let at = (self.parts.clock)();
        self.parts.watch.tally(service, unit, counts, at);
    }

    /// Counts for the service whose host this is, if it is one's.
    pub(super) fn cover_host(&self, host: &str, coverage: Coverage) {
        let inspector = self.parts.inspector.load();
        if let Some(service) = inspector.service_of(host) {
            self.cover(&service.id, coverage);
        }
    }

    /// Counts what passes unread to the service whose host this is, if it is one's.
    pub(super) fn passes_unread(&self, host: &str, sender: &Sender) {
        self.cover_host(host, Coverage::Tunnelled);
        let inspector = self.parts.inspector.load();
        if let Some(service) = inspector.service_of(host) {
            self.tally(&service.id, sender, &RequestCounts::one_tunnel());
        }
    }

    /// Lists a host that looks like an AI service and is in no catalogue, once.
    pub(super) fn discover(&self, host: &str) {
        if !self.parts.inspector.load().looks_like_ai(host)
            || self.parts.settings.load().interception.bypasses(host)
        {
            return;
        }
        if self.parts.watch.discovered(host, (self.parts.clock)()) == Seen::New {
            tracing::info!(
                host,
                "a host that looks like an AI service is in no catalogue"
            );
        }
    }

    /// Refuses a program that is known not to trust our certificates for this host.
    pub(super) fn refuse_distrusting(&self, client: &Client, host: &str) -> Result<(), Failure> {
        let pair = pair(client, host);
        if !self.parts.watch.is_distrusting(&pair, (self.parts.clock)()) {
            return Ok(());
        }
        self.cover_host(host, Coverage::Uninspectable);
        Err(Failure::ClientDistrusts { host: pair.host })
    }

    /// A handshake with a client was completed.
    pub(super) fn trusted(&self, client: &Client, host: &str) {
        self.parts.watch.handshake_done(&pair(client, host));
        self.count_distrusting();
    }

    /// A handshake with a client failed, `waited` after the client had asked for it.
    pub(super) fn distrusted(
        &self,
        client: &Client,
        host: &str,
        cause: &io::Error,
        waited: Duration,
    ) {
        let is_refusal = match refusal(cause) {
            Refusal::Said => true,
            Refusal::Left => waited <= PATIENCE,
            Refusal::Other => false,
        };
        if !is_refusal {
            return;
        }
        let pair = pair(client, host);
        let standing = self
            .parts
            .watch
            .handshake_refused(&pair, (self.parts.clock)());
        if standing == Standing::NowRefused {
            self.cover_host(host, Coverage::Uninspectable);
            let Pair {
                client,
                program,
                host,
            } = pair;
            tracing::warn!(
                %client,
                program,
                host,
                "a program refuses our certificates: it is not inspectable and refused for a while"
            );
        }
        self.count_distrusting();
    }

    fn count_distrusting(&self) {
        let now = self.parts.watch.distrusting((self.parts.clock)()).len();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        self.parts.metrics.set_distrusting(now);
    }
}

fn pair(client: &Client, host: &str) -> Pair {
    Pair {
        client: client.sender.client.ip(),
        program: client.program.clone(),
        host: host.to_owned(),
    }
}

/// The name of a program out of its `User-Agent`: the first product without its version, where it
/// reads like a name (RFC 9110 section 10.1.5).
pub(super) fn program_of(user_agent: Option<&http::HeaderValue>) -> String {
    let text = user_agent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let name = text.split(['/', ' ', '(']).next().unwrap_or_default();
    let is_name = name.len() <= PROGRAM_BYTES_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.'));
    if is_name { name } else { "other" }.to_owned()
}

/// How a client ended a handshake.
enum Refusal {
    /// It said that our certificate is not good (RFC 8446 section 6.2).
    Said,
    /// It left without a word.
    Left,
    /// For another reason.
    Other,
}

fn refusal(cause: &io::Error) -> Refusal {
    let alert = cause
        .get_ref()
        .and_then(|cause| cause.downcast_ref::<rustls::Error>());
    match alert {
        Some(rustls::Error::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::AccessDenied,
        )) => Refusal::Said,
        Some(_) => Refusal::Other,
        None if has_left(cause) => Refusal::Left,
        None => Refusal::Other,
    }
}

fn has_left(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_program_is_told_by_its_name_only() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64)", "Mozilla"),
            ("ChatGPT/1.2025.315 (Mac OS)", "ChatGPT"),
            ("python-requests/2.32", "python-requests"),
            ("001099000001", "other"),
            ("Nguyễn Văn Thử", ""),
            ("", ""),
        ] {
            let value = HeaderValue::from_bytes(agent.as_bytes()).unwrap();
            assert_eq!(program_of(Some(&value)), name, "{agent}");
        }
        assert_eq!(program_of(None), "");
    }
}
