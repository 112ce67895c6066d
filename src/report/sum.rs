//! How does a province add up the reports of its communes? From their JSON form, each checked.
//!
//! The sum is a report like any other: what is a unit in a commune's report is a commune here. It
//! names the digest of every report that was added, and who has not sent one.

use std::collections::BTreeSet;

use crate::report::check::{differences, value};
use crate::report::figures::{Figures, Row};
use crate::report::written::{Before, FORM, Place, Range, Source, Written};
use crate::store::chain::Hash;

/// Why reports cannot be added up.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SumError {
    /// There is none.
    #[error("there is no report to add up")]
    None,
    /// Its digest is not that of its content.
    #[error("the report of {0} was changed: its digest is not that of its content")]
    Changed(String),
    /// It is of another kind or period than the first.
    #[error("the report of {0} is of another kind or period than the first one")]
    Other(String),
    /// It was given twice.
    #[error("there are two reports of {0}; give the newer one")]
    Twice(String),
    /// It is about one unit.
    #[error("the report of {0} is about one unit; a sum needs those of whole offices")]
    Unit(String),
}

/// Adds up reports of one kind and period. `members` are the offices that should have sent one.
///
/// # Errors
/// See [`SumError`].
pub fn sum(
    reports: &[Written],
    office: Option<&str>,
    members: &[String],
) -> Result<Written, SumError> {
    let first = reports.first().ok_or(SumError::None)?;
    let mut figures = Figures::default();
    let mut before: Option<Before> = first.before.clone().map(|before| Before {
        figures: Figures::default(),
        ..before
    });
    let mut sources = Vec::new();
    let mut names = BTreeSet::new();
    for report in reports {
        let name = name(report);
        check(report, first, &name)?;
        if !names.insert(name.clone()) {
            return Err(SumError::Twice(name));
        }
        figures.add(&as_member(&report.figures, &name));
        before = before.and_then(|mut sum| {
            let one = report
                .before
                .as_ref()
                .filter(|one| one.period == sum.period)?;
            sum.figures.add(&as_member(&one.figures, &name));
            Some(sum)
        });
        sources.push(Source {
            office: name,
            node: report.node.clone(),
            head: report.chain.head.seq,
            incidents: report.figures.incidents,
            digest: report.digest.clone(),
        });
    }
    sources.sort_by(|a, b| a.office.cmp(&b.office));
    let bare = Written {
        figures,
        before,
        sources,
        missing: missing(members, &names),
        office: office.map(str::to_owned),
        ..empty(first)
    };
    Ok(bare.sealed())
}

/// Who should have sent a report and did not, in order.
fn missing(members: &[String], sent: &BTreeSet<String>) -> Vec<String> {
    let missing = members.iter().filter(|member| !sent.contains(*member));
    missing
        .collect::<BTreeSet<_>>()
        .into_iter()
        .cloned()
        .collect()
}

/// A sum of nothing, of the kind and period of a report.
fn empty(first: &Written) -> Written {
    Written {
        form: FORM.to_owned(),
        kind: first.kind.clone(),
        period: first.period.clone(),
        unit: None,
        office: None,
        node: "-".to_owned(),
        holidays: Vec::new(),
        chain: Range {
            first: None,
            last: None,
            head: Place {
                seq: 0,
                hash: Hash::ZERO.to_string(),
                at: String::new(),
            },
        },
        figures: Figures::default(),
        before: None,
        cases: Vec::new(),
        incidents: Vec::new(),
        tool: None,
        tools: Vec::new(),
        texts: std::collections::BTreeMap::new(),
        sources: Vec::new(),
        missing: Vec::new(),
        digest: String::new(),
    }
}

/// Adds up again the reports that a sum names, and tells where it differs, one line each.
///
/// # Errors
/// When they cannot be added up.
pub fn check_sum(written: &Written, reports: &[Written]) -> Result<Vec<String>, SumError> {
    let of = written.sources.iter().map(|source| source.office.clone());
    let members: Vec<String> = of.chain(written.missing.iter().cloned()).collect();
    let again = sum(reports, written.office.as_deref(), &members)?;
    let mut lines = Vec::new();
    if written.digest != written.expected_digest() {
        lines.push("mã kiểm tra (digest) không phải của nội dung này: tệp đã bị sửa".to_owned());
    }
    let again = Written {
        texts: written.texts.clone(),
        digest: written.digest.clone(),
        ..again
    };
    differences("", &value(written), &value(&again), &mut lines);
    Ok(lines)
}

