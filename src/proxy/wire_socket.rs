//! What does a service say on a WebSocket when it does not take a message?
//!
//! In: the shape that the row names, the words, the ids of the client's message. Out: text messages
//! of the service's own, and whether the socket lives on after them. A row without such a shape is
//! closed; the reason then names the incident, which is all that fits.

use serde_json::{Value, json};

use super::wire_stream::{Told, fresh_id};
use crate::service::RefusalShape;

/// What ends a `SignalR` record.
const RECORD_END: char = '\u{1e}';
/// The longest reason of a close, in bytes (RFC 6455 section 5.5: 125 with the code).
const REASON_BYTES_MAX: usize = 123;

/// What the client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SocketRefusal {
    /// Text messages, in order.
    pub(super) messages: Vec<String>,
    /// What becomes of the socket.
    pub(super) then: Then,
}

/// What becomes of a socket after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Its client takes up the answer and goes on.
    LivesOn,
    /// It is closed with 1008.
    Closes,
}

/// The refusal in the shape's own messages.
pub(super) fn wire_socket(shape: RefusalShape, code: &str, told: &Told<'_>) -> SocketRefusal {
    let (messages, then) = match shape {
        RefusalShape::CopilotSocket => (copilot(told), Then::LivesOn),
        RefusalShape::SignalrSocket => (vec![signalr(told)], Then::LivesOn),
        RefusalShape::RealtimeSocket => (vec![realtime(code, told)], Then::LivesOn),
        RefusalShape::GrokSocket => (vec![grok(told)], Then::LivesOn),
        RefusalShape::NeoSocket => (vec![neo(told)], Then::LivesOn),
        // What it has of the document no longer fits, so its client starts anew.
        RefusalShape::GrammarlySocket => (vec![grammarly(told)], Then::Closes),
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
        | RefusalShape::ChatGptStream
        | RefusalShape::ClaudeStream
        | RefusalShape::GrokStream
        | RefusalShape::DeepSeekStream
        | RefusalShape::GithubCopilotStream
        | RefusalShape::DuckStream
        | RefusalShape::ConnectJsonEnd
        | RefusalShape::ConnectProtoEnd => (Vec::new(), Then::Closes),
    };
    SocketRefusal { messages, then }
}

/// The reason of a close: what happened, and the code where there is one.
pub(super) fn close_reason(code: Option<&str>) -> String {
    let plain = "Lá Chắn đã chặn nội dung vừa gửi";
    let told = code.map(|code| format!("{plain}. Mã sự kiện {code}"));
    told.filter(|reason| reason.len() <= REASON_BYTES_MAX)
        .unwrap_or_else(|| plain.to_owned())
}

/// An answer as the service gives it, in one piece.
fn copilot(told: &Told<'_>) -> Vec<String> {
    let conversation = &told.ids.conversation;
    let message = fresh_id();
    let part = "1";
    [
        json!({"event": "received", "conversationId": conversation, "messageId": fresh_id()}),
        json!({"event": "startMessage", "conversationId": conversation, "messageId": message}),
        json!({"event": "appendText", "messageId": message, "partId": part, "text": told.text}),
        json!({"event": "partCompleted", "messageId": message, "partId": part}),
        json!({"event": "done", "messageId": message}),
    ]
    .iter()
    .map(Value::to_string)
    .collect()
}

/// An update with the whole text, the result of the call, and its completion (`SignalR` hub
/// protocol, message types 1, 2 and 3).
fn signalr(told: &Told<'_>) -> String {
    // The first call of a connection is number 0.
    let invocation = told.ids.invocation.as_deref().unwrap_or("0");
    let message = json!({
        "text": told.text,
        "author": "bot",
        "messageId": fresh_id(),
        "messageType": "Chat",
    });
    let records = [
        json!({"type": 1, "target": "update", "arguments": [{"messages": [message]}]}),
        json!({"type": 2, "invocationId": invocation,
            "item": {"messages": [message], "result": {"value": "Success"}}}),
        json!({"type": 3, "invocationId": invocation}),
    ];
    let written = records.iter().map(|record| format!("{record}{RECORD_END}"));
    written.collect()
}

fn realtime(code: &str, told: &Told<'_>) -> String {
    json!({
        "type": "error",
        "event_id": format!("event_{}", fresh_id()),
        "error": {
            "type": "invalid_request_error",
            "code": code,
            "message": told.text,
            "param": null,
            "event_id": null,
        },
    })
    .to_string()
}

