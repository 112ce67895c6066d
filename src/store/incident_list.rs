//! Which incidents does a person look for? Filters and pages that stay fast whatever the size.
//!
//! In goes an [`IncidentFilter`]; out comes an [`IncidentPage`], newest first. Lists read the
//! derived rows alone; the chain is read for the one incident that somebody opens.
//!
//! How it stays fast: the filter that lets the fewest through leads, along its own index, and no
//! page looks through more than [`LOOKED_THROUGH_MAX`] rows. A page that ends there says so and
//! where to go on, so that a search without a hit is never mistaken for one that is finished.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _, Sqlite, SqliteConnection};

use super::derived::{number, stored};
use super::error::StoreError;
use super::incident_filter::{IncidentFilter, Narrow};
use super::incident_line::{COLUMNS, IncidentLine, read_line};
use super::range::Range;
use super::reader::{StoreReader, incident};
use super::record::Incident;

/// How many rows one page looks through at most.
const LOOKED_THROUGH_MAX: u64 = 100;
/// How many incidents one page has at most.
const PAGE_INCIDENTS_MAX: u32 = 500;
/// How many values of a column are offered.
const VALUES_MAX: u32 = 200;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentPage {
    /// The incidents, newest first.
    pub lines: Vec<IncidentLine>,
    /// Where the next page goes on, if there may be more.
    pub next: Option<u64>,
    /// Whether the page ended because enough was looked through, not because it was full.
    pub is_cut: bool,
}

impl StoreReader {
    /// A page of the incidents that a filter lets through.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn incidents(&self, filter: &IncidentFilter) -> Result<IncidentPage, StoreError> {
        let mut connection = self.borrow().await?;
        let page = page(filter, connection.get()).await?;
        connection.give_back();
        Ok(page)
    }

    /// The values that columns have, each in their order, for lists of choices.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn values_of(&self, narrows: &[Narrow]) -> Result<Vec<Vec<String>>, StoreError> {
        // From one value to the next along the index, whatever the number of rows.
        let walks: Vec<String> = narrows.iter().enumerate().map(walk).collect();
        let wanted = walks.join(" UNION ALL ");
        let mut connection = self.borrow().await?;
        let rows = sqlx::query(AssertSqlSafe(wanted))
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        let mut values = vec![Vec::new(); narrows.len()];
        for row in &rows {
            let place: i64 = row.try_get("place")?;
            let found = usize::try_from(place)
                .ok()
                .and_then(|at| values.get_mut(at));
            if let Some(values) = found {
                values.push(row.try_get("it")?);
            }
        }
        Ok(values)
    }

    /// The whole records of these incidents, in this order.
    ///
    /// # Errors
    /// When the file cannot be read, or a record among them is damaged.
    pub async fn records(&self, lines: &[IncidentLine]) -> Result<Vec<Incident>, StoreError> {
        let mut connection = self.borrow().await?;
        let mut records = Vec::with_capacity(lines.len());
        for line in lines {
            let row = sqlx::query("SELECT seq, body, prev, hash FROM chain WHERE seq = ?")
                .bind(stored(line.seq))
                .fetch_one(connection.get())
                .await?;
            records.push(incident(&row)?);
        }
        connection.give_back();
        Ok(records)
    }
}

/// The question for the values of one column, which are told apart by its place.
fn walk((place, narrow): (usize, &Narrow)) -> String {
    let column = narrow.column();
    let (table, _) = narrow.index();
    format!(
        "SELECT * FROM (WITH RECURSIVE value(it) AS (SELECT min({column}) FROM {table} \
         UNION ALL SELECT (SELECT min({column}) FROM {table} WHERE {column} > value.it) \
         FROM value WHERE value.it IS NOT NULL) \
         SELECT {place} AS place, it FROM value WHERE it IS NOT NULL LIMIT {VALUES_MAX})"
    )
}

