//! What did the AI service see? A stand-in that answers with what it received.
//!
//! It speaks as much of the OpenAI chat completions API as SDKs need: one answer, or a stream of
//! chunks. In: the body after inspection. Out: a response whose text repeats the messages.
//!
//! Never: memory of a request; anything sent on.

use std::fmt::Write as _;

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{self, OwnAnswer};
use super::wire_error::wire_error;
use crate::model::exchange::UnixMillis;
use crate::service::RefusalShape;

/// The stand-in's model.
const MODEL: &str = "lachan-selftest";
/// What stands before the repeated text.
pub(super) const INTRODUCTION: &str = "Công cụ AI giả lập đã nhận được:\n\n";

/// The part of a request that the stand-in reads.
#[derive(Deserialize)]
struct ChatRequest {
    #[serde(default)]
    model: Option<String>,
    messages: Vec<ChatMessage>,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
}

#[derive(Deserialize)]
struct ChatMessage {
    role: String,
    /// A string, or a list of parts of which some have `text`.
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

/// Answers `POST /v1/chat/completions`.
pub(super) fn complete(body: &[u8], now: UnixMillis) -> OwnAnswer {
    let request: ChatRequest = match serde_json::from_slice(body) {
        Ok(request) => request,
        Err(_) => {
            return error(
                StatusCode::BAD_REQUEST,
                "invalid_json",
                "Nội dung gửi lên không phải JSON của /v1/chat/completions: cần có \"messages\", \
                 mỗi phần tử có \"role\" và \"content\".",
            );
        }
    };
    let reply = Reply {
        id: format!("chatcmpl-lachan-{:x}", now.0),
        created: now.0 / 1000,
        model: request.model.as_deref().unwrap_or(MODEL),
        prompt: repeated(&request.messages),
    };
    if request.stream == Some(true) {
        let usage = request
            .stream_options
            .is_some_and(|options| options.include_usage);
        let usage = if usage {
            StreamUsage::Sent
        } else {
            StreamUsage::Left
        };
        return answer::content(
            StatusCode::OK,
            "text/event-stream; charset=utf-8",
            reply.stream(usage),
        );
    }
    json_answer(StatusCode::OK, &reply.whole())
}

/// Answers `GET /v1/models`.
pub(super) fn models() -> OwnAnswer {
    let model = json!({"id": MODEL, "object": "model", "created": 0, "owned_by": "lachan"});
    json_answer(StatusCode::OK, &json!({"object": "list", "data": [model]}))
}

/// An error in the API's shape.
pub(super) fn error(status: StatusCode, code: &str, message: &str) -> OwnAnswer {
    let body = wire_error(RefusalShape::OpenAi, status, code, message);
    answer::content(status, body.content_type, body.text)
}

fn json_answer(status: StatusCode, body: &Value) -> OwnAnswer {
    answer::content(status, "application/json; charset=utf-8", body.to_string())
}

/// The text of the messages: of one message bare, of several with their roles.
fn repeated(messages: &[ChatMessage]) -> String {
    match messages {
        [message] => message.text(),
        several => several
            .iter()
            .map(|message| format!("{}: {}", message.role, message.text()))
            .collect::<Vec<_>>()
            .join("\n\n"),
    }
}

impl ChatMessage {
    fn text(&self) -> String {
        if let Some(parts) = self.content.as_array() {
            let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
            return texts.collect::<Vec<_>>().join("\n");
        }
        self.content.as_str().unwrap_or_default().to_owned()
    }
}

/// Whether a stream ends with a chunk of usage figures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StreamUsage {
    Sent,
    Left,
}

struct Reply<'a> {
    id: String,
    created: i64,
    model: &'a str,
    prompt: String,
}

