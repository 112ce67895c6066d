//! A browser for tests: it keeps cookies and sends the forms that it was shown.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tempfile::TempDir;

use super::desk::{BackOfficeParts, Desk};
use super::in_force::RulesInForce;
use super::report_desk::ReportDesk;
use super::setup_link::SetupLink;
use super::status::Status;
use super::{form, guard, password, routes};
use crate::detect::Detector;
use crate::inspect::{Inspector, InspectorParts, Node};
use crate::model::category::{Category, SecretLevel, Severity};
use crate::model::decision::Action;
use crate::model::exchange::{Carries, UnixMillis};
use crate::model::finding::Confidence;
use crate::model::incident::{
    Fingerprint, IncidentDraft, IncidentFinding, MaskedExcerpt, Outcome, Receipt, SecretFacts,
};
use crate::model::limits::Limits;
use crate::model::review::Role;
use crate::model::sensitive::Sensitive;
use crate::policy::Policy;
use crate::report::shelf::Shelf;
use crate::service::Catalogue;
use crate::store::account::{Account, Change, Session, SessionStage};
use crate::store::chain::Hash;
use crate::store::{Act, Store, StoreKeys, StoreSettings};

/// 2026-06-12T14:05:00+07:00.
pub(super) const NOON: i64 = 1_781_247_900_000;
/// A password that may be used.
pub(super) const PASSWORD: &str = "bốn con mèo đen";

/// A back office in a folder that goes away.
pub(super) struct TestOffice {
    pub(super) desk: Desk,
    pub(super) store: Store,
    pub(super) router: Router,
    pub(super) setup_path: String,
    clock: Arc<AtomicI64>,
    _folder: Option<TempDir>,
}

/// The built-in rules, read once.
fn inspector() -> Arc<Inspector> {
    static RULES: OnceLock<Arc<Inspector>> = OnceLock::new();
    let made = RULES.get_or_init(|| {
        let limits = Limits::default();
        Arc::new(Inspector::new(InspectorParts {
            catalogue: Arc::new(Catalogue::builtin().unwrap()),
            detector: Arc::new(Detector::builtin().unwrap()),
            policy: Arc::new(Policy::builtin().unwrap()),
            node: Arc::new(Node::new([1; 32], [2; 32], &limits)),
            limits: Arc::new(limits),
        }))
    });
    Arc::clone(made)
}

