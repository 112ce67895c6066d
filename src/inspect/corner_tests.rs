//! The far corners of requests: every place is read, sound is refused, unknown paths leave a shape.

use crate::inspect::tests::{
    AT, CHATGPT, chatgpt_body, forwarded, inspector, refused, request, sender,
};
use crate::inspect::{CollectedRequest, Coverage, HeadVerdict, RefusalReason, Route};
use crate::model::decision::Action;
use crate::model::exchange::Carries;
use crate::model::uninspectable::Uninspectable;

#[test]
fn every_corner_of_a_request_is_read() {
    const ID: &str = "CCCD 001099000001";
    let coded = ID.replace(' ', "%2520");
    let mut requests: Vec<(&str, CollectedRequest)> = [
        format!("/v1/models?q={coded}"),
        format!("/v1/models?next=%2Fx%3Fq%3D{coded}"),
        format!("/v1/{coded}"),
        format!("/v1/%zz/{}", ID.replace(' ', "%20")),
    ]
    .iter()
    .map(|path| ("an address", request("api.openai.com", path, "", "")))
    .collect();
    for (what, name, value) in [
        ("a field", "x-note", ID),
        ("JSON", "x-note", r#"{"cccd":"0010\u00399000001"}"#),
        ("the name of a field", "x-cccd-001099000001", ""),
        ("a field like a key's", "x-api-key-note", ID),
        ("a handshake", "sec-websocket-key", ID),
    ] {
        let mut request = request("api.openai.com", "/v1/models", "", "");
        let name = http::HeaderName::try_from(name).unwrap();
        request.head.headers.insert(name, value.parse().unwrap());
        requests.push((what, request));
    }
    let mut trailed = request("api.openai.com", "/v1/models", "", "");
    let trailers = [(http::HeaderName::from_static("x-note"), ID.parse().unwrap())];
    trailed.trailers = Some(trailers.into_iter().collect());
    requests.push(("a trailer", trailed));
    for (what, request) in requests {
        let inspection = inspector().inspect(&request, &sender(), AT);
        assert_eq!(
            inspection.action,
            Action::Block,
            "{what}: {:?}",
            request.head
        );
    }
}

#[test]
fn a_voice_note_is_refused_as_sound_whatever_its_bytes() {
    for (kind, sound) in [
        ("audio/webm", "\u{1a}E\u{0}\u{0}\u{1}\u{2}\u{3}"),
        ("audio/l16", "\u{0}\u{1}\u{0}\u{2}\u{0}\u{3}\u{0}\u{4}"),
    ] {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\
             Content-Type: {kind}\r\n\r\n{sound}\r\n--b--\r\n"
        );
        let path = "/backend-api/transcribe";
        let kind = "multipart/form-data; boundary=b";
        let inspection = inspector().inspect(&request(CHATGPT.0, path, kind, body), &sender(), AT);
        assert_eq!(
            refused(&inspection),
            RefusalReason::Uninspectable(Uninspectable::Audio)
        );
        assert_eq!(inspection.coverage, Coverage::Uninspectable);
    }
}

#[test]
fn an_unknown_path_gives_a_shape_and_a_page_load_gives_none() {
    let text = r#"{"new_field":"CCCD 001099000001","001099000001":1}"#;
    let new = request(CHATGPT.0, "/new/001099000001", "application/json", text);
    let shape = inspector().inspect(&new, &sender(), AT).shape.unwrap();
    assert_eq!(shape.path, "/{id}");
    let told = format!("{shape:?}");
    assert!(
        told.contains("/new_field") && !told.contains("0010990"),
        "{told}"
    );
    let mut page = request(CHATGPT.0, "/?model=auto", "text/html", "");
    page.head.method = http::Method::GET;
    page.head
        .headers
        .insert("sec-fetch-dest", http::HeaderValue::from_static("document"));
    assert_eq!(inspector().inspect(&page, &sender(), AT).shape, None);
    let known = request(CHATGPT.0, CHATGPT.1, "application/json", chatgpt_body("a"));
    assert_eq!(inspector().inspect(&known, &sender(), AT).shape, None);
}

