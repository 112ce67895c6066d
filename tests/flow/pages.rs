//! The proxy's own pages and the self-test.

use http::StatusCode;

use crate::client::{Browser, get, post, say};
use crate::office::{Office, Wishes};

const SELF_TEST: &str = "test.lachan.internal";

#[tokio::test]
async fn the_proxy_serves_its_pages_directly_and_through_itself() {
    let office = Office::open(Wishes::default()).await;
    let own = format!("http://{}/proxy.pac", office.address);
    for target in ["/", "/ca.pem", "http://lachan.internal/wpad.dat", &own] {
        let ask = format!("GET {target} HTTP/1.1\r\nHost: lachan.internal\r\n\r\n");
        let (_, head) = say(office.address, &ask).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{target}: {head}");
    }
}

#[tokio::test]
async fn the_self_test_answers_with_what_an_ai_service_would_have_seen() {
    let office = Office::open(Wishes::default()).await;
    for protocols in [&["h2", "http/1.1"][..], &["http/1.1"]] {
        let mut browser = Browser::open(&office, SELF_TEST, protocols).await;
        let answer = browser.ask(get(&browser, SELF_TEST, "/")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let prompt = r#"{"messages":[{"role":"user","content":"CCCD 001099000001"}]}"#;
        let mut request = post(&browser, SELF_TEST, "/v1/chat/completions", prompt);
        let json = "application/json".parse().unwrap();
        request.headers_mut().insert("content-type", json);
        let answer = browser.ask(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(!answer.body.contains("001099000001"), "{}", answer.body);
        assert!(answer.body.contains("CCCD"), "{}", answer.body);
        assert_eq!(answer.headers["lachan-action"], "redact");
    }
}
