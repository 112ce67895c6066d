//! What the proxy tells of what it does not see.

use http::StatusCode;
use lachan::model::exchange::UnixMillis;
use lachan::proxy::settings::{InterceptionSettings, ProxySettings, UnitSettings, UnknownAiHosts};
use lachan::telemetry::Counts;
use tokio::io::AsyncReadExt;

use crate::client::{Browser, get, handshake, post, say, tunnel};
use crate::office::{AI, Office, PLAIN, Wishes};
use crate::service::Service;

/// A host in no catalogue, with the name of an AI service.
const LIKE_AI: &str = "free-gpt.example";

async fn office(host: &'static str, service: &Service, unknown: UnknownAiHosts) -> Office {
    Office::open(Wishes {
        hosts: vec![(host, service.address), (PLAIN, service.address)],
        service_ca: service.ca.clone(),
        interception: InterceptionSettings {
            unknown_ai_hosts: unknown,
            ..InterceptionSettings::default()
        },
        ..Wishes::default()
    })
    .await
}

fn counts(office: &Office, service: &str) -> Counts {
    let table = office.watch.coverage();
    let row = table.rows().find(|(id, _)| *id == service);
    row.map(|(_, row)| row.total).unwrap_or_default()
}

fn discovered(office: &Office) -> Vec<String> {
    let hosts = office.watch.discovered_hosts().into_iter();
    hosts.map(|(host, _)| host).collect()
}

#[tokio::test]
async fn coverage_is_counted_by_service_and_result() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let office = office(AI, &service, UnknownAiHosts::Observe).await;
    let mut browser = Browser::open(&office, AI, &["http/1.1"]).await;
    let body = r#"{"messages":[{"content":{"parts":["xin chào"]}}]}"#;
    let path = "/backend-api/conversation";
    browser.ask(post(&browser, AI, path, body)).await;
    browser.ask(post(&browser, AI, "/brand/new", body)).await;
    browser
        .ask(post(
            &browser,
            AI,
            "/brand/new",
            "\u{1}\u{2}\u{0}\u{3}\u{0}\u{4}",
        ))
        .await;
    let counts = counts(&office, "openai-chatgpt-web");
    assert_eq!((counts.parsed, counts.generic), (1, 1), "{counts:?}");
    assert_eq!(counts.uninspectable, 1, "{counts:?}");
    let figures = office.metrics.render();
    let parsed = r#"lachan_coverage_total{result="parsed",service="openai-chatgpt-web"} 1"#;
    assert!(figures.contains(parsed), "{figures}");
}

#[tokio::test]
async fn a_host_that_looks_like_ai_is_observed_and_listed_once() {
    let service = Service::open(LIKE_AI, &["http/1.1"]).await;
    let office = office(LIKE_AI, &service, UnknownAiHosts::Observe).await;
    for _ in 0..2 {
        let tcp = tunnel(office.address, &format!("{LIKE_AI}:443")).await;
        let tls = handshake(tcp, LIKE_AI, &service.ca, &["http/1.1"]).await;
        let mut browser = Browser::over(tls.unwrap()).await;
        assert_eq!(browser.ask(get(&browser, LIKE_AI, "/")).await.body, "hello");
    }
    assert_eq!(discovered(&office), [LIKE_AI]);
    assert_eq!(counts(&office, "unknown-ai").tunnelled, 2);
    let figures = office.metrics.render();
    let tunnels = r#"lachan_tunnels_total{reason="unknown_ai"} 2"#;
    assert!(figures.contains(tunnels), "{figures}");
}

#[tokio::test]
async fn what_passes_unread_is_counted_for_the_unit_that_it_came_from() {
    let service = Service::open(LIKE_AI, &["http/1.1"]).await;
    let unit = UnitSettings {
        name: "Văn phòng".to_owned(),
        clients: vec!["127.0.0.0/8".parse().unwrap()],
        port: None,
    };
    let office = Office::open(Wishes {
        hosts: vec![(LIKE_AI, service.address)],
        service_ca: service.ca.clone(),
        proxy: ProxySettings {
            unit: vec![unit],
            ..ProxySettings::default()
        },
        ..Wishes::default()
    })
    .await;
    let tcp = tunnel(office.address, &format!("{LIKE_AI}:443")).await;
    handshake(tcp, LIKE_AI, &service.ca, &["http/1.1"])
        .await
        .unwrap();
    let set_aside = office.watch.set_tallies_aside(UnixMillis(1)).unwrap();
    let units = set_aside.days.values().map(|day| &day["unknown-ai"]);
    let units: Vec<_> = units.flatten().collect();
    assert_eq!(units.len(), 1);
    assert_eq!(
        (units[0].0.as_str(), units[0].1.tunnelled),
        ("Văn phòng", 1)
    );
}

