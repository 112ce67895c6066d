//! What is wanted by CONNECT or in absolute form, and what is refused.

use std::net::{Ipv4Addr, SocketAddr};

use http::StatusCode;
use lachan::proxy::settings::{InterceptionSettings, ProxySettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::client::{Browser, PATIENCE, get, handshake, read_head, say, tunnel};
use crate::office::{AI, OTHER_AI, Office, PLAIN, Wishes, nowhere};
use crate::service::Service;

/// A server that speaks first, says what it heard when the client is done, and then ends.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut tcp, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                tcp.write_all(b"220 ready\r\n").await.unwrap();
                let mut heard = Vec::new();
                tcp.read_to_end(&mut heard).await.unwrap();
                tcp.write_all(&heard).await.unwrap();
            });
        }
    });
    address
}

async fn office(hosts: Vec<(&'static str, SocketAddr)>) -> Office {
    Office::open(Wishes {
        hosts,
        ..Wishes::default()
    })
    .await
}

#[tokio::test]
async fn a_tunnel_passes_server_first_protocols_and_half_closes() {
    let office = office(vec![(PLAIN, echo().await)]).await;
    let mut tcp = tunnel(office.address, "intranet.example:443").await;
    let mut greeting = [0; 11];
    tcp.read_exact(&mut greeting).await.unwrap();
    assert_eq!(&greeting, b"220 ready\r\n");
    tcp.write_all(b"hello").await.unwrap();
    tcp.shutdown().await.unwrap();
    let mut rest = String::new();
    tcp.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "hello");
}

#[tokio::test]
async fn tls_to_other_hosts_passes_unread() {
    let service = Service::open(PLAIN, &["h2"]).await;
    let office = office(vec![(PLAIN, service.address)]).await;
    let tcp = tunnel(office.address, "intranet.example:443").await;
    let tls = handshake(tcp, PLAIN, &service.ca, &["h2"]).await.unwrap();
    let mut browser = Browser::over(tls).await;
    let answer = browser.ask(get(&browser, PLAIN, "/")).await;
    assert_eq!(answer.body, "hello");
    assert!(answer.headers.contains_key("alt-svc"));
}

#[tokio::test]
async fn a_server_name_of_an_ai_host_is_intercepted_whatever_the_tunnel_is_called() {
    let service = Service::open(AI, &["h2", "http/1.1"]).await;
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address), (PLAIN, silent.local_addr().unwrap())],
        service_ca: service.ca.clone(),
        ..Wishes::default()
    })
    .await;
    let tcp = tunnel(office.address, "intranet.example:443").await;
    let tls = handshake(tcp, AI, &office.root, &["h2"]).await.unwrap();
    let mut browser = Browser::over(tls).await;
    assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
    assert_eq!(service.received().len(), 1);
}

#[tokio::test]
async fn two_different_ai_names_are_refused() {
    let office = office(vec![(AI, nowhere()), (OTHER_AI, nowhere())]).await;
    let tcp = tunnel(office.address, "chatgpt.com:443").await;
    let tls = handshake(tcp, OTHER_AI, &office.root, &["http/1.1"])
        .await
        .unwrap();
    let mut browser = Browser::over(tls).await;
    let answer = browser.ask(get(&browser, OTHER_AI, "/")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_ai_host_without_tls_is_refused() {
    let office = office(vec![(AI, nowhere())]).await;
    let mut tcp = tunnel(office.address, "chatgpt.com:443").await;
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n")
        .await
        .unwrap();
    assert!(read_head(&mut tcp).await.starts_with("HTTP/1.1 426"));

    let ask = "GET http://chatgpt.com/ HTTP/1.1\r\nHost: chatgpt.com\r\n\r\n";
    let (_, head) = say(office.address, ask).await;
    assert!(head.starts_with("HTTP/1.1 426"), "{head}");
}

#[tokio::test]
async fn a_bypassed_host_passes_unread() {
    let service = Service::open(AI, &["h2"]).await;
    let office = Office::open(Wishes {
        hosts: vec![(AI, service.address)],
        interception: InterceptionSettings {
            bypass_hosts: vec![AI.to_owned()],
            ..InterceptionSettings::default()
        },
        ..Wishes::default()
    })
    .await;
    let tcp = tunnel(office.address, "chatgpt.com:443").await;
    let tls = handshake(tcp, AI, &service.ca, &["h2"]).await.unwrap();
    let mut browser = Browser::over(tls).await;
    assert_eq!(browser.ask(get(&browser, AI, "/")).await.body, "hello");
    let figures = office.metrics.render();
    let counted = r#"lachan_tunnels_total{reason="bypass"} 1"#;
    assert!(figures.contains(counted), "{figures}");
    let tunnelled = r#"lachan_coverage_total{result="tunnelled",service="openai-chatgpt-web"} 1"#;
    assert!(figures.contains(tunnelled), "{figures}");

    // A tunnel whose host becomes intercepted is closed, within some seconds.
    office.bypass_nothing();
    let open = async {
        while browser.is_open() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE * 2, open).await.unwrap();
}

#[tokio::test]
async fn strangers_and_closed_ports_are_refused_politely() {
    let office = Office::open(Wishes {
        proxy: ProxySettings {
            allowed_clients: vec!["192.0.2.0/24".parse().unwrap()],
            ..ProxySettings::default()
        },
        ..Wishes::default()
    })
    .await;
    let (_, head) = say(office.address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");

    let office = self::office(Vec::new()).await;
    let (_, head) = say(office.address, "CONNECT a.example:25 HTTP/1.1\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
}

#[tokio::test]
async fn the_proxy_never_dials_inwards_for_a_client() {
    let office = office(Vec::new()).await;
    for authority in [
        "127.0.0.1:443",
        "[::ffff:127.0.0.1]:443",
        "169.254.169.254:443",
    ] {
        let connect = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
        let (_, head) = say(office.address, &connect).await;
        assert!(head.starts_with("HTTP/1.1 403"), "{authority}: {head}");
    }
    let (_, head) = say(
        office.address,
        "GET http://127.0.0.1:8443/ HTTP/1.1\r\nHost: a\r\n\r\n",
    )
    .await;
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
}

#[tokio::test]
async fn plain_http_is_passed_on_with_the_host_of_its_uri() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let office = Office::open(Wishes {
        plain_hosts: vec![(PLAIN, listener.local_addr().unwrap())],
        ..Wishes::default()
    })
    .await;
    let server = tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let head = read_head(&mut tcp).await;
        tcp.write_all(b"HTTP/1.1 204 No Content\r\nX-Case: kept\r\n\r\n")
            .await
            .unwrap();
        head
    });
    let (_, answer) = say(
        office.address,
        "GET http://intranet.example/a?b=1 HTTP/1.1\r\nHost: chatgpt.com\r\n\
         X-CamelCase: 1\r\nProxy-Connection: keep-alive\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(answer.contains("X-Case: kept"), "{answer}");
    assert_eq!(
        server.await.unwrap(),
        "GET /a?b=1 HTTP/1.1\r\nHost: intranet.example\r\nX-CamelCase: 1\r\n\r\n"
    );
}
