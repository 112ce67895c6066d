//! How many requests were there in a period? Counts of hours and days, written into the chain as
//! deeds of the program.
//!
//! One deed tells of one day: a fact for each service and unit, like `chatgpt / Trạm Y tế` with
//! `requests=12 allowed=10 blocked=2`. A day may have several, which add up. The first one of a store
//! may be empty: it tells from when requests are counted.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use sqlx::Row as _;

use crate::model::request_counts::RequestCounts;

use super::deed::{Actor, Deed, DeedRecord, What};
use super::derived::{number, stored};
use super::error::StoreError;
use super::reader::StoreReader;

/// The fact that numbers what was set aside together.
const NUMBER: &str = "number";
/// What stands between service and unit.
const BETWEEN: &str = " / ";

/// The requests of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestsCounted {
    /// The first day of the log on which requests were counted, like `2026-06-12`.
    pub since: String,
    /// By day, service and unit.
    pub lines: BTreeMap<(String, String, String), RequestCounts>,
}

/// The deed that tells the requests of a day (`2026-06-12`): service, unit and counts.
pub fn requests_counted<'a>(
    day: &str,
    batch: i64,
    lines: impl Iterator<Item = (&'a str, &'a str, &'a RequestCounts)>,
) -> Deed {
    let deed = Deed::new(Actor::guard(), What::RequestsCounted)
        .subject(day)
        .fact(NUMBER, &batch.to_string());
    lines.fold(deed, |deed, (service, unit, counts)| {
        let told = counts.named().into_iter().filter(|(.., count)| *count > 0);
        let told: Vec<String> = told
            .map(|(name, _, count)| format!("{name}={count}"))
            .collect();
        let about = match unit {
            "" => service.to_owned(),
            unit => format!("{service}{BETWEEN}{unit}"),
        };
        deed.fact(&about, &told.join(" "))
    })
}

impl StoreReader {
    /// The number of what was written last, if anything was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_requests_counted(&self) -> Result<Option<i64>, StoreError> {
        let filter = super::DeedFilter {
            what: Some(What::RequestsCounted),
            limit: 1,
            ..super::DeedFilter::default()
        };
        let deeds = self.deeds(&filter).await?;
        let last = deeds.first().and_then(|deed| deed.record.fact(NUMBER));
        Ok(last.and_then(|number| number.parse().ok()))
    }

    /// The requests of the days from the first to the last, both included, as of a record; nothing
    /// where none were counted up to the last day.
    ///
    /// # Errors
    /// When the file cannot be read, or a record is damaged.
    pub async fn requests_in(
        &self,
        (first, last): (&str, &str),
        head: u64,
    ) -> Result<Option<RequestsCounted>, StoreError> {
        let mut connection = self.borrow().await?;
        let begin = sqlx::query(
            "SELECT min(subject) AS since FROM deed WHERE what = ? AND seq <= ? AND subject <= ?",
        )
        .bind(What::RequestsCounted.as_str())
        .bind(stored(head))
        .bind(last)
        .fetch_one(connection.get())
        .await?;
        let since: Option<String> = begin.try_get("since")?;
        let Some(since) = since else {
            connection.give_back();
            return Ok(None);
        };
        let mut counted = RequestsCounted {
            since,
            ..RequestsCounted::default()
        };
        let mut rows = sqlx::query(
            "SELECT d.seq, c.body FROM deed AS d JOIN chain AS c ON c.seq = d.seq \
             WHERE d.what = ? AND d.seq <= ? AND d.subject >= ? AND d.subject <= ?",
        )
        .bind(What::RequestsCounted.as_str())
        .bind(stored(head))
        .bind(first)
        .bind(last)
        .fetch(connection.get());
        while let Some(row) = rows.try_next().await? {
            let seq = number(&row, "seq")?;
            let body: Option<&[u8]> = row.try_get("body")?;
            let record = DeedRecord::from_canonical(body.unwrap_or_default());
            counted.take_in(&record.map_err(|_| StoreError::Damaged { seq })?);
        }
        drop(rows);
        connection.give_back();
        Ok(Some(counted))
    }
}

impl RequestsCounted {
    fn take_in(&mut self, record: &DeedRecord) {
        let day = record.subject.clone().unwrap_or_default();
        let facts = record.facts.iter().filter(|(name, _)| name != NUMBER);
        for (about, told) in facts {
            let (service, unit) = about.split_once(BETWEEN).unwrap_or((about, ""));
            let key = (day.clone(), service.to_owned(), unit.to_owned());
            let counts = self.lines.entry(key).or_default();
            for (name, count) in told.split(' ').filter_map(|one| one.split_once('=')) {
                counts.add_named(name, count.parse().unwrap_or_default());
            }
        }
    }
}
