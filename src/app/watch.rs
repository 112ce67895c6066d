//! Did somebody change a file that the settings name?
//!
//! Folders are watched, not files: editors and packages write beside a file and rename, after which
//! a watch of the file would look at what is no longer there. What changed within a moment is one
//! change. A file reached through a symbolic link is watched where it really lies, too.
//!
//! Never: reading a file. What changed is read by `reload`, whole.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::config::Settings;

/// For how long nothing may change before a change is told: several files are saved as one.
const QUIET: Duration = Duration::from_millis(300);

/// Watches the files of the settings.
pub(super) struct Watch {
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    wanted: Arc<Mutex<Wanted>>,
    changed: Arc<Notify>,
}

impl Watch {
    /// Watches what the settings name. Where the system cannot watch, SIGHUP remains.
    pub(super) fn new(settings: &Settings) -> Self {
        let wanted = Arc::new(Mutex::new(Wanted::default()));
        let changed = Arc::new(Notify::new());
        let watcher = notify::recommended_watcher({
            let (wanted, changed) = (Arc::clone(&wanted), Arc::clone(&changed));
            move |event: notify::Result<Event>| {
                let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
                // An error means that events were lost: the files may have changed.
                if event.map_or(true, |event| wanted.concerns(&event)) {
                    changed.notify_one();
                }
            }
        });
        let watcher = watcher
            .inspect_err(|error| {
                tracing::warn!(%error, "changed files are not noticed: send SIGHUP instead");
            })
            .ok();
        let mut watch = Self {
            watcher,
            folders: BTreeSet::new(),
            wanted,
            changed,
        };
        watch.follow(settings);
        watch
    }

    /// Watches what other settings name.
    pub(super) fn follow(&mut self, settings: &Settings) {
        let wanted = Wanted::of(settings);
        let folders = wanted.folders();
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        for gone in self.folders.difference(&folders) {
            // A folder that is no longer there is not watched either.
            watcher.unwatch(gone).ok();
        }
        for new in folders.difference(&self.folders) {
            if let Err(error) = watcher.watch(new, RecursiveMode::NonRecursive) {
                let folder = new.display();
                tracing::warn!(%folder, %error, "changes there are not noticed: send SIGHUP instead");
            }
        }
        self.folders = folders;
    }

    /// Returns once something has changed and then nothing for a moment.
    pub(super) async fn change(&self) {
        self.changed.notified().await;
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                () = sleep(QUIET) => return,
            }
        }
    }
}

/// Which changes matter: single files, and everything like a rule in the folders of rules.
#[derive(Default)]
struct Wanted {
    files: BTreeSet<PathBuf>,
    dirs: BTreeSet<PathBuf>,
}

impl Wanted {
    fn of(settings: &Settings) -> Self {
        let patterns = settings.pattern_dirs.iter();
        let (single, dirs): (Vec<&PathBuf>, Vec<&PathBuf>) =
            patterns.partition(|path| path.is_file());
        let named = settings
            .file
            .iter()
            .chain(&settings.policy_file)
            .chain(&settings.upstream.extra_ca_files)
            .chain(single);
        Self {
            files: named.flat_map(|file| spellings(file)).collect(),
            dirs: dirs.into_iter().flat_map(|dir| spellings(dir)).collect(),
        }
    }

    fn folders(&self) -> BTreeSet<PathBuf> {
        let of_files = self.files.iter().filter_map(|file| file.parent());
        let all = of_files
            .map(Path::to_owned)
            .chain(self.dirs.iter().cloned());
        all.filter(|folder| folder.is_dir()).collect()
    }

    fn concerns(&self, event: &Event) -> bool {
        if matches!(event.kind, EventKind::Access(_)) {
            return false;
        }
        let is_rule = |path: &Path| {
            path.extension().is_some_and(|ending| ending == "toml")
                && path.parent().is_some_and(|dir| self.dirs.contains(dir))
        };
        event.need_rescan()
            || event
                .paths
                .iter()
                .any(|path| self.files.contains(path) || self.dirs.contains(path) || is_rule(path))
    }
}

/// A path as written, made absolute, and where it really leads.
fn spellings(path: &Path) -> Vec<PathBuf> {
    let name: Option<OsString> = path.file_name().map(ToOwned::to_owned);
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real_folder = absolute.parent().and_then(|dir| dir.canonicalize().ok());
    let in_real_folder = real_folder.zip(name).map(|(dir, name)| dir.join(name));
    let real = absolute.canonicalize().ok();
    [Some(absolute), in_real_folder, real]
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    fn settings_in(dir: &Path) -> Settings {
        std::fs::create_dir(dir.join("rules")).unwrap();
        std::fs::write(dir.join("lachan.toml"), "").unwrap();
        std::fs::write(dir.join("policy.toml"), "").unwrap();
        Settings {
            file: Some(dir.join("lachan.toml")),
            policy_file: Some(dir.join("policy.toml")),
            pattern_dirs: vec![dir.join("rules")],
            ..Settings::default()
        }
    }

    async fn is_noticed(watch: &Watch) -> bool {
        timeout(Duration::from_secs(2), watch.change())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn a_file_written_renamed_over_or_added_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings_in(dir.path());
        let watch = Watch::new(&settings);
        std::fs::write(dir.path().join("lachan.toml"), "# a").unwrap();
        assert!(is_noticed(&watch).await, "written");
        for _ in 0..2 {
            std::fs::write(dir.path().join("policy.new"), "# b").unwrap();
            std::fs::rename(
                dir.path().join("policy.new"),
                dir.path().join("policy.toml"),
            )
            .unwrap();
            assert!(is_noticed(&watch).await, "renamed over");
        }
        std::fs::write(dir.path().join("rules/more.toml"), "").unwrap();
        assert!(is_noticed(&watch).await, "added");
        std::fs::remove_file(dir.path().join("rules/more.toml")).unwrap();
        assert!(is_noticed(&watch).await, "removed");
    }

    #[tokio::test]
    async fn other_files_and_reading_are_no_change() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings_in(dir.path());
        let watch = Watch::new(&settings);
        std::fs::write(dir.path().join("incidents.db"), "x").unwrap();
        std::fs::write(dir.path().join("rules/.more.toml.swp"), "x").unwrap();
        std::fs::read(dir.path().join("lachan.toml")).unwrap();
        let noticed = timeout(Duration::from_millis(600), watch.change()).await;
        assert!(noticed.is_err());
    }

    #[tokio::test]
    async fn a_link_that_is_turned_to_another_folder_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        for version in ["1", "2"] {
            std::fs::create_dir(dir.path().join(version)).unwrap();
            std::fs::write(dir.path().join(version).join("lachan.toml"), version).unwrap();
        }
        let link = dir.path().join("lachan.toml");
        std::os::unix::fs::symlink(dir.path().join("1/lachan.toml"), &link).unwrap();
        let settings = Settings {
            file: Some(link.clone()),
            ..Settings::default()
        };
        let watch = Watch::new(&settings);
        std::fs::write(dir.path().join("1/lachan.toml"), "changed").unwrap();
        assert!(is_noticed(&watch).await, "behind the link");
        let beside = dir.path().join("beside");
        std::os::unix::fs::symlink(dir.path().join("2/lachan.toml"), &beside).unwrap();
        std::fs::rename(beside, link).unwrap();
        assert!(is_noticed(&watch).await, "the link itself");
    }
}
