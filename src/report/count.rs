//! How are the figures of a period counted? From the log, row by row, as of one record.
//!
//! Incidents that are alike come counted; what people decided is laid over them. Held in memory are
//! the figures alone, a line for each combination of month, unit, service and action, and the
//! incidents in which data went out, up to a bound.

use std::collections::BTreeMap;

use crate::model::deadline::Holidays;
use crate::model::exchange::UnixMillis;
use crate::model::incident::Outcome;
use crate::model::review::ReviewStatus;
use crate::report::case::Case;
use crate::report::clock::CLOCKS;
use crate::report::figures::{Counts, DataGroup, Figures, Requests, Row};
use crate::store::registry::day_of;
use crate::store::{Alike, PeriodQuery, Reviewed, StoreError, StoreReader, Welfare};

/// Incidents that are told one by one.
const CASES_MAX: usize = 200;
/// Lines for spreadsheets. Units and services are some dozens each.
const LINES_MAX: usize = 100_000;
/// The service of self-tests, which no figure counts.
const SELF_TEST: &str = "self-test";

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The figures.
    pub figures: Figures,
    /// Incidents by month, unit, service and action: their number, and that of people.
    pub lines: BTreeMap<[String; 4], (u64, u64)>,
    /// Incidents in which data went out, oldest first; state secrets are not among them.
    pub cases: Vec<Case>,
    minutes: Vec<u64>,
    holidays: Holidays,
}

/// Counts a period.
///
/// # Errors
/// When the log cannot be read.
pub async fn count(
    reader: &StoreReader,
    query: &PeriodQuery,
    holidays: &Holidays,
) -> Result<Counted, StoreError> {
    let mut counted = Counted {
        holidays: holidays.clone(),
        ..Counted::default()
    };
    reader
        .alike(query, |alike| counted.incidents(&alike))
        .await?;
    reader
        .reviewed(query, |incident| counted.reviewed(&incident))
        .await?;
    let figures = &mut counted.figures;
    (figures.repeats, figures.over_rate) = reader.repeats_in(query).await?;
    figures.deeds = reader.deeds_in(query).await?.into_iter().collect();
    let days = (day_of(query.since), day_of(UnixMillis(query.until.0 - 1)));
    let requests = reader.requests_in((&days.0, &days.1), query.head).await?;
    let unit = query.unit.as_deref();
    counted.figures.requests = requests.map(|requests| Requests::of(requests, unit));
    counted.sum_up();
    Ok(counted)
}

impl Counted {
    fn incidents(&mut self, alike: &Alike) {
        let figures = &mut self.figures;
        let count = alike.count;
        if alike.service == SELF_TEST {
            figures.self_tests += count;
            return;
        }
        figures.incidents += count;
        figures.subjects += alike.subjects;
        let new = ReviewStatus::New.as_str();
        for (counts, name) in [
            (&mut figures.actions, alike.action.as_str()),
            (&mut figures.severities, &alike.severity),
            (&mut figures.carries, &alike.carries),
            (&mut figures.outcomes, &alike.outcome),
            (&mut figures.statuses, new),
        ] {
            add(counts, name, count);
        }
        if !alike.uninspectable.is_empty() {
            add(&mut figures.uninspectable, &alike.uninspectable, count);
        }
        for category in alike.categories.split_whitespace() {
            add(&mut figures.categories, category, count);
        }
        for group in groups(&alike.categories, alike.welfare) {
            row(&mut figures.groups, group.name()).count(&alike.action, count);
        }
        row(&mut figures.units, &alike.unit).count(&alike.action, count);
        row(&mut figures.services, &alike.service).count(&alike.action, count);
        row(&mut figures.months, &alike.month).count(&alike.action, count);
        if alike.outcome == Outcome::Exposed.as_str() {
            self.exposed(
                (&alike.unit, &alike.service),
                (&alike.categories, alike.welfare),
                count,
            );
        }
        self.line(alike);
    }

    fn line(&mut self, alike: &Alike) {
        let key = [&alike.month, &alike.unit, &alike.service, &alike.action].map(Clone::clone);
        if self.lines.len() < LINES_MAX || self.lines.contains_key(&key) {
            let line = self.lines.entry(key).or_default();
            line.0 += alike.count;
            line.1 += alike.subjects;
        }
    }