fn grok(told: &Told<'_>) -> String {
    json!({"event": {"type": "error", "error": {"message": told.text}}}).to_string()
}

fn neo(told: &Told<'_>) -> String {
    json!({"command": "neo_error", "comment": told.text}).to_string()
}

fn grammarly(told: &Told<'_>) -> String {
    json!({"action": "error", "error": told.text}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::RequestIds;
    use crate::model::exchange::UnixMillis;

    const TEXT: &str = "Nội dung chưa được gửi.\n\n1. \"Bỏ tên\"\nMã sự kiện K7Q2-M4";

    fn refusal(shape: RefusalShape, ids: &RequestIds) -> SocketRefusal {
        let at = UnixMillis(1_781_247_900_000);
        let text = TEXT;
        wire_socket(shape, "blocked_by_la_chan", &Told { text, ids, at })
    }

    fn values(refusal: &SocketRefusal) -> Vec<Value> {
        let read = |text: &String| serde_json::from_str(text).unwrap();
        refusal.messages.iter().map(read).collect()
    }

    #[test]
    fn copilot_sees_an_answer_of_its_conversation_that_ends() {
        let ids = RequestIds {
            conversation: Some("c-1".to_owned()),
            ..RequestIds::default()
        };
        let refusal = refusal(RefusalShape::CopilotSocket, &ids);
        assert_eq!(refusal.then, Then::LivesOn);
        let mut text = String::new();
        let mut events = Vec::new();
        let mut message = None;
        for value in values(&refusal) {
            let event = value["event"].as_str().unwrap().to_owned();
            match event.as_str() {
                "startMessage" => {
                    assert_eq!(value["conversationId"], "c-1");
                    message = Some(value["messageId"].clone());
                }
                "appendText" => {
                    assert_eq!(Some(&value["messageId"]), message.as_ref());
                    text.push_str(value["text"].as_str().unwrap());
                }
                _ => {}
            }
            events.push(event);
        }
        assert_eq!(text, TEXT);
        assert_eq!(events.first().unwrap(), "received");
        assert_eq!(events.last().unwrap(), "done");
    }

    #[test]
    fn m365_sees_an_update_a_result_and_the_end_of_its_own_call() {
        let ids = RequestIds {
            invocation: Some("7".to_owned()),
            ..RequestIds::default()
        };
        let refusal = refusal(RefusalShape::SignalrSocket, &ids);
        assert_eq!(refusal.then, Then::LivesOn);
        let [message] = refusal.messages.as_slice() else {
            panic!("one message")
        };
        let records: Vec<Value> = message
            .strip_suffix(RECORD_END)
            .unwrap()
            .split(RECORD_END)
            .map(|record| serde_json::from_str(record).unwrap())
            .collect();
        assert_eq!(records.len(), 3);
        assert_eq!(records[0]["arguments"][0]["messages"][0]["text"], TEXT);
        assert_eq!(records[1]["item"]["messages"][0]["text"], TEXT);
        assert_eq!(records[1]["invocationId"], "7");
        assert_eq!(records[2], json!({"type": 3, "invocationId": "7"}));
    }

    #[test]
    fn errors_of_the_services_carry_the_text_where_their_clients_look() {
        for (shape, place) in [
            (RefusalShape::RealtimeSocket, "/error/message"),
            (RefusalShape::GrokSocket, "/event/error/message"),
            (RefusalShape::NeoSocket, "/comment"),
            (RefusalShape::GrammarlySocket, "/error"),
        ] {
            let refusal = refusal(shape, &RequestIds::default());
            let values = values(&refusal);
            assert_eq!(values[0].pointer(place).unwrap(), TEXT);
        }
    }

    #[test]
    fn a_service_without_a_word_for_it_is_closed_with_a_reason_that_fits() {
        let refusal = refusal(RefusalShape::Generic, &RequestIds::default());
        assert_eq!((refusal.messages.len(), refusal.then), (0, Then::Closes));
        let reason = close_reason(Some("K7Q2-M4"));
        assert!(reason.contains("K7Q2-M4") && reason.len() <= REASON_BYTES_MAX);
        assert!(!close_reason(Some(&"9".repeat(200))).contains("99"));
    }
}
