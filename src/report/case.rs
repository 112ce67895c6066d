//! What is known of one incident in which data went out? Numbers, names of units and times.

use serde::{Deserialize, Serialize};

use crate::model::exchange::UnixMillis;
use crate::store::Reviewed;

/// An incident in which data went out. No value, masked or not, is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The code.
    pub code: String,
    /// The id.
    pub id: String,
    /// The unit; empty where none is known.
    pub unit: String,
    /// The service's id.
    pub service: String,
    /// The categories.
    pub categories: Vec<String>,
    /// When it was recorded, in milliseconds since 1970.
    pub recorded_at: i64,
    /// When it was detected that data went out.
    pub detected_at: Option<i64>,
    /// When a person confirmed it.
    pub confirmed_at: Option<i64>,
    /// The first document of each kind and stage about it: both, and time.
    pub documents: Vec<(String, i64)>,
}

impl Case {
    /// Of an incident as it stood.
    pub fn of(incident: &Reviewed) -> Self {
        let mut documents: Vec<(String, i64)> = Vec::new();
        for (kind, at) in &incident.reports {
            if !documents.iter().any(|(known, _)| known == kind) {
                documents.push((kind.clone(), at.0));
            }
        }
        let words = incident.categories.split_whitespace();
        Self {
            code: incident.code.clone(),
            id: incident.id.clone(),
            unit: incident.unit.clone(),
            service: incident.service.clone(),
            categories: words.map(str::to_owned).collect(),
            recorded_at: incident.recorded_at,
            detected_at: incident.state.detected_at.map(|at| at.0),
            confirmed_at: incident.state.confirmed_at.map(|at| at.0),
            documents,
        }
    }

    /// When a document of a kind was first made.
    pub fn document(&self, kind: &str) -> Option<UnixMillis> {
        self.document_where(kind, |_| true)
    }

    /// The same, of stages that fit; a document has no stage where nobody wrote one.
    pub fn document_where(
        &self,
        kind: &str,
        fits: impl Fn(Option<&str>) -> bool,
    ) -> Option<UnixMillis> {
        let mut made = self.documents.iter().filter(|(name, _)| {
            let (of, stage) = match name.split_once('/') {
                Some((of, stage)) => (of, Some(stage)),
                None => (name.as_str(), None),
            };
            of == kind && fits(stage)
        });
        // They are kept in the order in which they were made.
        made.next().map(|(_, at)| UnixMillis(*at))
    }

    /// Oldest first.
    pub(super) fn code_order(&self) -> (i64, &str) {
        (self.recorded_at, &self.id)
    }
}
