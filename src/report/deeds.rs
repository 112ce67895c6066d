//! What is recorded in the chain of a report? That it was made, or approved, and its digest.

use crate::report::kind::{About, Kind};
use crate::report::period::Period;
use crate::report::stage::Stage;
use crate::report::written::Written;
use crate::store::{Actor, Deed, REPORT_KIND, REPORT_STAGE, What};

/// What opens the subject of a deed about a report.
pub const SUBJECT: &str = "report:";

/// The deeds of making a report in a form. A form about incidents is recorded about each of them,
/// for this ends their legal clocks.
pub fn made(actor: &Actor, written: &Written, form: &str) -> Vec<Deed> {
    let deeds = of(actor, What::ReportMade, written, ("format", form));
    if written.sources.is_empty() {
        return deeds;
    }
    let (count, missing) = (
        written.sources.len().to_string(),
        written.missing.join("; "),
    );
    let told = deeds.into_iter();
    told.map(|deed| deed.fact("sources", &count).fact("missing", &missing))
        .collect()
}

/// The deeds of approving a report.
pub fn approved(actor: &Actor, written: &Written, signer: &str) -> Vec<Deed> {
    of(actor, What::Approved, written, ("signer", signer))
}

/// The subject of deeds about a report of this kind, period and unit.
pub fn subject(written: &Written) -> String {
    // A sum is no report of this office, and stands for none.
    let unit = match written.sources.as_slice() {
        [] => written.unit.as_deref(),
        _ => Some("tổng hợp"),
    };
    told(&written.kind, &written.period.name, unit)
}

/// The same, before there is one.
pub fn subject_of(kind: Kind, period: Period, unit: Option<&str>) -> String {
    told(kind.name(), &period.to_string(), unit)
}

fn told(kind: &str, period: &str, unit: Option<&str>) -> String {
    let unit = unit.unwrap_or_default();
    format!("{SUBJECT}{kind} {period} {unit}")
        .trim_end()
        .to_owned()
}

fn of(actor: &Actor, what: What, written: &Written, (name, value): (&str, &str)) -> Vec<Deed> {
    let deed = Deed::new(actor.clone(), what)
        .subject(&subject(written))
        .fact(REPORT_KIND, &written.kind)
        .fact("digest", &written.digest)
        .fact(name, value);
    let deed = match Stage::of(written) {
        Some(stage) => deed.fact(REPORT_STAGE, stage.name()),
        None => deed,
    };
    let about = Kind::parse(&written.kind).map(Kind::about);
    match about {
        Some(About::Exposures | About::Secrets) if !written.incidents.is_empty() => written
            .incidents
            .iter()
            .map(|incident| deed.clone().incident(&incident.id))
            .collect(),
        Some(_) | None => vec![deed],
    }
}
