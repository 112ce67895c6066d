//! Which numbers does a report have? Those of one period, ready to be written, compared and summed.
//!
//! Everything is a count or a map from a contract's name to a count, in the order of the names, so
//! that the same log always gives the same bytes. Nothing in here can name a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::request_counts::RequestCounts;
use crate::store::{RequestsCounted, Welfare};

/// Counts by a contract's name.
pub type Counts = BTreeMap<String, u64>;

/// The figures of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Incidents, self-tests not among them.
    pub incidents: u64,
    /// How many people they told about, all together.
    pub subjects: u64,
    /// Repeats of incidents that made no record of their own.
    pub repeats: u64,
    /// Requests that went over a client's rate and made no record of their own.
    pub over_rate: u64,
    /// Self-tests, counted nowhere else.
    pub self_tests: u64,
    /// All requests, those that were simply let through too; nothing where none were counted.
    pub requests: Option<Requests>,
    /// Of a sum: how many offices told nothing of their requests.
    pub without_requests: u64,
    /// By what was done.
    pub actions: Counts,
    /// By the gravest severity.
    pub severities: Counts,
    /// By category; an incident counts once for each.
    pub categories: Counts,
    /// By what the request carried.
    pub carries: Counts,
    /// By the reason why something could not be inspected.
    pub uninspectable: Counts,
    /// By whether anything reached the service, as people have settled it.
    pub outcomes: Counts,
    /// By how far the review has come.
    pub statuses: Counts,
    /// By data group.
    pub groups: BTreeMap<String, Row>,
    /// By unit; empty where none is known.
    pub units: BTreeMap<String, Row>,
    /// By service.
    pub services: BTreeMap<String, Row>,
    /// By month.
    pub months: BTreeMap<String, Row>,
    /// What people did about incidents in the period, by its name in the chain.
    pub deeds: Counts,
    /// How long people took.
    pub response: Response,
}

/// The requests of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// The first day of the log on which requests were counted; what was before is not known.
    pub since: String,
    /// All of them.
    pub all: RequestCounts,
    /// By unit; empty where none is known.
    pub units: BTreeMap<String, RequestCounts>,
    /// By service.
    pub services: BTreeMap<String, RequestCounts>,
    /// By month.
    pub months: BTreeMap<String, RequestCounts>,
}

/// One line of a table: incidents by what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// All of them.
    pub incidents: u64,
    /// Let through and noted.
    pub audited: u64,
    /// Let through with values hidden.
    pub redacted: u64,
    /// Stopped.
    pub blocked: u64,
    /// Of all of them, those in which data went out.
    pub exposed: u64,
}

/// How long people took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// Incidents about which somebody did something.
    pub reviewed: u64,
    /// Minutes from the record to the first deed: half of them took no longer.
    pub first_deed_minutes_median: Option<u64>,
    /// Nine of ten took no longer.
    pub first_deed_minutes_p90: Option<u64>,
    /// The legal clocks, by their names.
    pub clocks: BTreeMap<String, Clock>,
}

/// How often a legal clock ran, and how it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// How often it ran.
    pub started: u64,
    /// The document was made in time.
    pub in_time: u64,
    /// It was made late.
    pub late: u64,
    /// It was not made up to the head of the log.
    pub not_made: u64,
}

/// A group of data that the plans have watched closely: the four that they name, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataGroup {
    /// Pupils.
    Pupils,
    /// Patients.
    Patients,
    /// Beneficiaries of social policy.
    Beneficiaries,
    /// The vulnerable.
    Vulnerable,
    /// All other personal data.
    Other,
}

impl DataGroup {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Pupils,
        Self::Patients,
        Self::Beneficiaries,
        Self::Vulnerable,
        Self::Other,
    ];

    /// The name in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pupils => "pupils",
            Self::Patients => "patients",
            Self::Beneficiaries => "beneficiaries",
            Self::Vulnerable => "vulnerable",
            Self::Other => "other",
        }
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pupils => "Dữ liệu học sinh",
            Self::Patients => "Dữ liệu người bệnh",
            Self::Beneficiaries => "Dữ liệu đối tượng chính sách",
            Self::Vulnerable => "Dữ liệu người yếu thế",
            Self::Other => "Các nhóm dữ liệu cá nhân khác",
        }
    }

    /// Whether an incident with a category belongs to the group: pupils by records and codes of
    /// pupils; patients by records, codes and insurance numbers of patients; beneficiaries and the
    /// vulnerable by records of social policy, whose rule tells which of both (an incident may
    /// belong to both); others by all other personal data. State secrets, internal documents and
    /// passwords are no personal data.
    pub fn has(self, category: &str, welfare: Welfare) -> bool {
        match category {
            "student_record" | "student_code" => self == Self::Pupils,
            "health_record" | "patient_code" | "health_insurance_number" => self == Self::Patients,
            "welfare_record" => match self {
                Self::Beneficiaries => welfare.of_beneficiaries || !welfare.of_vulnerable,
                Self::Vulnerable => welfare.of_vulnerable,
                Self::Pupils | Self::Patients | Self::Other => false,
            },
            "state_secret" | "internal_document" | "credential" => false,
            _ => self == Self::Other,
        }
    }
}