fn name(report: &Written) -> String {
    report.office.clone().unwrap_or_else(|| report.node.clone())
}

fn check(report: &Written, first: &Written, name: &str) -> Result<(), SumError> {
    let days = |report: &Written| (report.period.first.clone(), report.period.last.clone());
    if report.digest != report.expected_digest() {
        Err(SumError::Changed(name.to_owned()))
    } else if report.kind != first.kind || days(report) != days(first) {
        Err(SumError::Other(name.to_owned()))
    } else if report.unit.is_some() {
        Err(SumError::Unit(name.to_owned()))
    } else {
        Ok(())
    }
}

/// The figures of an office as those of one unit.
fn as_member(figures: &Figures, name: &str) -> Figures {
    let mut member = figures.clone();
    let of = |action| Figures::count_of(&figures.actions, action);
    let row = Row {
        incidents: figures.incidents,
        audited: of("audit"),
        redacted: of("redact"),
        blocked: of("block"),
        exposed: Figures::count_of(&figures.outcomes, "exposed"),
    };
    member.units = [(name.to_owned(), row)].into();
    member
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::written::Days;

    fn report(office: &str, blocked: u64) -> Written {
        let mut figures = Figures {
            incidents: blocked,
            ..Figures::default()
        };
        figures.actions.insert("block".to_owned(), blocked);
        let days = Days {
            name: "2026-H1".to_owned(),
            first: "2025-12-15".to_owned(),
            last: "2026-06-14".to_owned(),
        };
        let head = Place {
            seq: 9,
            hash: Hash::of(office.as_bytes()).to_string(),
            at: String::new(),
        };
        let bare = Written {
            form: FORM.to_owned(),
            kind: "periodic".to_owned(),
            period: days,
            unit: None,
            office: Some(office.to_owned()),
            node: "n".to_owned(),
            holidays: Vec::new(),
            chain: Range {
                first: None,
                last: None,
                head,
            },
            figures,
            before: None,
            cases: Vec::new(),
            incidents: Vec::new(),
            tool: None,
            tools: Vec::new(),
            texts: std::collections::BTreeMap::new(),
            sources: Vec::new(),
            missing: Vec::new(),
            digest: String::new(),
        };
        bare.sealed()
    }

    #[test]
    fn communes_become_lines_and_who_is_missing_is_named() {
        let reports = [report("Xã B", 3), report("Xã A", 4)];
        let members = ["Xã A", "Xã B", "Xã C"].map(str::to_owned);
        let sum = sum(&reports, Some("Tỉnh"), &members).unwrap();
        assert_eq!(sum.figures.incidents, 7);
        assert_eq!(sum.figures.units["Xã A"].blocked, 4);
        assert_eq!(sum.missing, ["Xã C"]);
        assert_eq!(sum.sources[0].office, "Xã A");
        assert_eq!(Written::read(&sum.to_text()).unwrap(), sum);
    }

    #[test]
    fn a_changed_a_doubled_and_an_unlike_report_are_refused() {
        let good = report("Xã A", 1);
        let mut changed = good.clone();
        changed.figures.incidents = 0;
        let mut other = report("Xã B", 1);
        other.period.last = "2026-06-30".to_owned();
        let name = |name: &str| name.to_owned();
        assert_eq!(sum(&[], None, &[]), Err(SumError::None));
        let of = |report: Written| sum(&[good.clone(), report], None, &[]);
        assert_eq!(of(changed), Err(SumError::Changed(name("Xã A"))));
        assert_eq!(of(good.clone()), Err(SumError::Twice(name("Xã A"))));
        assert_eq!(of(other.sealed()), Err(SumError::Other(name("Xã B"))));
    }

    #[test]
    fn a_sum_is_checked_against_the_reports_that_it_names() {
        let reports = [report("A", 2), report("B", 3)];
        let members = ["A", "B", "C"].map(str::to_owned);
        let sum = sum(&reports, Some("Tỉnh"), &members).unwrap();
        assert_eq!(check_sum(&sum, &reports), Ok(Vec::new()));
        let mut forged = sum.clone();
        forged.missing.clear();
        forged.figures.incidents += 1;
        let lines = check_sum(&forged.sealed(), &reports).unwrap();
        assert!(lines[0].starts_with("figures.incidents"), "{lines:?}");
        let others = [report("A", 2), report("B", 4)];
        assert!(!check_sum(&sum, &others).unwrap().is_empty());
        assert!(!check_sum(&sum, &reports[..1]).unwrap().is_empty());
    }
}
