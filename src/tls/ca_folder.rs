//! How do the CA's files lie on disk? A folder of its own (0700), keys readable by us alone (0600).
//!
//! ```text
//! ca/root.pem        the root certificate that workstations trust
//! ca/root.key        its key; may be sealed away, nothing needs it at run time
//! ca/issuing-1.pem   a certificate that signs leaves, under the root
//! ca/issuing-1.key   its key
//! ```
//!
//! A new CA is written whole into a temporary folder beside it, flushed, and renamed: either all
//! files are there or none. Never: overwriting, reading without a bound, using a key that other
//! users of the machine can read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::TlsError;

/// Largest PEM file read, in bytes: bundles of all public roots have 250 KB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Most issuing certificates looked for: one is made a decade, rotations included.
const ISSUING_COUNT_MAX: usize = 64;

/// One certificate and its key, as PEM text.
pub(super) struct PemPair {
    pub(super) certificate: String,
    pub(super) key: String,
}

/// The names of the files of a CA.
#[derive(Clone, Debug)]
pub(super) struct CaFolder(PathBuf);

impl CaFolder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_path_buf())
    }

    pub(super) fn root_certificate(&self) -> PathBuf {
        self.0.join("root.pem")
    }

    pub(super) fn root_key(&self) -> PathBuf {
        self.0.join("root.key")
    }

    pub(super) fn issuing_certificate(&self, number: usize) -> PathBuf {
        self.0.join(format!("issuing-{number}.pem"))
    }

    pub(super) fn issuing_key(&self, number: usize) -> PathBuf {
        self.0.join(format!("issuing-{number}.key"))
    }

    /// Whether there is nothing yet: no folder, or an empty one.
    pub(super) fn is_empty(&self) -> Result<bool, TlsError> {
        match fs::read_dir(&self.0) {
            Ok(mut entries) => Ok(entries.next().is_none()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(file_error("open", &self.0)(error)),
        }
    }

    /// The numbers of the issuing certificates that are there, ascending.
    pub(super) fn issuing_numbers(&self) -> Vec<usize> {
        (1..=ISSUING_COUNT_MAX)
            .filter(|number| {
                self.issuing_certificate(*number).exists() || self.issuing_key(*number).exists()
            })
            .collect()
    }

    /// Writes a new CA, all of it or nothing. Returns whether it is ours that lies there now:
    /// another process may have been first.
    pub(super) fn create(&self, root: &PemPair, issuing: &PemPair) -> Result<bool, TlsError> {
        let parent = match self.0.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            Some(_) | None => Path::new("."),
        };
        private_folders(parent)?;
        let staging = self.0.with_extension(format!("new-{}", std::process::id()));
        let result = self.stage(&staging, root, issuing).and_then(|()| {
            match fs::rename(&staging, &self.0) {
                Ok(()) => Ok(true),
                // Someone else's CA is there: theirs it is.
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(false),
                Err(error) => Err(file_error("create", &self.0)(error)),
            }
        });
        if !matches!(result, Ok(true)) {
            // What remains of the staging folder is of no use; that it cannot be removed is not
            // worth hiding the first failure.
            drop(fs::remove_dir_all(&staging));
        }
        let created = result?;
        flush_folder(parent)?;
        Ok(created)
    }

    fn stage(&self, staging: &Path, root: &PemPair, issuing: &PemPair) -> Result<(), TlsError> {
        // Left over from a process that was killed while writing.
        if staging.exists() {
            fs::remove_dir_all(staging).map_err(file_error("remove", staging))?;
        }
        DirBuilder::new()
            .mode(0o700)
            .create(staging)
            .map_err(file_error("create", staging))?;
        let inside = Self::new(staging);
        write_private(&inside.root_key(), &root.key)?;
        write_private(&inside.root_certificate(), &root.certificate)?;
        write_private(&inside.issuing_key(1), &issuing.key)?;
        write_private(&inside.issuing_certificate(1), &issuing.certificate)?;
        flush_folder(staging)
    }
}

/// Reads a certificate of the CA.
pub(super) fn read_certificate(path: &Path) -> Result<String, TlsError> {
    expected(path)?;
    read_text(path)
}

/// Reads a PEM file of bounded size.
pub(super) fn read_text(path: &Path) -> Result<String, TlsError> {
    let file = File::open(path).map_err(file_error("read", path))?;
    let length = file.metadata().map_err(file_error("read", path))?.len();
    if length > FILE_BYTES_MAX {
        return Err(TlsError::Unfit {
            path: path.to_path_buf(),
            problem: "is larger than 1 MB",
            remedy: "certificate files are much smaller: check that it is the right one",
        });
    }
    let mut text = String::new();
    file.take(FILE_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(file_error("read", path))?;
    Ok(text)
}

/// Reads a key, if nobody else can.
pub(super) fn read_key(path: &Path) -> Result<String, TlsError> {
    expected(path)?;
    let text = read_text(path)?;
    let mode = fs::metadata(path)
        .map_err(file_error("read", path))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(TlsError::Unfit {
            path: path.to_path_buf(),
            problem: "can be read by other users of this machine",
            remedy: "run chmod 600 on it, and make a new CA if someone may have copied it",
        });
    }
    Ok(text)
}

/// A CA that lacks a file is not a new one.
fn expected(path: &Path) -> Result<(), TlsError> {
    match path.try_exists() {
        Ok(false) => Err(TlsError::Missing {
            path: path.to_path_buf(),
        }),
        // Reading says what is wrong.
        Ok(true) | Err(_) => Ok(()),
    }
}

fn private_folders(path: &Path) -> Result<(), TlsError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(file_error("create", path))
}

fn write_private(path: &Path, text: &str) -> Result<(), TlsError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(file_error("create", path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(file_error("write", path))
}

/// A rename survives a power cut only after its folder is flushed.
fn flush_folder(path: &Path) -> Result<(), TlsError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(file_error("flush", path))
}

fn file_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> TlsError {
    let path = path.to_path_buf();
    move |source| TlsError::File {
        action,
        path,
        source,
    }
}
