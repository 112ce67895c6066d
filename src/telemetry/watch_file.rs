//! How are tables kept in the data folder? As small JSON files, written whole.
//!
//! Never: a half-written file (a new one takes the place of the old in one step), or a start that
//! fails for a file that is broken: figures begin anew, and the log says so.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest file read, in bytes. Full tables are far smaller.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// The table in a file; an empty one where there is none, or none that can be read.
pub(super) fn read<T: DeserializeOwned + Default>(path: &Path) -> T {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return T::default(),
        Err(error) => return begun_anew(path, &error),
    };
    let mut text = String::new();
    if let Err(error) = file.take(FILE_BYTES_MAX).read_to_string(&mut text) {
        return begun_anew(path, &error);
    }
    serde_json::from_str(&text).unwrap_or_else(|error| begun_anew(path, &error))
}

fn begun_anew<T: Default>(path: &Path, error: &impl std::fmt::Display) -> T {
    let file = path.display();
    tracing::warn!(%file, %error, "what was watched before cannot be read; it begins anew");
    T::default()
}

/// Writes a table in the place of the old one.
pub(super) fn write<T: Serialize>(path: &Path, table: &T) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(table)?;
    let new = path.with_extension("json.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(&text)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&new, path)
}
