//! What stands around the figures on a document? The office, names of tools, the rules in force.

use crate::model::category::Category;
use crate::model::decision::Action;
use crate::model::uninspectable::Uninspectable;
use crate::policy::{Policy, PolicyRule};
use crate::report::lines::{ServiceNames, carries_label};
use crate::report::settings::ReportSettings;
use crate::service::Catalogue;

/// What a document needs besides its figures.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What the office says of itself.
    pub settings: ReportSettings,
    /// The names of the AI services, by id.
    pub services: ServiceNames,
    /// The rules in force.
    pub rules: Vec<RuleTold>,
}

/// A rule of the policy, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTold {
    /// What it is about.
    pub about: String,
    /// Where it holds.
    pub place: String,
    /// What is done.
    pub action: &'static str,
}

impl Surroundings {
    /// Of the parts in force.
    pub fn new(settings: ReportSettings, catalogue: &Catalogue, policy: &Policy) -> Self {
        let services = catalogue.services().iter();
        Self {
            settings,
            services: services
                .map(|service| (service.id.clone(), service.name.clone()))
                .collect(),
            rules: policy.rules().iter().map(told).collect(),
        }
    }
}

fn told(rule: &PolicyRule) -> RuleTold {
    let mut place: Vec<String> = Vec::new();
    if let Some(carries) = &rule.carries {
        let names = carries.iter().map(|one| carries_label(one.as_str()));
        place.push(names.collect::<Vec<_>>().join(", "));
    }
    if let Some(units) = &rule.units {
        let names: Vec<&str> = units.iter().map(String::as_str).collect();
        place.push(format!("đơn vị: {}", names.join(", ")));
    }
    if let Some(services) = &rule.services {
        let names: Vec<&str> = services.iter().map(String::as_str).collect();
        place.push(format!("công cụ: {}", names.join(", ")));
    }
    if place.is_empty() {
        place.push("mọi nội dung gửi đi".to_owned());
    }
    RuleTold {
        about: about(rule),
        place: place.join("; "),
        action: match rule.action {
            Action::Allow => "cho qua",
            Action::Audit => "cho qua, có ghi nhận",
            Action::Redact => "che dữ liệu",
            Action::Block => "chặn",
        },
    }
}

fn about(rule: &PolicyRule) -> String {
    let mut about: Vec<String> = Vec::new();
    if let Some(categories) = &rule.categories {
        let all = categories.len() == Category::ALL.len();
        let names: Vec<&str> = categories.iter().map(|one| one.label()).collect();
        about.push(if all {
            "mọi loại thông tin".to_owned()
        } else {
            names.join(", ")
        });
    }
    if let Some(reasons) = &rule.uninspectable {
        let mut names: Vec<&str> = reasons
            .iter()
            .map(|one| Uninspectable::label(*one))
            .collect();
        names.dedup();
        about.push(format!(
            "nội dung không kiểm tra được: {}",
            names.join(", ")
        ));
    }
    if about.is_empty() {
        about.push("mọi loại thông tin được nhận diện".to_owned());
    }
    match (rule.subjects_min, rule.subjects_max) {
        (Some(min), Some(max)) => about.push(format!("từ {min} đến {max} người")),
        (Some(min), None) => about.push(format!("từ {min} người trở lên")),
        (None, Some(max)) => about.push(format!("đến {max} người")),
        (None, None) => {}
    }
    about.join("; ")
}
