//! How is a report kept, so that anyone can check it? As JSON with the range of the chain and a
//! digest of itself.
//!
//! The digest is SHA-256 over the compact JSON with an empty digest. Keys stand in a fixed order and
//! unknown keys are refused, so that the same content has the same digest and nothing rides along.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::case::Case;
use crate::report::facts::IncidentFacts;
use crate::report::figures::Figures;
use crate::report::tool_facts::ToolFacts;
use crate::store::Mark;
use crate::store::chain::Hash;
use crate::store::incident_json::rfc3339;

/// What opens every report; a later form has another number.
pub const FORM: &str = "lachan-report/1";
/// How large a file of a report may be.
pub const REPORT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A report as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// [`FORM`].
    pub form: String,
    /// The kind's name.
    pub kind: String,
    /// The days it tells about.
    pub period: Days,
    /// The unit it tells about; nothing for the whole office.
    pub unit: Option<String>,
    /// The office.
    pub office: Option<String>,
    /// The node whose log it is.
    pub node: String,
    /// Days on which nobody worked, besides weekends and those of every year: legal clocks leave them
    /// out.
    pub holidays: Vec<String>,
    /// The range of the chain that was counted.
    pub chain: Range,
    /// The figures.
    pub figures: Figures,
    /// The days and figures of the period before.
    pub before: Option<Before>,
    /// Incidents in which data went out.
    pub cases: Vec<Case>,
    /// The incidents that a form is about.
    pub incidents: Vec<IncidentFacts>,
    /// Of a form about one tool: its id in the register.
    pub tool: Option<String>,
    /// The AI tools of the register.
    pub tools: Vec<ToolFacts>,
    /// What people wrote, by field.
    pub texts: BTreeMap<String, String>,
    /// Of a sum: the reports that were added up.
    pub sources: Vec<Source>,
    /// Of a sum: the offices that have not sent a report.
    pub missing: Vec<String>,
    /// `sha256:` and the digest of all the rest.
    pub digest: String,
}

/// A period by its name and days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// As it is typed.
    pub name: String,
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
}

/// The period before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Its days.
    pub period: Days,
    /// Its figures.
    pub figures: Figures,
}

/// The range of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The first incident of the period.
    pub first: Option<Place>,
    /// The last one.
    pub last: Option<Place>,
    /// The record as of which everything was counted.
    pub head: Place,
}

/// A report that was added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The office.
    pub office: String,
    /// The node whose log it is.
    pub node: String,
    /// The number of the record as of which it was counted.
    pub head: u64,
    /// Its incidents.
    pub incidents: u64,
    /// Its digest.
    pub digest: String,
}

/// A record's place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// When it was recorded.
    pub at: String,
}

impl Place {
    /// Of a mark.
    pub fn of(mark: Mark) -> Self {
        Self {
            seq: mark.seq,
            hash: mark.hash.to_string(),
            at: rfc3339(mark.at),
        }
    }
}

/// Why a file is no report.
#[derive(Debug, thiserror::Error)]
pub enum NotAReport {
    /// It is no JSON of this form.
    #[error("it is no report of this program, or of another version: {0}")]
    Form(String),
}

impl Written {
    /// Reads a file's text.
    ///
    /// # Errors
    /// When it is no report.
    pub fn read(text: &str) -> Result<Self, NotAReport> {
        let read: Self =
            serde_json::from_str(text).map_err(|error| NotAReport::Form(error.to_string()))?;
        if read.form == FORM {
            Ok(read)
        } else {
            Err(NotAReport::Form(format!("its form is not {FORM}")))
        }
    }

    /// The same with its digest set.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.digest = self.expected_digest();
        self
    }

    /// The digest that it must have.
    pub fn expected_digest(&self) -> String {
        let mut bare = self.clone();
        bare.digest.clear();
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        format!("sha256:{}", Hash::of(&bytes))
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}
