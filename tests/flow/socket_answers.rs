//! Do the clerk's own values come back in the messages of a socket, wherever the service cuts them?

use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::client::{reach, read_head};
use crate::frames::{CLOSE, MASK, TEXT, read_frame, write_frame};
use crate::office::{Office, Wishes};
use crate::service::{Service, read_raw, write_raw};

const COPILOT: &str = "copilot.microsoft.com";
const M365: &str = "substrate.office.com";
const PROMPT: &str = "Số CCCD 001099000001, gọi 0900000001.";
const RECORD_END: char = '\u{1e}';
const TEXT_GOES_ON: u8 = 0x01;
const CONTINUATION: u8 = 0x80;

/// A service that repeats what it was asked, cut once at every place: one answer for each.
async fn repeating(host: &'static str) -> Service {
    Service::raw(host, move |mut tls| async move {
        read_raw(&mut tls).await;
        write_raw(
            &mut tls,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        )
        .await;
        let Some((_, asked)) = read_frame(&mut tls).await else {
            return;
        };
        let text = asked_text(host, &asked);
        assert!(!text.contains("001099000001") && !text.contains("0900000001"));
        let places = text.char_indices().map(|(at, _)| at);
        for (number, at) in places.chain([text.len()]).enumerate() {
            let (first, last) = text.split_at(at);
            for message in answers(host, number, [first, last]) {
                write_in_two_frames(&mut tls, message.as_bytes()).await;
            }
        }
        write_frame(&mut tls, CLOSE, &1000_u16.to_be_bytes(), None).await;
        // The other end's close, and its end.
        while read_frame(&mut tls).await.is_some() {}
    })
    .await
}

fn asked_text(host: &str, message: &[u8]) -> String {
    let message = std::str::from_utf8(message).unwrap();
    let asked: Value = serde_json::from_str(message.trim_end_matches(RECORD_END)).unwrap();
    let place = if host == COPILOT {
        "/content/0/text"
    } else {
        "/arguments/0/message/text"
    };
    asked.pointer(place).unwrap().as_str().unwrap().to_owned()
}

fn question(host: &str) -> String {
    if host == COPILOT {
        return json!({"event": "send", "content": [{"type": "text", "text": PROMPT}]}).to_string();
    }
    let call = json!({
        "type": 4, "target": "chat", "invocationId": "0",
        "arguments": [{"message": {"text": PROMPT}}],
    });
    format!("{call}{RECORD_END}")
}

fn answers(host: &str, number: usize, pieces: [&str; 2]) -> Vec<String> {
    let id = number.to_string();
    if host == COPILOT {
        let piece =
            |text| json!({"event": "appendText", "messageId": id, "partId": "1", "text": text});
        let mut messages = pieces.map(|text| piece(text).to_string()).to_vec();
        messages.push(json!({"event": "done", "messageId": id}).to_string());
        return messages;
    }
    let piece = |text| {
        let update = json!({"writeAtCursor": text, "requestId": id});
        let record = json!({"type": 1, "target": "update", "arguments": [update]});
        format!("{record}{RECORD_END}")
    };
    let mut messages = pieces.map(piece).to_vec();
    let whole = json!({"text": pieces.concat(), "author": "bot", "requestId": id});
    let result = json!({"type": 2, "invocationId": "0", "item": {"messages": [whole]}});
    let end = json!({"type": 3, "invocationId": "0"});
    messages.push(format!("{result}{RECORD_END}{end}{RECORD_END}"));
    messages
}

/// What the client reads: a text for each answer, and the texts that came whole.
#[derive(Default)]
struct Read {
    texts: std::collections::BTreeMap<String, String>,
    whole: Vec<String>,
    ends: usize,
}

impl Read {
    fn message(&mut self, message: &str) {
        for record in message.split(RECORD_END).filter(|one| !one.is_empty()) {
            let value: Value = serde_json::from_str(record).unwrap();
            for piece in [value.clone(), value["arguments"][0].clone()] {
                let id = piece.get("messageId").or(piece.get("requestId"));
                let text = piece.get("text").or(piece.get("writeAtCursor"));
                if let (Some(id), Some(text)) = (id, text) {
                    let shown = self.texts.entry(id.to_string()).or_default();
                    shown.push_str(text.as_str().unwrap());
                }
            }
            if let Some(text) = value.pointer("/item/messages/0/text") {
                self.whole.push(text.as_str().unwrap().to_owned());
            }
            self.ends += usize::from(value["event"] == "done" || value["type"] == 3);
        }
    }
}

#[tokio::test]
async fn a_placeholder_cut_between_messages_comes_back_as_its_value() {
    for (host, path) in [(COPILOT, "/c/api/chat"), (M365, "/m365Copilot/Chathub/o@t")] {
        let service = repeating(host).await;
        let office = Office::open(Wishes {
            hosts: vec![(host, service.address)],
            service_ca: service.ca.clone(),
            ..Wishes::default()
        })
        .await;
        let mut socket = reach(&office, host, &["http/1.1"]).await;
        let ask = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Version: 13\r\n\r\n"
        );
        socket.write_all(ask.as_bytes()).await.unwrap();
        assert!(read_head(&mut socket).await.starts_with("HTTP/1.1 101"));
        let question = question(host);
        write_frame(&mut socket, TEXT, question.as_bytes(), Some(MASK)).await;

        let mut read = Read::default();
        let mut message = Vec::new();
        while let Some((first, payload)) = read_frame(&mut socket).await {
            if first == CLOSE {
                break;
            }
            message.extend(payload);
            if first & 0x80 != 0 {
                read.message(std::str::from_utf8(&message).unwrap());
                message.clear();
            }
        }
        assert!(read.texts.len() > PROMPT.chars().count() / 2, "{host}");
        assert_eq!(read.ends, read.texts.len(), "{host}");
        for text in read.texts.values().chain(&read.whole) {
            assert_eq!(text, PROMPT, "{host}");
        }
    }
}

/// Writes a message whose second half, cut anywhere, is a frame of its own.
async fn write_in_two_frames<W: AsyncWrite + Unpin>(to: &mut W, message: &[u8]) {
    let (head, tail) = message.split_at(message.len() / 2);
    write_frame(to, TEXT_GOES_ON, head, None).await;
    write_frame(to, CONTINUATION, tail, None).await;
}
