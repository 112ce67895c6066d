//! What do the pages of reports work with? The shelf, what stands around figures, the history.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::told;
use crate::report::draft::DRAFT;
use crate::report::shelf::Shelf;
use crate::report::surroundings::Surroundings;
use crate::report::{About, Kind, Written, deeds};
use crate::store::{DeedFilter, REPORT_KIND, What};

/// What the pages of reports are made of.
#[derive(Clone)]
pub struct ReportDesk {
    /// Where reports are kept.
    pub shelf: Shelf,
    /// The office, the tools, the rules in force.
    pub around: Arc<ArcSwap<Surroundings>>,
    /// The node whose log it is.
    pub node: String,
}

/// A report that was made once.
#[derive(Debug)]
pub(super) struct Version {
    /// Its kind.
    pub(super) kind: Kind,
    /// The kind for people.
    pub(super) label: String,
    /// Period and unit.
    pub(super) about: String,
    /// Its digest.
    pub(super) digest: String,
    /// What stands in its address.
    pub(super) id: String,
    /// The subject of its deeds.
    pub(super) subject: String,
    /// When it was made.
    pub(super) made_at: String,
    /// Who made it.
    pub(super) made_by: String,
    /// Whether the program drafted it by itself.
    pub(super) is_draft: bool,
    /// Who approved it, and when.
    pub(super) approved: Option<String>,
}

/// Whether a kind tells about single state secrets.
pub(super) fn is_secret(kind: Kind) -> bool {
    kind.about() == About::Secrets
}

/// The digest that an address names.
pub(super) fn digest_of(id: &str) -> String {
    format!("sha256:{id}")
}

/// What was made, newest first; one line for each digest.
pub(super) async fn versions(desk: &Desk) -> Result<Vec<Version>, Failure> {
    let approvals = approvals(desk).await?;
    let filter = DeedFilter {
        what: Some(What::ReportMade),
        ..DeedFilter::default()
    };
    let mut versions: Vec<Version> = Vec::new();
    for deed in desk.reader.deeds(&filter).await? {
        let record = deed.record;
        let digest = record.fact("digest").unwrap_or_default().to_owned();
        let kind = record.fact(REPORT_KIND).and_then(Kind::parse);
        let (Some(kind), Some(subject)) = (kind, record.subject.clone()) else {
            continue;
        };
        let made_by = match record.actor.name.as_str() {
            "terminal" => "dòng lệnh tại máy chủ".to_owned(),
            "guard" => "tự động theo lịch".to_owned(),
            name => name.to_owned(),
        };
        let is_draft = record.fact("format") == Some(DRAFT);
        let known = versions.iter_mut().find(|version| version.digest == digest);
        if let Some(known) = known {
            // The deeds come newest first, and the first of a digest is when it came about.
            known.made_at = told::short(record.recorded_at);
            known.made_by = made_by;
            known.is_draft = is_draft;
            continue;
        }
        let prefix = format!("{}{} ", deeds::SUBJECT, kind.name());
        versions.push(Version {
            kind,
            label: kind.told(),
            about: subject.strip_prefix(&prefix).unwrap_or_default().to_owned(),
            id: digest
                .strip_prefix("sha256:")
                .unwrap_or_default()
                .to_owned(),
            subject,
            made_at: told::short(record.recorded_at),
            made_by,
            is_draft,
            approved: approvals.get(&digest).cloned(),
            digest,
        });
    }
    Ok(versions)
}

async fn approvals(desk: &Desk) -> Result<BTreeMap<String, String>, Failure> {
    let filter = DeedFilter {
        what: Some(What::Approved),
        ..DeedFilter::default()
    };
    let deeds = desk.reader.deeds(&filter).await?;
    let approvals = deeds.into_iter().filter_map(|deed| {
        let record = deed.record;
        let digest = record.fact("digest")?.to_owned();
        let who = record.fact("signer").unwrap_or(&record.actor.name);
        Some((
            digest,
            format!("{who}, {}", told::short(record.recorded_at)),
        ))
    });
    Ok(approvals.collect())
}

/// What people wrote last in a report like this one: of the same period and unit, or for what is
/// about tools and rules of any.
pub(super) fn texts_before(
    desk: &Desk,
    versions: &[Version],
    kind: Kind,
    subject: &str,
) -> BTreeMap<String, String> {
    let is_like = |version: &&Version| {
        version.subject == subject || (version.kind == kind && kind.about() == About::Tools)
    };
    let kept = versions
        .iter()
        .filter(is_like)
        .find_map(|version| desk.reports.shelf.read(&version.digest));
    kept.map(|written: Written| written.texts)
        .unwrap_or_default()
}