#[test]
fn a_picture_of_oneself_passes_on_an_account_and_anything_else_unreadable_does_not() {
    for (bytes, is_refused) in [
        (&b"\x89PNG\r\n\x1A\n\0\0"[..], false),
        (b"%PDF-1.7\n\xff", true),
    ] {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\
                    Content-Type: image/png\r\n\r\n";
        let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
        let kind = "multipart/form-data; boundary=b";
        let sent = request(CHATGPT.0, "/backend-api/me/avatar", kind, body);
        let inspection = inspector().inspect(&sent, &sender(), AT);
        assert_eq!(inspection.carries, Carries::Account);
        assert_eq!(
            inspection.action == Action::Block,
            is_refused,
            "{inspection:?}"
        );
    }
}

#[test]
fn the_head_of_a_request_that_passes_on_a_shared_host_is_read() {
    let look = |path: &str| {
        let mut passing = request("github.com", path, "", "");
        passing.head.method = http::Method::GET;
        assert!(matches!(
            inspector().route("github.com", &passing.head),
            Route::Passing
        ));
        inspector().inspect_head(&passing, &sender(), AT)
    };
    assert!(matches!(look("/rust-lang/rust"), HeadVerdict::Pass(_)));
    // Less than a block is none of our business there.
    assert!(matches!(
        look("/search?q=thu%40example.com"),
        HeadVerdict::Pass(_)
    ));
    let HeadVerdict::Refuse(inspection) = look("/search?q=CCCD%20001099000001") else {
        panic!("expected a refusal")
    };
    assert_eq!(refused(&inspection), RefusalReason::PersonalData);
    assert_eq!(inspection.shape, None);
    assert!(inspection.incident.is_some());
}

#[test]
fn a_number_cut_by_two_texts_of_a_request_is_hidden_in_both() {
    let parts = |parts: &[&str]| {
        let content = serde_json::json!({"content_type": "text", "parts": parts});
        serde_json::json!({"messages": [{"content": content}]}).to_string()
    };
    let messages = |texts: &[&str]| {
        let said = texts
            .iter()
            .map(|text| serde_json::json!({"role": "user", "content": text}));
        serde_json::json!({"model": "m", "messages": said.collect::<Vec<_>>()}).to_string()
    };
    let cut = ["Kiểm tra số CCCD 001099", "000001 giúp tôi"];
    let thrice = ["Kiểm tra số CCCD 0010", "9900", "0001"];
    for (host, path, body) in [
        (CHATGPT.0, CHATGPT.1, parts(&cut)),
        (CHATGPT.0, CHATGPT.1, parts(&thrice)),
        ("api.openai.com", "/v1/chat/completions", messages(&cut)),
        ("api.openai.com", "/v1/chat/completions", messages(&thrice)),
    ] {
        let inspection = inspector().inspect(
            &request(host, path, "application/json", body),
            &sender(),
            AT,
        );
        let sent = String::from_utf8(forwarded(&inspection).to_vec()).unwrap();
        for half in ["001099", "000001", "0010", "9900", "0001"] {
            assert!(!sent.contains(half), "{half} in {sent}");
        }
        assert!(
            sent.contains("CCCD ") && sent.contains("Kiểm tra"),
            "{sent}"
        );
    }
    for harmless in [
        ["Kế hoạch năm 2026", "12 việc cần làm"],
        ["Số liệu quý 1: 1099", "000001 là mã lô"],
    ] {
        let body = parts(&harmless);
        let asked = request(CHATGPT.0, CHATGPT.1, "application/json", body.clone());
        assert_eq!(
            forwarded(&inspector().inspect(&asked, &sender(), AT)),
            &body
        );
    }
}
