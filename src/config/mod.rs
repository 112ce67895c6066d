//! What does the office's settings file say? The one place that knows it.
//!
//! Settings structs live with the part that they configure; this module maps `lachan.toml` onto
//! them and reports every mistake at once, each with key, value, reason and remedy. Unknown keys
//! are mistakes, with the nearest known key named. Nothing is half-read: a file with one mistake
//! gives no settings at all.
//!
//! Read next: [`settings_file`] (the mapping), [`meaning`] (what fits together), [`mistake`] (how mistakes are told).

mod evidence_setting;
mod listen_setting;
mod meaning;
mod mistake;
mod report_setting;
mod settings;
mod settings_file;
mod table_reader;

pub use mistake::Mistake;
pub use settings::{Settings, StoreLocation};
pub use settings_file::{load, parse, read};