#[tokio::test]
async fn a_server_name_that_looks_like_ai_is_discovered_too() {
    let service = Service::open(LIKE_AI, &["http/1.1"]).await;
    let office = office(LIKE_AI, &service, UnknownAiHosts::Observe).await;
    let tcp = tunnel(office.address, &format!("{PLAIN}:443")).await;
    handshake(tcp, LIKE_AI, &service.ca, &["http/1.1"])
        .await
        .unwrap();
    assert_eq!(discovered(&office), [LIKE_AI]);
    assert_eq!(counts(&office, "unknown-ai").tunnelled, 1);
}

#[tokio::test]
async fn a_host_that_looks_like_ai_is_read_where_the_office_wants_it() {
    let service = Service::open(LIKE_AI, &["h2", "http/1.1"]).await;
    let office = office(LIKE_AI, &service, UnknownAiHosts::Inspect).await;
    let mut browser = Browser::open(&office, LIKE_AI, &["h2"]).await;
    let harmless = post(&browser, LIKE_AI, "/ask", r#"{"q":"xin chào"}"#);
    assert_eq!(browser.ask(harmless).await.body, "hello");
    let personal = post(
        &browser,
        LIKE_AI,
        "/ask",
        r#"{"q":"CCCD 001099000001 của ông Nguyễn Văn Thử"}"#,
    );
    assert_eq!(browser.ask(personal).await.status, StatusCode::FORBIDDEN);
    assert_eq!(service.received().len(), 1);
    assert_eq!(counts(&office, "unknown-ai").generic, 2);
    assert_eq!(discovered(&office), [LIKE_AI]);
}

#[tokio::test]
async fn a_host_that_looks_like_ai_is_refused_with_a_page_where_the_office_wants_it() {
    let service = Service::open(LIKE_AI, &["http/1.1"]).await;
    let office = office(LIKE_AI, &service, UnknownAiHosts::Block).await;
    let mut browser = Browser::open(&office, LIKE_AI, &["http/1.1"]).await;
    let mut request = get(&browser, LIKE_AI, "/");
    let html = "text/html".parse().unwrap();
    request.headers_mut().insert("accept", html);
    let answer = browser.ask(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Danh mục công cụ AI được phép"));
    // Nor under the name of another tunnel, nor in the clear.
    let tcp = tunnel(office.address, &format!("{PLAIN}:443")).await;
    let tls = handshake(tcp, LIKE_AI, &office.root, &["http/1.1"]).await;
    let mut browser = Browser::over(tls.unwrap()).await;
    let answer = browser.ask(get(&browser, LIKE_AI, "/")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let ask = format!("GET http://{LIKE_AI}/ HTTP/1.1\r\nHost: {LIKE_AI}\r\n\r\n");
    let (_, head) = say(office.address, &ask).await;
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
    assert_eq!(service.received().len(), 0);
}

#[tokio::test]
async fn a_client_that_refuses_our_ca_is_told_why_and_never_tunnelled() {
    let service = Service::open(AI, &["http/1.1"]).await;
    let office = office(AI, &service, UnknownAiHosts::Observe).await;
    let refuse = async || {
        let tcp = tunnel(office.address, &format!("{AI}:443")).await;
        // It trusts the service's own CA, as an application with a pin does.
        handshake(tcp, AI, &service.ca, &["http/1.1"])
            .await
            .unwrap_err();
    };
    for _ in 0..2 {
        refuse().await;
    }
    // A program that trusts us comes through, and what was held against it is forgotten.
    Browser::open(&office, AI, &["http/1.1"]).await;
    for _ in 0..3 {
        refuse().await;
    }
    let connect = format!("CONNECT {AI}:443 HTTP/1.1\r\nHost: {AI}:443\r\n\r\n");
    let mut told = String::new();
    for _ in 0..100 {
        // The proxy meets the end of a handshake a moment after the client.
        let (mut tcp, head) = say(office.address, &connect).await;
        if head.starts_with("HTTP/1.1 403") {
            told = head;
            let mut reason = vec![0; 64];
            let read = tcp.read(&mut reason).await.unwrap();
            assert!(read > 0);
            break;
        }
        drop(tcp);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(told.starts_with("HTTP/1.1 403"), "{told}");
    // Another program on the same workstation is served as ever.
    let agent =
        "CONNECT chatgpt.com:443 HTTP/1.1\r\nHost: chatgpt.com\r\nUser-Agent: Mozilla/5.0\r\n\r\n";
    let (_, head) = say(office.address, agent).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let figures = office.metrics.render();
    assert!(
        figures.contains("lachan_distrusting_clients 1"),
        "{figures}"
    );
    assert_eq!(service.received().len(), 0);
    assert!(counts(&office, "openai-chatgpt-web").uninspectable >= 1);
    assert_eq!(counts(&office, "openai-chatgpt-web").tunnelled, 0);
}
