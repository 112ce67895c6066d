//! How is a value hidden, shown masked, counted, and given back?
//!
//! In: values that policy wants hidden, with their places. Out: a [`Plan`] of edits for `payload`,
//! masked excerpts and fingerprints for incidents, and the way back for answers.
//!
//! The same value gets the same placeholder every time without any state, because placeholders
//! are keyed hashes. Only the way back is kept: in memory, bounded, expiring, per client.
//!
//! Never: keeps a value anywhere but in [`WayBack`], or gives it to another client than the one
//! it came from.
//!
//! Read next: [`Placeholders`] (the plan), `placeholder` (what one looks like), [`WayBack`].

mod comparable;
mod keyed_hash;
mod mask;
mod placeholder;
mod plan;
mod way_back;

pub use keyed_hash::KeyedHash;
pub use mask::mask;
pub use placeholder::{PlaceholderStart, is_placeholder, placeholder_start};
pub use plan::{Placeholders, Plan, Scope, Value};
pub use way_back::WayBack;
