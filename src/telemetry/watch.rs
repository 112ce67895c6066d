//! What do we not see?
//!
//! In go counts and shapes from the traffic path: how well requests could be read, what unknown
//! paths of known AI hosts look like, which hosts look like AI services and are in no catalogue,
//! which clients refuse our CA. Out come tables for `lachan check`, `lachan shapes` and the status
//! page. All of it is kept in memory and, but for clients, in small files of the data folder.
//!
//! Never: content. A host, a masked path and names of fields are the most that is kept; everything
//! is bounded, and a file that cannot be read or written stops nothing.
//!
//! Read next: `coverage`, `unknown_path`, `discovered`, `distrust` (one table each), `watch_file`
//! (how tables are kept).

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::coverage::Coverage;
use crate::model::exchange::UnixMillis;
use crate::model::request_counts::RequestCounts;
use crate::payload::RequestShape;

use super::coverage::CoverageTable;
use super::discovered::{Discovered, DiscoveredHosts, Seen};
use super::distrust::{Distrust, Pair, Standing};
use super::machines_seen::MachinesSeen;
use super::tally::{SetAside, TallyTable};
use super::unknown_path::UnknownPaths;
use super::watch_file;

/// The file with the coverage of services.
const COVERAGE_FILE: &str = "coverage.json";
/// The file with the shapes of requests on unknown paths.
const SHAPES_FILE: &str = "shapes.json";
/// The file with the times at which named workstations were seen.
const MACHINES_FILE: &str = "machines-seen.json";
/// The file with the hosts that look like AI services.
const DISCOVERED_FILE: &str = "discovered-hosts.json";

/// The file with the counts of requests that are not in the chain yet.
const TALLIES_FILE: &str = "requests.json";

/// What is watched. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Watch(Arc<Tables>);

#[derive(Debug, Default)]
struct Tables {
    folder: Option<PathBuf>,
    coverage: Mutex<Kept<CoverageTable>>,
    unknown_paths: Mutex<Kept<UnknownPaths>>,
    discovered: Mutex<Kept<DiscoveredHosts>>,
    machines: Mutex<Kept<MachinesSeen>>,
    tallies: Mutex<Kept<TallyTable>>,
    distrust: Mutex<Distrust>,
    /// Held while a file is written, so that no older state follows a newer one.
    writing: Mutex<()>,
}

/// A table, and whether it changed since it was written.
#[derive(Debug, Default)]
struct Kept<T> {
    table: T,
    has_changed: bool,
}

impl Watch {
    /// Tables that go on from what the data folder holds.
    pub fn open(folder: &Path, now: UnixMillis) -> Self {
        let mut coverage: CoverageTable = watch_file::read(&folder.join(COVERAGE_FILE));
        coverage.start(now);
        let tables = Tables {
            folder: Some(folder.to_owned()),
            coverage: kept(coverage),
            unknown_paths: kept(watch_file::read(&folder.join(SHAPES_FILE))),
            discovered: kept(watch_file::read(&folder.join(DISCOVERED_FILE))),
            machines: kept(watch_file::read(&folder.join(MACHINES_FILE))),
            tallies: kept(watch_file::read(&folder.join(TALLIES_FILE))),
            ..Tables::default()
        };
        Self(Arc::new(tables))
    }

    /// Tables that are forgotten with the program.
    pub fn in_memory() -> Self {
        Self(Arc::default())
    }

    /// Counts how well something for a service could be read.
    pub fn count(&self, service: &str, coverage: Coverage, at: UnixMillis) {
        changed(&self.0.coverage).count(service, coverage, at);
    }

    /// Counts what came of requests to a service from a unit (empty where none is known).
    pub fn tally(&self, service: &str, unit: &str, counts: &RequestCounts, at: UnixMillis) {
        changed(&self.0.tallies).add(service, unit, counts, at);
    }

    /// Sets aside the counts that are not in the chain yet, in the file too; nothing where there are
    /// none, or where the file cannot be written.
    pub fn set_tallies_aside(&self, now: UnixMillis) -> Option<SetAside> {
        let set_aside = changed(&self.0.tallies).set_aside(now);
        self.save_tallies().then_some(set_aside).flatten()
    }

    /// Forgets counts that were set aside: they are in the chain.
    pub fn tallies_are_told(&self, number: i64) {
        changed(&self.0.tallies).is_told(number);
        self.save_tallies();
    }

    fn save_tallies(&self) -> bool {
        let folder = self.0.folder.as_ref();
        let _one_at_a_time = locked(&self.0.writing);
        folder.is_none_or(|folder| save(&self.0.tallies, &folder.join(TALLIES_FILE)))
    }

    /// Remembers the shape of a request on an unknown path of a known host.
    pub fn unknown_path(&self, service: &str, shape: RequestShape, at: UnixMillis) {
        changed(&self.0.unknown_paths).add(service, shape, at);
    }

    /// Lists a host that looks like an AI service and is in no catalogue.
    pub fn discovered(&self, host: &str, at: UnixMillis) -> Seen {
        changed(&self.0.discovered).add(host, at)
    }

    /// Notes that a named workstation is here, and gives when it was seen last before.
    pub fn machine_seen(&self, machine: IpAddr, at: UnixMillis) -> Option<UnixMillis> {
        let mut kept = locked(&self.0.machines);
        let (last, is_due) = kept.table.look_up(machine, at);
        if is_due {
            kept.table.note(machine, at);
            kept.has_changed = true;
        }
        last
    }

    /// When named workstations were seen last.
    pub fn machines_seen(&self) -> MachinesSeen {
        locked(&self.0.machines).table.clone()
    }

