//! How many incidents were there in some days? Those that are over are counted once an hour, not at
//! each look.
//!
//! Only today changes by the minute. The others are kept in memory and counted anew each hour: what
//! is late (a draft that was sent after midnight, another program's record) is then seen. Bounded:
//! some spans of days, those asked for last.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::model::exchange::UnixMillis;
use crate::store::totals::{Dimension, day_of};
use crate::store::{Secrets, Sum, Total};

/// After so long they are counted anew.
const KEPT_MILLIS: i64 = 60 * 60 * 1000;
/// So many spans of days are kept: those of the overview, with and without state secrets, and of
/// programs that ask.
const KEPT_MAX: usize = 8;
/// What is counted by.
pub(super) const BY: [Dimension; 6] = [
    Dimension::All,
    Dimension::Service,
    Dimension::Unit,
    Dimension::Category,
    Dimension::Severity,
    Dimension::Uninspectable,
];
/// What is counted day by day.
const BY_DAY: [Dimension; 2] = [Dimension::All, Dimension::Uninspectable];

/// Figures of days that are over.
#[derive(Debug, Default)]
pub(super) struct PastDays(Mutex<VecDeque<Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    days: (i64, i64),
    secrets: Secrets,
    counted_at: UnixMillis,
    figures: Arc<Figures>,
}

/// How many incidents there were in some days.
#[derive(Debug)]
pub(super) struct Figures {
    /// A list for each of [`BY`].
    sums: Vec<Vec<Sum>>,
    /// A list for each of [`BY_DAY`].
    by_day: Vec<Vec<Total>>,
}

impl Figures {
    /// The figures from the first day to the last, both included.
    pub(super) async fn of(
        desk: &Desk,
        (first, last): (i64, i64),
        secrets: Secrets,
    ) -> Result<Self, Failure> {
        let today = day_of(desk.now());
        let past = past(desk, (first, last.min(today - 1)), secrets).await?;
        let now = from_today(desk, (first.max(today), last), secrets).await?;
        Ok(past.and(now))
    }

    /// The figures of one dimension, by name and by what was done.
    pub(super) fn sums(&self, dimension: Dimension) -> &[Sum] {
        list(&BY, &self.sums, dimension)
    }

    /// How many there were of each name, the most first.
    pub(super) fn by_name(&self, dimension: Dimension) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for sum in self.sums(dimension) {
            let count = counts.entry(&sum.name).or_default();
            *count = count.saturating_add(sum.count);
        }
        let mut counts: Vec<(String, u64)> = counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count))
            .collect();
        // Stable: the same count stays in the order of names.
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    /// How many there were day by day up to today: of all, or of those that could not be read.
    pub(super) fn by_day(&self, dimension: Dimension) -> &[Total] {
        list(&BY_DAY, &self.by_day, dimension)
    }

    fn none() -> Self {
        Self {
            sums: vec![Vec::new(); BY.len()],
            by_day: vec![Vec::new(); BY_DAY.len()],
        }
    }

    /// Both together.
    fn and(&self, later: Self) -> Self {
        let sums = self.sums.iter().zip(later.sums);
        let by_day = self.by_day.iter().zip(later.by_day);
        Self {
            sums: sums.map(|(past, now)| add(past, now)).collect(),
            by_day: by_day
                .map(|(past, now)| [past.as_slice(), &now].concat())
                .collect(),
        }
    }
}

/// The list of one dimension, of lists in the order of all.
fn list<'a, T>(all: &[Dimension], lists: &'a [Vec<T>], wanted: Dimension) -> &'a [T] {
    let place = all.iter().position(|one| *one == wanted);
    let list = place.and_then(|place| lists.get(place));
    list.map_or(&[], Vec::as_slice)
}

/// The figures of days that are over.
async fn past(desk: &Desk, days: (i64, i64), secrets: Secrets) -> Result<Arc<Figures>, Failure> {
    if days.0 > days.1 {
        return Ok(Arc::new(Figures::none()));
    }
    let now = desk.now();
    if let Some(kept) = desk.past_days.kept(days, secrets, now) {
        return Ok(kept);
    }
    let sums = desk.reader.sums(&BY, days, secrets).await?;
    let by_day = desk.reader.totals(&BY_DAY, days, secrets).await?;
    let figures = Arc::new(Figures { sums, by_day });
    desk.past_days.keep(Kept {
        days,
        secrets,
        counted_at: now,
        figures: Arc::clone(&figures),
    });
    Ok(figures)
}

