//! How does a report come about? Asked for, counted, sealed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::report::clock::holidays;
use crate::report::count::{Counted, count};
use crate::report::facts::IncidentFacts;
use crate::report::kind::{About, Kind};
use crate::report::period::{CutOffs, Period};
use crate::report::tool_facts::ToolFacts;
use crate::report::written::{Before, Days, FORM, Place, Range, Written};
use crate::store::{PeriodQuery, Registry, Relevant, StoreError, StoreReader};

/// Incidents that a form about incidents is about, at most.
const INCIDENTS_MAX: usize = 20;
/// Tools of the register, at most.
const TOOLS_MAX: usize = 500;
/// The most that a person writes in one field, in bytes.
pub const TEXT_BYTES_MAX: usize = 20_000;
/// Fields that people write, at most.
pub const TEXTS_MAX: usize = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The kind.
    pub kind: Kind,
    /// The days.
    pub period: Period,
    /// When reporting years begin, for the period before.
    pub cut_offs: CutOffs,
    /// Days on which nobody works, besides weekends and those of every year.
    pub holidays: Vec<Date>,
    /// Only this unit.
    pub unit: Option<String>,
    /// Only this incident (its code or id), for a form about incidents.
    pub incident: Option<String>,
    /// Only this tool of the register (its id), for a form about tools.
    pub tool: Option<String>,
    /// The node whose log it is.
    pub node: String,
    /// The office.
    pub office: Option<String>,
    /// What people wrote, by field.
    pub texts: BTreeMap<String, String>,
}

/// A report, and the lines behind it for spreadsheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The report as it is kept.
    pub written: Written,
    /// Incidents by month, unit, service and action: their number, and that of people.
    pub lines: BTreeMap<[String; 4], (u64, u64)>,
}

