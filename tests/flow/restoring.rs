//! Does the clerk see the real values in the answer, and nobody else?

use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::client::{Browser, PATIENCE, post};
use crate::office::{Office, Wishes};
use crate::service::Service;

const API: &str = "api.openai.com";
const PROMPT: &str = "Viết giấy mời, số CCCD 001099000001, điện thoại 0900000001.";

async fn office(protocols: &[&str]) -> (Office, Service, Browser) {
    let service = Service::open(API, protocols).await;
    let office = Office::open(Wishes {
        hosts: vec![(API, service.address)],
        service_ca: service.ca.clone(),
        ..Wishes::default()
    })
    .await;
    let browser = Browser::open(&office, API, protocols).await;
    (office, service, browser)
}

fn body() -> String {
    let body = serde_json::json!({"messages": [{"role": "user", "content": PROMPT}]});
    body.to_string()
}

async fn next_event(answer: &mut Incoming) -> Option<String> {
    let frame = tokio::time::timeout(PATIENCE, answer.frame())
        .await
        .unwrap()?;
    let bytes = frame.unwrap().into_data().unwrap();
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_placeholder_cut_between_events_comes_back_as_its_value_event_by_event() {
    for protocol in ["http/1.1", "h2"] {
        let (_office, service, mut browser) = office(&[protocol]).await;
        let request = post(&browser, API, "/v1/chat/completions", &body());
        let (head, mut answer) = browser.send(request).await.into_parts();
        assert_eq!(head.headers["cache-control"], "no-store");
        assert_eq!(head.headers["lachan-action"], "redact");
        for gone in ["etag", "content-digest", "content-length"] {
            assert!(!head.headers.contains_key(gone), "{gone}");
        }
        let sent = String::from_utf8(service.last().body.to_vec()).unwrap();
        assert!(!sent.contains("001099000001") && !sent.contains("0900000001"));
        let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
        let events = sent["messages"][0]["content"]
            .as_str()
            .unwrap()
            .chars()
            .count()
            .div_ceil(5);
        let mut text = String::new();
        for _ in 0..events {
            service.next_event.notify_one();
            let event = next_event(&mut answer).await.unwrap();
            let json = event.strip_prefix("data: ").unwrap().trim_end();
            let json: serde_json::Value = serde_json::from_str(json).unwrap();
            text.push_str(json["choices"][0]["delta"]["content"].as_str().unwrap());
        }
        assert_eq!(text, PROMPT);
        let last = next_event(&mut answer).await;
        assert!(last.is_none_or(|last| last.is_empty()));
    }
}

#[tokio::test]
async fn a_packed_answer_comes_down_unpacked_with_its_values() {
    let (_office, _service, mut browser) = office(&["h2"]).await;
    let request = post(&browser, API, "/v1/chat/completions?whole", &body());
    let answer = browser.ask(request).await;
    assert!(!answer.headers.contains_key("content-encoding"));
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json["choices"][0]["message"]["content"], PROMPT);
}

#[tokio::test]
async fn an_answer_to_a_client_without_values_is_not_touched() {
    let (_office, _service, mut browser) = office(&["http/1.1"]).await;
    let harmless = r#"{"messages":[{"role":"user","content":"CCCDK7X3M9Q"}]}"#;
    let request = post(&browser, API, "/v1/chat/completions?whole", harmless);
    let answer = browser.send(request).await;
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert_eq!(answer.headers()["etag"], "\"1\"");
    assert!(!answer.headers().contains_key("cache-control"));
    let packed = tokio::time::timeout(PATIENCE, answer.into_body().collect()).await;
    assert!(
        packed
            .unwrap()
            .unwrap()
            .to_bytes()
            .starts_with(&[0x1f, 0x8b])
    );
}
