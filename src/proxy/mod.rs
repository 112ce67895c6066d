//! Clients, tunnels, interception, exchanges, refusals.

mod answer;
mod failure_text;
mod notice;
mod page_style;
mod refusal_text;
mod selftest_chat;
mod wire_error;

pub mod failure_page;
pub mod office;
pub mod pac;
pub mod pages;
pub mod refusal;
pub mod selftest;

pub use answer::{AnswerFormat, OwnAnswer};
