//! Why was this found? One Vietnamese sentence for the clerk and the reviewer.
//!
//! In: a finding. Out: a sentence made of its evidence and fixed words.
//!
//! Never: text of the request; evidence names words of rules and figures only.

use crate::model::category::Category;
use crate::model::finding::{Confidence, Evidence, Finding};

impl Finding {
    /// Why it was found, in one Vietnamese sentence.
    pub fn explanation(&self) -> String {
        let mut reasons: Vec<String> = self.evidence.iter().map(reason).collect();
        if self.category.is_record() && self.subjects > 0 {
            reasons.push(format!("nói về {} người có tên cụ thể", self.subjects));
        }
        if let Some(ground) = self.ground {
            reasons.push(format!(
                "thuộc điểm {} khoản 1 Điều 4 Nghị định 356/2025/NĐ-CP",
                ground.letter()
            ));
        }
        if let Some(level) = self.level {
            reasons.push(format!("dấu chỉ độ mật \"{}\"", level.label()));
        }
        if self.element_of.is_some() && reasons.is_empty() {
            reasons.push("đứng cùng các thông tin khác của một người".to_owned());
        }
        if reasons.is_empty() {
            reasons.push("có dạng thường gặp của loại thông tin này".to_owned());
        }
        if self.is_bare() && is_told_by_label(self.category) && self.element_of.is_none() {
            reasons.push("không có nhãn bên cạnh".to_owned());
        }
        reasons.dedup();
        format!(
            "{} {}: {}{}.",
            opening(self.category),
            self.category.label(),
            reasons.join("; "),
            doubt(self.confidence)
        )
    }
}

/// Whether a label beside it would say more: the shapes of passwords, births and homes have theirs
/// within.
const fn is_told_by_label(category: Category) -> bool {
    !category.is_record()
        && !matches!(
            category,
            Category::Credential | Category::BirthDate | Category::HomeAddress
        )
}

/// How the sentence begins.
const fn opening(category: Category) -> &'static str {
    if matches!(category, Category::StateSecret | Category::InternalDocument) {
        "Có dấu hiệu"
    } else {
        "Nhận là"
    }
}

/// How the sentence ends.
const fn doubt(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => " (chưa chắc chắn, chỉ ghi nhận)",
        Confidence::Medium | Confidence::High => "",
    }
}

/// One piece of evidence in words.
fn reason(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Label(word) => format!("có nhãn \"{word}\" bên cạnh"),
        Evidence::Column(word) => format!("nằm trong cột hoặc trường \"{word}\""),
        Evidence::ContextWord { word, raises: true } => {
            format!("có từ \"{word}\" ở gần làm tăng độ tin cậy")
        }
        Evidence::ContextWord {
            word,
            raises: false,
        } => {
            format!("có từ \"{word}\" ở gần làm giảm độ tin cậy")
        }
        Evidence::Structure => "cấu trúc khớp với loại thông tin này".to_owned(),
        Evidence::Checksum => "số kiểm tra đúng".to_owned(),
        Evidence::BirthYear => "năm sinh ở gần khớp với dãy số".to_owned(),
        Evidence::OwnLine => "đứng riêng một dòng hoặc một ô, đúng chỗ của dấu".to_owned(),
        Evidence::Elements(count) => {
            format!("có {count} loại thông tin của cùng một người đứng gần nhau")
        }
        Evidence::Rows(count) => format!("là bảng có cột thông tin cá nhân với {count} dòng"),
        Evidence::CardCode => "là mã QR hoặc dòng MRZ của thẻ căn cước".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::category::{Ground, SecretLevel};
    use crate::model::part::Span;

    fn of(category: Category) -> Finding {
        Finding::new(category, "r", Span::new(0, 1), Confidence::Medium)
    }

    #[test]
    fn a_finding_says_what_spoke_for_it() {
        let mut found = of(Category::CitizenId);
        found.evidence = vec![Evidence::Label("cccd".to_owned()), Evidence::Structure];
        assert_eq!(
            found.explanation(),
            "Nhận là số định danh cá nhân: có nhãn \"cccd\" bên cạnh; cấu trúc khớp với loại thông tin này."
        );
    }

    #[test]
    fn a_number_says_that_it_has_no_label_and_a_password_does_not() {
        for (category, lacks) in [(Category::CitizenId, true), (Category::Credential, false)] {
            let mut found = of(category);
            found.evidence = vec![Evidence::Structure];
            let said = found.explanation();
            assert_eq!(said.contains("không có nhãn bên cạnh"), lacks, "{said}");
        }
    }

    #[test]
    fn a_record_says_of_how_many_and_by_which_law() {
        let mut found = of(Category::HealthRecord);
        found.evidence = vec![Evidence::Rows(6)];
        found.subjects = 6;
        found.ground = Some(Ground::Health);
        let told = found.explanation();
        assert!(
            told.contains("6 dòng") && told.contains("điểm d khoản 1 Điều 4"),
            "{told}"
        );
    }

    #[test]
    fn every_category_has_a_sentence() {
        for category in Category::ALL {
            let mut found = of(*category);
            found.level = Some(SecretLevel::C);
            let told = found.explanation();
            assert!(
                told.ends_with('.') && told.contains(category.label()),
                "{told}"
            );
        }
    }
}
