//! Which rules are in force, since when, and what would they do with this text?
//!
//! The views are readable, not editable: rules are changed in files, which are checked as a whole.
//! The text of the try-out is read and forgotten: it stands in no page, log or deed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::inspect::{Inspector, OfflineScan};
use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::policy::{PolicyRule, ToolsAllowed};
use crate::store::What;

const HERE: &str = "/rules";

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    frame: Frame,
    read_at: String,
    files: Vec<FileLine>,
    only_approved: bool,
    rules: Vec<RuleLine>,
    categories: Vec<CategoryLine>,
    services: Vec<ServiceLine>,
    tried: Option<Tried>,
}

struct FileLine {
    kind: &'static str,
    name: String,
    hash: String,
    since: String,
    owner: String,
}

struct RuleLine {
    name: String,
    action: &'static str,
    about: String,
    conditions: String,
}

struct CategoryLine {
    label: &'static str,
    severity: &'static str,
}

struct ServiceLine {
    name: String,
    vendor: String,
    host: String,
    endpoints: usize,
}

/// What would be done with a text that was tried.
struct Tried {
    action: &'static str,
    mood: &'static str,
    findings: Vec<TriedFinding>,
    unread: Option<&'static str>,
}

struct TriedFinding {
    /// The kind with what may be shown of the value.
    told: String,
    confidence: &'static str,
}

/// `GET /rules`
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    rules_page(&desk, &visit, None).await
}

/// `POST /rules/try`
pub(super) async fn try_out(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let inspector = (desk.rules)();
    let text = form.raw("text").to_owned();
    let now = desk.now();
    let scan = tokio::task::spawn_blocking(move || inspector.scan_text(text, now)).await;
    let scan = scan.map_err(|_panicked| Failure::BadForm)?;
    rules_page(&desk, &visit, Some(tried(&scan))).await
}

async fn rules_page(desk: &Desk, visit: &Visit, tried: Option<Tried>) -> Result<Response, Failure> {
    let inspector = (desk.rules)();
    let in_force = (desk.in_force)();
    let since = desk.reader.last_deeds(&[What::RulesInForce]).await?;
    let files = in_force.files.into_iter().map(|file| {
        let noted = since.iter().find(|deed| {
            deed.record.subject.as_deref() == Some(&file.name)
                && deed.record.fact("sha256") == Some(&file.hash)
        });
        let at = noted.map_or(in_force.read_at, |deed| deed.record.recorded_at);
        let since = if file.owner.is_empty() {
            concat!("phiên bản ", env!("CARGO_PKG_VERSION")).to_owned()
        } else {
            told::short(at)
        };
        FileLine {
            kind: file.kind,
            since,
            owner: file.owner,
            name: file.name,
            hash: file.hash,
        }
    });
    page(&RulesPage {
        frame: Frame::new(desk, visit, HERE),
        read_at: told::short(in_force.read_at),
        files: files.collect(),
        only_approved: inspector.policy().tools() == ToolsAllowed::Approved,
        rules: inspector.policy().rules().iter().map(rule_line).collect(),
        categories: categories(),
        services: services(&inspector),
        tried,
    })
}

fn rule_line(rule: &PolicyRule) -> RuleLine {
    let mut conditions: Vec<String> = Vec::new();
    if let Some(carries) = &rule.carries {
        let names: Vec<&str> = carries.iter().copied().map(carries_label).collect();
        conditions.push(format!("trong: {}", names.join(", ")));
    }
    if let Some(units) = &rule.units {
        let names: Vec<&str> = units.iter().map(String::as_str).collect();
        conditions.push(format!("bộ phận: {}", names.join(", ")));
    }
    if let Some(services) = &rule.services {
        let names: Vec<&str> = services.iter().map(String::as_str).collect();
        conditions.push(format!("công cụ: {}", names.join(", ")));
    }
    match (rule.subjects_min, rule.subjects_max) {
        (Some(min), Some(max)) => conditions.push(format!("từ {min} đến {max} người")),
        (Some(min), None) => conditions.push(format!("từ {min} người")),
        (None, Some(max)) => conditions.push(format!("đến {max} người")),
        (None, None) => {}
    }
    if rule.categories.is_some() {
        conditions.push(format!(
            "độ tin cậy từ {}",
            confidence_label(rule.confidence_min)
        ));
    }
    RuleLine {
        name: rule.name.clone(),
        action: action_label(rule.action),
        about: about(rule),
        conditions: conditions.join("; "),
    }
}

fn about(rule: &PolicyRule) -> String {
    let mut about: Vec<String> = Vec::new();
    if let Some(categories) = &rule.categories {
        if categories.len() == Category::ALL.len() {
            about.push("mọi loại thông tin".to_owned());
        } else {
            let others = Category::ALL.iter().filter(|one| !categories.contains(one));
            let others: Vec<&str> = others.map(|one| one.label()).collect();
            // Of nearly everything, what is left out is the shorter list.
            about.push(if others.len() * 2 < categories.len() {
                format!("mọi loại thông tin, trừ: {}", others.join(", "))
            } else {
                let labels: Vec<&str> = categories.iter().map(|one| one.label()).collect();
                labels.join(", ")
            });
        }
    }
    if rule.uninspectable.is_some() {
        about.push("nội dung không kiểm tra được".to_owned());
    }
    about.join("; ")
}

fn categories() -> Vec<CategoryLine> {
    let lines = Category::ALL.iter().map(|category| CategoryLine {
        label: category.label(),
        severity: category.severity().label(),
    });
    lines.collect()
}

fn services(inspector: &Inspector) -> Vec<ServiceLine> {
    let services = inspector.catalogue().services().iter();
    let lines = services.map(|service| ServiceLine {
        name: service.name.clone(),
        vendor: service.vendor.clone(),
        host: service.some_host().unwrap_or_default().to_owned(),
        endpoints: service.endpoints.len(),
    });
    lines.collect()
}

fn tried(scan: &OfflineScan) -> Tried {
    Tried {
        action: action_label(scan.action),
        mood: match scan.action {
            Action::Allow | Action::Audit => "good",
            Action::Redact | Action::Block => "care",
        },
        findings: scan
            .findings
            .iter()
            .map(|one| TriedFinding {
                told: match one.masked.as_str() {
                    "" => one.finding.category.label().to_owned(),
                    masked => masked.to_owned(),
                },
                confidence: confidence_label(one.finding.confidence),
            })
            .collect(),
        unread: scan.uninspectable.map(|reason| reason.label()),
    }
}

const fn action_label(action: Action) -> &'static str {
    match action {
        Action::Allow => "cho qua",
        Action::Audit => "cho qua, có ghi nhận",
        Action::Redact => "che dữ liệu",
        Action::Block => "chặn",
    }
}

const fn confidence_label(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "thấp",
        Confidence::Medium => "trung bình",
        Confidence::High => "cao",
    }
}

const fn carries_label(carries: Carries) -> &'static str {
    match carries {
        Carries::Prompt => "câu hỏi",
        Carries::Upload => "tệp tải lên",
        Carries::Draft => "bản nháp",
        Carries::Page => "trang gửi đi dịch",
        Carries::Account => "đăng nhập, tài khoản",
        Carries::Telemetry => "số liệu của dịch vụ",
        Carries::Other => "nội dung khác",
    }
}
