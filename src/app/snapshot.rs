//! What is recognized and decided, as one consistent whole: catalogue, rules, policy.
//!
//! A reload makes a new snapshot from the files and swaps it in only if every part is good.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::admin::RuleFile;
use crate::app::rule_files::rule_files;
use crate::app::start_error::with_causes;
use crate::config::Settings;
use crate::detect::{Detector, builtin_packs};
use crate::inspect::{Inspector, InspectorParts, Node, check_samples};
use crate::policy::Policy;
use crate::report::surroundings::Surroundings;
use crate::service::Catalogue;
use crate::tls::UpstreamTls;

/// Catalogue, rules and policy that were read and checked together.
pub struct Snapshot {
    /// The AI services.
    pub catalogue: Arc<Catalogue>,
    /// The rules.
    pub detector: Arc<Detector>,
    /// The policy.
    pub policy: Arc<Policy>,
    /// The files that they came from.
    pub files: Vec<RuleFile>,
}

/// Whether examples and samples are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trials {
    Skipped,
    Run,
}

impl Snapshot {
    /// Reads everything that the settings name.
    ///
    /// # Errors
    /// Every mistake in every file, one line each.
    pub fn load(settings: &Settings) -> Result<Self, Vec<String>> {
        Self::read(settings, Trials::Skipped)
    }

    /// Reads everything, and tries every example of the rules and every sample of the catalogue:
    /// those of each part that could be read, whatever is wrong with the others.
    ///
    /// # Errors
    /// Every mistake in every file, one line each.
    pub fn check(settings: &Settings) -> Result<Self, Vec<String>> {
        Self::read(settings, Trials::Run)
    }

    /// What stands around the figures of reports: the office, the tools, the rules.
    pub fn around_reports(&self, settings: &Settings) -> Surroundings {
        Surroundings::new(settings.report.clone(), &self.catalogue, &self.policy)
    }

    fn read(settings: &Settings, trials: Trials) -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let files = office_files(&settings.pattern_dirs, &mut mistakes);
        let (services, packs): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|(name, _)| is_service_file(name));
        let rule_files = rule_files(settings.policy_file.as_deref(), &packs, &services);
        let catalogue = noted(catalogue(&services), &mut mistakes);
        let detector = noted(detector(packs), &mut mistakes);
        let policy = noted(policy(settings.policy_file.as_deref()), &mut mistakes);
        if trials == Trials::Run {
            if let Some(detector) = &detector {
                let tried = detector.check_examples();
                mistakes.extend(tried.iter().map(ToString::to_string));
            }
            if let Some(catalogue) = &catalogue {
                let tried = check_samples(catalogue, &settings.limits);
                mistakes.extend(tried.iter().map(ToString::to_string));
            }
        }
        match (catalogue, detector, policy) {
            (Some(catalogue), Some(detector), Some(policy)) if mistakes.is_empty() => Ok(Self {
                catalogue: Arc::new(catalogue),
                detector: Arc::new(detector),
                policy: Arc::new(policy),
                files: rule_files,
            }),
            _ => Err(mistakes),
        }
    }

    /// An inspector over this snapshot, with the node's keys and memory.
    pub fn inspector(self, settings: &Settings, node: Arc<Node>) -> Inspector {
        Inspector::new(InspectorParts {
            catalogue: self.catalogue,
            detector: self.detector,
            policy: self.policy,
            limits: Arc::new(settings.limits.clone()),
            node,
        })
        .keeping_evidence(settings.evidence.recipient.is_some())
    }
}

/// The roots by which upstreams are verified, the office's own among them.
///
/// # Errors
/// The first certificate file that cannot be used, as one line.
pub fn read_roots(settings: &Settings) -> Result<UpstreamTls, Vec<String>> {
    UpstreamTls::new(&settings.upstream.extra_ca_files).map_err(|error| {
        let reason = with_causes(&error);
        vec![format!(
            "{reason}; check upstream.extra_ca_files in the settings"
        )]
    })
}

/// Rules and roots together, or the mistakes in both.
pub(super) fn read_all(settings: &Settings) -> Result<(Snapshot, UpstreamTls), Vec<String>> {
    match (Snapshot::load(settings), read_roots(settings)) {
        (Ok(snapshot), Ok(roots)) => Ok((snapshot, roots)),
        (snapshot, roots) => {
            let mut mistakes = snapshot.err().unwrap_or_default();
            mistakes.extend(roots.err().unwrap_or_default());
            Err(mistakes)
        }
    }
}

fn noted<T>(read: Result<T, Vec<String>>, mistakes: &mut Vec<String>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(more) => {
            mistakes.extend(more);
            None
        }
    }
}

fn catalogue(files: &[(String, String)]) -> Result<Catalogue, Vec<String>> {
    let mut all = Catalogue::builtin_files().to_vec();
    all.extend_from_slice(files);
    Catalogue::from_files(&all)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn detector(mut office: Vec<(String, String)>) -> Result<Detector, Vec<String>> {
    let mut packs = builtin_packs();
    packs.append(&mut office);
    Detector::from_packs(&packs)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn policy(file: Option<&Path>) -> Result<Policy, Vec<String>> {
    let Some(path) = file else {
        return Policy::builtin()
            .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect());
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        vec![format!(
            "{}: cannot read the policy ({error}); check policy.file in the settings",
            path.display()
        )]
    })?;
    Policy::parse(&path.display().to_string(), &text)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
}

fn is_service_file(name: &str) -> bool {
    Path::new(name)
        .file_name()
        .and_then(|file| file.to_str())
        .is_some_and(|file| file.starts_with("services") || file.ends_with("services.toml"))
}

/// Every `*.toml` of the office's folders, in the order of their names, and the files named.
fn office_files(dirs: &[PathBuf], mistakes: &mut Vec<String>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for dir in dirs {
        let mut paths: Vec<PathBuf> = match std::fs::read_dir(dir) {
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => vec![dir.clone()],
            Ok(entries) => entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .collect(),
            Err(error) => {
                mistakes.push(format!(
                    "{}: cannot read it ({error}); check patterns.dirs in the settings",
                    dir.display()
                ));
                continue;
            }
        };
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        paths.sort();
        for path in paths {
            match std::fs::read_to_string(&path) {
                Ok(text) => files.push((path.display().to_string(), text)),
                Err(error) => mistakes.push(format!(
                    "{}: cannot read the file ({error}); check its permissions",
                    path.display()
                )),
            }
        }
    }
    files
}
