//! Are the answers of real services turned back, however they are cut?
//!
//! `tests/fixtures/answers` holds answers as services send them, and beside each what the client is
//! to receive.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, PoisonError};

use http::{HeaderMap, Method, Request, StatusCode, header};

use super::*;
use crate::inspect::restore::Restoring;
use crate::model::address::ClientAddr;
use crate::model::sensitive::Sensitive;

const SOCKET: &str = "socket";
pub(super) const VALUES: [(&str, &str); 2] = [
    ("CCCDK7X3M9Q", "001099000001"),
    ("TENK7X3M9Q", "Nguyễn Văn \"Thử\""),
];

#[derive(serde::Deserialize)]
struct Manifest {
    answer: Vec<Fixture>,
}

#[derive(serde::Deserialize)]
pub(super) struct Fixture {
    pub(super) file: String,
    method: String,
    url: String,
    content_type: String,
    #[serde(default)]
    pub(super) pieces_at: Vec<String>,
}

impl Fixture {
    pub(super) fn is_socket(&self) -> bool {
        self.content_type == SOCKET
    }

    /// How an answer to the client with the values is turned back.
    pub(super) fn known(&self) -> Restoring {
        let known = restoring(&self.method, &self.url, self.is_socket(), 1);
        known.unwrap_or_else(|| panic!("{} has no row", self.file))
    }
}

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().unwrap()));

static DETECTOR: LazyLock<Arc<Detector>> = LazyLock::new(|| Arc::new(Detector::builtin().unwrap()));

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/answers")
}

pub(super) fn fixtures() -> Vec<Fixture> {
    let manifest = std::fs::read_to_string(folder().join("manifest.toml")).unwrap();
    toml::from_str::<Manifest>(&manifest).unwrap().answer
}

fn sender(last: u8) -> Sender {
    Sender {
        client: ClientAddr(SocketAddr::from(([10, 0, 0, last], 50_000))),
        unit: None,
    }
}

fn clock() -> UnixMillis {
    UnixMillis(2000)
}

/// How an answer to this client is turned back, on a node that keeps values of client 1 for every
/// service that is asked.
fn restoring(method: &str, url: &str, upgrade: bool, client: u8) -> Option<Restoring> {
    let limits = Arc::new(Limits::default());
    let (host, path) = url.split_at(url.find('/').unwrap());
    let service = CATALOGUE.service_of(host).unwrap().id.clone();
    let node = Node::new([1; 32], [2; 32], &limits);
    let values = VALUES.map(|(code, value)| (code.to_owned(), Sensitive::new(value.to_owned())));
    let mut memory = node.way_back.lock().unwrap_or_else(PoisonError::into_inner);
    let owner = sender(1).client.to_string();
    memory.remember(&owner, &service, values.to_vec(), UnixMillis(1000));
    drop(memory);
    let inspector = Inspector::new(InspectorParts {
        catalogue: Arc::clone(&CATALOGUE),
        detector: Arc::clone(&DETECTOR),
        policy: Arc::new(Policy::builtin().unwrap()),
        limits,
        node: Arc::new(node),
    });
    let mut request = Request::builder().method(method).uri(path);
    if upgrade {
        request = request.header(header::UPGRADE, "websocket");
    }
    let (head, ()) = request.body(()).unwrap().into_parts();
    inspector.restoring(host, &head, &sender(client), clock)
}

fn head(content_type: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    headers
}

/// The fixture turned back, its bytes cut by `cut`.
pub(super) fn turned<'a>(
    fixture: &Fixture,
    known: &Restoring,
    bytes: &'a [u8],
    cut: impl Fn(&'a [u8]) -> Vec<&'a [u8]>,
) -> Vec<u8> {
    if fixture.is_socket() {
        let mut restorer = known.of_socket();
        let lines = bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let messages = lines.flat_map(|line| restorer.message(line));
        return messages
            .flat_map(|message| [&message[..], b"\n"].concat())
            .collect();
    }
    let body = known.of_body(StatusCode::OK, &head(&fixture.content_type));
    let mut body = body.unwrap_or_else(|| panic!("{} is not read", fixture.file));
    let mut out = Vec::new();
    for piece in cut(bytes) {
        out.extend(body.restorer.push(&body.decoder.push(piece).unwrap()));
    }
    out.extend(body.restorer.finish());
    out
}

#[test]
fn every_answer_is_turned_back_wherever_it_is_cut() {
    for fixture in fixtures() {
        let known = fixture.known();
        let bytes = std::fs::read(folder().join(&fixture.file)).unwrap();
        let out = turned(&fixture, &known, &bytes, |bytes| vec![bytes]);
        let expected = folder().join(format!("{}.restored", fixture.file));
        if std::env::var_os("WRITE").is_some() {
            std::fs::write(&expected, &out).unwrap();
        }
        let expected = std::fs::read(expected).unwrap();
        let (text, expected_text) = (
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&expected),
        );
        assert_eq!(text, expected_text, "{}", fixture.file);
        if fixture.is_socket() {
            continue;
        }
        // Long ones are cut at some places only, and byte by byte below.
        for at in (0..=bytes.len()).step_by(1 + bytes.len() / 300) {
            let cut = |bytes| <[u8]>::split_at(bytes, at);
            let out = turned(&fixture, &known, &bytes, |bytes| {
                let (a, b) = cut(bytes);
                vec![a, b]
            });
            assert!(out == expected, "{} cut at {at}", fixture.file);
        }
        let out = turned(&fixture, &known, &bytes, |bytes| bytes.chunks(1).collect());
        assert!(out == expected, "{} byte by byte", fixture.file);
    }
}

#[test]
fn nobody_else_gets_the_values() {
    for fixture in fixtures().iter().filter(|one| !one.is_socket()) {
        let known = restoring(&fixture.method, &fixture.url, false, 2);
        let known = known.unwrap_or_else(|| panic!("{} has no row", fixture.file));
        let body = known.of_body(StatusCode::OK, &head(&fixture.content_type));
        assert!(body.is_none(), "{}", fixture.file);
    }
}

#[test]
fn parts_pages_unknown_codings_and_heads_pass_as_they_are() {
    let chat = "api.openai.com/v1/chat/completions";
    let known = restoring("POST", chat, false, 1).unwrap();
    let json = head("application/json");
    assert!(known.of_body(StatusCode::OK, &json).is_some());
    assert!(known.of_body(StatusCode::BAD_REQUEST, &json).is_some());
    for status in [206, 204, 304] {
        let status = StatusCode::from_u16(status).unwrap();
        assert!(known.of_body(status, &json).is_none(), "{status}");
    }
    assert!(known.of_body(StatusCode::OK, &head("text/html")).is_none());
    assert!(known.of_body(StatusCode::OK, &HeaderMap::new()).is_none());
    for (coding, is_read) in [("gzip", true), ("br, gzip", true), ("dcb", false)] {
        let mut headers = json.clone();
        headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
        let body = known.of_body(StatusCode::OK, &headers);
        assert_eq!(body.is_some(), is_read, "{coding}");
    }
}

#[test]
fn the_self_test_and_unknown_endpoints_show_placeholders() {
    for url in [
        "test.lachan.internal/v1/chat/completions",
        "api.openai.com/v1/unknown",
    ] {
        assert!(
            restoring(Method::POST.as_str(), url, false, 1).is_none(),
            "{url}"
        );
    }
}
