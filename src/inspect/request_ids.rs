//! What did the client call its request? Ids that an answer of ours must name again, or the client
//! takes it for an answer to something else.
//!
//! In: an opened request. Out: a few ids, each short and of the characters that ids have. They go
//! back to the client they came from and nowhere else.

use crate::inspect::open::Opening;
use crate::model::part::{Part, PartKind, Step};

/// The longest id that is named again, in bytes.
const ID_BYTES_MAX: usize = 100;
/// How deep an id stands at most: a record of a message, and a field of an object in it.
const STEPS_MAX: usize = 3;

/// Ids of a request, where it has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestIds {
    /// The conversation it belongs to.
    pub conversation: Option<String>,
    /// The message it follows.
    pub parent: Option<String>,
    /// The message that is to answer it.
    pub reply: Option<String>,
    /// The call, on a socket where many run at one time.
    pub invocation: Option<String>,
}

impl RequestIds {
    /// Reads them off an opened request; the first of each kind counts.
    pub(super) fn of(opening: &Opening<'_>) -> Self {
        let mut ids = Self::default();
        let Ok(body) = &opening.body else {
            return ids;
        };
        for part in body.parts() {
            let Some((key, id)) = named(part) else {
                continue;
            };
            let slot = match key {
                "conversation_id" | "conversationId" => &mut ids.conversation,
                "parent_message_id" | "human_message_uuid" => &mut ids.parent,
                "responseMessageID" | "assistant_message_uuid" => &mut ids.reply,
                "invocationId" => &mut ids.invocation,
                _ => continue,
            };
            slot.get_or_insert_with(|| id.to_owned());
        }
        ids
    }
}

/// The key and the text of a part that may be an id.
fn named(part: &Part) -> Option<(&str, &str)> {
    let is_value = matches!(part.kind, PartKind::Value | PartKind::Number);
    let Some(Step::Key(key)) = part.locator.steps.last() else {
        return None;
    };
    let text = part.text.expose().as_str();
    let is_id = !text.is_empty()
        && text.len() <= ID_BYTES_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    (is_value && is_id && part.locator.steps.len() <= STEPS_MAX).then_some((key, text))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::inspect::open;
    use crate::model::limits::Limits;
    use crate::payload::MessageKind;
    use crate::service::Catalogue;

    fn ids(host: &str, path: &str, message: &str) -> RequestIds {
        let catalogue = Catalogue::builtin().unwrap();
        let message = Bytes::from(message.to_owned());
        let limits = Limits::default();
        let kind = MessageKind::Text;
        RequestIds::of(&open::open_message(
            &catalogue, host, path, &message, kind, &limits,
        ))
    }

    #[test]
    fn ids_are_read_from_records_and_objects() {
        let records = "{\"type\":6}\u{1e}{\"arguments\":[{\"message\":{\"text\":\"x\"}}],\
                       \"invocationId\":\"7\",\"target\":\"chat\",\"type\":4}\u{1e}";
        let path = "/m365Copilot/Chathub/o@t";
        let found = ids("substrate.office.com", path, records);
        assert_eq!(found.invocation.as_deref(), Some("7"));
        let object = r#"{"event":"send","conversationId":"c-1","content":[]}"#;
        let found = ids("copilot.microsoft.com", "/c/api/chat", object);
        assert_eq!(found.conversation.as_deref(), Some("c-1"));
    }

    #[test]
    fn what_is_no_id_is_not_named_again() {
        let object = r#"{"conversationId":"<b>Nguyễn Văn Thử</b>","content":[]}"#;
        let found = ids("copilot.microsoft.com", "/c/api/chat", object);
        assert_eq!(found, RequestIds::default());
    }
}
