//! What did a clerk see of an incident? Worded again from its record.
//!
//! What was shown is kept nowhere. It follows from the record, the catalogue and the office's words
//! of today; a message of a policy rule, which stands in no record, is left out. Never: a value
//! other than masked, or a placeholder, which is made of one: of it the label alone.

use super::found_text::found_line;
use super::incident_label;
use super::office::OfficeTexts;
use super::recent;
use super::refusal_text;
use crate::inspect::{FoundForPeople, RefusalFacts, RefusalReason, RequestIds};
use crate::model::category::{Category, SecretLevel};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::note::Note;
use crate::model::uninspectable::Uninspectable;
use crate::service::{Endpoint, RefusalShape, Service};
use crate::store::IncidentRecord;

/// So many people make a list.
const MANY_PEOPLE: u64 = 5;

/// What the clerk saw: the refusal where there was one, else what there was to see in the window,
/// in the answer's header fields and on the workstation's own page.
pub fn words_shown(
    record: &IncidentRecord,
    service: Option<&Service>,
    office: &OfficeTexts,
) -> String {
    let name = service.map_or(record.service.as_str(), |service| &service.name);
    let endpoint = service.and_then(|service| {
        let mut endpoints = service.endpoints.iter();
        endpoints.find(|endpoint| endpoint.id == record.endpoint)
    });
    let mut lines = match (
        Action::parse(&record.action),
        Carries::parse(&record.carries),
    ) {
        (Some(Action::Block), Some(Carries::Draft)) if stays_silent(endpoint) => {
            vec![
                "Trong cửa sổ của công cụ AI: không có gì. Bản nháp đang gõ được giữ lại, chưa \
                 gửi đi."
                    .to_owned(),
            ]
        }
        (Some(Action::Block), _) => return refusal(record, name, office),
        (Some(Action::Redact), _) => redaction(record, name, endpoint),
        (Some(Action::Audit | Action::Allow) | None, _) => passing(record),
    };
    lines.push(own_page(record, name));
    lines.join("\n\n")
}

/// Whether the client of an endpoint takes a harmless answer in place of a refusal.
fn stays_silent(endpoint: Option<&Endpoint>) -> bool {
    endpoint.is_some_and(|endpoint| endpoint.local_answer().is_some())
}

fn refusal(record: &IncidentRecord, service_name: &str, office: &OfficeTexts) -> String {
    let facts = RefusalFacts {
        shape: RefusalShape::Generic,
        service_name: service_name.to_owned(),
        reason: reason(record),
        message: None,
        rule: record.policy_rule.clone(),
        found: found(record),
        subjects: u32::try_from(record.subjects).unwrap_or(u32::MAX),
        ids: RequestIds::default(),
        is_fixed: false,
    };
    let time = incident_label::at(record.recorded_at);
    refusal_text::word(&facts, Some(&record.code), office, &time).plain()
}

/// Of a redacted request: placeholders, and whether an answer has the values again.
fn redaction(
    record: &IncidentRecord,
    service_name: &str,
    endpoint: Option<&Endpoint>,
) -> Vec<String> {
    let labels: Vec<String> = labels(record)
        .into_iter()
        .map(|(label, category)| format!("- {}: mã bắt đầu bằng {label}", category.label()))
        .collect();
    let answered = if endpoint.is_some_and(|endpoint| endpoint.answer().is_some()) {
        "Câu trả lời hiện như thường; mã nào được nhắc lại thì được đổi lại thành giá trị thật."
    } else {
        "Câu trả lời hiện như thường; mã nào được nhắc lại thì vẫn hiện là mã."
    };
    vec![
        format!(
            "{service_name} nhận được mã thay thế, không nhận được giá trị thật:\n{}",
            labels.join("\n")
        ),
        format!("Trong cửa sổ của công cụ AI: {answered}"),
        format!(
            "Kèm câu trả lời, cho phần mềm đọc: Lachan-Action: redact; Lachan-Incident: {}",
            record.id
        ),
    ]
}

/// The label of each category's placeholders, once.
fn labels(record: &IncidentRecord) -> Vec<(&'static str, Category)> {
    let mut labels = Vec::new();
    let categories = record.findings.iter();
    for category in categories.filter_map(|finding| Category::parse(&finding.category)) {
        let one = (category.placeholder_label(), category);
        if !labels.contains(&one) {
            labels.push(one);
        }
    }
    labels
}

fn passing(record: &IncidentRecord) -> Vec<String> {
    let is_released = record
        .notes
        .iter()
        .any(|note| note == Note::Released.as_str());
    let seen = if is_released {
        "Trong cửa sổ của công cụ AI: câu trả lời như thường. Nội dung đi nguyên văn, theo đề nghị \
         đã được đồng ý."
    } else {
        "Trong cửa sổ của công cụ AI: câu trả lời như thường, không có thông báo nào."
    };
    vec![seen.to_owned()]
}

/// The line of the page at the workstation.
fn own_page(record: &IncidentRecord, service_name: &str) -> String {
    let action = Action::parse(&record.action).unwrap_or(Action::Audit);
    let carries = Carries::parse(&record.carries).unwrap_or(Carries::Other);
    let mut words = vec![
        incident_label::at(record.recorded_at),
        service_name.to_owned(),
        recent::done(action, carries).to_owned(),
    ];
    words.extend(found(record).iter().map(found_line));
    words.push(format!("mã {}", record.code));
    format!(
        "Trên trang của máy trạm (http://lachan.internal/, trong 24 giờ): {}",
        words.join("; ")
    )
}

