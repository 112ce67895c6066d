//! What does a report need besides the log? The period, the texts, names of tools, the rules.

use std::collections::BTreeMap;

use jiff::tz::{Offset, TimeZone};

use crate::app;
use crate::app::with_causes;
use crate::config::Settings;
use crate::report::surroundings::Surroundings;
use crate::report::{Asked, Kind, Period, Written};
use crate::store::StoreReader;

/// What was typed.
pub(super) struct Inputs<'a> {
    pub(super) kind: Kind,
    pub(super) period: Option<&'a str>,
    pub(super) unit: Option<&'a str>,
    pub(super) incident: Option<&'a str>,
    pub(super) tool: Option<&'a str>,
    pub(super) texts: BTreeMap<String, String>,
}

impl Inputs<'_> {
    /// What is asked for. Without a period it is the day of the incident.
    pub(super) async fn asked(
        &self,
        settings: &Settings,
        reader: &StoreReader,
    ) -> Result<Asked, String> {
        let cut_offs = settings.report.cut_offs;
        let period = match (self.period, self.incident) {
            (Some(period), _) => Period::parse(period, cut_offs)?,
            (None, Some(code)) => {
                let incident = reader.find(code).await;
                let incident = incident.map_err(|error| with_causes(&error))?;
                let incident = incident.ok_or_else(|| format!("there is no incident {code}"))?;
                let at = incident.record.recorded_at.0;
                let at =
                    jiff::Timestamp::from_millisecond(at).map_err(|error| error.to_string())?;
                let day = at.to_zoned(TimeZone::fixed(Offset::constant(7))).date();
                Period::parse(&format!("{day}..{day}"), cut_offs)?
            }
            (None, None) => return Err("name a period".to_owned()),
        };
        Ok(Asked {
            kind: self.kind,
            period,
            cut_offs,
            holidays: settings.report.holidays.clone(),
            unit: self.unit.map(str::to_owned),
            incident: self.incident.map(str::to_owned),
            tool: self.tool.map(str::to_owned),
            node: app::node_name(),
            office: settings.report.office.clone(),
            texts: self.texts.clone(),
        })
    }
}

/// What stands around the figures: the office, the tools, the rules in force.
pub(super) fn surroundings(settings: &Settings) -> Result<Surroundings, String> {
    let snapshot = app::Snapshot::load(settings).map_err(|mistakes| mistakes.join("; "))?;
    Ok(snapshot.around_reports(settings))
}

/// The texts of a file: an object of texts, or those of an earlier report.
pub(super) fn texts(file: &str) -> Result<BTreeMap<String, String>, String> {
    if let Ok(written) = Written::read(file) {
        return Ok(written.texts);
    }
    serde_json::from_str(file)
        .map_err(|error| format!("the texts are no JSON object of texts, and no report: {error}"))
}
