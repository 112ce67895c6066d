//! What is told of an incident, a report or a trial? Few fields, none of them content.

use serde::{Deserialize, Serialize};

use super::Volume;
use crate::model::category::{Category, Severity};
use crate::model::exchange::UnixMillis;
use crate::store::incident_json::rfc3339;
use crate::store::{DeedRecord, Incident};

/// What is told, as the queue keeps it and a webhook gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// `incident`, `report`, `volume` or `test`.
    pub(super) kind: String,
    /// When it was recorded, RFC 3339.
    pub(super) recorded_at: String,
    /// `low`, `medium`, `high`, `critical`.
    pub(super) severity: String,
    /// The incident's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) id: String,
    /// The code to read out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) code: String,
    /// Of a state secret: A, B or C. Then nothing follows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) level: String,
    /// What was done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) action: String,
    /// The service's id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) service: String,
    /// The workstation's unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) unit: String,
    /// The categories that were found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) categories: Vec<String>,
    /// How many people the content told about.
    #[serde(default)]
    pub(super) subjects: u64,
}

impl Message {
    /// What is told of an incident.
    pub(super) fn of_incident(incident: &Incident) -> Self {
        let record = &incident.record;
        let told = Self {
            kind: "incident".to_owned(),
            recorded_at: rfc3339(record.recorded_at),
            severity: record.severity.clone(),
            id: record.id.clone(),
            ..Self::default()
        };
        if let Some(secret) = &record.secret {
            return Self {
                level: secret.level.clone(),
                ..told
            };
        }
        Self {
            code: record.code.clone(),
            action: record.action.clone(),
            service: record.service.clone(),
            unit: record.unit.clone().unwrap_or_default(),
            categories: record
                .categories()
                .iter()
                .map(ToString::to_string)
                .collect(),
            subjects: record.subjects,
            ..told
        }
    }

    /// What is told of a clerk's report: that it is there.
    pub(super) fn of_report(record: &DeedRecord) -> Self {
        Self {
            kind: "report".to_owned(),
            recorded_at: rfc3339(record.recorded_at),
            severity: Severity::High.as_str().to_owned(),
            code: record.subject.clone().unwrap_or_default(),
            unit: record.fact("unit").unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// What is told of a tool that is asked too often.
    pub(super) fn of_volume(volume: &Volume, now: UnixMillis) -> Self {
        Self {
            kind: "volume".to_owned(),
            recorded_at: rfc3339(now),
            severity: Severity::Medium.as_str().to_owned(),
            service: volume.tool.clone(),
            ..Self::default()
        }
    }

    /// In one line, for a subject or a log.
    pub(super) fn title(&self) -> String {
        let severity = Severity::parse(&self.severity).map_or("", Severity::label);
        match self.kind.as_str() {
            "test" => "Lá Chắn: cảnh báo thử".to_owned(),
            "volume" => format!(
                "Lá Chắn: {} được dùng quá mức báo động hôm nay",
                self.service
            ),
            "report" => format!("Lá Chắn: có báo sự cố {} từ máy trạm", self.code),
            _ if !self.level.is_empty() => {
                format!("Lá Chắn: sự kiện bí mật nhà nước, mức {}", self.level)
            }
            _ => format!("Lá Chắn: sự kiện {} mức {severity}", self.code),
        }
    }

    /// For a person, line by line.
    pub(super) fn text(&self, node: &str) -> String {
        let labels: Vec<&str> = self
            .categories
            .iter()
            .map(|name| Category::parse(name).map_or(name.as_str(), |one| one.label()))
            .collect();
        let done = match self.action.as_str() {
            "block" => "đã chặn",
            "redact" => "đã che dữ liệu",
            "audit" => "cho qua, có ghi nhận",
            other => other,
        };
        let subjects = match self.subjects {
            0 => String::new(),
            count => count.to_string(),
        };
        let lines = [
            ("Thời điểm", self.recorded_at.as_str()),
            ("Mã sự kiện", &self.code),
            ("Mã bản ghi", &self.id),
            ("Xử lý", done),
            ("Công cụ", &self.service),
            ("Bộ phận", &self.unit),
            ("Loại thông tin", &labels.join(", ")),
            ("Số người", &subjects),
            ("Máy chủ", node),
        ];
        let lines = lines.iter().filter(|(_, value)| !value.is_empty());
        let lines: Vec<String> = lines
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        format!(
            "{}\n\n{}\n\nXem và xử lý tại trang quản trị của Lá Chắn. Thư này không có nội dung của \
             sự kiện.\n",
            self.title(),
            lines.join("\n")
        )
    }
}
