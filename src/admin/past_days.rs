//! How many incidents were there in the days that are over? Counted once an hour, not at each look.
//!
//! Of the thirty days of the overview only today changes by the minute. The others are kept in
//! memory and counted anew each hour: what is late (a draft that was sent after midnight, another
//! program's record) is then seen. Bounded: one entry with state secrets, one without.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::model::exchange::UnixMillis;
use crate::store::totals::Dimension;
use crate::store::{Secrets, Total};

/// After so long they are counted anew.
const KEPT_MILLIS: i64 = 60 * 60 * 1000;
/// What the overview counts by.
const COUNTED: [Dimension; 3] = [Dimension::Category, Dimension::Service, Dimension::Unit];
/// What it counts by day and by what was done.
const TOLD_BY_DAY: [Dimension; 2] = [Dimension::All, Dimension::Uninspectable];

/// By name, how many; a list for each of the dimensions.
type Sums = Vec<Vec<(String, u64)>>;

/// Sums of days that are over.
#[derive(Debug, Default)]
pub(super) struct PastDays(Mutex<Vec<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    days: (i64, i64),
    secrets: Secrets,
    counted_at: UnixMillis,
    sums: Sums,
    totals: Vec<Vec<Total>>,
}

/// The figures of some days up to today by category, service and unit, the most first.
pub(super) async fn sums(
    desk: &Desk,
    (first, today): (i64, i64),
    secrets: Secrets,
) -> Result<[Vec<(String, u64)>; 3], Failure> {
    let past = past(desk, (first, today - 1), secrets).await?.sums;
    let now = desk.reader.sums(&COUNTED, (today, today), secrets).await?;
    let mut both = past.into_iter().zip(now).map(|(past, now)| add(past, now));
    let mut next = || both.next().unwrap_or_default();
    Ok([next(), next(), next()])
}

/// All incidents of some days up to today, day by day, and those that could not be read.
pub(super) async fn totals(
    desk: &Desk,
    (first, today): (i64, i64),
    secrets: Secrets,
) -> Result<[Vec<Total>; 2], Failure> {
    let past = past(desk, (first, today - 1), secrets).await?.totals;
    let days = (today, today);
    let now = desk.reader.totals(&TOLD_BY_DAY, days, secrets).await?;
    let mut both = past.into_iter().zip(now).map(|(mut past, now)| {
        past.extend(now);
        past
    });
    let mut next = || both.next().unwrap_or_default();
    Ok([next(), next()])
}

async fn past(desk: &Desk, days: (i64, i64), secrets: Secrets) -> Result<Kept, Failure> {
    let now = desk.now();
    if let Some(kept) = desk.past_days.kept(days, secrets, now) {
        return Ok(kept);
    }
    let (sums, totals) = tokio::try_join!(
        desk.reader.sums(&COUNTED, days, secrets),
        desk.reader.totals(&TOLD_BY_DAY, days, secrets),
    )?;
    let kept = Kept {
        days,
        secrets,
        counted_at: now,
        sums,
        totals,
    };
    desk.past_days.keep(kept.clone());
    Ok(kept)
}

impl PastDays {
    fn kept(&self, days: (i64, i64), secrets: Secrets, now: UnixMillis) -> Option<Kept> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|one| {
            one.days == days
                && one.secrets == secrets
                && now.0.abs_diff(one.counted_at.0) < KEPT_MILLIS.unsigned_abs()
        });
        found.cloned()
    }

    fn keep(&self, kept: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.secrets != kept.secrets);
        all.push(kept);
    }
}

fn add(past: Vec<(String, u64)>, now: Vec<(String, u64)>) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (name, count) in past.into_iter().chain(now) {
        let sum = counts.entry(name).or_default();
        *sum = sum.saturating_add(count);
    }
    let mut sums: Vec<(String, u64)> = counts.into_iter().collect();
    // Stable: the same count stays in the order of names.
    sums.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::browser::{NOON, TestOffice};
    use crate::store::totals::day_of;

    #[test]
    fn sums_are_added_by_name_the_most_first() {
        let of = |pairs: &[(&str, u64)]| -> Vec<(String, u64)> {
            pairs.iter().map(|(n, c)| ((*n).to_owned(), *c)).collect()
        };
        let sums = add(of(&[("b", 3), ("a", 1)]), of(&[("a", 2), ("c", 9)]));
        assert_eq!(sums, of(&[("c", 9), ("a", 3), ("b", 3)]));
    }

    #[tokio::test]
    async fn today_counts_at_once_and_yesterday_after_an_hour_at_most() {
        let office = TestOffice::open().await;
        let today = day_of(UnixMillis(NOON));
        let count = async || {
            let of = sums(&office.desk, (today - 29, today), Secrets::Hidden).await;
            of.unwrap()[1].iter().map(|(_, count)| count).sum::<u64>()
        };
        assert_eq!(count().await, 0);
        office.incident("aa", false).await;
        assert_eq!(count().await, 1);
        // Tomorrow, what was today is one of the days that are over.
        office.pass(24 * 60 * 60 * 1000);
        let tomorrow = sums(&office.desk, (today - 28, today + 1), Secrets::Hidden).await;
        assert_eq!(tomorrow.unwrap()[1][0].1, 1);
    }
}