impl TestOffice {
    pub(super) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        Self::over(&path, Some(folder)).await
    }

    /// A back office over the store in a folder, which may be one that stays.
    pub(super) async fn over(path: &Path, folder: Option<TempDir>) -> Self {
        let store = open_store(path).await;
        let clock = Arc::new(AtomicI64::new(NOON));
        let (setup, setup_path) = SetupLink::make(UnixMillis(NOON)).unwrap();
        let now = Arc::clone(&clock);
        let desk = Desk::new(BackOfficeParts {
            store: store.clone(),
            store_path: path.join("incidents.db"),
            clock: Arc::new(move || UnixMillis(now.load(Ordering::SeqCst))),
            status: Arc::new(Status::default),
            service_name: Arc::new(|id| (id == "chatgpt").then(|| "ChatGPT".to_owned())),
            words_shown: Arc::new(|record| format!("Đã dừng {}", record.code)),
            permits: Arc::default(),
            seal_key: [7; 32],
            setup: Some(setup),
            rules: Arc::new(inspector),
            in_force: Arc::new(RulesInForce::default),
            channels: Arc::new(Vec::new),
            reports: ReportDesk {
                shelf: Shelf::in_data_folder(path),
                around: Arc::default(),
                node: "xa-thu".to_owned(),
            },
        })
        .unwrap();
        let router = guard::guarded(routes::router(&desk));
        Self {
            desk,
            store,
            router,
            setup_path,
            clock,
            _folder: folder,
        }
    }

    /// Records an incident, of a state secret or not.
    pub(super) async fn incident(&self, fingerprint: &str, is_secret: bool) -> Receipt {
        let fingerprint = Fingerprint(fingerprint.to_owned());
        let secret = is_secret.then(|| SecretFacts {
            level: SecretLevel::B,
            rule: "marking".to_owned(),
            place: "line".to_owned(),
            bytes: 7,
            digest: fingerprint.clone(),
        });
        let draft = IncidentDraft {
            client_address: "10.0.0.7".to_owned(),
            unit: Some("Một cửa".to_owned()),
            service: "openai-chatgpt-web".to_owned(),
            endpoint: "conversation".to_owned(),
            carries: Carries::Prompt,
            action: Action::Block,
            policy_rule: "identifier".to_owned(),
            severity: if is_secret {
                Severity::Critical
            } else {
                Severity::Low
            },
            outcome: Outcome::Prevented,
            subjects: 1,
            findings: vec![IncidentFinding {
                category: Category::PhoneNumber,
                ground: None,
                confidence: Confidence::High,
                count: 1,
                masked: MaskedExcerpt("SDT …01".to_owned()),
                fingerprint,
                rule: "phone".to_owned(),
                why: String::new(),
            }],
            file: None,
            notes: Vec::new(),
            uninspectable: None,
            secret,
        };
        self.store.record(draft).await.unwrap()
    }

    /// Lets time pass.
    pub(super) fn pass(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// An account with its second factor set.
    pub(super) async fn account(&self, name: &str, role: Role) {
        let secret = Sensitive::new(PASSWORD.to_owned());
        let account = Account {
            name: name.to_owned(),
            full_name: format!("Người {name}"),
            role,
            password_hash: password::hash(&secret).unwrap(),
            second_factor: Some(vec![0; 40]),
            second_factor_step: 0,
            recovery_codes: Vec::new(),
            sees_secrets: false,
            is_disabled: false,
            must_change_password: false,
            created_at: UnixMillis(NOON),
            version: 0,
        };
        let add = Act::default().change(Change::AddAccount(account));
        self.store.act(add).await.unwrap();
    }

    /// A browser that is signed in as an account.
    pub(super) async fn signed_in(&self, name: &str, stage: SessionStage) -> Browser {
        let token = format!("token of {name} {}", self.store.chain_seq());
        let now = self.desk.now();
        let session = Session {
            token_hash: Hash::of(token.as_bytes()),
            account: name.to_owned(),
            stage,
            address: "127.0.0.1".to_owned(),
            agent: String::new(),
            created_at: now,
            seen_at: now,
        };
        let end = Change::EndSession(session.token_hash);
        let act = Act::default()
            .change(end)
            .change(Change::OpenSession(session));
        self.store.act(act).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("__Host-lachan".to_owned(), token);
        browser
    }

    /// A browser with nothing.
    pub(super) fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// The token of a form for a browser.
    pub(super) fn form_token(&self, browser: &Browser, path: &str) -> String {
        let tie = browser
            .cookies
            .get("__Host-lachan")
            .cloned()
            .unwrap_or_default();
        form::token(&self.desk, &tie, path)
    }
}

async fn open_store(folder: &Path) -> Store {
    let keys = StoreKeys::load_or_create(folder).unwrap();
    let settings = StoreSettings {
        path: folder.join("incidents.db"),
        node: "xa-thu".to_owned(),
    };
    let clock = || UnixMillis(NOON);
    Store::open(&settings, keys, clock).await.unwrap()
}

/// What a page was answered with.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    /// Where it sends to.
    pub(super) fn location(&self) -> &str {
        let location = self.headers.get(LOCATION);
        location.map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&begin).expect("the field is there");
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The token of the form that is sent to a path.
    pub(super) fn token_for(&self, path: &str) -> String {
        let (_, form) = self
            .body
            .split_once(&format!("action=\"{path}\""))
            .unwrap_or_else(|| panic!("no form for {path}"));
        let (_, rest) = form.split_once("name=\"form_token\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}

/// A browser: cookies, and requests to the routes.
#[derive(Clone)]
pub(super) struct Browser {
    router: Router,
    pub(super) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], &[]).await
    }

    /// Sends the form of a page that was shown.
    pub(super) async fn submit(
        &mut self,
        shown: &Answer,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let token = shown.token_for(path);
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        self.send(Method::POST, path, &all, &[]).await
    }

    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8443");
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap();
        let service = TowerToHyperService::new(self.router.clone());
        let answer = service.call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        // A stream of events has no end.
        let is_stream = parts
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/event-stream");
        let body = if is_stream {
            bytes::Bytes::new()
        } else {
            axum::body::to_bytes(body, usize::MAX).await.unwrap()
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    fn keep(&mut self, cookie: &str) {
        for needed in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(needed), "{cookie}");
        }
        let (name, rest) = cookie.split_once('=').unwrap();
        let value = rest.split_once(';').unwrap().0;
        if value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
