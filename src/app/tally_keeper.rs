//! When are the counts of requests written into the chain? At the start, every few hours, at the end.
//!
//! What was counted is set aside in a file before it is written, under a number that the chain
//! then holds: whatever the moment of a power cut, it is written once. An end without warning loses
//! what the last seconds counted.

use std::time::Duration;

use jiff::civil::date;
use jiff::{Span, ToSpan as _};
use tokio_util::sync::CancellationToken;

use crate::model::exchange::UnixMillis;
use crate::store::totals::day_of;
use crate::store::{Act, Deed, Store, StoreError, StoreReader, requests_counted};
use crate::telemetry::{SetAside, Watch};

/// How old the counts of the chain may be: six hours make some five records a day.
const WRITE_EVERY: Duration = Duration::from_secs(6 * 3600);

/// Writes until cancelled, and once more then.
pub(super) async fn keep(store: Store, reader: StoreReader, watch: Watch, stop: CancellationToken) {
    loop {
        if let Err(error) = write(&store, &reader, &watch, super::now()).await {
            tracing::error!(%error, "the counts of requests could not be written; they wait");
        }
        if stop.is_cancelled() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(WRITE_EVERY) => {}
        }
    }
}

/// Writes what waits. The first time of all it writes from when requests are counted.
async fn write(
    store: &Store,
    reader: &StoreReader,
    watch: &Watch,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let written = reader.last_requests_counted().await?;
    if written.is_none() {
        let begin = requests_counted(&told(day_of(now)), 0, std::iter::empty());
        store.act(Act::of(begin)).await?;
    }
    // What was set aside before a power cut, then what waits.
    for _ in 0..2 {
        let copy = watch.clone();
        let set_aside = tokio::task::spawn_blocking(move || copy.set_tallies_aside(now)).await;
        let Some(set_aside) = set_aside.ok().flatten() else {
            return Ok(());
        };
        if written != Some(set_aside.number) {
            let act = Act {
                deeds: deeds(&set_aside),
                ..Act::default()
            };
            store.act(act).await?;
        }
        watch.tallies_are_told(set_aside.number);
    }
    Ok(())
}

fn deeds(set_aside: &SetAside) -> Vec<Deed> {
    let days = set_aside.days.iter().map(|(day, services)| {
        let lines = services.iter().flat_map(|(service, units)| {
            let units = units.iter();
            units.map(move |(unit, counts)| (service.as_str(), unit.as_str(), counts))
        });
        requests_counted(&told(*day), set_aside.number, lines)
    });
    days.collect()
}

/// A day by its number since 1970-01-01.
fn told(day: i64) -> String {
    let span = Span::new().try_days(day).unwrap_or_else(|_| 0.days());
    let day = date(1970, 1, 1).checked_add(span);
    day.map(|day| day.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::request_counts::RequestCounts;
    use crate::store::{StoreKeys, StoreSettings};

    /// 2026-06-12T14:05:00+07:00.
    const NOON: UnixMillis = UnixMillis(1_781_247_900_000);
    const DAYS: (&str, &str) = ("2026-06-01", "2026-06-30");

    async fn store_in(folder: &std::path::Path) -> (Store, StoreReader) {
        let settings = StoreSettings {
            path: folder.join("incidents.db"),
            node: "xa-thu".to_owned(),
        };
        let keys = StoreKeys::load_or_create(folder).unwrap();
        let store = Store::open(&settings, keys, || NOON).await.unwrap();
        (store, StoreReader::at(&settings.path))
    }

    async fn tunnels(reader: &StoreReader) -> u64 {
        let counted = reader.requests_in(DAYS, u64::MAX).await.unwrap().unwrap();
        counted.lines.values().map(|counts| counts.tunnelled).sum()
    }

    #[tokio::test]
    async fn counts_get_into_the_chain_once_whenever_the_power_goes() {
        let folder = tempfile::tempdir().unwrap();
        let (store, reader) = store_in(folder.path()).await;
        let one = RequestCounts::one_tunnel();
        let watch = Watch::open(folder.path(), NOON);
        write(&store, &reader, &watch, NOON).await.unwrap();
        assert_eq!(tunnels(&reader).await, 0, "counting has begun");

        watch.tally("chatgpt", "Trạm Y tế", &one, NOON);
        write(&store, &reader, &watch, NOON).await.unwrap();
        assert_eq!(tunnels(&reader).await, 1);

        // The power goes after setting aside, before the chain: written at the next start.
        watch.tally("chatgpt", "", &one, NOON);
        watch.set_tallies_aside(UnixMillis(NOON.0 + 1));
        let watch = Watch::open(folder.path(), NOON);
        watch.tally("chatgpt", "", &one, NOON);
        write(&store, &reader, &watch, UnixMillis(NOON.0 + 2))
            .await
            .unwrap();
        assert_eq!(tunnels(&reader).await, 3);

        // It goes after the chain, before the file: written no second time.
        watch.tally("chatgpt", "", &one, NOON);
        let aside = watch.set_tallies_aside(UnixMillis(NOON.0 + 3)).unwrap();
        let act = Act {
            deeds: deeds(&aside),
            ..Act::default()
        };
        store.act(act).await.unwrap();
        let watch = Watch::open(folder.path(), NOON);
        write(&store, &reader, &watch, UnixMillis(NOON.0 + 4))
            .await
            .unwrap();
        assert_eq!(tunnels(&reader).await, 4);
    }

    #[test]
    fn a_day_is_told_by_its_date() {
        assert_eq!(told(day_of(NOON)), "2026-06-12");
    }
}
