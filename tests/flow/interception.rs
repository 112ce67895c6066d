//! Requests to an AI host, read on their way up.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream;
use http::{HeaderMap, Request, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use lachan::model::limits::Limits;

use crate::client::{Browser, PATIENCE, get, handshake, post, reach, tunnel};
use crate::office::{AI, OTHER_AI, Office, PLAIN, SHARED, Wishes, nowhere};
use crate::service::Service;

async fn office(service: &Service) -> Office {
    Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        service_ca: service.ca.clone(),
        ..Wishes::default()
    })
    .await
}

/// A prompt as ChatGPT's page sends it.
fn prompt(browser: &Browser, text: &str) -> Request<Full<Bytes>> {
    let body = format!(
        r#"{{"action":"next","messages":[{{"id":"a","author":{{"role":"user"}},"content":{{"content_type":"text","parts":["{text}"]}}}}],"model":"auto"}}"#
    );
    let mut request = post(browser, AI, "/backend-api/conversation", &body);
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    request
}

#[tokio::test]
async fn a_prompt_goes_up_and_its_answer_comes_down_over_both_protocols() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [&["h2", "http/1.1"][..], &["http/1.1"], &[]] {
        let mut browser = Browser::open(&office, AI, protocols).await;
        assert_eq!(browser.is_http2(), protocols.contains(&"h2"));
        let answer = browser.ask(post(&browser, AI, "/c?x=1", "xin chào")).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, "hello")
        );
        assert_eq!(answer.headers["x-service"], "yes");
        assert!(!answer.headers.contains_key("alt-svc"));
        assert!(!answer.headers.contains_key("lachan-incident"));
        let received = service.last();
        assert_eq!(received.uri.path_and_query().unwrap(), "/c?x=1");
        assert_eq!(received.body, "xin chào");
        let ours = |name: &&http::HeaderName| name.as_str().contains("lachan");
        assert_eq!(received.headers.keys().find(ours), None);
        assert!(!received.headers.contains_key("via"));
    }
    office.close().await;
}

#[tokio::test]
async fn the_client_is_given_what_the_upstream_chose() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let office = office(&service).await;
    let mut browser = Browser::open(&office, AI, &["h2", "http/1.1"]).await;
    assert!(!browser.is_http2());
    assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
    assert_eq!(service.connections(), 1, "the first handshake is used");
}

#[tokio::test]
async fn http2_is_translated_for_an_upstream_that_speaks_only_http1() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let office = office(&service).await;
    let mut browser = Browser::open(&office, AI, &["h2"]).await;
    assert!(browser.is_http2());
    let mut request = post(&browser, AI, "/c", "hello");
    let headers = request.headers_mut();
    headers.append("cookie", "a=1".parse().unwrap());
    headers.append("cookie", "b=2".parse().unwrap());
    assert_eq!(browser.ask(request).await.status, StatusCode::OK);
    let received = service.last();
    assert_eq!(received.version, http::Version::HTTP_11);
    assert_eq!(received.headers["host"], AI);
    assert_eq!(received.headers["cookie"], "a=1; b=2");
    assert_eq!(received.headers["content-length"], "5");
}

#[tokio::test]
async fn a_value_is_replaced_and_the_answer_says_so() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    let mut browser = Browser::open(&office, AI, &["h2"]).await;
    let mut request = prompt(&browser, "Soạn giấy mời, số CCCD 001099000001");
    let origin = "https://chatgpt.com".parse().unwrap();
    request.headers_mut().insert("origin", origin);
    let answer = browser.ask(request).await;
    assert_eq!(answer.headers["lachan-action"], "redact");
    assert!(answer.headers.contains_key("lachan-incident"));
    assert_eq!(
        answer.headers["access-control-expose-headers"],
        "Lachan-Incident, Lachan-Action"
    );
    let received = service.last();
    let body = std::str::from_utf8(&received.body).unwrap();
    assert!(body.contains("số CCCD CCCD"), "{body}");
    assert!(!body.contains("001099000001"), "{body}");
    assert_eq!(office.store.chain_seq(), 1);
}

#[tokio::test]
async fn a_refusal_comes_instead_of_the_service_and_is_stored() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser
            .ask(post(&browser, AI, "/c", "TUYỆT MẬT\nCông văn"))
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.headers["lachan-action"], "block");
        assert!(answer.headers.contains_key("lachan-incident"));
        assert!(answer.body.contains("mật"), "{}", answer.body);
        // The connection is still good.
        assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
    }
    assert!(
        service
            .received()
            .iter()
            .all(|received| received.body.is_empty())
    );
    assert!(office.store.chain_seq() >= 1);
}

#[tokio::test]
async fn with_the_store_down_decisions_fail_closed_and_allows_go_on() {
    let service = Service::open(AI, &["h2"]).await;
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        service_ca: service.ca.clone(),
        store_is_down: true,
        ..Wishes::default()
    })
    .await;
    let mut browser = Browser::open(&office, AI, &["h2"]).await;
    for text in ["số CCCD 001099000001", "TUYỆT MẬT"] {
        let answer = browser.ask(prompt(&browser, text)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers.contains_key("retry-after"));
        assert_eq!(answer.headers["x-should-retry"], "false");
    }
    assert!(service.received().is_empty());
    assert_eq!(
        browser.ask(post(&browser, AI, "/c", "xin chào")).await.body,
        "hello"
    );
}

