//! What the upstream sees on the wire, byte for byte, and what HTTP's corners come to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{reach, read_head};
use crate::office::{AI, Office, Wishes};
use crate::service::{Service, read_raw, write_raw};

/// An office before a service that writes down what it reads and answers `answer`.
async fn overheard(answer: &'static str) -> (Office, Arc<Mutex<Vec<String>>>) {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let note = Arc::clone(&heard);
    let service = Service::raw(AI, move |mut tls| {
        let note = Arc::clone(&note);
        async move {
            let (head, body) = read_raw(&mut tls).await;
            let text = head + &String::from_utf8(body).unwrap();
            note.lock().unwrap().push(text);
            write_raw(&mut tls, answer).await;
        }
    })
    .await;
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        service_ca: service.ca.clone(),
        ..Wishes::default()
    })
    .await;
    (office, heard)
}

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\nX-Rate-LIMIT: 1\r\nSet-Cookie: a\r\n\r\n";

#[tokio::test]
async fn names_keep_their_order_and_case_and_fields_of_the_connection_stay_here() {
    let (office, heard) = overheard(NO_CONTENT).await;
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    tls.write_all(
        b"POST /backend-api/x HTTP/1.1\r\nHost: chatgpt.com\r\nConnection: keep-alive\r\n\
          sec-ch-ua: \"A\"\r\nContent-Length: 5\r\nUser-Agent: B\r\nOAI-Device-Id: C\r\n\
          Proxy-Authorization: no\r\nCookie: d=1\r\nPriority: u=1\r\n\r\nhello",
    )
    .await
    .unwrap();
    let answer = read_head(&mut tls).await;
    assert_eq!(answer, NO_CONTENT);
    assert_eq!(
        heard.lock().unwrap().concat(),
        "POST /backend-api/x HTTP/1.1\r\nHost: chatgpt.com\r\nsec-ch-ua: \"A\"\r\n\
         Content-Length: 5\r\nUser-Agent: B\r\nOAI-Device-Id: C\r\nCookie: d=1\r\n\
         Priority: u=1\r\n\r\nhello"
    );
}

#[tokio::test]
async fn a_chunked_body_goes_up_whole_and_expect_is_answered_here() {
    let (office, heard) = overheard(NO_CONTENT).await;
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    tls.write_all(
        b"POST / HTTP/1.1\r\nHost: chatgpt.com\r\nTransfer-Encoding: chunked\r\n\
          Expect: 100-continue\r\n\r\n",
    )
    .await
    .unwrap();
    assert_eq!(read_head(&mut tls).await, "HTTP/1.1 100 Continue\r\n\r\n");
    tls.write_all(b"3\r\nxin\r\n6\r\n ch\xc3\xa0o\r\n0\r\n\r\n")
        .await
        .unwrap();
    assert!(read_head(&mut tls).await.starts_with("HTTP/1.1 204"));
    let heard = heard.lock().unwrap().concat();
    assert_eq!(
        heard.to_ascii_lowercase(),
        "post / http/1.1\r\nhost: chatgpt.com\r\ncontent-length: 9\r\n\r\nxin chào"
    );
}

#[tokio::test]
async fn http10_is_served() {
    let (office, heard) =
        overheard("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
            .await;
    let mut tls = reach(&office, AI, &[]).await;
    tls.write_all(b"GET /old HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    drop(tls.read_to_string(&mut answer).await);
    assert!(
        answer.starts_with("HTTP/1.0 200 OK") || answer.starts_with("HTTP/1.1 200 OK"),
        "{answer}"
    );
    assert!(answer.ends_with("\r\n\r\nok"), "{answer}");
    let heard = heard.lock().unwrap().concat();
    assert!(
        heard.starts_with("GET /old HTTP/1.1\r\nhost: chatgpt.com\r\n"),
        "{heard}"
    );
}

#[tokio::test]
async fn a_stale_connection_is_replaced_without_sending_twice() {
    // The service closes after each answer without saying so.
    let (office, heard) = overheard("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    for count in 1..=3 {
        tls.write_all(b"GET / HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n")
            .await
            .unwrap();
        assert!(read_head(&mut tls).await.starts_with("HTTP/1.1 200"));
        assert_eq!(heard.lock().unwrap().len(), count);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn other_upgrades_are_refused() {
    let (office, heard) = overheard(NO_CONTENT).await;
    let mut tls = reach(&office, AI, &["http/1.1"]).await;
    tls.write_all(
        b"GET / HTTP/1.1\r\nHost: chatgpt.com\r\nConnection: Upgrade\r\nUpgrade: mqtt\r\n\r\n",
    )
    .await
    .unwrap();
    assert!(read_head(&mut tls).await.starts_with("HTTP/1.1 400"));
    assert!(heard.lock().unwrap().is_empty());
}
