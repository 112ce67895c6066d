//! What does a client say first inside a tunnel? A TLS `ClientHello`, with the host it wants, or
//! something else.
//!
//! In goes the client's side of a tunnel; out come what was learned and every byte read, so that
//! they can be put back with [`super::rewind::Rewind`]. Nothing is ever written, and the server's
//! side is not touched: server-first protocols go on meanwhile. Bounded in bytes and time.
//!
//! What begins like TLS but cannot be read is an error, never "not TLS": a hello that we cannot
//! read and an AI service can would be a way past us.

use std::io;

use bytes::{Bytes, BytesMut};
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::model::limits::Limits;

/// The first byte of every TLS record of a handshake (RFC 8446 section 5.1).
const HANDSHAKE_RECORD: u8 = 0x16;

/// What a client said first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hello {
    /// A `ClientHello`.
    Tls {
        /// The host it names, lower case; `None` where it names none (addresses never are).
        server_name: Option<String>,
        /// The protocols it offers (RFC 7301), in its order; empty for none.
        alpn: Vec<Vec<u8>>,
    },
    /// Anything that does not begin like a TLS handshake.
    NotTls,
    /// The client left before it had said all.
    Closed,
}

/// Reads the first bytes of a client until it is clear what they are. Waits `limits.tunnel_idle_max`
/// for the first byte, since in server-first protocols the client speaks second, and from then on
/// `limits.handshake_max`. Not to be cancelled by who still needs the bytes.
///
/// # Errors
/// When reading fails, the hello does not end in time ([`io::ErrorKind::TimedOut`]), or it begins
/// like TLS but is broken or over `limits.hello_bytes_max` ([`io::ErrorKind::InvalidData`]).
pub async fn read_hello(
    stream: &mut (impl AsyncRead + Unpin),
    limits: &Limits,
) -> io::Result<(Hello, Bytes)> {
    let mut read = BytesMut::with_capacity(limits.hello_bytes_max.min(4096));
    let first = tokio::time::timeout(limits.tunnel_idle_max, read_more(stream, &mut read, limits));
    if first.await.map_err(|_| io::ErrorKind::TimedOut)?? == 0 {
        return Ok((Hello::Closed, read.freeze()));
    }
    if read.first() != Some(&HANDSHAKE_RECORD) {
        return Ok((Hello::NotTls, read.freeze()));
    }
    let rest = read_whole(stream, &mut read, limits);
    let hello = tokio::time::timeout(limits.handshake_max, rest)
        .await
        .map_err(|_| io::ErrorKind::TimedOut)??;
    Ok((hello, read.freeze()))
}

async fn read_whole(
    stream: &mut (impl AsyncRead + Unpin),
    read: &mut BytesMut,
    limits: &Limits,
) -> io::Result<Hello> {
    let mut acceptor = Acceptor::default();
    let mut fed = 0;
    loop {
        while let Some(mut news) = read.get(fed..).filter(|news| !news.is_empty()) {
            fed += acceptor.read_tls(&mut news)?;
            // Between pieces: the acceptor holds one record only until it is looked at.
            match acceptor.accept() {
                Ok(Some(accepted)) => return Ok(hello_of(&accepted.client_hello())),
                Ok(None) => {}
                Err((error, _alert)) => return Err(unreadable(error)),
            }
        }
        if read.len() >= limits.hello_bytes_max {
            return Err(unreadable("the client hello is too large"));
        }
        if read_more(stream, read, limits).await? == 0 {
            return Ok(Hello::Closed);
        }
    }
}

async fn read_more(
    stream: &mut (impl AsyncRead + Unpin),
    read: &mut BytesMut,
    limits: &Limits,
) -> io::Result<usize> {
    let room = limits.hello_bytes_max.saturating_sub(read.len());
    let room = u64::try_from(room).unwrap_or(u64::MAX);
    stream.take(room).read_buf(read).await
}