/// The figures from today on: of one day the totals follow from the sums, which is one question
/// less.
async fn from_today(desk: &Desk, days: (i64, i64), secrets: Secrets) -> Result<Figures, Failure> {
    if days.0 > days.1 {
        return Ok(Figures::none());
    }
    let sums = desk.reader.sums(&BY, days, secrets).await?;
    let by_day = BY_DAY.map(|dimension| {
        let sums = list(&BY, &sums, dimension).iter();
        sums.map(|sum| Total::of_day(days.0, sum)).collect()
    });
    Ok(Figures {
        by_day: by_day.to_vec(),
        sums,
    })
}

impl PastDays {
    fn kept(&self, days: (i64, i64), secrets: Secrets, now: UnixMillis) -> Option<Arc<Figures>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|one| {
            one.days == days
                && one.secrets == secrets
                && now.0.abs_diff(one.counted_at.0) < KEPT_MILLIS.unsigned_abs()
        });
        found.map(|kept| Arc::clone(&kept.figures))
    }

    fn keep(&self, kept: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| (one.days, one.secrets) != (kept.days, kept.secrets));
        if all.len() >= KEPT_MAX {
            all.pop_front();
        }
        all.push_back(kept);
    }
}

/// The sums of both, by name and by what was done.
fn add(past: &[Sum], now: Vec<Sum>) -> Vec<Sum> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for sum in past.iter().cloned().chain(now) {
        let count = counts.entry((sum.name, sum.action)).or_default();
        *count = count.saturating_add(sum.count);
    }
    let sum = |((name, action), count)| Sum {
        name,
        action,
        count,
    };
    counts.into_iter().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::browser::{NOON, TestOffice};
    use crate::store::totals::day_of;

    #[test]
    fn sums_are_added_by_name_the_most_first() {
        let of = |sums: &[(&str, &str, u64)]| -> Vec<Sum> {
            let sum = |(name, action, count): &(&str, &str, u64)| Sum {
                name: (*name).to_owned(),
                action: (*action).to_owned(),
                count: *count,
            };
            sums.iter().map(sum).collect()
        };
        let past = of(&[("a", "block", 1), ("b", "audit", 1), ("b", "block", 2)]);
        let sums = add(&past, of(&[("a", "block", 2), ("c", "block", 9)]));
        let wanted = [
            ("a", "block", 3),
            ("b", "audit", 1),
            ("b", "block", 2),
            ("c", "block", 9),
        ];
        assert_eq!(sums, of(&wanted));
        let figures = Figures {
            sums: vec![sums],
            by_day: Vec::new(),
        };
        let by_name = figures.by_name(Dimension::All);
        assert_eq!(
            by_name,
            [
                ("c".to_owned(), 9),
                ("a".to_owned(), 3),
                ("b".to_owned(), 3)
            ]
        );
    }

    #[tokio::test]
    async fn today_counts_at_once_and_yesterday_after_an_hour_at_most() {
        let office = TestOffice::open().await;
        let today = day_of(UnixMillis(NOON));
        let count = async |days| {
            let of = Figures::of(&office.desk, days, Secrets::Hidden)
                .await
                .unwrap();
            let by_day = of.by_day(Dimension::All).iter();
            let count: u64 = by_day.map(|total| total.count).sum();
            let by_name = of.by_name(Dimension::Service);
            assert_eq!(by_name.iter().map(|(_, count)| count).sum::<u64>(), count);
            count
        };
        assert_eq!(count((today - 29, today)).await, 0);
        office.incident("aa", false).await;
        assert_eq!(count((today - 29, today)).await, 1);
        // Tomorrow, what was today is one of the days that are over.
        office.pass(24 * 60 * 60 * 1000);
        assert_eq!(count((today - 28, today + 1)).await, 1);
        // Of days apart from today, too.
        assert_eq!(count((today - 9, today - 1)).await, 0);
        assert_eq!(count((today + 1, today + 1)).await, 0);
    }
}
