//! The proxy's own pages and the self-test.

use http::StatusCode;
use lachan::store::registry::MachineStanding;
use lachan::store::{Act, Actor, Deed, What};
use tokio::io::AsyncReadExt as _;

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

/// A form as a browser sends it from one of our own pages.
async fn form(office: &Office, origin: &str, path: &str, fields: &str) -> String {
    let host = office.address;
    let length = fields.len();
    let ask = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{fields}"
    );
    say(host, &ask).await.1
}

async fn first_page(office: &Office) -> String {
    let ask = "GET / HTTP/1.1\r\nHost: lachan.internal\r\nConnection: close\r\n\r\n";
    let (mut tcp, _) = say(office.address, ask).await;
    let mut page = String::new();
    tcp.read_to_string(&mut page).await.unwrap();
    page
}

fn location(answer: &str) -> &str {
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    line.unwrap_or_default()
}

#[tokio::test]
async fn a_clerk_reports_trouble_and_nobody_else_for_him() {
    let office = Office::open(Wishes::default()).await;
    let own = format!("http://{}", office.address);
    let fields = "kind=leak&when=9h&what=danh+sach+30+ho&name=Lan";
    for origin in ["http://evil.example", "null", "https://lachan.internal", ""] {
        let answer = form(&office, origin, "/bao-su-co", fields).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{origin}: {answer}");
    }
    assert_eq!(office.store.chain_seq(), 0);
    let answer = form(&office, &own, "/bao-su-co", fields).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(location(&answer).starts_with("/bao-su-co?xong=SC-"));
    assert_eq!(office.store.chain_seq(), 1);
}

#[tokio::test]
async fn a_report_that_holds_a_number_of_a_person_is_not_kept() {
    let office = Office::open(Wishes::default()).await;
    let own = format!("http://{}", office.address);
    let fields = "kind=leak&when=9h&what=CCCD+001099000001";
    let answer = form(&office, &own, "/bao-su-co", fields).await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert_eq!(office.store.chain_seq(), 0);
}

#[tokio::test]
async fn a_confirmed_machine_has_its_unit_on_its_next_connection() {
    let office = Office::open(Wishes::default()).await;
    let own = format!("http://{}", office.address);
    let unit = Deed::new(Actor::terminal(), What::UnitSet).subject("Văn phòng");
    office.store.act(Act::of(unit)).await.unwrap();
    let fields = "machine=VP-01&unit=V%C4%83n+ph%C3%B2ng";
    let answer = form(&office, &own, "/bo-phan", fields).await;
    assert_eq!(location(&answer), "/bo-phan", "{answer}");
    let registry = office.store.registry();
    let (address, machine) = registry.machines().next().unwrap();
    assert_eq!(
        (machine.name.as_str(), machine.standing),
        ("VP-01", MachineStanding::Named)
    );
    assert!(first_page(&office).await.contains("chưa được gán"));
    let confirmed = Deed::new(Actor::terminal(), What::MachineConfirmed)
        .subject(&address.to_string())
        .fact("machine", "VP-01")
        .fact("unit", "Văn phòng");
    office.store.act(Act::of(confirmed)).await.unwrap();
    let shown = first_page(&office).await;
    assert!(shown.contains("<dd>Văn phòng</dd>"), "{shown}");
    // Whoever chooses again keeps the rules that were confirmed until somebody confirms others.
    let other = Deed::new(Actor::terminal(), What::UnitSet).subject("Kho");
    office.store.act(Act::of(other)).await.unwrap();
    form(&office, &own, "/bo-phan", "machine=K-01&unit=Kho").await;
    let registry = office.store.registry();
    let (_, machine) = registry.machines().next().unwrap();
    assert_eq!(machine.unit_in_force(), Some("Văn phòng"));
    assert!(first_page(&office).await.contains("<dd>Văn phòng</dd>"));
}
