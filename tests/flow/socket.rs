//! WebSockets on an AI host: relayed, read, closed.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::client::{reach, read_head};
use crate::frames::{CLOSE, MASK, TEXT, read_frame, write_frame};
use crate::office::{AI, Office, SHARED, Wishes};
use crate::service::{Service, read_raw, write_raw};

/// A service that takes up a WebSocket and sends every message back.
async fn echo(host: &str) -> Service {
    Service::raw(host, |mut tls| async move {
        let (head, _) = read_raw(&mut tls).await;
        let head = head.to_ascii_lowercase();
        assert!(!head.contains("sec-websocket-extensions"), "{head}");
        assert!(head.contains("upgrade: websocket"), "{head}");
        assert!(head.contains("sec-websocket-protocol: a, b"), "{head}");
        write_raw(
            &mut tls,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
             Sec-WebSocket-Protocol: b\r\n\r\n",
        )
        .await;
        while let Some((first, payload)) = read_frame(&mut tls).await {
            write_frame(&mut tls, first, &payload, None).await;
            if first == CLOSE {
                break;
            }
        }
    })
    .await
}

async fn office(service: &Service, store_is_down: bool) -> Office {
    Office::open(Wishes {
        hosts: vec![(AI, service.address), (SHARED, service.address)],
        service_ca: service.ca.clone(),
        store_is_down,
        ..Wishes::default()
    })
    .await
}

async fn open(office: &Office, host: &str) -> impl AsyncRead + AsyncWrite + Unpin + use<> {
    let mut tls = reach(office, host, &["http/1.1"]).await;
    let ask = format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive, Upgrade\r\n\
          Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
          Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a, b\r\n\
          Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    );
    tls.write_all(ask.as_bytes()).await.unwrap();
    let head = read_head(&mut tls).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.contains("Sec-WebSocket-Protocol: b"), "{head}");
    assert!(
        head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        "{head}"
    );
    tls
}

#[tokio::test]
async fn messages_pass_both_ways() {
    let service = echo(AI).await;
    let office = office(&service, false).await;
    let mut socket = open(&office, AI).await;
    for text in ["xin chào", "tạm biệt"] {
        write_frame(&mut socket, TEXT, text.as_bytes(), Some(MASK)).await;
        let (first, payload) = read_frame(&mut socket).await.unwrap();
        assert_eq!((first, payload.as_slice()), (TEXT, text.as_bytes()));
    }
}

#[tokio::test]
async fn a_hit_closes_the_socket_and_is_stored() {
    let service = echo(AI).await;
    let office = office(&service, false).await;
    let mut socket = open(&office, AI).await;
    write_frame(&mut socket, TEXT, "TUYỆT MẬT".as_bytes(), Some(MASK)).await;
    let (first, payload) = read_frame(&mut socket).await.unwrap();
    assert_eq!(first, CLOSE);
    assert_eq!(payload[..2], 1008_u16.to_be_bytes());
    assert_eq!(office.store.chain_seq(), 1);
}

#[tokio::test]
async fn with_the_store_down_a_hit_closes_the_socket_too() {
    let service = echo(AI).await;
    let office = office(&service, true).await;
    let mut socket = open(&office, AI).await;
    write_frame(&mut socket, TEXT, b"001099000001", Some(MASK)).await;
    assert_eq!(read_frame(&mut socket).await.unwrap().0, CLOSE);
}

#[tokio::test]
async fn a_socket_on_another_path_of_a_shared_host_passes_unread() {
    let service = echo(SHARED).await;
    let office = office(&service, false).await;
    let mut socket = open(&office, SHARED).await;
    let text = "TUYỆT MẬT".as_bytes();
    write_frame(&mut socket, TEXT, text, Some(MASK)).await;
    assert_eq!(read_frame(&mut socket).await.unwrap().1, text);
}
