//! Whatever is changed in the file, `verify` finds it and names the record.

use std::path::Path;

use sqlx::{AssertSqlSafe, Row as _};

use super::review::{DETECTED_AT, TO};
use super::schema::trigger_statements;
use super::tests::{draft, meddle, meddler, open, reader, secret_draft, settings};
use super::verify_report::{Broken, Fault};
use super::{Act, Actor, Checkpoint, Deed, Filter, StoreKeys, Trust, VerifyReport, What, verify};

/// Lifts the triggers, as someone who can write the file can.
const LIFT: &str = "DROP TRIGGER chain_is_never_deleted; DROP TRIGGER chain_is_never_changed; \
                    DROP TRIGGER chain_bodies_only_expire;";

/// A closed store with incidents, an event and checkpoints; the last one is given back.
async fn filled(dir: &Path) -> Checkpoint {
    let store = open(dir).await;
    store.record(draft("aa")).await.unwrap();
    store.record(draft("aa")).await.unwrap();
    let checkpoint = store.checkpoint().await.unwrap();
    store.record(secret_draft("bb")).await.unwrap();
    let third = store.record(draft("cc")).await.unwrap();
    assert_eq!((checkpoint.seq, store.chain_seq()), (1, 4));
    let deed = |what, to| {
        let deed = Deed::new(Actor::terminal(), what).incident(&third.id);
        Act::of(deed.fact(TO, to).fact(DETECTED_AT, "5"))
    };
    store.act(deed(What::Assigned, "lan")).await.unwrap();
    store.act(deed(What::OutcomeSet, "exposed")).await.unwrap();
    store.close().await.unwrap();
    let last = reader(dir).await.checkpoint().await.unwrap().unwrap();
    assert_eq!(last.seq, 7);
    last
}

async fn verified(dir: &Path, trust: &Trust) -> VerifyReport {
    verify(&reader(dir).await, trust).await.unwrap()
}

/// What `verify` finds after a change made with the triggers lifted and put back.
async fn found_after(change: &str) -> Option<Broken> {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let triggers = trigger_statements().join(";");
    meddle(dir.path(), &format!("{LIFT} {change}; {triggers}")).await;
    verified(dir.path(), &Trust::default()).await.broken
}

fn at(seq: u64, fault: Fault) -> Option<Broken> {
    let seq = Some(seq);
    Some(Broken { seq, fault })
}

#[tokio::test]
async fn an_untouched_store_holds() {
    let dir = tempfile::tempdir().unwrap();
    let checkpoint = filled(dir.path()).await;
    let keys = StoreKeys::load(dir.path()).unwrap();
    let trust = Trust {
        public_key: Some(keys.public_key()),
        checkpoint: Some(checkpoint),
    };
    let report = verified(dir.path(), &trust).await;
    assert_eq!(report.broken, None);
    assert_eq!((report.records, report.incidents), (8, 3));
    assert_eq!((report.checkpoints, report.unsigned), (2, 0));
}

#[tokio::test]
async fn one_flipped_bit_in_any_column_of_any_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let mut connection = meddler(dir.path()).await;
    let lift = sqlx::raw_sql(LIFT).execute(&mut connection);
    lift.await.unwrap();
    let mut flips = 0;
    for table in [
        "chain", "incident", "finding", "event", "deed", "total", "meta",
    ] {
        let columns = format!("SELECT name, type FROM pragma_table_info('{table}')");
        let columns = sqlx::query(AssertSqlSafe(columns))
            .fetch_all(&mut connection)
            .await;
        for column in columns.unwrap() {
            let (name, kind): (String, String) = (column.get(0), column.get(1));
            // The last byte of a text or blob, the last bit of a number.
            let flipped = match kind.as_str() {
                "INTEGER" => format!("{name} + 64"),
                "TEXT" => format!("substr({name}, 1, length({name}) - 1) || '~'"),
                _ => format!(
                    "CAST(substr({name}, 1, length({name}) - 1) || \
                     CASE WHEN substr({name}, -1) = x'00' THEN x'01' ELSE x'00' END AS BLOB)"
                ),
            };
            let place = place_of_a_row(table);
            let rows = format!("SELECT {place} FROM {table} WHERE {name} IS NOT NULL");
            let rows = sqlx::query(AssertSqlSafe(rows))
                .fetch_all(&mut connection)
                .await;
            for row in rows.unwrap() {
                let place: String = row.get(0);
                let change = format!("UPDATE {table} SET {name} = {flipped} WHERE {place}");
                flips += 1;
                assert_found(dir.path(), &change).await;
            }
        }
    }
    assert!(flips > 200, "{flips}");
}

/// The expression for the condition that names one row of a table.
fn place_of_a_row(table: &str) -> &'static str {
    if table == "total" {
        "format('day = %d AND dimension = %Q AND name = %Q AND action = %Q AND is_secret = %d', \
         day, dimension, name, action, is_secret)"
    } else {
        "'rowid = ' || rowid"
    }
}

/// Makes a change in a copy of the store and expects `verify` to name something wrong.
async fn assert_found(dir: &Path, change: &str) {
    let copy = tempfile::tempdir().unwrap();
    let from = settings(dir).path;
    let mut connection = meddler(dir).await;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut connection)
        .await
        .unwrap();
    std::fs::copy(from, settings(copy.path()).path).unwrap();
    meddle(copy.path(), change).await;
    let broken = verified(copy.path(), &Trust::default()).await.broken;
    // The lifted triggers alone would be found as a changed schema.
    let is_named = broken.is_some_and(|broken| broken.fault != Fault::Schema);
    assert!(is_named, "{change}: {broken:?}");
}

