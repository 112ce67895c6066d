//! Clients, tunnels, interception, exchanges, refusals.

mod answer;
mod failure_text;
mod notice;
mod page_style;
mod refusal_text;
mod wire_error;

pub mod failure_page;
pub mod office;
pub mod pac;
pub mod refusal;

pub use answer::{AnswerFormat, OwnAnswer};
