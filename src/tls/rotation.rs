//! How does an office change its root without an hour in which workstations see a warning?
//!
//! A second CA stands by in `ca/standby`: made by [`prepare`], offered to workstations beside the
//! one in use, and signing nothing. [`activate`] makes the two change places, as often as wanted;
//! [`finish`] removes the one that stands by, once no workstation needs it.
//!
//! In goes the CA's folder and the time. Never: a moment without a whole CA in its place, a root
//! removed that is not yet, or not any more, out of use.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::ca_folder::CaFolder;
use super::generate::{BACKDATED, generate};
use super::{CertificateAuthority, TlsError};

/// Makes a CA that stands by, and returns it.
///
/// # Errors
/// When the CA in use cannot be used, or another one stands by already.
pub fn prepare(folder: &Path, now: SystemTime) -> Result<CertificateAuthority, TlsError> {
    let in_use = CertificateAuthority::load(folder, now)?;
    let own = CaFolder::new(folder);
    own.finish_turn()?;
    let standby = own.standby();
    if !standby.is_empty()? {
        return Err(TlsError::Rotation {
            problem: "a second CA stands by already",
            remedy: "switch to it with `lachan ca rotate --activate`, or end the rotation with \
                     `lachan ca rotate --finish`",
        });
    }
    // Certificates count in seconds, and `finish` tells old from new by their beginnings.
    let later = now.max(in_use.root_begins() + BACKDATED + Duration::from_secs(1));
    let (root, issuing) = generate(later)?;
    standby.create(&root, &issuing)?;
    CertificateAuthority::load_standby(folder, now)?.ok_or(NONE_STANDS_BY)
}

/// Makes the CA in use and the one that stands by change places; returns the one now in use.
///
/// # Errors
/// When none stands by, or it cannot be used: then nothing changed.
pub fn activate(folder: &Path, now: SystemTime) -> Result<CertificateAuthority, TlsError> {
    let own = CaFolder::new(folder);
    own.finish_turn()?;
    CertificateAuthority::load_standby(folder, now)?.ok_or(NONE_STANDS_BY)?;
    own.turn()?;
    CertificateAuthority::load(folder, now)
}

/// Removes the CA that stands by, keys included. Only the older of the two can go.
///
/// # Errors
/// When none stands by, or the one in use is the older.
pub fn finish(folder: &Path, now: SystemTime) -> Result<(), TlsError> {
    let own = CaFolder::new(folder);
    own.finish_turn()?;
    let in_use = CertificateAuthority::load(folder, now)?;
    if own.standby().is_empty()? {
        return Err(NONE_STANDS_BY);
    }
    // One that expired cannot be loaded any more, and may go for that very reason.
    let standby = CertificateAuthority::load_standby(folder, now)
        .ok()
        .flatten();
    if standby.is_some_and(|standby| standby.root_begins() > in_use.root_begins()) {
        return Err(TlsError::Rotation {
            problem: "the new CA is not in use yet",
            remedy: "switch to it first with `lachan ca rotate --activate`",
        });
    }
    own.remove_standby()
}

const NONE_STANDS_BY: TlsError = TlsError::Rotation {
    problem: "no second CA stands by",
    remedy: "make one with `lachan ca rotate`",
};

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn folder() -> (tempfile::TempDir, std::path::PathBuf, SystemTime) {
        let dir = tempfile::tempdir().unwrap();
        let ca = dir.path().join("ca");
        let now = SystemTime::now();
        CertificateAuthority::load_or_create(&ca, now).unwrap();
        (dir, ca, now)
    }

    #[test]
    fn a_second_root_is_offered_and_signs_only_when_told() {
        let (_dir, ca, now) = folder();
        let first = CertificateAuthority::load(&ca, now).unwrap();
        let second = prepare(&ca, now).unwrap();
        let both = CertificateAuthority::load(&ca, now).unwrap();
        assert_eq!(both.fingerprint_sha256(), first.fingerprint_sha256());
        assert_eq!(
            both.roots_pem(),
            format!("{}{}", first.root_pem(), second.root_pem())
        );
        assert!(prepare(&ca, now).is_err(), "one rotation at a time");
        assert!(finish(&ca, now).is_err(), "the new one is not thrown away");

        let turned = activate(&ca, now).unwrap();
        assert_eq!(turned.fingerprint_sha256(), second.fingerprint_sha256());
        assert_eq!(
            turned.standby().unwrap().fingerprint_sha256(),
            first.fingerprint_sha256()
        );
        let back = activate(&ca, now).unwrap();
        assert_eq!(back.fingerprint_sha256(), first.fingerprint_sha256());
        activate(&ca, now).unwrap();
        finish(&ca, now).unwrap();
        let alone = CertificateAuthority::load(&ca, now).unwrap();
        assert_eq!(alone.fingerprint_sha256(), second.fingerprint_sha256());
        assert!(alone.standby().is_none());
        assert!(activate(&ca, now).is_err());
        assert!(finish(&ca, now).is_err());
    }

    #[test]
    fn a_turn_that_was_cut_short_loses_nothing() {
        let (dir, ca, now) = folder();
        let second = prepare(&ca, now).unwrap();
        // The power went after the first step of three.
        std::fs::rename(ca.join("standby"), dir.path().join("ca.turning")).unwrap();
        assert!(CertificateAuthority::load(&ca, now).is_ok());
        let turned = activate(&ca, now).unwrap();
        assert_eq!(turned.fingerprint_sha256(), second.fingerprint_sha256());
        assert!(turned.standby().is_some());
    }

    #[test]
    fn an_old_root_that_expired_stops_nothing_and_may_go() {
        let (_dir, ca, now) = folder();
        let later = now + 3000 * DAY;
        prepare(&ca, later).unwrap();
        activate(&ca, later).unwrap();
        let after_the_first = later + 1000 * DAY;
        let alone = CertificateAuthority::load(&ca, after_the_first).unwrap();
        assert!(alone.standby().is_none());
        finish(&ca, after_the_first).unwrap();
    }
}
