//! Clients, tunnels, interception, exchanges, refusals.

pub mod address_guard;
pub mod dial;
pub mod hello;
pub mod parent_proxy;
pub mod rewind;
pub mod websocket;
mod websocket_carry;
mod websocket_frame;
#[cfg(test)]
mod websocket_stage;