impl Row {
    /// Counts incidents of one action.
    pub fn count(&mut self, action: &str, count: u64) {
        self.incidents += count;
        match action {
            "audit" => self.audited += count,
            "redact" => self.redacted += count,
            "block" => self.blocked += count,
            _ => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.incidents += other.incidents;
        self.audited += other.audited;
        self.redacted += other.redacted;
        self.blocked += other.blocked;
        self.exposed += other.exposed;
    }
}

impl Requests {
    /// Of what the log holds; of one unit alone, or of all.
    pub fn of(counted: RequestsCounted, unit: Option<&str>) -> Self {
        let mut requests = Self {
            since: counted.since,
            ..Self::default()
        };
        let lines = counted.lines.into_iter();
        for ((day, service, of_unit), counts) in lines {
            if unit.is_some_and(|unit| unit != of_unit) {
                continue;
            }
            let month: String = day.chars().take("2026-06".len()).collect();
            requests.all.add(&counts);
            for (rows, name) in [
                (&mut requests.units, of_unit),
                (&mut requests.services, service),
                (&mut requests.months, month),
            ] {
                rows.entry(name).or_default().add(&counts);
            }
        }
        requests
    }

    fn add(&mut self, other: &Self) {
        // From the later day on both are known.
        if other.since > self.since {
            self.since.clone_from(&other.since);
        }
        self.all.add(&other.all);
        for (sum, one) in [
            (&mut self.units, &other.units),
            (&mut self.services, &other.services),
            (&mut self.months, &other.months),
        ] {
            for (name, counts) in one {
                sum.entry(name.clone()).or_default().add(counts);
            }
        }
    }
}

impl Clock {
    /// Counts one run: when the document was made, if it was, and when it was due.
    pub fn count(&mut self, made_and_due: Option<(i64, i64)>) {
        self.started += 1;
        match made_and_due {
            Some((made, due)) if made <= due => self.in_time += 1,
            Some(_) => self.late += 1,
            None => self.not_made += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.started += other.started;
        self.in_time += other.in_time;
        self.late += other.late;
        self.not_made += other.not_made;
    }
}

impl Figures {
    /// Adds the figures of another office. Medians cannot be added and are left out.
    pub fn add(&mut self, other: &Self) {
        for (sum, one) in [
            (&mut self.incidents, other.incidents),
            (&mut self.subjects, other.subjects),
            (&mut self.repeats, other.repeats),
            (&mut self.over_rate, other.over_rate),
            (&mut self.self_tests, other.self_tests),
            (&mut self.response.reviewed, other.response.reviewed),
        ] {
            *sum = sum.saturating_add(one);
        }
        match (&mut self.requests, &other.requests) {
            (Some(sum), Some(one)) => sum.add(one),
            (None, Some(one)) => self.requests = Some(one.clone()),
            (_, None) => self.without_requests += 1,
        }
        for (sum, one) in [
            (&mut self.actions, &other.actions),
            (&mut self.severities, &other.severities),
            (&mut self.categories, &other.categories),
            (&mut self.carries, &other.carries),
            (&mut self.uninspectable, &other.uninspectable),
            (&mut self.outcomes, &other.outcomes),
            (&mut self.statuses, &other.statuses),
            (&mut self.deeds, &other.deeds),
        ] {
            for (name, count) in one {
                let sum = sum.entry(name.clone()).or_default();
                *sum = sum.saturating_add(*count);
            }
        }
        for (sum, one) in [
            (&mut self.groups, &other.groups),
            (&mut self.units, &other.units),
            (&mut self.services, &other.services),
            (&mut self.months, &other.months),
        ] {
            for (name, row) in one {
                sum.entry(name.clone()).or_default().add(*row);
            }
        }
        for (name, clock) in &other.response.clocks {
            let sum = self.response.clocks.entry(name.clone()).or_default();
            sum.add(*clock);
        }
        self.response.first_deed_minutes_median = None;
        self.response.first_deed_minutes_p90 = None;
    }

    /// The count of a name, 0 if there is none.
    pub fn count_of(counts: &Counts, name: &str) -> u64 {
        counts.get(name).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_tells_in_time_late_and_not_made_apart() {
        let mut clock = Clock::default();
        for made in [Some(72), Some(73), None] {
            clock.count(made.zip(Some(72)));
        }
        let expected = Clock {
            started: 3,
            in_time: 1,
            late: 1,
            not_made: 1,
        };
        assert_eq!(clock, expected);
    }

    #[test]
    fn sums_add_every_count_and_forget_medians() {
        let mut one = Figures {
            incidents: 2,
            ..Figures::default()
        };
        one.actions.insert("block".to_owned(), 2);
        one.units
            .entry("A".to_owned())
            .or_default()
            .count("block", 2);
        one.response.first_deed_minutes_median = Some(5);
        let mut sum = Figures::default();
        sum.add(&one);
        sum.add(&one);
        assert_eq!(sum.incidents, 4);
        assert_eq!(Figures::count_of(&sum.actions, "block"), 4);
        assert_eq!(sum.units["A"].blocked, 4);
        assert_eq!(sum.response.first_deed_minutes_median, None);
    }
}
