//! What the store does when the disk, the file or the program fails.

use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::Duration;

use super::tests::{NOON, draft, many, meddle, open, reader, settings};
use super::*;

#[tokio::test]
async fn a_store_that_cannot_be_written_says_so_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.record(draft("before")).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON chain \
                BEGIN SELECT RAISE(ABORT, 'full'); END";
    meddle(dir.path(), full).await;
    let refused = store.record(draft("during")).await;
    assert!(matches!(refused, Err(StoreError::Unwritable)));
    assert!(!store.is_writable());
    // What is on disk already still stands for its repeats.
    assert!(store.record(draft("before")).await.is_ok());
    meddle(dir.path(), "DROP TRIGGER full").await;
    store.record(draft("during")).await.unwrap();
    assert!(store.is_writable());
    let report = verify(&reader(dir.path()).await, &Trust::default()).await;
    assert!(report.unwrap().is_intact());
}

#[tokio::test]
async fn without_drafts_a_probe_finds_out_that_the_store_works_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let full = "CREATE TRIGGER full BEFORE INSERT ON chain \
                BEGIN SELECT RAISE(ABORT, 'full'); END";
    meddle(dir.path(), full).await;
    store.record(draft("aa")).await.unwrap_err();
    meddle(dir.path(), "DROP TRIGGER full").await;
    for _ in 0..100 {
        if store.is_writable() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the store did not come back");
}

#[tokio::test]
async fn a_file_that_goes_away_is_an_error_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    store.record(draft("aa")).await.unwrap();
    // A file that cannot be replaced stands for a disk that went away.
    let path = settings(dir.path()).path;
    std::fs::rename(&path, dir.path().join("away")).unwrap();
    store.record(draft("bb")).await.unwrap_err();
    assert!(!store.is_writable());
    std::fs::create_dir(&path).unwrap();
    store.record(draft("cc")).await.unwrap_err();
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(dir.path().join("away"), &path).unwrap();
    store.record(draft("dd")).await.unwrap();
    assert!(store.is_writable());
}

#[tokio::test]
async fn the_chain_goes_on_after_a_restart_and_after_a_drop_without_close() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..3 {
        let store = open(dir.path()).await;
        store.record(many("v", number)).await.unwrap();
        if number == 1 {
            store.close().await.unwrap();
            let closed = store.record(draft("late")).await;
            assert!(matches!(closed, Err(StoreError::Unwritable)));
        }
        drop(store);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let report = verify(&reader(dir.path()).await, &Trust::default()).await;
    let report = report.unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.incidents, 3);
}

#[tokio::test]
async fn a_newer_a_foreign_and_another_nodes_store_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).await);
    let elsewhere = tempfile::tempdir().unwrap();
    let other = StoreKeys::load_or_create(elsewhere.path()).unwrap();
    let own = StoreKeys::load(dir.path()).unwrap();
    let settings = settings(dir.path());
    let clock: Clock = || UnixMillis(NOON);
    let refused = Store::open(&settings, other, clock).await.err();
    assert!(matches!(refused, Some(StoreError::OtherKey)));
    meddle(dir.path(), "PRAGMA user_version = 9").await;
    let refused = Store::open(&settings, own.clone(), clock).await.err();
    assert!(matches!(
        refused,
        Some(StoreError::Newer { found: 9, known: 4 })
    ));
    meddle(dir.path(), "PRAGMA application_id = 0").await;
    let refused = Store::open(&settings, own, clock).await.err();
    assert!(matches!(refused, Some(StoreError::NotAStore(_))));
}

/// Records until it is killed, printing the id of every receipt it holds.
#[tokio::test]
#[ignore = "runs only as the child of the next test"]
async fn child_that_records_until_it_is_killed() {
    let Some(dir) = std::env::var_os("LACHAN_TEST_STORE") else {
        return;
    };
    let store = open(Path::new(&dir)).await;
    for number in 0.. {
        let receipt = store.record(many("v", number)).await.unwrap();
        println!("receipt {}", receipt.id);
    }
}

#[tokio::test]
async fn what_had_its_receipt_is_there_after_a_kill() {
    use std::io::{BufRead as _, BufReader};
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("store::failure_tests::child_that_records_until_it_is_killed")
        .env("LACHAN_TEST_STORE", dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ids = Vec::new();
    for line in lines.map_while(Result::ok) {
        // The first receipt shares its line with the name of the test.
        ids.extend(line.split_once("receipt ").map(|(_, id)| id.to_owned()));
        if ids.len() == 50 {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(ids.len() >= 50);
    let reader = reader(dir.path()).await;
    for id in &ids {
        assert!(reader.find(id).await.unwrap().is_some(), "{id} is lost");
    }
    let report = verify(&reader, &Trust::default()).await.unwrap();
    assert!(report.is_intact(), "{report:?}");
}