/// Why a report cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The log cannot be read.
    #[error("the log cannot be read")]
    Store(#[from] StoreError),
    /// There is no such incident.
    #[error("there is no incident {0}; `lachan incidents list` shows the codes")]
    NoIncident(String),
    /// This kind is not about one incident.
    #[error("a report of kind {0} is about a period; leave out the incident")]
    NotAboutIncidents(&'static str),
    /// There is no such tool in the register.
    #[error("there is no tool {0} in the register; the back office lists their ids")]
    NoTool(String),
    /// The incident is of a state secret, and this kind is not the notice about one.
    #[error("incident {0} is of a state secret; only kind secrecy-notice tells about it")]
    Secret(String),
    /// Too much was written.
    #[error("the text {0} is longer than {TEXT_BYTES_MAX} bytes")]
    LongText(String),
}

/// Makes a report as of now.
///
/// # Errors
/// See [`MakeError`].
pub async fn make(reader: &StoreReader, asked: &Asked) -> Result<Made, MakeError> {
    let relevant = match asked.kind.about() {
        About::Period | About::Tools => Relevant::NoticesAndTools,
        // Making a form about an incident is recorded; making it again must not change it.
        About::Exposures | About::Secrets => Relevant::Decisions,
    };
    let head = reader.head(relevant).await?;
    make_as_of(reader, asked, Place::of(head)).await
}

/// Makes a report as of a record of the chain.
///
/// # Errors
/// See [`MakeError`].
pub async fn make_as_of(
    reader: &StoreReader,
    asked: &Asked,
    head: Place,
) -> Result<Made, MakeError> {
    let texts = checked(&asked.texts)?;
    let query = query(asked.period, asked.unit.as_ref(), head.seq);
    let counted = count(reader, &query, &holidays(&asked.holidays)).await?;
    let ends = reader.ends(&query).await?;
    let incidents = incidents(reader, asked, &query, &counted).await?;
    let Counted {
        figures,
        lines,
        cases,
        ..
    } = counted;
    let before = before(reader, asked, head.seq).await?;
    let tools = tools(reader, asked, head.seq).await?;
    let written = Written {
        form: FORM.to_owned(),
        kind: asked.kind.name().to_owned(),
        period: days(asked.period),
        unit: asked.unit.clone(),
        office: asked.office.clone(),
        node: asked.node.clone(),
        holidays: asked.holidays.iter().map(Date::to_string).collect(),
        chain: Range {
            first: ends.map(|(first, _)| Place::of(first)),
            last: ends.map(|(_, last)| Place::of(last)),
            head,
        },
        figures,
        before,
        cases,
        incidents,
        tool: asked.tool.clone(),
        tools,
        texts,
        sources: Vec::new(),
        missing: Vec::new(),
        digest: String::new(),
    };
    Ok(Made {
        written: written.sealed(),
        lines,
    })
}

fn checked(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, MakeError> {
    let written = texts.iter().filter(|(_, text)| !text.trim().is_empty());
    let mut kept = BTreeMap::new();
    for (name, text) in written.take(TEXTS_MAX) {
        if text.len() > TEXT_BYTES_MAX {
            return Err(MakeError::LongText(name.clone()));
        }
        kept.insert(name.clone(), text.trim().to_owned());
    }
    Ok(kept)
}

fn query(period: Period, unit: Option<&String>, head: u64) -> PeriodQuery {
    PeriodQuery {
        since: period.since(),
        until: period.until(),
        unit: unit.cloned(),
        head,
    }
}

fn days(period: Period) -> Days {
    Days {
        name: period.to_string(),
        first: period.first.to_string(),
        last: period.last.to_string(),
    }
}

async fn before(
    reader: &StoreReader,
    asked: &Asked,
    head: u64,
) -> Result<Option<Before>, MakeError> {
    let before = match asked.kind.about() {
        About::Period => asked.period.before(asked.cut_offs),
        About::Exposures | About::Secrets | About::Tools => None,
    };
    let Some(before) = before else {
        return Ok(None);
    };
    let query = query(before, asked.unit.as_ref(), head);
    let counted = count(reader, &query, &holidays(&asked.holidays)).await?;
    Ok(Some(Before {
        period: days(before),
        figures: counted.figures,
    }))
}

/// The register of tools, or the one that was named.
async fn tools(
    reader: &StoreReader,
    asked: &Asked,
    head: u64,
) -> Result<Vec<ToolFacts>, MakeError> {
    if matches!(asked.kind.about(), About::Exposures | About::Secrets) {
        return Ok(Vec::new());
    }
    let tools = Registry::tools_as_of(reader, head).await?;
    let mut facts: Vec<ToolFacts> = tools.iter().take(TOOLS_MAX).map(ToolFacts::of).collect();
    if let Some(wanted) = &asked.tool {
        facts.retain(|tool| tool.id == *wanted);
        if facts.is_empty() {
            return Err(MakeError::NoTool(wanted.clone()));
        }
    }
    Ok(facts)
}

/// The incidents that a form is about: the one that was named, or those of the period.
async fn incidents(
    reader: &StoreReader,
    asked: &Asked,
    query: &PeriodQuery,
    counted: &Counted,
) -> Result<Vec<IncidentFacts>, MakeError> {
    let about = asked.kind.about();
    let codes: Vec<String> = match (about, &asked.incident) {
        (About::Exposures | About::Secrets, Some(code)) => vec![code.clone()],
        (About::Period | About::Tools, Some(_)) => {
            return Err(MakeError::NotAboutIncidents(asked.kind.name()));
        }
        (About::Exposures, None) => counted.cases.iter().map(|case| case.code.clone()).collect(),
        (About::Secrets, None) => reader.secret_codes(query, INCIDENTS_MAX).await?,
        (About::Period | About::Tools, None) => Vec::new(),
    };
    let mut told = Vec::new();
    for code in codes.into_iter().take(INCIDENTS_MAX) {
        let incident = reader.find(&code).await?;
        let incident = incident.ok_or_else(|| MakeError::NoIncident(code.clone()))?;
        match (about, &incident.record.secret) {
            (About::Secrets, None) => return Err(MakeError::NoIncident(code)),
            (About::Secrets, Some(_)) => {}
            (_, Some(_)) => return Err(MakeError::Secret(code)),
            (_, None) => {}
        }
        told.push(IncidentFacts::of(&incident));
    }
    Ok(told)
}
