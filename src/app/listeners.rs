//! Every port of the program, bound before anything is written.

use core::net::SocketAddr;

use tokio::net::TcpListener;

use crate::app::start_error::StartError;
use crate::config::Settings;

/// The bound ports, with the addresses that were really given (port 0 becomes a number).
pub(super) struct Listeners {
    pub proxy: Vec<TcpListener>,
    pub proxy_addresses: Vec<SocketAddr>,
    pub admin: TcpListener,
    pub admin_address: SocketAddr,
    pub metrics: TcpListener,
    pub metrics_address: SocketAddr,
}

impl Listeners {
    /// Binds all of them, or none.
    pub(super) async fn bind(settings: &Settings) -> Result<Self, StartError> {
        let mut proxy = Vec::new();
        let mut proxy_addresses = Vec::new();
        for address in &settings.proxy.listen {
            let (listener, bound) = bind(*address, "proxy.listen").await?;
            proxy.push(listener);
            proxy_addresses.push(bound);
        }
        let (admin, admin_address) = bind(settings.admin_listen, "admin.listen").await?;
        let (metrics, metrics_address) = bind(settings.metrics_listen, "metrics.listen").await?;
        Ok(Self {
            proxy,
            proxy_addresses,
            admin,
            admin_address,
            metrics,
            metrics_address,
        })
    }

    /// All addresses: none of them is ever dialled for a client.
    pub(super) fn all_addresses(&self) -> Vec<SocketAddr> {
        let mut all = self.proxy_addresses.clone();
        all.extend([self.admin_address, self.metrics_address]);
        all
    }
}

async fn bind(
    address: SocketAddr,
    key: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen {
        address,
        key,
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}