fn reason(record: &IncidentRecord) -> RefusalReason {
    if let Some(secret) = &record.secret {
        return RefusalReason::StateSecret(match secret.level.as_str() {
            "A" => SecretLevel::A,
            "B" => SecretLevel::B,
            _ => SecretLevel::C,
        });
    }
    let has = |category: Category| {
        let mut findings = record.findings.iter();
        findings.any(|finding| finding.category == category.as_str())
    };
    let unread = record.uninspectable.as_deref();
    if has(Category::InternalDocument) {
        RefusalReason::InternalDocument
    } else if has(Category::Credential) {
        RefusalReason::Credential
    } else if let Some(reason) = unread {
        let known = Uninspectable::parse(reason);
        RefusalReason::Uninspectable(known.unwrap_or(Uninspectable::Unknown))
    } else if record.subjects >= MANY_PEOPLE {
        RefusalReason::People
    } else {
        RefusalReason::PersonalData
    }
}

/// One line per category, as the refusal had.
fn found(record: &IncidentRecord) -> Vec<FoundForPeople> {
    let mut lines: Vec<FoundForPeople> = Vec::new();
    for finding in &record.findings {
        let Some(category) = Category::parse(&finding.category) else {
            continue;
        };
        let label = category.label();
        match lines.iter_mut().find(|line| line.label == label) {
            Some(line) => line.count = line.count.saturating_add(1),
            None => lines.push(FoundForPeople {
                label,
                masked: finding.masked.0.clone(),
                count: 1,
            }),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::category::Severity;
    use crate::model::exchange::UnixMillis;
    use crate::model::finding::Confidence;
    use crate::model::incident::{
        Fingerprint, IncidentDraft, IncidentFinding, MaskedExcerpt, Outcome,
    };
    use crate::service::Catalogue;
    use crate::store::{Filter, Store, StoreKeys, StoreReader, StoreSettings};

    /// What is shown of an incident of ChatGPT's API.
    async fn shown(action: Action, notes: Vec<Note>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let settings = StoreSettings {
            path: folder.path().join("incidents.db"),
            node: "xa-thu".to_owned(),
        };
        let keys = StoreKeys::load_or_create(folder.path()).unwrap();
        let store = Store::open(&settings, keys, || UnixMillis(1_781_247_900_000));
        let finding = |category, masked: &str| IncidentFinding {
            category,
            ground: None,
            confidence: Confidence::High,
            count: 1,
            masked: MaskedExcerpt(masked.to_owned()),
            fingerprint: Fingerprint(masked.to_owned()),
            rule: "rule".to_owned(),
            why: String::new(),
        };
        let draft = IncidentDraft {
            client_address: "10.0.0.7".to_owned(),
            unit: None,
            service: "openai-api".to_owned(),
            endpoint: "chat-completions".to_owned(),
            carries: Carries::Prompt,
            action,
            policy_rule: "identifier".to_owned(),
            severity: Severity::Low,
            outcome: Outcome::Prevented,
            subjects: 1,
            findings: vec![
                finding(Category::CitizenId, "CCCD …21"),
                finding(Category::PhoneNumber, "SDT …01"),
                finding(Category::PhoneNumber, "SDT …02"),
            ],
            file: None,
            notes,
            uninspectable: None,
            secret: None,
        };
        store.await.unwrap().record(draft).await.unwrap();
        let reader = StoreReader::at(&settings.path);
        let listed = reader.list(&Filter::default()).await.unwrap();
        let catalogue = Catalogue::builtin().unwrap();
        let mut services = catalogue.services().iter();
        let service = services.find(|service| service.id == "openai-api");
        assert!(service.is_some());
        words_shown(&listed[0].record, service, &OfficeTexts::default())
    }

    #[tokio::test]
    async fn of_a_redaction_labels_and_header_fields_are_told_and_no_placeholder() {
        let shown = shown(Action::Redact, Vec::new()).await;
        assert!(shown.contains("mã bắt đầu bằng CCCD\n"), "{shown}");
        assert_eq!(shown.matches("mã bắt đầu bằng").count(), 2, "{shown}");
        assert!(shown.contains("Lachan-Action: redact; Lachan-Incident: 0"));
        assert!(shown.contains("đổi lại thành giá trị thật"), "{shown}");
        assert!(shown.contains("số điện thoại: 2, ví dụ"), "{shown}");
        let is_placeholder = |word: &str| crate::redact::is_placeholder(word);
        assert!(!shown.split_whitespace().any(is_placeholder), "{shown}");
    }

    #[tokio::test]
    async fn a_refusal_is_told_as_it_was_and_what_passed_by_its_silence() {
        let refused = shown(Action::Block, Vec::new()).await;
        assert!(refused.contains("chưa được gửi"), "{refused}");
        let passed = shown(Action::Audit, Vec::new()).await;
        assert!(passed.contains("không có thông báo nào"), "{passed}");
        let released = shown(Action::Audit, vec![Note::Released]).await;
        assert!(released.contains("theo đề nghị"), "{released}");
    }
}
