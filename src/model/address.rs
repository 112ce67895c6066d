//! Whose address is this? Newtypes for the two ends of an exchange, so that they cannot be swapped.

use core::net::{IpAddr, SocketAddr};
use std::fmt;

/// The workstation's address as the proxy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddr(pub SocketAddr);

impl ClientAddr {
    /// The address without the port, IPv4-mapped IPv6 folded to IPv4: one workstation, one value.
    pub fn ip(self) -> IpAddr {
        self.0.ip().to_canonical()
    }
}

impl fmt::Display for ClientAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ip().fmt(f)
    }
}

/// The address of an AI service (or tunnelled server) that the proxy dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UpstreamAddr(pub SocketAddr);
