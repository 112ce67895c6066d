//! Everything wired together: from settings to a running guard, and down again.
//!
//! [`start()`] makes or opens what the program needs, in an order that leaves nothing half-made:
//! settings and rules are checked and every port is bound before the first file is written.
//! [`App::run`] serves until told to stop. A failed start is one [`StartError`] that names the
//! thing and the remedy.
//!
//! Read next: `snapshot` (catalogue, rules and policy as one), `node_keys`, `greeting`.

mod clock;
mod data_folder;
mod draft_keeper;
mod greeting;
mod health;
mod in_force;
mod listeners;
mod node_keys;
mod office_parts;
mod reload;
mod rule_files;
mod service_manager;
mod snapshot;
mod start;
mod start_error;
mod tally_keeper;
mod watch;
mod watch_keeper;

pub use clock::now;
pub use data_folder::node_name;
pub use node_keys::NodeKeys;
pub use snapshot::{Snapshot, read_roots};
pub use start::{App, start};
pub use start_error::{StartError, with_causes};
