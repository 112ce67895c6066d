//! How is an incident told to people? The labels of what stands in its record.
//!
//! Names come from the chain, perhaps from a later version: an unknown name is shown as it is.

use crate::model::category::{Category, Severity};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::finding::Confidence;
use crate::model::incident::Outcome;
use crate::model::review::ReviewStatus;
use crate::model::uninspectable::Uninspectable;
use crate::store::IncidentRecord;

/// A word with the tone in which it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) label: String,
    /// A class of the style sheet: `good`, `care`, `grave` or none.
    pub(super) tone: &'static str,
}

/// What was done.
pub(super) fn action(name: &str) -> Chip {
    let (label, tone) = match Action::parse(name) {
        Some(Action::Allow) => ("cho qua", ""),
        Some(Action::Audit) => ("cho qua, có ghi nhận", "care"),
        Some(Action::Redact) => ("đã che", "good"),
        Some(Action::Block) => ("đã chặn", "grave"),
        None => (name, ""),
    };
    chip(label, tone)
}

/// The severity.
pub(super) fn severity(name: &str) -> Chip {
    match Severity::parse(name) {
        Some(severity) => {
            let tone = match severity {
                Severity::Low | Severity::Medium => "",
                Severity::High => "care",
                Severity::Critical => "grave",
            };
            chip(severity.label(), tone)
        }
        None => chip(name, ""),
    }
}

/// How far the review has come.
pub(super) fn status(name: &str) -> Chip {
    match ReviewStatus::parse(name) {
        Some(status) => {
            let tone = match status {
                ReviewStatus::New => "care",
                ReviewStatus::Confirmed => "grave",
                ReviewStatus::InReview | ReviewStatus::FalseAlarm => "",
                ReviewStatus::Closed => "good",
            };
            chip(status.label(), tone)
        }
        None => chip(name, ""),
    }
}

/// Whether anything reached the service.
pub(super) fn outcome(name: &str) -> Chip {
    match Outcome::parse(name) {
        Some(outcome) => {
            let tone = match outcome {
                Outcome::Prevented => "good",
                Outcome::Exposed => "grave",
                Outcome::Unknown => "",
            };
            chip(outcome.label(), tone)
        }
        None => chip(name, ""),
    }
}

/// The category.
pub(super) fn category(name: &str) -> String {
    let known = Category::parse(name).map(Category::label);
    known.unwrap_or(name).to_owned()
}

/// What may be shown of a value, without the label that stands before it anyway.
pub(super) fn masked(category_name: &str, masked: &str) -> String {
    let label = category(category_name);
    let rest = masked.strip_prefix(label.as_str()).unwrap_or(masked);
    rest.trim().to_owned()
}

/// What was found, one line per category with a few examples.
pub(super) fn found(record: &IncidentRecord) -> Vec<String> {
    const EXAMPLES_MAX: usize = 3;
    let mut lines: Vec<(&str, u64, Vec<String>)> = Vec::new();
    for finding in &record.findings {
        let name = finding.category.as_str();
        let masked = masked(name, &finding.masked.0);
        match lines.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, count, examples)) => {
                *count = count.saturating_add(1);
                if examples.len() < EXAMPLES_MAX {
                    examples.push(masked);
                }
            }
            None => lines.push((name, 1, vec![masked])),
        }
    }
    lines
        .into_iter()
        .map(|(name, count, examples)| {
            let shown: Vec<String> = examples.into_iter().filter(|one| !one.is_empty()).collect();
            let more = if count > 3 { ", …" } else { "" };
            format!(
                "{}: {count} giá trị, {}{more}",
                category(name),
                shown.join(", ")
            )
        })
        .collect()
}

/// The confidence.
pub(super) fn confidence(name: &str) -> String {
    let label = match Confidence::parse(name) {
        Some(Confidence::Low) => "thấp",
        Some(Confidence::Medium) => "trung bình",
        Some(Confidence::High) => "cao",
        None => name,
    };
    label.to_owned()
}

