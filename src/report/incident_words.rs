//! How is an incident told on a form? What is known, in sentences; dots where nothing is.

use crate::model::category::SecretLevel;
use crate::model::thousands::grouped;
use crate::report::compose::{DOTS, Sheet};
use crate::report::document::{Block, item};
use crate::report::facts::IncidentFacts;
use crate::report::lines::{action_label, carries_label, category_label, service_label};
use crate::report::told::{moment, moment_or_dots};

/// The codes of all incidents, or dots.
pub(super) fn codes(sheet: Sheet<'_>) -> String {
    joined(sheet, |incident| incident.code.clone())
}

/// When they were recorded, or dots.
pub(super) fn times(sheet: Sheet<'_>) -> String {
    joined(sheet, |incident| moment(incident.recorded_at))
}

/// When it was detected that data went out, or dots.
pub(super) fn detected(sheet: Sheet<'_>) -> String {
    let first = sheet
        .written
        .cases
        .iter()
        .find(|case| is_told(sheet, &case.code));
    moment_or_dots(first.and_then(|case| case.detected_at.or(case.confirmed_at)))
}

/// When it was confirmed, or dots.
pub(super) fn confirmed(sheet: Sheet<'_>) -> String {
    let first = sheet
        .written
        .cases
        .iter()
        .find(|case| is_told(sheet, &case.code));
    moment_or_dots(first.and_then(|case| case.confirmed_at))
}

fn is_told(sheet: Sheet<'_>, code: &str) -> bool {
    sheet.written.incidents.iter().any(|one| one.code == code)
}

/// The services, or dots.
pub(super) fn services(sheet: Sheet<'_>) -> String {
    joined(sheet, |incident| {
        service_label(&incident.service, &sheet.around.services)
    })
}

/// The units, or dots.
pub(super) fn units(sheet: Sheet<'_>) -> String {
    joined(sheet, unit)
}

/// The unit, within a sentence.
fn unit(incident: &IncidentFacts) -> String {
    match incident.unit.as_str() {
        "" => "chưa xác định đơn vị".to_owned(),
        unit => unit.to_owned(),
    }
}

/// The kinds of data, or dots.
pub(super) fn kinds(sheet: Sheet<'_>) -> String {
    joined(sheet, |incident| {
        let found: Vec<String> = incident.found.iter().map(found).collect();
        found.join(", ")
    })
}

/// How many people, or dots.
pub(super) fn people(sheet: Sheet<'_>) -> String {
    if sheet.written.incidents.is_empty() {
        return DOTS.to_owned();
    }
    let sum: u64 = sheet.written.incidents.iter().map(|one| one.subjects).sum();
    format!("{} người (theo phần mềm đếm được)", grouped(sum))
}

fn found((name, count): (&String, &u64)) -> String {
    let (category, ground) = name.split_once('/').unwrap_or((name, ""));
    let label = category_label(category);
    let ground = match ground {
        "" => String::new(),
        letter => format!(
            ", dữ liệu nhạy cảm theo điểm {letter} khoản 1 Điều 4 Nghị định số 356/2025/NĐ-CP"
        ),
    };
    format!("{label} ({}{ground})", grouped(*count))
}

fn joined(sheet: Sheet<'_>, told: impl Fn(&IncidentFacts) -> String) -> String {
    let mut texts: Vec<String> = sheet.written.incidents.iter().map(told).collect();
    texts.dedup();
    texts.retain(|text| !text.is_empty());
    if texts.is_empty() {
        DOTS.to_owned()
    } else {
        texts.join("; ")
    }
}

/// Each incident in one line.
pub(super) fn each(sheet: Sheet<'_>) -> Vec<Block> {
    let told = |incident: &IncidentFacts| {
        item(format!(
            "Sự kiện {}: {}; {}; công cụ {}; {}; {}; {} người",
            incident.code,
            moment(incident.recorded_at),
            unit(incident),
            service_label(&incident.service, &sheet.around.services),
            carries_label(&incident.carries),
            action_label(&incident.action),
            grouped(incident.subjects)
        ))
    };
    sheet.written.incidents.iter().map(told).collect()
}

/// Each incident of a state secret: the circumstances alone.
pub(super) fn each_secret(sheet: Sheet<'_>) -> Vec<Block> {
    let told = |incident: &IncidentFacts| {
        let level = incident.level.as_deref().unwrap_or_default();
        let label = [SecretLevel::A, SecretLevel::B, SecretLevel::C]
            .into_iter()
            .find(|one| one.as_str() == level)
            .map_or(DOTS, SecretLevel::label);
        item(format!(
            "Sự kiện {}: {}; máy trạm {}; {}; công cụ {}; {}; dấu chỉ độ {}; dung lượng {} byte; {}",
            incident.code,
            moment(incident.recorded_at),
            incident.client,
            unit(incident),
            service_label(&incident.service, &sheet.around.services),
            carries_label(&incident.carries),
            label,
            grouped(incident.bytes.unwrap_or_default()),
            action_label(&incident.action)
        ))
    };
    sheet.written.incidents.iter().map(told).collect()
}
