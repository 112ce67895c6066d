//! How does a scheduled draft come about? Made by the program like a person makes one: figures as of
//! the log's end, kept on the shelf, recorded as a deed. Each once: the deed tells.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::model::exchange::UnixMillis;
use crate::report::deeds;
use crate::report::make::{Asked, MakeError, make};
use crate::report::schedule::{Planned, planned};
use crate::report::settings::ReportSettings;
use crate::report::shelf::Shelf;
use crate::report::written::Written;
use crate::store::{Act, Actor, DeedFilter, Store, StoreError, StoreReader, What};

/// The form that the deed of a draft names.
pub const DRAFT: &str = "draft";

/// Where drafts are made from and kept.
#[derive(Clone)]
pub struct Drafts {
    /// Records that one was made.
    pub store: Store,
    /// The log.
    pub reader: StoreReader,
    /// Keeps them.
    pub shelf: Shelf,
    /// The node whose log it is.
    pub node: String,
}

/// Why a draft could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The log cannot be read or written.
    #[error("the log cannot be read or written")]
    Store(#[from] StoreError),
    /// It cannot be counted.
    #[error("a scheduled report cannot be made")]
    Make(#[from] MakeError),
    /// It cannot be kept.
    #[error("a scheduled report cannot be kept in the data folder")]
    Shelf(#[from] std::io::Error),
}

impl Drafts {
    /// Makes every draft that is to be there now and is not, and says which.
    ///
    /// # Errors
    /// When the log or the shelf fails; the next call goes on from there.
    pub async fn make_due(
        &self,
        settings: &ReportSettings,
        now: UnixMillis,
    ) -> Result<Vec<Written>, DraftError> {
        let today = day_of(now);
        let Some(begin) = self.reader.mark(1).await? else {
            return Ok(Vec::new());
        };
        let mut made = Vec::new();
        for planned in planned(today, day_of(begin.at), settings) {
            if planned.is_begun(today) && !self.is_made(&planned).await? {
                made.push(self.draft(planned, settings).await?);
            }
        }
        Ok(made)
    }

    /// Whether there is one, by the program or by a person.
    async fn is_made(&self, planned: &Planned) -> Result<bool, StoreError> {
        let unit = planned.unit.as_deref();
        let filter = DeedFilter {
            what: Some(What::ReportMade),
            subject: Some(deeds::subject_of(planned.kind, planned.period, unit)),
            limit: 1,
            ..DeedFilter::default()
        };
        Ok(!self.reader.deeds(&filter).await?.is_empty())
    }

    async fn draft(
        &self,
        planned: Planned,
        settings: &ReportSettings,
    ) -> Result<Written, DraftError> {
        let asked = Asked {
            kind: planned.kind,
            period: planned.period,
            cut_offs: settings.cut_offs,
            holidays: settings.holidays.clone(),
            unit: planned.unit,
            incident: None,
            tool: None,
            node: self.node.clone(),
            office: settings.office.clone(),
            texts: BTreeMap::new(),
        };
        let written = make(&self.reader, &asked).await?.written;
        self.shelf.put(&written)?;
        let deeds = deeds::made(&Actor::guard(), &written, DRAFT);
        let act = deeds.into_iter().fold(Act::default(), Act::deed);
        self.store.act(act).await?;
        Ok(written)
    }
}

/// The day in Việt Nam.
pub fn day_of(at: UnixMillis) -> Date {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::fixed(Offset::constant(7))).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{DAY, Log, around};

    /// 2026-06-15T09:00:00+07:00, a hundred and five days after the log began.
    fn after_the_half() -> UnixMillis {
        UnixMillis(crate::report::fixture::MORNING + 105 * DAY)
    }

    #[tokio::test]
    async fn a_draft_is_made_when_it_is_due_and_once_only() {
        let log = Log::with_a_year().await;
        let drafts = log.drafts();
        let settings = &around().settings;
        let day_before = UnixMillis(after_the_half().0 - DAY);
        let none = drafts.make_due(settings, day_before).await.unwrap();
        assert!(none.is_empty(), "the half is not over");

        let made = drafts.make_due(settings, after_the_half()).await.unwrap();
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].period.name, "2026-H1");
        assert!(made[0].figures.incidents > 0);
        assert_eq!(drafts.shelf.read(&made[0].digest).as_ref(), Some(&made[0]));
        let filter = DeedFilter {
            what: Some(What::ReportMade),
            ..DeedFilter::default()
        };
        let deed = log.reader.deeds(&filter).await.unwrap().remove(0).record;
        assert_eq!(
            (deed.actor.name.as_str(), deed.fact("format")),
            ("guard", Some(DRAFT))
        );

        for days in [0, 1, 60] {
            let later = UnixMillis(after_the_half().0 + days * DAY);
            assert!(drafts.make_due(settings, later).await.unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn what_a_downtime_missed_is_made_up_for() {
        let log = Log::with_a_year().await;
        let drafts = log.drafts();
        // 2026-12-20: down since before June.
        let december = UnixMillis(after_the_half().0 + 188 * DAY - 3 * DAY);
        let made = drafts.make_due(&around().settings, december).await.unwrap();
        let names: Vec<&str> = made.iter().map(|one| one.period.name.as_str()).collect();
        assert_eq!(names, ["2026", "2026-H2"]);
        let none = Log::open().await;
        let drafts = none.drafts();
        let none = drafts.make_due(&around().settings, december).await.unwrap();
        assert!(none.is_empty(), "no log, no draft");
    }
}
