//! How does the proxy reach a host for a client? By a fixed address from the settings, else through
//! the parent proxy, else by DNS; only where the address guard allows it.
//!
//! In goes a host, a port and what the connection is for; out comes a connected socket. Addresses
//! are checked as resolved and again on the connected socket, so that no spelling and no changing
//! DNS answer leads inside. Never: TLS, HTTP beyond the parent's `CONNECT`, an unbounded wait.

use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use rustls_pki_types::DnsName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;

use super::address_guard::{AddressGuard, AddressRefused, Purpose};
use crate::model::address::UpstreamAddr;
use crate::model::sensitive::Sensitive;

/// Addresses tried of one DNS answer.
const ADDRESSES_MAX: usize = 8;

/// Head start of each address over the next (RFC 8305 section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// Largest head of a parent proxy's answer, in bytes.
const REPLY_BYTES_MAX: usize = 16 * 1024;

/// Most header fields in a parent proxy's answer.
const REPLY_FIELDS_MAX: usize = 64;

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

/// An HTTP proxy above this one.
#[derive(Clone, Debug)]
pub struct ParentProxy {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The value of `Proxy-Authorization`, where it wants one.
    pub authorization: Option<Sensitive<String>>,
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
    /// The parent proxy cannot be reached.
    #[error("cannot connect to the parent proxy")]
    Parent(#[source] io::Error),
    /// The parent proxy answered, and not with 2xx.
    #[error("the parent proxy refused with status {status}")]
    ParentRefused {
        /// Its status; 407 means that it wants other credentials.
        status: u16,
    },
    /// What the parent proxy answered is not HTTP.
    #[error("the parent proxy's answer cannot be read")]
    ParentReply,
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
            let target = Target::parse(host, port)?;
            target.check_literal(&self.guard, purpose)?;
            let mut dialled = connect_parent(parent).await?;
            tunnel(&mut dialled.stream, parent, &target).await?;
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
            Target::parse(host, port)?.check_literal(&self.guard, purpose)?;
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
            return connected(connect_any(vec![address]).await.map_err(DialError::Connect)?);
        }
        let addresses = Target::parse(host, port)?.resolve().await?;
        // One bad address spoils the answer: honest names do not mix public and private ones, and
        // names made to lead inside do.
        for address in &addresses {
            self.guard.check_socket(*address, purpose)?;
        }
        let stream = connect_any(addresses).await.map_err(DialError::Connect)?;
        let dialled = connected(stream)?;
        self.guard.check_socket(dialled.addr.0, purpose)?;
        Ok(dialled)
    }
}

/// A host in a form that is safe to resolve and to write into a request.
enum Target {
    Name(String, u16),
    Address(SocketAddr),
}

impl Target {
    fn parse(host: &str, port: u16) -> Result<Self, DialError> {
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
    fn check_literal(&self, guard: &AddressGuard, purpose: Purpose) -> Result<(), AddressRefused> {
        match self {
            Self::Name(..) => Ok(()),
            Self::Address(address) => guard.check_socket(*address, purpose),
        }
    }

    async fn resolve(&self) -> Result<Vec<SocketAddr>, DialError> {
        match self {
            Self::Name(name, port) => resolve(name, *port).await.map_err(DialError::Dns),
            Self::Address(address) => Ok(vec![*address]),
        }
    }

    fn authority(&self) -> String {
        match self {
            Self::Name(name, port) => format!("{name}:{port}"),
            Self::Address(address) => address.to_string(),
        }
    }
}

async fn resolve(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
    if addresses.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(addresses)
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

async fn connect_parent(parent: &ParentProxy) -> Result<Dialled, DialError> {
    let bare = parent.host.trim_matches(['[', ']']);
    let addresses = resolve(bare, parent.port)
        .await
        .map_err(DialError::Parent)?;
    let stream = connect_any(addresses).await.map_err(DialError::Parent)?;
    connected(stream)
}

/// Asks the parent for a tunnel (RFC 9110 section 9.3.6).
async fn tunnel(
    stream: &mut TcpStream,
    parent: &ParentProxy,
    target: &Target,
) -> Result<(), DialError> {
    let authority = target.authority();
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some(authorization) = &parent.authorization {
        // Writing to a `String` cannot fail.
        drop(write!(
            request,
            "Proxy-Authorization: {}\r\n",
            authorization.expose()
        ));
    }
    request.push_str("\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .map_err(DialError::Parent)?;
    match read_reply(stream).await? {
        200..=299 => Ok(()),
        status => Err(DialError::ParentRefused { status }),
    }
}

/// Reads the head of the parent's answer and not one byte more: what follows is the host's.
async fn read_reply(stream: &mut TcpStream) -> Result<u16, DialError> {
    let mut head = Vec::with_capacity(512);
    // Single bytes cost a few hundred system calls per connection and spare a buffer that every
    // user of the socket would have to look into first.
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= REPLY_BYTES_MAX {
            return Err(DialError::ParentReply);
        }
        head.push(stream.read_u8().await.map_err(DialError::Parent)?);
    }
    let mut fields = [httparse::EMPTY_HEADER; REPLY_FIELDS_MAX];
    let mut reply = httparse::Response::new(&mut fields);
    match reply.parse(&head) {
        Ok(httparse::Status::Complete(_)) => reply.code.ok_or(DialError::ParentReply),
        Ok(httparse::Status::Partial) | Err(_) => Err(DialError::ParentReply),
    }
}

#[cfg(test)]
mod tests {
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
            authorization: Some(Sensitive::new("Basic dGh1OnRodQ==".to_owned())),
        })
    }

    /// A parent proxy that answers one request with `reply`, and what it was asked.
    async fn serve_once(listener: TcpListener, reply: &'static [u8]) -> String {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(reply).await.unwrap();
        String::from_utf8(asked).unwrap()
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
    async fn a_parent_proxy_is_asked_for_a_tunnel_and_its_first_bytes_stay() {
        let (listener, address) = listener().await;
        let served = tokio::spawn(serve_once(
            listener,
            b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nfirst",
        ));
        let mut dialled = dialer(Vec::new(), parent(address))
            .dial("Claude.ai", 443, Purpose::AiHost)
            .await
            .unwrap();
        let mut first = String::new();
        dialled.stream.read_to_string(&mut first).await.unwrap();
        assert_eq!(first, "first");
        assert_eq!(
            served.await.unwrap(),
            "CONNECT claude.ai:443 HTTP/1.1\r\nHost: claude.ai:443\r\n\
             Proxy-Authorization: Basic dGh1OnRodQ==\r\n\r\n"
        );
    }

    #[tokio::test]
    async fn a_parent_that_refuses_or_babbles_is_an_error() {
        for (reply, status) in [
            (
                &b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..],
                Some(407),
            ),
            (b"SSH-2.0-OpenSSH\r\n\r\n", None),
        ] {
            let (listener, address) = listener().await;
            let served = tokio::spawn(serve_once(listener, reply));
            let result = dialer(Vec::new(), parent(address))
                .dial("claude.ai", 443, Purpose::AiHost)
                .await;
            match status {
                Some(wanted) => assert!(
                    matches!(result, Err(DialError::ParentRefused { status }) if status == wanted)
                ),
                None => assert!(matches!(result, Err(DialError::ParentReply))),
            }
            served.await.unwrap();
        }
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

    #[tokio::test]
    async fn credentials_do_not_show_in_debug() {
        let shown = format!("{:?}", parent("127.0.0.1:1".parse().unwrap()));
        assert!(!shown.contains("dGh1"), "{shown}");
    }
}
