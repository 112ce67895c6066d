//! How does a service stream an answer, so that a refusal stands in its chat window?
//!
//! Clients of chat pages mostly show a fixed line, or nothing, for an error. What they do show is
//! an answer. In: the shape that the row names, the words, and the ids that the client expects to
//! see again. Out: one whole stream as the service sends it, its end included: without it the page
//! waits on.
//!
//! Never: an id that names something at the service; a conversation that began with a refusal has
//! one of ours.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::wire_error::connect_code;
use crate::inspect::RequestIds;
use crate::model::exchange::UnixMillis;
use crate::service::RefusalShape;

/// What the streams tell, and the ids that they need.
pub(super) struct Told<'a> {
    /// The notice, as plain lines.
    pub(super) text: &'a str,
    /// What the client called its request.
    pub(super) ids: &'a RequestIds,
    /// When it was refused.
    pub(super) at: UnixMillis,
}

/// A whole stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WireStream {
    /// The `Content-Type` field.
    pub(super) content_type: &'static str,
    /// All of its bytes.
    pub(super) body: Vec<u8>,
}

/// The stream of a shape that is one.
pub(super) fn wire_stream(shape: RefusalShape, told: &Told<'_>) -> Option<WireStream> {
    const EVENTS: &str = "text/event-stream; charset=utf-8";
    const LINES: &str = "application/x-ndjson; charset=utf-8";
    let (content_type, body) = match shape {
        RefusalShape::ChatGptStream => (EVENTS, chatgpt(told).into_bytes()),
        RefusalShape::ClaudeStream => (EVENTS, claude(told).into_bytes()),
        RefusalShape::DeepSeekStream => (EVENTS, deepseek(told).into_bytes()),
        RefusalShape::GithubCopilotStream => (EVENTS, github_copilot(told).into_bytes()),
        RefusalShape::DuckStream => (EVENTS, duck(told).into_bytes()),
        RefusalShape::GrokStream => (LINES, grok(told).into_bytes()),
        RefusalShape::ConnectJsonEnd => ("application/connect+json", connect_end(told)),
        RefusalShape::ConnectProtoEnd => ("application/connect+proto", connect_end(told)),
        RefusalShape::OpenAi
        | RefusalShape::Anthropic
        | RefusalShape::Google
        | RefusalShape::Detail
        | RefusalShape::DetailText
        | RefusalShape::CodeMsg
        | RefusalShape::CodeSuccess
        | RefusalShape::Message
        | RefusalShape::CodeMessage
        | RefusalShape::ErrorMessage
        | RefusalShape::GraphQl
        | RefusalShape::Trpc
        | RefusalShape::RpcArray
        | RefusalShape::StoreXml
        | RefusalShape::Generic
        | RefusalShape::CopilotSocket
        | RefusalShape::SignalrSocket
        | RefusalShape::RealtimeSocket
        | RefusalShape::GrokSocket
        | RefusalShape::NeoSocket
        | RefusalShape::GrammarlySocket => return None,
    };
    Some(WireStream { content_type, body })
}

/// An id like those of the services.
pub(super) fn fresh_id() -> String {
    Uuid::now_v7().to_string()
}

/// The id that the client gave, or one of ours.
fn given(id: Option<&String>) -> String {
    id.cloned().unwrap_or_else(fresh_id)
}

