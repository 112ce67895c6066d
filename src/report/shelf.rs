//! Where are reports kept? As files in the data folder, each under its digest.
//!
//! The chain says when which report was made and approved, by its digest; the file is the report
//! itself. A file that does not have the digest it is named for is none.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::report::written::{REPORT_BYTES_MAX, Written};

/// The folder of kept reports.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// In a data folder.
    pub fn in_data_folder(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join("reports"),
        }
    }

    /// Keeps a report; one that is kept already stays.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, written: &Written) -> io::Result<()> {
        let Some(name) = name(&written.digest) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)?;
        let path = self.folder.join(name);
        if path.exists() {
            return Ok(());
        }
        // Renamed when whole, so that a power cut leaves no half of one.
        let draft = path.with_extension("tmp");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(written.to_text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    }

    /// The report of a digest, if it is kept and whole.
    pub fn read(&self, digest: &str) -> Option<Written> {
        let path = self.folder.join(name(digest)?);
        let file = fs::File::open(path).ok()?;
        let mut text = String::new();
        file.take(REPORT_BYTES_MAX).read_to_string(&mut text).ok()?;
        let written = Written::read(&text).ok()?;
        (written.digest == digest && written.expected_digest() == digest).then_some(written)
    }
}

/// The file of a digest; none for what is no digest, so that no name leads elsewhere.
fn name(digest: &str) -> Option<String> {
    let hex = digest.strip_prefix("sha256:")?;
    let is_hex = hex.len() == 64
        && hex
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| format!("{hex}.json"))
}
