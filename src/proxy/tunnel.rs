//! How do bytes pass unread between a client and a server that is no AI service?
//!
//! In: the client's stream and the dialled server. Out: whether the client turned out to want an
//! AI service after all, by the server name in its `ClientHello`. Until its first bytes are
//! judged, nothing goes up; what the server says already goes down, since in some protocols the
//! server speaks first. A half-closed connection stays half-open.
//!
//! Never: an end by impatience while bytes move, a tunnel to a host that is intercepted by now.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::Core;
use super::failure::Failure;
use super::hello::{Hello, read_hello};
use super::host_kind::kind_of;
use super::rewind::Rewind;
use super::target::{Target, normal_host};
use crate::inspect::Sender;
use crate::telemetry::TunnelReason;

/// How often a tunnel looks whether it is idle, or its host intercepted by now.
const WATCH_EVERY: Duration = Duration::from_secs(10);
/// How long a tunnel may be silent after one side ended.
const HALF_CLOSED_IDLE_MAX: Duration = Duration::from_secs(300);
/// What moves at once.
const PIECE_BYTES: usize = 16 * 1024;

/// A client that named one host for the tunnel and an AI host in its handshake.
pub(super) struct Turned<S> {
    /// The AI host.
    pub(super) host: String,
    /// The protocols it offers.
    pub(super) alpn: Vec<Vec<u8>>,
    /// Its stream, the `ClientHello` put back.
    pub(super) stream: Rewind<S>,
}

/// Passes bytes both ways until both sides are done.
pub(super) async fn pass<S>(
    core: &Core,
    sender: &Sender,
    target: &Target,
    reason: TunnelReason,
    (client, server): (S, TcpStream),
) -> Result<Option<Turned<S>>, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut client_reads, mut client_writes) = split(client);
    let looked = {
        let (server_reads, server_writes) = server.into_split();
        let moved = Moved::new();
        let mut down = pin!(pump(server_reads, &mut client_writes, &moved));
        let mut is_down_done = false;
        let first = {
            let mut reading = pin!(first_bytes(core, target, &mut client_reads));
            loop {
                tokio::select! {
                    first = &mut reading => break first?,
                    _ = &mut down, if !is_down_done => is_down_done = true,
                    () = sleep(HALF_CLOSED_IDLE_MAX), if is_down_done => return Ok(None),
                }
            }
        };
        match first {
            // What the server already said cannot be taken back: no honest client gets here.
            First::Turned { .. } if moved.anything() => return Ok(None),
            First::Turned { host, alpn, bytes } => Some((host, alpn, bytes)),
            First::Passes { name, bytes } => {
                core.parts.metrics.tunnel(reason);
                let named = name.filter(|name| is_of_a_service(core, name));
                core.passes_unread(named.as_deref().unwrap_or(&target.host), sender);
                let up = pump(Rewind::new(bytes, &mut client_reads), server_writes, &moved);
                let both = async {
                    if is_down_done {
                        up.await
                    } else {
                        tokio::try_join!(up, down).map(drop)
                    }
                };
                tokio::select! {
                    ended = both => tracing::debug!(?ended, "tunnel ended"),
                    () = watch(core, target, &moved) => {}
                }
                None
            }
        }
    };
    Ok(looked.map(|(host, alpn, bytes)| Turned {
        host,
        alpn,
        stream: Rewind::new(bytes, rejoin(client_reads, client_writes)),
    }))
}

/// Whether a tunnel is counted for the service that the handshake names; else for its own host's.
fn is_of_a_service(core: &Core, name: &str) -> bool {
    core.parts.inspector.load().service_of(name).is_some()
}

/// Copies bytes both ways until both sides are done or nothing moved for too long.
pub(super) async fn copy<A, B>(one: A, other: B, idle_max: Duration)
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let (one_reads, one_writes) = split(one);
    let (other_reads, other_writes) = split(other);
    let moved = Moved::new();
    let both = async {
        tokio::try_join!(
            pump(one_reads, other_writes, &moved),
            pump(other_reads, one_writes, &moved)
        )
    };
    tokio::select! {
        ended = both => tracing::debug!(?ended, "copy ended"),
        () = silence(&moved, idle_max) => {}
    }
}

