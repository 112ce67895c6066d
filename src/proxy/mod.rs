//! Clients, tunnels, interception, exchanges, refusals.

pub mod address_guard;
pub mod dial;
pub mod hello;
pub mod parent_proxy;
pub mod rewind;
mod target;
pub mod websocket;
mod websocket_carry;
mod websocket_frame;
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
#[cfg(test)]
mod websocket_stage;