/// What the request carried.
pub(super) fn carries(name: &str) -> String {
    let label = match Carries::parse(name) {
        Some(Carries::Prompt) => "câu hỏi",
        Some(Carries::Upload) => "tệp tải lên",
        Some(Carries::Draft) => "nội dung đang soạn",
        Some(Carries::Page) => "trang gửi đi dịch",
        Some(Carries::Account) => "thông tin tài khoản",
        Some(Carries::Telemetry) => "số liệu của công cụ",
        Some(Carries::Other) => "nội dung khác",
        None => name,
    };
    label.to_owned()
}

/// Why something could not be inspected.
pub(super) fn uninspectable(name: &str) -> String {
    let known = Uninspectable::parse(name).map(Uninspectable::label);
    known.unwrap_or(name).to_owned()
}

/// An oddity.
pub(super) fn note(name: &str) -> String {
    let label = match name {
        "unlisted_field" => "nằm ở trường chưa có trong danh mục của công cụ",
        "unknown_path" => "đường dẫn chưa có trong danh mục của công cụ",
        "type_mismatch" => "loại nội dung khác với khai báo",
        "duplicate_key" => "một khóa xuất hiện hai lần",
        "ambiguous_multipart" => "biểu mẫu có thể đọc theo hai cách",
        "nesting_bound" => "lồng quá nhiều lớp; phần còn lại đọc như chữ",
        "signed_body" => "nội dung có chữ ký nên không che được",
        "unframed_message" => "tin nhắn không theo mẫu của công cụ",
        "invalid_utf8" => "có ký tự không đúng bảng mã",
        "secret_repeat" => "lặp lại nội dung đã bị chặn vì dấu chỉ độ mật",
        "self_test" => "tự kiểm tra, không tính vào số liệu",
        "released" => "được gửi theo đề nghị đã được đồng ý",
        "secret_lifted" => "dấu mật trong nội dung này đã được xác định là báo nhầm",
        name => name,
    };
    label.to_owned()
}

/// What it was about, in a few words: the categories, or why it could not be inspected.
pub(super) fn content(categories: &[String], unread: Option<&str>) -> String {
    const SHOWN_MAX: usize = 2;
    // A record says more than the elements that it is made of.
    let rank = |name: &&String| {
        let category = Category::parse(name);
        std::cmp::Reverse(category.map(|one| (one.is_record(), one.severity())))
    };
    let mut gravest: Vec<&String> = categories.iter().collect();
    gravest.sort_by_key(rank);
    let mut labels: Vec<String> = gravest
        .into_iter()
        .take(SHOWN_MAX)
        .map(|name| category(name))
        .collect();
    if categories.len() > SHOWN_MAX {
        labels.push(format!("và {} loại khác", categories.len() - SHOWN_MAX));
    }
    labels.extend(unread.map(|reason| format!("không kiểm tra được: {}", uninspectable(reason))));
    if labels.is_empty() {
        "-".to_owned()
    } else {
        labels.join(", ")
    }
}

fn chip(label: &str, tone: &'static str) -> Chip {
    Chip {
        label: label.to_owned(),
        tone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_ours_has_a_label_and_others_stay_as_they_are() {
        for one in Action::ALL {
            assert_ne!(action(one.as_str()).label, one.as_str());
        }
        for one in Carries::ALL {
            assert_ne!(carries(one.as_str()), one.as_str());
        }
        assert_eq!(status("later").label, "later");
        let four = ["phone_number", "tax_code", "passport_number", "bank_card"];
        let told = content(&four.map(str::to_owned), None);
        assert!(told.starts_with("số thẻ ngân hàng, "), "{told}");
        assert!(told.ends_with(", và 2 loại khác"), "{told}");
        assert_eq!(content(&[], None), "-");
        assert_eq!(masked("phone_number", "số điện thoại …01"), "…01");
        assert_eq!(masked("phone_number", "SDT …01"), "SDT …01");
    }
}