#[tokio::test]
async fn events_arrive_one_by_one() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser.send(get(&browser, AI, "/events")).await;
        let mut body = answer.into_body();
        for count in 0..3 {
            // The service holds each event back until the one before was read here.
            service.next_event.notify_one();
            let frame = tokio::time::timeout(PATIENCE, body.frame()).await.unwrap();
            let event = frame.unwrap().unwrap().into_data().unwrap();
            assert_eq!(event, format!("data: {count}\n\n"));
        }
        let end = body.collect().await.unwrap().to_bytes();
        assert!(end.is_empty(), "{end:?}");
    }
}

#[tokio::test]
async fn a_request_for_another_host_is_misdirected() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser.ask(get(&browser, OTHER_AI, "/")).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    }
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_told_inside_the_handshake() {
    let office = Office::open(Wishes {
        hosts: vec![(AI, nowhere())],
        ..Wishes::default()
    })
    .await;
    for protocols in [&["h2", "http/1.1"][..], &["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, protocols).await;
        let answer = browser.ask(get(&browser, AI, "/")).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(answer.body.contains(AI), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_upstream_with_a_false_certificate_gets_nothing() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        ..Wishes::default()
    })
    .await;
    let mut browser = Browser::open(&office, AI, &["h2", "http/1.1"]).await;
    let answer = browser.ask(post(&browser, AI, "/c", "xin chào")).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(service.received().is_empty());
}

#[tokio::test]
async fn connections_up_are_reused_and_not_shared_between_offers() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for _ in 0..2 {
        let mut browser = Browser::open(&office, AI, &["h2"]).await;
        for _ in 0..3 {
            assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
        }
    }
    assert_eq!(service.connections(), 1);
    let mut browser = Browser::open(&office, AI, &["http/1.1"]).await;
    for _ in 0..3 {
        assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
        // The connection is free again a moment after the answer was read.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(service.connections(), 2);
}

#[tokio::test]
async fn the_leaf_names_exactly_the_host_asked_for() {
    let service = Service::open(AI, &["h2"]).await;
    let office = office(&service).await;
    let tcp = tunnel(office.address, "chatgpt.com:443").await;
    // The server name differs from the tunnel's host, and no leaf is made for such a host.
    assert!(handshake(tcp, PLAIN, &office.root, &["h2"]).await.is_err());
}

#[tokio::test]
async fn other_paths_of_a_shared_host_stream_up_unread() {
    let service = Service::open(SHARED, &["h2", "http/1.1"]).await;
    let office = Office::open(Wishes {
        hosts: vec![(SHARED, service.address)],
        service_ca: service.ca.clone(),
        limits: Limits {
            body_bytes_max: 1000,
            ..Limits::default()
        },
        ..Wishes::default()
    })
    .await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, SHARED, &protocols).await;
        let body = "số CCCD 001099000001 ".repeat(10_000);
        let answer = browser
            .ask(post(&browser, SHARED, "/a/b.git/git-receive-pack", &body))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(service.last().body, body);
    }
}

#[tokio::test]
async fn trailers_pass_both_ways() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    let tls = reach(&office, AI, &["h2"]).await;
    let io = TokioIo::new(tls);
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let mut fields = HeaderMap::new();
    fields.insert("x-checksum", "1".parse().unwrap());
    let frames = [
        Frame::data(Bytes::from_static(b"hello")),
        Frame::trailers(fields),
    ];
    let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
    let request = Request::post(format!("https://{AI}/trailers"))
        .header("te", "trailers")
        .body(body)
        .unwrap();
    let answer = sender.send_request(request).await.unwrap();
    let collected = answer.into_body().collect().await.unwrap();
    assert_eq!(collected.trailers().unwrap()["grpc-status"], "0");
    let received = service.last();
    assert_eq!(received.body, "hello");
    assert_eq!(received.headers["te"], "trailers");
    assert_eq!(received.trailers.unwrap()["x-checksum"], "1");
}

#[tokio::test]
async fn many_requests_at_once_share_one_connection_up() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    let tls = reach(&office, AI, &["h2"]).await;
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(tls))
        .await
        .unwrap();
    tokio::spawn(connection);
    let asking = (0..50).map(|_| {
        let mut sender = sender.clone();
        let request = Request::get(format!("https://{AI}/slow")).body(Full::<Bytes>::default());
        async move {
            sender
                .send_request(request.unwrap())
                .await
                .unwrap()
                .status()
        }
    });
    for status in join_all(asking).await {
        assert_eq!(status, StatusCode::OK);
    }
    assert_eq!(service.connections(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_answer_upstream() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser.send(get(&browser, AI, "/events")).await;
        assert_eq!(service.streaming.load(Ordering::SeqCst), 1);
        drop((answer, browser));
        let gone = async {
            while service.streaming.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.unwrap();
    }
}

#[tokio::test]
async fn a_stopping_proxy_lets_an_answer_end() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let office = office(&service).await;
    for protocols in [["h2"], ["http/1.1"]] {
        let office = self::office(&service).await;
        let mut browser = Browser::open(&office, AI, &protocols).await;
        let answer = browser.send(get(&browser, AI, "/events")).await;
        let closing = tokio::spawn(office.close());
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            service.next_event.notify_one();
        }
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
        drop(browser);
        closing.await.unwrap();
    }
    office.close().await;
}