#[tokio::test]
async fn a_record_taken_out_moved_or_emptied_is_named() {
    let deleted = "DELETE FROM chain WHERE seq = 2; DELETE FROM event WHERE seq = 2";
    assert_eq!(found_after(deleted).await, at(2, Fault::Missing));
    let moved = "UPDATE chain SET seq = 99 WHERE seq = 1; UPDATE chain SET seq = 1 WHERE seq = 4; \
                 UPDATE chain SET seq = 4 WHERE seq = 99";
    assert_eq!(found_after(moved).await, at(1, Fault::Prev));
    let emptied = "UPDATE chain SET body = NULL WHERE seq = 4";
    assert_eq!(found_after(emptied).await, at(4, Fault::NoBody));
    let before = "INSERT INTO chain SELECT 0, kind, body, body_hash, prev, hash, recorded_at \
                  FROM chain WHERE seq = 1";
    assert_eq!(found_after(before).await, at(1, Fault::Missing));
}

#[tokio::test]
async fn a_changed_table_definition_or_an_extra_row_is_named() {
    let whole = |fault| Some(Broken { seq: None, fault });
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    meddle(dir.path(), "DROP TRIGGER chain_is_never_deleted").await;
    let report = verified(dir.path(), &Trust::default()).await;
    assert_eq!(report.broken, whole(Fault::Schema));
    let extra = "INSERT INTO event VALUES (77, 'x', 'repeats', 1, 1)";
    assert_eq!(found_after(extra).await, whole(Fault::NoRecord));
    let extra = "INSERT INTO event VALUES (1, 'x', 'repeats', 1, 1)";
    assert_eq!(found_after(extra).await, at(1, Fault::Derived));
    let extra = "INSERT INTO event VALUES (8, 'x', 'repeats', 1, 1)";
    assert_eq!(found_after(extra).await, at(8, Fault::Derived));
    let undone = "UPDATE incident SET assignee = NULL, outcome_now = outcome, \
                  detected_at = NULL, confirmed_at = NULL";
    assert_eq!(found_after(undone).await, whole(Fault::Stands));
    let uncounted = "UPDATE total SET count = count + 1 WHERE dimension = 'all'";
    assert_eq!(found_after(uncounted).await, whole(Fault::Stands));
}

#[tokio::test]
async fn a_chain_cut_off_and_hashed_anew_is_shown_by_a_checkpoint_kept_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let checkpoint = filled(dir.path()).await;
    let cut = "DELETE FROM chain WHERE seq > 3; DELETE FROM incident WHERE seq > 3; \
               DELETE FROM event WHERE seq > 3; DELETE FROM deed WHERE seq > 3; \
               DELETE FROM finding WHERE seq > 3; DELETE FROM total WHERE is_secret = 0; \
               INSERT INTO total SELECT day, 'all', '', action, 0, 1 FROM incident WHERE seq = 1 \
               UNION ALL SELECT day, 'service', service, action, 0, 1 FROM incident WHERE seq = 1 \
               UNION ALL SELECT day, 'unit', unit, action, 0, 1 FROM incident WHERE seq = 1 \
               UNION ALL SELECT day, 'severity', severity, action, 0, 1 FROM incident WHERE seq = 1 \
               UNION ALL SELECT day, 'category', categories, action, 0, 1 FROM incident \
               WHERE seq = 1;";
    let triggers = trigger_statements().join(";");
    meddle(dir.path(), &format!("{LIFT} {cut} {triggers}")).await;
    assert!(verified(dir.path(), &Trust::default()).await.is_intact());
    let file = checkpoint.to_json().to_string();
    let trust = Trust {
        checkpoint: Some(Checkpoint::from_json(&file).unwrap()),
        public_key: None,
    };
    let report = verified(dir.path(), &trust).await;
    assert_eq!(report.broken, at(4, Fault::Truncated));
}

#[tokio::test]
async fn another_chain_by_another_key_is_shown_by_the_key_and_by_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let forged = tempfile::tempdir().unwrap();
    let checkpoint = filled(dir.path()).await;
    filled(forged.path()).await;
    assert!(verified(forged.path(), &Trust::default()).await.is_intact());
    let key = StoreKeys::load(dir.path()).unwrap().public_key();
    let by_key = Trust {
        public_key: Some(key),
        checkpoint: None,
    };
    let report = verified(forged.path(), &by_key).await;
    assert_eq!(report.broken.unwrap().fault, Fault::OtherKey);
    let by_checkpoint = Trust {
        public_key: None,
        checkpoint: Some(checkpoint),
    };
    let report = verified(forged.path(), &by_checkpoint).await;
    assert_eq!(report.broken, at(7, Fault::OtherRecord));
}

/// Flips bits all over the file itself: what is found is named, what is not found changes nothing.
#[tokio::test]
async fn a_flipped_bit_in_the_file_is_found_or_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let pristine = std::fs::read(settings(dir.path()).path).unwrap();
    let expected = reader(dir.path()).await.list(&Filter::default()).await;
    let expected = expected.unwrap();
    let mut found = 0;
    for place in (100..pristine.len()).step_by(97) {
        let copy = tempfile::tempdir().unwrap();
        let mut bytes = pristine.clone();
        bytes[place] ^= 0x10;
        std::fs::write(settings(copy.path()).path, bytes).unwrap();
        let Ok(reader) = super::StoreReader::open(&settings(copy.path()).path).await else {
            found += 1;
            continue;
        };
        match verify(&reader, &Trust::default()).await {
            Ok(report) if report.is_intact() => {
                let listed = reader.list(&Filter::default()).await.unwrap();
                assert_eq!(listed, expected, "byte {place}");
            }
            Ok(_) | Err(_) => found += 1,
        }
    }
    assert!(found > 20, "{found}");
}
