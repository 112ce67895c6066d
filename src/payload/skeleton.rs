//! What does a request look like, without anything that it says?
//!
//! In: an opened payload, a path, a content type. Out: their shapes: which fields there are, of
//! which kind, how long, how often. An office sends them along when it reports that a service
//! changed its page, so they are made as if strangers read them.
//!
//! Never: a value. Names come from the client, too, and could be values (a table keyed by citizen
//! numbers, a search in the path), so only what reads like the name of a programmer stays; the
//! rest is masked. Rather a field too many without its name than one name of a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::part::{Part, PartKind, PartLocator, Place, Step};

use super::Payload;
use super::plain_name::is_name;

/// Fields of one shape; a page has some dozens.
const FIELDS_MAX: usize = 64;
/// The longest path to a field, in bytes.
const FIELD_PATH_BYTES_MAX: usize = 200;
/// Steps of a URL path.
const PATH_STEPS_MAX: usize = 12;
/// The kind of a key whose value is no text: nothing, a truth, an empty list.
const KEY: &str = "key";
/// What stands for a name that may be a value.
const MASKED_KEY: &str = "{key}";
/// What stands for a step of a path that may be a value.
const MASKED_STEP: &str = "{id}";
/// Media types that are told; others could be anything.
const MEDIA_TYPES: [&str; 20] = [
    "application/connect+json",
    "application/connect+proto",
    "application/grpc",
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/json",
    "application/json+protobuf",
    "application/msgpack",
    "application/octet-stream",
    "application/pdf",
    "application/proto",
    "application/x-ndjson",
    "application/x-protobuf",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/related",
    "text/event-stream",
    "text/html",
    "text/plain",
];

/// The shape of one request (or WebSocket message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestShape {
    /// The method; `WS` for a message.
    pub method: String,
    /// The host.
    pub host: String,
    /// The path, ids masked.
    pub path: String,
    /// The media type without parameters; `other` for one that is not usual.
    pub content_type: String,
    /// The fields, in order of their paths.
    pub fields: Vec<FieldShape>,
    /// Whether there were more fields than are listed.
    pub is_cut: bool,
}

/// The shape of one field, or of several alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FieldShape {
    /// The way to it, in the grammar of the catalogue; `*` for any index.
    pub path: String,
    /// `string`, `number`, `key`, `file name`, `file text`, `bytes`.
    pub kind: String,
    /// How many there were.
    pub count: u32,
    /// The length of the longest: characters of texts, bytes of bytes.
    pub length_max: u32,
}

/// The fields of payloads. `is_value` says of a name that it is known to be a value.
pub fn fields<'a>(
    payloads: impl IntoIterator<Item = &'a Payload>,
    is_value: impl Fn(&str) -> bool,
) -> (Vec<FieldShape>, bool) {
    let mut seen: Vec<(&PartLocator, &'static str, usize)> = Vec::new();
    for payload in payloads {
        let parts = payload.parts().iter();
        seen.extend(parts.map(|part| (&part.locator, kind(part), chars(part))));
        let opaque = payload.opaque().iter();
        seen.extend(opaque.map(|bytes| (&bytes.locator, "bytes", bytes.bytes)));
    }
    // Where everything depends on positions, they are told; in long lists they say nothing.
    let exact = gathered(&seen, Indexes::Told, &is_value);
    let mut fields = match exact {
        fields if fields.len() <= FIELDS_MAX => fields,
        _ => gathered(&seen, Indexes::Any, &is_value),
    };
    let is_cut = fields.len() > FIELDS_MAX;
    fields.truncate(FIELDS_MAX);
    (fields, is_cut)
}

/// The path of a URL with everything masked that may be an id or a value.
pub fn path_shape(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let mut shape = String::new();
    for step in steps.iter().take(PATH_STEPS_MAX) {
        shape.push('/');
        // Services of RPC have dotted names, each piece of them a name.
        let is_plain = step.split('.').count() <= PATH_STEPS_MAX && step.split('.').all(is_name);
        shape.push_str(if step.is_empty() || is_plain {
            step
        } else {
            MASKED_STEP
        });
    }
    if steps.len() > PATH_STEPS_MAX {
        shape.push_str("/…");
    }
    shape
}

/// The media type of a `Content-Type` field, if it is a usual one.
pub fn content_type_shape(content_type: Option<&str>) -> String {
    let Some(text) = content_type else {
        return String::new();
    };
    let plain = text.split(';').next().unwrap_or_default().trim();
    MEDIA_TYPES
        .into_iter()
        .find(|known| plain.eq_ignore_ascii_case(known))
        .unwrap_or("other")
        .to_owned()
}

/// Whether indexes of lists are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Indexes {
    Told,
    Any,
}

fn gathered(
    seen: &[(&PartLocator, &'static str, usize)],
    indexes: Indexes,
    is_value: &impl Fn(&str) -> bool,
) -> Vec<FieldShape> {
    let mut fields: BTreeMap<(String, &str), (u32, u32)> = BTreeMap::new();
    for (locator, kind, length) in seen {
        let path = field_path(locator, indexes, is_value);
        let (count, length_max) = fields.entry((path, *kind)).or_default();
        *count = count.saturating_add(1);
        *length_max = (*length_max).max(u32::try_from(*length).unwrap_or(u32::MAX));
        // Beyond this many nothing is told anyway.
        if fields.len() > 4 * FIELDS_MAX {
            break;
        }
    }
    let has_value = |key: &str| {
        fields.keys().any(|(path, kind)| {
            let below = path.strip_prefix(key);
            *kind != KEY
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '!']))
        })
    };
    let told: Vec<(String, &str)> = fields
        .keys()
        .filter(|(path, kind)| *kind != KEY || !has_value(path))
        .cloned()
        .collect();
    fields.retain(|field, _| told.contains(field));
    fields
        .into_iter()
        .map(|((path, kind), (count, length_max))| FieldShape {
            path,
            kind: kind.to_owned(),
            count,
            length_max,
        })
        .collect()
}

