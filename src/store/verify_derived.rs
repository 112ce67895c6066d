//! Are the derived tables what follows from the chain? Recomputed beside the walk along it.
//!
//! Rows that follow from one record are compared page by page; how incidents stand, which follows
//! from many records, is computed along the way and compared at the end.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::model::review::ReviewStatus;

use super::deed::DeedRecord;
use super::derived::{FindingRows, IncidentRow, finding_rows, read_finding, read_state, stored};
use super::derived_event::{DeedRow, EventRow, numbered};
use super::event::{CONTINUED, EventRecord};
use super::record::IncidentRecord;
use super::review::ReviewState;
use super::verify_report::Fault;

/// The derived rows of one page of records; a row that cannot be read is there, but nothing.
pub(super) struct Derived {
    incidents: HashMap<u64, Option<IncidentRow>>,
    findings: HashMap<u64, FindingRows>,
    events: HashMap<u64, Option<EventRow>>,
    deeds: HashMap<u64, Option<DeedRow>>,
}

impl Derived {
    /// The rows of the records after one, up to another.
    pub(super) async fn load(
        connection: &mut SqliteConnection,
        after: u64,
        until: u64,
    ) -> Result<Self, sqlx::Error> {
        const INCIDENTS: &str = "SELECT * FROM incident WHERE seq > ? AND seq <= ?";
        const FINDINGS: &str = "SELECT * FROM finding WHERE seq > ? AND seq <= ?";
        const EVENTS: &str = "SELECT * FROM event WHERE seq > ? AND seq <= ?";
        const DEEDS: &str = "SELECT * FROM deed WHERE seq > ? AND seq <= ?";
        let mut range = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        for (rows, query) in range.iter_mut().zip([INCIDENTS, FINDINGS, EVENTS, DEEDS]) {
            let query = sqlx::query(query).bind(stored(after)).bind(stored(until));
            *rows = query.fetch_all(&mut *connection).await?;
        }
        let [incidents, findings, events, deeds] = range;
        Ok(Self {
            incidents: by_number(&incidents, IncidentRow::read)?,
            findings: findings_by_number(&findings)?,
            events: by_number(&events, EventRow::read)?,
            deeds: by_number(&deeds, DeedRow::read)?,
        })
    }

    /// The rows of an incident, and no others.
    pub(super) fn check_incident(&self, seq: u64, body: &IncidentRecord) -> Result<(), Fault> {
        let wanted = finding_rows(body);
        let findings = self.findings.get(&seq);
        let holds = self.incidents.get(&seq) == Some(&Some(IncidentRow::of(body)))
            && findings.map_or(wanted.is_empty(), |found| *found == wanted)
            && !self.events.contains_key(&seq)
            && !self.deeds.contains_key(&seq);
        as_fault(holds)
    }

    /// The row of an event, and no others.
    pub(super) fn check_event(&self, seq: u64, body: &EventRecord) -> Result<(), Fault> {
        let holds = self.events.get(&seq) == Some(&Some(EventRow::of(body)))
            && !self.incidents.contains_key(&seq)
            && !self.findings.contains_key(&seq)
            && !self.deeds.contains_key(&seq);
        as_fault(holds)
    }

    /// The row of a deed, and no others.
    pub(super) fn check_deed(&self, seq: u64, body: &DeedRecord) -> Result<(), Fault> {
        let holds = self.deeds.get(&seq) == Some(&Some(DeedRow::of(body)))
            && !self.incidents.contains_key(&seq)
            && !self.findings.contains_key(&seq)
            && !self.events.contains_key(&seq);
        as_fault(holds)
    }

    /// No rows.
    pub(super) fn check_nothing(&self, seq: u64) -> Result<(), Fault> {
        let holds = !self.incidents.contains_key(&seq)
            && !self.findings.contains_key(&seq)
            && !self.events.contains_key(&seq)
            && !self.deeds.contains_key(&seq);
        as_fault(holds)
    }
}

const fn as_fault(holds: bool) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(Fault::Derived) }
}

fn by_number<T>(
    rows: &[SqliteRow],
    read: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
) -> Result<HashMap<u64, Option<T>>, sqlx::Error> {
    rows.iter().map(|row| numbered(row, &read)).collect()
}

fn findings_by_number(rows: &[SqliteRow]) -> Result<HashMap<u64, FindingRows>, sqlx::Error> {
    let mut findings: HashMap<u64, FindingRows> = HashMap::new();
    for row in rows {
        let (seq, texts) = read_finding(row)?;
        findings.entry(seq).or_default().insert(texts);
    }
    Ok(findings)
}

/// How the incidents stand that anything was done about, by id.
#[derive(Default)]
pub(super) struct Stands {
    states: HashMap<String, ReviewState>,
    continued: HashSet<String>,
}

impl Stands {
    /// Takes an event into account.
    pub(super) fn event(&mut self, body: &EventRecord) {
        if body.what == CONTINUED {
            self.continued.insert(body.incident.clone());
        }
    }

    /// Takes a deed into account.
    pub(super) fn deed(&mut self, body: &DeedRecord) {
        let Some(id) = &body.incident else {
            return;
        };
        match self.states.get_mut(id) {
            Some(state) => {
                state.apply(body);
            }
            None => {
                let mut state = ReviewState::default();
                if state.apply(body) {
                    self.states.insert(id.clone(), state);
                }
            }
        }
    }

    /// Whether the table says the same.
    pub(super) async fn hold(
        &self,
        connection: &mut SqliteConnection,
    ) -> Result<bool, sqlx::Error> {
        let mut left: HashSet<&String> = self.states.keys().chain(&self.continued).collect();
        let mut rows = sqlx::query(
            "SELECT * FROM incident WHERE status <> 'new' OR assignee IS NOT NULL \
             OR outcome_now <> outcome OR detected_at IS NOT NULL OR confirmed_at IS NOT NULL \
             OR is_continued <> 0",
        )
        .fetch(&mut *connection);
        while let Some(row) = rows.try_next().await? {
            if !self.holds(&row)? {
                return Ok(false);
            }
            left.remove(&row.try_get::<String, _>("id")?);
        }
        drop(rows);
        // What looks untouched, though something was done: it may have been undone.
        for id in left {
            let row = sqlx::query("SELECT * FROM incident WHERE id = ?")
                .bind(id)
                .fetch_optional(&mut *connection)
                .await?;
            if let Some(row) = row
                && !self.holds(&row)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds(&self, row: &SqliteRow) -> Result<bool, sqlx::Error> {
        let id: String = row.try_get("id")?;
        let recorded: String = row.try_get("outcome")?;
        let mut wanted = self.states.get(&id).cloned().unwrap_or_default();
        wanted.outcome.get_or_insert(recorded);
        let new = ReviewStatus::New.as_str().to_owned();
        wanted.status.get_or_insert(new);
        let is_continued: i64 = row.try_get("is_continued")?;
        Ok(read_state(row)? == wanted && is_continued == i64::from(self.continued.contains(&id)))
    }
}