    /// Lays over the counts what people decided about one incident.
    fn reviewed(&mut self, incident: &Reviewed) {
        if incident.service == SELF_TEST {
            return;
        }
        let figures = &mut self.figures;
        if let Some(status) = &incident.state.status {
            add(&mut figures.statuses, status, 1);
            take(&mut figures.statuses, ReviewStatus::New.as_str());
        }
        if let Some(at) = incident.first_deed_at {
            figures.response.reviewed += 1;
            let minutes = (at - incident.recorded_at) / 60_000;
            self.minutes.push(u64::try_from(minutes).unwrap_or(0));
        }
        let exposed = Outcome::Exposed.as_str();
        let outcome = incident.state.outcome.as_deref();
        if let Some(outcome) = outcome.filter(|outcome| *outcome != incident.outcome) {
            add(&mut figures.outcomes, outcome, 1);
            take(&mut figures.outcomes, &incident.outcome);
            if outcome == exposed {
                let what = (incident.categories.as_str(), incident.welfare);
                self.exposed((&incident.unit, &incident.service), what, 1);
            }
        }
        if outcome.unwrap_or(&incident.outcome) == exposed {
            self.case(incident);
        }
    }

    fn case(&mut self, incident: &Reviewed) {
        let case = Case::of(incident);
        for rule in &CLOCKS {
            let clocks = &mut self.figures.response.clocks;
            rule.count((&case, incident.is_secret), &self.holidays, clocks);
        }
        if !incident.is_secret && self.cases.len() < CASES_MAX {
            self.cases.push(case);
        }
    }

    fn exposed(
        &mut self,
        (unit, service): (&str, &str),
        (categories, welfare): (&str, Welfare),
        count: u64,
    ) {
        let figures = &mut self.figures;
        row(&mut figures.units, unit).exposed += count;
        row(&mut figures.services, service).exposed += count;
        for group in groups(categories, welfare) {
            row(&mut figures.groups, group.name()).exposed += count;
        }
    }

    fn sum_up(&mut self) {
        self.minutes.sort_unstable();
        let response = &mut self.figures.response;
        response.first_deed_minutes_median = share(&self.minutes, 50);
        response.first_deed_minutes_p90 = share(&self.minutes, 90);
        self.minutes = Vec::new();
        self.cases
            .sort_by(|a, b| a.code_order().cmp(&b.code_order()));
        // The month of an exposure is not asked for; a line of zeros says nothing.
        for month in self.figures.months.values_mut() {
            month.exposed = 0;
        }
    }
}

fn add(counts: &mut Counts, name: &str, count: u64) {
    *counts.entry(name.to_owned()).or_default() += count;
}

/// Takes one away; what reaches zero is no line.
fn take(counts: &mut Counts, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(name);
        }
    }
}

fn row<'a>(rows: &'a mut BTreeMap<String, Row>, name: &str) -> &'a mut Row {
    rows.entry(name.to_owned()).or_default()
}

/// The groups of an incident, each once.
fn groups(categories: &str, welfare: Welfare) -> impl Iterator<Item = DataGroup> {
    let of_all = DataGroup::ALL.into_iter();
    of_all.filter(move |group| {
        let mut categories = categories.split_whitespace();
        categories.any(|category| group.has(category, welfare))
    })
}

/// The value that so many of a hundred do not exceed.
fn share(sorted: &[u64], percent: usize) -> Option<u64> {
    let place = (sorted.len() * percent).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_value_that_occurs() {
        assert_eq!(share(&[], 50), None);
        assert_eq!(share(&[3], 90), Some(3));
        assert_eq!(share(&[1, 2, 3, 4], 50), Some(2));
        assert_eq!(share(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90), Some(9));
    }

    #[test]
    fn a_group_counts_once_and_secrets_are_in_none() {
        let of = |categories, of_beneficiaries, of_vulnerable| {
            let welfare = Welfare {
                of_beneficiaries,
                of_vulnerable,
            };
            groups(categories, welfare).collect::<Vec<DataGroup>>()
        };
        let named = of("student_record student_code phone_number", false, false);
        assert_eq!(named, [DataGroup::Pupils, DataGroup::Other]);
        assert!(of("state_secret", false, false).is_empty());
        assert_eq!(
            of("welfare_record", true, false),
            [DataGroup::Beneficiaries]
        );
        assert_eq!(of("welfare_record", false, true), [DataGroup::Vulnerable]);
        assert_eq!(of("welfare_record", true, true).len(), 2);
    }
}
