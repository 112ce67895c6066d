//! How is a host reached through another proxy? By its `CONNECT`.
//!
//! In go a socket to the parent and the host's authority; the socket then leads to the host, and
//! what the host says first is still in it. The answer is bounded. Never: credentials in `Debug`
//! or an error.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::model::sensitive::Sensitive;

/// Largest head of a parent proxy's answer, in bytes.
const REPLY_BYTES_MAX: usize = 16 * 1024;

/// Most header fields in a parent proxy's answer.
const REPLY_FIELDS_MAX: usize = 64;

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

/// Why the parent proxy does not lead to a host.
#[derive(Debug, thiserror::Error)]
pub enum ParentError {
    /// It cannot be reached, or it hung up.
    #[error("cannot talk to the parent proxy")]
    Io(#[from] io::Error),
    /// It answered, and not with 2xx.
    #[error("the parent proxy refused with status {status}")]
    Refused {
        /// Its status; 407 means that it wants other credentials.
        status: u16,
    },
    /// What it answered is not HTTP.
    #[error("the parent proxy's answer cannot be read")]
    Reply,
}

impl ParentProxy {
    /// Asks for a tunnel to `authority` (RFC 9110 section 9.3.6), which must be free of control
    /// characters.
    pub(super) async fn tunnel(
        &self,
        stream: &mut TcpStream,
        authority: &str,
    ) -> Result<(), ParentError> {
        let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        if let Some(authorization) = &self.authorization {
            for piece in ["Proxy-Authorization: ", authorization.expose(), "\r\n"] {
                request.push_str(piece);
            }
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        match read_status(stream).await? {
            200..=299 => Ok(()),
            status => Err(ParentError::Refused { status }),
        }
    }
}

/// Reads the head of the answer and not one byte more: what follows is the host's.
async fn read_status(stream: &mut TcpStream) -> Result<u16, ParentError> {
    let mut head = Vec::with_capacity(512);
    // Single bytes cost a few hundred system calls per connection and spare a buffer that every
    // user of the socket would have to look into first.
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= REPLY_BYTES_MAX {
            return Err(ParentError::Reply);
        }
        head.push(stream.read_u8().await?);
    }
    let mut fields = [httparse::EMPTY_HEADER; REPLY_FIELDS_MAX];
    let mut reply = httparse::Response::new(&mut fields);
    match reply.parse(&head) {
        Ok(httparse::Status::Complete(_)) => reply.code.ok_or(ParentError::Reply),
        Ok(httparse::Status::Partial) | Err(_) => Err(ParentError::Reply),
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn parent() -> ParentProxy {
        ParentProxy {
            host: "127.0.0.1".to_owned(),
            port: 1,
            authorization: Some(Sensitive::new("Basic dGh1OnRodQ==".to_owned())),
        }
    }

    /// What a parent was asked, and what came of its reply.
    async fn ask(reply: &[u8]) -> (String, TcpStream, Result<(), ParentError>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (mut far, _) = listener.accept().await.unwrap();
        far.write_all(reply).await.unwrap();
        far.shutdown().await.unwrap();
        let result = parent().tunnel(&mut near, "claude.ai:443").await;
        let mut asked = vec![0; 1024];
        let count = far.read(&mut asked).await.unwrap();
        asked.truncate(count);
        (String::from_utf8(asked).unwrap(), near, result)
    }

    #[tokio::test]
    async fn a_parent_is_asked_for_a_tunnel_and_the_first_bytes_of_the_host_stay() {
        let reply = b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nfirst";
        let (asked, mut stream, result) = ask(reply).await;
        result.unwrap();
        assert_eq!(
            asked,
            "CONNECT claude.ai:443 HTTP/1.1\r\nHost: claude.ai:443\r\n\
             Proxy-Authorization: Basic dGh1OnRodQ==\r\n\r\n"
        );
        let mut first = String::new();
        stream.read_to_string(&mut first).await.unwrap();
        assert_eq!(first, "first");
    }

    #[tokio::test]
    async fn a_parent_that_refuses_is_an_error_with_its_status() {
        let (_, _, result) = ask(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
        assert!(matches!(result, Err(ParentError::Refused { status: 407 })));
    }

    #[tokio::test]
    async fn a_parent_that_babbles_or_hangs_up_is_an_error() {
        let (_, _, result) = ask(b"SSH-2.0-OpenSSH\r\n\r\n").await;
        assert!(matches!(result, Err(ParentError::Reply)));
        let (_, _, result) = ask(&[b'x'; 20_000]).await;
        assert!(matches!(result, Err(ParentError::Reply)));
        let (_, _, result) = ask(b"HTTP/1.1 200").await;
        assert!(matches!(result, Err(ParentError::Io(_))));
    }

    #[test]
    fn credentials_do_not_show_in_debug() {
        let shown = format!("{:?}", parent());
        assert!(!shown.contains("dGh1"), "{shown}");
    }
}