async fn page(
    filter: &IncidentFilter,
    connection: &mut SqliteConnection,
) -> Result<IncidentPage, StoreError> {
    let limit = filter.limit.clamp(1, PAGE_INCIDENTS_MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let whole = Range::between(filter.since, filter.until, connection).await?;
    let whole = whole.before(filter.before_seq);
    // With one narrowing, or none, what leads is all that is asked: no row is looked at in vain.
    let (leader, looked) = match filter.narrowings.len() {
        0 => (None, None),
        1 => (Some(0), None),
        _ => leader(filter, whole, connection).await?,
    };
    let seen = Range {
        floor: looked.unwrap_or(whole.floor),
        ..whole
    };
    let mut lines = lines(filter, leader, seen, limit + 1, connection).await?;
    let is_full = lines.len() > limit;
    lines.truncate(limit);
    let next = if is_full {
        lines.last().map(|line| line.seq)
    } else {
        looked
    };
    Ok(IncidentPage {
        lines,
        next,
        is_cut: !is_full && looked.is_some(),
    })
}

/// The narrowing that lets the fewest through, and how far down a page may look along it, where
/// that is not to the end.
async fn leader(
    filter: &IncidentFilter,
    range: Range,
    connection: &mut SqliteConnection,
) -> Result<(Option<usize>, Option<u64>), StoreError> {
    // One question for all: asking costs more than counting.
    let reaches: Vec<String> = (0..filter.narrowings.len())
        .map(|place| {
            let (from, condition) = source(filter, Some(place));
            format!(
                "SELECT count(*) AS n, coalesce(min(seq), 0) AS seq FROM (SELECT seq FROM {from} \
                 AS near WHERE {condition}seq >= ? AND seq < ? ORDER BY seq DESC LIMIT ?)"
            )
        })
        .collect();
    let mut query = sqlx::query(AssertSqlSafe(reaches.join(" UNION ALL ")));
    for place in 0..filter.narrowings.len() {
        if let Some(value) = bound_value(filter, place) {
            query = query.bind(value);
        }
        query = query
            .bind(stored(range.floor))
            .bind(stored(range.ceiling))
            .bind(stored(LOOKED_THROUGH_MAX));
    }
    let mut best = (None, u64::MAX, None);
    for (place, row) in query.fetch_all(connection).await?.iter().enumerate() {
        let count = number(row, "n")?;
        let cut = (count >= LOOKED_THROUGH_MAX).then_some(number(row, "seq")?);
        // Of two that reach as far as one may look, the one that reaches further back leads.
        let is_better = count < best.1 || (cut.is_some() && cut < best.2);
        if is_better {
            best = (Some(place), count, cut);
        }
    }
    Ok((best.0, best.2))
}

/// The table along which a narrowing leads, and its condition.
fn source(filter: &IncidentFilter, place: Option<usize>) -> (&'static str, String) {
    let narrowing = place.and_then(|place| filter.narrowings.get(place));
    let Some((narrow, value)) = narrowing else {
        return ("incident", String::new());
    };
    let (table, _) = narrow.index();
    (table, format!("near.{} AND ", test_of(*narrow, value)))
}

/// What is bound for a narrowing: nothing for "no unit".
fn bound_value(filter: &IncidentFilter, place: usize) -> Option<String> {
    let (narrow, value) = filter.narrowings.get(place)?;
    (!is_none_of_unit(*narrow, value)).then(|| value.clone())
}

fn is_none_of_unit(narrow: Narrow, value: &str) -> bool {
    narrow == Narrow::Unit && value.is_empty()
}

/// The incidents of a page.
async fn lines(
    filter: &IncidentFilter,
    leader: Option<usize>,
    range: Range,
    limit: usize,
    connection: &mut SqliteConnection,
) -> Result<Vec<IncidentLine>, StoreError> {
    let (from, condition) = source(filter, leader);
    let mut wanted = format!(
        "SELECT {COLUMNS} FROM {from} AS near CROSS JOIN incident AS it ON it.seq = near.seq \
         WHERE {condition}near.seq >= ? AND near.seq < ?"
    );
    let others: Vec<usize> = (0..filter.narrowings.len())
        .filter(|place| Some(*place) != leader)
        .collect();
    for place in &others {
        wanted.push_str(&other_condition(filter, *place));
    }
    wanted.push_str(" AND it.is_continued = 0");
    if !filter.with_secrets {
        wanted.push_str(" AND it.is_secret = 0");
    }
    wanted.push_str(" ORDER BY near.seq DESC");
    let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(wanted));
    if let Some(value) = leader.and_then(|place| bound_value(filter, place)) {
        query = query.bind(value);
    }
    query = query.bind(stored(range.floor)).bind(stored(range.ceiling));
    for value in others
        .iter()
        .filter_map(|place| bound_value(filter, *place))
    {
        query = query.bind(value);
    }
    // Rows come as they are found, so nothing is looked at beyond the page. An incident with
    // several values of a category comes once for each.
    let mut lines: Vec<IncidentLine> = Vec::new();
    let mut rows = query.fetch(connection);
    while lines.len() < limit
        && let Some(row) = rows.try_next().await?
    {
        let seq = number(&row, "seq")?;
        if lines.last().is_none_or(|line| line.seq != seq) {
            lines.push(read_line(&row)?);
        }
    }
    Ok(lines)
}

/// The condition of a narrowing that does not lead. Each is asked of its own index, by number: the
/// rows of what lets nothing through, far apart in the file, are never read.
fn other_condition(filter: &IncidentFilter, place: usize) -> String {
    let Some((narrow, value)) = filter.narrowings.get(place) else {
        return String::new();
    };
    let (table, index) = narrow.index();
    let test = test_of(*narrow, value);
    format!(
        " AND EXISTS (SELECT 1 FROM {table} AS other INDEXED BY {index} \
         WHERE other.{test} AND other.seq = near.seq)"
    )
}

/// What a narrowing demands of its column.
fn test_of(narrow: Narrow, value: &str) -> String {
    let column = narrow.column();
    if is_none_of_unit(narrow, value) {
        format!("{column} IS NULL")
    } else {
        format!("{column} = ?")
    }
}