fn unreadable(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

fn hello_of(client: &rustls::server::ClientHello<'_>) -> Hello {
    Hello::Tls {
        server_name: client.server_name().map(str::to_ascii_lowercase),
        alpn: client
            .alpn()
            .map(|protocols| protocols.map(<[u8]>::to_vec).collect())
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::tls::{Alpn, UpstreamTls};

    /// The bytes with which rustls greets a host.
    fn client_hello(host: &str, alpn: Alpn) -> Vec<u8> {
        let config = UpstreamTls::new(&[]).unwrap().client_config(alpn);
        let name = host.to_owned().try_into().unwrap();
        let mut connection = rustls::ClientConnection::new(config, name).unwrap();
        let mut bytes = Vec::new();
        connection.write_tls(&mut bytes).unwrap();
        bytes
    }

    async fn read_from(pieces: &[&[u8]], limits: &Limits) -> io::Result<(Hello, Bytes)> {
        let (mut near, mut far) = tokio::io::duplex(64 * 1024);
        for piece in pieces {
            far.write_all(piece).await.unwrap();
        }
        drop(far);
        read_hello(&mut near, limits).await
    }

    #[tokio::test]
    async fn a_client_hello_names_its_host_and_protocols_and_can_be_replayed() {
        let bytes = client_hello("ChatGPT.com", Alpn::Both);
        let (hello, read) = read_from(&[&bytes], &Limits::default()).await.unwrap();
        assert_eq!(
            hello,
            Hello::Tls {
                server_name: Some("chatgpt.com".to_owned()),
                alpn: vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            }
        );
        assert_eq!(read, bytes);
    }

    #[tokio::test]
    async fn a_hello_to_an_address_names_no_host() {
        let bytes = client_hello("192.0.2.1", Alpn::None);
        let (hello, _) = read_from(&[&bytes], &Limits::default()).await.unwrap();
        assert_eq!(
            hello,
            Hello::Tls {
                server_name: None,
                alpn: Vec::new(),
            }
        );
    }

    #[tokio::test]
    async fn a_hello_in_single_bytes_is_put_together() {
        let bytes = client_hello("claude.ai", Alpn::Http1);
        let (mut near, mut far) = tokio::io::duplex(1);
        let sent = bytes.clone();
        let writer = tokio::spawn(async move {
            far.write_all(&sent).await.unwrap();
            far
        });
        let (hello, read) = read_hello(&mut near, &Limits::default()).await.unwrap();
        assert!(matches!(hello, Hello::Tls { server_name: Some(name), .. } if name == "claude.ai"));
        assert_eq!(read, bytes);
        drop(writer.await.unwrap());
    }

    #[tokio::test]
    async fn a_hello_split_over_records_is_put_together() {
        let bytes = client_hello("gemini.google.com", Alpn::Http2);
        let (head, body) = bytes.split_at(5);
        let mut split = Vec::new();
        for piece in body.chunks(50) {
            split.extend_from_slice(&head[..3]);
            split.extend_from_slice(&u16::try_from(piece.len()).unwrap().to_be_bytes());
            split.extend_from_slice(piece);
        }
        let (hello, _) = read_from(&[&split], &Limits::default()).await.unwrap();
        assert!(
            matches!(hello, Hello::Tls { server_name: Some(name), .. } if name == "gemini.google.com")
        );
    }

    #[tokio::test]
    async fn the_first_byte_decides_what_is_not_tls() {
        let (mut near, mut far) = tokio::io::duplex(64);
        far.write_all(b"G").await.unwrap();
        let (hello, read) = read_hello(&mut near, &Limits::default()).await.unwrap();
        assert_eq!((hello, read), (Hello::NotTls, Bytes::from_static(b"G")));
    }

    #[tokio::test]
    async fn a_broken_hello_is_an_error_and_not_something_else_than_tls() {
        let error = read_from(&[&[0x16, 3, 1, 0, 4, 9, 9, 9, 9]], &Limits::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[tokio::test]
    async fn an_endless_hello_is_an_error() {
        let mut endless = Vec::new();
        for _ in 0..40 {
            endless.extend_from_slice(&[0x16, 3, 1, 4, 0]);
            endless.resize(endless.len() + 1024, 0);
        }
        // A ClientHello of 60,000 bytes, in records of one kilobyte.
        endless[5..9].copy_from_slice(&[1, 0, 0xea, 0x60]);
        let error = read_from(&[&endless], &Limits::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[tokio::test]
    async fn a_client_that_leaves_half_way_is_gone() {
        let whole = client_hello("claude.ai", Alpn::Both);
        let (hello, read) = read_from(&[&whole[..60]], &Limits::default())
            .await
            .unwrap();
        assert_eq!(hello, Hello::Closed);
        assert_eq!(read, whole[..60]);
    }

    #[tokio::test]
    async fn a_client_that_leaves_has_said_nothing() {
        let (hello, read) = read_from(&[], &Limits::default()).await.unwrap();
        assert_eq!((hello, read), (Hello::Closed, Bytes::new()));
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_is_not_waited_for_without_end() {
        let limits = Limits {
            tunnel_idle_max: Duration::from_millis(20),
            ..Limits::default()
        };
        let (mut near, _far) = tokio::io::duplex(64);
        let error = read_hello(&mut near, &limits).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_hello_that_stops_half_way_times_out() {
        let limits = Limits {
            handshake_max: Duration::from_millis(20),
            ..Limits::default()
        };
        let (mut near, mut far) = tokio::io::duplex(64);
        far.write_all(&[0x16, 3, 1]).await.unwrap();
        let error = read_hello(&mut near, &limits).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
