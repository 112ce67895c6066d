//! What does a client want to reach? A name or an address, read once and safe from then on: to
//! resolve, to check, to write into a request.

use std::io;
use std::net::{IpAddr, SocketAddr};

use rustls_pki_types::DnsName;
use tokio::net::lookup_host;

use super::address_guard::{AddressGuard, AddressRefused, Purpose};
use super::dial::DialError;

/// A host in a form that is safe to resolve and to write into a request.
pub(super) enum DialTarget {
    Name(String, u16),
    Address(SocketAddr),
}

impl DialTarget {
    /// Reads a host as requests spell it; addresses may stand in brackets.
    pub(super) fn parse(host: &str, port: u16) -> Result<Self, DialError> {
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(SocketAddr::new(address, port)));
        }
        match DnsName::try_from(host) {
            Ok(_) => Ok(Self::Name(host.to_ascii_lowercase(), port)),
            Err(_) => Err(DialError::Host),
        }
    }

    /// Through a parent, names resolve out of our sight; addresses are seen.
    pub(super) fn check_literal(
        &self,
        guard: &AddressGuard,
        purpose: Purpose,
    ) -> Result<(), AddressRefused> {
        match self {
            Self::Name(..) => Ok(()),
            Self::Address(address) => guard.check_socket(*address, purpose),
        }
    }

    /// Its addresses, unchecked; at least one.
    pub(super) async fn resolve(&self) -> Result<Vec<SocketAddr>, DialError> {
        match self {
            Self::Name(name, port) => resolve(name, *port).await.map_err(DialError::Dns),
            Self::Address(address) => Ok(vec![*address]),
        }
    }

    /// `host:port`, for a request.
    pub(super) fn authority(&self) -> String {
        match self {
            Self::Name(name, port) => format!("{name}:{port}"),
            Self::Address(address) => address.to_string(),
        }
    }
}

/// Asks the system's resolver; at least one address.
pub(super) async fn resolve(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
    if addresses.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(addresses)
}
