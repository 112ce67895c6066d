//! What does a service's client show of a body? Each shape is read as its client reads it.
//!
//! Tests only. A reader panics where the client would show nothing.

use futures_util::FutureExt as _;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt as _;
use serde_json::Value;

use super::answer::OwnAnswer;
use crate::service::RefusalShape;

/// The text that stands in the client's window.
pub(super) fn shown(shape: RefusalShape, answer: &OwnAnswer) -> String {
    let bytes = bytes_of(answer);
    let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap();
    if matches!(
        shape,
        RefusalShape::ConnectJsonEnd | RefusalShape::ConnectProtoEnd
    ) {
        assert!(kind.starts_with("application/connect+"));
        return connect(&bytes);
    }
    assert!(kind.ends_with("; charset=utf-8"), "{kind}");
    let text = std::str::from_utf8(&bytes).unwrap();
    match shape {
        RefusalShape::ChatGptStream => chatgpt(text),
        RefusalShape::ClaudeStream => claude(text),
        RefusalShape::GrokStream => grok(text),
        RefusalShape::DeepSeekStream => deepseek(text),
        RefusalShape::GithubCopilotStream => github_copilot(text),
        RefusalShape::DuckStream => duck(text),
        RefusalShape::RpcArray => {
            let message = text
                .strip_prefix("[,[7,")
                .and_then(|rest| rest.strip_suffix("]]"));
            serde_json::from_str(message.unwrap()).unwrap()
        }
        RefusalShape::StoreXml => {
            let message = text.split("<Message>").nth(1).unwrap();
            let message = message.strip_suffix("</Message></Error>").unwrap();
            assert!(!message.contains(['<', '>']));
            message
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
        }
        RefusalShape::OpenAi
        | RefusalShape::Generic
        | RefusalShape::Anthropic
        | RefusalShape::Google => string(&json(text), "/error/message"),
        RefusalShape::Detail => string(&json(text), "/detail/message"),
        RefusalShape::DetailText => string(&json(text), "/detail"),
        RefusalShape::CodeMsg | RefusalShape::CodeSuccess => string(&json(text), "/msg"),
        RefusalShape::Message | RefusalShape::CodeMessage => string(&json(text), "/message"),
        RefusalShape::ErrorMessage => {
            let shown = string(&json(text), "/vi_message");
            for place in ["/message", "/errorMessage", "/error_message"] {
                assert_eq!(string(&json(text), place), shown);
            }
            shown
        }
        RefusalShape::GraphQl => string(&json(text), "/errors/0/message"),
        RefusalShape::Trpc => string(&json(text), "/0/error/json/message"),
        RefusalShape::ConnectJsonEnd
        | RefusalShape::ConnectProtoEnd
        | RefusalShape::CopilotSocket
        | RefusalShape::SignalrSocket
        | RefusalShape::RealtimeSocket
        | RefusalShape::GrokSocket
        | RefusalShape::NeoSocket
        | RefusalShape::GrammarlySocket => unreachable!("read elsewhere"),
    }
}