/// One server-sent event with a name.
fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// One server-sent event without a name.
fn data(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// A message that opens empty, grows by one delta, and is closed by a patch.
fn chatgpt(told: &Told<'_>) -> String {
    let conversation = given(told.ids.conversation.as_ref());
    let seconds = told.at.0 / 1000;
    let message = json!({
        "id": fresh_id(),
        "author": {"role": "assistant", "name": null, "metadata": {}},
        "create_time": seconds,
        "update_time": null,
        "content": {"content_type": "text", "parts": [""]},
        "status": "in_progress",
        "end_turn": null,
        "weight": 1.0,
        "metadata": {"message_type": "next"},
        "recipient": "all",
        "channel": "final",
    });
    let opened = json!({
        "p": "",
        "o": "add",
        "v": {"message": message, "conversation_id": conversation, "error": null},
        "c": 0,
    });
    let grown = json!({"p": "/message/content/parts/0", "o": "append", "v": told.text});
    let closed = json!({
        "p": "",
        "o": "patch",
        "v": [
            {"p": "/message/status", "o": "replace", "v": "finished_successfully"},
            {"p": "/message/end_turn", "o": "replace", "v": true},
        ],
    });
    let complete = json!({"type": "message_stream_complete", "conversation_id": conversation});
    [
        event("delta_encoding", &json!("v1")),
        event("delta", &opened),
        event("delta", &grown),
        event("delta", &closed),
        data(&complete),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat()
}

/// The events of the Messages API, with the ids that the page adds.
fn claude(told: &Told<'_>) -> String {
    let reply = given(told.ids.reply.as_ref());
    let message = json!({
        "id": format!("chatcompl_{reply}"),
        "type": "message",
        "role": "assistant",
        "model": "",
        "parent_uuid": told.ids.parent,
        "uuid": reply,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
    });
    let events = [
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": told.text}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": null}}),
        json!({"type": "message_stop"}),
    ];
    let written = events.iter().map(|one| {
        let name = one.get("type").and_then(Value::as_str).unwrap_or_default();
        event(name, one)
    });
    written.collect()
}

/// Messages of a conversation are numbered; the answer follows the request, which follows the
/// message that the request names.
fn deepseek(told: &Told<'_>) -> String {
    let parent = told.ids.parent.as_deref();
    let parent = parent.and_then(|number| number.parse::<u32>().ok());
    let request = parent.unwrap_or(0).saturating_add(1);
    let response = request.saturating_add(1);
    let opened = json!({"v": {"response": {
        "message_id": response,
        "parent_id": request,
        "model": "",
        "role": "ASSISTANT",
        "thinking_enabled": false,
        "search_enabled": false,
        "status": "WIP",
        "fragments": [{"id": 1, "type": "RESPONSE", "content": told.text}],
    }}});
    let ready = json!({"request_message_id": request, "response_message_id": response});
    [
        event("ready", &ready),
        data(&opened),
        data(&json!({"p": "response/status", "o": "SET", "v": "FINISHED"})),
        event("close", &json!({"click_behavior": "none"})),
    ]
    .concat()
}

fn github_copilot(told: &Told<'_>) -> String {
    let created_at = Timestamp::from_millisecond(told.at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let complete = json!({
        "type": "complete",
        "id": fresh_id(),
        "parentMessageID": given(told.ids.reply.as_ref()),
        "model": "",
        "turnId": "",
        "createdAt": created_at.to_string(),
        "references": [],
        "role": "assistant",
        "intent": "conversation",
        "copilotAnnotations": {"CodeVulnerability": [], "PublicCodeReference": []},
    });
    let content = json!({"type": "content", "body": told.text});
    [data(&content), data(&complete)].concat()
}

fn duck(told: &Told<'_>) -> String {
    let message = json!({
        "role": "assistant",
        "message": told.text,
        "created": told.at.0 / 1000,
        "id": fresh_id(),
        "action": "success",
        "model": "",
    });
    [data(&message), "data: [DONE]\n\n".to_owned()].concat()
}

/// One object a line: the text as a token, then the whole message.
fn grok(told: &Told<'_>) -> String {
    let id = fresh_id();
    let token = json!({"result": {"response": {
        "token": told.text,
        "isThinking": false,
        "isSoftStop": false,
        "messageTag": "final",
        "responseId": id,
    }}});
    let whole = json!({"result": {"response": {"modelResponse": {
        "responseId": id,
        "message": told.text,
        "sender": "assistant",
    }}}});
    format!("{token}\n{whole}\n")
}

/// The frame that ends every Connect stream: flag 0x02, a length, JSON with the error.
fn connect_end(told: &Told<'_>) -> Vec<u8> {
    let code = connect_code(StatusCode::FORBIDDEN);
    let end = json!({"error": {"code": code, "message": told.text}}).to_string();
    // A notice is some kilobytes; were it longer than a frame can say, an empty end is an end.
    let Ok(length) = u32::try_from(end.len()) else {
        return vec![0x02, 0, 0, 0, 2, b'{', b'}'];
    };
    [&[0x02], &length.to_be_bytes()[..], end.as_bytes()].concat()
}
