//! What presses now? New incidents by severity, and what went out and is not closed.

use sqlx::Row as _;

use crate::model::category::Severity;
use crate::model::exchange::UnixMillis;
use crate::model::incident::Outcome;
use crate::model::review::ReviewStatus;

use super::deeds_reader::Secrets;
use super::error::StoreError;
use super::reader::StoreReader;

/// Above this, waiting incidents are not counted one by one.
pub const COUNTED_MAX: u32 = 200;
/// How many incidents that went out are looked at.
const WENT_OUT_MAX: u32 = 50;

/// New incidents of one severity, counted up to a bound.
const NEW: &str = "SELECT severity AS name, count(*) AS value FROM (SELECT severity FROM incident \
                   WHERE status = ? AND severity = ? AND is_continued = 0 AND is_secret <= ? LIMIT ?)";
/// Of the newest that went out those that are not closed, state secrets not among them.
const WENT_OUT: &str = "SELECT code AS name, detected_at AS value FROM (SELECT code, detected_at, \
                        status FROM incident WHERE outcome_now = ? AND is_continued = 0 \
                        AND is_secret = 0 ORDER BY seq DESC LIMIT ?) \
                        WHERE status <> ? AND detected_at IS NOT NULL";

/// What presses now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pressing {
    /// How many new incidents there are of each severity asked for, [`COUNTED_MAX`] at most.
    pub new: Vec<(Severity, u64)>,
    /// The codes of what went out and is not closed, and when that was detected; of the newest.
    pub went_out: Vec<(String, UnixMillis)>,
}

impl StoreReader {
    /// What presses now, in one question.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pressing(
        &self,
        severities: &[Severity],
        secrets: Secrets,
    ) -> Result<Pressing, StoreError> {
        let mut all = vec![NEW; severities.len()];
        all.push(WENT_OUT);
        let mut query = sqlx::query(sqlx::AssertSqlSafe(all.join(" UNION ALL ")));
        for severity in severities {
            query = query
                .bind(ReviewStatus::New.as_str())
                .bind(severity.as_str())
                .bind(secrets.bound())
                .bind(COUNTED_MAX);
        }
        let query = query
            .bind(Outcome::Exposed.as_str())
            .bind(WENT_OUT_MAX)
            .bind(ReviewStatus::Closed.as_str());
        let mut connection = self.borrow().await?;
        let rows = query.fetch_all(connection.get()).await?;
        connection.give_back();
        let mut pressing = Pressing::default();
        let mut counted = severities.iter();
        for row in &rows {
            let value: i64 = row.try_get("value")?;
            match counted.next() {
                Some(severity) => {
                    let count = u64::try_from(value).unwrap_or_default();
                    pressing.new.push((*severity, count));
                }
                None => {
                    let code = row.try_get("name")?;
                    pressing.went_out.push((code, UnixMillis(value)));
                }
            }
        }
        Ok(pressing)
    }
}
