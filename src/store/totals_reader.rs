//! How many incidents were there? Totals of days, never a walk over incidents.
//!
//! One question for all that a page shows: each costs more by being asked than by its rows.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::deeds_reader::Secrets;
use super::derived::number;
use super::error::StoreError;
use super::reader::StoreReader;
use super::totals::Dimension;

/// One line of the totals: so many incidents of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The day, numbered from 1970-01-01 in Việt Nam.
    pub day: i64,
    /// The value of the dimension: a service, a unit ...
    pub name: String,
    /// What was done.
    pub action: String,
    /// How many.
    pub count: u64,
}

impl Total {
    /// What was summed up over one day only.
    pub fn of_day(day: i64, sum: &Sum) -> Self {
        Self {
            day,
            name: sum.name.clone(),
            action: sum.action.clone(),
            count: sum.count,
        }
    }
}

/// So many incidents of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The value of the dimension: a service, a unit ...
    pub name: String,
    /// What was done.
    pub action: String,
    /// How many.
    pub count: u64,
}

/// The days from the first to the last, so that the other dimensions of a day are stepped over.
const DAYS: &str = "WITH RECURSIVE wanted(it) AS (VALUES (?) UNION ALL \
                    SELECT it + 1 FROM wanted WHERE it < ?)";

impl StoreReader {
    /// How many incidents there were in all on the days from the first to the last, both included,
    /// by name and by what was done: a list for each dimension.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sums(
        &self,
        dimensions: &[Dimension],
        days: (i64, i64),
        secrets: Secrets,
    ) -> Result<Vec<Vec<Sum>>, StoreError> {
        let what = "dimension, name, action, sum(count) AS count";
        let order = "GROUP BY dimension, name, action ORDER BY name, action";
        let rows = self.sum_up(what, order, dimensions, days, secrets).await?;
        by_dimension(dimensions, &rows, |row| {
            Ok(Sum {
                name: row.try_get("name")?,
                action: row.try_get("action")?,
                count: number(row, "count")?,
            })
        })
    }

    /// How many incidents there were on each of the days from the first to the last, both
    /// included: a list for each dimension.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn totals(
        &self,
        dimensions: &[Dimension],
        days: (i64, i64),
        secrets: Secrets,
    ) -> Result<Vec<Vec<Total>>, StoreError> {
        let what = "dimension, day, name, action, sum(count) AS count";
        let order = "GROUP BY day, dimension, name, action ORDER BY day, name, action";
        let rows = self.sum_up(what, order, dimensions, days, secrets).await?;
        by_dimension(dimensions, &rows, total)
    }

    async fn sum_up(
        &self,
        what: &str,
        order: &str,
        dimensions: &[Dimension],
        (first, last): (i64, i64),
        secrets: Secrets,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let places = vec!["?"; dimensions.len()].join(", ");
        let wanted = format!(
            "{DAYS} SELECT {what} FROM wanted CROSS JOIN total \
             ON day = it AND dimension IN ({places}) WHERE is_secret <= ? {order}"
        );
        let mut query = sqlx::query(AssertSqlSafe(wanted)).bind(first).bind(last);
        for dimension in dimensions {
            query = query.bind(dimension.as_str());
        }
        let mut connection = self.borrow().await?;
        let rows = query
            .bind(secrets.bound())
            .fetch_all(connection.get())
            .await?;
        connection.give_back();
        Ok(rows)
    }
}

/// The rows as a list for each dimension.
fn by_dimension<T: Clone>(
    dimensions: &[Dimension],
    rows: &[SqliteRow],
    read: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<Vec<T>>, StoreError> {
    let mut lists = vec![Vec::new(); dimensions.len()];
    for row in rows {
        let name: &str = row.try_get("dimension")?;
        let place = dimensions.iter().position(|one| one.as_str() == name);
        if let Some(list) = place.and_then(|place| lists.get_mut(place)) {
            list.push(read(row)?);
        }
    }
    Ok(lists)
}

fn total(row: &SqliteRow) -> Result<Total, sqlx::Error> {
    Ok(Total {
        day: row.try_get("day")?,
        name: row.try_get("name")?,
        action: row.try_get("action")?,
        count: number(row, "count")?,
    })
}
