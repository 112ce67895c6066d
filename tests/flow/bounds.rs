//! Over a bound is refused, with its reason, in time.

use std::time::Duration;

use http::StatusCode;
use lachan::model::limits::Limits;
use tokio::io::AsyncWriteExt;

use crate::client::{Browser, post, reach, read_head, say};
use crate::office::{AI, Office, Wishes};
use crate::service::Service;

async fn office(service: &Service, limits: Limits) -> Office {
    Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        service_ca: service.ca.clone(),
        limits,
        ..Wishes::default()
    })
    .await
}

#[tokio::test]
async fn an_oversize_body_is_refused_and_the_client_sees_the_answer() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let limits = Limits {
        body_bytes_max: 100_000,
        ..Limits::default()
    };
    let office = office(&service, limits).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser
            .ask(post(&browser, AI, "/c", &"x".repeat(3_000_000)))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{protocols:?}"
        );
    }
    // Undeclared, it is noticed on the way.
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    tls.write_all(b"POST / HTTP/1.1\r\nHost: chatgpt.com\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    for _ in 0..40 {
        tls.write_all(b"1000\r\n").await.unwrap();
        tls.write_all(&[b'x'; 4096]).await.unwrap();
        tls.write_all(b"\r\n").await.unwrap();
    }
    assert!(read_head(&mut tls).await.starts_with("HTTP/1.1 413"));
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn a_body_that_does_not_end_is_refused() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let limits = Limits {
        body_read_max: Duration::from_millis(200),
        ..Limits::default()
    };
    let office = office(&service, limits).await;
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    tls.write_all(b"POST / HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Length: 10\r\n\r\nx")
        .await
        .unwrap();
    assert!(read_head(&mut tls).await.starts_with("HTTP/1.1 408"));
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn a_client_waits_for_its_share_and_is_then_refused() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let limits = Limits {
        held_bytes_max: 400 * 1024,
        budget_wait_max: Duration::from_millis(200),
        ..Limits::default()
    };
    let office = office(&service, limits).await;
    let mut holds = reach(&office, AI, &["http/1.1"]).await;
    holds
        .write_all(b"POST / HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Length: 90000\r\n\r\nx")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut browser = Browser::open(&office, AI, &["http/1.1"]).await;
    let answer = browser
        .ask(post(&browser, AI, "/c", &"x".repeat(50_000)))
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn large_header_lists_pass_and_larger_ones_do_not() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service, Limits::default()).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let mut request = post(&browser, AI, "/c", "");
        let cookie = "x".repeat(60_000).parse().unwrap();
        request.headers_mut().insert("cookie", cookie);
        for count in 0..180 {
            let name: http::HeaderName = format!("x-{count}").parse().unwrap();
            request.headers_mut().insert(name, "1".parse().unwrap());
        }
        let answer = browser.ask(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{protocols:?}");
        assert_eq!(service.last().headers["cookie"].len(), 60_000);
        let mut request = post(&browser, AI, "/c", "");
        for count in 0..300 {
            let name: http::HeaderName = format!("x-{count}").parse().unwrap();
            request.headers_mut().insert(name, "1".parse().unwrap());
        }
        let answer = browser.ask(request).await;
        assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
}

#[tokio::test]
async fn too_many_clients_are_told_to_come_back() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        limits: Limits {
            connections_max: 1,
            ..Limits::default()
        },
        ..Wishes::default()
    })
    .await;
    let hello = "GET / HTTP/1.1\r\nHost: lachan.internal\r\n\r\n";
    let (first, head) = say(office.address, hello).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let (_, head) = say(office.address, hello).await;
    assert!(head.starts_with("HTTP/1.1 503"), "{head}");
    assert!(head.contains("retry-after"), "{head}");
    drop(first);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (_, head) = say(office.address, hello).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}
