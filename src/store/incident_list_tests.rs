//! Does a list show what its filter says, whatever leads, and does a search come to its end?

use proptest::prelude::*;

use super::tests::{NOON, draft, open, reader, secret_draft};
use super::{IncidentFilter, IncidentLine, Narrow, StoreReader};
use crate::model::category::{Category, Severity};
use crate::model::exchange::UnixMillis;

const UNITS: [Option<&str>; 3] = [Some("Một cửa"), Some("Văn phòng"), None];
const SEVERITIES: [Severity; 2] = [Severity::Low, Severity::High];
const CATEGORIES: [Category; 2] = [Category::PhoneNumber, Category::CitizenId];

/// All pages of a filter, one after another.
async fn all(reader: &StoreReader, filter: &IncidentFilter) -> Vec<IncidentLine> {
    let mut filter = filter.clone();
    let mut lines = Vec::new();
    loop {
        let page = reader.incidents(&filter).await.unwrap();
        lines.extend(page.lines);
        match page.next {
            Some(next) => filter.before_seq = Some(next),
            None => return lines,
        }
    }
}

/// Forty incidents in a fixed mixture, two of them state secrets.
async fn filled(dir: &std::path::Path) -> StoreReader {
    let store = open(dir).await;
    for number in 0..40_usize {
        let mut one = draft(&format!("v{}", number / 2));
        one.client_address = format!("10.0.0.{number}");
        one.unit = UNITS[number % 3].map(str::to_owned);
        one.severity = SEVERITIES[number / 3 % 2];
        one.findings[0].category = CATEGORIES[number / 5 % 2];
        let mut second = one.findings[0].clone();
        second.fingerprint.0.push('b');
        one.findings.push(second);
        store.record(one).await.unwrap();
    }
    for digest in ["s1", "s2"] {
        store.record(secret_draft(digest)).await.unwrap();
    }
    reader(dir).await
}

fn holds(line: &IncidentLine, narrow: Narrow, value: &str) -> bool {
    match narrow {
        Narrow::Unit => line.unit.as_deref().unwrap_or_default() == value,
        Narrow::Severity => line.severity == value,
        Narrow::Category => line.categories.iter().any(|one| one == value),
        Narrow::Client => line.client == value,
        Narrow::Status => line.status == value,
        Narrow::Service | Narrow::Action | Narrow::Outcome | Narrow::Assignee => true,
        Narrow::Fingerprint => false,
    }
}

#[test]
fn every_filter_shows_exactly_what_it_says_page_by_page() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let reader = runtime.block_on(filled(dir.path()));
    let everything = runtime.block_on(all(
        &reader,
        &IncidentFilter {
            limit: 500,
            ..IncidentFilter::default()
        },
    ));
    assert_eq!(everything.len(), 40);
    assert!(everything.is_sorted_by(|a, b| a.seq > b.seq));
    let some = |values: &'static [&'static str]| proptest::sample::subsequence(values, 0..=1);
    let strategy = (
        some(&["Một cửa", "Văn phòng", ""]),
        some(&["low", "high", "critical"]),
        some(&["phone_number", "citizen_id", "bank_card"]),
        some(&["10.0.0.7", "10.9.9.9"]),
        some(&["new", "closed"]),
        1_u32..20,
    );
    proptest!(|((unit, severity, category, client, status, limit) in strategy)| {
        let asked = [
            (Narrow::Unit, unit),
            (Narrow::Severity, severity),
            (Narrow::Category, category),
            (Narrow::Client, client),
            (Narrow::Status, status),
        ];
        let narrowings: Vec<(Narrow, String)> = asked
            .iter()
            .flat_map(|(narrow, values)| values.iter().map(|value| (*narrow, (*value).to_owned())))
            .collect();
        let filter = IncidentFilter { narrowings: narrowings.clone(), limit, ..IncidentFilter::default() };
        let shown = runtime.block_on(all(&reader, &filter));
        let wanted: Vec<_> = everything
            .iter()
            .filter(|line| narrowings.iter().all(|(narrow, value)| holds(line, *narrow, value)))
            .cloned()
            .collect();
        prop_assert_eq!(shown, wanted);
    });
}

#[tokio::test]
async fn state_secrets_are_listed_only_where_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let reader = filled(dir.path()).await;
    let mut filter = IncidentFilter {
        narrowings: vec![(Narrow::Category, "state_secret".to_owned())],
        limit: 50,
        ..IncidentFilter::default()
    };
    assert!(all(&reader, &filter).await.is_empty());
    filter.with_secrets = true;
    assert_eq!(all(&reader, &filter).await.len(), 2);
}

#[tokio::test]
async fn a_value_leads_to_all_its_incidents_and_a_time_bounds_them() {
    let dir = tempfile::tempdir().unwrap();
    let reader = filled(dir.path()).await;
    let mut filter = IncidentFilter {
        narrowings: vec![(Narrow::Fingerprint, "v3".to_owned())],
        limit: 50,
        ..IncidentFilter::default()
    };
    assert_eq!(all(&reader, &filter).await.len(), 2);
    filter.until = Some(UnixMillis(NOON));
    assert!(all(&reader, &filter).await.is_empty());
    filter.until = Some(UnixMillis(NOON + 1));
    filter.since = Some(UnixMillis(NOON));
    assert_eq!(all(&reader, &filter).await.len(), 2);
    let columns = [Narrow::Unit, Narrow::Assignee, Narrow::Severity];
    let [units, assignees, severities] = reader
        .values_of(&columns)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(units, ["Một cửa", "Văn phòng"]);
    assert!(assignees.is_empty());
    assert_eq!(severities, ["critical", "high", "low"]);
}
