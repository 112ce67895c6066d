//! Whose files are these? A command that root types works as the owner of the data folder.
//!
//! Otherwise a file that the command makes (a key, or SQLite's files beside the store) would belong
//! to root, and the service could not read it any more.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};

/// Becomes the owner of the data folder, where root has typed the command and the owner is another.
///
/// # Errors
/// What the system said, as one line.
pub(super) fn become_owner(data_dir: &Path) -> Result<(), String> {
    if !Uid::effective().is_root() {
        return Ok(());
    }
    // Before the first start there is no folder, and nothing to keep.
    let Ok(folder) = std::fs::metadata(data_dir) else {
        return Ok(());
    };
    let (user, group) = (Uid::from_raw(folder.uid()), Gid::from_raw(folder.gid()));
    if user.is_root() {
        return Ok(());
    }
    setgroups(&[group])
        .and_then(|()| setgid(group))
        .and_then(|()| setuid(user))
        .map_err(|error| {
            format!(
                "cannot act as the owner of {}: {error}; run the command as that user",
                data_dir.display()
            )
        })
}
