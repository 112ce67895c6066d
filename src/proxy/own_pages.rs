//! What does the proxy tell about itself, under its own names?
//!
//! In: a request for the proxy or for the self-test host; a form of the proxy's own pages. Out: their pages, with the facts in
//! force now. The self-test gets only what `inspect` cleared, as an AI service would.

use std::collections::BTreeSet;

use http::uri::Authority;
use http::{Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::Core;
use super::answer::{self, OwnAnswer};
use super::bodies::AnswerBody;
use super::client::Client;
use super::collect;
use super::failure::Failure;
use super::own_form::{self, FORM_BYTES_MAX, OwnForm};
use super::pac::HostPatternForPac;
use super::pages::{self, PagesContext};
use super::release_offer::{self, OwnEvent};
use super::selftest::{self, SelfTestContext, SelfTestRequest};
use super::staff_forms::{self, Asked};
use super::staff_pages::{self, Staff};
use crate::inspect::{self, Cleared, Sender};
use crate::store::Act;

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

fn refused(words: &'static str) -> OwnAnswer {
    answer::content(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", words)
}

impl Core {
    /// Answers a request for the proxy itself: a question, or a form of one of its own pages.
    pub(super) async fn pages(
        &self,
        request: Request<Incoming>,
        client: &Client,
    ) -> Result<Response<AnswerBody>, Failure> {
        let method = request.method().clone();
        let answer = match method {
            Method::GET | Method::HEAD => {
                let recent = if request.uri().path() == "/" {
                    let caller = client.sender.client.ip();
                    let events = self.recent.of(caller, (self.parts.clock)());
                    release_offer::with_offers(self, events).await
                } else {
                    Vec::new()
                };
                self.page(&request, client, &recent)
            }
            Method::POST => self.own_form(request, client).await?,
            _ => pages::method_not_allowed(),
        };
        Ok(answer::for_method(&method, answer).map(AnswerBody::from))
    }

    fn page<B>(&self, request: &Request<B>, client: &Client, recent: &[OwnEvent]) -> OwnAnswer {
        let settings = self.parts.settings.load();
        let office = self.office();
        let public = settings.proxy.public_address.as_deref();
        let address = public.map_or_else(
            || client.at.to_string(),
            |public| with_port(public, client.at.port()),
        );
        let agent = request.headers().get(header::USER_AGENT);
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
            office: &office,
            recent,
            user_agent: agent
                .and_then(|agent| agent.to_str().ok())
                .unwrap_or_default(),
        };
        let uri = request.uri();
        let told = uri.query().and_then(|query| query.strip_prefix("xong="));
        pages::serve(uri.path(), &context)
            .or_else(|| {
                self.with_staff(client, |staff| {
                    staff_pages::show(uri.path(), told.unwrap_or_default(), staff)
                })
            })
            .unwrap_or_else(pages::not_found)
    }

    /// Takes a form, where one of our own pages sent it.
    async fn own_form(
        &self,
        request: Request<Incoming>,
        client: &Client,
    ) -> Result<OwnAnswer, Failure> {
        let caller = client.sender.client.ip();
        let (head, mut body) = request.into_parts();
        if !own_form::is_from_own_page(&head.headers, &head.uri, client.at, self) {
            return Ok(refused(
                "Biểu mẫu này không được gửi từ trang của Lá Chắn, nên chưa được ghi nhận. Đề nghị \
                 mở http://lachan.internal/ trên máy này, điền và gửi lại.\n",
            ));
        }
        if !self.forms.takes(caller, (self.parts.clock)()) {
            return Ok(refused(
                "Máy này vừa gửi nhiều biểu mẫu. Đề nghị thử lại sau một giờ.\n",
            ));
        }
        let collected = collect::collect(&mut body, caller, &self.budget, &self.limits()).await?;
        if collected.bytes.len() > FORM_BYTES_MAX {
            return Err(Failure::BodyTooLarge);
        }
        let form = OwnForm::read(&head.headers, &collected.bytes)
            .ok_or(Failure::Malformed("unreadable form"))?;
        let path = head.uri.path();
        match self.with_staff(client, |staff| staff_forms::judge(path, &form, staff)) {
            Asked::Again(page) => Ok(page),
            Asked::Nowhere => Ok(pages::not_found()),
            Asked::Record(deed, place) => {
                let acted = self.parts.store.act(Act::of(deed)).await;
                acted.map_err(|_| Failure::StoreDown)?;
                Ok(answer::see_other(&place))
            }
        }
    }

    /// Does something with what the staff's pages know.
    fn with_staff<T>(&self, client: &Client, then: impl FnOnce(&Staff<'_>) -> T) -> T {
        let settings = self.parts.settings.load();
        let registry = self.parts.store.registry();
        let office = self.office();
        let inspector = self.parts.inspector.load();
        let own = settings.proxy.unit.iter().map(|unit| unit.name.clone());
        let laid_down = registry.units().map(|(name, _)| name.to_owned());
        let units: BTreeSet<String> = own.chain(laid_down).collect();
        // A connection keeps the unit it came with; the page shows the one in force now.
        let caller = client.sender.client.ip();
        let by_settings = settings.proxy.unit_of(caller, client.at.port());
        then(&Staff {
            office: &office,
            client: caller,
            unit: by_settings.or_else(|| registry.unit_of(caller)),
            may_choose: by_settings.is_none() && registry.unit_by_network(caller).is_none(),
            units: units.into_iter().collect(),
            registry: &registry,
            inspector: &inspector,
            retention_days: settings.pages.retention_days,
            evidence: &settings.evidence,
            now: (self.parts.clock)(),
        })
    }

    /// Answers a cleared request to the self-test host.
    pub(super) fn self_test(
        &self,
        request: Cleared<inspect::Request>,
        sender: &Sender,
    ) -> Response<AnswerBody> {
        let settings = self.parts.settings.load();
        let office = self.office();
        let client = sender.client.to_string();
        let context = SelfTestContext {
            office: &office,
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
