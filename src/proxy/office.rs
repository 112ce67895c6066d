//! What does the office itself put into the texts? Its rule and its people to call.

use serde::Deserialize;

use crate::inspect::RefusalReason;
use crate::model::exchange::UnixMillis;
use crate::store::Registry;

/// The office's own words. What is not set is replaced by neutral ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficeTexts {
    /// Who helps: a person or unit, and a telephone number.
    pub contact: Option<String>,
    /// Who is in charge of protecting state secrets, and a telephone number.
    pub secret_contact: Option<String>,
    /// The office's rule on public AI services: kind, number, symbol, date.
    pub rule: Option<String>,
    /// The AI tools that may be used at once.
    pub approved_tools: Option<String>,
    /// Paragraphs of refusals in the office's own words.
    pub paragraphs: OwnParagraphs,
}

/// The paragraph that says why a request was stopped, per reason, in the office's own words.
/// `{service}`, `{rule}` and `{contact}` are filled in. What the law says of state secrets stays:
/// there the paragraph is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnParagraphs {
    /// A mark of state secrecy.
    pub state_secret: Option<String>,
    /// A mark of an internal document.
    pub internal_document: Option<String>,
    /// A password, token or key.
    pub credential: Option<String>,
    /// A list of people.
    pub people: Option<String>,
    /// Personal data of a few people.
    pub personal_data: Option<String>,
    /// A file or body that cannot be read.
    pub uninspectable: Option<String>,
}

impl OfficeTexts {
    /// These words, and over them what the pages of the back office set. Without a list of tools in
    /// the settings, the approved ones of the register are named.
    #[must_use]
    pub fn overlaid(&self, registry: &Registry, now: UnixMillis) -> Self {
        let over = |key, own: &Option<String>| {
            let word = registry.wording(key).map(str::to_owned);
            word.or_else(|| own.clone())
        };
        let approved = registry.approved_names(now).join(", ");
        let own = &self.paragraphs;
        Self {
            contact: over("contact", &self.contact),
            secret_contact: over("secret_contact", &self.secret_contact),
            rule: over("rule", &self.rule),
            approved_tools: over("approved_tools", &self.approved_tools)
                .filter(|tools| !tools.trim().is_empty())
                .or(Some(approved)),
            paragraphs: OwnParagraphs {
                state_secret: over("state_secret", &own.state_secret),
                internal_document: over("internal_document", &own.internal_document),
                credential: over("credential", &own.credential),
                people: over("people", &own.people),
                personal_data: over("personal_data", &own.personal_data),
                uninspectable: over("uninspectable", &own.uninspectable),
            },
        }
    }

    /// Who helps.
    pub fn contact(&self) -> &str {
        set(self.contact.as_deref()).unwrap_or("quản trị viên hệ thống của cơ quan")
    }

    /// Whom to tell about a state secret.
    pub fn secret_contact(&self) -> &str {
        set(self.secret_contact.as_deref())
            .unwrap_or("người phụ trách bảo vệ bí mật nhà nước của cơ quan")
    }

    /// By which rule.
    pub fn rule(&self) -> &str {
        set(self.rule.as_deref()).unwrap_or("quy định của cơ quan")
    }

    /// The office's own paragraph for a reason, filled in.
    pub fn paragraph(&self, reason: RefusalReason, service: &str) -> Option<String> {
        let own = &self.paragraphs;
        let own = match reason {
            RefusalReason::StateSecret(_) => &own.state_secret,
            RefusalReason::InternalDocument => &own.internal_document,
            RefusalReason::Credential => &own.credential,
            RefusalReason::People => &own.people,
            RefusalReason::PersonalData => &own.personal_data,
            RefusalReason::Uninspectable(_) => &own.uninspectable,
        };
        let filled = set(own.as_deref())?
            .replace("{rule}", self.rule())
            .replace("{contact}", self.contact())
            .replace("{service}", service);
        Some(filled)
    }

    /// The tools that may be used, where the office names any.
    pub fn approved_tools(&self) -> Option<&str> {
        set(self.approved_tools.as_deref())
    }
}

/// An empty line in the settings means the same as none.
fn set(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_has_neutral_words() {
        let office: OfficeTexts =
            toml::from_str("contact = \"  \"\nrule = \"Kế hoạch số 01/KH-UBND\"").unwrap();
        assert_eq!(office.contact(), "quản trị viên hệ thống của cơ quan");
        assert_eq!(office.rule(), "Kế hoạch số 01/KH-UBND");
        assert_eq!(office.approved_tools(), None);
    }

    #[test]
    fn an_own_paragraph_is_filled_in_and_an_empty_one_is_none() {
        let office: OfficeTexts = toml::from_str(
            "rule = \"Kế hoạch số 01/KH-UBND\"\n[paragraphs]\npeople = \"Theo {rule}, \
             {service} không nhận danh sách; hỏi {contact}.\"\ncredential = \" \"",
        )
        .unwrap();
        let own = office.paragraph(RefusalReason::People, "ChatGPT");
        let expected = "Theo Kế hoạch số 01/KH-UBND, ChatGPT không nhận danh sách; hỏi quản trị \
                        viên hệ thống của cơ quan.";
        assert_eq!(own.as_deref(), Some(expected));
        assert_eq!(office.paragraph(RefusalReason::Credential, "x"), None);
    }
}
