//! Which workstation is at the other end of a connection?

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use crate::inspect::Sender;

/// A connected workstation.
#[derive(Clone)]
pub(super) struct Client {
    /// Its address and unit.
    pub(super) sender: Sender,
    /// The socket of ours that it reached.
    pub(super) at: SocketAddr,
    /// What the program on it calls itself; empty where it does not say.
    pub(super) program: String,
    /// Its place among `connections_max`, given back with the last clone.
    pub(super) _place: Arc<OwnedSemaphorePermit>,
}
