//! What does the proxy tell about itself, under its own names?
//!
//! In: a request for the proxy or for the self-test host. Out: their pages, with the facts in
//! force now. The self-test gets only what `inspect` cleared, as an AI service would.

use http::uri::Authority;
use http::{Request, Response, header};

use super::Core;
use super::bodies::AnswerBody;
use super::client::Client;
use super::pac::HostPatternForPac;
use super::pages::{self, PagesContext};
use super::selftest::{self, SelfTestContext, SelfTestRequest};
use crate::inspect::{self, Cleared, Sender};

/// What the pages tell, apart from the settings.
#[derive(Clone, Debug, Default)]
pub struct OwnPages {
    /// The root certificates that workstations are to trust, PEM, the one in use first.
    pub ca_pem: String,
    /// Our root certificate, DER.
    pub ca_der: Vec<u8>,
    /// SHA-256 of the DER, in hexadecimal pairs joined by colons.
    pub ca_fingerprint: String,
    /// The root that stands by while the office changes it.
    pub standby: Option<StandbyRoot>,
    /// The hosts that the catalogue knows.
    pub pac_hosts: Vec<HostPatternForPac>,
    /// When the policy in force was read, as people write it.
    pub policy_time: String,
    /// For how many days incidents are kept.
    pub retention_days: u32,
}

/// A root that workstations are to trust besides the one in use.
#[derive(Clone, Debug)]
pub struct StandbyRoot {
    /// DER.
    pub der: Vec<u8>,
    /// SHA-256 of the DER, in hexadecimal pairs joined by colons.
    pub fingerprint: String,
}

/// The address as a PAC file names it: always with a port.
fn with_port(address: &str, port: u16) -> String {
    let has_port = address
        .parse()
        .is_ok_and(|authority: Authority| authority.port().is_some());
    if has_port {
        address.to_owned()
    } else {
        format!("{address}:{port}")
    }
}

impl Core {
    /// Answers a request for the proxy itself.
    pub(super) fn pages<B>(&self, request: &Request<B>, client: &Client) -> Response<AnswerBody> {
        let settings = self.parts.settings.load();
        let public = settings.proxy.public_address.as_deref();
        let address = public.map_or_else(
            || client.at.to_string(),
            |public| with_port(public, client.at.port()),
        );
        let caller = client.sender.client.ip();
        let recent = self.recent.of(caller, (self.parts.clock)());
        let context = PagesContext {
            proxy_address: &address,
            other_nodes: &settings.proxy.other_nodes,
            pac_scope: settings.proxy.pac_scope,
            standby: settings.pages.standby.as_ref(),
            ca_pem: &settings.pages.ca_pem,
            ca_der: &settings.pages.ca_der,
            ca_fingerprint: &settings.pages.ca_fingerprint,
            pac_hosts: &settings.pages.pac_hosts,
            unit: client.sender.unit.as_deref(),
            client: client.sender.client,
            version: env!("CARGO_PKG_VERSION"),
            policy_time: &settings.pages.policy_time,
            retention_days: settings.pages.retention_days,
            ready: self.parts.store.is_writable(),
            office: &settings.office,
            recent: &recent,
        };
        pages::serve(request.method(), request.uri().path(), &context).map(AnswerBody::from)
    }

    /// Answers a cleared request to the self-test host.
    pub(super) fn self_test(
        &self,
        request: Cleared<inspect::Request>,
        sender: &Sender,
    ) -> Response<AnswerBody> {
        let settings = self.parts.settings.load();
        let client = sender.client.to_string();
        let context = SelfTestContext {
            office: &settings.office,
            version: env!("CARGO_PKG_VERSION"),
            policy_time: &settings.pages.policy_time,
            unit: sender.unit.as_deref(),
            client: &client,
            now: (self.parts.clock)(),
        };
        let inspect::Request { head, body, .. } = request.into_inner();
        let kind = head.headers.get(header::CONTENT_TYPE);
        let request = SelfTestRequest {
            method: &head.method,
            path: head.uri.path(),
            content_type: kind.and_then(|kind| kind.to_str().ok()),
            body: &body,
        };
        selftest::serve(&request, &context).map(AnswerBody::from)
    }
}
