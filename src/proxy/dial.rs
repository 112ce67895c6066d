//! How does the proxy reach a host for a client? By a fixed address from the settings, else through
//! the parent proxy, else by DNS; only where the address guard allows it.
//!
//! In goes a host, a port and what the connection is for; out comes a connected socket. Addresses
//! are checked as resolved and again on the connected socket, so that no spelling and no changing
//! DNS answer leads inside. Never: TLS, HTTP beyond the parent's `CONNECT`, an unbounded wait.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::address_guard::{AddressGuard, AddressRefused, Purpose};
use super::dial_target::{DialTarget, resolve};
use super::parent_proxy::{ParentError, ParentProxy};
use crate::model::address::UpstreamAddr;

/// Addresses tried of one DNS answer.
const ADDRESSES_MAX: usize = 8;

/// Head start of each address over the next (RFC 8305 section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// How to dial: `[upstream]` of the settings.
#[derive(Clone, Debug)]
pub struct DialSettings {
    /// Hosts with a fixed address. It wins over everything and is not guarded.
    pub connect_to: Vec<ConnectTo>,
    /// The proxy that everything else goes through.
    pub parent_proxy: Option<ParentProxy>,
    /// For a connection to stand, name lookup and parent included.
    pub connect_max: Duration,
}

/// A host with a fixed address.
#[derive(Clone, Debug)]
pub struct ConnectTo {
    /// The host as clients name it.
    pub host: String,
    /// The port as clients name it.
    pub port: u16,
    /// Where to connect instead.
    pub address: SocketAddr,
}

/// A connected socket.
#[derive(Debug)]
pub struct Dialled {
    /// The socket: `TCP_NODELAY` set, nothing written or read beyond the parent's `CONNECT`.
    pub stream: TcpStream,
    /// Its other end: the parent proxy's where one is used.
    pub addr: UpstreamAddr,
}

/// In which form a plain HTTP request is to be sent (RFC 9112 section 3.2).
#[derive(Clone, Copy, Debug)]
pub enum PlainForm<'a> {
    /// Path only: the socket leads to the host itself.
    Origin,
    /// The whole URI: the socket leads to this parent proxy.
    Absolute(&'a ParentProxy),
}