fn field_path(locator: &PartLocator, indexes: Indexes, is_value: &impl Fn(&str) -> bool) -> String {
    let mut path = match locator.place {
        Place::Query => String::from("query"),
        Place::Path | Place::Header(_) | Place::Body => String::new(),
    };
    for step in &locator.steps {
        match step {
            Step::Key(key) if is_name(key) && !is_value(key) => {
                path.push('/');
                path.push_str(key);
            }
            Step::Key(_) => {
                path.push('/');
                path.push_str(MASKED_KEY);
            }
            Step::Index(index) if indexes == Indexes::Told => {
                path.push('/');
                path.push_str(&index.to_string());
            }
            Step::Index(_) => path.push_str("/*"),
            Step::Json => path.push_str("!json"),
            Step::Decoded => path.push_str("!decoded"),
        }
        if path.len() > FIELD_PATH_BYTES_MAX {
            path.push('…');
            break;
        }
    }
    path
}

const fn kind(part: &Part) -> &'static str {
    match part.kind {
        PartKind::Value => "string",
        PartKind::Number => "number",
        PartKind::Key => KEY,
        PartKind::FileName => "file name",
        PartKind::FileText => "file text",
    }
}

fn chars(part: &Part) -> usize {
    part.text.expose().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::fixture::{ID, opened};

    fn shape(body: &str, content_type: &str) -> Vec<String> {
        let opened = opened(body, content_type);
        let (fields, _) = fields([&opened.payload], |_| false);
        fields
            .iter()
            .map(|field| {
                let FieldShape {
                    path,
                    kind,
                    count,
                    length_max,
                } = field;
                format!("{path} {kind} {count} {length_max}")
            })
            .collect()
    }

    #[test]
    fn a_shape_has_names_kinds_and_lengths_and_no_value() {
        let body = format!(
            r#"{{"messages":[{{"role":"user","content":"Ông Thử {ID}"}}],"count":12345678,"is_new":true}}"#
        );
        assert_eq!(
            shape(&body, "application/json"),
            [
                "/count number 1 8",
                "/is_new key 1 6",
                "/messages/0/content string 1 20",
                "/messages/0/role string 1 4"
            ]
        );
    }

    #[test]
    fn names_that_may_be_values_are_masked() {
        let body = r#"{"001099000001":"a","Nguyễn Văn Thử":"b","thu@example.com":"c",
            "BIMATTUYETDOI":"d","a1b2c3":"e","prompt_text":"f"}"#;
        let all = shape(body, "application/json").join(" ");
        assert_eq!(all, "/prompt_text string 1 1 /{key} string 5 1");
        let opened = opened(r#"{"nguyen_van_thu":"x"}"#, "application/json");
        let (fields, _) = fields([&opened.payload], |name| name == "nguyen_van_thu");
        assert!(fields.iter().all(|field| !field.path.contains("nguyen")));
    }

    #[test]
    fn strings_that_were_opened_are_told_as_the_catalogue_writes_them() {
        let body = "f.req=%5Bnull%2C%22%5B%5B%5C%22hi%5C%22%5D%5D%22%5D&at=x";
        let all = shape(body, "application/x-www-form-urlencoded");
        assert!(
            all.contains(&"/f.req!json/1!json/0/0 string 1 2".to_owned()),
            "{all:?}"
        );
    }

    #[test]
    fn long_lists_lose_their_positions_and_stay_bounded() {
        let items: Vec<String> = (0..500).map(|n| format!(r#"{{"text":"{n}"}}"#)).collect();
        let body = format!(r#"{{"items":[{}]}}"#, items.join(","));
        assert_eq!(
            shape(&body, "application/json"),
            ["/items/*/text string 500 3"]
        );
        let keys: Vec<String> = (b'a'..=b'z')
            .flat_map(|a| {
                (b'a'..=b'z').map(move |b| format!(r#""{}{}":"x""#, a as char, b as char))
            })
            .collect();
        let opened = opened(format!("{{{}}}", keys.join(",")), "application/json");
        let (fields, is_cut) = fields([&opened.payload], |_| false);
        assert_eq!((fields.len(), is_cut), (FIELDS_MAX, true));
    }

    #[test]
    fn paths_keep_names_and_lose_ids() {
        for (path, expected) in [
            ("/backend-api/f/brand_new?q=1", "/backend-api/f/brand_new"),
            (
                "/api/organizations/3b1c2d4e-0000-4000-8000-000000000001/x",
                "/api/organizations/{id}/x",
            ),
            (
                "/v1beta/models/gemini-flash:generate",
                "/v1beta/models/gemini-flash:generate",
            ),
            ("/tim/001099000001", "/tim/{id}"),
            ("/dauvetcuanguoinaodo/x", "/{id}/x"),
            ("/s/soan-giay-moi-ong-thu-den-xa", "/s/{id}"),
            ("/s/%C3%B4ng", "/s/{id}"),
            (
                "/_/Ui/data/a.lamda.BardFrontendService/Stream",
                "/_/Ui/data/a.lamda.BardFrontendService/Stream",
            ),
            ("/", "/"),
        ] {
            assert_eq!(path_shape(path), expected);
        }
    }

    #[test]
    fn unusual_media_types_are_not_told() {
        assert_eq!(
            content_type_shape(Some("Application/JSON; charset=x")),
            "application/json"
        );
        assert_eq!(content_type_shape(Some("application/x-bimat")), "other");
        assert_eq!(content_type_shape(None), "");
    }
}