impl Reply<'_> {
    fn text(&self) -> String {
        format!("{INTRODUCTION}{}", self.prompt)
    }

    fn whole(&self) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": self.text(), "refusal": null},
                "logprobs": null,
                "finish_reason": "stop",
            }],
            "usage": self.usage(),
        })
    }

    /// Server-sent events: the role, the text word by word, the end, `[DONE]`.
    fn stream(&self, usage: StreamUsage) -> String {
        let mut out = String::new();
        let mut send = |value: &Value| {
            // Writing into a string cannot fail.
            let _ = write!(out, "data: {value}\n\n");
        };
        send(&self.chunk(&json!({"role": "assistant", "content": ""}), &Value::Null));
        for word in self.text().split_inclusive(' ') {
            send(&self.chunk(&json!({"content": word}), &Value::Null));
        }
        send(&self.chunk(&json!({}), &json!("stop")));
        if usage == StreamUsage::Sent {
            let mut last = self.chunk(&json!({}), &Value::Null);
            if let Some(fields) = last.as_object_mut() {
                fields.insert(String::from("choices"), json!([]));
                fields.insert(String::from("usage"), self.usage());
            }
            send(&last);
        }
        out.push_str("data: [DONE]\n\n");
        out
    }

    fn chunk(&self, delta: &Value, finish_reason: &Value) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [{
                "index": 0,
                "delta": delta,
                "logprobs": null,
                "finish_reason": finish_reason,
            }],
        })
    }

    /// Words stand for tokens: nobody is billed here, but SDKs expect figures.
    fn usage(&self) -> Value {
        let prompt = self.prompt.split_whitespace().count();
        let completion = self.text().split_whitespace().count();
        json!({
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::answer::text_of;

    const NOW: UnixMillis = UnixMillis(1_780_000_000_000);

    fn completed(body: &str) -> (StatusCode, String) {
        let answer = complete(body.as_bytes(), NOW);
        (answer.status(), text_of(&answer))
    }

    #[test]
    fn the_answer_repeats_what_arrived() {
        let (status, body) =
            completed(r#"{"model":"m","messages":[{"role":"user","content":"số CCCD1X7Q"}]}"#);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            body,
            json!({
                "id": "chatcmpl-lachan-19e70448800",
                "object": "chat.completion",
                "created": 1_780_000_000,
                "model": "m",
                "choices": [{
                    "index": 0,
                    "message": {
                        "role": "assistant",
                        "content": "Công cụ AI giả lập đã nhận được:\n\nsố CCCD1X7Q",
                        "refusal": null,
                    },
                    "logprobs": null,
                    "finish_reason": "stop",
                }],
                "usage": {"prompt_tokens": 2, "completion_tokens": 10, "total_tokens": 12},
            })
        );
    }

    #[test]
    fn several_messages_and_parts_are_all_shown() {
        let (_, body) = completed(
            r#"{"messages":[{"role":"system","content":"ngắn gọn"},{"role":"assistant","content":null},
            {"role":"user","content":[{"type":"text","text":"một"},{"type":"image_url"},{"type":"text","text":"hai"}]}]}"#,
        );
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            body["choices"][0]["message"]["content"],
            "Công cụ AI giả lập đã nhận được:\n\nsystem: ngắn gọn\n\nassistant: \n\nuser: một\nhai"
        );
    }

    #[test]
    fn a_stream_adds_up_to_the_same_text_and_ends_with_done() {
        let (_, body) = completed(
            r#"{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"số CCCD1X7Q"}]}"#,
        );
        let events: Vec<&str> = body.split_terminator("\n\n").collect();
        let (done, chunks) = events.split_last().unwrap();
        assert_eq!(*done, "data: [DONE]");
        let chunks: Vec<Value> = chunks
            .iter()
            .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
            .collect();
        let text: String = chunks
            .iter()
            .filter_map(|chunk| chunk.pointer("/choices/0/delta/content")?.as_str())
            .collect();
        assert_eq!(text, "Công cụ AI giả lập đã nhận được:\n\nsố CCCD1X7Q");
        let last = chunks.last().unwrap();
        assert_eq!(last["choices"], json!([]));
        assert_eq!(last["usage"]["total_tokens"], 12);
        assert!(
            chunks
                .iter()
                .all(|chunk| chunk["object"] == "chat.completion.chunk")
        );
    }

    #[test]
    fn what_is_not_a_chat_request_is_an_error_in_the_same_shape() {
        for body in ["", "{", "[]", r#"{"messages":"x"}"#, &"[".repeat(10_000)] {
            let (status, body) = completed(body);
            assert_eq!(status, StatusCode::BAD_REQUEST);
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body["error"]["code"], "invalid_json");
            assert_eq!(body["error"]["type"], "invalid_request_error");
        }
    }
}