/// Why a host could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// Not a DNS name or an address.
    #[error("not a host name or address")]
    Host,
    /// The name does not resolve.
    #[error("the name does not resolve")]
    Dns(#[source] io::Error),
    /// The address must not be dialled for a client.
    #[error("the address is refused")]
    AddressRefused(#[from] AddressRefused),
    /// No address answers.
    #[error("cannot connect")]
    Connect(#[source] io::Error),
    /// It took too long.
    #[error("connecting took too long")]
    Timeout,
    /// The parent proxy does not lead there.
    #[error("the parent proxy does not lead there")]
    Parent(#[from] ParentError),
}

/// Connects to hosts for clients.
#[derive(Clone, Debug)]
pub struct Dialer {
    settings: DialSettings,
    guard: AddressGuard,
}

impl Dialer {
    /// Dials by these settings, where this guard allows it.
    pub const fn new(settings: DialSettings, guard: AddressGuard) -> Self {
        Self { settings, guard }
    }

    /// A socket that leads to `host`, through the parent proxy's `CONNECT` where there is one.
    ///
    /// # Errors
    /// When the host cannot or must not be reached.
    pub async fn dial(
        &self,
        host: &str,
        port: u16,
        purpose: Purpose,
    ) -> Result<Dialled, DialError> {
        self.within(async {
            let Some(parent) = self.parent_for(host, port) else {
                return self.direct(host, port, purpose).await;
            };
            let target = DialTarget::parse(host, port)?;
            target.check_literal(&self.guard, purpose)?;
            let mut dialled = connect_parent(parent).await?;
            parent
                .tunnel(&mut dialled.stream, &target.authority())
                .await?;
            Ok(dialled)
        })
        .await
    }

    /// A socket for a plain HTTP request to `host`, and the form in which to send it.
    ///
    /// # Errors
    /// When the host cannot or must not be reached.
    pub async fn dial_plain(
        &self,
        host: &str,
        port: u16,
        purpose: Purpose,
    ) -> Result<(Dialled, PlainForm<'_>), DialError> {
        self.within(async {
            let Some(parent) = self.parent_for(host, port) else {
                let dialled = self.direct(host, port, purpose).await?;
                return Ok((dialled, PlainForm::Origin));
            };
            DialTarget::parse(host, port)?.check_literal(&self.guard, purpose)?;
            Ok((connect_parent(parent).await?, PlainForm::Absolute(parent)))
        })
        .await
    }

    async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, DialError>>,
    ) -> Result<T, DialError> {
        tokio::time::timeout(self.settings.connect_max, work)
            .await
            .map_err(|_| DialError::Timeout)?
    }

    fn fixed(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let host = host.strip_suffix('.').unwrap_or(host);
        self.settings
            .connect_to
            .iter()
            .find(|entry| entry.port == port && entry.host.eq_ignore_ascii_case(host))
            .map(|entry| entry.address)
    }

    /// The parent proxy, unless the host has a fixed address.
    fn parent_for(&self, host: &str, port: u16) -> Option<&ParentProxy> {
        let parent = self.settings.parent_proxy.as_ref()?;
        self.fixed(host, port).is_none().then_some(parent)
    }

    async fn direct(&self, host: &str, port: u16, purpose: Purpose) -> Result<Dialled, DialError> {
        if let Some(address) = self.fixed(host, port) {
            return connected(
                connect_any(vec![address])
                    .await
                    .map_err(DialError::Connect)?,
            );
        }
        let addresses = DialTarget::parse(host, port)?.resolve().await?;
        // One bad address spoils the answer: honest names do not mix public and private ones, and
        // names made to lead inside do.
        for address in &addresses {
            self.guard.check_socket(*address, purpose)?;
        }
        let stream = connect_any(addresses).await.map_err(DialError::Connect)?;
        let dialled = connected(stream)?;
        self.guard.check_socket(dialled.addr.0, purpose)?;
        refuse_self(&dialled)?;
        Ok(dialled)
    }
}

/// Connects to whichever address answers first, each a little later than the one before.
async fn connect_any(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut head_start = Duration::ZERO;
    for address in addresses.into_iter().take(ADDRESSES_MAX) {
        attempts.spawn(async move {
            tokio::time::sleep(head_start).await;
            TcpStream::connect(address).await
        });
        head_start += HEAD_START;
    }
    let mut failure = io::Error::from(io::ErrorKind::NotFound);
    while let Some(attempt) = attempts.join_next().await {
        match attempt {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = error,
            Err(ended) => failure = io::Error::other(ended),
        }
    }
    Err(failure)
}

fn connected(stream: TcpStream) -> Result<Dialled, DialError> {
    stream.set_nodelay(true).map_err(DialError::Connect)?;
    let addr = UpstreamAddr(stream.peer_addr().map_err(DialError::Connect)?);
    Ok(Dialled { stream, addr })
}

/// A socket with the same address at both ends leads to this machine, whatever the address.
fn refuse_self(dialled: &Dialled) -> Result<(), DialError> {
    let local = dialled.stream.local_addr().map_err(DialError::Connect)?;
    if local.ip().to_canonical() == dialled.addr.0.ip().to_canonical() {
        return Err(AddressRefused::Loopback.into());
    }
    Ok(())
}

async fn connect_parent(parent: &ParentProxy) -> Result<Dialled, DialError> {
    let bare = parent.host.trim_matches(['[', ']']);
    let addresses = resolve(bare, parent.port).await.map_err(ParentError::Io)?;
    let stream = connect_any(addresses).await.map_err(ParentError::Io)?;
    connected(stream)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    async fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    fn dialer(connect_to: Vec<ConnectTo>, parent_proxy: Option<ParentProxy>) -> Dialer {
        let settings = DialSettings {
            connect_to,
            parent_proxy,
            connect_max: Duration::from_secs(5),
        };
        Dialer::new(settings, AddressGuard::default())
    }

    fn parent(address: SocketAddr) -> Option<ParentProxy> {
        Some(ParentProxy {
            host: address.ip().to_string(),
            port: address.port(),
            authorization: None,
        })
    }

    #[tokio::test]
    async fn a_fixed_address_wins_and_is_not_guarded() {
        let (_listener, address) = listener().await;
        let entry = ConnectTo {
            host: "chatgpt.com".to_owned(),
            port: 443,
            address,
        };
        let nowhere = parent("127.0.0.1:1".parse().unwrap());
        let dialer = dialer(vec![entry], nowhere);
        for host in ["ChatGPT.com", "chatgpt.com."] {
            let dialled = dialer.dial(host, 443, Purpose::AiHost).await.unwrap();
            assert_eq!(dialled.addr.0, address);
            assert!(dialled.stream.nodelay().unwrap());
        }
    }

    #[tokio::test]
    async fn names_and_spellings_of_this_machine_are_refused() {
        let (_listener, address) = listener().await;
        let dialer = dialer(Vec::new(), None);
        for host in ["127.0.0.1", "localhost", "[::1]", "::ffff:127.0.0.1", "0"] {
            let refused = dialer.dial(host, address.port(), Purpose::Tunnel).await;
            assert!(
                matches!(
                    refused,
                    Err(DialError::AddressRefused(_) | DialError::Dns(_) | DialError::Host)
                ),
                "{host}: {refused:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_socket_that_leads_to_this_machine_is_noticed() {
        let (_listener, address) = listener().await;
        let dialled = connected(connect_any(vec![address]).await.unwrap()).unwrap();
        assert!(matches!(
            refuse_self(&dialled),
            Err(DialError::AddressRefused(AddressRefused::Loopback))
        ));
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_gives_way_to_the_next() {
        let (closed, dead) = listener().await;
        drop(closed);
        let (_listener, alive) = listener().await;
        let stream = connect_any(vec![dead, alive]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), alive);
        assert!(connect_any(vec![dead]).await.is_err());
    }

    #[tokio::test]
    async fn a_parent_proxy_is_dialled_instead_of_the_host() {
        let (listener, address) = listener().await;
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let mut asked = [0; 25];
            stream.read_exact(&mut asked).await.unwrap();
            asked
        });
        let dialer = dialer(Vec::new(), parent(address));
        let dialled = dialer.dial("Claude.ai", 443, Purpose::AiHost).await;
        assert_eq!(dialled.unwrap().addr.0, address);
        assert_eq!(&served.await.unwrap(), b"CONNECT claude.ai:443 HTT");
    }

    #[tokio::test]
    async fn plain_requests_go_to_a_parent_in_absolute_form() {
        let (_listener, address) = listener().await;
        let dialer = dialer(Vec::new(), parent(address));
        let (dialled, form) = dialer
            .dial_plain("example.com", 80, Purpose::Tunnel)
            .await
            .unwrap();
        assert_eq!(dialled.addr.0, address);
        assert!(matches!(form, PlainForm::Absolute(_)));
    }

    #[tokio::test]
    async fn a_parent_is_not_asked_for_private_addresses_or_odd_hosts() {
        let dialer = dialer(Vec::new(), parent("127.0.0.1:1".parse().unwrap()));
        let refused = dialer.dial("[::ffff:10.0.0.1]", 443, Purpose::Tunnel).await;
        assert!(matches!(
            refused,
            Err(DialError::AddressRefused(AddressRefused::Private))
        ));
        let refused = dialer.dial("a\r\nX: y", 443, Purpose::Tunnel).await;
        assert!(matches!(refused, Err(DialError::Host)));
    }
}
