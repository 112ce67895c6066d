//! Does a real proxy keep its promises on real sockets, with real TLS?
//!
//! Each test opens an office: a proxy on port 0 with its own CA and store, and a stand-in for the
//! AI service whose certificate a test CA signed. Clients speak HTTP/1.1 and HTTP/2 through it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on is to stop here"
)]

mod bounds;
mod client;
mod frames;
mod interception;
mod office;
mod pages;
mod restoring;
mod service;
mod socket;
mod socket_answers;
mod tunnels;
mod watching;
mod wire;
