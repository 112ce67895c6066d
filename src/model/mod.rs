//! The nouns: what every other part of the program talks about.
//!
//! Layer 0. Nothing here does anything beyond keeping its own promises; nothing here imports
//! another module of ours. Every word has one meaning, listed in ARCHITECTURE.md.
//!
//! Never: IO, clocks, randomness, knowledge of a file format.
//!
//! Read next: [`part`] (what leaves), [`finding`] (what was found in it), [`decision`] (what
//! follows), [`incident`] (what is kept).

pub mod address;
pub mod answer;
pub mod category;
pub mod codec;
pub mod coverage;
pub mod deadline;
pub mod decision;
pub mod exchange;
pub mod explanation;
pub mod finding;
pub mod incident;
pub mod limits;
pub mod normalized;
pub mod note;
pub mod part;
pub mod request_counts;
pub mod review;
pub mod sensitive;
pub mod thousands;
pub mod trouble;
pub mod uninspectable;
