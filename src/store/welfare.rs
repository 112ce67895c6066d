//! Whom are records of social policy about? One category has beneficiaries and the vulnerable, the
//! rule of a finding tells which.

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::model::finding::VULNERABLE_RULE;

/// Whom records of social policy are about: one category has both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Welfare {
    /// Beneficiaries of social policy.
    pub of_beneficiaries: bool,
    /// The vulnerable.
    pub of_vulnerable: bool,
}

/// Whom records of social policy are about, as a number: 1 beneficiaries, 2 the vulnerable, 3 both.
pub(super) fn welfare_sql() -> String {
    format!(
        "CASE WHEN i.categories NOT LIKE '%welfare_record%' THEN 0 ELSE (SELECT \
         max(f.rule <> '{VULNERABLE_RULE}') + 2 * max(f.rule = '{VULNERABLE_RULE}') \
         FROM finding AS f WHERE f.seq = i.seq AND f.category = 'welfare_record') END AS welfare"
    )
}

/// Reads that number.
pub(super) fn welfare(row: &SqliteRow) -> Result<Welfare, sqlx::Error> {
    let number: i64 = row.try_get("welfare")?;
    Ok(Welfare {
        of_beneficiaries: number & 1 != 0,
        of_vulnerable: number & 2 != 0,
    })
}