fn rejoin<S: Unpin>(reads: ReadHalf<S>, writes: WriteHalf<S>) -> S {
    reads.unsplit(writes)
}

/// What the client's first bytes mean.
enum First {
    /// They pass; the handshake names this host, where it is one and names any.
    Passes { name: Option<String>, bytes: Bytes },
    /// They ask for another host, one that is intercepted.
    Turned {
        host: String,
        alpn: Vec<Vec<u8>>,
        bytes: Bytes,
    },
}

async fn first_bytes<R: AsyncRead + Unpin>(
    core: &Core,
    target: &Target,
    client: &mut R,
) -> Result<First, Failure> {
    let limits = &core.limits();
    let read = timeout(limits.tunnel_idle_max, read_hello(client, limits))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let (hello, bytes) = read.map_err(|cause| Failure::HelloUnreadable {
        host: target.host.clone(),
        cause,
    })?;
    let (name, alpn) = match hello {
        Hello::Tls { server_name, alpn } => (server_name, alpn),
        Hello::NotTls | Hello::Closed => (None, Vec::new()),
    };
    let name = name.map(|name| normal_host(&name));
    if let Some(host) = name.as_deref().filter(|name| *name != target.host) {
        core.discover(host);
    }
    Ok(match name {
        Some(host) if kind_of(&host, core).ends_here() => First::Turned { host, alpn, bytes },
        Some(_) | None => First::Passes { name, bytes },
    })
}

/// Moves bytes one way until that side is done, then tells the other side so.
async fn pump<R, W>(mut from: R, mut to: W, moved: &Moved) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = from.read(&mut piece).await?;
        let Some(news) = piece.get(..count).filter(|news| !news.is_empty()) else {
            moved.note_end();
            return to.shutdown().await;
        };
        to.write_all(news).await?;
        to.flush().await?;
        moved.note();
    }
}

/// Ends when nothing moved for too long.
async fn silence(moved: &Moved, open: Duration) {
    loop {
        let idle_max = moved.idle_max(open);
        sleep(WATCH_EVERY.min(idle_max)).await;
        if moved.idle() >= idle_max {
            return;
        }
    }
}

/// Ends when nothing moved for too long, or when the host is intercepted by now.
async fn watch(core: &Core, target: &Target, moved: &Moved) {
    let intercepted = async {
        while !kind_of(&target.host, core).ends_here() {
            sleep(WATCH_EVERY).await;
        }
    };
    tokio::select! {
        () = intercepted => {}
        () = silence(moved, core.limits().tunnel_idle_max) => {}
    }
}

/// When bytes last moved, in either direction. Milliseconds since the start, plus one; 0 is never.
struct Moved {
    started: Instant,
    last: AtomicU64,
    is_half_closed: AtomicBool,
}

impl Moved {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            last: AtomicU64::new(0),
            is_half_closed: AtomicBool::new(false),
        }
    }

    fn note(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now.saturating_add(1), Ordering::Relaxed);
    }

    fn note_end(&self) {
        self.is_half_closed.store(true, Ordering::Relaxed);
    }

    /// A half-open tunnel may be one whose other side forgot to close.
    fn idle_max(&self, open: Duration) -> Duration {
        if self.is_half_closed.load(Ordering::Relaxed) {
            open.min(HALF_CLOSED_IDLE_MAX)
        } else {
            open
        }
    }

    fn anything(&self) -> bool {
        self.last.load(Ordering::Relaxed) > 0
    }

    fn idle(&self) -> Duration {
        let last = Duration::from_millis(self.last.load(Ordering::Relaxed));
        self.started.elapsed().saturating_sub(last)
    }
}
