//! How may the proxy's listeners be written? As one address, a list, or a list with units.

use core::net::SocketAddr;

use serde::Deserialize;

use crate::proxy::settings::UnitSettings;

/// `proxy.listen`: one address, or a list of addresses, each alone or with its unit.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"ADDRESS:PORT\" or a list of such addresses"
)]
pub(super) enum Listen {
    One(Listener),
    Many(Vec<Listener>),
}

impl Listen {
    /// All of them.
    pub(super) fn listeners(self) -> Vec<Listener> {
        match self {
            Self::One(listener) => vec![listener],
            Self::Many(listeners) => listeners,
        }
    }
}

/// One listener of the proxy.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected \"ADDRESS:PORT\" or { address, unit }")]
pub(super) enum Listener {
    Alone(SocketAddr),
    Named { address: SocketAddr, unit: String },
}

impl Listener {
    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        match self {
            Self::Alone(address) | Self::Named { address, .. } => *address,
        }
    }

    /// The unit of its clients, where it names one.
    pub(super) fn unit(&self) -> Option<UnitSettings> {
        match self {
            Self::Alone(_) => None,
            Self::Named { address, unit } => Some(UnitSettings {
                name: unit.clone(),
                clients: Vec::new(),
                port: Some(address.port()),
            }),
        }
    }
}
