//! A CA is made once, reused, and never replaced; every broken file is named.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use std::time::Duration;

use x509_parser::prelude::FromDer;

use crate::tls::ca_folder::{read_key, read_text};
use crate::tls::generate::{BACKDATED, CA_LIFETIME, ca_params};
use super::*;

const FILES: [&str; 4] = ["issuing-1.key", "issuing-1.pem", "root.key", "root.pem"];

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A folder with a CA in it.
fn made() -> (tempfile::TempDir, PathBuf) {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("data").join("ca");
    CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    (top, folder)
}

fn failure(folder: &Path, now: SystemTime) -> String {
    CertificateAuthority::load_or_create(folder, now)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_new_ca_is_private_and_is_loaded_again_as_it_was() {
    let (_top, folder) = made();
    assert_eq!(names(&folder), FILES);
    assert_eq!(names(folder.parent().unwrap()), ["ca"]);
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(folder.parent().unwrap()), 0o700);
    for file in FILES {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    let pem = fs::read_to_string(folder.join("root.pem")).unwrap();
    let again = CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    assert_eq!(again.root_pem(), pem);
    assert_eq!(again.fingerprint_sha256().len(), 95);
    assert!(again.not_after() > noon() + Duration::from_secs(3600 * 86_400));
    assert!(again.describe().contains("Lá Chắn"), "{}", again.describe());
}

#[test]
fn the_root_may_sign_one_level_and_its_certificates_only() {
    let (_top, folder) = made();
    let authority = CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    let (_, root) = X509Certificate::from_der(authority.root_der()).unwrap();
    let constraints = root.basic_constraints().unwrap().unwrap().value;
    assert_eq!(constraints.path_len_constraint, Some(1));
    let usage = root.key_usage().unwrap().unwrap().value;
    assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
    let signer = authority.signer().unwrap();
    let (_, issuing) = X509Certificate::from_der(&signer.der).unwrap();
    let constraints = issuing.basic_constraints().unwrap().unwrap().value;
    assert_eq!(constraints.path_len_constraint, Some(0));
}

#[test]
fn the_root_key_can_be_sealed_away() {
    let (_top, folder) = made();
    fs::remove_file(folder.join("root.key")).unwrap();
    let authority = CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    assert!(authority.describe().contains("sealed away"));
    assert_eq!(names(&folder).len(), 3);
}

#[test]
fn a_missing_broken_or_foreign_file_is_named_and_nothing_is_overwritten() {
    let (_other_top, other) = made();
    for file in FILES {
        for (damage, expected) in [("missing", "missing"), ("broken", "does not hold")] {
            let (_top, folder) = made();
            let path = folder.join(file);
            match damage {
                "missing" if file == "root.key" => continue,
                "missing" => fs::remove_file(&path).unwrap(),
                _ => fs::write(&path, "no PEM").unwrap(),
            }
            let before = names(&folder);
            let text = failure(&folder, noon());
            assert!(text.contains(file) && text.contains(expected), "{text}");
            assert_eq!(names(&folder), before);
        }
        let (_top, folder) = made();
        fs::copy(other.join(file), folder.join(file)).unwrap();
        let before = fs::read(folder.join("root.pem")).unwrap();
        let text = failure(&folder, noon());
        assert!(text.contains(": restore the whole folder"), "{text}");
        assert_eq!(fs::read(folder.join("root.pem")).unwrap(), before);
    }
}

#[test]
fn an_expired_or_future_ca_is_refused() {
    let (_top, folder) = made();
    for now in [noon() + CA_LIFETIME * 2, noon() - BACKDATED * 3] {
        let text = failure(&folder, now);
        assert!(
            text.contains("root.pem has expired or is not valid yet"),
            "{text}"
        );
    }
    // A clock that runs a little behind is not a reason.
    CertificateAuthority::load_or_create(&folder, noon() - BACKDATED / 2).unwrap();
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let (_top, folder) = made();
    let key = folder.join("issuing-1.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(failure(&folder, noon()).contains("chmod 600"));
}

#[test]
fn a_failed_write_leaves_nothing() {
    let top = tempfile::tempdir().unwrap();
    // The staging folder's name is taken by a file: making the CA fails there.
    let staging = top.path().join(format!("ca.new-{}", std::process::id()));
    fs::write(&staging, "in the way").unwrap();
    let folder = top.path().join("ca");
    failure(&folder, noon());
    assert!(!folder.exists());
}

#[test]
fn two_processes_that_start_at_once_end_with_one_ca() {
    let (_top, folder) = made();
    let (root, issuing) = generate(noon()).unwrap();
    let before = fs::read(folder.join("root.pem")).unwrap();
    assert!(!CaFolder::new(&folder).create(&root, &issuing).unwrap());
    assert_eq!(fs::read(folder.join("root.pem")).unwrap(), before);
    assert_eq!(names(folder.parent().unwrap()), ["ca"]);
}

#[test]
fn the_newest_issuing_certificate_signs() {
    let (_top, folder) = made();
    let root_key = KeyPair::from_pem(&read_key(&folder.join("root.key")).unwrap()).unwrap();
    let root_pem = read_text(&folder.join("root.pem")).unwrap();
    let root = Issuer::from_ca_cert_pem(&root_pem, root_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let second = ca_params("two", "label", 0, noon())
        .unwrap()
        .signed_by(&key, &root)
        .unwrap();
    fs::write(folder.join("issuing-2.pem"), second.pem()).unwrap();
    fs::write(folder.join("issuing-2.key"), key.serialize_pem()).unwrap();
    fs::set_permissions(
        folder.join("issuing-2.key"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    let authority = CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    assert_eq!(&authority.signer().unwrap().der, second.der());
}

#[test]
fn keys_do_not_show_in_debug() {
    let (_top, folder) = made();
    let authority = CertificateAuthority::load_or_create(&folder, noon()).unwrap();
    let shown = format!("{authority:?}");
    assert!(shown.len() < 200 && !shown.contains("KEY"), "{shown}");
}
