//! Clients, tunnels, interception, exchanges, refusals.

mod answer;
mod notice;
mod page_style;
mod refusal_text;

mod wire_error;


pub mod office;


pub mod refusal;


pub use answer::{AnswerFormat, OwnAnswer};
