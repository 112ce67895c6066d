//! How do the CA's files lie on disk? A folder of its own (0700), keys readable by us alone (0600).
//!
//! ```text
//! ca/root.pem        the root certificate that workstations trust
//! ca/root.key        its key; may be sealed away, nothing needs it at run time
//! ca/issuing-1.pem   a certificate that signs leaves, under the root
//! ca/issuing-1.key   its key
//! ca/standby/        a second CA of the same form, while the office changes its root
//! ```
//!
//! A new CA is written whole into a temporary folder beside it, flushed, and renamed: either all
//! files are there or none. Never: overwriting, reading without a bound, using a key that other
//! users of the machine can read.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};

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

    /// The folder of the CA that stands by.
    pub(super) fn standby(&self) -> Self {
        Self(self.0.join("standby"))
    }

    /// Makes this CA and the one that stands by change places. At every moment a whole CA is in
    /// place; what a power cut leaves aside, [`Self::finish_turn`] puts back.
    pub(super) fn turn(&self) -> Result<(), TlsError> {
        let aside = self.aside();
        fs::rename(self.standby().0, &aside).map_err(file_error("move", &self.standby().0))?;
        let exchange = RenameFlags::RENAME_EXCHANGE;
        let turned = renameat2(AT_FDCWD, &self.0, AT_FDCWD, &aside, exchange);
        // Turned or not, what lies aside now is the one that stands by.
        let put_back = self.finish_turn();
        turned.map_err(|error| file_error("exchange", &self.0)(error.into()))?;
        put_back?;
        flush_folder(parent_of(&self.0))
    }

    /// Puts back what a turn that was cut short has left aside.
    pub(super) fn finish_turn(&self) -> Result<(), TlsError> {
        let (aside, standby) = (self.aside(), self.standby());
        if aside.exists() && !standby.0.exists() {
            fs::rename(&aside, &standby.0).map_err(file_error("move", &aside))?;
            flush_folder(&self.0)?;
        }
        Ok(())
    }

    /// Removes the CA that stands by.
    pub(super) fn remove_standby(&self) -> Result<(), TlsError> {
        let standby = self.standby().0;
        fs::remove_dir_all(&standby).map_err(file_error("remove", &standby))?;
        flush_folder(&self.0)
    }

    fn aside(&self) -> PathBuf {
        self.0.with_extension("turning")
    }

    /// Every file of this CA by its name, those of the one that stands by included.
    pub(super) fn read_all(&self) -> Result<BTreeMap<String, String>, TlsError> {
        let mut files = BTreeMap::new();
        for (prefix, folder) in [("", self.clone()), ("standby/", self.standby())] {
            for name in file_names() {
                let path = folder.0.join(&name);
                if path.exists() {
                    files.insert(format!("{prefix}{name}"), read_text(&path)?);
                }
            }
        }
        Ok(files)
    }

    /// Writes a CA from its files, all of it or nothing; `check` looks at it before it counts.
    /// Never over another one.
    pub(super) fn put_back(
        &self,
        files: &BTreeMap<String, String>,
        check: impl FnOnce(&Path) -> Result<(), TlsError>,
    ) -> Result<(), TlsError> {
        let known: Vec<String> = file_names().collect();
        self.appear(|inside| {
            if files.keys().any(|name| name.starts_with("standby/")) {
                private_folder(&inside.standby().0)?;
            }
            for (name, text) in files {
                let bare = name.strip_prefix("standby/").unwrap_or(name);
                if known.iter().any(|known| known == bare) {
                    write_private(&inside.0.join(name), text)?;
                }
            }
            check(&inside.0)
        })
        .and_then(|is_ours| {
            let path = self.0.clone();
            is_ours.then_some(()).ok_or(TlsError::Exists { path })
        })
    }

    /// Writes a new CA, all of it or nothing. Returns whether it is ours that lies there now:
    /// another process may have been first.
    pub(super) fn create(&self, root: &PemPair, issuing: &PemPair) -> Result<bool, TlsError> {
        self.appear(|inside| {
            write_private(&inside.root_key(), &root.key)?;
            write_private(&inside.root_certificate(), &root.certificate)?;
            write_private(&inside.issuing_key(1), &issuing.key)?;
            write_private(&inside.issuing_certificate(1), &issuing.certificate)
        })
    }

    /// Fills a folder beside this one and renames it here. Returns whether it is ours that lies
    /// here now.
    fn appear(&self, fill: impl FnOnce(&Self) -> Result<(), TlsError>) -> Result<bool, TlsError> {
        let parent = parent_of(&self.0);
        private_folders(parent)?;
        let staging = self.0.with_extension(format!("new-{}", std::process::id()));
        let result = staged(&staging, fill).and_then(|()| {
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
}

fn staged(
    staging: &Path,
    fill: impl FnOnce(&CaFolder) -> Result<(), TlsError>,
) -> Result<(), TlsError> {
    // Left over from a process that was killed while writing.
    if staging.exists() {
        fs::remove_dir_all(staging).map_err(file_error("remove", staging))?;
    }
    private_folder(staging)?;
    fill(&CaFolder::new(staging))?;
    flush_folder(staging)
}

fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// The names that files of a CA can have.
fn file_names() -> impl Iterator<Item = String> {
    let issuing = (1..=ISSUING_COUNT_MAX).flat_map(|number| {
        [
            format!("issuing-{number}.pem"),
            format!("issuing-{number}.key"),
        ]
    });
    ["root.pem", "root.key"]
        .map(str::to_owned)
        .into_iter()
        .chain(issuing)
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

fn private_folder(path: &Path) -> Result<(), TlsError> {
    DirBuilder::new()
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