/// The whole body.
pub(super) fn bytes_of(answer: &OwnAnswer) -> Vec<u8> {
    let collected = answer.body().clone().collect().now_or_never();
    collected.unwrap().unwrap().to_bytes().to_vec()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn string(value: &Value, place: &str) -> String {
    value.pointer(place).unwrap().as_str().unwrap().to_owned()
}

/// Server-sent events as the HTML standard reads them: name and data, ended by an empty line.
fn events(text: &str) -> Vec<(String, String)> {
    let whole = text.strip_suffix("\n\n").expect("the last event is ended");
    let read = |block: &str| {
        let (mut name, mut data) = (String::from("message"), Vec::new());
        for line in block.lines() {
            match line.split_once(": ").unwrap() {
                ("event", value) => value.clone_into(&mut name),
                ("data", value) => data.push(value),
                (other, _) => panic!("no field of an event: {other}"),
            }
        }
        (name, data.join("\n"))
    };
    whole.split("\n\n").map(read).collect()
}

/// Deltas `v1`: each says where, how and what; here no field is left out.
fn chatgpt(text: &str) -> String {
    let events = events(text);
    assert_eq!(events[0], ("delta_encoding".into(), "\"v1\"".into()));
    let mut state = Value::Null;
    let mut is_complete = false;
    for (name, data) in &events[1..] {
        match name.as_str() {
            "delta" => apply(&mut state, &json(data)),
            _ if data == "[DONE]" => assert!(is_complete),
            _ => is_complete = json(data)["type"] == "message_stream_complete",
        }
    }
    assert_eq!(events.last().unwrap().1, "[DONE]");
    assert_eq!(state["conversation_id"], "c-1");
    assert_eq!(state["message"]["author"]["role"], "assistant");
    assert_eq!(state["message"]["status"], "finished_successfully");
    assert_eq!(state["message"]["end_turn"], true);
    string(&state, "/message/content/parts/0")
}

fn apply(state: &mut Value, delta: &Value) {
    let place = delta["p"].as_str().unwrap();
    match delta["o"].as_str().unwrap() {
        "add" | "replace" => *state.pointer_mut(place).unwrap() = delta["v"].clone(),
        "append" => {
            let target = state.pointer_mut(place).unwrap();
            let grown = format!(
                "{}{}",
                target.as_str().unwrap(),
                delta["v"].as_str().unwrap()
            );
            *target = Value::from(grown);
        }
        "patch" => {
            for one in delta["v"].as_array().unwrap() {
                apply(state, one);
            }
        }
        other => panic!("no operation: {other}"),
    }
}

fn claude(text: &str) -> String {
    let (mut shown, mut names) = (String::new(), Vec::new());
    for (name, data) in events(text) {
        let value = json(&data);
        assert_eq!(value["type"], name.as_str());
        if name == "message_start" {
            assert_eq!(value["message"]["uuid"], "r-1");
        }
        if name == "content_block_delta" {
            shown.push_str(&string(&value, "/delta/text"));
        }
        names.push(name);
    }
    let expected = "message_start content_block_start content_block_delta content_block_stop \
                    message_delta message_stop";
    assert_eq!(names.join(" "), expected);
    shown
}

fn grok(text: &str) -> String {
    let (mut tokens, mut whole) = (String::new(), None);
    for line in text.strip_suffix('\n').unwrap().split('\n') {
        let value = json(line);
        let response = &value["result"]["response"];
        tokens.push_str(response["token"].as_str().unwrap_or_default());
        whole = response
            .pointer("/modelResponse/message")
            .cloned()
            .or(whole);
    }
    assert_eq!(whole.unwrap(), tokens.as_str());
    tokens
}

fn deepseek(text: &str) -> String {
    let events = events(text);
    let ready = json(&events[0].1);
    // The request named message 6.
    assert_eq!(
        (
            events[0].0.as_str(),
            &ready["request_message_id"],
            &ready["response_message_id"]
        ),
        ("ready", &Value::from(7), &Value::from(8))
    );
    let opened = json(&events[1].1);
    let response = &opened["v"]["response"];
    assert_eq!(response["message_id"], 8);
    let ended = json(&events[2].1);
    assert_eq!(
        (&ended["p"], &ended["v"]),
        (&"response/status".into(), &"FINISHED".into())
    );
    assert_eq!(events[3].0, "close");
    string(response, "/fragments/0/content")
}

fn github_copilot(text: &str) -> String {
    let events = events(text);
    let complete = json(&events[1].1);
    assert_eq!(complete["type"], "complete");
    assert_eq!(complete["parentMessageID"], "r-1");
    assert_eq!(complete["createdAt"], "2026-06-12T07:05:00Z");
    let content = json(&events[0].1);
    assert_eq!(content["type"], "content");
    string(&content, "/body")
}

fn duck(text: &str) -> String {
    let events = events(text);
    assert_eq!(events[1].1, "[DONE]");
    let message = json(&events[0].1);
    assert_eq!(message["action"], "success");
    string(&message, "/message")
}

/// One frame with the end flag (Connect protocol, "Streaming response").
fn connect(bytes: &[u8]) -> String {
    let (head, end) = bytes.split_at(5);
    assert_eq!(head[0], 0x02);
    let length = u32::from_be_bytes(head[1..].try_into().unwrap());
    assert_eq!(usize::try_from(length).unwrap(), end.len());
    let end = json(std::str::from_utf8(end).unwrap());
    assert_eq!(end["error"]["code"], "permission_denied");
    string(&end, "/error/message")
}
