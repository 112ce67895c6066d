//! What does a report know of the AI tools of the office? What its register says, as of a record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::store::incident_json::rfc3339;
use crate::store::tool::{Tool, ToolField};

/// One tool of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolFacts {
    /// The service's id, or the host.
    pub id: String,
    /// What was entered, by the name of the field.
    pub fields: BTreeMap<String, String>,
    /// Who allowed it: the person or organ in authority; nothing while nobody did.
    pub approver: Option<String>,
    /// The last day on which it may be used; without one it does not end by itself.
    pub until: Option<String>,
    /// When that was recorded.
    pub approved_at: Option<String>,
}

impl ToolFacts {
    /// Of an entry. The account that recorded it stands in no report.
    pub fn of(tool: &Tool) -> Self {
        let approval = tool.approval.as_ref();
        let fields = tool.fields.iter();
        Self {
            id: tool.id.clone(),
            fields: fields
                .map(|(field, text)| (field.as_str().to_owned(), text.clone()))
                .collect(),
            approver: approval.map(|approval| approval.approver.clone()),
            until: approval.and_then(|approval| approval.until.clone()),
            approved_at: approval.map(|approval| rfc3339(approval.at)),
        }
    }

    /// The text of a field; empty where nothing was entered.
    pub fn field(&self, field: ToolField) -> &str {
        let found = self.fields.get(field.as_str());
        found.map_or("", |text| text.trim())
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        match self.field(ToolField::Name) {
            "" => &self.id,
            name => name,
        }
    }

    /// Texts of some fields that are not empty, one after the other.
    pub fn fields(&self, fields: &[ToolField]) -> String {
        let texts = fields.iter().map(|field| self.field(*field));
        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
        texts.join("; ")
    }
}
