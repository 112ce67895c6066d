//! Which tables are there? The statements that make them, as text that `verify` compares.
//!
//! `chain` is the truth and append-only: triggers refuse a change, a deletion, and anything but
//! the expiry of a body. `incident`, `finding`, `event`, `deed` and `total` are derived from it, for
//! lists; they can be made anew at any time. `account` and `session` are the back office's own:
//! they change, and each change has a deed in the chain. `token` names the programs that may ask
//! the API; `alert` is a queue of what is still to be told elsewhere; `evidence` holds sealed texts
//! until they expire, each with its digest in the chain.
//!
//! Plain SQL, so that another database can have the same tables.

/// The chain, its guards, and what is known about the store.
const TRUTH: [&str; 6] = [
    "CREATE TABLE chain (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body BLOB, \
     body_hash BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, \
     recorded_at INTEGER NOT NULL) STRICT",
    "CREATE TRIGGER chain_is_never_deleted BEFORE DELETE ON chain \
     BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END",
    "CREATE TRIGGER chain_is_never_changed \
     BEFORE UPDATE OF seq, kind, body_hash, prev, hash, recorded_at ON chain \
     BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END",
    "CREATE TRIGGER chain_bodies_only_expire BEFORE UPDATE OF body ON chain \
     WHEN NEW.body IS NOT NULL \
     BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE INDEX chain_by_kind ON chain (kind, seq)",
];

/// The derived tables: dropped and made anew when the format changes.
pub(super) const DERIVED_TABLES: [&str; 5] = ["incident", "finding", "event", "deed", "total"];

/// The statements that make the derived tables.
pub(super) const DERIVED: [&str; 23] = [
    "CREATE TABLE incident (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, code TEXT NOT NULL, \
     recorded_at INTEGER NOT NULL, day INTEGER NOT NULL, client TEXT NOT NULL, unit TEXT, \
     service TEXT NOT NULL, endpoint TEXT NOT NULL, carries TEXT NOT NULL, action TEXT NOT NULL, \
     policy_rule TEXT NOT NULL, severity TEXT NOT NULL, outcome TEXT NOT NULL, \
     subjects INTEGER NOT NULL, categories TEXT NOT NULL, uninspectable TEXT, \
     is_secret INTEGER NOT NULL, is_continued INTEGER NOT NULL, status TEXT NOT NULL, \
     assignee TEXT, outcome_now TEXT NOT NULL, detected_at INTEGER, \
     confirmed_at INTEGER) STRICT",
    "CREATE UNIQUE INDEX incident_by_id ON incident (id)",
    "CREATE UNIQUE INDEX incident_by_code ON incident (code)",
    "CREATE INDEX incident_by_time ON incident (recorded_at)",
    "CREATE INDEX incident_by_client ON incident (client, seq)",
    "CREATE INDEX incident_by_unit ON incident (unit, seq)",
    "CREATE INDEX incident_by_service ON incident (service, seq)",
    "CREATE INDEX incident_by_action ON incident (action, seq)",
    "CREATE INDEX incident_by_severity ON incident (severity, seq)",
    "CREATE INDEX incident_by_status ON incident (status, seq)",
    "CREATE INDEX incident_by_standing ON incident (status, severity, is_continued, is_secret)",
    "CREATE INDEX incident_by_outcome ON incident (outcome_now, seq)",
    "CREATE INDEX incident_by_assignee ON incident (assignee, seq)",
    "CREATE TABLE finding (seq INTEGER NOT NULL, category TEXT NOT NULL, \
     fingerprint TEXT NOT NULL, rule TEXT NOT NULL, \
     PRIMARY KEY (seq, category, fingerprint, rule)) STRICT",
    "CREATE INDEX finding_by_category ON finding (category, seq)",
    "CREATE INDEX finding_by_fingerprint ON finding (fingerprint, seq)",
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, incident TEXT NOT NULL, what TEXT NOT NULL, \
     count INTEGER NOT NULL, recorded_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX event_by_incident ON event (incident)",
    "CREATE TABLE deed (seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, \
     incident TEXT, subject TEXT, actor TEXT NOT NULL, role TEXT NOT NULL, \
     what TEXT NOT NULL) STRICT",
    "CREATE INDEX deed_by_incident ON deed (incident, seq)",
    "CREATE INDEX deed_by_what ON deed (what, seq)",
    "CREATE INDEX deed_by_subject ON deed (subject, seq)",
    "CREATE TABLE total (day INTEGER NOT NULL, dimension TEXT NOT NULL, name TEXT NOT NULL, \
     action TEXT NOT NULL, is_secret INTEGER NOT NULL, count INTEGER NOT NULL, \
     PRIMARY KEY (day, dimension, name, action, is_secret)) STRICT, WITHOUT ROWID",
];

/// The statements that make the back office's own tables.
pub(super) const OFFICE: [&str; 11] = [
    "CREATE TABLE account (name TEXT PRIMARY KEY, full_name TEXT NOT NULL, role TEXT NOT NULL, \
     password_hash TEXT NOT NULL, second_factor BLOB, second_factor_step INTEGER NOT NULL, \
     recovery_codes TEXT NOT NULL, sees_secrets INTEGER NOT NULL, \
     is_disabled INTEGER NOT NULL, must_change_password INTEGER NOT NULL, \
     created_at INTEGER NOT NULL, version INTEGER NOT NULL) STRICT",
    "CREATE TABLE session (token_hash BLOB PRIMARY KEY, account TEXT NOT NULL, \
     stage TEXT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL, \
     created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX session_by_account ON session (account)",
    "CREATE TABLE token (name TEXT PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE, \
     made_by TEXT NOT NULL, made_at INTEGER NOT NULL, ends_at INTEGER, \
     seen_at INTEGER) STRICT",
    "CREATE TABLE alert (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, body TEXT NOT NULL, \
     made_at INTEGER NOT NULL, due_at INTEGER, attempts INTEGER NOT NULL, \
     state TEXT NOT NULL, fault TEXT) STRICT",
    "CREATE INDEX alert_by_due ON alert (due_at)",
    "CREATE TABLE alert_cursor (channel TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT",
    "CREATE TABLE evidence (incident TEXT PRIMARY KEY, sealed_at INTEGER NOT NULL, \
     ends_at INTEGER NOT NULL, bytes INTEGER NOT NULL, recipient TEXT NOT NULL, \
     sealed BLOB NOT NULL) STRICT",
    "CREATE INDEX evidence_by_end ON evidence (ends_at)",
    "CREATE INDEX evidence_by_time ON evidence (sealed_at)",
    "CREATE INDEX evidence_by_size ON evidence (bytes)",
];

/// All statements, in the order in which a new file is made.
pub(super) fn statements() -> impl Iterator<Item = &'static str> {
    TRUTH.into_iter().chain(DERIVED).chain(OFFICE)
}
