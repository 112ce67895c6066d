//! With which requests does a catalogue file prove its rows?
//!
//! In: the tables `[[service.endpoint.sample]]`. Out: requests with what is expected of them;
//! `lachan check` and the tests send them through recognition and opening.

use bytes::Bytes;
use serde::Deserialize;

use crate::model::codec::Codec;
use crate::service::catalogue_file::Spot;

/// A sample as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleTable {
    host: Option<String>,
    path: String,
    method: Option<String>,
    content_type: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    listed: Vec<String>,
    redactable: Option<bool>,
}

/// A request that proves an endpoint.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file that holds it.
    pub file: String,
    /// The host; the service's first one that is a whole name where the sample names none.
    pub host: Option<String>,
    /// Path and query.
    pub path: String,
    /// The method; the endpoint's first where the sample names none.
    pub method: Option<String>,
    /// The content type, by the codec where the sample names none.
    pub content_type: Option<String>,
    /// The body, or the WebSocket message.
    pub body: Bytes,
    /// Where people's text stands: these parts must be there, and a row must name them.
    pub listed: Vec<String>,
    /// Whether a placeholder can stand in each of them.
    pub is_redactable: bool,
}

impl Sample {
    /// The samples that are written for a row.
    pub(super) fn all(
        tables: &[SampleTable],
        codec: Option<Codec>,
        is_block_only: bool,
        spot: &Spot,
    ) -> Vec<Self> {
        let sample = |table| Self::of(table, codec, is_block_only, spot);
        tables.iter().map(sample).collect()
    }

    fn of(table: &SampleTable, codec: Option<Codec>, is_block_only: bool, spot: &Spot) -> Self {
        let usual = codec.and_then(usual_content_type).map(str::to_owned);
        Self {
            file: spot.file.clone(),
            host: table.host.clone(),
            path: table.path.clone(),
            method: table.method.clone(),
            content_type: table.content_type.clone().or(usual),
            body: Bytes::copy_from_slice(table.body.as_bytes()),
            listed: table.listed.clone(),
            is_redactable: table.redactable.unwrap_or(!is_block_only),
        }
    }
}

const fn usual_content_type(codec: Codec) -> Option<&'static str> {
    match codec {
        Codec::Json => Some("application/json"),
        Codec::Form => Some("application/x-www-form-urlencoded"),
        Codec::ConnectJson => Some("application/connect+json"),
        Codec::ConnectProto => Some("application/connect+proto"),
        Codec::Query | Codec::Multipart | Codec::SignalrJson | Codec::WsJson | Codec::Raw => None,
    }
}