    /// Notes that a client broke off its handshake as one does that does not trust our CA. Says
    /// whether the pair is now known not to be inspectable.
    pub fn handshake_refused(&self, pair: &Pair, at: UnixMillis) -> Standing {
        locked(&self.0.distrust).refused(pair, at)
    }

    /// Notes that a handshake was completed: what was held against the pair is forgotten.
    pub fn handshake_done(&self, pair: &Pair) {
        locked(&self.0.distrust).done(pair);
    }

    /// Whether a pair is refused for now.
    pub fn is_distrusting(&self, pair: &Pair, at: UnixMillis) -> bool {
        locked(&self.0.distrust).is_refused(pair, at)
    }

    /// The coverage of every service seen, for people.
    pub fn coverage(&self) -> CoverageTable {
        locked(&self.0.coverage).table.clone()
    }

    /// The hosts that look like AI services, the newest first.
    pub fn discovered_hosts(&self) -> Vec<(String, Discovered)> {
        locked(&self.0.discovered).table.newest_first()
    }

    /// The pairs that are refused for now.
    pub fn distrusting(&self, at: UnixMillis) -> Vec<Pair> {
        locked(&self.0.distrust).now(at)
    }

    /// Writes the tables that changed. A folder that cannot be written is told in the log.
    pub fn save(&self) {
        let Some(folder) = &self.0.folder else {
            return;
        };
        let one_at_a_time = locked(&self.0.writing);
        save(&self.0.coverage, &folder.join(COVERAGE_FILE));
        save(&self.0.unknown_paths, &folder.join(SHAPES_FILE));
        save(&self.0.discovered, &folder.join(DISCOVERED_FILE));
        save(&self.0.machines, &folder.join(MACHINES_FILE));
        drop(one_at_a_time);
        self.save_tallies();
    }
}

/// The coverage that a data folder holds, if it holds any.
pub fn read_coverage(folder: &Path) -> CoverageTable {
    watch_file::read(&folder.join(COVERAGE_FILE))
}

/// The shapes that a data folder holds.
pub fn read_unknown_paths(folder: &Path) -> UnknownPaths {
    watch_file::read(&folder.join(SHAPES_FILE))
}

/// The discovered hosts that a data folder holds.
pub fn read_discovered(folder: &Path) -> DiscoveredHosts {
    watch_file::read(&folder.join(DISCOVERED_FILE))
}

fn kept<T>(table: T) -> Mutex<Kept<T>> {
    Mutex::new(Kept {
        table,
        has_changed: false,
    })
}

fn locked<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The table, marked as changed.
struct Changed<'a, T>(MutexGuard<'a, Kept<T>>);

fn changed<T>(table: &Mutex<Kept<T>>) -> Changed<'_, T> {
    let mut guard = locked(table);
    guard.has_changed = true;
    Changed(guard)
}

impl<T> std::ops::Deref for Changed<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.table
    }
}

impl<T> std::ops::DerefMut for Changed<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.table
    }
}

/// Writes a table if it changed. It is copied first, so that the traffic does not wait for a disk.
/// Says whether the file holds what the table does.
fn save<T: serde::Serialize + Clone>(table: &Mutex<Kept<T>>, path: &Path) -> bool {
    let copy = {
        let mut kept = locked(table);
        if !kept.has_changed {
            return true;
        }
        kept.has_changed = false;
        kept.table.clone()
    };
    let wrote = watch_file::write(path, &copy);
    if let Err(error) = &wrote {
        let file = path.display();
        tracing::warn!(%file, %error, "what was watched cannot be written");
        locked(table).has_changed = true;
    }
    wrote.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: UnixMillis = UnixMillis(1_781_247_900_000);

    fn shape() -> RequestShape {
        RequestShape {
            method: "POST".to_owned(),
            host: "chatgpt.com".to_owned(),
            path: "/brand-new".to_owned(),
            content_type: "application/json".to_owned(),
            fields: Vec::new(),
            is_cut: false,
        }
    }

    #[test]
    fn tables_survive_a_restart_and_since_start_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let watch = Watch::open(folder.path(), NOON);
        watch.count("openai-chatgpt-web", Coverage::Parsed, NOON);
        watch.count("openai-chatgpt-web", Coverage::Generic, NOON);
        watch.unknown_path("openai-chatgpt-web", shape(), NOON);
        assert_eq!(watch.discovered("gpt.example", NOON), Seen::New);
        watch.save();

        let watch = Watch::open(folder.path(), UnixMillis(NOON.0 + 1));
        watch.count("openai-chatgpt-web", Coverage::Parsed, NOON);
        assert_eq!(watch.discovered("gpt.example", NOON), Seen::Before);
        watch.save();
        let table = read_coverage(folder.path());
        let (_, row) = table.rows().next().unwrap();
        assert_eq!((row.since_start.parsed, row.total.parsed), (1, 2));
        assert_eq!((row.since_start.generic, row.total.generic), (0, 1));
        assert_eq!(read_unknown_paths(folder.path()).all(None).count(), 1);
    }

    #[test]
    fn a_broken_file_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(COVERAGE_FILE), "{\"serv").unwrap();
        let watch = Watch::open(folder.path(), NOON);
        assert_eq!(watch.coverage().rows().count(), 0);
    }

    #[test]
    fn files_are_for_the_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let watch = Watch::open(folder.path(), NOON);
        watch.count("x", Coverage::Parsed, NOON);
        watch.save();
        let mode = std::fs::metadata(folder.path().join(COVERAGE_FILE)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
